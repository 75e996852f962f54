"""Charging without a reading, and putting it right when the reading comes.

A meter that nobody read, or that is away for repair, is charged by the daily average of the months before, for some
months; after that by the norm. The late reading then replaces all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from models.domain.charges import Part
from models.domain.money import round_ratio, split_by_weight
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


def spread(whole: Part, spans: Sequence[tuple[date, date]]) -> tuple[Part, ...]:
    """Return a part for each span of days, inclusive: the volume of ``whole`` in proportion to the days, exactly.

    So a late reading is divided among the months that had none; each is then charged at its own price.
    Source: R-BILL-11.
    """
    volumes = split_by_weight(whole.volume, [(end - begin).days + 1 for begin, end in spans])
    return tuple(
        replace(whole, volume=volume, date_from=begin, date_to=end)
        for (begin, end), volume in zip(spans, volumes, strict=True)
    )
