"""Rows of synced tables as records of the contract."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, select

from models.contract import records
from models.contract.records import Record
from provider.store.base import SYNCED

R = TypeVar("R", bound=Record)


def fetch(connection: Connection, record: type[R], *conditions: ColumnElement[bool]) -> list[R]:
    """Return the rows of a record's table that meet the conditions, by id."""
    table: Table = SYNCED[record.TABLE]
    columns = [table.c[name] for name in record.__struct_fields__]
    rows = connection.execute(select(*columns).where(*conditions).order_by(table.c.id))
    if record is records.Tariff:
        return [record(*_tiered(list(row))) for row in rows]
    return [record(*row) for row in rows]


def _tiered(values: list[Any]) -> list[Any]:
    """Return a tariff's values with its tiers as pairs; JSON gives lists."""
    at = records.Tariff.__struct_fields__.index("tiers")
    values[at] = [(limit, price) for limit, price in values[at]]
    return values


def values_of(record: Record, *without: str) -> dict[str, Any]:
    """Return a record's columns by name, ready to insert; ``id`` and the named ones are left out."""
    return {
        name: [list(pair) for pair in value] if name == "tiers" else value
        for name in record.__struct_fields__
        if name != "id" and name not in without
        for value in (getattr(record, name),)
    }
