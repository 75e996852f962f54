"""Record what registers showed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from models.contract.commands import SubmitReading
from models.domain.problems import Problem
from provider.handlers.catalogues import catalogue_of
from provider.handlers.context import HandlerContext, Result, applied, refused
from provider.services.readings import NewReading, accept_readings

_STAFF_SOURCES: Final = frozenset({"consumer", "controller", "cashier"})


def handle(context: HandlerContext, payload: SubmitReading) -> Result:
    """Record one reading."""
    return handle_together([(context, payload)])[0]


def handle_together(items: Sequence[tuple[HandlerContext, SubmitReading]]) -> list[Result]:
    """Record readings, or answer what is wrong with each. Only the office speaks for controllers and cashiers."""
    results: dict[str, Result] = {}
    tenants: dict[int, list[tuple[HandlerContext, SubmitReading]]] = {}
    for context, payload in items:
        office = context.access is not None and context.access.office
        if payload.source == "consumer" or (office and payload.source in _STAFF_SOURCES):
            tenants.setdefault(context.tenant, []).append((context, payload))
        else:
            results[context.command.id] = refused(Problem("not-allowed", "source"))
    for tenant, own in tenants.items():
        news = [
            NewReading(
                account_id=payload.account_id,
                meter_id=payload.meter_id,
                value=payload.value,
                read_on=payload.read_on,
                received_at=context.received_at,
                source=payload.source,
                confirmed=payload.confirmed,
                command_id=context.command.id,
            )
            for context, payload in own
        ]
        accepted = accept_readings(own[0][0].unit, catalogue_of(own[0][0], tenant), news)
        for (context, _), recorded in zip(own, accepted, strict=True):
            done = applied(**recorded) if isinstance(recorded, dict) else refused(*recorded)
            results[context.command.id] = done
    return [results[context.command.id] for context, _ in items]
