"""Book money that a cashier took. It is never refused: at worst it waits in suspense for a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, text

from models.contract.commands import TakePayment
from models.domain.problems import Problem
from provider.handlers.catalogues import catalogue_of, local_day
from provider.handlers.context import HandlerContext, Result, applied, refused, suspense
from provider.services.payments import Booked, Payment, book_payments
from provider.store.grants import cash_tenant

_RECEIPTS: Final = text(
    "INSERT INTO receipt (tenant, series, number, command_id) "
    "SELECT * FROM unnest(CAST(:tenants AS integer[]), CAST(:series AS text[]), CAST(:numbers AS bigint[]), "
    "CAST(:commands AS text[])) ON CONFLICT DO NOTHING RETURNING command_id"
)


def handle(context: HandlerContext, payload: TakePayment) -> Result:
    """Book one payment."""
    return handle_together([(context, payload)])[0]


def handle_together(items: Sequence[tuple[HandlerContext, TakePayment]]) -> list[Result]:
    """Book payments for their accounts, or in suspense: no access, another currency, a receipt's number used before."""
    results: dict[str, Result] = {}
    tenants: dict[int, list[tuple[HandlerContext, TakePayment]]] = {}
    for context, payload in items:
        if not payload.lines or any(line.amount_minor <= 0 for line in payload.lines):
            results[context.command.id] = refused(Problem("amount-not-positive", "lines"))  # no money changed hands
        else:
            tenants.setdefault(_tenant(context), []).append((context, payload))
    for tenant, own in tenants.items():
        catalogue = catalogue_of(own[0][0], tenant)
        fresh = _receipts(own[0][0].unit.connection, tenant, own)
        payments = [
            _payment(context, payload, catalogue.provider.zone, context.command.id in fresh) for context, payload in own
        ]
        booked = book_payments(own[0][0].unit, catalogue, payments)
        for (context, _), one in zip(own, booked, strict=True):
            results[context.command.id] = _result(context, one)
    return [results[context.command.id] for context, _ in items]


def _tenant(context: HandlerContext) -> int:
    """Return whose money it is: the account's provider, or the cashier's own when they never worked for that one."""
    if context.access is not None and (context.access.office or context.access.once_office):
        return context.tenant
    return cash_tenant(context.unit.connection, context.user)


def _receipts(
    connection: Connection, tenant: int, items: Sequence[tuple[HandlerContext, TakePayment]]
) -> frozenset[str]:
    """Return the commands whose receipt number is used for the first time."""
    numbered = [(context, payload) for context, payload in items if payload.receipt_number is not None]
    if not numbered:
        return frozenset()
    values = {
        "tenants": [tenant] * len(numbered),
        "series": [payload.receipt_series for _, payload in numbered],
        "numbers": [payload.receipt_number for _, payload in numbered],
        "commands": [context.command.id for context, _ in numbered],
    }
    return frozenset(connection.execute(_RECEIPTS, values).scalars())


def _payment(context: HandlerContext, payload: TakePayment, zone: str, fresh: bool) -> Payment:
    known = context.access is not None and (context.access.office or context.access.once_office)
    reason = ""
    if context.access is None:
        reason = "unknown-account"
    elif not context.access.office:
        reason = "no-access"
    elif payload.receipt_number is not None and not fresh:
        reason = "receipt-number-used"
    numbered = payload.receipt_number is not None
    return Payment(
        account_id=payload.account_id if known else None,
        lines=tuple((line.service_id, line.amount_minor) for line in payload.lines),
        method=payload.method,
        day=local_day(zone, context.occurred_at),
        key=f"command:{context.command.id}",
        currency=payload.currency,
        account_number="" if known else str(payload.account_id),
        desk=payload.desk,
        document=f"{payload.receipt_series}-{payload.receipt_number}" if numbered else "",
        author=str(context.user),
        device_id=context.device,
        command_id=context.command.id,
        suspense_reason=reason,
    )


def _result(context: HandlerContext, booked: Booked) -> Result:
    if booked.problem is not None:
        return suspense(booked.problem, transaction_id=booked.transaction_id)
    return applied(
        transaction_id=booked.transaction_id,
        allocations=[[part.service_id, part.amount_minor] for part in booked.allocations],
        clock_suspect=context.clock_suspect,
    )
