"""Have a paper sent to the person's confirmed e-mail address."""

from __future__ import annotations

from models.contract.commands import SendDocument
from provider.handlers.context import HandlerContext, Result, applied
from provider.services.documents import send_document


def handle(context: HandlerContext, payload: SendDocument) -> Result:
    """Make the paper and queue the letter; it leaves after the commit."""
    mail_id = send_document(context.unit, context.user, payload, context.command.id, context.received_at)
    return applied(mail_id=mail_id)
