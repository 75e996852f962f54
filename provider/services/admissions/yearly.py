"""What happens to all applications of a department by the calendar: numbers every night, ages once a year.

Of the yearly work (the refresh of the queue by 30 June, the end of the school year) only applications for which
something changes are touched. Source: D-07, D-08, R-ADM-12.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Final

from sqlalchemy import text

from models.domain.admissions.case import Act, Step
from models.domain.admissions.categories import REFRESH, ages_out
from models.domain.admissions.states import LIVE, Actor, Event, Programme, State
from provider.services.admissions import interest, steps
from provider.services.admissions.bulletin import expire_items
from provider.services.admissions.department import Department, department
from provider.services.admissions.estimates import refresh_statistics
from provider.services.admissions.occasions import day_stamp, once
from provider.services.admissions.positions import refresh_positions
from provider.store.database import Database

_BATCH: Final = 1_000
_SCHOOL: Final = (9, 1)
_DEPARTMENTS: Final = text("SELECT id FROM provider WHERE kind = 'department' ORDER BY id")
_LIVE: Final = text(
    "SELECT id, programme, state, born, benefit, benefit_state, category_id FROM application "
    "WHERE tenant_id = :tenant AND id > :after AND state NOT IN ('draft', 'archived') AND born IS NOT NULL "
    "ORDER BY id LIMIT :limit"
)


@dataclass(frozen=True, slots=True)
class YearReport:
    """How many applications the yearly work changed."""

    refreshed: int = 0
    ended: int = 0


def run_yearly(database: Database, now: datetime) -> YearReport:
    """Do the yearly work of every department whose day has come and that has not done it this year.

    Interrupted work goes on with the next run: what was changed already does not change again.
    """
    refreshed = ended = 0
    with database.read() as connection:
        known = [department(connection, tenant) for tenant in connection.execute(_DEPARTMENTS).scalars().all()]
    for one in known:
        today = one.calendar.local_day(now)
        if (today.month, today.day) >= _SCHOOL:
            ended += once(
                database, one.tenant, "school-year", today.year, partial(_end_school_year, database, one, now)
            )
        if (today.month, today.day) >= REFRESH:
            refreshed += once(database, one.tenant, "refresh", today.year, partial(_refresh, database, one, now))
    return YearReport(refreshed, ended)


def run_nightly(database: Database, now: datetime) -> int:
    """Count all numbers of the queues and their statistics anew, once a local day for each department.

    Returns how many numbers changed. Published places that are over end too, and where a department wants it so,
    categories follow the children's ages.
    """
    with database.read() as connection:
        known = [department(connection, tenant) for tenant in connection.execute(_DEPARTMENTS).scalars().all()]
    changed = 0
    for one in known:
        today = one.calendar.local_day(now)
        stamp = day_stamp(today)
        # before the numbers, which count the categories
        once(database, one.tenant, "ages", stamp, partial(_follow_ages, database, one, now))
        changed += once(database, one.tenant, "numbers", stamp, partial(refresh_positions, database, one.tenant, now))
        once(database, one.tenant, "bulletin", stamp, partial(expire_items, database, one.tenant, now))
        once(database, one.tenant, "statistics", stamp, partial(refresh_statistics, database, one.tenant, now))
        hour = stamp * 100 + now.astimezone(one.calendar.zone).hour
        once(database, one.tenant, "interest", hour, partial(interest.refresh, database, one.tenant, now))
    return changed


def _end_school_year(database: Database, known: Department, now: datetime) -> int:
    """End the places, and the waiting, of children who are of school age since 1 September. Source: T76."""
    year = known.calendar.local_day(now).year
    at = known.calendar.midnight_after(date(year, 8, 31))

    def meant(programme: Programme, state: State, born: date, _category: int | None, _verified: str) -> bool:
        return state in LIVE and ages_out(born, year, known.rules(programme, at).max_age_years)

    return _all(database, known, Event.SCHOOL_YEAR_END, at, meant)


def _refresh(database: Database, known: Department, now: datetime) -> int:
    """Compute categories anew for the coming school year, and let go of whoever will be too old. Source: T80."""
    today = known.calendar.local_day(now)

    def meant(programme: Programme, state: State, born: date, category: int | None, verified: str) -> bool:
        if state is State.ENROLLED:
            return False
        if ages_out(born, today.year, known.rules(programme, now).max_age_years):
            return state in (State.QUEUED, State.STOP_LIST, State.DOCS_REVIEW)
        row = known.category(verified, born, today, daily=known.daily(programme, now))
        return row is not None and row.id != category

    return _all(database, known, Event.ANNUAL_REFRESH, now, meant)


def _follow_ages(database: Database, known: Department, now: datetime) -> int:
    """Compute the categories of the queue by today's ages, in the programmes that want it so. Source: D-08, T80d."""
    today = known.calendar.local_day(now)
    following = {programme for programme in Programme if known.daily(programme, now)}
    if not following:
        return 0

    def meant(programme: Programme, state: State, born: date, category: int | None, verified: str) -> bool:
        if state is not State.QUEUED or programme not in following:
            return False
        row = known.category(verified, born, today, daily=True)
        return row is not None and row.id != category

    return _all(database, known, Event.DAILY_REFRESH, now, meant)


def _all(
    database: Database,
    known: Department,
    event: Event,
    at: datetime,
    meant: Callable[[Programme, State, date, int | None, str], bool],
) -> int:
    total, after = 0, 0
    while True:
        with database.read() as connection:
            values = {"tenant": known.tenant, "after": after, "limit": _BATCH}
            rows = connection.execute(_LIVE, values).all()
        if not rows:
            return total
        after = rows[-1].id
        ids = [
            row.id
            for row in rows
            if meant(
                Programme(row.programme),
                State(row.state),
                row.born,
                row.category_id,
                row.benefit if row.benefit_state == "verified" else "",
            )
        ]
        if ids:
            with database.change() as unit:
                done = steps.take_steps(unit, known, ids, Act(event, Actor.CLOCK), steps.CLOCK, at)
                total += sum(isinstance(step, Step) for step in done.values())
