"""What an account's movements say: the four tables of the cabinet, the breakdown, the reconciliation, the year chart.

Everything here is summed from ledger movements, never from a stored balance, and is the same for a screen and a paper.
Positive amounts are owed by the consumer; how a sign is shown is the provider's ``debt_sign``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from models.domain.period import Month


class Movement(Protocol):
    """A posting on what an account owes for a service; ``models.contract.records.Entry`` is one."""

    @property
    def id(self) -> int: ...
    @property
    def service_id(self) -> int: ...
    @property
    def transaction_id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def amount_minor(self) -> int: ...
    @property
    def vat_minor(self) -> int: ...
    @property
    def business_date(self) -> date: ...
    @property
    def posted_on(self) -> date: ...
    @property
    def period(self) -> int: ...
    @property
    def belongs_to(self) -> int: ...
    @property
    def document(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def purpose(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def reversal_of(self) -> int | None: ...
    @property
    def detail(self) -> dict[str, Any] | None: ...


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
    """Turnovers of one service over a period. ``closing = opening + charged + subscription + correction + penalty - paid``."""

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
