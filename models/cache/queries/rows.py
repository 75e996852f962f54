"""Records of the cache by a clause: what the questions of this package are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, TypeVar

import msgspec

from models.cache.driver import Connection
from models.cache.tables import layout, read_records
from models.contract.records import Record

R = TypeVar("R", bound=Record)
_NUMBERS: Final = re.compile("([0-9]+)")


def read(connection: Connection, record: type[R], clause: str, *values: object) -> list[R]:
    """Return the records that a clause (``WHERE … ORDER BY …``) selects; the clause is ours, values are bound."""
    return read_records(record, connection.execute(f"{layout(record).select} {clause}", values))


def by_ids(connection: Connection, record: type[R], ids: Iterable[int]) -> list[R]:
    """Return the records with these ids, in the order of the ids in the table."""
    return read(connection, record, "WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id", json_ids(ids))


def by_number(name: str) -> list[str | int]:
    """Return what a name is sorted by, so that No. 2 comes before No. 10."""
    return [int(part) if part.isascii() and part.isdigit() else part for part in _NUMBERS.split(name.casefold())]


def json_ids(ids: Iterable[int]) -> str:
    """Return ids as a JSON array, to be bound to ``json_each(?)``."""
    return msgspec.json.encode(list(ids)).decode()
