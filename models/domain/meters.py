"""Registers of meters, what people read off them, and whether a reading may stand.

A value is an integer in the meter's last digit: 00125,30 on a register of 5+2 digits is 12530.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final, Protocol

from models.domain.period import Month
from models.domain.problems import Problem

_SPACES: Final = re.compile(r"[\s\u00a0\u2009\u202f]")
AVERAGE_PERIODS: Final = 6
"""How many of the latest volumes an unusual one is compared with."""
ZERO_PERIODS: Final = 3
"""After how many periods in a row without consumption one asks."""


@dataclass(frozen=True, slots=True)
class Register:
    """How many digits a meter shows, before and after the decimal sign."""

    integer_digits: int
    fraction_digits: int

    @property
    def capacity(self) -> int:
        """The first value that no longer fits: there the register begins at zero again."""
        return int(10 ** (self.integer_digits + self.fraction_digits))

    def format(self, value: int) -> str:
        """Return ``value`` zero-padded with a decimal comma, as it stands on the meter: ``00125,30``."""
        digits = f"{value:0{self.integer_digits + self.fraction_digits}d}"
        if not self.fraction_digits:
            return digits
        return f"{digits[: -self.fraction_digits]},{digits[-self.fraction_digits :]}"

    def quantity(self, value: int) -> Decimal:
        """Return ``value`` in the meter's unit (m³, kWh), exactly."""
        return Decimal(value).scaleb(-self.fraction_digits)


@dataclass(frozen=True, slots=True)
class ReadingWindow:
    """Days of the month, inclusive, on which readings are taken for it; it may run over the end of the month.

    A reading taken inside may arrive ``grace_days`` after the last day. One taken outside counts for the next period,
    or is refused where the provider says so.
    """

    day_from: int = 1
    day_to: int = 31
    grace_days: int = 0
    refuse_outside: bool = False

    def contains(self, day: date) -> bool:
        """Return whether readings are taken on ``day``."""
        if self.day_from <= self.day_to:
            return self.day_from <= day.day <= self.day_to
        return day.day >= self.day_from or day.day <= self.day_to

    def last_day(self, period: Month) -> date:
        """Return the last day on which readings are taken for ``period``."""
        month = period if self.day_from <= self.day_to else period.next()
        return month.first.replace(day=min(self.day_to, month.days))

    def period_of(self, read_on: date, today: date) -> Month:
        """Return the first period for which a reading taken on ``read_on`` and received ``today`` is in time."""
        period = Month.of(read_on).previous()
        while self.last_day(period) < read_on:
            period = period.next()
        while self.last_day(period) + timedelta(days=self.grace_days) < today:
            period = period.next()
        return period


@dataclass(frozen=True, slots=True)
class UnusualLimits:
    """When a volume is asked about: above ``factor`` averages and above ``minimum`` whole units a resident.

    ``hard_limit`` whole units cannot flow through the pipe at all; 0 switches a limit off.
    """

    factor: int = 3
    minimum: int = 20
    hard_limit: int = 0


