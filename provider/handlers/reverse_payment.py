"""Take a payment back by its exact opposite."""

from __future__ import annotations

from models.contract.commands import ReversePayment
from models.domain.problems import Problem
from provider.handlers.catalogues import catalogue_of, local_day
from provider.handlers.context import HandlerContext, Result, applied, suspense
from provider.services.payments import reverse_payment
from provider.store.commands import note
from provider.store.grants import cash_tenant


def handle(context: HandlerContext, payload: ReversePayment) -> Result:
    """Reverse a payment; one that cannot be waits for a person, for the money has been given back already."""
    known = context.access is not None and (context.access.office or context.access.once_office)
    tenant = context.tenant if known else cash_tenant(context.unit.connection, context.user)
    catalogue = catalogue_of(context, tenant)
    reversed_by: int | Problem = Problem("no-access")
    if context.access is not None and context.access.office:
        reversed_by = reverse_payment(
            context.unit,
            catalogue,
            payload.payment_command_id,
            reason=payload.reason,
            day=local_day(catalogue.provider.zone, context.occurred_at),
            author=str(context.user),
            device_id=context.device,
            command_id=context.command.id,
        )
    if isinstance(reversed_by, Problem):
        note(
            context.unit.connection, context.received_at, "reversal-unbooked", context.device, context.command.id,
            problem=reversed_by.code,
        )  # fmt: skip
        return suspense(reversed_by)
    return applied(transaction_id=reversed_by)
