"""Prepare an edition of a programme's rules."""

from __future__ import annotations

from models.contract.admission_commands import SetProgramme
from provider.handlers.context import HandlerContext, Result, applied, refused
from provider.handlers.departments import department_of, rights_of
from provider.services.admissions import programmes


def handle(context: HandlerContext, payload: SetProgramme) -> Result:
    """Keep the edition for a second officer, or answer everything that is wrong with it."""
    department, own = department_of(context), rights_of(context)
    made = programmes.prepare(context.unit, department, payload, own, context.received_at)
    return applied(programme_id=made) if isinstance(made, int) else refused(*made)
