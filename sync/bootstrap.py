"""The first load of a scope: chunks of rows by id, each durable with its position, so that it resumes anywhere.

Tables come in the order that makes the program usable first. Secondary indexes and the search index are made after a
table is loaded, as that is twice as fast. The next chunk is fetched while one is being stored. A scope that is loaded
again over old rows is swept: what the provider did not send in a chunk's range of ids is gone.
"""

# ruff: noqa: S608 - names of tables come from our own record classes, never from data

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import msgspec
from msgspec import Struct

from models.cache import tables
from models.cache.apply import apply_rows, index_search, load_rows, remove_rows, set_cursor
from models.cache.driver import Connection
from models.cache.tables import WireError
from models.contract.messages import ChunkHeader, SnapshotAnswer, SnapshotRequest, TableRows
from models.contract.records import BY_TABLE, RECORDS
from models.contract.version import SCHEMA
from models.domain.problems import Problem
from sync import scopes
from sync.failpoints import reach
from sync.link import Link
from sync.push import check_epoch
from sync.transport import Refused, Unexpected

log = logging.getLogger(__name__)

_MANY = 20_000
"""Rows from which on a table's indexes are dropped while it is loaded."""


class Loading(Struct, frozen=True):
    """Where a bootstrap stands, kept with the last chunk."""

    token: str
    sequence: int
    tag: str
    total: int
    table: int = 0  # position in RECORDS
    after: int = 0
    done: int = 0
    fast: bool = False
    loaded: bool = False  # rows of the table are here, its indexes are not
    searched: int = 0


class _Row(Struct, frozen=True, array_like=True):
    """The one column of a row that tells which row it is."""

    id: int


class Chunk(Struct, frozen=True):
    """A chunk taken apart."""

    header: ChunkHeader
    rows: TableRows


def bootstrap(
    link: Link,
    scope: scopes.Scope,
    changed: Callable[[frozenset[str]], None],
    progress: Callable[[str, int, int], None],
    cancelled: Callable[[], bool],
) -> None:
    """Load a scope to its end, from wherever an earlier run stopped; returns early when cancelled.

    Raises TransportError and what Link raises.
    """
    place = msgspec.json.decode(scope.loading, type=Loading) if scope.loading else _begin(link, scope)
    with ThreadPoolExecutor(1, thread_name_prefix="chunks") as fetcher:
        while place.table < len(RECORDS):
            name = RECORDS[place.table].TABLE
            if not place.loaded:
                try:
                    place = _load(link, scope, place, fetcher, progress, cancelled)
                except Refused as refusal:
                    if refusal.status not in (403, 404, 410):
                        raise
                    log.info("the token of the first load is over; it begins again over what is here")
                    place = _begin(link, scope)
                    continue
                if cancelled() and not place.loaded:
                    return
            place = _index(link, scope, place, progress)
            changed(frozenset({name}))
    reach("B3")
    with link.profile.store.write() as connection:
        connection.execute("UPDATE scope SET state = ?, loading = '' WHERE id = ?", (scopes.READY, scope.id))
        set_cursor(connection, scope.id, place.sequence, place.tag)


def _begin(link: Link, scope: scopes.Scope) -> Loading:
    """Ask for a snapshot and note where the following delta begins."""
    request = SnapshotRequest(link.identity.epoch, SCHEMA, link.identity.device_id, scope.ref)
    answer = link.post("/sync/snapshot", request, SnapshotAnswer)
    check_epoch(link, answer.epoch)
    place = Loading(answer.token, answer.sequence, answer.tag, sum(answer.counts.values()))
    with link.profile.store.write() as connection:
        place = _enter_table(connection, scope, place, answer.counts.get(RECORDS[0].TABLE, 0))
        _keep(connection, scope, place)
        if not connection.execute("SELECT 1 FROM account LIMIT 1").fetchone():
            for name in BY_TABLE:  # never the answer's own names: a newer provider may count tables unknown here
                if (
                    answer.counts.get(name, 0) >= _MANY
                    and not connection.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone()
                ):
                    for statement in tables.drop_index_sql(name):
                        connection.execute(statement)
    return place


