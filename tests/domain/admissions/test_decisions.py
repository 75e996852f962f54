"""The decisions that code cites stand in the list of rules."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
ROOMS = ("models", "provider", "documents", "sync", "ui", "desktop")


def test_every_decision_that_code_cites_is_listed() -> None:
    listed = set(re.findall(r"^\| (D-\d\d) \|", (ROOT / "docs/rules.md").read_text(encoding="utf-8"), re.MULTILINE))
    cited = {
        decision
        for room in ROOMS
        for file in (ROOT / room).rglob("*.py")
        for decision in re.findall(r"\bD-\d\d\b", file.read_text(encoding="utf-8"))
    }
    assert cited - listed == set()
    assert len(listed) == 30
