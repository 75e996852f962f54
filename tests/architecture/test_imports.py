"""The import rules hold, and each of them notices when it is broken."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("desktop", "ui", "models", "sync", "documents", "provider", "resources", "translations")

BREACHES = {
    "client-layers": ("models/domain/breach.py", "import sync"),
    "provider-layers": ("provider/store/breach.py", "import provider.services"),
    "provider-shares-little": ("provider/breach.py", "import models.cache"),
    "client-knows-no-provider": ("desktop/breach.py", "import provider"),
    "pure-domain": ("models/domain/breach.py", "import sqlite3"),
    "qt-only-above": ("sync/breach.py", "import PySide6"),
    "one-http-client": ("ui/breach.py", "import requests"),
    "screens-ask": ("ui/breach.py", "import sqlalchemy"),
}


def contracts() -> list[str]:
    """The ids of all contracts in pyproject.toml."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [contract["id"] for contract in settings["tool"]["importlinter"]["contracts"]]


def lint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the linter in ``folder`` and return what it said."""
    program = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command as run; run()"
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def copy_of_the_code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("code")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in PACKAGES:
        for source in (ROOT / package).rglob("*.py"):
            target = folder / source.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    return folder


def test_the_import_rules_hold() -> None:
    answer = lint(ROOT)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_every_rule_has_a_breach_that_proves_it() -> None:
    assert set(BREACHES) == set(contracts())


@pytest.mark.parametrize("contract", sorted(BREACHES))
def test_a_breach_is_noticed(contract: str, copy_of_the_code: Path) -> None:
    place, line = BREACHES[contract]
    breach = copy_of_the_code / place
    breach.write_text(line + "\n", encoding="utf-8")
    try:
        answer = lint(copy_of_the_code, "--contract", contract)
    finally:
        breach.unlink()
    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert "BROKEN" in answer.stdout.upper()
