"""How many places are expected on which day: an estimate, with what it is made of.

Source: R-ADM-20 in docs/rules.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from models.domain.admissions.categories import ages_out
from models.domain.admissions.eligibility import birth_years, group_year

MONTHS: Final = 6
"""So many coming months are estimated."""


class Cause(StrEnum):
    """Why a place becomes free."""

    GRADUATION = "graduation"
    LEAVING = "leaving"
    TEMPORARY = "temporary"


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """For whom places are counted: of a locality, a birth year and a language."""

    locality_id: int
    birth_year: int
    language: str


@dataclass(frozen=True, slots=True)
class Places:
    """Places of a group as they are: free ones still contain those that are held."""

    group_id: int
    locality_id: int
    age_from: int
    age_to: int
    language: str
    capacity: int
    occupied: int
    held: int


@dataclass(frozen=True, slots=True)
class Stay:
    """A child in a group, as far as it decides when its place is free again."""

    group_id: int
    born: date
    ends_on: date | None = None
    temporary: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """``count`` places of a group are free from a day on."""

    group_id: int
    on: date
    cause: Cause
    count: int = 1


@dataclass(frozen=True, slots=True)
class Forecast:
    """Expected places of a cell: now, on each day asked for, and how many of those come from what."""

    free_now: int
    expected: Mapping[date, int]
    causes: Mapping[Cause, int] = field(default_factory=dict)


def school_year(today: date) -> date:
    """Return the first day of the coming school year."""
    first = date(today.year, 9, 1)
    return first if first > today else date(today.year + 1, 9, 1)


def expected_days(today: date) -> list[date]:
    """Return the days that are estimated: the first of the coming months, and the first of the coming school year."""
    months = [today.year * 12 + today.month - 1 + ahead for ahead in range(1, MONTHS + 1)]
    return sorted({*(date(month // 12, month % 12 + 1, 1) for month in months), school_year(today)})


def changes(stays: Iterable[Stay], today: date, until: date, max_age_years: int = 6) -> list[Change]:
    """Return which places become free after ``today`` and by ``until``: announced ends, and who goes to school.

    Who is of age on 1 September of a year leaves with 31 August of it (R-ADM-12); an earlier announced end counts
    instead.
    """
    found = []
    for stay in stays:
        ends: list[tuple[date, Cause]] = []
        if stay.ends_on is not None:
            cause = Cause.TEMPORARY if stay.temporary else Cause.LEAVING
            ends.append((stay.ends_on + timedelta(days=1), cause))
        if not stay.temporary:
            years = range(today.year, until.year + 1)
            left = (date(year, 9, 1) for year in years if ages_out(stay.born, year, max_age_years))
            ends += [(day, Cause.GRADUATION) for day in left if day > today][:1]
        if ends:
            on, cause = min(ends)
            if today < on <= until:
                found.append(Change(stay.group_id, on, cause))
    return found


def forecast(
    places: Sequence[Places], expected: Iterable[Change], today: date, days: Sequence[date]
) -> dict[Cell, Forecast]:
    """Return the estimate of each cell: free places less held ones, and what becomes free by each day.

    A group of several birth years counts for each of them, so cells must not be summed. Birth years are those of the
    group on the day itself: with the turn of groups it takes younger ones. Source: R-ADM-20.
    """
    by_group: dict[int, list[Change]] = defaultdict(list)
    for change in expected:
        by_group[change.group_id].append(change)
    now: dict[Cell, int] = defaultdict(int)
    coming: dict[Cell, dict[date, int]] = defaultdict(lambda: dict.fromkeys(days, 0))
    causes: dict[Cell, dict[Cause, int]] = defaultdict(lambda: defaultdict(int))
    last = max(days, default=today)
    for group in places:
        free = group.capacity - group.occupied - group.held
        for cell in _cells(group, today):
            now[cell] += free
        for day in days:
            ended = sum(change.count for change in by_group[group.group_id] if change.on <= day)
            for cell in _cells(group, day):
                coming[cell][day] += free + ended
        for change in by_group[group.group_id]:
            if change.on <= last:
                for cell in _cells(group, last):
                    causes[cell][change.cause] += change.count
    return {
        cell: Forecast(
            max(0, now[cell]),
            {day: max(0, count) for day, count in coming[cell].items()},
            dict(causes[cell]),
        )
        for cell in sorted({*now, *coming})
    }


def expected_on(number: int, estimate: Forecast) -> date | None:
    """Return the first day on which as many places are expected as stand up to ``number``, or ``None``."""
    return next((day for day, count in sorted(estimate.expected.items()) if count >= number), None)


def _cells(group: Places, day: date) -> list[Cell]:
    # Whoever turns the upper age after 1 September is still in the group; birth years are the group's own ones.
    years = birth_years(group.age_from, group.age_to - 1, group_year(day))
    return [Cell(group.locality_id, year, group.language) for year in sorted(years)]
