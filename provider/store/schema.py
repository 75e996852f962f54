"""All tables of the provider together, and the functions and triggers that belong to them."""

from __future__ import annotations

from sqlalchemy import Connection

from provider.store import (
    chain_guard,
    changes,
    commands,
    guard,
    ledger_guard,
    queue_counts,
    tables_admissions,
    tables_chain,
    tables_claims,
    tables_collections,
    tables_families,
    tables_letters,
    tables_people,
    tables_sync,
    tables_utility,
)
from provider.store.base import metadata

__all__ = [
    "install",
    "metadata",
    "tables_admissions",
    "tables_chain",
    "tables_claims",
    "tables_collections",
    "tables_families",
    "tables_letters",
    "tables_people",
    "tables_sync",
    "tables_utility",
]


def install(connection: Connection) -> None:
    """Bring functions and triggers up to date; the tables are there (provider.store.migrate)."""
    for function in (changes.FUNCTION, changes.COUNT_FUNCTION, commands.CLAIM_FUNCTION, commands.SETTLE_FUNCTION):
        connection.exec_driver_sql(function.replace("%", "%%"))  # the driver reads % as a placeholder
    guard.install(connection)
    ledger_guard.install(connection)
    chain_guard.install(connection)
    queue_counts.install(connection)
