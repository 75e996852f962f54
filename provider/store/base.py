"""The provider's one set of tables, and how a record of the feed becomes a table."""

from __future__ import annotations

import types
from datetime import date, datetime
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Identity, Integer, MetaData, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

from models.contract.records import Record

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

SYNCED: Final[dict[str, Table]] = {}
"""Tables whose rows travel to clients, by name. A commit that changes one must index the change."""


def synced_table(record: type[Record], *items: SchemaItem, **options: Any) -> Table:
    """Return the table of a record: ``id``, ``tenant_id``, the record's columns under the same names, then ``items``.

    ``items`` are constraints, indexes and columns that stay with the provider. Texts are ``text``, lists and dicts
    ``jsonb``, instants ``timestamptz``. A field with a default gets the same default in the database.
    """
    hints = get_type_hints(record)
    defaults = _defaults(record)
    named: list[SchemaItem] = [
        Column("id", BigInteger, Identity(always=False), primary_key=True),
        Column("tenant_id", Integer, nullable=False),
    ]
    for name in record.__struct_fields__:
        if name == "id":
            continue
        kind, nullable = _kind(hints[name])
        named.append(Column(name, kind, nullable=nullable, server_default=defaults.get(name)))
    table = Table(record.TABLE, metadata, *named, *items, **options)
    SYNCED[record.TABLE] = table
    return table


def _defaults(record: type[Record]) -> dict[str, Any]:
    fields = record.__struct_fields__
    values = record.__struct_defaults__
    found: dict[str, Any] = {}
    for name, value in zip(fields[len(fields) - len(values) :], values, strict=True):
        if isinstance(value, bool):
            found[name] = text("true" if value else "false")
        elif isinstance(value, int):
            found[name] = text(str(value))
        elif isinstance(value, str):
            found[name] = text("'" + value.replace("'", "''") + "'")
    return found


def _kind(hint: Any) -> tuple[TypeEngine[Any], bool]:
    """Return the column type of an annotation and whether it may be absent; raises ``TypeError`` for an unknown one."""
    nullable = False
    if get_origin(hint) in (Union, types.UnionType):
        rest = [part for part in get_args(hint) if part is not type(None)]
        nullable = len(rest) < len(get_args(hint))
        if len(rest) != 1:
            raise TypeError(f"a column of several types: {hint}")
        hint = rest[0]
    plain = get_origin(hint) or hint
    if plain is bool:
        return Boolean(), nullable
    if plain is int:
        return BigInteger(), nullable
    if plain is str:
        return Text(), nullable
    if plain is datetime:
        return DateTime(timezone=True), nullable
    if plain is date:
        return Date(), nullable
    if plain in (list, dict, tuple):
        return JSONB(none_as_null=True), nullable
    raise TypeError(f"no column type for {hint}")
