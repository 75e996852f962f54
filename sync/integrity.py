"""Putting a table right that differs from the provider's: only the parts that differ, and never by asking a person."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial

import msgspec

from models.cache.apply import apply_rows, bucket_digests, digests, remove_rows, sum_again
from models.cache.driver import Connection
from models.cache.store import get_local, set_local
from models.cache.tables import WireError
from models.contract.codec import add_digest
from models.contract.messages import RepairRequest, ScopePage, VerifyAnswer, VerifyRequest
from models.contract.records import BY_TABLE
from models.domain.problems import Problem
from sync import scopes
from sync.link import Link
from sync.transport import Unexpected

log = logging.getLogger(__name__)

AGAIN_WITHIN = timedelta(days=1)
_BUCKETS = 256
_AUDITED = "audited"


def repair(link: Link, scope: scopes.Scope, table: str) -> bool:
    """Replace the buckets of a table that differ; returns True, since another pull has to confirm it.

    A second mismatch of the same table within a day replaces the whole table. A third one waits for the next day, so
    that a fault at the provider does not make every client load for ever; it is logged as an error.
    """
    store = link.profile.store
    times = store.peek(lambda connection: _times(connection, scope, table, link.clock()))
    if times >= 3:
        log.error("scope %s, table %s differs again after it was replaced", scope.ref, table)
        return False
    wanted = list(range(_BUCKETS)) if times >= 1 else _differing(link, scope, table)
    log.warning("scope %s, table %s: replacing %d of %d buckets", scope.ref, table, len(wanted), _BUCKETS)
    if wanted:
        request = RepairRequest(link.identity.epoch, link.identity.device_id, scope.ref, table, wanted)
        page = link.post("/sync/repair", request, ScopePage)
        with store.write() as connection:
            _replace(connection, scope, table, wanted, page)
            _note(connection, scope, table, link.clock())
    return bool(wanted)


def audit(link: Link) -> bool:
    """Sum every kept table up again from its rows, once a day; returns whether a sum was wrong and was put right.

    The kept sums only follow changes; this finds rows that were changed or lost behind their back.
    """
    store = link.profile.store
    now = link.clock()
    last = store.peek(lambda connection: get_local(connection, _AUDITED))
    if not last:  # everything has just come
        with store.write() as connection:
            set_local(connection, _AUDITED, now.isoformat())
        return False
    if now - datetime.fromisoformat(last) < AGAIN_WITHIN:
        return False
    wrong = [
        (scope, table)
        for scope in store.peek(scopes.kept)
        for table in BY_TABLE
        if not store.peek(partial(_as_kept, scope=scope, table=table))
    ]
    with store.write() as connection:
        for scope, table in wrong:
            log.error("scope %s, table %s is not what was kept", scope.ref, table)
            sum_again(connection, scope.id, table)
        set_local(connection, _AUDITED, now.isoformat())
    return bool(wrong)


def _as_kept(connection: Connection, scope: scopes.Scope, table: str) -> bool:
    kept = digests(connection, scope.id).get(table)
    buckets = bucket_digests(connection, scope.id, table).values()
    count, digest = sum(bucket[0] for bucket in buckets), add_digest(0, *(bucket[1] for bucket in buckets))
    return (count, digest) == ((0, 0) if kept is None else (kept.count, int(kept.digest)))


def _differing(link: Link, scope: scopes.Scope, table: str) -> list[int]:
    request = VerifyRequest(link.identity.epoch, link.identity.device_id, scope.ref, table)
    theirs = link.post("/sync/verify", request, VerifyAnswer)
    if len(theirs.buckets) != _BUCKETS:
        raise Unexpected(Problem("unexpected-answer"))
    ours = link.profile.store.peek(lambda connection: bucket_digests(connection, scope.id, table))
    return [
        number
        for number, digest in enumerate(theirs.buckets)
        if ours.get(number, (0, 0)) != (digest.count, int(digest.digest))
    ]


def _replace(connection: Connection, scope: scopes.Scope, table: str, wanted: list[int], page: ScopePage) -> None:
    """Make the buckets what the page says; rows that changed after our cursor simply come again."""
    rows = next((one for one in page.rows if one.table == table), None)
    sent: set[int] = set()
    if rows is not None:
        sent = {int(bytes(row[0])) for row in msgspec.json.decode(rows.rows, type=list[list[msgspec.Raw]])}
        try:
            apply_rows(connection, scope.id, rows, force=True)
        except WireError as error:
            raise Unexpected(Problem("unexpected-answer")) from error
    chosen = set(wanted)
    kept = connection.execute(
        f'SELECT id FROM "{table}" WHERE _scope = ? UNION SELECT id FROM extra WHERE tbl = ? AND scope = ?',  # noqa: S608
        (scope.id, table, scope.id),
    )
    gone = [row[0] for row in kept if row[0] % _BUCKETS in chosen and row[0] not in sent]
    remove_rows(connection, scope.id, table, gone)
    sum_again(connection, scope.id, table)


def _key(scope: scopes.Scope, table: str) -> str:
    return f"repaired:{scope.id}:{table}"


def _times(connection: Connection, scope: scopes.Scope, table: str, now: datetime) -> int:
    """Return how often a table was repaired within the last day."""
    text = get_local(connection, _key(scope, table))
    if not text:
        return 0
    at, count = text.split("|")
    return int(count) if now - datetime.fromisoformat(at) < AGAIN_WITHIN else 0


def _note(connection: Connection, scope: scopes.Scope, table: str, now: datetime) -> None:
    count = _times(connection, scope, table, now) + 1
    first = get_local(connection, _key(scope, table)).split("|")[0] if count > 1 else now.isoformat()
    set_local(connection, _key(scope, table), f"{first}|{count}")
