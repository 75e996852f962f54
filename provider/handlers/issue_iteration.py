"""Issue the vouchers of a plan that another officer made."""

from __future__ import annotations

from models.contract.admission_commands import IssueIteration
from models.contract.outcomes import Status
from models.domain.problems import Problem
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import department_of, rights_of
from provider.services.admissions import iterations


def handle(context: HandlerContext, payload: IssueIteration) -> Result:
    """Issue all of them, or none: a plan that the queue does not give any more is stale, which stays."""
    department, own = department_of(context), rights_of(context)
    done = iterations.issue(
        context.unit,
        department,
        payload,
        own,
        context.received_at,
        device_id=context.device,
        command_id=context.command.id,
    )
    if done.state == "stale":
        return Result(Status.REFUSED, (Problem("round-stale", values={"number": done.number}),))
    return applied(iteration_id=payload.iteration_id, number=done.number, vouchers=done.vouchers)
