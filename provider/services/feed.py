"""What a client may read: the delta after its cursors, a whole scope in chunks, the check of what it keeps."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from models.contract.codec import encode
from models.contract.messages import (
    CHUNK_ROWS,
    MAX_PAGE_ROWS,
    ChunkHeader,
    Cursor,
    GrantedScope,
    PullAnswer,
    PullRequest,
    RepairRequest,
    ScopePage,
    ScopeRef,
    SnapshotAnswer,
    SnapshotRequest,
    VerifyAnswer,
    VerifyRequest,
)
from models.contract.records import BY_TABLE, columns
from models.contract.version import OLDEST_SCHEMA
from provider.services.refusals import Refusal, refuse
from provider.store import feed
from provider.store.database import Database
from provider.store.epoch import epoch, secret
from provider.store.failpoints import reach
from provider.store.grants import granted, scopes_of

_TOKEN_LIFE: Final = timedelta(days=14)
_MAX_CURSORS: Final = 1_000


def pull(database: Database, user: int, device: int, request: PullRequest, clock: Callable[[], datetime]) -> PullAnswer:
    """Return what came after the cursors, from one instant, at most ``request.limit`` rows over all scopes.

    Raises ``Refusal``: ``server-restored`` (409) for another epoch or a cursor that this database cannot have given,
    ``cursor-too-old`` (410), ``client-too-old`` (426), ``no-access`` (403) for another device.
    """
    with database.read() as connection:
        return pull_from(connection, user, device, request, clock)


def pull_from(
    connection: Connection, user: int, device: int, request: PullRequest, clock: Callable[[], datetime]
) -> PullAnswer:
    """Return the answer to a pull from the instant that a connection of ``Database.read()`` sees, as :func:`pull`."""
    _check_client(request.device, device, request.schema)
    if len(request.cursors) > _MAX_CURSORS:
        raise refuse("bad-request")
    limit = max(1, min(request.limit, MAX_PAGE_ROWS))
    now = feed.standing(connection, user, request.cursors)
    if request.epoch and request.epoch != now.epoch:
        raise refuse("server-restored", status=409)
    may = scopes_of(now.grants, user, device)
    allowed = {grant.scope for grant in may}
    standing = zip(request.cursors, now.places, strict=True)
    kept = [(cursor, place) for cursor, place in standing if cursor.scope in allowed]
    revoked = [cursor.scope for cursor in request.cursors if cursor.scope not in allowed]
    pages = _pages(connection, [cursor for cursor, _ in kept], [place for _, place in kept], limit)
    return PullAnswer(now.epoch, pages, may, revoked, clock())


def _pages(
    connection: Connection, cursors: Sequence[Cursor], places: Sequence[feed.Place], limit: int
) -> list[ScopePage]:
    for cursor, place in zip(cursors, places, strict=True):
        _check_cursor(cursor, place)
    behind = [index for index, place in enumerate(places) if place.head > cursors[index].sequence]
    found: dict[int, list[feed.Change]] = {}
    if behind:
        waiting = feed.changes(connection, [cursors[index] for index in behind], limit)
        found = dict(zip(behind, waiting, strict=True))
    left = limit
    drafts: list[tuple[list[feed.Change], int, str, bool]] = []
    for index, (cursor, place) in enumerate(zip(cursors, places, strict=True)):
        rows = found.get(index, [])
        if len(rows) <= left:
            drafts.append((rows, place.head, place.head_tag, True))
            left -= len(rows)
            continue
        rows = _cut(connection, cursor, rows[:left])
        left = 0  # later scopes wait for the next page
        sequence = rows[-1].sequence if rows else cursor.sequence
        tag = feed.places(connection, [Cursor(cursor.scope, sequence)])[0].tag if sequence else ""
        drafts.append((rows, sequence, tag, False))
    reach("during_page")
    complete = [index for index, draft in enumerate(drafts) if draft[3]]
    sums = feed.digests(connection, [cursors[index].scope for index in complete]) if complete else []
    digests = dict(zip(complete, sums, strict=True))
    pages = []
    for index, (rows, sequence, tag, whole) in enumerate(drafts):
        tables, deletions = feed.page(connection, rows)
        pages.append(
            ScopePage(
                scope=cursors[index].scope,
                rows=tables,
                deletions=deletions,
                sequence=sequence,
                tag=tag,
                head=places[index].head,
                complete=whole,
                digests=digests.get(index, []),
            )
        )
    return pages


def _cut(connection: Connection, cursor: Cursor, rows: list[feed.Change]) -> list[feed.Change]:
    """Return the rows up to the end of a commit, or all of them when one commit fills the page."""
    if not rows:
        return rows
    end = feed.boundary(connection, cursor.scope.tenant, rows[0].sequence, rows[-1].sequence)
    return rows if end is None else [row for row in rows if row.sequence <= end]


def _check_cursor(cursor: Cursor, place: feed.Place) -> None:
    if cursor.sequence < 0 or cursor.sequence > place.head:
        raise refuse("server-restored", status=409)
    if 0 < cursor.sequence < place.floor:  # before the tag, for that old ones are forgotten
        raise refuse("cursor-too-old", status=410)
    if cursor.sequence and cursor.tag != place.tag:
        raise refuse("server-restored", status=409)


def _check_epoch(connection: Connection, claimed: str) -> str:
    present = epoch(connection)
    if claimed and claimed != present:
        raise refuse("server-restored", status=409)
    return present


def _check_client(claimed: int, device: int, schema: int) -> None:
    if claimed != device:
        raise refuse("no-access", status=403)
    if schema < OLDEST_SCHEMA:
        raise refuse("client-too-old", status=426)


def _check_scope(connection: Connection, user: int, device: int, scope: ScopeRef) -> GrantedScope:
    for grant in granted(connection, user, device):
        if grant.scope == scope:
            return grant
    raise refuse("no-access", status=403)


def _check_table(table: str) -> str:
    if table not in BY_TABLE:
        raise refuse("not-found", status=404)
    return table


class _Ticket(Struct, frozen=True, array_like=True):
    """What a snapshot token says: a scope for one device, of one epoch, until an instant."""

    epoch: str
    user: int
    device: int
    scope: ScopeRef
    until: datetime


def begin_snapshot(
    database: Database, user: int, device: int, request: SnapshotRequest, clock: Callable[[], datetime]
) -> SnapshotAnswer:
    """Return where the delta after a bootstrap begins, and the token for its chunks; nothing is kept here."""
    _check_client(request.device, device, request.schema)
    with database.read() as connection:
        present = _check_epoch(connection, request.epoch)
        _check_scope(connection, user, device, request.scope)
        place = feed.places(connection, [Cursor(request.scope)])[0]
        counts = feed.counts(connection, request.scope)
        key = secret(connection)
    ticket = encode(_Ticket(present, user, device, request.scope, clock() + _TOKEN_LIFE))
    token = base64.urlsafe_b64encode(hmac.digest(key, ticket, "sha256") + ticket).decode().rstrip("=")
    return SnapshotAnswer(present, token, place.head, place.head_tag, list(counts), counts)


def snapshot_chunk(
    database: Database, user: int, device: int, table: str, token: str, after: int, clock: Callable[[], datetime]
) -> bytes:
    """Return one chunk: three JSON lines (``ChunkHeader``, rows, sequences).

    Raises ``Refusal``: ``no-access`` (403) for a false or foreign token or a scope revoked meanwhile,
    ``server-restored`` (409), ``cursor-too-old`` (410) for a token that is over.
    """
    _check_table(table)
    with database.read() as connection:
        ticket = _open_ticket(secret(connection), token)
        if (ticket.user, ticket.device) != (user, device):
            raise refuse("no-access", status=403)
        _check_epoch(connection, ticket.epoch)
        if ticket.until <= clock():
            raise refuse("cursor-too-old", status=410)
        _check_scope(connection, user, device, ticket.scope)
        chunk = feed.chunk(connection, ticket.scope, table, after, CHUNK_ROWS)
    reach("during_chunk")
    header = ChunkHeader(table, list(columns(BY_TABLE[table])), chunk.count, chunk.last_id, chunk.last)
    return b"\n".join((encode(header), chunk.rows, chunk.sequences))


def _open_ticket(key: bytes, token: str) -> _Ticket:
    try:
        data = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        proof, ticket = data[: hashlib.sha256().digest_size], data[hashlib.sha256().digest_size :]
        if not hmac.compare_digest(proof, hmac.digest(key, ticket, "sha256")):
            raise refuse("no-access", status=403)
        return msgspec.json.decode(ticket, type=_Ticket)
    except Refusal:
        raise
    except (ValueError, msgspec.DecodeError):
        raise refuse("no-access", status=403) from None


def verify(database: Database, user: int, device: int, request: VerifyRequest) -> VerifyAnswer:
    """Return the digests of a table's buckets, for a client whose digest differs."""
    _check_client(request.device, device, OLDEST_SCHEMA)
    with database.read() as connection:
        _check_epoch(connection, request.epoch)
        _check_scope(connection, user, device, request.scope)
        place = feed.places(connection, [Cursor(request.scope)])[0]
        return VerifyAnswer(place.head, feed.buckets(connection, request.scope, _check_table(request.table)))


