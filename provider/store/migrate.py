"""Bringing a database to the present tables."""

from __future__ import annotations

from pathlib import Path

from provider.store import schema
from provider.store.database import Database
from provider.store.epoch import check_epoch

_ONE_AT_A_TIME = 7_305_020_117  # advisory lock key: only one process migrates


def upgrade(database: Database, data_dir: Path) -> None:
    """Create or migrate the tables, then compare the database's epoch with the one kept beside it."""
    with database.engine.begin() as connection:
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (_ONE_AT_A_TIME,))
        schema.install(connection)
    check_epoch(database, data_dir)
