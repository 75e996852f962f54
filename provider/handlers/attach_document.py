"""Add a document to an application."""

from __future__ import annotations

from models.contract.admission_commands import AttachDocument
from models.domain.admissions.states import Actor, Event, State
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import department_of, rights_of
from provider.services.admissions import applications, attachments, checking
from provider.services.admissions.rights import actor_for
from provider.services.refusals import refuse


def handle(context: HandlerContext, payload: AttachDocument) -> Result:
    """Attach an uploaded document; the family, its kindergarten and the office may."""
    department, own = department_of(context), rights_of(context)
    held = applications.lock(context.unit.connection, department.tenant, [payload.application_id])
    found = held.get(payload.application_id)
    actor = None if found is None else actor_for(context.unit.connection, own, found.row, Event.EDIT)
    if found is None or actor is None:
        raise refuse("not-found", "application_id", status=404)
    if actor is Actor.DOCTOR:
        raise refuse("not-allowed", status=403)
    if found.row.state == State.ARCHIVED:
        raise refuse("application-archived")
    upload = attachments.checked(attachments.Upload(payload.kind, payload.sha256, payload.name))
    (attachment_id,) = attachments.attach(
        context.unit, department.tenant, found.row, [upload], context.user, context.received_at
    )
    if payload.kind == "benefit":
        checking.claim_again(context.unit, department, found, own, actor, context.received_at, context.command.id)
    return applied(attachment_id=attachment_id)
