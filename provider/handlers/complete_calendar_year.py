"""Complete the working calendar of a year."""

from __future__ import annotations

from models.contract.admission_commands import CompleteCalendarYear
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import department_of, forget_department, rights_of
from provider.services.admissions import calendar_years


def handle(context: HandlerContext, payload: CompleteCalendarYear) -> Result:
    """Let terms run into the year from now on."""
    department, own = department_of(context), rights_of(context)
    done = calendar_years.complete(context.unit, department, payload, own, context.received_at)
    forget_department(context)
    return applied(calendar_year=done.year, days=done.days, version=done.version)
