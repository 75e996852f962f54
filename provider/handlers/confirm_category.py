"""Confirm, as a second officer, a change of a priority category that another prepared."""

from __future__ import annotations

from models.contract.admission_commands import ConfirmCategory
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import department_of, forget_department, rights_of
from provider.services.admissions import categories


def handle(context: HandlerContext, payload: ConfirmCategory) -> Result:
    """Put a change in force from its day, or refuse it."""
    department, own = department_of(context), rights_of(context)
    state = categories.decide(context.unit, department, payload, own, context.received_at)
    forget_department(context)
    return applied(category_id=payload.category_id, state=state)
