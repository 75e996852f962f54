"""All tables of the provider together, and how a database gets them."""

from __future__ import annotations

import importlib
import importlib.util

from sqlalchemy import Connection

from provider.store import changes, guard, ledger_guard, tables_sync
from provider.store.base import metadata

for _name in ("provider.store.tables_utility", "provider.store.tables_people"):
    if importlib.util.find_spec(_name) is not None:
        importlib.import_module(_name)

__all__ = ["install", "metadata", "tables_sync"]


def install(connection: Connection) -> None:
    """Create what is missing: tables, functions, triggers."""
    metadata.create_all(connection)
    connection.exec_driver_sql(changes.FUNCTION)
    guard.install(connection)
    ledger_guard.install(connection)
