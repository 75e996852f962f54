"""Decide about a click that came late because the line was down."""

from __future__ import annotations

from models.contract.admission_commands import DecideAppeal
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import department_of, rights_of
from provider.services.admissions import late_clicks


def handle(context: HandlerContext, payload: DecideAppeal) -> Result:
    """Grant or refuse, and tell the family."""
    department, own = department_of(context), rights_of(context)
    done = late_clicks.decide(context.unit, department, payload, own, context.received_at, context.command.id)
    return applied(appeal_id=payload.appeal_id, state=done.state, transition=done.transition)