def _load(
    link: Link,
    scope: scopes.Scope,
    place: Loading,
    fetcher: ThreadPoolExecutor,
    progress: Callable[[str, int, int], None],
    cancelled: Callable[[], bool],
) -> Loading:
    """Load the rest of the present table."""
    name = RECORDS[place.table].TABLE
    pending: Future[Chunk] = fetcher.submit(_fetch, link, name, place.token, place.after)
    while True:
        chunk = pending.result()
        last = chunk.header.last
        if not last:
            if chunk.header.last_id <= place.after:
                raise Unexpected(Problem("unexpected-answer"))
            pending = fetcher.submit(_fetch, link, name, place.token, chunk.header.last_id)
        with link.profile.store.write() as connection:
            try:
                place = _store(connection, scope, place, chunk)
            except WireError as error:
                raise Unexpected(Problem("unexpected-answer")) from error
            reach("B1")
            _keep(connection, scope, place)
        progress("load", place.done, max(place.total, place.done))
        if last:
            return place
        if cancelled():
            pending.cancel()
            return place


def _fetch(link: Link, name: str, token: str, after: int) -> Chunk:
    """Get one chunk; the transport has checked its length and digest."""
    body = link.get_bytes(f"/sync/snapshot/{name}", {"token": token, "after": after})
    try:
        head, rows, sequences = body.rstrip(b"\n").split(b"\n")
        header = msgspec.json.decode(head, type=ChunkHeader)
        numbers = msgspec.json.decode(sequences, type=list[int])
    except (ValueError, msgspec.DecodeError) as error:
        raise Unexpected(Problem("unexpected-answer")) from error
    if header.table != name or header.count != len(numbers):
        raise Unexpected(Problem("damaged-answer"))
    return Chunk(header, TableRows(name, header.columns, msgspec.Raw(rows), numbers))


def _store(connection: Connection, scope: scopes.Scope, place: Loading, chunk: Chunk) -> Loading:
    """Put a chunk into its table and return the next position."""
    header = chunk.header
    if place.fast:
        load_rows(connection, scope.id, chunk.rows)
    else:
        apply_rows(connection, scope.id, chunk.rows)
        _sweep(connection, scope, place, chunk)
    return msgspec.structs.replace(place, after=header.last_id, done=place.done + header.count, loaded=header.last)


def _sweep(connection: Connection, scope: scopes.Scope, place: Loading, chunk: Chunk) -> None:
    """Delete rows of the scope in the chunk's range of ids that the provider no longer has."""
    name = chunk.header.table
    ids = {row.id for row in msgspec.json.decode(chunk.rows.rows, type=list[_Row])}
    upper = "" if chunk.header.last else " AND id <= ?"
    bounds = (scope.id, place.after) if chunk.header.last else (scope.id, place.after, chunk.header.last_id)
    query = f'SELECT id, _seq FROM "{name}" WHERE _scope = ? AND id > ?{upper}'
    gone = [row[0] for row in connection.execute(query, bounds) if row[0] not in ids and row[1] <= place.sequence]
    remove_rows(connection, scope.id, name, gone)


def _index(link: Link, scope: scopes.Scope, place: Loading, progress: Callable[[str, int, int], None]) -> Loading:
    """Make the indexes of the table that was just loaded, and go on to the next one."""
    store = link.profile.store
    name = RECORDS[place.table].TABLE
    reach("B2")
    with store.write() as connection:
        for statement in tables.INDEXES.get(name, ()):
            connection.execute(statement)
    while name == "account" and place.fast:
        with store.write() as connection:
            upto = index_search(connection, place.searched)
            if upto is None:
                break
            place = msgspec.structs.replace(place, searched=upto)
            _keep(connection, scope, place)
        progress("index", place.done, max(place.total, place.done))
    with store.write() as connection:
        following = place.table + 1
        place = msgspec.structs.replace(place, table=following, after=0, loaded=False, searched=0)
        if following < len(RECORDS):
            place = _enter_table(connection, scope, place, 0)
        _keep(connection, scope, place)
    return place


def _enter_table(connection: Connection, scope: scopes.Scope, place: Loading, _count: int) -> Loading:
    """Decide whether the next table is empty, and so may be filled without looking at what is there."""
    name = RECORDS[place.table].TABLE
    empty = connection.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone() is None
    return msgspec.structs.replace(place, fast=empty)


def _keep(connection: Connection, scope: scopes.Scope, place: Loading) -> None:
    scopes.mark(connection, scope.id, scopes.LOADING, msgspec.json.encode(place).decode())
