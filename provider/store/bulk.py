"""Writing many rows at once: ids taken in advance, rows by COPY."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
import psycopg
from sqlalchemy import Connection, Table, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError

# one text instead of thousands of rows, each of which would become an object first
_NEW_IDS: Final = text(
    "WITH s AS MATERIALIZED (SELECT CAST(pg_get_serial_sequence(:table, 'id') AS regclass) AS name) "
    "SELECT string_agg(CAST(nextval(s.name) AS text), ',') FROM s, generate_series(1, :count)"
)


def reserve_ids(connection: Connection, table: Table, count: int) -> list[int]:
    """Return ``count`` new ids of a table, ascending; they are never given to anybody else."""
    if not count:
        return []
    ids = connection.execute(_NEW_IDS, {"table": table.name, "count": count}).scalar_one()
    return [int(number) for number in ids.split(",")]


def copy_rows(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows into ``columns`` of a table in one COPY statement. Dicts and lists become JSON.

    Raises the errors of SQLAlchemy, as any other statement does.
    """
    names = ", ".join(f'"{name}"' for name in columns)
    statement = f'COPY "{table.name}" ({names}) FROM STDIN'
    json_at = [at for at, name in enumerate(columns) if isinstance(table.c[name].type, JSONB)]
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            write = copy.write_row
            for row in rows:
                if json_at:
                    cells = list(row)
                    for at in json_at:
                        if cells[at] is not None:
                            cells[at] = msgspec.json.encode(cells[at]).decode()
                    write(cells)
                else:
                    write(row)
    except psycopg.Error as error:
        # COPY goes past SQLAlchemy, so its errors are given the names that callers know
        raise DBAPIError.instance(statement, None, error, psycopg.Error, dialect=connection.dialect) from error


def copy_text(connection: Connection, table: str, columns: Sequence[str], lines: str) -> None:
    """Insert rows that are written in the text form of COPY already. Raises the errors of SQLAlchemy."""
    statement = f'COPY "{table}" ({", ".join(columns)}) FROM STDIN'
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(lines)
    except psycopg.Error as error:
        raise DBAPIError.instance(statement, None, error, psycopg.Error, dialect=connection.dialect) from error


def array(values: Iterable[int]) -> str:
    """Return numbers as the text of a PostgreSQL array: a driver's list costs ten times as much for a large one."""
    return "{" + ",".join(map(str, values)) + "}"
