"""The order of the queue and the number in it. A number is computed, never kept as truth.

Source: R-ADM-13 to R-ADM-15 in docs/rules.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Final, TypeVar

from models.domain.admissions.categories import EXTRAORDINARY, FIRST, ORDINARY
from models.domain.admissions.rules import Rules

LANGUAGES: Final = ("kk", "ru", "en", "ug", "uz", "tg")
"""Languages of education; the place of one is its bit, so a new one is added at the end."""

STRICT, INTERLEAVE = "strict", "interleave"


def number_key(number: str) -> tuple[int, str]:
    """Return what numbers are compared by: 999 before 1000 (in SQL ``length(number), number COLLATE "C"``)."""
    return len(number), number


@dataclass(frozen=True, slots=True)
class OrderKey:
    """Where an application stands: by category, then by the instant of submission, then by number."""

    category_rank: int
    rank_date: datetime
    number: str

    @property
    def value(self) -> tuple[int, datetime, tuple[int, str]]:
        """The key as Python sorts it."""
        return self.category_rank, self.rank_date, number_key(self.number)

    def __lt__(self, other: OrderKey) -> bool:
        return self.value < other.value


@dataclass(frozen=True, slots=True)
class Entry:
    """An application in the queue, with what the order and an iteration look at.

    ``line`` is its category's side of the interleaving order; ``languages`` a mask of :func:`language_mask`;
    ``bundle_id`` the same for twins; ``age_months`` the child's age now, in full months.
    """

    id: int
    number: str
    category_rank: int
    rank_date: datetime
    line: str = ORDINARY
    languages: int = 0
    locality_id: int = 0
    birth_year: int = 0
    age_months: int = 0
    bundle_id: int | None = None
    has_voucher: bool = False
    place_lost: bool = False  # its group was closed: first in waiting lists (D-22)
    name: str = ""

    @property
    def key(self) -> OrderKey:
        """Where it stands."""
        return OrderKey(self.category_rank, self.rank_date, self.number)


Ranked = TypeVar("Ranked", bound=Entry)


def language_mask(languages: Iterable[str]) -> int:
    """Return a set of languages as bits; raises ``ValueError`` for one that is not among ``LANGUAGES``."""
    mask = 0
    for language in languages:
        mask |= 1 << LANGUAGES.index(language)
    return mask


def ordered(entries: Iterable[Ranked], rules: Rules) -> list[Ranked]:
    """Return the queue in its order.

    ``strict``: by category, date and number. ``interleave``: who has an extraordinary right first, then by turns
    ``interleave_first`` of the first-priority ones and ``interleave_ordinary`` of the others; when one side is empty
    the other goes on. Source: R-ADM-14.
    """
    by_key = sorted(entries, key=_sort_key)
    if rules.order != INTERLEAVE:
        return by_key
    lines: dict[str, list[Ranked]] = {EXTRAORDINARY: [], FIRST: [], ORDINARY: []}
    for entry in by_key:
        lines[entry.line].append(entry)
    first, ordinary = lines[FIRST], lines[ORDINARY]
    found = lines[EXTRAORDINARY]
    taken, passed = 0, 0
    while taken < len(first) and passed < len(ordinary):
        found += first[taken : taken + rules.interleave_first]
        found += ordinary[passed : passed + rules.interleave_ordinary]
        taken += rules.interleave_first
        passed += rules.interleave_ordinary
    return [*found, *first[taken:], *ordinary[passed:]]


@dataclass(frozen=True, slots=True)
class LineCounts:
    """How many stand in each line of the queue."""

    extraordinary: int = 0
    first: int = 0
    ordinary: int = 0

    @property
    def total(self) -> int:
        """How many there are."""
        return self.extraordinary + self.first + self.ordinary


def number_from_counts(line: str, before: int, counts: LineCounts, rules: Rules) -> int:
    """Return the number of who has ``before`` others of its own line before it, without ordering the queue.

    In the strict order there is one line: give ``before`` of all. Source: R-ADM-15.
    """
    if rules.order != INTERLEAVE or line == EXTRAORDINARY:
        return before + 1
    first, ordinary = rules.interleave_first, rules.interleave_ordinary
    if line == FIRST:
        others = min(counts.ordinary, before // first * ordinary)
    else:
        others = min(counts.first, (before // ordinary + 1) * first)
    return counts.extraordinary + others + before + 1


@dataclass(frozen=True, slots=True)
class Number:
    """A number in the queue and how many stand there."""

    number: int
    total: int


def position(entry: Entry, entries: Iterable[Entry], rules: Rules) -> Number:
    """Return the number of a queued application among those that want all of its languages, from 1.

    ``entries`` are the live queued applications of its scope, itself among them; raises ``LookupError`` otherwise.
    Source: R-ADM-15.
    """
    rivals = ordered((other for other in entries if other.languages & entry.languages == entry.languages), rules)
    for place, other in enumerate(rivals, start=1):
        if other.id == entry.id:
            return Number(place, len(rivals))
    raise LookupError(f"application {entry.id} is not in the queue")


def first_waiting(entries: Sequence[Ranked]) -> Ranked | None:
    """Return who is offered a place that became free: whose group was closed, then by queue order, not by when they
    joined the list.

    Source: D-21, D-22.
    """
    return min(entries, key=lambda entry: (not entry.place_lost, _sort_key(entry)), default=None)


_fields: Final[Callable[[Entry], tuple[int, datetime, str]]] = attrgetter("category_rank", "rank_date", "number")


def _sort_key(entry: Entry) -> tuple[int, datetime, tuple[int, str]]:
    rank, date, number = _fields(entry)
    return rank, date, (len(number), number)
