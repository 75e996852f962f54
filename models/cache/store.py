"""The client's local store: one encrypted SQLite file with the provider's rows, cursors, outbox and search index.

The file is disposable: everything in it comes again from the provider and the journal. Hot paths speak to the driver
directly, so that opening the store and painting the first screen does not import SQLAlchemy (0.3 s); ``engine`` gives a
SQLAlchemy engine over the same file to tools that want one.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from models.cache.driver import CacheDamaged, CacheFull, Connection, DriverError, connect, translated
from models.cache.tables import create_sql, fingerprint

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__ = ["CacheDamaged", "CacheFull", "CacheMismatch", "CacheStore", "Connection", "get_local", "set_local"]

T = TypeVar("T")

log = logging.getLogger(__name__)

_IDLE_READERS: Final = 3
_NAME: Final = "fingerprint"
FILES: Final = ("", "-wal", "-shm")
"""Endings of the files that make up a cache."""


class CacheMismatch(Exception):
    """The cache was made by another version of the program; it is rebuilt, its outbox is carried over."""


class CacheStore:
    """An open cache. Any thread may read and write; there is one writer at a time in all processes together."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self.guard: Callable[[], None] | None = None
        """Called before each :meth:`read`; raises when reading is locked, for instance after a lease has ended."""
        self.on_damage: Callable[[], None] | None = None
        """Called, on the thread that met it, when the file turns out to be damaged."""
        self._key = bytes(key)
        self._writing = threading.RLock()
        self._pool = threading.Lock()
        self._idle: list[Connection] = []
        self._generation = 0
        self._writer: Connection | None = None
        self._in_write = False
        self._engine: Engine | None = None

    @classmethod
    def open(cls, path: Path, key: bytes) -> CacheStore:
        """Return the cache at ``path``, made when it is missing.

        Raises :class:`CacheDamaged` when the file is unreadable under ``key`` and :class:`CacheMismatch` when another
        version of the program made it; the file is left as it is.
        """
        store = cls(path, key)
        try:
            store.reopen()
        except BaseException:
            store.close()
            raise
        return store

    def reopen(self) -> None:
        """Open the file at ``path`` (again), for instance after it has been set aside."""
        with self._writing:
            self.close()
            try:
                writer = connect(self.path, self._key)
            except CacheDamaged:
                self._tell_damage()
                raise
            try:
                _prepare(writer)
            except DriverError as error:
                writer.close()
                raise self._noticed(error) from error
            except CacheMismatch:
                writer.close()
                raise
            self._writer = writer

    def close(self) -> None:
        """Close every connection; the store may be opened again with :meth:`reopen`."""
        with self._writing, self._pool:
            self._generation += 1
            for connection in (*self._idle, self._writer):
                if connection is not None:
                    with suppress(DriverError):
                        connection.close()
            self._idle.clear()
            self._writer = None
            if self._engine is not None:
                self._engine.dispose()
                self._engine = None

    def read(self, question: Callable[[Connection], T]) -> T:
        """Return the answer of ``question`` over one consistent state of the cache.

        Raises what ``guard`` raises while reading is locked, :class:`CacheDamaged` when a page is broken.
        """
        if self.guard is not None:
            self.guard()
        return self.peek(question)

    def peek(self, question: Callable[[Connection], T]) -> T:
        """Return the answer of ``question`` even while reading is locked: for the sync engine's own tables."""
        connection, generation = self._take()
        healthy = False
        try:
            connection.execute("BEGIN")
            try:
                answer = question(connection)
            finally:
                connection.execute("ROLLBACK")
            healthy = True
            return answer
        except DriverError as error:
            raise self._noticed(error) from error
        finally:
            self._give_back(connection, generation, healthy)

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Connection]:
        """Give a connection inside one durable transaction: kept at the end of the block, undone when it raises.

        One that is not ``durable`` may be undone by a loss of power, whole, until the next durable one: for marks that
        the next contact makes again, such as when the last one was. It does not wait for the disk.
        Raises :class:`CacheFull` when the disk has no room and :class:`CacheDamaged` when the file is broken.
        """
        with self._writing:
            if self._in_write:
                raise RuntimeError("a transaction of the cache is already open on this thread")
            if self._writer is None:
                self.reopen()
            writer: Any = self._writer
            self._in_write = True
            try:
                if not durable:
                    writer.execute("PRAGMA synchronous = NORMAL")
                writer.execute("BEGIN IMMEDIATE")
                yield writer
                writer.execute("COMMIT")
            except DriverError as error:
                _undo(writer)
                raise self._noticed(error) from error
            except BaseException:
                _undo(writer)
                raise
            finally:
                self._in_write = False
                if not durable:
                    _wait_for_disk_again(writer)

    def check(self, *, thorough: bool = False) -> list[str]:
        """Return what is wrong with the file, nothing when it is sound; ``thorough`` also checks every page's seal."""

        def question(connection: Connection) -> list[str]:
            found: list[str] = []
            pragmas = ("cipher_integrity_check", "integrity_check(20)") if thorough else ("quick_check(1)",)
            for pragma in pragmas:
                found += [str(row[0]) for row in connection.execute(f"PRAGMA {pragma}") if row[0] != "ok"]
            return found

        try:
            return self.peek(question)
        except CacheDamaged as error:
            return [str(error)]

    def engine(self) -> Engine:
        """Return a SQLAlchemy engine over the same file, made on first use; it imports SQLAlchemy."""
        if self._engine is None:
            import sqlcipher3.dbapi2
            from sqlalchemy import create_engine
            from sqlalchemy.pool import QueuePool

            self._engine = create_engine(
                "sqlite+pysqlite://",
                module=sqlcipher3.dbapi2,
                creator=lambda: connect(self.path, self._key),
                poolclass=QueuePool,
            )
        return self._engine

    def _take(self) -> tuple[Connection, int]:
        with self._pool:
            generation = self._generation
            if self._idle:
                return self._idle.pop(), generation
        if self._writer is None:
            self.reopen()
            generation = self._generation
        try:
            return connect(self.path, self._key), generation
        except CacheDamaged:
            self._tell_damage()
            raise

    def _give_back(self, connection: Connection, generation: int, healthy: bool) -> None:
        with self._pool:
            if healthy and generation == self._generation and len(self._idle) < _IDLE_READERS:
                self._idle.append(connection)
                return
        with suppress(DriverError):
            connection.close()

    def _noticed(self, error: Exception) -> Exception:
        """Return the translated error, and tell whoever rebuilds the cache when it means damage."""
        ours = translated(error)
        if isinstance(ours, CacheDamaged):
            log.error("the cache is damaged: %s", ours)
            self._tell_damage()
        return ours

    def _tell_damage(self) -> None:
        if self.on_damage is not None:
            self.on_damage()


