"""Compute who would get which place from the wishes of a collection."""

from __future__ import annotations

from models.contract.collection_commands import PlanForming
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import department_of, rights_of
from provider.services.admissions import formings


def handle(context: HandlerContext, payload: PlanForming) -> Result:
    """Keep the result with its lines, and answer with what it gives; no place is given."""
    department, own = department_of(context), rights_of(context)
    made = formings.plan(context.unit, department, payload, own, context.received_at)
    return applied(forming_id=made.id, number=made.number, lists=made.lists, placed=made.placed, stable=made.stable)
