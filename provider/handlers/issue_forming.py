"""Give the places of a result that another officer had computed."""

from __future__ import annotations

from models.contract.collection_commands import IssueForming
from models.contract.outcomes import Status
from models.domain.problems import Problem
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import department_of, rights_of
from provider.services.admissions import formings


def handle(context: HandlerContext, payload: IssueForming) -> Result:
    """Give all of them, or none: a result that is not due any more is stale, which stays."""
    department, own = department_of(context), rights_of(context)
    done = formings.issue(
        context.unit,
        department,
        payload,
        own,
        context.received_at,
        device_id=context.device,
        command_id=context.command.id,
    )
    if done.state == "stale":
        return Result(Status.REFUSED, (Problem("forming-stale", values={"number": done.number}),))
    return applied(forming_id=payload.forming_id, number=done.number, placed=done.placed)
