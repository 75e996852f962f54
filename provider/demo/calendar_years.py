"""Years that the program brings no calendar for: an officer of the demonstration completes them."""

from __future__ import annotations

from datetime import UTC, datetime

from models.contract.admission_commands import CompleteCalendarYear
from provider.services.admissions import calendar_years
from provider.services.admissions.department import department
from provider.services.admissions.rights import rights
from provider.store.database import Database

_SOURCE = "Демонстрация: мерекелер енгізілмеген"  # no holidays were entered


def complete_years(database: Database, tenant: int, officer: int, now: datetime) -> None:
    """Complete every year after those that the program brings, until the next one, each at its beginning."""
    with database.change() as unit:
        known = department(unit.connection, tenant)
        for year in range(max(known.calendar.years) + 1, known.calendar.local_day(now).year + 2):
            at = min(now, datetime(year, 1, 10, tzinfo=UTC))
            payload = CompleteCalendarYear(tenant, year, _SOURCE, confirmed=True)
            own = rights(unit.connection, officer, tenant)
            calendar_years.complete(unit, department(unit.connection, tenant), payload, own, at)
