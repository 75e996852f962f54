"""Ask or tell a department something."""

from __future__ import annotations

from models.contract.admission_commands import SendFeedback
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import department_of
from provider.services.admissions import feedback


def handle(context: HandlerContext, payload: SendFeedback) -> Result:
    """Put a message before the office, as whoever is signed in."""
    department = department_of(context)
    return applied(message_id=feedback.send(context.unit, department, payload, context.user, context.received_at))
