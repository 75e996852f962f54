"""Penalty for paying late, as a provider's own rule: nothing here is a law of any country.

Days are counted on the debt at their end, so the day of payment does not count for what was paid. A month is rounded
once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Final

from models.domain.money import Rounding, round_ratio, scaled
from models.domain.movements import Movement
from models.domain.period import Month

_DAY: Final = timedelta(days=1)
_HUNDRED: Final = 100
_PENALTY_KINDS: Final = frozenset({"penalty", "penalty_write_off"})
_MONEY_BACK_KINDS: Final = frozenset({"payment_reversal", "refund"})


@dataclass(frozen=True, slots=True)
class PenaltyRate:
    """Percent of the debt a day, from a day on."""

    valid_from: date
    percent_per_day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PenaltyRule:
    """When and how a penalty accrues.

    ``first_day`` counts from the due day (1 is the day after it) and moves on to a working day where
    ``from_working_day`` says so. ``cap_percent`` limits all penalties of a debt; ``None`` does not. ``moratoria`` are
    days, inclusive, without accrual. An empty ``groups`` means that no group of consumers is charged.
    """

    rates: tuple[PenaltyRate, ...]
    groups: frozenset[str] = frozenset({"population", "legal"})
    first_day: int = 1
    from_working_day: bool = False
    cap_percent: int | None = 100
    moratoria: tuple[tuple[date, date], ...] = ()
    minimum_minor: int = 0
    rounding: Rounding = Rounding.HALF_UP


@dataclass(frozen=True, slots=True)
class PenaltyDays:
    """Days, inclusive, on which the same debt accrued at the same rate."""

    date_from: date
    date_to: date
    days: int
    base_minor: int
    percent_per_day: str


@dataclass(frozen=True, slots=True)
class Penalty:
    """The penalty of a month and a service, with the days that explain it."""

    amount_minor: int
    days: tuple[PenaltyDays, ...]


def first_penalty_day(due_on: date, rule: PenaltyRule, days_off: Collection[date] = ()) -> date:
    """Return the first day that counts for a debt due on ``due_on``. Source: R-PENALTY-2 in docs/rules.md."""
    day = due_on + timedelta(days=rule.first_day)
    while rule.from_working_day and (day.weekday() >= 5 or day in days_off):
        day += _DAY
    return day


def overdue(
    movements: Iterable[Movement],
    due_on: Callable[[int], date],
    rule: PenaltyRule,
    days_off: Collection[date] = (),
) -> Callable[[date], int]:
    """Return a function: the overdue debt of one service at the end of a day, without penalties, in minor units.

    ``due_on`` gives the due day of a period (``yyyymm``). Payments pay the oldest debts first. Source: R-PENALTY-1.
    """
    debts: list[tuple[date, int]] = []
    paid: list[tuple[date, int]] = []
    for movement in movements:
        if movement.kind in _PENALTY_KINDS:
            continue
        if movement.amount_minor > 0 and movement.kind not in _MONEY_BACK_KINDS:
            start = first_penalty_day(due_on(movement.belongs_to), rule, days_off)
            # A correction of an old month is owed from the day it was made, not earlier.
            debts.append((max(start, movement.business_date), movement.amount_minor))
        else:
            paid.append((movement.business_date, -movement.amount_minor))
    late, covered = _running(debts), _running(paid)
    return lambda day: max(0, late(day) - covered(day))


def _running(amounts: list[tuple[date, int]]) -> Callable[[date], int]:
    """Return the sum of amounts up to a day; looked up, because it is asked for every day of a month."""
    amounts.sort()
    days = [day for day, _ in amounts]
    sums = [0, *accumulate(amount for _, amount in amounts)]
    return lambda day: sums[bisect_right(days, day)]


def accrue(
    base_at: Callable[[date], int],
    month: Month,
    rule: PenaltyRule,
    *,
    group: str,
    already_minor: int = 0,
    until: date | None = None,
) -> Penalty:
    """Return the penalty of ``month``, to ``until`` inclusive.

    ``base_at`` gives the overdue debt at the end of a day (:func:`overdue`), ``already_minor`` what accrued on the same
    debt before, for the cap. Source: R-PENALTY-3 to R-PENALTY-6.
    """
    if group not in rule.groups:
        return Penalty(0, ())
    stretches = _stretches(base_at, month.first, min(month.last, until or month.last), rule)
    places = max((scaled(stretch.percent_per_day)[1] for stretch in stretches), default=0)
    exact = 0
    for stretch in stretches:
        percent, own = scaled(stretch.percent_per_day)
        exact += stretch.base_minor * stretch.days * percent * 10 ** (places - own)
    amount = round_ratio(exact, _HUNDRED * 10**places, rule.rounding)
    if rule.cap_percent is not None:
        largest = max((stretch.base_minor for stretch in stretches), default=0)
        amount = min(amount, max(0, largest * rule.cap_percent // _HUNDRED - already_minor))
    return Penalty(amount if amount >= rule.minimum_minor else 0, stretches)


def _stretches(base_at: Callable[[date], int], first: date, last: date, rule: PenaltyRule) -> tuple[PenaltyDays, ...]:
    stretches: list[PenaltyDays] = []
    day = first
    while day <= last:
        base = base_at(day)
        rate = _rate_on(rule.rates, day)
        if base > 0 and rate is not None and not any(begin <= day <= end for begin, end in rule.moratoria):
            before = stretches[-1] if stretches else None
            if (
                before is not None
                and before.date_to + _DAY == day
                and (before.base_minor, before.percent_per_day) == (base, rate)
            ):
                stretches[-1] = PenaltyDays(before.date_from, day, before.days + 1, base, rate)
            else:
                stretches.append(PenaltyDays(day, day, 1, base, rate))
        day += _DAY
    return tuple(stretches)


def _rate_on(rates: Sequence[PenaltyRate], day: date) -> str | None:
    valid = [rate for rate in rates if rate.valid_from <= day]
    return max(valid, key=lambda rate: rate.valid_from).percent_per_day if valid else None
