"""Change a priority category from a day on."""

from __future__ import annotations

from models.contract.admission_commands import SetCategory
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import department_of, forget_department, rights_of
from provider.services.admissions import categories


def handle(context: HandlerContext, payload: SetCategory) -> Result:
    """Keep an edition of the category that begins on a day ahead."""
    department, own = department_of(context), rights_of(context)
    row_id = categories.set_category(context.unit, department, payload, own, context.received_at)
    forget_department(context)
    return applied(category_id=row_id)
