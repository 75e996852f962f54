"""Publish free places of a group in the bulletin."""

from __future__ import annotations

from models.contract.admission_commands import PublishItem
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import department_of, rights_of
from provider.services.admissions import bulletin


def handle(context: HandlerContext, payload: PublishItem) -> Result:
    """Publish places for the hour of opening."""
    department, own = department_of(context), rights_of(context)
    row_id, number = bulletin.publish(context.unit, department, payload, own, context.received_at)
    return applied(item_id=row_id, number=number)
