"""Give a collection of wishes up."""

from __future__ import annotations

from models.contract.collection_commands import CancelCollection
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import department_of, rights_of
from provider.services.admissions import collections


def handle(context: HandlerContext, payload: CancelCollection) -> Result:
    """Cancel it; families that filed are told."""
    department, own = department_of(context), rights_of(context)
    collections.cancel(context.unit, department, payload, own, context.received_at)
    return applied(collection_id=payload.collection_id)
