"""Connections to the encrypted cache: SQLCipher with a raw key, and which errors mean damage."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import sqlcipher3.dbapi2 as driver

Connection = Any
"""A connection of the driver (``sqlcipher3.dbapi2.Connection``); the library has no types."""

DriverError: Final[type[Exception]] = driver.Error
OLDEST_SAFE: Final = (3, 51, 3)
"""Older libraries have a race in WAL mode that can lose commits (sqlite.org/wal.html, fixed in 3.51.3)."""

_DAMAGE: Final = frozenset({11, 26})  # SQLITE_CORRUPT, SQLITE_NOTADB
_FULL: Final = frozenset({13})  # SQLITE_FULL
_IO_ERROR: Final = 10


class CacheDamaged(Exception):
    """The cache file cannot be read: it must be set aside and made again from the provider and the journal."""


class CacheFull(Exception):
    """The disk has no room for a change of the cache; nothing of it was kept."""


def library_version() -> str:
    """Return the version of the SQLite library in use, for logs and reports."""
    return str(driver.sqlite_version)


def connect(path: Path, key: bytes, *, cache_kib: int = 16_384) -> Connection:
    """Return a connection to the encrypted database at ``path``, made when it is missing.

    ``key`` is the raw 32-byte key. WAL with ``synchronous=FULL``: with NORMAL a power cut loses acknowledged commits.
    Raises :class:`CacheDamaged` when the file is no database under this key.
    """
    if len(key) != 32:
        raise ValueError("the key of the cache has 32 bytes")
    connection = driver.connect(str(path), isolation_level=None, check_same_thread=False, cached_statements=256)
    try:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute("PRAGMA busy_timeout = 5000")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "fullfsync = 1",
            "checkpoint_fullfsync = 1",
            "foreign_keys = ON",
            "secure_delete = ON",
            "temp_store = MEMORY",
            "trusted_schema = OFF",
            "cell_size_check = ON",
            "journal_size_limit = 16777216",
        ):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(f"PRAGMA cache_size = -{int(cache_kib)}")
    except DriverError as error:
        connection.close()
        raise translated(error) from error
    return connection


def translated(error: Exception) -> Exception:
    """Return the error of ours that a driver's error means, or the error itself."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return error
    primary = code & 0xFF
    if primary in _DAMAGE:
        return CacheDamaged(str(error))
    if primary in _FULL or (primary == _IO_ERROR and "WRITE" in str(getattr(error, "sqlite_errorname", ""))):
        return CacheFull(str(error))
    return error
