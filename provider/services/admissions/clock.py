"""The clock of admissions: terms that have ended, in the order of their ends, each as of its own end.

After any pause everything comes out as if the clock had never stopped: a step is dated by the term that ended, and what
follows from it (a place offered to the next, a term that begins and ends in the meantime) takes its turn by its own
date. Source: R-CAL-5, R-CAL-6.
"""

from __future__ import annotations

import heapq
import logging
import random
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from models.domain.admissions import machine
from models.domain.admissions.case import Act, Case, EffectKind, Step, World
from models.domain.admissions.ranking import number_key
from models.domain.admissions.states import Actor, Mode, Programme, TimerKind
from models.domain.problems import Problem
from models.domain.working_days import YearNotLoaded
from provider.services.admissions import applications, audience, outside, places, steps, waiting, worlds
from provider.services.admissions.applications import Held
from provider.services.admissions.department import Department, department
from provider.services.admissions.outside import Outside, Taken
from provider.services.admissions.places import Delta
from provider.services.refusals import Refusal
from provider.store.changes import child_scope
from provider.store.database import Database, Unit

log = logging.getLogger(__name__)

BATCH: Final = 1_000
_FARTHEST_EAST: Final = timedelta(hours=14)  # no zone's day begins earlier
_TRIES: Final = 6
_TRANSIENT: Final = frozenset({"40001", "40P01", "55P03"})
_TENANTS: Final = text(
    "SELECT DISTINCT tenant_id FROM application WHERE next_due <= :now UNION "
    "SELECT p.tenant_id FROM placement p WHERE p.counted AND p.ends_on < :day ORDER BY 1"
)
_NEXT: Final = text(
    "SELECT id FROM application WHERE tenant_id = :tenant AND next_due <= :now AND NOT id = ANY(:stuck) "
    'ORDER BY next_due, length(number), number COLLATE "C" LIMIT :limit FOR UPDATE SKIP LOCKED'
)
_ENDED: Final = text(
    "SELECT id, application_id, child_id, group_id, mode, ends_on FROM placement "
    "WHERE tenant_id = :tenant AND counted AND ends_on < :today ORDER BY ends_on, id LIMIT :limit"
)
_COUNTED: Final = text("UPDATE placement SET counted = false WHERE id = ANY(:ids)")
_FREEING: Final = frozenset({EffectKind.RELEASE, EffectKind.VACATE})


@dataclass(slots=True)
class DueReport:
    """What a run did: steps taken, places given back after a child's last day, applications that could not go on."""

    steps: int = 0
    vacated: int = 0
    stuck: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    """Departments whose clock stopped: their rules or calendar cannot be read."""


def run_due(database: Database, now: datetime, limit: int | None = None, *, batch: int = BATCH) -> DueReport:
    """Carry out every term that has ended, at most ``limit`` applications, and return what was done.

    One transaction a batch. Any number of processes may run it at once: each takes applications that no other has
    locked. A step that cannot be taken (a calendar that lacks a year, a counter that contradicts it) leaves its
    application as it is, is told in the report and tried again by the next run; nobody else waits for it.
    """
    report = DueReport()
    with database.read() as connection:
        values = {"now": now, "day": (now + _FARTHEST_EAST).date()}
        tenants = connection.execute(_TENANTS, values).scalars().all()
    for tenant in tenants:
        try:
            _run_tenant(database, tenant, now, limit, batch, report)
        except (ValueError, LookupError, Refusal):
            log.exception("the clock of department %d stopped", tenant)
            report.failed.append(tenant)
    if report.stuck:
        log.error("%d applications could not go on; they are tried again by the next run", len(report.stuck))
    return report


def _run_tenant(
    database: Database, tenant: int, now: datetime, limit: int | None, batch: int, report: DueReport
) -> None:
    alone = 0  # how many applications to take one by one, to find the one that fails
    while limit is None or report.steps < limit:
        size = batch if limit is None else min(batch, limit - report.steps)
        size = 1 if alone else size
        alone = max(0, alone - 1)
        attempt = _Attempt(database, tenant, now, size, report)
        try:
            if not attempt.run():
                break
        except (LookupError, Refusal, IntegrityError):
            if len(attempt.ids) > 1:
                alone = len(attempt.ids)
                continue
            log.exception("application %s cannot go on", attempt.ids)
            if not attempt.ids:
                raise
            report.stuck += attempt.ids
    report.vacated += vacate_ended(database, tenant, now)


def vacate_ended(database: Database, tenant: int, now: datetime, limit: int = BATCH) -> int:
    """Give back the places of children whose last day is over, and offer them; return how many.

    The kindergarten loses sight of a child with the day after the last one.
    """
    total = 0
    while True:
        done = _retry(lambda: _vacated(database, tenant, now, limit))
        total += done
        if done < limit:
            return total