def _wait_for_disk_again(connection: Any) -> None:
    with suppress(DriverError):  # a connection that cannot be told is broken, and is opened anew
        connection.execute("PRAGMA synchronous = FULL")


def _undo(connection: Any) -> None:
    """Roll back what is open; SQLite has already done so after some errors."""
    if connection.in_transaction:
        with suppress(DriverError):
            connection.execute("ROLLBACK")


def _prepare(connection: Connection) -> None:
    """Make the tables of an empty file; raises :class:`CacheMismatch` for the tables of another version."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        known = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'local'").fetchone()[0]
        if known:
            made_by = get_local(connection, _NAME)
            if made_by != fingerprint():
                raise CacheMismatch(made_by)
        else:
            for statement in create_sql():
                connection.execute(statement)
            set_local(connection, _NAME, fingerprint())
        connection.execute("COMMIT")
    except BaseException:
        _undo(connection)
        raise


def get_local(connection: Connection, key: str, otherwise: str = "") -> str:
    """Return a local value, such as a draft or a read mark; ``otherwise`` when there is none."""
    row = connection.execute("SELECT value FROM local WHERE key = ?", (key,)).fetchone()
    return otherwise if row is None else str(row[0])


def set_local(connection: Connection, key: str, value: str) -> None:
    """Keep a local value; an empty one is forgotten."""
    if value:
        connection.execute(
            "INSERT INTO local (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, value),
        )
    else:
        connection.execute("DELETE FROM local WHERE key = ?", (key,))
