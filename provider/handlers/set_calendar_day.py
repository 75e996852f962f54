"""Make a day off or a working day, or take that back."""

from __future__ import annotations

from models.contract.admission_commands import SetCalendarDay
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import department_of, forget_department, rights_of
from provider.services.admissions import calendars


def handle(context: HandlerContext, payload: SetCalendarDay) -> Result:
    """Change the calendar; terms that run move later only, and their families are told."""
    department, own = department_of(context), rights_of(context)
    done = calendars.set_day(context.unit, department, payload, own, context.received_at)
    forget_department(context)
    return applied(version=done.version, moved=done.moved)
