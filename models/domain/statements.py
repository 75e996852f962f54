"""What an account's movements say: the four tables of the cabinet, the breakdown, the reconciliation, the year chart.

Everything here is summed from ledger movements, never from a stored balance, and is the same for a screen and a paper.
Positive amounts are owed by the consumer; how a sign is shown is the provider's ``debt_sign``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from models.domain.meters import Register, shown_volume
from models.domain.movements import (
    Asserted,
    InstalledMeter,
    Movement,
    TakenReading,
    basis_of,
    column_of,
    price_of,
    residents_of,
    volume_of,
)
from models.domain.period import Month
from models.domain.reconciliation import (
    MonthlyReconciliationRow,
    Reconciliation,
    ReconciliationRow,
    monthly_reconciliation,
    reconciliation,
)

__all__ = [
    "Breakdown",
    "ChargedRow",
    "ChartMonth",
    "ConsumptionRow",
    "MonthlyReconciliationRow",
    "Movement",
    "PaymentRow",
    "Reconciliation",
    "ReconciliationRow",
    "ServiceBalance",
    "StateRow",
    "balance",
    "breakdown",
    "charged_rows",
    "consumption_rows",
    "display_balance",
    "due_total",
    "monthly_reconciliation",
    "payment_rows",
    "reconciliation",
    "state_rows",
    "year_chart",
]


@dataclass(frozen=True, slots=True)
class StateRow:
    """A month of one service: S1's tab «Стан рахунків». ``None`` is printed «-»."""

    month: Month
    price: str | None
    charged: int
    penalty: int | None
    correction: int | None
    subscription: int | None
    paid: int
    closing: int


@dataclass(frozen=True, slots=True)
class ChargedRow:
    """A charge of a month: S1's tab «Послуги»."""

    service_id: int
    kind: str  # charge | subscription | penalty | correction
    basis: str  # meter | norm | average | fixed; "" when it does not apply
    month: Month
    price: str | None
    charged: int
    residents: int | None


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """S1's tab «Оплата»; ``amount`` is positive for money received, negative for a payment taken back."""

    day: date
    amount: int
    method: str
    purpose: str
    service_id: int


@dataclass(frozen=True, slots=True)
class ChartMonth:
    """Charges and payments of a month, and what was consumed in the service's unit (decimal text)."""

    month: Month
    charged: int
    paid: int
    volume: str


