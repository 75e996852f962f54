"""Accept or refuse a document of an application."""

from __future__ import annotations

from models.contract.admission_commands import CheckDocument
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import department_of, rights_of
from provider.services.admissions import checking


def handle(context: HandlerContext, payload: CheckDocument) -> Result:
    """Keep what was decided; a refusal is told to the family."""
    department, own = department_of(context), rights_of(context)
    state = checking.check_document(context.unit, department, payload, own, context.received_at, context.command.id)
    return applied(attachment_id=payload.attachment_id, state=state)
