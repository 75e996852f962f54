"""Decide about a claimed benefit."""

from __future__ import annotations

from models.contract.admission_commands import VerifyBenefit
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import department_of, rights_of
from provider.services.admissions import checking


def handle(context: HandlerContext, payload: VerifyBenefit) -> Result:
    """Let a benefit count, or the general category."""
    department, own = department_of(context), rights_of(context)
    row = checking.verify_benefit(context.unit, department, payload, own, context.received_at, context.command.id)
    return applied(
        application_id=row.id,
        benefit_state=row.benefit_state,
        benefit_by=row.benefit_by,
        category_rank=row.category_rank,
    )
