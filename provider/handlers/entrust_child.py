"""Let another registered person see a child, or act for it."""

from __future__ import annotations

from models.contract.admission_commands import EntrustChild
from provider.handlers.context import HandlerContext, Result, applied
from provider.services import entrusting


def handle(context: HandlerContext, payload: EntrustChild) -> Result:
    """Entrust the child."""
    return applied(guardian_id=entrusting.entrust(context.unit, context.user, payload, context.received_at))
