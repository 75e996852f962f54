"""The installation's epoch: random, made with the database and by a restore, and kept outside the database too.

A restored database brings its old epoch back; the copy in the data folder tells at start that this happened, so the
provider takes a new epoch and every client notices (docs/sync.md, I12).
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

from provider.store.database import Database
from provider.store.document_seal import make_key

_FILE: Final = "epoch"
_GET: Final = text("SELECT value FROM installation WHERE name = :name")
_PUT: Final = text(
    "INSERT INTO installation (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = :value"
)
_KEEP: Final = text("INSERT INTO installation (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING")


def epoch(connection: Connection) -> str:
    """Return the epoch in the database, "" before there is one."""
    return str(connection.execute(_GET, {"name": "epoch"}).scalar() or "")


def secret(connection: Connection) -> bytes:
    """Return the secret that signs snapshot tokens."""
    return bytes.fromhex(str(connection.execute(_GET, {"name": "secret"}).scalar_one()))


def check_epoch(database: Database, data_dir: Path) -> str:
    """Return the epoch after comparing the database's with the file's; they differ after a restore: then a new one."""
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / _FILE
    outside = path.read_text("ascii").strip() if path.exists() else ""
    with database.engine.begin() as connection:
        connection.execute(_KEEP, {"name": "secret", "value": secrets.token_hex(32)})
        make_key(connection)
        connection.execute(_KEEP, {"name": "epoch", "value": secrets.token_hex(16)})
        inside = epoch(connection)
        if outside and outside != inside and not _was_replaced(connection, outside):
            # Nobody here replaced the file's epoch, so the database is an older one put back.
            inside = _replace(connection, inside, outside)
    if outside != inside:
        _write(path, inside)
    return inside


def renew_epoch(database: Database, data_dir: Path) -> str:
    """Return a new epoch, written to the database and the file: what a restore does."""
    with database.engine.begin() as connection:
        value = _replace(connection, epoch(connection))
    _write(data_dir / _FILE, value)
    return value


def _replace(connection: Connection, *old: str) -> str:
    """Put a new epoch into the database and remember whom it follows, so that other machines only take it over."""
    value = secrets.token_hex(16)
    for one in filter(None, old):
        connection.execute(_KEEP, {"name": f"epoch-before:{one}", "value": value})
    connection.execute(_PUT, {"name": "epoch", "value": value})
    return value


def _was_replaced(connection: Connection, value: str) -> bool:
    return connection.execute(_GET, {"name": f"epoch-before:{value}"}).scalar() is not None


def _write(path: Path, value: str) -> None:
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="ascii") as file:
        file.write(value + "\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
