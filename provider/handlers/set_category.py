"""Prepare a change of a priority category."""

from __future__ import annotations

from models.contract.admission_commands import SetCategory
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import department_of, rights_of
from provider.services.admissions import categories


def handle(context: HandlerContext, payload: SetCategory) -> Result:
    """Keep the change for a second officer."""
    department, own = department_of(context), rights_of(context)
    return applied(category_id=categories.prepare(context.unit, department, payload, own, context.received_at))
