"""Throw a planned round away."""

from __future__ import annotations

from models.contract.admission_commands import CancelIteration
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import department_of, rights_of
from provider.services.admissions import iterations


def handle(context: HandlerContext, payload: CancelIteration) -> Result:
    """Cancel a plan that was not issued."""
    department, own = department_of(context), rights_of(context)
    iterations.cancel(context.unit, department, payload, own, context.received_at)
    return applied(iteration_id=payload.iteration_id)
