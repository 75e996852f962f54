"""What a charge is made of: the request, the parts of a volume, and the lines with their computation.

Volumes are whole ten-thousandths of a unit; see :mod:`models.domain.tariffs`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from models.domain.meters import Register, volume_between
from models.domain.money import Rounding
from models.domain.period import Month
from models.domain.tariffs import VOLUME_DIGITS, PriceList


@dataclass(frozen=True, slots=True)
class Part:
    """A volume over days, inclusive: of one meter, of an average, or taken over from the water that was used.

    ``previous`` and ``current`` are register values with ``digits`` decimals; ``None`` where no meter was read.
    """

    basis: str  # meter | average | norm
    volume: int
    date_from: date
    date_to: date
    digits: int = VOLUME_DIGITS
    meter_number: str = ""
    previous: int | None = None
    current: int | None = None


def metered(register: Register, meter_number: str, previous: int, current: int, date_from: date, date_to: date) -> Part:
    """Return what a meter counted between two readings; a replaced meter and its successor give a part each.

    Raises ValueError for a register with more than four decimals. Source: R-METER-4, R-METER-6.
    """
    if register.fraction_digits > VOLUME_DIGITS:
        raise ValueError(f"a register with {register.fraction_digits} decimals cannot be charged")
    counted = volume_between(previous, current, register)
    return Part(
        "meter",
        counted * 10 ** (VOLUME_DIGITS - register.fraction_digits),
        date_from,
        date_to,
        register.fraction_digits,
        meter_number,
        previous,
        current,
    )


@dataclass(frozen=True, slots=True)
class ResidentsSince:
    """How many people are charged for from ``day`` on."""

    day: date
    residents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeRequest:
    """Everything that decides what a service costs an account in a month.

    ``basis`` is ``meter`` (with ``parts``, also those of an average), ``norm`` (by people) or ``fixed`` (``quantity``
    times the price a month). ``date_from`` and ``date_to`` narrow the month where the account opened or closed in it.
    ``tier_scale`` multiplies the limits of tiers where they are set a person or a day. ``vat_on_last_day`` bills a
    month in which the rate changed wholly at the rate of its last day instead of by days.
    """

    service_id: int
    period: Month
    prices: PriceList
    group: str
    basis: str
    parts: tuple[Part, ...] = ()
    residents: int = 0
    changes: tuple[ResidentsSince, ...] = ()
    quantity: str = "1"
    date_from: date | None = None
    date_to: date | None = None
    with_subscription: bool = True
    tier_scale: int = 1
    vat_on_last_day: bool = False
    rounding: Rounding = Rounding.HALF_UP


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a charge at one price: what is multiplied by what, rounded once. ``date_to`` is inclusive."""

    date_from: date
    date_to: date
    basis: str
    meter_number: str
    previous: int | None
    current: int | None
    volume: str
    price: str
    tier: int | None  # counted from 1; None for a price list without tiers
    persons: int | None
    norm: str | None
    days: int
    month_days: int
    amount_minor: int

    def plain(self) -> dict[str, Any]:
        """Return the segment as text, numbers and ISO days."""
        return {
            "date_from": self.date_from.isoformat(),
            "date_to": self.date_to.isoformat(),
            "basis": self.basis,
            "meter_number": self.meter_number,
            "previous": self.previous,
            "current": self.current,
            "volume": self.volume,
            "price": self.price,
            "tier": self.tier,
            "persons": self.persons,
            "norm": self.norm,
            "days": self.days,
            "month_days": self.month_days,
            "amount_minor": self.amount_minor,
        }


@dataclass(frozen=True, slots=True)
class ChargeDetail:
    """How a line was computed, as a paper shows it and as the ledger keeps it."""

    basis: str
    unit_digits: int
    volume: str  # "" for what has no volume
    segments: tuple[Segment, ...]
    vat_rate: str
    rule: str

    def plain(self) -> dict[str, Any]:
        """Return the detail as plain values for ``Entry.detail``."""
        return {
            "basis": self.basis,
            "unit_digits": self.unit_digits,
            "volume": self.volume,
            "segments": [segment.plain() for segment in self.segments],
            "vat_rate": self.vat_rate,
            "rule": self.rule,
        }


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """A line of the ledger: its amount is the sum of its segments, its VAT is included and rounded once."""

    kind: str  # charge | subscription
    service_id: int
    amount_minor: int
    vat_minor: int
    detail: ChargeDetail
