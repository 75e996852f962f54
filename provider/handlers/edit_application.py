"""Change an application that waits."""

from __future__ import annotations

from models.contract.admission_commands import EditApplication
from models.domain.admissions.states import Actor
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import actor_of, department_of, rights_of
from provider.services.admissions.filing import edit_application


def handle(context: HandlerContext, payload: EditApplication) -> Result:
    """Change languages, locality, phone, benefit or the bundle of twins."""
    own = rights_of(context)
    actor = actor_of(context, own, Actor.PARENT.value)
    row = edit_application(
        context.unit, department_of(context), payload, own, actor, context.received_at, context.command.id
    )
    return applied(application_id=row.id, number=row.number)
