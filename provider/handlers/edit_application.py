"""Change an application that waits."""

from __future__ import annotations

from models.contract.admission_commands import EditApplication
from models.domain.admissions.states import Actor
from provider.handlers.context import HandlerContext, Result, applied, in_conflict
from provider.handlers.departments import actor_of, department_of, rights_of
from provider.services.admissions.filing import edit_application


def handle(context: HandlerContext, payload: EditApplication) -> Result:
    """Change languages, locality, phone, benefit or the bundle of twins.

    What somebody else changed meanwhile is left as it is and answered with both versions; other fields are stored.
    """
    own = rights_of(context)
    actor = actor_of(context, own, Actor.PARENT.value)
    edited = edit_application(
        context.unit,
        department_of(context),
        payload,
        own,
        actor,
        context.received_at,
        context.command.id,
        context.command.base,
    )
    if edited.conflict is not None:
        return in_conflict(edited.conflict)
    return applied(application_id=edited.row.id, number=edited.row.number)
