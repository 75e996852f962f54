"""Keep the groups that a family wants, best first."""

from __future__ import annotations

from models.contract.collection_commands import FileWishes
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import department_of, rights_of
from provider.services.admissions import collections


def handle(context: HandlerContext, payload: FileWishes) -> Result:
    """Keep the list, as of the command's receipt, for all twins of the application."""
    department, own = department_of(context), rights_of(context)
    lists = collections.file_wishes(context.unit, department, payload, own, context.received_at)
    return applied(collection_id=payload.collection_id, lists=lists, count=len(payload.groups))
