"""Bringing a database to the present tables."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from provider.store import schema
from provider.store.database import Database
from provider.store.epoch import check_epoch

FOLDER: Final = Path(__file__).parent / "migrations"
_ONE_AT_A_TIME: Final = 7_305_020_117  # advisory lock key: only one process migrates


class NewerDatabase(RuntimeError):
    """The database was migrated by a newer version of the program; nothing was changed."""


def configuration(connection: Connection) -> Config:
    """Return Alembic's configuration over an open connection."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def head() -> str:
    """Return the newest revision of this program."""
    return max(path.name.partition("_")[0] for path in (FOLDER / "versions").glob("0*.py"))


def current(connection: Connection) -> str:
    """Return the database's revision, "" before the first."""
    if connection.execute(text("SELECT to_regclass('alembic_version')")).scalar() is None:
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def upgrade(database: Database, data_dir: Path) -> None:
    """Run the missing revisions, renew functions and triggers, and compare the epoch with the one kept beside.

    Raises ``NewerDatabase`` when the database is ahead of this program.
    """
    with database.engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
        present, newest = current(connection), head()
        if present > newest:
            raise NewerDatabase(
                f"The database is at revision {present}, this program knows only {newest}. Nothing was changed; "
                "install the newer version."
            )
        if present != newest:
            command.upgrade(configuration(connection), "head")
        schema.install(connection)
    check_epoch(database, data_dir)
