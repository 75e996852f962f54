"""Change an application that waits."""

from __future__ import annotations

from models.contract.admission_commands import EditApplication
from models.contract.outcomes import Status
from models.domain.admissions.states import Actor
from models.domain.problems import Problem
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import actor_of, department_of, rights_of
from provider.services.admissions.filing import EditConflict, edit_application


def handle(context: HandlerContext, payload: EditApplication) -> Result:
    """Change languages, locality, phone, benefit or the bundle of twins.

    When somebody else changed the same field meanwhile, answer both versions; other fields are merged.
    """
    own = rights_of(context)
    actor = actor_of(context, own, Actor.PARENT.value)
    seen = context.command.base.get(f"application:{payload.application_id}")
    try:
        row = edit_application(
            context.unit, department_of(context), payload, own, actor, context.received_at, context.command.id, seen
        )
    except EditConflict as conflict:
        return Result(
            Status.CONFLICT, (Problem("changed-meanwhile"),), {"mine": conflict.mine, "theirs": conflict.theirs}
        )
    return applied(application_id=row.id, number=row.number)
