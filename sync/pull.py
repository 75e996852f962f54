"""Reading what is new: pages after the cursors of all kept scopes, each answer applied in one transaction.

A page, its cursor, its digests and the leases are one commit. Only an answer whose pages are all complete is a
consistent cut; until then the cache is marked as catching up.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from models.cache import outbox as table
from models.cache.apply import apply_page, digests, sum_again, wipe_scope
from models.cache.store import set_local
from models.cache.tables import WireError
from models.contract.messages import GrantedScope, PullAnswer, PullRequest, ScopePage, ScopeRef
from models.contract.outcomes import Status
from models.contract.records import BY_TABLE
from models.contract.version import SCHEMA
from models.domain.problems import Problem
from sync import scopes
from sync.bootstrap import bootstrap
from sync.failpoints import reach
from sync.failures import forget_failures
from sync.integrity import audit, repair
from sync.link import Link
from sync.push import check_epoch
from sync.transport import Refused, Unexpected

log = logging.getLogger(__name__)

CATCHING_UP = "catching-up"


@dataclass(slots=True)
class Pulled:
    """What a run of reading did."""

    rows: int = 0
    complete: bool = False
    sequence: int = 0
    changed: set[str] = field(default_factory=set)
    repaired: set[str] = field(default_factory=set)


def pull(
    link: Link,
    changed: Callable[[frozenset[str]], None],
    progress: Callable[[str, int, int], None],
    cancelled: Callable[[], bool],
) -> Pulled:
    """Bring the cache up to date; returns what came.

    Raises TransportError and what :class:`Link` raises; what was applied before stays applied.
    """
    store = link.profile.store
    done = Pulled()
    while not cancelled():
        kept = store.peek(scopes.kept)
        loaded = False
        for scope in kept:
            wide = scope.ref.key == scopes.WIDE and scope.state == scopes.NEW
            if wide or scope.state == scopes.LOADING:
                loaded = True
                try:
                    bootstrap(link, scope, changed, progress, cancelled)
                except Refused as refusal:
                    if refusal.status != 403:
                        raise
                    log.info("scope %s is no longer granted; the pull will say so", scope.ref)
                if cancelled():
                    return done
        if loaded:
            kept = store.peek(scopes.kept)
        request = PullRequest(
            epoch=link.identity.epoch,
            schema=SCHEMA,
            device=link.identity.device_id,
            cursors=[scope.cursor for scope in kept],
        )
        try:
            answer = link.post("/sync/pull", request, PullAnswer)
        except Refused as refusal:
            if refusal.status != 410:
                raise
            start_again(link)
            continue
        check_epoch(link, answer.epoch)
        more = _apply(link, kept, answer, done)
        if done.changed:
            changed(frozenset(done.changed))
            done.changed.clear()
        if not more:
            _settle(link)
            if not audit(link):
                done.complete = True
                break
        progress("pull", done.rows, 0)
    return done


def start_again(link: Link) -> None:
    """Load every scope anew over what is here: the provider has forgotten deletions that we have not seen."""
    log.warning("the cursors are too old; the scopes are loaded again")
    with link.profile.store.write() as connection:
        connection.execute("UPDATE scope SET state = ?, loading = '', sequence = 0, tag = ''", (scopes.LOADING,))
        connection.execute("DELETE FROM history")


def _apply(link: Link, kept: list[scopes.Scope], answer: PullAnswer, done: Pulled) -> bool:
    """Apply one answer in one transaction; returns whether another has to follow."""
    store = link.profile.store
    by_ref = {scope.ref: scope for scope in kept}
    asked = {scope.ref for scope in kept}
    if not _answers(answer, by_ref):
        raise Unexpected(Problem("unexpected-answer"))
    unsent = bool(store.peek(table.unsent))
    mismatched: list[tuple[scopes.Scope, str]] = []
    now = answer.server_time
    # What the provider has comes again after a loss of power (docs/decisions). What concerns work of ours that is not
    # settled, or access that was given or taken, must not be undone.
    lasting = bool(unsent) or store.peek(table.unsettled) or {one.scope for one in answer.granted} != asked
    with store.write(durable=lasting) as connection:
        try:
            for page in answer.pages:
                scope = by_ref[page.scope]
                done.changed |= apply_page(connection, scope.id, page, reach)
                done.rows += sum(len(rows.sequences) for rows in page.rows)
                done.rows += sum(len(gone.ids) for gone in page.deletions)
                if page.complete:
                    mismatched += [(scope, name) for name in _differences(connection, scope, page)]
        except WireError as error:
            log.error("a page could not be read: %s", error)
            raise Unexpected(Problem("unexpected-answer")) from error
        scopes.complete(connection, [by_ref[page.scope].id for page in answer.pages if page.complete], now)
        new = scopes.grant(connection, answer.granted, link.clock())
        for ref in _revoked(answer, kept):
            if unsent:
                log.warning("a scope was revoked; its rows stay until what waits has been sent or shown")
                continue
            done.changed |= wipe_scope(connection, by_ref[ref].id)
        scopes.see(connection, link.clock())
        more = new or any(not page.complete for page in answer.pages) or not asked
        set_local(connection, CATCHING_UP, "1" if more or mismatched else "")
        set_local(connection, "epoch", answer.epoch)
        set_local(connection, "contact", now.isoformat())
        forget_failures(connection)
        if not more and not mismatched:
            set_local(connection, "synced", link.clock().isoformat())
    done.sequence = max((page.sequence for page in answer.pages), default=done.sequence)
    for scope, name in mismatched:
        done.repaired.add(name)
        done.changed.add(name)
        more = repair(link, scope, name) or more
    return more


def _answers(answer: PullAnswer, asked: dict[ScopeRef, scopes.Scope]) -> bool:
    """Return whether this is the answer to what was asked, and not one to an earlier question that comes again."""
    if {page.scope for page in answer.pages} | set(answer.revoked) != asked.keys():
        return False
    return all(page.sequence >= asked[page.scope].sequence for page in answer.pages)


def _differences(connection: object, scope: scopes.Scope, page: ScopePage) -> list[str]:
    """Return tables whose count or digest is not the provider's, after summing ours up again."""
    ours = digests(connection, scope.id)
    theirs = {digest.table: digest for digest in page.digests if digest.table in BY_TABLE}
    found = []
    for name in sorted(ours.keys() | theirs.keys()):
        mine, other = ours.get(name), theirs.get(name)
        if mine == other:
            continue
        mine = sum_again(connection, scope.id, name)
        if (mine.count, mine.digest) != ((other.count, other.digest) if other else (0, "0")):
            log.error("scope %s, table %s: %s here, %s at the provider", scope.ref, name, mine, other)
            found.append(name)
    return found


def _revoked(answer: PullAnswer, kept: list[scopes.Scope]) -> list[ScopeRef]:
    """Return kept scopes that are no longer granted."""
    granted = {one.scope for one in answer.granted}
    listed = set(answer.revoked)
    return [scope.ref for scope in kept if scope.ref in listed or (granted and scope.ref not in granted)]


def _settle(link: Link) -> None:
    """Record outcomes that came as rows: applied commands are settled, the others wait for a person."""
    news = link.profile.store.peek(table.news)
    link.profile.outbox.answered([one for one in news if one.status is Status.APPLIED], settled=True)
    link.profile.outbox.answered([one for one in news if one.status is not Status.APPLIED])


def keep(link: Link, granted: list[GrantedScope]) -> None:
    """Note what signing in granted, so that the first pull asks for it."""
    with link.profile.store.write() as connection:
        scopes.grant(connection, granted, link.clock())
        scopes.see(connection, link.clock())