@dataclass(frozen=True, slots=True)
class ServiceBalance:
    """Turnovers of one service over a period.

    ``closing = opening + charged + subscription + correction + penalty - paid``.
    """

    service_id: int
    opening: int
    charged: int
    subscription: int
    correction: int
    penalty: int
    vat: int
    paid: int
    closing: int


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A month of an account: turnovers of each service, and the movements that explain them."""

    month: Month
    services: tuple[ServiceBalance, ...]
    total: ServiceBalance  # service_id 0
    charges: tuple[Movement, ...]
    payments: tuple[Movement, ...]


@dataclass(frozen=True, slots=True)
class ConsumptionRow:
    """S1's tab «Споживання»; ``value`` and ``consumed`` are integers in the meter's last digit.

    ``consumed`` is ``None`` for a meter's first reading, when nothing says where it began.
    """

    service_id: int
    meter_id: int
    model: str
    number: str
    register: Register
    read_on: date
    value: int
    consumed: int | None
    source: str
    state: str


def balance(movements: Iterable[Movement], service_id: int | None = None, until: date | None = None) -> int:
    """Return what is owed for a service (all if ``None``) at the end of day ``until``; negative is an overpayment.

    Source: R-LEDGER-2.
    """
    return sum(
        movement.amount_minor
        for movement in movements
        if (service_id is None or movement.service_id == service_id)
        and (until is None or movement.business_date <= until)
    )


def due_total(movements: Iterable[Movement], until: date | None = None) -> int:
    """Return what is to pay: debts of the services, none of them lowered by another's overpayment.

    Services have their own recipients, so money overpaid to one is not there for another. Source: R-PAY-5.
    """
    owed: dict[int, int] = {}
    for movement in movements:
        if until is None or movement.business_date <= until:
            owed[movement.service_id] = owed.get(movement.service_id, 0) + movement.amount_minor
    return sum(amount for amount in owed.values() if amount > 0)


def display_balance(minor: int, debt_sign: str) -> int:
    """Return ``minor`` (positive = owed) as the provider writes it: a debt is negative under ``debt_negative``.

    For ``two_columns`` the amount keeps its sign and the caller chooses the column. Source: R-MONEY-4.
    """
    return -minor if debt_sign == "debt_negative" else minor


def state_rows(movements: Iterable[Movement], service_id: int, assertions: Iterable[Asserted] = ()) -> list[StateRow]:
    """Return the months of a service, newest first, by the period movements were posted in.

    A month without movements that its source states is shown with the source's figures. Source: R-STATE-2, R-STATE-3.
    """
    months: dict[int, list[Movement]] = {}
    for movement in movements:
        if movement.service_id == service_id:
            months.setdefault(movement.period, []).append(movement)
    stated = {row.period: row for row in assertions if row.service_id == service_id}
    rows = []
    closing = 0
    for number in sorted(months.keys() | stated.keys()):
        posted = months.get(number, [])
        closing += sum(movement.amount_minor for movement in posted)
        if number in stated and all(movement.kind == "opening" for movement in posted):
            rows.append(_stated_row(stated[number]))
        else:
            rows.append(_ledger_row(number, posted, closing))
    rows.reverse()
    return rows


def charged_rows(movements: Iterable[Movement]) -> list[ChargedRow]:
    """Return everything charged, newest month first; a correction stands in the month it is about.

    Source: R-STATE-4.
    """
    charged = [movement for movement in movements if column_of(movement.kind) not in ("paid", "opening")]
    charged.sort(key=lambda movement: (-movement.belongs_to, movement.service_id, movement.id))
    return [
        ChargedRow(
            service_id=movement.service_id,
            kind="charge" if column_of(movement.kind) == "charged" else column_of(movement.kind),
            basis=basis_of(movement),
            month=Month.from_number(movement.belongs_to),
            price=price_of(movement),
            charged=movement.amount_minor,
            residents=residents_of(movement),
        )
        for movement in charged
    ]


def payment_rows(movements: Iterable[Movement]) -> list[PaymentRow]:
    """Return payments and payments taken back, newest first."""
    paid = [movement for movement in movements if column_of(movement.kind) == "paid"]
    paid.sort(key=lambda movement: (movement.business_date, movement.id), reverse=True)
    return [
        PaymentRow(
            day=movement.business_date,
            amount=-movement.amount_minor,
            method=movement.method,
            purpose=movement.purpose,
            service_id=movement.service_id,
        )
        for movement in paid
    ]


def year_chart(movements: Iterable[Movement], year: int, service_id: int | None = None) -> list[ChartMonth]:
    """Return the twelve months of a year: charged with corrections and penalties, paid, and consumed.

    Money stands in the month it was posted in, consumption in the month it is about. Units of different services do not
    add up, so ``volume`` is "" unless one service is asked for. Source: R-STATE-5.
    """
    charged = [0] * 12
    paid = [0] * 12
    volumes = [Decimal(0)] * 12
    kept = [movement for movement in movements if service_id is None or movement.service_id == service_id]
    by_id = {movement.id: movement for movement in kept}
    for movement in kept:
        column = column_of(movement.kind)
        if movement.period // 100 == year and column != "opening":
            if column == "paid":
                paid[movement.period % 100 - 1] -= movement.amount_minor
            else:
                charged[movement.period % 100 - 1] += movement.amount_minor
        if movement.belongs_to // 100 == year:
            volumes[movement.belongs_to % 100 - 1] += volume_of(movement, by_id)
    return [
        ChartMonth(
            month=Month(year, index + 1),
            charged=charged[index],
            paid=paid[index],
            volume="" if service_id is None else f"{volumes[index]:f}",
        )
        for index in range(12)
    ]


def breakdown(movements: Iterable[Movement], month: Month, service_ids: Sequence[int]) -> Breakdown:
    """Return the turnovers of each service of ``service_ids``, in that order, and the movements posted in ``month``.

    Source: R-STATE-6.
    """
    position = {service_id: index for index, service_id in enumerate(service_ids)}
    known = [movement for movement in movements if movement.service_id in position and movement.period <= month.number]
    posted = [movement for movement in known if movement.period == month.number]
    posted.sort(key=lambda movement: (position[movement.service_id], movement.id))
    services = tuple(
        _turnovers([movement for movement in known if movement.service_id == service_id], month.number, service_id)
        for service_id in service_ids
    )
    return Breakdown(
        month=month,
        services=services,
        total=_turnovers(known, month.number, 0),
        charges=tuple(movement for movement in posted if column_of(movement.kind) not in ("paid", "opening")),
        payments=tuple(movement for movement in posted if column_of(movement.kind) == "paid"),
    )


def consumption_rows(meters: Iterable[InstalledMeter], readings: Iterable[TakenReading]) -> list[ConsumptionRow]:
    """Return the readings that stand, newest first, with what was consumed since the one before.

    Source: R-STATE-7, R-METER-4.
    """
    by_meter: dict[int, list[TakenReading]] = {}
    for reading in readings:
        if reading.state != "replaced":
            by_meter.setdefault(reading.meter_id, []).append(reading)
    rows = []
    for meter in meters:
        register = Register(meter.integer_digits, meter.fraction_digits)
        previous = meter.initial if meter.installed_on is not None else None
        for reading in sorted(by_meter.get(meter.id, ()), key=lambda one: (one.read_on, one.id)):
            consumed = None
            if previous is not None and reading.source != "initial":
                consumed = shown_volume(previous, reading.value, register)
            rows.append(
                ConsumptionRow(
                    service_id=meter.service_id,
                    meter_id=meter.id,
                    model=meter.model,
                    number=meter.number,
                    register=register,
                    read_on=reading.read_on,
                    value=reading.value,
                    consumed=consumed,
                    source=reading.source,
                    state=reading.state,
                )
            )
            previous = reading.value
    rows.sort(key=lambda row: row.read_on, reverse=True)
    return rows


def _stated_row(stated: Asserted) -> StateRow:
    return StateRow(
        month=Month.from_number(stated.period),
        price=stated.tariff or None,
        charged=stated.charged_minor,
        penalty=stated.penalty_minor,
        correction=stated.correction_minor,
        subscription=stated.subscription_minor,
        paid=stated.paid_minor,
        closing=stated.closing_minor,
    )


def _ledger_row(number: int, posted: Collection[Movement], closing: int) -> StateRow:
    sums: dict[str, int] = {}
    for movement in posted:
        column = column_of(movement.kind)
        sums[column] = sums.get(column, 0) + movement.amount_minor
    priced = [movement for movement in posted if movement.kind == "charge" and price_of(movement) is not None]
    return StateRow(
        month=Month.from_number(number),
        price=price_of(max(priced, key=lambda movement: movement.id)) if priced else None,
        charged=sums.get("charged", 0),
        penalty=sums.get("penalty"),
        correction=sums.get("correction"),
        subscription=sums.get("subscription"),
        paid=-sums.get("paid", 0),
        closing=closing,
    )


def _turnovers(known: Iterable[Movement], number: int, service_id: int) -> ServiceBalance:
    sums = dict.fromkeys(("opening", "charged", "subscription", "correction", "penalty", "paid"), 0)
    vat = 0
    for movement in known:
        # An opening balance taken over in the very month explains where the month began, it is no turnover of it.
        column = column_of(movement.kind) if movement.period == number else "opening"
        sums[column] += movement.amount_minor
        if movement.period == number and column not in ("opening", "paid"):
            vat += movement.vat_minor
    return ServiceBalance(
        service_id=service_id,
        opening=sums["opening"],
        charged=sums["charged"],
        subscription=sums["subscription"],
        correction=sums["correction"],
        penalty=sums["penalty"],
        vat=vat,
        paid=-sums["paid"],
        closing=sum(sums.values()),
    )
