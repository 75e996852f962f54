"""Columns that lists of plans and the lines of a plan have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

from translations import _, formats
from ui.department import words
from ui.kit import Column


def state_column(
    states: Mapping[str, tuple[str, str]], state: Callable[[Any], str] = attrgetter("state")
) -> Column[Any]:
    """Return the column of a state; ``states`` has words and tones, ``state`` gives that of a row."""
    return Column(
        "state",
        lambda: _("State"),
        lambda row: _(states[state(row)][0]) if state(row) in states else state(row),
        tone=lambda row: states.get(state(row), ("", "muted"))[1],
    )


def issued_column(*, spare: int = 0) -> Column[Any]:
    """Return the column of who issued a plan."""
    return Column(
        "issued",
        lambda: _("Issued by"),
        lambda row: words.short_person(row.issued_by) if row.state == "issued" else "",
        spare=spare,
    )


def in_line() -> tuple[Column[Any], ...]:
    """Return the columns by which a line stands where it stands: position, child, application, category."""
    return (
        Column("position", lambda: _("No."), lambda row: formats.number(row.position), figures=True),
        Column("child", lambda: _("Child"), lambda row: row.child, stretch=True),
        Column("number", lambda: _("Number"), lambda row: row.number),
        Column("rank", lambda: _("Category"), lambda row: formats.number(row.category_rank), figures=True),
    )
