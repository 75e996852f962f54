"""Enter a group with its places, change it, or close it."""

from __future__ import annotations

from models.contract.admission_commands import SaveGroup
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import department_of, rights_of
from provider.services.admissions import organisations


def handle(context: HandlerContext, payload: SaveGroup) -> Result:
    """Save a group; new places are offered to who waits, a last day is refused while children remain."""
    department, own = department_of(context), rights_of(context)
    return applied(group_id=organisations.save_group(context.unit, department, payload, own, context.received_at))
