"""Take a child out of one's own cabinet."""

from __future__ import annotations

from models.contract.admission_commands import RemoveChild
from provider.handlers.context import HandlerContext, Result, applied
from provider.services import children


def handle(context: HandlerContext, payload: RemoveChild) -> Result:
    """Let the child go; the devices of everybody who saw it by this parent forget it at their next contact."""
    children.remove(context.unit, context.user, payload, context.received_at)
    return applied()
