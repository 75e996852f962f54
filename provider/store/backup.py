"""A copy of the whole database in one file, and putting it back."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from sqlalchemy import URL

from provider.store.cluster import programs
from provider.store.database import Database
from provider.store.epoch import renew_epoch


class BackupError(RuntimeError):
    """The copy was not made or not put back; the message says what PostgreSQL's program said."""


def backup(database: Database, target: Path) -> int:
    """Write a copy of one instant to ``target`` and return its bytes; an older file is replaced only when done."""
    fresh = target.with_name(target.name + ".part")
    _run(database.url, "pg_dump", "--format=custom", "--compress=gzip:1", f"--file={fresh}")
    with fresh.open("rb+") as file:
        os.fsync(file.fileno())
    fresh.chmod(0o600)
    fresh.replace(target)
    return target.stat().st_size


def restore(database: Database, source: Path, data_dir: Path) -> str:
    """Put a copy back in one transaction and return the new epoch, by which every client notices."""
    if not source.is_file():
        raise BackupError(f"There is no file {source}. Nothing was changed.")
    _run(database.url, "pg_restore", "--clean", "--if-exists", "--single-transaction", "--no-owner", str(source))
    database.engine.dispose()  # prepared statements of the tables that were replaced
    return renew_epoch(database, data_dir)


def _run(url: URL, program: str, *arguments: str) -> None:
    address = url.set(drivername="postgresql", password=None).render_as_string()
    environment = {**os.environ} | ({"PGPASSWORD": str(url.password)} if url.password else {})
    command = [str(programs() / program), f"--dbname={address}", *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if ended.returncode != 0:
        raise BackupError(f"{program} ended with {ended.returncode}: {ended.stderr.strip()[-2000:]}")
