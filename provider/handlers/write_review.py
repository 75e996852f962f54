"""Say what one thinks of a kindergarten."""

from __future__ import annotations

from models.contract.admission_commands import WriteReview
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import department_of, rights_of
from provider.services.admissions import reviews


def handle(context: HandlerContext, payload: WriteReview) -> Result:
    """Keep a review for an officer to let through."""
    department, own = department_of(context), rights_of(context)
    return applied(review_id=reviews.write(context.unit, department, payload, own, context.received_at))
