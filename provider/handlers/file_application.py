"""Put a child into the queue of a programme."""

from __future__ import annotations

from models.contract.admission_commands import FileApplication
from models.domain.admissions.states import Actor
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import actor_of, department_of, rights_of
from provider.services.admissions.filing import file_application


def handle(context: HandlerContext, payload: FileApplication) -> Result:
    """File an application as of its receipt; the answer names its number."""
    own = rights_of(context)
    actor = actor_of(context, own, Actor.PARENT.value)
    department = department_of(context)
    filed = file_application(context.unit, department, payload, own, actor, context.received_at, context.command.id)
    return applied(application_id=filed.id, number=filed.number, state=filed.state)
