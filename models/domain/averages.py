"""Charging without a reading, and putting it right when the reading comes.

A meter that nobody read, or that is away for repair, is charged by the daily average of the months before, for some
months; after that by the norm. The late reading then replaces all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from models.domain.billing import charge
from models.domain.charges import ChargeLine, ChargeRequest, Part, metered
from models.domain.meters import Register
from models.domain.money import round_ratio, split_by_weight
from models.domain.movements import Movement, basis_of
from models.domain.period import Month
from models.domain.tariffs import VOLUME_DIGITS


@dataclass(frozen=True, slots=True)
class AverageRule:
    """Over how many months one averages, and for how many an average may stand in for a reading."""

    months: int = 3
    at_most: int = 3


@dataclass(frozen=True, slots=True)
class PastVolume:
    """What a service consumed over ``days``, by readings, in ten-thousandths of its unit."""

    volume: int
    days: int


@dataclass(frozen=True, slots=True)
class Rebilled:
    """The lines of one month, charged anew after a late reading."""

    month: Month
    lines: tuple[ChargeLine, ...]


def basis_without_reading(estimated_months: int, history: Sequence[PastVolume], rule: AverageRule) -> str:
    """Return ``average`` or ``norm`` for a month without a reading, after ``estimated_months`` without one.

    Source: R-BILL-4 in docs/rules.md.
    """
    known = any(past.days > 0 for past in history[-rule.months :])
    return "average" if known and estimated_months < rule.at_most else "norm"


def average_part(history: Sequence[PastVolume], rule: AverageRule, date_from: date, date_to: date) -> Part:
    """Return the volume of the days by the daily average of the latest ``rule.months`` entries of ``history``.

    ``history`` runs oldest first. Raises ValueError when it covers no day. Source: R-BILL-4.
    """
    recent = history[-rule.months :]
    covered = sum(past.days for past in recent)
    if covered <= 0:
        raise ValueError("an average needs at least one day of history")
    days = (date_to - date_from).days + 1
    volume = round_ratio(sum(past.volume for past in recent) * days, covered)
    return Part("average", volume, date_from, date_to, VOLUME_DIGITS)


def estimated_charges(movements: Iterable[Movement], service_id: int) -> list[Movement]:
    """Return the charges of a service since its last reading that were made without one and still stand.

    These are what a late reading reverses, oldest first. Source: R-BILL-11.
    """
    charges = [one for one in movements if one.service_id == service_id]
    reversed_ids = {one.reversal_of for one in charges if one.reversal_of is not None}
    standing = [
        one
        for one in charges
        if one.kind in ("charge", "correction") and one.reversal_of is None and one.id not in reversed_ids
    ]
    read = max((one.belongs_to for one in standing if basis_of(one) == "meter"), default=0)
    late = [one for one in standing if basis_of(one) in ("average", "norm") and one.belongs_to > read]
    return sorted(late, key=lambda one: (one.belongs_to, one.id))


def rebill(
    request: ChargeRequest, register: Register, meter_number: str, previous: int, current: int, months: Sequence[Month]
) -> tuple[Rebilled, ...]:
    """Return new charges of ``months`` for the volume between the last real reading and the late one.

    The volume is split by the days of the months, each at its own price; the subscription fee stays as it was charged.
    The caller reverses :func:`estimated_charges` and posts both in the open period. ``request`` gives everything but
    the month and the volume.

    Source: R-BILL-11.
    """
    whole = metered(register, meter_number, previous, current, months[0].first, months[-1].last)
    volumes = split_by_weight(whole.volume, [month.days for month in months])
    rebilled = []
    for month, volume in zip(months, volumes, strict=True):
        part = Part("meter", volume, month.first, month.last, register.fraction_digits, meter_number, previous, current)
        asked = ChargeRequest(
            service_id=request.service_id,
            period=month,
            prices=request.prices,
            group=request.group,
            basis="meter",
            parts=(part,),
            residents=request.residents,
            changes=request.changes,
            with_subscription=False,
            tier_scale=request.tier_scale,
            vat_on_last_day=request.vat_on_last_day,
            rounding=request.rounding,
        )
        rebilled.append(Rebilled(month, charge(asked)))
    return tuple(rebilled)
