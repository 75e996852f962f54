"""Confirm, as a second officer, what another prepared."""

from __future__ import annotations

from models.contract.admission_commands import ConfirmChange
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import department_of, forget_department, rights_of
from provider.services.admissions import programmes


def handle(context: HandlerContext, payload: ConfirmChange) -> Result:
    """Put an edition in force from its day, or refuse it."""
    department, own = department_of(context), rights_of(context)
    state = programmes.decide(context.unit, department, payload, own, context.received_at)
    forget_department(context)
    return applied(programme_id=payload.programme_id, state=state)
