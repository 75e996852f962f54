"""Days off and extra working days, and the terms that run while they change.

A term that runs when a day off is added ends later, never earlier, and its family is told. One that holds somebody
back (the stop list of missed referrals) stays as it was announced. Source: R-CAL-5, R-ADM-23.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from models.contract.admission_commands import SetCalendarDay
from models.contract.admission_records import CalendarDay
from models.domain.admissions.case import Case, Notice
from models.domain.admissions.effects import is_voucher_programme
from models.domain.admissions.reasons import Reason
from models.domain.admissions.states import Programme, TimerKind
from models.domain.working_days import Deadline, WorkingCalendar, YearNotLoaded
from provider.services import audit
from provider.services.admissions import applications, audience, notices
from provider.services.admissions.applications import Held
from provider.services.admissions.authority import must_be_officer
from provider.services.admissions.department import Department
from provider.services.admissions.department import department as load
from provider.services.admissions.journal import Line, write_history
from provider.services.admissions.rights import Rights
from provider.services.admissions.words import names
from provider.services.refusals import refuse
from provider.store.changes import PUBLIC
from provider.store.database import Unit
from provider.store.rows import fetch
from provider.store.tables_admissions import calendar_day, calendar_year, referral

_LOCK: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('calendar:' || :tenant, 0))")
_RUNNING: Final = text("SELECT id FROM application WHERE tenant_id = :tenant AND next_due IS NOT NULL ORDER BY id")
_REFERRAL: Final = text(
    "SELECT id FROM referral WHERE application_id = :id AND mode = 'permanent' AND state IN ('valid', 'extended') "
    "AND valid_until < :until"
)
_BATCH: Final = 2_000
EVENT: Final = "calendar-change"
"""What history calls it: no step of the machine, the state stays."""
_HOLDS_BACK: Final = frozenset({TimerKind.UNBLOCK})
_CALENDAR_DAYS: Final = frozenset({TimerKind.RESTORE})
_OFFICES_OWN: Final = frozenset({TimerKind.ORG_SLA, TimerKind.ACTIVATE_SLA})


@dataclasses.dataclass(frozen=True, slots=True)
class Changed:
    """What a change of the calendar did: its new version, and how many applications' terms end later."""

    version: int
    moved: int


def set_day(unit: Unit, department: Department, payload: SetCalendarDay, own: Rights, now: datetime) -> Changed:
    """Make a day off or a working one, or as its weekday is again; move the running terms that it lies in.

    Days of a year that is not complete are prepared this way: no term runs into it, so nothing moves. Raises
    ``Refusal``: ``not-allowed``, ``day-passed``, ``calendar-year-missing`` (value ``year``) when a term would end in a
    year that is not complete, ``field-required`` for a day without a name.
    """
    must_be_officer(own)
    tenant, day = department.tenant, payload.day
    today = department.calendar.local_day(now)
    if day < today:
        raise refuse("day-passed", "day", day=today.isoformat())
    hold_calendar(unit, tenant)
    before = load(unit.connection, tenant).calendar
    version = before.version + 1
    if payload.working is None:
        _forget(unit, tenant, day)
    else:
        _keep(unit, tenant, day, payload.working, names(payload.name, "name"), version)
    if day.year in before.years:
        _renew_year(unit, tenant, day.year, version)
    after = load(unit.connection, tenant)
    audit.note(
        unit.connection, now, "calendar-set", actor_id=own.user_id, subject=f"day:{day.isoformat()}", version=version
    )
    if day.year in before.years and before.is_working(day) and not after.calendar.is_working(day):
        return Changed(version, _move_terms(unit, after, before, day, own, now))
    return Changed(version, 0)


def hold_calendar(unit: Unit, tenant: int) -> None:
    """Let nobody else change a department's calendar until the transaction ends."""
    unit.connection.execute(_LOCK, {"tenant": str(tenant)})


def later(
    case: Case, old: WorkingCalendar, new: WorkingCalendar, day: date, *, roll: bool
) -> dict[TimerKind, Deadline]:
    """Return the terms of an application that end later because ``day`` became a day off, with their new ends.

    Raises ``YearNotLoaded`` when a term would end in a year that the calendar does not know.
    """
    found: dict[TimerKind, Deadline] = {}
    for kind, term in case.timers.items():
        if kind in _HOLDS_BACK:
            continue
        if kind is TimerKind.TEMP_END:
            moved = _temporary_end(case, new)
        elif kind in _CALENDAR_DAYS or (kind is TimerKind.REFERRAL and case.referral_extended):
            moved = _rolled(term, new) if roll else None
        elif kind is TimerKind.LEAVE:
            continue  # a day of return that was agreed, not a term
        else:
            moved = _counted(term, old, new, day)
        if moved is not None and moved.at > term.at:
            found[kind] = moved
    return found


