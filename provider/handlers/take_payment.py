"""Book money that a cashier took. It is never refused: at worst it waits in suspense for a person."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text

from models.contract.commands import TakePayment
from models.domain.problems import Problem
from provider.handlers.catalogues import catalogue_of, local_day
from provider.handlers.context import HandlerContext, Result, applied, refused, suspense
from provider.services.payments import Payment, book_payment
from provider.store.grants import cash_tenant

_RECEIPT: Final = text(
    "INSERT INTO receipt (tenant, series, number, command_id) VALUES (:tenant, :series, :number, :command) "
    "ON CONFLICT DO NOTHING RETURNING 1"
)


def handle(context: HandlerContext, payload: TakePayment) -> Result:
    """Book a payment for its account, or in suspense: no access, another currency, a receipt's number used before."""
    if not payload.lines or any(line.amount_minor <= 0 for line in payload.lines):
        return refused(Problem("amount-not-positive", "lines"))  # no money changed hands
    connection = context.unit.connection
    allowed = context.access is not None and context.access.office
    known = context.access is not None and (context.access.office or context.access.once_office)
    tenant = context.tenant if known else cash_tenant(connection, context.user)
    reason = "" if allowed else "no-access" if context.access is not None else "unknown-account"
    document = ""
    if payload.receipt_number is not None:
        document = f"{payload.receipt_series}-{payload.receipt_number}"
        values = {"tenant": tenant, "series": payload.receipt_series, "number": payload.receipt_number}
        if connection.execute(_RECEIPT, values | {"command": context.command.id}).first() is None:
            reason = reason or "receipt-number-used"
    catalogue = catalogue_of(context, tenant)
    booked = book_payment(
        context.unit,
        catalogue,
        Payment(
            account_id=payload.account_id if known else None,
            lines=tuple((line.service_id, line.amount_minor) for line in payload.lines),
            method=payload.method,
            day=local_day(catalogue, context.occurred_at),
            key=f"command:{context.command.id}",
            currency=payload.currency,
            account_number="" if known else str(payload.account_id),
            desk=payload.desk,
            document=document,
            author=str(context.user),
            device_id=context.device,
            command_id=context.command.id,
            suspense_reason=reason,
        ),
    )
    if booked.problem is not None:
        return suspense(booked.problem, transaction_id=booked.transaction_id)
    return applied(
        transaction_id=booked.transaction_id,
        allocations=[[part.service_id, part.amount_minor] for part in booked.allocations],
        clock_suspect=context.clock_suspect,
    )
