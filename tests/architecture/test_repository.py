"""Habits of the code that tools do not hold by themselves."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("desktop", "ui", "models", "sync", "documents", "provider", "translations")


def sources(*rooms: str) -> Iterator[tuple[Path, ast.Module]]:
    """Yield every Python file of the rooms with its syntax tree."""
    for room in rooms:
        for file in sorted((ROOT / room).rglob("*.py")):
            yield file.relative_to(ROOT), ast.parse(file.read_text(encoding="utf-8"))


def calls(tree: ast.Module) -> Iterator[ast.Call]:
    """Yield the calls in a tree."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def test_no_room_is_a_grab_bag() -> None:
    forbidden = {"utils", "helpers", "misc", "manager", "util", "helper", "common"}
    found = [str(file) for file, _ in sources(*ROOMS) if forbidden & set(file.with_suffix("").parts)]
    assert found == []


def test_certificates_are_always_checked() -> None:
    found = [
        f"{file}:{call.lineno}"
        for file, tree in sources(*ROOMS)
        for call in calls(tree)
        for keyword in call.keywords
        if keyword.arg == "verify" and isinstance(keyword.value, ast.Constant) and keyword.value.value is False
    ]
    assert found == []


def test_the_standard_librarys_http_is_not_used_by_the_client() -> None:
    """``urllib.parse`` only takes text apart and is welcome; the rest of ``urllib`` would be a second way out."""
    found = [
        str(file)
        for file, tree in sources("desktop", "ui", "models", "sync", "documents")
        for node in ast.walk(tree)
        if (isinstance(node, ast.ImportFrom) and node.module in {"urllib.request", "http.client", "http"})
        or (
            isinstance(node, ast.Import)
            and any(name.name.startswith(("urllib.request", "http")) for name in node.names)
        )
    ]
    assert found == []


def test_money_is_never_a_float() -> None:
    """``float(`` is not called where amounts are computed; timing and drawing may use it."""
    found = [
        f"{file}:{call.lineno}"
        for file, tree in sources("models/domain", "models/contract", "provider/services", "provider/imports")
        for call in calls(tree)
        if isinstance(call.func, ast.Name) and call.func.id == "float"
    ]
    assert found == []


def test_colours_live_in_the_theme() -> None:
    pattern = re.compile(r"""["']#[0-9a-fA-F]{6}["']""")
    found = [
        str(file)
        for file, _ in sources("ui", "desktop")
        if file.name != "theme.py" and pattern.search((ROOT / file).read_text(encoding="utf-8"))
    ]
    assert found == []


def test_lock_files_name_no_address() -> None:
    for file in (ROOT / "requirements").glob("*.txt"):
        text = file.read_text(encoding="utf-8")
        assert "://" not in text
        assert "index-url" not in text
        assert "--hash=sha256:" in text


def test_every_module_says_what_it_is_for() -> None:
    found = [
        str(file)
        for file, tree in sources(*ROOMS)
        if tree.body and not ast.get_docstring(tree) and file.parts[:3] != ("provider", "store", "migrations")
    ]
    assert found == []


def test_make_help_lists_every_command() -> None:
    answer = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    for command in ("demo", "test", "bench", "faults", "screenshots", "texts", "package"):
        assert f"make {command} " in answer.stdout


@pytest.mark.parametrize("room", ["models", "sync", "documents", "provider", "ui", "desktop"])
def test_files_can_be_held_in_the_head(room: str) -> None:
    """About 400 lines is two rooms; 500 is refused."""
    long = {
        str(file): len((ROOT / file).read_text(encoding="utf-8").splitlines())
        for file, _ in sources(room)
        if "migrations" not in file.parts
    }
    assert {file: lines for file, lines in long.items() if lines > 500} == {}
