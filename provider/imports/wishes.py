"""Ranked wishes for the yearly forming of groups, from a table in xls, xlsx or csv."""

from __future__ import annotations

from pathlib import Path

from provider.imports.tables import read_table
from provider.services.admissions.forming import Wish


def read_wishes(path: Path) -> list[Wish]:
    """Return the wishes of a table: the number of the application, then one column a wish, best first.

    The first row is the header. A wish is the id of a group, or "kindergarten / group". Raises ``TableRefused``.
    """
    with read_table(path) as table:
        return [
            Wish(cells[0].strip(), tuple(cell.strip() for cell in cells[1:] if cell.strip()))
            for _, cells in table.rows
            if cells and cells[0].strip()
        ]
