"""The columns of the public queue."""

from __future__ import annotations

from typing import Any

from translations import _, formats
from ui.family import words
from ui.kit import Column


def queue_columns(zone: str) -> list[Column[Any]]:
    """Return the columns of a page of the queue; times are those of ``zone``."""

    def filed(row: Any) -> str:
        return words.exact(row.submitted_at, zone) if row.submitted_at is not None else "–"

    return [
        Column("position", lambda: _("Place"), lambda row: formats.number(row.position), figures=True,
               sort=lambda row: row.position),
        Column("filed", lambda: _("Filed"), filed, sort=lambda row: str(row.submitted_at)),
        Column("number", lambda: _("Number"), lambda row: row.number or "–", spare=1),
        Column("languages", lambda: _("Language"), lambda row: words.languages(row.languages)),
        Column("category", lambda: _("Priority category"), lambda row: words.said(row.category), stretch=True,
               wraps=True),
    ]  # fmt: skip
