"""Years of a department's working calendar: completed by its officer, or taken from those that the program brings.

Terms are computed only into complete years, so a year is completed once, in order, and never taken back: from then on
its days change one by one, and running terms with them. Source: R-CAL-1, R-CAL-7.
"""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import extract, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from models.contract.admission_commands import CompleteCalendarYear
from models.domain.working_days import WorkingCalendar
from provider.services import audit
from provider.services.admissions.authority import must_be_officer
from provider.services.admissions.calendars import hold_calendar
from provider.services.admissions.department import Department
from provider.services.admissions.department import department as load
from provider.services.admissions.rights import Rights
from provider.services.logins import clean
from provider.services.refusals import refuse
from provider.store.changes import PUBLIC
from provider.store.database import Unit
from provider.store.tables_admissions import calendar_day, calendar_year
from resources import calendars as kept

_LONGEST: Final = 300


@dataclasses.dataclass(frozen=True, slots=True)
class Completed:
    """A year that terms may run into now, how many days of it are not as their weekday, the calendar's version."""

    year: int
    days: int
    version: int


def complete(
    unit: Unit, department: Department, payload: CompleteCalendarYear, own: Rights, now: datetime
) -> Completed:
    """Complete a year with the days that officers entered for it.

    Raises ``Refusal``: ``not-allowed``, ``calendar-year-passed``, ``calendar-year-complete``, ``calendar-year-skipped``
    (value ``first``, the year that comes first), ``calendar-year-empty`` for a year without a day off unless that is
    confirmed, ``text-too-long``, ``text-not-allowed``.
    """
    must_be_officer(own)
    source = clean(payload.source, "source", _LONGEST, required=False)
    hold_calendar(unit, department.tenant)
    calendar = load(unit.connection, department.tenant).calendar
    _must_be_next(calendar, payload.year, now)
    if not payload.confirmed and not any(day.year == payload.year for day in calendar.days_off):
        raise refuse("calendar-year-empty", "year", year=payload.year)
    return _keep(unit, department.tenant, calendar, payload.year, source, now, own.user_id)


def add_kept(unit: Unit, tenant: int, country: str, year: int, now: datetime) -> Completed:
    """Complete a year with the days that the program brings; days that officers entered stay as they are.

    Raises ``Refusal`` as ``complete`` does, and ``calendar-year-not-kept`` for a year that the program does not bring.
    """
    data = kept.load(country)
    hold_calendar(unit, tenant)
    calendar = load(unit.connection, tenant).calendar
    _must_be_next(calendar, year, now)
    if year not in data.years:
        raise refuse("calendar-year-not-kept", "year", year=year)
    for working, days in ((False, data.days_off), (True, data.extra)):
        for day, name in sorted(days.items()):
            if day.year == year:
                _add_day(unit, tenant, day, working, dict(name), calendar.version + 1)
    return _keep(unit, tenant, calendar, year, data.sources[year], now, None)


def next_year(calendar: WorkingCalendar, today: date) -> int:
    """Return the first year from this one on that is not complete."""
    year = today.year
    while year in calendar.years:
        year += 1
    return year


def offered(calendar: WorkingCalendar, country: str, today: date) -> tuple[int, ...]:
    """Return the years that the program brings and that the calendar lacks, one after another from the next on."""
    brought = kept.load(country).years if country.upper() in kept.COUNTRIES else frozenset()
    found = []
    year = next_year(calendar, today)
    while year in brought and year not in calendar.years:
        found.append(year)
        year += 1
    return tuple(found)


def _must_be_next(calendar: WorkingCalendar, year: int, now: datetime) -> None:
    today = calendar.local_day(now)
    if year < today.year:
        raise refuse("calendar-year-passed", "year", year=year)
    if year in calendar.years:
        raise refuse("calendar-year-complete", "year", year=year)
    first = next_year(calendar, today)
    if year != first:
        raise refuse("calendar-year-skipped", "year", year=year, first=first)


def _keep(
    unit: Unit, tenant: int, calendar: WorkingCalendar, year: int, source: str, now: datetime, actor_id: int | None
) -> Completed:
    version = calendar.version + 1
    values: dict[str, Any] = {"department_id": tenant, "year": year, "source": source, "version": version}
    row_id = unit.connection.execute(
        insert(calendar_year).values(tenant_id=tenant, **values).returning(calendar_year.c.id)
    ).scalar_one()
    unit.changes.live(tenant, PUBLIC, "calendar_year", row_id)
    days = unit.connection.execute(
        select(func.count()).where(calendar_day.c.tenant_id == tenant, extract("year", calendar_day.c.day) == year)
    ).scalar_one()
    audit.note(
        unit.connection, now, "calendar-year-completed", actor_id=actor_id, subject=f"year:{year}", version=version
    )
    return Completed(year, days, version)


def _add_day(unit: Unit, tenant: int, day: date, working: bool, name: dict[str, str], version: int) -> None:
    values = {"department_id": tenant, "day": day, "working": working, "name": name, "version": version}
    row_id = unit.connection.execute(
        upsert(calendar_day)
        .values(tenant_id=tenant, **values)
        .on_conflict_do_nothing(index_elements=["tenant_id", "day"])
        .returning(calendar_day.c.id)
    ).scalar()
    if row_id is not None:
        unit.changes.live(tenant, PUBLIC, "calendar_day", row_id)
