"""Record what a register showed."""

from __future__ import annotations

from typing import Final

from models.contract.commands import SubmitReading
from models.domain.problems import Problem
from provider.handlers.catalogues import catalogue_of
from provider.handlers.context import HandlerContext, Result, applied, refused
from provider.services.readings import NewReading, accept_reading

_STAFF_SOURCES: Final = frozenset({"consumer", "controller", "cashier"})


def handle(context: HandlerContext, payload: SubmitReading) -> Result:
    """Record a reading, or answer what is wrong with it. Only the office speaks for controllers and cashiers."""
    office = context.access is not None and context.access.office
    if payload.source != "consumer" and not (office and payload.source in _STAFF_SOURCES):
        return refused(Problem("not-allowed", "source"))
    recorded = accept_reading(
        context.unit,
        catalogue_of(context, context.tenant),
        NewReading(
            account_id=payload.account_id,
            meter_id=payload.meter_id,
            value=payload.value,
            read_on=payload.read_on,
            received_at=context.received_at,
            source=payload.source,
            confirmed=payload.confirmed,
            command_id=context.command.id,
        ),
    )
    return applied(**recorded) if isinstance(recorded, dict) else refused(*recorded)
