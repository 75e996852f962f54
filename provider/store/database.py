"""The provider's database: opening it, changing it together with its change index, reading a consistent cut."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psycopg
from sqlalchemy import URL, Connection, create_engine, make_url
from sqlalchemy.pool import NullPool

from provider.settings import Settings
from provider.store.changes import ChangeSet
from provider.store.cluster import Cluster
from provider.store.failpoints import reach

_LIMITS: Final = "-c lock_timeout=10s -c idle_in_transaction_session_timeout=300s -c timezone=UTC"

_READ: Final = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
_READ_BY_KEPT_PLANS: Final = f"{_READ}; SET LOCAL plan_cache_mode = force_generic_plan"


@dataclass(slots=True)
class Unit:
    """One transaction: its connection and what it changes for clients."""

    connection: Connection
    changes: ChangeSet = field(default_factory=ChangeSet)


class Database:
    """A pool of connections to one database. Frozen values come out of it, never rows that depend on a session."""

    def __init__(self, url: str | URL, *, cluster: Cluster | None = None, pool_size: int = 8) -> None:
        self.url = make_url(url)
        self._cluster = cluster
        self.engine = create_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=8,
            pool_timeout=10,
            pool_use_lifo=True,  # the connection used last has its plans and caches warm
            connect_args={"options": _LIMITS, "application_name": "kabinet-provider"},
        )

    @classmethod
    def open(cls, settings: Settings) -> Database:
        """Return the database of these settings, started, created and migrated as needed.

        Raises ``ClusterError`` when the PostgreSQL of the data folder does not start and ``sqlalchemy.exc.DBAPIError``
        when a named server does not answer.
        """
        from provider.store.migrate import upgrade

        cluster = None
        if settings.database_url:
            url = _with_driver(make_url(settings.database_url))
        else:
            settings.data_dir.mkdir(parents=True, exist_ok=True)
            cluster = Cluster(settings.data_dir / "postgres", durable=settings.durable)
            url = make_url(cluster.url())
            ensure_database(url)
        database = cls(url, cluster=cluster)
        try:
            upgrade(database, settings.data_dir)
        except BaseException:
            database.close()
            raise
        return database

    @contextmanager
    def change(self, changed_by: str = "") -> Iterator[Unit]:
        """Run one transaction; its changes are indexed as its last statements. An exception undoes all of it."""
        with self.engine.connect() as connection, connection.begin():
            unit = Unit(connection)
            unit.changes.changed_by = changed_by
            yield unit
            reach("before_flush")
            unit.changes.flush(connection)
            reach("before_commit")
        reach("after_commit")

    @contextmanager
    def read(self, *, plans_kept: bool = False) -> Iterator[Connection]:
        """Read in one REPEATABLE READ, read-only transaction: everything is from the same instant.

        With ``plans_kept`` statements keep the plans that they had the last time. PostgreSQL plans a statement over
        arrays anew each time, since a plan for the very values looks a little cheaper; for a small question that takes
        longer than the answer. Only for statements with one good plan whatever the values.
        """
        with self.engine.connect() as connection, connection.begin():
            connection.exec_driver_sql(_READ_BY_KEPT_PLANS if plans_kept else _READ)
            yield connection

    def close(self) -> None:
        """Give back the connections and the cluster."""
        self.engine.dispose()
        if self._cluster is not None:
            self._cluster.release()
            self._cluster = None


def _with_driver(url: URL) -> URL:
    """Return a PostgreSQL address with the driver that the provider uses, however it was written."""
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgres", "postgresql") else url


def ensure_database(url: URL) -> None:
    """Create the database of ``url`` when its server does not have it."""
    engine = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        known = connection.exec_driver_sql("SELECT 1 FROM pg_database WHERE datname = %s", (url.database,)).first()
        if known is None:
            name = psycopg.sql.Identifier(str(url.database)).as_string(None)
            connection.exec_driver_sql(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
    engine.dispose()


def data_folder(path: Path) -> Path:
    """Return the folder, created and closed to other users' lists when it is new."""
    path.mkdir(parents=True, exist_ok=True)
    return path
