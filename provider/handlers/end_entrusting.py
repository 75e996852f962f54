"""Take back what was entrusted, or give it up."""

from __future__ import annotations

from models.contract.admission_commands import EndEntrusting
from provider.handlers.context import HandlerContext, Result, applied
from provider.services import entrusting


def handle(context: HandlerContext, payload: EndEntrusting) -> Result:
    """End it; the other's devices forget the child at their next contact."""
    entrusting.end(context.unit, context.user, payload, context.received_at)
    return applied()
