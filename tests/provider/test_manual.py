"""The operator's guide names every command, option, variable and column there is, and none that there is not."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from provider.__main__ import parser
from provider.imports.columns import ALIASES, REQUIRED, recognise

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "provider-manual.md").read_text("utf-8")
_EXAMPLE = re.compile(r"^ *(?:…/)?kabinet-provider ([a-z][^#`\n]*)", re.MULTILINE)


def _parsers(one: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield one
    for action in one._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in dict.fromkeys(action.choices.values()):
                yield from _parsers(inner)


def _commands() -> list[str]:
    found: list[str] = []
    for action in parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            found.extend(action.choices)
    return found


def _fields(kind: str) -> dict[str, bool]:
    """Return the fields that the guide names for a kind of import, and whether it says that they must be there."""
    row = next(line for line in GUIDE.splitlines() if line.startswith(f"| `{kind}` |"))
    return {name: bool(bold) for bold, name in re.findall(r"(\*\*)?`([a-z_]+)`", row.split("|", 2)[2])}


def test_every_command_is_explained() -> None:
    assert [name for name in _commands() if not re.search(rf"(kabinet-provider |`){name}\b", GUIDE)] == []


def test_no_option_is_invented() -> None:
    real = {option for one in _parsers(parser()) for action in one._actions for option in action.option_strings}
    foreign = {"--help"}  # argparse's own
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", GUIDE)) - real - foreign == set()


def test_the_examples_are_understood() -> None:
    examples = [line.strip() for line in _EXAMPLE.findall(GUIDE)]
    assert len(examples) > 20
    for example in examples:
        words = re.findall(r'"[^"]*"|\S+', example.replace("KIND FILE", "readings file.csv").replace("CODE", "oskemen"))
        try:
            parser().parse_args([word.strip('"').replace("kk=…", "kk=x") for word in words])
        except SystemExit:
            pytest.fail(f"the guide's example is refused: kabinet-provider {example}")


def test_every_variable_is_explained() -> None:
    files = [*(ROOT / "provider").glob("*.py"), ROOT / "translations" / "command_line.py"]
    read = "".join(path.read_text("utf-8") for path in files)
    assert set(re.findall(r"KABINET_[A-Z_]+", read)) <= set(re.findall(r"KABINET_[A-Z_]+", GUIDE))
    assert set(re.findall(r"KABINET_[A-Z_]+", GUIDE)) <= set(re.findall(r"KABINET_[A-Z_]+", read))


@pytest.mark.parametrize("kind", ALIASES)
def test_the_columns_are_those_that_imports_know(kind: str) -> None:
    said = _fields(kind)
    assert set(said) == set(ALIASES[kind])
    assert {name for name, needed in said.items() if needed} == set(REQUIRED[kind])


@pytest.mark.parametrize("kind", ALIASES)
def test_the_examples_of_headers_are_recognised(kind: str) -> None:
    row = next(line for line in GUIDE.splitlines() if line.startswith(f"| `{kind}` |"))
    for field, examples in re.findall(r"`([a-z_]+)`\*{0,2} \(([^):]+)[):]", row):
        for header in re.split(r", (?!%)", examples):
            if re.search("[А-Яа-яІЇЄ]", header):
                header_row = [header, *(f"Column {number}" for number in range(len(REQUIRED[kind])))]
                others = (name for name in REQUIRED[kind] if name != field)
                chosen = dict(zip(others, header_row[1:], strict=False))
                assert recognise(kind, header_row, chosen)[field] == 0, header
