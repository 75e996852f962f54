"""Enter a child into one's cabinet."""

from __future__ import annotations

from models.contract.admission_commands import AddChild
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.documents import picture
from provider.services import children


def handle(context: HandlerContext, payload: AddChild) -> Result:
    """Enter the child as the register of persons has it; its picture may have to come first."""
    if (waiting := picture(context, payload.photo)) is not None:
        return waiting
    child_id = children.add(context.unit, context.user, payload, context.received_at)
    return applied(child_id=child_id)
