"""Enter a kindergarten or change it."""

from __future__ import annotations

from models.contract.admission_commands import SaveOrganisation
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.departments import department_of, rights_of
from provider.services.admissions import organisations


def handle(context: HandlerContext, payload: SaveOrganisation) -> Result:
    """Save what an officer entered."""
    department, own = department_of(context), rights_of(context)
    return applied(
        organisation_id=organisations.save_organisation(context.unit, department, payload, own, context.received_at)
    )
