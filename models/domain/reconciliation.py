"""The act of mutual settlements between two days, by documents and by months.

A payment taken back lowers the credit turnover instead of raising the debit one, and so on for every reversal: what was
undone leaves no trace in the turnovers. Acts of adjoining days fit each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from models.domain.movements import Movement, on_debit_side
from models.domain.period import Month


@dataclass(frozen=True, slots=True)
class ReconciliationRow:
    """A document: its amount stands on one side; a reversal is negative on the side of the original."""

    day: date
    kind: str
    document: str
    debit: int | None
    credit: int | None
    belongs_to: int
    reason: str


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Opening, documents, turnovers and closing between two dates, inclusive; of all services or of one."""

    date_from: date
    date_to: date
    opening: int
    rows: tuple[ReconciliationRow, ...]
    debit: int
    credit: int
    closing: int


@dataclass(frozen=True, slots=True)
class MonthlyReconciliationRow:
    """A line of the residents' form: month, charged, paid, balance at the end."""

    month: Month
    charged: int
    paid: int
    closing: int


def reconciliation(
    movements: Iterable[Movement], date_from: date, date_to: date, service_id: int | None = None
) -> Reconciliation:
    """Return the act of settlements between two days, inclusive, of all services or of one.

    Postings of one document stand in one row. The act of the following days opens with this one's closing balance, and
    turnovers of adjoining acts add up. Source: R-ACT-1 to R-ACT-3.
    """
    opening = 0
    inside: list[Movement] = []
    for movement in movements:
        if service_id is not None and movement.service_id != service_id:
            continue
        if movement.business_date < date_from:
            opening += movement.amount_minor
        elif movement.business_date <= date_to:
            inside.append(movement)
    rows = _documents(inside)
    debit = sum(row.debit or 0 for row in rows)
    credit = sum(row.credit or 0 for row in rows)
    return Reconciliation(
        date_from=date_from,
        date_to=date_to,
        opening=opening,
        rows=rows,
        debit=debit,
        credit=credit,
        closing=opening + debit - credit,
    )


def monthly_reconciliation(
    movements: Iterable[Movement], date_from: date, date_to: date, service_id: int | None = None
) -> list[MonthlyReconciliationRow]:
    """Return a line for every month that the days touch, oldest first; sums and closing equal :func:`reconciliation`'s.

    Source: R-ACT-4.
    """
    act = reconciliation(movements, date_from, date_to, service_id)
    charged: dict[Month, int] = {}
    paid: dict[Month, int] = {}
    for row in act.rows:
        month = Month.of(row.day)
        charged[month] = charged.get(month, 0) + (row.debit or 0)
        paid[month] = paid.get(month, 0) + (row.credit or 0)
    rows = []
    closing = act.opening
    month = Month.of(date_from)
    while date_from <= date_to and month <= Month.of(date_to):
        closing += charged.get(month, 0) - paid.get(month, 0)
        rows.append(MonthlyReconciliationRow(month, charged.get(month, 0), paid.get(month, 0), closing))
        month = month.next()
    return rows


def _documents(inside: Sequence[Movement]) -> tuple[ReconciliationRow, ...]:
    grouped: dict[tuple[date, int, str, str, int, str, bool], list[Movement]] = {}
    for movement in sorted(inside, key=lambda one: (one.business_date, one.id)):
        key = (
            movement.business_date,
            movement.transaction_id,
            movement.kind,
            movement.document,
            movement.belongs_to,
            movement.reason,
            on_debit_side(movement),
        )
        grouped.setdefault(key, []).append(movement)
    return tuple(
        ReconciliationRow(
            day=day,
            kind=kind,
            document=document,
            debit=sum(movement.amount_minor for movement in group) if on_debit else None,
            credit=None if on_debit else -sum(movement.amount_minor for movement in group),
            belongs_to=belongs_to,
            reason=reason,
        )
        for (day, _, kind, document, belongs_to, reason, on_debit), group in grouped.items()
    )
