"""The list of rules and the code that cites it agree."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("models", "provider", "documents", "sync", "ui", "desktop")
CITED = re.compile(r"R-([A-Z]+)-(\d+)(?: to R-[A-Z]+-(\d+))?")


def listed() -> list[str]:
    return re.findall(r"^\| (R-[A-Z]+-\d+) \|", (ROOT / "docs/rules.md").read_text(encoding="utf-8"), re.MULTILINE)


def cited() -> dict[str, str]:
    """Return each cited id with a file that cites it; ``R-ACT-1 to R-ACT-3`` cites three."""
    found = {}
    for room in ROOMS:
        for file in (ROOT / room).rglob("*.py"):
            for group, first, last in CITED.findall(file.read_text(encoding="utf-8")):
                for number in range(int(first), int(last or first) + 1):
                    found[f"R-{group}-{number}"] = str(file.relative_to(ROOT))
    return found


def test_every_cited_rule_is_listed() -> None:
    assert {rule: file for rule, file in cited().items() if rule not in listed()} == {}


def test_no_rule_is_listed_twice() -> None:
    assert len(listed()) == len(set(listed()))


def test_every_rule_names_a_module_that_exists() -> None:
    text = (ROOT / "docs/rules.md").read_text(encoding="utf-8")
    for row in re.findall(r"^\| R-.*\| ([^|]+) \|$", text, re.MULTILINE):
        for name in row.split(", "):
            path = name if "/" in name else f"models/domain/{name}"
            assert (ROOT / f"{path}.py").exists(), path
