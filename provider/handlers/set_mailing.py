"""Begin or stop the monthly mailing."""

from __future__ import annotations

from models.contract.commands import SetMailing
from provider.handlers.context import HandlerContext, Result, applied
from provider.services.mailings import set_mailing


def handle(context: HandlerContext, payload: SetMailing) -> Result:
    """Keep a person's wish for an account."""
    return applied(mailing_id=set_mailing(context.unit, context.user, payload))