class _Nothing(Exception):
    """There was nothing to do: the transaction is undone, because statements without rows count as changes too."""


def _retry(work: Callable[[], int]) -> int:
    """Return what ``work`` returns, run again after deadlocks and locks that it must not wait for."""
    for attempt in range(1, _TRIES + 1):
        try:
            return work()
        except DBAPIError as failure:
            if attempt == _TRIES or getattr(failure.orig, "sqlstate", "") not in _TRANSIENT:
                raise
            time.sleep(random.uniform(0.01, 0.04) * 2**attempt)  # noqa: S311 spreads rivals, guards nothing
    raise AssertionError("unreachable")


class _Attempt:
    """One batch, run again after deadlocks; ``ids`` are the applications that it took."""

    def __init__(self, database: Database, tenant: int, now: datetime, size: int, report: DueReport) -> None:
        self._database = database
        self._tenant = tenant
        self._now = now
        self._size = size
        self._report = report
        self.ids: list[int] = []
        self._stuck: list[int] = []

    def run(self) -> int:
        """Carry out the batch; return how many steps were taken or found impossible, 0 when nothing is left."""
        count = _retry(self._once)
        self._report.steps += count
        found = len(self._stuck) - len(self._report.stuck)
        self._report.stuck = list(self._stuck)
        return count + found

    def _once(self) -> int:
        self._stuck = list(self._report.stuck)
        count = 0
        with suppress(_Nothing), self._database.change() as unit:
            batch = _Batch(unit, self._tenant, self._now, self._stuck)
            self.ids = batch.take(self._size)
            count = batch.run(full=len(self.ids) == self._size)
            if not count:
                raise _Nothing
        return count


