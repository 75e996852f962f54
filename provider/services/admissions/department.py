"""An education department as decisions need it: its calendar, the rules of its programmes, its categories."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from models.contract.admission_records import Benefit, CalendarDay, CalendarYear, Category, Locality, ProgrammeRules
from models.contract.admissions import calendar_of, rules_of
from models.contract.records import Provider
from models.domain.admissions.categories import category_at, category_for, counting_year, months_old
from models.domain.admissions.eligibility import surroundings
from models.domain.admissions.rules import Rules
from models.domain.admissions.states import Programme
from models.domain.working_days import WorkingCalendar
from provider.services.refusals import refuse
from provider.store.rows import fetch
from provider.store.tables_admissions import benefit, calendar_day, calendar_year, category, locality, programme
from provider.store.tables_utility import provider


@dataclass(frozen=True)
class Department:
    """What a department's rows say, read at one instant; of categories those that were confirmed."""

    tenant: int
    zone: str
    name: str
    calendar: WorkingCalendar
    editions: tuple[ProgrammeRules, ...]
    categories: tuple[Category, ...]
    benefits: tuple[Benefit, ...]
    localities: tuple[Locality, ...]

    def rules(self, of: Programme, at: datetime) -> Rules:
        """Return the rules of a programme that are in force at an instant."""
        return rules_of(of, list(self.editions), at, self.calendar)

    def categories_on(self, day: date) -> tuple[Category, ...]:
        """Return the categories that are valid on a day."""
        return tuple(
            row for row in self.categories if row.valid_from <= day and (row.valid_to is None or day < row.valid_to)
        )

    def daily(self, of: Programme, at: datetime) -> bool:
        """Return whether categories of a programme follow the age from day to day. Source: D-08."""
        return self.rules(of, at).recategorise == "daily"

    def category(self, verified_benefit: str, born: date, day: date, *, daily: bool = False) -> Category | None:
        """Return the category of a child on a day; None when no row of the table has its age.

        By the age on 1 September, or, if ``daily``, by that of the day itself.
        """
        if daily:
            return category_at(verified_benefit, months_old(born, day), self.categories_on(day))
        return category_for(verified_benefit, born, counting_year(day), self.categories_on(day))

    def around(self, locality_id: int) -> frozenset[int]:
        """Return a locality and every one around it."""
        return surroundings(locality_id, {row.id: row.parent_id for row in self.localities})


def department(connection: Connection, tenant: int) -> Department:
    """Return a department; raises ``Refusal`` ``not-found`` for a tenant that is none."""
    found = fetch(connection, Provider, provider.c.id == tenant, provider.c.kind == "department")
    if not found:
        raise refuse("not-found", "department_id", status=404)
    days = fetch(connection, CalendarDay, calendar_day.c.tenant_id == tenant)
    years = fetch(connection, CalendarYear, calendar_year.c.tenant_id == tenant)
    return Department(
        tenant=tenant,
        zone=found[0].zone,
        name=found[0].name,
        calendar=calendar_of(found[0].zone, days, years),
        editions=tuple(fetch(connection, ProgrammeRules, programme.c.tenant_id == tenant)),
        categories=tuple(fetch(connection, Category, category.c.tenant_id == tenant, category.c.state == "confirmed")),
        benefits=tuple(fetch(connection, Benefit, benefit.c.tenant_id == tenant)),
        localities=tuple(fetch(connection, Locality, locality.c.tenant_id == tenant)),
    )
