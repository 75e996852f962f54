"""Working days, and when a term of working or calendar days ends.

The server's clock decides. Which days are worked is data with a version, kept by the department's officer; nothing here
computes a holiday. Rules R-CAL-1 to R-CAL-5 in docs/rules.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

SATURDAY = 5


class YearNotLoaded(ValueError):
    """The calendar says nothing about a year; a term into it cannot be computed."""

    def __init__(self, year: int) -> None:
        super().__init__(f"no calendar of {year}")
        self.year = year


class TermEnd(StrEnum):
    """When on its last day a term ends."""

    EXACT = "exact"  # at the wall-clock time of the event
    END_OF_DAY = "eod"  # with the last second of the day


@dataclass(frozen=True, slots=True, order=True)
class Deadline:
    """The last moment of a term, in UTC.

    With ``end_of_day`` it is the midnight after the last day and does not belong to the term any more; otherwise the
    instant itself still does.
    """

    at: datetime
    end_of_day: bool = False

    def passed(self, now: datetime) -> bool:
        """Return whether the term is over at ``now``. Source: R-CAL-4."""
        return now >= self.at if self.end_of_day else now > self.at

    def shown(self, zone: ZoneInfo) -> datetime:
        """Return the last second of the term in local time, as screens and papers show it."""
        last = self.at - timedelta(seconds=1) if self.end_of_day else self.at
        return last.astimezone(zone)

    def last_day(self, zone: ZoneInfo) -> date:
        """Return the local date of the last day of the term."""
        last = self.at - timedelta(microseconds=1) if self.end_of_day else self.at
        return last.astimezone(zone).date()


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are worked, in which zone. ``years`` are those that the tables cover; ``version`` is the edition."""

    zone_name: str
    days_off: frozenset[date]
    extra_working_days: frozenset[date]
    years: frozenset[int]
    version: int = 0

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone with its history."""
        return ZoneInfo(self.zone_name)

    def is_working(self, day: date) -> bool:
        """Return whether ``day`` is worked; raises ``YearNotLoaded``. Source: R-CAL-1."""
        if day.year not in self.years:
            raise YearNotLoaded(day.year)
        return day in self.extra_working_days or (day.weekday() < SATURDAY and day not in self.days_off)

    def local_day(self, instant: datetime) -> date:
        """Return the local date of an instant."""
        return instant.astimezone(self.zone).date()

    def midnight_after(self, day: date) -> datetime:
        """Return the instant at which the local ``day`` is over, in UTC."""
        return _instant(datetime.combine(day + timedelta(days=1), time(0)), self.zone)

    def end_of(self, day: date) -> Deadline:
        """Return the deadline at the end of a local day."""
        return Deadline(self.midnight_after(day), end_of_day=True)

    def working_day_after(self, day: date, count: int = 1) -> date:
        """Return the ``count``-th working day strictly after ``day``; raises ``YearNotLoaded``."""
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_working(day)
        return day

    def working_days_between(self, after: date, until: date) -> int:
        """Return how many working days lie after ``after`` up to and including ``until``; 0 when none do."""
        return sum(self.is_working(after + timedelta(days=step)) for step in range(1, (until - after).days + 1))

    def first_working_from(self, day: date) -> date:
        """Return ``day`` if it is worked, else the next one that is; raises ``YearNotLoaded``."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day


def add_working_days(
    start: datetime, count: int, calendar: WorkingCalendar, end: TermEnd = TermEnd.END_OF_DAY
) -> Deadline:
    """Return when a term of ``count`` working days that begins with an event at ``start`` ends.

    The day of the event is not counted, and need not be a working day. Raises ``YearNotLoaded``. Source: R-CAL-2.
    """
    if count < 1:
        raise ValueError("a term has at least one day")
    local = start.astimezone(calendar.zone)
    last = calendar.working_day_after(local.date(), count)
    if end is TermEnd.END_OF_DAY:
        return calendar.end_of(last)
    return Deadline(_instant(datetime.combine(last, local.time()), calendar.zone))


def add_calendar_days(start: date, count: int, calendar: WorkingCalendar, *, roll: bool = True) -> Deadline:
    """Return the end of the ``count``-th calendar day after ``start``.

    With ``roll`` a term that would end on a day off ends with the next working day. Raises ``YearNotLoaded``.
    Source: R-CAL-3.
    """
    if count < 1:
        raise ValueError("a term has at least one day")
    last = start + timedelta(days=count)
    return calendar.end_of(calendar.first_working_from(last) if roll else last)


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    # A wall-clock time that clocks show twice (as on 29.02.2024 in Almaty) means the later one: to the person's favour.
    return wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
