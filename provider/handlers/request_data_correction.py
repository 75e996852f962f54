"""Ask the provider to correct what it charges by."""

from __future__ import annotations

from models.contract.commands import RequestDataCorrection
from provider.handlers.context import HandlerContext, Result, applied
from provider.services.requests import create


def handle(context: HandlerContext, payload: RequestDataCorrection) -> Result:
    """File a request and answer with the number that people quote."""
    made = create(context.unit, context.user, payload, context.command.id, context.received_at)
    return applied(request_id=made.id, number=made.number)
