"""Publish a review or refuse it."""

from __future__ import annotations

from models.contract.admission_commands import DecideReview
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import department_of, rights_of
from provider.services.admissions import reviews


def handle(context: HandlerContext, payload: DecideReview) -> Result:
    """Decide about a review; the kindergarten's rating follows."""
    department, own = department_of(context), rights_of(context)
    return applied(
        review_id=payload.review_id, state=reviews.decide(context.unit, department, payload, own, context.received_at)
    )
