"""Throw a computed result away."""

from __future__ import annotations

from models.contract.collection_commands import CancelForming
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import department_of, rights_of
from provider.services.admissions import formings


def handle(context: HandlerContext, payload: CancelForming) -> Result:
    """Cancel it; the collection stays."""
    department, own = department_of(context), rights_of(context)
    formings.cancel(context.unit, department, payload, own, context.received_at)
    return applied(forming_id=payload.forming_id)
