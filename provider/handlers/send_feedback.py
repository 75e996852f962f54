"""Write a letter to a department, or write on under one."""

from __future__ import annotations

from models.contract.admission_commands import SendFeedback
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import department_of
from provider.services.admissions import letters


def handle(context: HandlerContext, payload: SendFeedback) -> Result:
    """Put a letter before the office, as whoever is signed in."""
    letter_id, entry_id = letters.write(
        context.unit, department_of(context), payload, context.user, context.received_at, context.command.id
    )
    return applied(letter_id=letter_id, entry_id=entry_id)
