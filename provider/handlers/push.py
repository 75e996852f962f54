"""A batch of commands: each applied exactly once, whatever was sent before, and answered one by one.

Commands run in small groups, one transaction a group, because a commit costs more than a command. Whenever anything in
a group fails, all of it is undone and each command runs again in a transaction of its own, so none sees another's
failure. Either way a command's claim, effects, outcome and change records are one transaction (docs/sync.md, I2).
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final, NamedTuple, TypeVar

import msgspec
from sqlalchemy.exc import DBAPIError

from models.contract.commands import KINDS, Command
from models.contract.messages import PushAnswer, PushRequest
from models.contract.outcomes import CommandOutcome, Status
from models.domain.problems import Problem
from models.domain.working_days import YearNotLoaded
from provider.handlers import HANDLERS, TOGETHER
from provider.handlers.arrived import Arrived, read_signed, understand
from provider.handlers.context import HandlerContext
from provider.services.refusals import Refusal, refuse
from provider.store import commands as store
from provider.store import devices
from provider.store.database import Database, Unit
from provider.store.failpoints import reach
from provider.store.grants import Access, access, cash_tenant, tenants

T = TypeVar("T")
log = logging.getLogger(__name__)

GROUP: Final = 50
_TRIES: Final = 6
_TRANSIENT: Final = frozenset({"40001", "40P01", "55P03"})  # serialization, deadlock, lock time-out
_SERVER_ERROR: Final = Problem("server-error")

DOCUMENT_MISSING: Final = "blob-missing"
"""A refusal with this code holds a command: a document that it names has not arrived yet (provider.api.blobs)."""

COMPLETED_YEAR: Final = "calendar_year"
"""In the result of a command: the year whose working days are entered now. Commands wait for it on any device."""


class _Forked(Exception):
    """The device's history contradicts the provider's; the quarantine is committed, the batch ends."""


def push(database: Database, user: int, device: int, request: PushRequest, clock: Callable[[], datetime]) -> PushAnswer:
    """Return the outcomes of a batch, in its order.

    Raises ``Refusal``: ``device-forked`` (409) for a device whose history contradicts the provider's, ``no-access``
    (403) for a batch of another device.
    """
    if request.device != device:
        raise refuse("no-access", status=403)
    now = clock()
    with database.read() as connection:
        state = devices.state(connection, device)
    if state is None:
        raise refuse("device-revoked", status=403)
    if state.quarantined:
        raise refuse("device-forked", status=409)
    if request.epoch and request.epoch != state.epoch:
        raise refuse("server-restored", status=409)
    read = [read_signed(signed, device, state.public_key) for signed in request.commands]
    good = [item for item in read if isinstance(item, Arrived)]
    outcomes: dict[int, CommandOutcome] = {}
    run = _Run(database, user, device, now)
    for position, item in enumerate(read):
        if not isinstance(item, Arrived):
            outcomes[position] = item
            run.alarm("bad-signature", item.command_id)
    positions = [position for position, item in enumerate(read) if isinstance(item, Arrived)]
    for start in range(0, len(good), GROUP):
        for offset, outcome in enumerate(run.group(good[start : start + GROUP])):
            outcomes[positions[start + offset]] = outcome
    failed = {outcome.command_id for outcome in outcomes.values() if _SERVER_ERROR in outcome.problems}
    run.release([item.command.id for item in good], failed)
    with database.engine.begin() as connection:
        devices.sent(connection, device, now, request.waiting, request.waiting_minor)
    reach("after_commit_before_reply")
    return PushAnswer([outcomes[position] for position in range(len(read))], state.epoch, clock())


def sweep(database: Database, clock: Callable[[], datetime]) -> int:
    """Carry out held commands that need wait no longer, of every device; return how many were settled."""
    with database.read() as connection:
        waiting = devices.with_held_commands(connection)
    return sum(_Run(database, user, device, clock()).release([]) for device, user in waiting)


def frees_others(answered: PushAnswer) -> bool:
    """Return whether held commands of other devices may go on now: a year of a working calendar was completed."""
    return any(COMPLETED_YEAR in (outcome.result or {}) for outcome in answered.outcomes)


def release(database: Database, user: int, device: int, clock: Callable[[], datetime]) -> int:
    """Carry out the held commands of one device that need wait no longer, as when a document has come; return how many
    were settled."""
    return _Run(database, user, device, clock()).release([])


class _Places(NamedTuple):
    """Where a user may act: accounts by id, and those of the asked education departments in which they have a right."""

    accounts: dict[int, Access]
    departments: frozenset[int]


class _Run:
    """The work of one request for one device."""

    def __init__(self, database: Database, user: int, device: int, now: datetime) -> None:
        self._database = database
        self._user = user
        self._device = device
        self._now = now
        self._memo: dict[Any, Any] = {}

    def group(self, items: Sequence[Arrived]) -> list[CommandOutcome]:
        """Return the outcomes of commands, tried together and, if that fails, one by one."""
        try:
            return self._together(items)
        except (Refusal, DBAPIError) as failure:
            log.info("a group of %d commands runs one by one: %s", len(items), type(failure).__name__)
        except _Forked:
            raise refuse("device-forked", status=409) from None
        except Exception:
            log.exception("a handler failed; the group's %d commands run one by one", len(items))
        return [self._alone(item) for item in items]

    def release(self, after: Sequence[str], failed: Collection[str] = ()) -> int:
        """Carry out held commands whose turn has come, but not those that failed just now; return how many."""
        count = 0
        tried = set(failed)
        while True:
            with self._database.read() as connection:
                rows = store.releasable(connection, self._device, after)
            rows = [row for row in rows if row.id not in tried]
            if not rows:
                return count
            for row in rows:
                tried.add(row.id)
                read = understand(msgspec.json.decode(row.body, type=Command), bytes(row.body), "")
                count += self._released(row.device_id, row.user_id, read)
            after = [row.id for row in rows]

    def alarm(self, kind: str, command_id: str) -> None:
        """Tell the provider's people about a command."""
        with self._database.engine.begin() as connection:
            store.note(connection, self._now, kind, self._device, command_id)

    def _together(self, items: Sequence[Arrived]) -> list[CommandOutcome]:
        def work() -> list[CommandOutcome]:
            with self._database.change() as unit:
                return self._carry_out(unit, items)

        done = self._retry(work)
        if len(done) < len(items):
            raise _Forked
        return done

    def _alone(self, item: Arrived) -> CommandOutcome:
        problem: Problem
        try:
            return self._together([item])[0]
        except _Forked:
            raise refuse("device-forked", status=409) from None
        except Refusal as refusal:
            problem = refusal.problem
            if problem.code == DOCUMENT_MISSING:
                # Undone, so nothing of it is written: it waits for its document and sounds no alarm.
                return self._retry(lambda: self._keep(item, Status.HELD, problem))
            status = Status.REFUSED
        except DBAPIError as failure:
            if failure.connection_invalidated or _is_transient(failure):
                raise
            log.exception("command %s failed in the database", item.command.id)
            problem, status = _SERVER_ERROR, Status.HELD
        except YearNotLoaded as missing:
            log.error("command %s needs a calendar of %d", item.command.id, missing.year)
            problem, status = Problem("year-not-loaded", values={"year": missing.year}), Status.HELD
        except Exception:
            log.exception("command %s failed", item.command.id)
            problem, status = _SERVER_ERROR, Status.HELD
        if status is Status.REFUSED and item.payload is not None and item.payload.MONEY:
            status = Status.SUSPENSE  # cash that was taken is never refused; a person looks at the alarm
        if status is not Status.REFUSED:
            self.alarm("command-failed" if status is Status.HELD else "money-unbooked", item.command.id)
        return self._retry(lambda: self._keep(item, status, problem))

    def _keep(self, item: Arrived, status: Status, problem: Problem) -> CommandOutcome:
        """Store a command with an outcome and no effects."""
        with self._database.change() as unit:
            claimed = store.claim(unit.connection, self._device, self._now, [item.incoming])[0]
            if claimed.verdict == "reissued":
                store.show(unit, self._device, [item.command.id])
            if claimed.outcome is not None:
                return claimed.outcome
            settled = store.Settled(item.command.id, item.command.n, 0, status, (problem,))
            store.settle(unit, self._device, self._now, [settled])
            return _outcome(settled, self._now)

    def _carry_out(self, unit: Unit, items: Sequence[Arrived]) -> list[CommandOutcome]:
        """Claim, run and settle commands in one transaction; fewer outcomes when the device turns out to be forked."""
        claims = store.claim(unit.connection, self._device, self._now, [item.incoming for item in items])
        reach("after_claim")
        if claims[-1].verdict == "forked":
            claims.pop()
        places = self._places(unit, items)
        self._memo = {}
        fates: dict[str, CommandOutcome] = {}
        settled: dict[str, store.Settled] = {}
        ready: list[tuple[Arrived, HandlerContext]] = []

        def settle(done: store.Settled) -> None:
            settled[done.command_id] = done
            fates[done.command_id] = _outcome(done, self._now)

        def run() -> None:
            for done in self._run(unit, ready):
                settle(done)
            ready.clear()

        for item, claimed in zip(items, claims, strict=False):
            command = item.command
            if claimed.outcome is not None:
                fates.setdefault(command.id, claimed.outcome)
            elif claimed.verdict == "id-reused":
                fates.setdefault(
                    command.id, CommandOutcome(command.id, Status.REFUSED, [Problem("id-reused")], at=self._now)
                )
            else:
                if ready and (command.depends_on or command.kind != ready[0][0].command.kind):
                    run()
                prepared = self._prepare(unit, item, claimed, places, fates)
                if isinstance(prepared, store.Settled):
                    settle(prepared)
                else:
                    ready.append((item, prepared))
        run()
        store.settle(unit, self._device, self._now, [settled[i.command.id] for i in items if i.command.id in settled])
        again = [item.command.id for item, one in zip(items, claims, strict=False) if one.verdict == "reissued"]
        store.show(unit, self._device, again)
        return [fates[item.command.id] for item, _ in zip(items, claims, strict=False)]

    def _places(self, unit: Unit, items: Sequence[Arrived]) -> _Places:
        accounts = access(unit.connection, self._user, {item.account for item in items} - {0})
        return _Places(accounts, tenants(unit.connection, self._user, {item.department for item in items} - {0}))

    def _prepare(
        self,
        unit: Unit,
        item: Arrived,
        claimed: store.Claim,
        places: _Places,
        fates: dict[str, CommandOutcome],
    ) -> store.Settled | HandlerContext:
        """Return the outcome of a command that may not run, or what its handler is given."""
        command, payload = item.command, item.payload
        rights = places.accounts.get(item.account)
        tenant = rights.tenant if rights is not None and (rights.allowed or rights.once_office) else 0
        if item.department in places.departments:
            tenant = item.department
        status, problem = _verdict(command, claimed, fates)
        if status is None and command.actor != self._user:
            status, problem = Status.REFUSED, "no-access"
        elif status is None and payload is None:
            money = command.kind in KINDS and KINDS[command.kind].MONEY
            status = Status.SUSPENSE if money else Status.REFUSED
            problem = "field-invalid" if command.kind in KINDS else "unknown-kind"
            if money:
                store.note(unit.connection, self._now, "money-unbooked", self._device, command.id)
        elif status is None and payload is not None and payload.MONEY:
            staff = rights is not None and rights.once_office
            if not staff and not cash_tenant(unit.connection, self._user):  # nobody took cash for a provider here
                status, problem = Status.REFUSED, "not-allowed"
        elif status is None and _shut_out(item, rights, tenant):
            status, problem = Status.REFUSED, "no-access"
        if status is not None:
            return store.Settled(command.id, command.n, tenant, status, (Problem(problem),))
        occurred, suspect = item.happened(self._now)
        return HandlerContext(
            unit=unit,
            device=self._device,
            user=self._user,
            tenant=tenant,
            command=command,
            received_at=self._now,
            occurred_at=occurred,
            clock_suspect=suspect,
            access=rights,
            memo=self._memo,
        )

    def _run(self, unit: Unit, ready: Sequence[tuple[Arrived, HandlerContext]]) -> Iterator[store.Settled]:
        """Run the handlers of commands of one kind, all at once where the kind can."""
        if not ready:
            return
        kind = ready[0][0].command.kind
        together = TOGETHER.get(kind)
        before = unit.changes.changed_by
        try:
            if together is not None and len(ready) > 1:
                unit.changes.changed_by = ""  # rows of several commands; those that matter carry their command's id
                results = together([(context, item.payload) for item, context in ready])
            else:
                results = []
                for item, context in ready:
                    unit.changes.changed_by = item.command.id
                    results.append(HANDLERS[kind](context, item.payload))
        finally:
            unit.changes.changed_by = before
        for (item, context), result in zip(ready, results, strict=True):
            command = item.command
            yield store.Settled(
                command.id, command.n, context.tenant, result.status, result.problems, dict(result.values)
            )

    def _released(self, device: int, user: int, item: Arrived) -> int:
        """Carry out one held command of a device; return 1 when it is settled now."""
        run = _Run(self._database, user, device, self._now)
        try:
            return self._retry(lambda: run._settle_held(item, None))
        except Refusal as refusal:
            if refusal.problem.code == DOCUMENT_MISSING:
                return 0
            return self._retry(partial(run._settle_held, item, refusal.problem))
        except YearNotLoaded as missing:
            log.info("held command %s waits for a calendar of %d", item.command.id, missing.year)
            return 0
        except Exception:
            log.exception("held command %s failed", item.command.id)
            return 0

    def _settle_held(self, item: Arrived, refused: Problem | None) -> int:
        with self._database.change() as unit:
            fate = store.take_held(unit.connection, self._device, item.command.id)
            if not fate:
                return 0
            if refused is None:
                places = self._places(unit, [item])
                claimed = store.Claim(fate, "depends-on-refused" if fate == "refused" else "")
                prepared = self._prepare(unit, item, claimed, places, {})
                done = prepared if isinstance(prepared, store.Settled) else next(self._run(unit, [(item, prepared)]))
            else:
                money = item.payload is not None and item.payload.MONEY
                status = Status.SUSPENSE if money else Status.REFUSED
                done = store.Settled(item.command.id, item.command.n, 0, status, (refused,))
            store.settle(unit, self._device, self._now, [done])
            store.show_to_others(unit, self._device, done.command_id)
        return 1

    def _retry(self, work: Callable[[], T]) -> T:
        """Return what ``work`` returns, run again after deadlocks and lock time-outs."""
        for attempt in range(1, _TRIES + 1):
            try:
                return work()
            except DBAPIError as failure:
                if attempt == _TRIES or not _is_transient(failure):
                    raise
                time.sleep(random.uniform(0.005, 0.02) * 2**attempt)  # noqa: S311 spreads rivals, guards nothing
        raise AssertionError("unreachable")


def _shut_out(item: Arrived, rights: Access | None, tenant: int) -> bool:
    """Return whether a command is about an account or for a department in which its user has no right."""
    if item.account and (rights is None or not rights.allowed):
        return True
    return item.department != 0 and tenant != item.department


def _verdict(command: Command, claimed: store.Claim, fates: dict[str, CommandOutcome]) -> tuple[Status | None, str]:
    """Return the status and problem of a command that has to wait or cannot be, (None, "") when it may run."""
    needed = {fates[need].status for need in command.depends_on if need in fates}
    if claimed.verdict == "held":
        return Status.HELD, claimed.reason
    if claimed.verdict == "refused":
        return Status.REFUSED, claimed.reason
    if Status.HELD in needed:
        return Status.HELD, "waits-for-another"
    if needed & {Status.REFUSED, Status.CONFLICT}:
        return Status.REFUSED, "depends-on-refused"
    return None, ""


def _outcome(settled: store.Settled, at: datetime) -> CommandOutcome:
    return CommandOutcome(settled.command_id, settled.status, list(settled.problems), settled.result or {}, at)


def _is_transient(failure: DBAPIError) -> bool:
    return getattr(failure.orig, "sqlstate", "") in _TRANSIENT
