"""Plan a round of vouchers."""

from __future__ import annotations

from models.contract.admission_commands import PlanIteration
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import department_of, rights_of
from provider.services.admissions import iterations


def handle(context: HandlerContext, payload: PlanIteration) -> Result:
    """Keep the plan with its lines, and answer with what it gives; nothing is issued."""
    department, own = department_of(context), rights_of(context)
    made = iterations.plan(context.unit, department, payload, own, context.received_at)
    return applied(
        iteration_id=made.id,
        number=made.number,
        planned=made.planned,
        passed_over=made.passed_over,
        free_places=made.free_places,
    )