class _Batch:
    """The earliest ended terms of a department, in one transaction."""

    def __init__(self, unit: Unit, tenant: int, now: datetime, stuck: list[int]) -> None:
        self._unit = unit
        self._tenant = tenant
        self._now = now
        self._stuck = stuck
        self._held: dict[int, Held] = {}
        self._cases: dict[int, Case] = {}
        self._turns: list[tuple[datetime, tuple[int, str], int, str]] = []
        self._taken: list[Taken] = []
        self._entries: dict[int, int] = {}
        self._reloaded: set[int] = set()

    def take(self, size: int) -> list[int]:
        """Lock the earliest ``size`` applications and return their ids."""
        values = {"tenant": self._tenant, "now": self._now, "stuck": self._stuck, "limit": size}
        ids = list(self._unit.connection.execute(_NEXT, values).scalars())
        self._held = applications.lock(self._unit.connection, self._tenant, ids)
        return ids

    def run(self, *, full: bool) -> int:
        """Carry out the steps of what was taken and return how many; ``full`` says that others may come after."""
        if not self._held:
            return 0
        known = department(self._unit.connection, self._tenant)
        for own in self._held.values():
            self._cases[own.row.id] = own.case
            self._queue(own.row.id)
        # Beyond the last of a full batch others come before what this one would add.
        horizon = self._horizon() if full else self._now
        waited = self._waited_for()
        count = 0
        while self._turns and self._turns[0][0] <= horizon:
            _at, _number, application_id, kind = heapq.heappop(self._turns)
            if not self._fire(known, application_id, TimerKind(kind)):
                continue
            count += 1
            if self._frees(self._taken[-1].step) & waited:
                self._carry_out(known)
                waited = self._waited_for()
        self._carry_out(known)
        return count

    def _horizon(self) -> datetime:
        """Return the last of the first ends of each application; whoever has no end at all is told as stuck."""
        first: dict[int, datetime] = {}
        for at, _number, application_id, _kind in self._turns:
            first[application_id] = min(at, first.get(application_id, at))
        return max(first.values(), default=self._now)

    def _queue(self, application_id: int) -> None:
        case = self._cases[application_id]
        if not any(term.passed(self._now) for term in case.timers.values()) and application_id not in self._reloaded:
            log.error("application %s: its row names a term that has not ended", case.number)
            self._stuck.append(application_id)
        for term, _case, kind in machine.due([case], self._now):
            turn = (machine.fired_at(term), number_key(case.number), application_id, kind.value)
            heapq.heappush(self._turns, turn)

    def _fire(self, known: Department, application_id: int, kind: TimerKind) -> bool:
        case = self._cases[application_id]
        if kind not in case.timers or not case.timers[kind].passed(self._now):
            return False  # another term's end has stopped it
        own = self._held[application_id]
        at = machine.fired_at(case.timers[kind])
        rules = known.rules(Programme(case.programme), at)
        try:
            step = machine.expire(case, kind, self._world(own, kind), rules, known.calendar)
        except YearNotLoaded as missing:
            log.warning("application %s: no calendar of %d", case.number, missing.year)
            self._stuck.append(application_id)
            return False
        if isinstance(step, Problem):
            log.error("application %s: %s of %s: %s", case.number, kind.value, case.state.value, step.code)
            self._stuck.append(application_id)
            return False
        act = Act(kind.event, Actor.CLOCK)
        self._taken.append(Taken(own, step, act, steps.CLOCK, at))
        self._cases[application_id] = step.case
        if any(effect.kind is EffectKind.ENTRY_DROP for effect in step.effects):
            self._entries[application_id] = self._entries.get(application_id, 1) - 1
        started = {timer: term for timer, term in step.case.timers.items() if case.timers.get(timer) != term}
        for timer, term in started.items():
            if term.passed(self._now):
                turn = (machine.fired_at(term), number_key(case.number), application_id, timer.value)
                heapq.heappush(self._turns, turn)
        return True

    def _world(self, own: Held, kind: TimerKind) -> World:
        connection, application_id = self._unit.connection, own.row.id
        if kind is TimerKind.OFFER:
            if application_id not in self._entries:
                self._entries[application_id] = worlds.entries(connection, application_id)
            return World(entries=self._entries[application_id])
        if kind is TimerKind.TEMP_END:
            return World(owner_returned=worlds.owner_returned(connection, application_id))
        return World(contract_sent=own.row.contract_sent)

    def _frees(self, step: Step) -> frozenset[int]:
        return frozenset(
            effect.group_id
            for effect in step.effects
            if effect.kind in _FREEING and effect.mode is Mode.PERMANENT and effect.group_id is not None
        )

    def _waited_for(self) -> frozenset[int]:
        groups = {
            group
            for case in self._cases.values()
            for group in (case.group_id, case.placement_group_id)
            if group is not None
        }
        return waiting.waited_for(self._unit, self._tenant, groups)

    def _carry_out(self, known: Department) -> None:
        """Write what was decided so far, offer what became free, and let those who were offered take their turns."""
        if not self._taken:
            return
        at = self._taken[-1].at
        done = outside.carry_out(self._unit, known, self._taken)
        self._taken = []
        self._held |= done.rows
        offered = steps.settle(self._unit, known, done, at)
        self._reload(offered)

    def _reload(self, ids: Iterable[int]) -> None:
        for application_id, own in applications.lock(self._unit.connection, self._tenant, ids).items():
            self._reloaded.add(application_id)
            self._held[application_id] = own
            self._cases[application_id] = own.case
            self._turns = [turn for turn in self._turns if turn[2] != application_id]
            heapq.heapify(self._turns)
            self._queue(application_id)


def _vacated(database: Database, tenant: int, now: datetime, limit: int) -> int:
    count = 0
    with suppress(_Nothing):
        count = _vacate(database, tenant, now, limit)
    return count


def _vacate(database: Database, tenant: int, now: datetime, limit: int) -> int:
    with database.change() as unit:
        known = department(unit.connection, tenant)
        today = known.calendar.local_day(now)
        values = {"tenant": tenant, "today": today, "limit": limit}
        ended = unit.connection.execute(_ENDED, values).all()
        if not ended:
            raise _Nothing
        rows = applications.lock(unit.connection, tenant, {row.application_id for row in ended})
        # once more under the locks: another process may have been here
        ended = [row for row in unit.connection.execute(_ENDED, values) if row.application_id in rows]
        if not ended:
            raise _Nothing
        before = audience.narrow_scopes(unit.connection, [held.row for held in rows.values()])
        unit.connection.execute(_COUNTED, {"ids": [row.id for row in ended]})
        deltas: dict[tuple[int, Mode], list[Delta]] = {}
        freed = Outside()
        for row in ended:
            until: date | None = row.ends_on if row.mode == Mode.TEMPORARY else None
            deltas.setdefault((row.group_id, Mode(row.mode)), []).append(Delta(occupied=-1, until=until))
            unit.changes.live(tenant, child_scope(row.child_id), "placement", row.id)
            if row.mode == Mode.PERMANENT:
                freed.freed.append(row.group_id)
        places.change(unit, tenant, deltas, today)
        after = audience.narrow_scopes(unit.connection, [held.row for held in rows.values()])
        audience.note(unit, tenant, [held.row for held in rows.values()], before, after)
        steps.settle(unit, known, freed, now)
    return len(ended)
