"""Asking PostgreSQL past SQLAlchemy, for the few questions that every client asks all the time.

A statement through SQLAlchemy costs as much time in Python as a small one takes in PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError


def fetch(connection: Connection, statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a statement with ``%(name)s`` in the connection's own transaction.

    Not for the first statement after a connection was taken from the pool: SQLAlchemy must be the one to find out that
    the server has gone. Raises the errors of SQLAlchemy, as any other statement does.
    """
    driver: Any = connection.connection.driver_connection
    try:
        found: list[tuple[Any, ...]] = driver.execute(statement, values).fetchall()
    except psycopg.Error as error:
        raise DBAPIError.instance(statement, None, error, psycopg.Error, dialect=connection.dialect) from error
    return found
