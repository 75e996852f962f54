"""Telling PostgreSQL's planner how large tables have become, without waiting for autovacuum's next round."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text

from provider.store.base import metadata
from provider.store.database import Database

_MANY: Final = 10_000  # changed rows below which plans do not matter
_STALE: Final = text(
    "SELECT relname FROM pg_stat_user_tables WHERE schemaname = current_schema() "
    "AND n_mod_since_analyze > :many AND n_mod_since_analyze > n_live_tup / 5"
)


def refresh(database: Database, many: int = _MANY) -> list[str]:
    """Analyse tables of which a fifth, and more than ``many`` rows, changed since the last time; return their names.

    After a first import the planner takes large tables for empty ones, and each batch of charges reads all of them.
    """
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql("SELECT pg_stat_force_next_flush()")
        stale = sorted(set(connection.execute(_STALE, {"many": many}).scalars()) & set(metadata.tables))
        for name in stale:
            connection.exec_driver_sql(f'ANALYZE "{name}"')
    return stale