def _counted(term: Deadline, old: WorkingCalendar, new: WorkingCalendar, day: date) -> Deadline | None:
    """Return the end of a term that has as many working days from ``day`` on as it had, in the new calendar."""
    last = term.last_day(old.zone)
    if last < day:
        return None
    before = day - timedelta(days=1)
    left = old.working_days_between(before, last)
    moved = new.working_day_after(before, left) if left else last
    if term.end_of_day:
        return new.end_of(moved)
    local = term.at.astimezone(new.zone)
    return Deadline(local.replace(year=moved.year, month=moved.month, day=moved.day, fold=1).astimezone(UTC))


def _rolled(term: Deadline, new: WorkingCalendar) -> Deadline:
    return new.end_of(new.first_working_from(term.last_day(new.zone)))


def _temporary_end(case: Case, new: WorkingCalendar) -> Deadline | None:
    if case.temp_until is None:
        return None
    return new.end_of(new.working_day_after(case.temp_until) - timedelta(days=1))


def _move_terms(unit: Unit, department: Department, old: WorkingCalendar, day: date, own: Rights, now: datetime) -> int:
    ids = unit.connection.execute(_RUNNING, {"tenant": department.tenant}).scalars().all()
    moved = 0
    for start in range(0, len(ids), _BATCH):
        held = applications.lock(unit.connection, department.tenant, ids[start : start + _BATCH])
        moved += _move(unit, department, old, day, list(held.values()), own, now)
    return moved


def _move(
    unit: Unit,
    department: Department,
    old: WorkingCalendar,
    day: date,
    batch: Sequence[Held],
    own: Rights,
    now: datetime,
) -> int:
    new = department.calendar
    rules = {programme: department.rules(programme, now) for programme in Programme}
    rows: list[Held] = []
    lines: list[Line] = []
    told: list[notices.Told] = []
    for held in batch:
        case = held.case
        running = {kind: term for kind, term in case.timers.items() if not term.passed(now)}
        try:
            roll = rules[case.programme].roll_calendar
            terms = later(dataclasses.replace(case, timers=running), old, new, day, roll=roll)
        except YearNotLoaded as missing:
            raise refuse("calendar-year-missing", "day", year=missing.year) from None
        if not terms:
            continue
        after = dataclasses.replace(case, timers={**case.timers, **terms})
        changed = held.after(after, now)
        rows.append(changed)
        before, moved = (
            {kind.value: ends[kind].at.isoformat() for kind in terms} for ends in (case.timers, after.timers)
        )
        lines.append(
            Line(changed.row, EVENT, "officer", reason=Reason(words=day.isoformat()), detail={"terms": [before, moved]})
        )
        families = {kind: term for kind, term in terms.items() if kind not in _OFFICES_OWN}
        if families:
            first = min(families.items(), key=lambda item: item[1].at)
            notice = Notice(
                "term-moved",
                {"due": first[1].shown(new.zone).isoformat(), "day": day.isoformat()},
                sms=is_voucher_programme(case.programme),
            )
            told.append(notices.Told(changed.row, after, case, notice, now, own.name))
        if TimerKind.REFERRAL in terms:
            until = terms[TimerKind.REFERRAL].last_day(new.zone)
            values = {"id": held.row.id, "until": until}
            for row_id in unit.connection.execute(_REFERRAL, values).scalars().all():
                unit.connection.execute(update(referral).where(referral.c.id == row_id).values(valid_until=until))
                audience.note_belonging(unit, department.tenant, changed.row, "referral", row_id)
    if rows:
        scopes = audience.narrow_scopes(unit.connection, [held.row for held in rows])
        applications.write(unit, rows)
        audience.note(unit, department.tenant, [held.row for held in rows], scopes, scopes)
        write_history(unit, department.tenant, lines, own, now)
        notices.tell(unit, department, told)
    return len(rows)


def _keep(unit: Unit, tenant: int, day: date, working: bool, name: dict[str, str], version: int) -> None:
    values: dict[str, Any] = {"working": working, "name": name, "version": version}
    statement = upsert(calendar_day).values(tenant_id=tenant, department_id=tenant, day=day, **values)
    row_id = unit.connection.execute(
        statement.on_conflict_do_update(index_elements=["tenant_id", "day"], set_=values).returning(calendar_day.c.id)
    ).scalar_one()
    unit.changes.live(tenant, PUBLIC, "calendar_day", row_id)


def _renew_year(unit: Unit, tenant: int, year: int, version: int) -> None:
    row_id = unit.connection.execute(
        update(calendar_year)
        .where(calendar_year.c.tenant_id == tenant, calendar_year.c.year == year)
        .values(version=version)
        .returning(calendar_year.c.id)
    ).scalar_one()
    unit.changes.live(tenant, PUBLIC, "calendar_year", row_id)


def _forget(unit: Unit, tenant: int, day: date) -> None:
    rows = fetch(unit.connection, CalendarDay, calendar_day.c.tenant_id == tenant, calendar_day.c.day == day)
    if not rows:
        raise refuse("nothing-to-change", "day")
    unit.connection.execute(delete(calendar_day).where(calendar_day.c.id == rows[0].id))
    unit.changes.gone(tenant, PUBLIC, "calendar_day", rows[0].id)
