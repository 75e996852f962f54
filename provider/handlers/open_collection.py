"""Begin to collect wishes for groups."""

from __future__ import annotations

from models.contract.collection_commands import OpenCollection
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import department_of, rights_of
from provider.services.admissions import collections


def handle(context: HandlerContext, payload: OpenCollection) -> Result:
    """Open the collection and answer with its number."""
    department, own = department_of(context), rights_of(context)
    made = collections.open_collection(context.unit, department, payload, own, context.received_at)
    return applied(collection_id=made.id, number=made.number)