class StandingReading(Protocol):
    """A reading that counts for a period; ``models.contract.records.Reading`` is one."""

    @property
    def value(self) -> int: ...
    @property
    def read_on(self) -> date: ...
    @property
    def period(self) -> int: ...
    @property
    def source(self) -> str: ...
    @property
    def state(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Past:
    """What a new reading is compared with: the reading before it, and the volumes of the periods, oldest first."""

    last: tuple[int, date] | None
    volumes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReadingReview:
    """What is to be said about a reading before it is recorded.

    It may be recorded when there are no ``problems`` and every one of ``questions`` was confirmed by its code.
    ``volume`` is in the last digit; 0 when it cannot be known. ``next_period`` says that the reading counts for a later
    month than the one it was taken in.
    """

    problems: tuple[Problem, ...]
    questions: tuple[Problem, ...]
    period: Month
    next_period: bool
    volume: int


def parse_reading(text: str, register: Register, *, masked: bool = False) -> int | Problem:
    """Return typed text as a value of the register, or why it is none; never zero for what was not understood.

    Comma or dot, leading zeros up to the register's length and spaces are accepted; missing decimals are zeros.
    ``masked`` says that digits were typed into the register's mask, so that they count from its last digit.

    Source: R-METER-1, R-METER-2 in docs/rules.md.
    """
    cleaned = _SPACES.sub("", text).replace(".", ",")
    if masked and "," not in cleaned:
        whole, fraction, limit = cleaned, "", register.integer_digits + register.fraction_digits
    else:
        whole, comma, fraction = cleaned.partition(",")
        limit = register.integer_digits
        if comma and not fraction and not register.fraction_digits:
            return Problem("reading-not-a-number", "value")
    if not whole or not (whole + fraction).isascii() or not (whole + fraction).isdigit():
        return Problem("reading-not-a-number", "value")
    if len(whole) > limit or len(fraction) > register.fraction_digits:
        return Problem(
            "reading-too-long",
            "value",
            {"integer_digits": register.integer_digits, "fraction_digits": register.fraction_digits},
        )
    if limit > register.integer_digits:
        return int(whole)
    return int(whole + fraction.ljust(register.fraction_digits, "0"))


def volume_between(previous: int, current: int, register: Register) -> int:
    """Return what ran through the meter from one reading to a later one, in the last digit; never negative.

    A lower reading means that the register passed its highest value. Source: R-METER-4.
    """
    return current - previous if current >= previous else register.capacity - previous + current


def may_have_rolled_over(previous: int, current: int, register: Register) -> bool:
    """Return whether a lower reading can be explained by the register having passed its highest value.

    The previous one stood at 90 % of the capacity or higher, and what ran through is at most a tenth of it.
    Source: R-METER-5.
    """
    return (
        current < previous
        and previous * 10 >= register.capacity * 9
        and (register.capacity - previous + current) * 10 <= register.capacity
    )


def shown_volume(previous: int, current: int, register: Register) -> int:
    """Return the difference of two accepted readings; negative if the later one corrected the earlier down."""
    if may_have_rolled_over(previous, current, register):
        return volume_between(previous, current, register)
    return current - previous


def past_of(
    readings: Iterable[StandingReading], register: Register, period: Month, installed: tuple[int, date] | None = None
) -> Past:
    """Return what a reading for ``period`` of one meter is compared with: each earlier period's newest reading.

    A reading for the same period is no comparison, because the new one replaces it. ``installed`` is the meter's
    initial value with its day, for a meter without readings. Both sides ask this, so that the client previews what the
    provider decides. Source: R-METER-11.
    """
    newest: dict[int, StandingReading] = {}
    for reading in sorted(readings, key=lambda one: (one.read_on, one.period)):
        number = 0 if reading.source == "initial" else reading.period
        if reading.state != "replaced" and number < period.number:
            newest[number] = reading
    earlier = [newest[number] for number in sorted(newest)]
    volumes = tuple(max(0, shown_volume(before.value, after.value, register)) for before, after in pairwise(earlier))
    return Past((earlier[-1].value, earlier[-1].read_on) if earlier else installed, volumes)


def review_reading(
    value: int,
    read_on: date,
    *,
    register: Register,
    last: tuple[int, date] | None,
    volumes: Sequence[int],
    residents: int,
    window: ReadingWindow,
    today: date,
    confirmed: Collection[str] = (),
    limits: UnusualLimits = UnusualLimits(),
) -> ReadingReview:
    """Return whether a reading may be recorded, what to ask first, and which period it counts for.

    Args:
        value: What the register shows, in its last digit.
        read_on: The day it was read, in the provider's zone.
        register: The length of the register.
        last: The accepted reading before this one with its day; not the draft that this one replaces.
        volumes: What was consumed in the periods before, oldest first, in the last digit.
        residents: How many people live there.
        window: When the provider takes readings.
        today: The day it is received, in the provider's zone.
        confirmed: Codes of the questions that the person answered with yes.
        limits: When a volume is unusual.

    Source: R-METER-3 to R-METER-10 in docs/rules.md.
    """
    problems = _refusals(value, read_on, register, last, today)
    questions: list[Problem] = []
    volume = 0
    if last is not None and not any(problem.field == "value" for problem in problems):
        volume = volume_between(last[0], value, register)
        if value < last[0]:
            questions.append(
                Problem(
                    "reading-rolled-over",
                    "value",
                    {"last": register.format(last[0]), "volume": _shown(volume, register)},
                )
            )
        problem = _above_hard_limit(volume, register, limits)
        if problem is not None:
            problems.append(problem)
        questions.extend(_unusual(volume, register, volumes, residents, limits))
    period = window.period_of(read_on, max(read_on, today))
    if window.refuse_outside and not window.contains(read_on):
        problems.append(
            Problem("reading-outside-window", "read_on", {"from_day": window.day_from, "to_day": window.day_to})
        )
    return ReadingReview(
        problems=tuple(problems),
        questions=tuple(question for question in questions if question.code not in confirmed),
        period=period,
        next_period=period > Month.of(read_on),
        volume=volume,
    )


def _refusals(
    value: int, read_on: date, register: Register, last: tuple[int, date] | None, today: date
) -> list[Problem]:
    problems = []
    if value < 0:
        problems.append(Problem("reading-not-a-number", "value"))
    elif value >= register.capacity:
        problems.append(
            Problem(
                "reading-too-long",
                "value",
                {"integer_digits": register.integer_digits, "fraction_digits": register.fraction_digits},
            )
        )
    elif last is not None and value < last[0] and not may_have_rolled_over(last[0], value, register):
        problems.append(
            Problem("reading-went-down", "value", {"last": register.format(last[0]), "on": last[1].isoformat()})
        )
    if read_on > today:
        problems.append(Problem("reading-in-future", "read_on", {"today": today.isoformat()}))
    if last is not None and read_on < last[1]:
        problems.append(Problem("reading-before-last", "read_on", {"on": last[1].isoformat()}))
    return problems


def _above_hard_limit(volume: int, register: Register, limits: UnusualLimits) -> Problem | None:
    if limits.hard_limit and volume > limits.hard_limit * 10**register.fraction_digits:
        return Problem(
            "reading-impossible", "value", {"volume": _shown(volume, register), "limit": str(limits.hard_limit)}
        )
    return None


def _unusual(
    volume: int, register: Register, volumes: Sequence[int], residents: int, limits: UnusualLimits
) -> list[Problem]:
    recent = volumes[-AVERAGE_PERIODS:]
    above_average = volume * len(recent) > limits.factor * sum(recent) if recent else limits.minimum > 0
    above_minimum = volume > limits.minimum * max(residents, 1) * 10**register.fraction_digits
    if (limits.factor or limits.minimum) and volume and above_average and above_minimum:
        average = sum(recent) // len(recent) if recent else 0
        return [
            Problem(
                "reading-unusual",
                "value",
                {"volume": _shown(volume, register), "average": _shown(average, register)},
            )
        ]
    before = volumes[-(ZERO_PERIODS - 1) :]
    if volume == 0 and len(before) == ZERO_PERIODS - 1 and not any(before):
        return [Problem("reading-zero-again", "value", {"periods": ZERO_PERIODS})]
    return []


def _shown(volume: int, register: Register) -> str:
    return f"{register.quantity(volume):f}".replace(".", ",")
