"""Writing many rows at once: ids taken in advance, rows by COPY."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import psycopg
from sqlalchemy import Connection, Table, text
from sqlalchemy.exc import DBAPIError


def reserve_ids(connection: Connection, table: Table, count: int) -> list[int]:
    """Return ``count`` new ids of a table, ascending; they are never given to anybody else."""
    if not count:
        return []
    sequence = connection.execute(
        text("SELECT pg_get_serial_sequence(:table, 'id')"), {"table": table.name}
    ).scalar_one()
    rows = connection.execute(
        text("SELECT nextval(CAST(:sequence AS regclass)) FROM generate_series(1, :count)"),
        {"sequence": sequence, "count": count},
    )
    return [int(row[0]) for row in rows]


def copy_rows(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows into ``columns`` of a table in one COPY statement. Dicts and lists become JSON.

    Raises the errors of SQLAlchemy, as any other statement does.
    """
    names = ", ".join(f'"{name}"' for name in columns)
    statement = f'COPY "{table.name}" ({names}) FROM STDIN'
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            buffer: list[str] = []
            for row in rows:
                buffer.append("\t".join([cell(value) for value in row]))
                if len(buffer) == 2_000:
                    copy.write("\n".join(buffer) + "\n")
                    buffer.clear()
            if buffer:
                copy.write("\n".join(buffer) + "\n")
    except psycopg.Error as error:
        # COPY goes past SQLAlchemy, so its errors are given the names that callers know
        raise DBAPIError.instance(statement, None, error, psycopg.Error, dialect=connection.dialect) from error


def cell(value: Any) -> str:
    """Return a value in the text format of COPY."""
    kind = type(value)
    if kind is int:
        return str(value)
    if value is None:
        return "\\N"
    if kind is bool:
        return "t" if value else "f"
    if kind is str:
        return escaped(value)
    if kind is dict or kind is list:
        return escaped(msgspec.json.encode(value).decode())
    return str(value)  # dates and instants write themselves in ISO form


def escaped(value: str) -> str:
    """Return text with COPY's special characters escaped."""
    if "\\" in value:
        value = value.replace("\\", "\\\\")
    if "\n" in value or "\t" in value or "\r" in value:
        value = value.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return value
