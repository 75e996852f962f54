"""Ask the provider to correct what it charges by."""

from __future__ import annotations

from collections.abc import Sequence

from models.contract.commands import RequestDataCorrection
from models.domain.problems import Problem
from provider.handlers.context import HandlerContext, Result, applied, refused
from provider.services.requests import NewRequest, create_many


def handle(context: HandlerContext, payload: RequestDataCorrection) -> Result:
    """File one request and answer with the number that people quote."""
    return handle_together([(context, payload)])[0]


def handle_together(items: Sequence[tuple[HandlerContext, RequestDataCorrection]]) -> list[Result]:
    """File requests, or answer what is wrong with each."""
    news = [NewRequest(context.user, payload, context.command.id, context.received_at) for context, payload in items]
    made = create_many(items[0][0].unit, news)
    return [refused(one) if isinstance(one, Problem) else applied(request_id=one.id, number=one.number) for one in made]
