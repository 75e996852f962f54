"""Applications of a child by what is typed: a name in any order and case, a number, an IIN; bound by indexes."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from typing import Any, Final

from models.cache.driver import Connection
from models.cache.queries.rows import json_ids

_FOUND: Final = 500
"""So many children are looked through for what was typed."""


def applications_called(connection: Connection, text: str) -> list[int]:
    """Return ids of applications by number, by IIN or by words that begin parts of the child's name."""
    typed = unicodedata.normalize("NFC", text).strip()
    found = [int(row[0]) for row in _between(connection, "SELECT id FROM application", "number", typed, 50)]
    squeezed = "".join(typed.split())
    if squeezed.isdigit() and len(squeezed) >= 4:
        children = [int(row[0]) for row in _between(connection, "SELECT id FROM child", "iin", squeezed, _FOUND)]
        found += _applications_of(connection, children)
    tail = typed.rpartition("-")[2]
    if typed.isdigit() or tail.isdigit():
        return found or _numbered(connection, tail)
    return found + _applications_of(connection, _named(connection, typed.split()))


def _numbered(connection: Connection, tail: str) -> list[int]:
    """Return applications whose number ends so; the index of numbers is read, not the table."""
    rows = connection.execute("SELECT id FROM application WHERE number LIKE ? LIMIT 50", (f"%-{tail}",))
    return [int(row[0]) for row in rows]


def _named(connection: Connection, words: list[str]) -> list[int]:
    """Return children whose surname, given name and patronymic begin with the words, in any order."""
    if not words:
        return []
    longest = max(words, key=len)
    rest = [word.casefold() for word in words]
    found: dict[int, None] = {}
    for column in ("surname", "given_name"):
        select = "SELECT id, surname, given_name, patronymic FROM child"
        for one, *names in _between(connection, select, column, longest, 20_000 if len(words) > 1 else _FOUND):
            parts = " ".join(str(name) for name in names).casefold().split()
            if all(any(part.startswith(word) for part in parts) for word in rest):
                found[int(one)] = None
            if len(found) >= _FOUND:
                return list(found)
    return list(found)


def _between(connection: Connection, select: str, column: str, beginning: str, limit: int) -> list[tuple[Any, ...]]:
    """Return rows whose column begins so: as typed, capitalised or in capitals, as registers write names."""
    ways = dict.fromkeys((beginning, beginning.capitalize(), beginning.upper()))
    rows: list[tuple[Any, ...]] = []
    for way in ways:
        rows += connection.execute(
            f'{select} WHERE "{column}" >= ? AND "{column}" < ? ORDER BY "{column}" LIMIT ?',
            (way, way + "\U0010ffff", limit),
        ).fetchall()
    return rows


def _applications_of(connection: Connection, children: Collection[int]) -> list[int]:
    rows = connection.execute(
        "SELECT id FROM application WHERE child_id IN (SELECT value FROM json_each(?))", (json_ids(children),)
    )
    return [int(row[0]) for row in rows]