def repair(database: Database, user: int, device: int, request: RepairRequest) -> ScopePage:
    """Return every row of the buckets that differ, as a page at the present head.

    The client replaces those buckets by the rows and keeps its cursor: whatever changed after it comes again.
    """
    _check_client(request.device, device, OLDEST_SCHEMA)
    with database.read() as connection:
        _check_epoch(connection, request.epoch)
        _check_scope(connection, user, device, request.scope)
        place = feed.places(connection, [Cursor(request.scope)])[0]
        rows = feed.bucket_rows(connection, request.scope, _check_table(request.table), request.buckets)
        return ScopePage(
            scope=request.scope,
            rows=[rows],
            deletions=[],
            sequence=place.head,
            tag=place.head_tag,
            head=place.head,
            complete=True,
        )


@dataclass(frozen=True, slots=True)
class Watched:
    """A cursor that a waiting client wants to see overtaken."""

    scope: ScopeRef
    sequence: int


def heads(database: Database) -> dict[int, int]:
    """Return the last sequence of each tenant."""
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT tenant, value FROM sync_counter").all()
    return {row[0]: row[1] for row in rows}


def has_news(database: Database, user: int, device: int, watched: Sequence[Watched]) -> bool:
    """Return whether a pull of these cursors would bring anything: a change, or a scope revoked."""
    with database.read() as connection:
        allowed = {grant.scope for grant in granted(connection, user, device)}
        if any(item.scope not in allowed for item in watched):
            return True
        cursors = [Cursor(item.scope, item.sequence) for item in watched]
        places = feed.places(connection, cursors)
        if any(item.sequence > place.head for item, place in zip(watched, places, strict=True)):
            return True
        return any(feed.changes(connection, cursors, 0))
