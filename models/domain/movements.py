"""A posting on what an account owes, and what statements read out of it: its column, its side, its price and volume."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Protocol


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


class Asserted(Protocol):
    """A month's figures as their source states them; ``models.contract.records.Assertion`` is one."""

    @property
    def service_id(self) -> int: ...
    @property
    def period(self) -> int: ...
    @property
    def tariff(self) -> str: ...
    @property
    def charged_minor(self) -> int: ...
    @property
    def penalty_minor(self) -> int | None: ...
    @property
    def correction_minor(self) -> int | None: ...
    @property
    def subscription_minor(self) -> int | None: ...
    @property
    def paid_minor(self) -> int: ...
    @property
    def closing_minor(self) -> int: ...


class InstalledMeter(Protocol):
    """A register of a service; ``models.contract.records.Meter`` is one."""

    @property
    def id(self) -> int: ...
    @property
    def service_id(self) -> int: ...
    @property
    def model(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def integer_digits(self) -> int: ...
    @property
    def fraction_digits(self) -> int: ...
    @property
    def initial(self) -> int: ...
    @property
    def installed_on(self) -> date | None: ...


class TakenReading(Protocol):
    """What a register showed; ``models.contract.records.Reading`` is one."""

    @property
    def id(self) -> int: ...
    @property
    def meter_id(self) -> int: ...
    @property
    def value(self) -> int: ...
    @property
    def read_on(self) -> date: ...
    @property
    def source(self) -> str: ...
    @property
    def state(self) -> str: ...


_COLUMN = {
    "opening": "opening",
    "charge": "charged",
    "subscription": "subscription",
    "penalty": "penalty",
    "penalty_write_off": "penalty",
    "payment": "paid",
    "payment_reversal": "paid",
    "refund": "paid",
    "cash_rounding": "paid",
}
_DEBIT_KINDS = frozenset({"charge", "subscription", "correction", "penalty", "penalty_write_off"})
_CREDIT_KINDS = frozenset({"payment", "payment_reversal", "cash_rounding"})


def column_of(kind: str) -> str:
    """Return which turnover a kind of movement belongs to; what is not charged, paid or a penalty is a correction.

    Source: R-STATE-1 in docs/rules.md.
    """
    return _COLUMN.get(kind, "correction")


def on_debit_side(movement: Movement) -> bool:
    """Return on which side of an act a movement stands: a reversal on the side of the original. Source: R-ACT-2."""
    if movement.kind in _DEBIT_KINDS:
        return True
    if movement.kind in _CREDIT_KINDS:
        return False
    # What may stand on either side (transfer, refund, opening) stands where it changes the balance to; its reversal
    # stands there too, so it looks at the sign the original had.
    raises = movement.amount_minor >= 0
    return raises if movement.reversal_of is None else not raises


def _segments(movement: Movement) -> list[dict[str, Any]]:
    kept = (movement.detail or {}).get("segments")
    return kept if isinstance(kept, list) else []


def price_of(movement: Movement) -> str | None:
    """Return the price a charge was computed at: of the last part of the month, of its first tier."""
    segments = [segment for segment in _segments(movement) if segment.get("price")]
    if not segments:
        return None
    newest = max(str(segment.get("date_from") or "") for segment in segments)
    # Tiers of one price list stand in order, so the first is the base price.
    return next(str(segment["price"]) for segment in segments if str(segment.get("date_from") or "") == newest)


def basis_of(movement: Movement) -> str:
    """Return meter, norm, average or fixed; "" where it does not apply."""
    return str((movement.detail or {}).get("basis") or "") if movement.kind in ("charge", "correction") else ""


def residents_of(movement: Movement) -> int | None:
    """Return how many people a charge was computed for; ``None`` where it does not apply."""
    if movement.kind != "charge":
        return None
    persons = [segment["persons"] for segment in _segments(movement) if segment.get("persons") is not None]
    return int(persons[-1]) if persons else None


def volume_of(movement: Movement, by_id: Mapping[int, Movement]) -> Decimal:
    """Return the volume a movement is about, in the service's unit; a reversal takes that of its original away."""
    original = by_id.get(movement.reversal_of) if movement.reversal_of is not None else None
    source = movement if original is None else original
    volume = Decimal(str((source.detail or {}).get("volume") or 0))
    return -abs(volume) if movement.reversal_of is not None else volume
