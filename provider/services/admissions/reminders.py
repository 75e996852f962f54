"""Reminders of terms that end: at nine in the morning of the day before and of the last day, each given once.

A longer term (the stop list) is also reminded of a week before. Source: R-CAL-8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import Final

from sqlalchemy import text

from models.domain.admissions.case import Notice
from models.domain.admissions.states import State, TimerKind
from provider.services.admissions import applications, notices
from provider.services.admissions.applications import Held
from provider.services.admissions.department import Department, department
from provider.services.admissions.occasions import day_stamp, once
from provider.store.database import Database

HOUR: Final = time(9)
_BATCH: Final = 1_000
_FARTHEST: Final = timedelta(days=9)


@dataclass(frozen=True, slots=True)
class Stage:
    """When before the last day a reminder is due, and what it says."""

    name: str
    days: int
    code: str


STAGES: Final[Mapping[TimerKind, tuple[Stage, ...]]] = {
    TimerKind.INTEREST: (Stage("day-before", 1, "remind-interest"), Stage("last-day", 0, "remind-interest")),
    TimerKind.CONTRACT: (Stage("day-before", 1, "remind-contract"), Stage("last-day", 0, "remind-contract-last-day")),
    TimerKind.RESTORE: (
        Stage("week-before", 7, "remind-restore"),
        Stage("day-before", 1, "remind-restore"),
        Stage("last-day", 0, "remind-restore"),
    ),
    TimerKind.OFFER: (Stage("day-before", 1, "remind-offer"), Stage("last-day", 0, "remind-offer")),
    TimerKind.REFERRAL: (Stage("day-before", 1, "remind-referral"), Stage("last-day", 0, "remind-referral-last-day")),
    TimerKind.TEMP_END: (Stage("week-before", 7, "remind-temporary"), Stage("day-before", 1, "remind-temporary")),
}
_TENANTS: Final = text("SELECT DISTINCT tenant_id FROM application WHERE next_due BETWEEN :now AND :far ORDER BY 1")
_NEAR: Final = text(
    "SELECT id FROM application WHERE tenant_id = :tenant AND id > :after AND next_due BETWEEN :now AND :far "
    "ORDER BY id LIMIT :limit"
)
_GIVE: Final = text(
    "INSERT INTO reminder (application_id, kind, due, stage, at) SELECT n.id, n.kind, n.due, n.stage, :now "
    "FROM unnest(CAST(:ids AS bigint[]), CAST(:kinds AS text[]), CAST(:dues AS timestamptz[]), "
    "CAST(:stages AS text[])) AS n(id, kind, due, stage) ON CONFLICT DO NOTHING RETURNING application_id, kind, stage"
)


def remind_in_the_morning(database: Database, now: datetime) -> int:
    """Give each department's reminders of a day, once after nine of its morning; return how many."""
    with database.read() as connection:
        tenants = connection.execute(_TENANTS, {"now": now, "far": now + _FARTHEST}).scalars().all()
        known = [department(connection, tenant) for tenant in tenants]
    total = 0
    for one in known:
        local = now.astimezone(one.calendar.zone)
        if local.time() >= HOUR:
            stamp = day_stamp(local.date())
            total += once(database, one.tenant, "reminders", stamp, partial(_remind, database, one.tenant, now))
    return total


def remind(database: Database, now: datetime) -> int:
    """Give the reminders that are due and were not given yet; return how many.

    Of several stages that are due at once (after a pause, or for a term that began late) only the last is given. A
    term that began on the very day that a stage is for is not reminded of: its own message was just read.
    """
    with database.read() as connection:
        tenants = connection.execute(_TENANTS, {"now": now, "far": now + _FARTHEST}).scalars().all()
    return sum(_remind(database, tenant, now) for tenant in tenants)


def _remind(database: Database, tenant: int, now: datetime) -> int:
    total, after = 0, 0
    while True:
        with database.change() as unit:
            values = {"tenant": tenant, "after": after, "now": now, "far": now + _FARTHEST, "limit": _BATCH}
            ids = unit.connection.execute(_NEAR, values).scalars().all()
            if not ids:
                return total
            after = ids[-1]
            known = department(unit.connection, tenant)
            held = applications.lock(unit.connection, tenant, ids)
            wanted = [(own, kind, stage) for own in held.values() for kind, stage in _due(known, own, now)]
            if not wanted:
                continue
            given = unit.connection.execute(
                _GIVE,
                {
                    "now": now,
                    "ids": [own.row.id for own, _, _ in wanted],
                    "kinds": [kind.value for _, kind, _ in wanted],
                    "dues": [own.case.timers[kind].at for own, kind, _ in wanted],
                    "stages": [stage.name for _, _, stage in wanted],
                },
            )
            new = {(row.application_id, row.kind, row.stage) for row in given}
            told = [
                notices.Told(own.row, own.case, own.case, _notice(own, stage), now)
                for own, kind, stage in wanted
                if (own.row.id, kind.value, stage.name) in new
            ]
            notices.tell(unit, known, told)
            total += len(told)


def _due(known: Department, own: Held, now: datetime) -> list[tuple[TimerKind, Stage]]:
    """Return the stage of each of an application's terms that is due now: the last of those whose time has come."""
    found = []
    zone = known.calendar.zone
    local = now.astimezone(zone)
    for kind, term in own.case.timers.items():
        if kind not in STAGES or term.passed(now):
            continue
        if kind is TimerKind.CONTRACT and own.case.state is State.CONTRACT_ORG:
            continue  # the kindergarten's turn: the parent could do nothing
        days = (term.last_day(zone) - local.date()).days
        stages = [stage for stage in STAGES[kind] if days <= stage.days]
        if kind is TimerKind.TEMP_END and own.case.temp_until is not None:
            days = (own.case.temp_until - local.date()).days
            stages = [stage for stage in STAGES[kind] if 0 <= days <= stage.days]
        if not stages:
            continue
        stage = stages[-1]
        if days == stage.days and local.time() < HOUR:
            stages.pop()  # its hour has not come; one before it may still be missing
        began_today = own.row.state_since.astimezone(zone).date() == local.date()
        if stages and not began_today:
            found.append((kind, stages[-1]))
    return found


def _notice(own: Held, stage: Stage) -> Notice:
    until = own.case.temp_until
    return Notice(stage.code, {"until": until.isoformat()} if until is not None else {}, sms=True)
