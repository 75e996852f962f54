"""Rows of the change feed that an education department shows to everybody: kindergartens, groups, places, rules,
calendar, categories, the bulletin, figures, reviews. Words are those of ``models.domain.admissions.states``.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from models.contract.record import Record, Texts


class Locality(Record, frozen=True, array_like=True):
    """A place on the map, inside another: region, city, district, village."""

    TABLE: ClassVar[str] = "locality"

    department_id: int
    code: str
    kind: str  # region | city | district | village
    name: Texts
    parent_id: int | None = None


class Organisation(Record, frozen=True, array_like=True):
    """A kindergarten."""

    TABLE: ClassVar[str] = "organisation"

    department_id: int
    code: str
    name: str
    kind: str  # nursery | nursery-garden | kindergarten | school-garden | special | sanatorium
    ownership: str  # state | private
    locality_id: int
    address: str
    phone: str
    email: str
    bin: str
    director: str
    corrections: list[str]  # types of correction it offers; [] for an ordinary one
    languages: list[str]
    opened: bool = True
    rating_tenths: int = 0  # mean of the published reviews, 0 when there are none
    reviews: int = 0


class Group(Record, frozen=True, array_like=True):
    """A group of a kindergarten."""

    TABLE: ClassVar[str] = "kindergarten_group"

    organisation_id: int
    name: str
    age_from: int  # full years on 1 September, inclusive
    age_to: int  # exclusive
    language: str  # kk | ru | en | ug | uz | tg
    kind: str  # day | short | round-the-clock
    correction: str  # "" for an ordinary group
    responsible: str
    valid_from: date
    valid_to: date | None = None


class Place(Record, frozen=True, array_like=True):
    """The count of places of a group in a mode while valid; free = capacity - occupied - held."""

    TABLE: ClassVar[str] = "place"

    group_id: int
    mode: str  # permanent | temporary
    capacity: int
    occupied: int
    held: int
    valid_from: date
    valid_to: date | None = None  # of a temporary place: the last day

    @property
    def free(self) -> int:
        """How many children more it takes."""
        return self.capacity - self.occupied - self.held


class ProgrammeRules(Record, frozen=True, array_like=True):
    """An edition of a programme's rules (models.domain.admissions.rules.Rules), ``[valid_from, valid_to)``."""

    TABLE: ClassVar[str] = "programme"

    department_id: int
    programme: str
    valid_from: date
    valid_to: date | None
    settings: dict[str, Any]
    state: str = "confirmed"  # prepared | confirmed | refused: a second officer confirms what one prepared
    prepared_by: str = ""
    confirmed_by: str = ""
    version: int = 0
    prepared_by_id: int | None = None  # whose ``prepared_by`` is: names are not unique


class Category(Record, frozen=True, array_like=True):
    """A priority category from a day on: a benefit and an age band with its rank, 1 = first.

    Only a confirmed one counts; one that is prepared or was refused is seen by the office only.
    """

    TABLE: ClassVar[str] = "category"

    department_id: int
    code: str
    name: Texts
    benefit: str  # "" for none
    age_from_months: int  # on 1 September, inclusive
    age_to_months: int  # exclusive
    rank: int
    line: str  # extraordinary | first | ordinary: the sides of the interleaving order
    valid_from: date
    valid_to: date | None = None
    state: str = "confirmed"  # prepared | confirmed | refused: a second officer confirms what one prepared
    prepared_by: str = ""
    confirmed_by: str = ""
    prepared_by_id: int | None = None
    confirmed_by_id: int | None = None


class Benefit(Record, frozen=True, array_like=True):
    """A right to a higher category, which a document proves."""

    TABLE: ClassVar[str] = "benefit"

    department_id: int
    code: str
    name: Texts
    document: str  # kind of the proving document
    active: bool = True


class CalendarDay(Record, frozen=True, array_like=True):
    """A day that is not as its weekday is: a holiday, a moved day off, or a worked Saturday."""

    TABLE: ClassVar[str] = "calendar_day"

    department_id: int
    day: date
    working: bool
    name: Texts
    version: int = 0


class CalendarYear(Record, frozen=True, array_like=True):
    """That the calendar of a year is complete; terms are computed only into such years."""

    TABLE: ClassVar[str] = "calendar_year"

    department_id: int
    year: int
    source: str
    version: int = 0


class BulletinItem(Record, frozen=True, array_like=True):
    """Published free places of a group."""

    TABLE: ClassVar[str] = "bulletin_item"

    group_id: int
    number: str
    places: int
    taken: int  # held or given
    birth_years: list[int]
    language: str
    locality_id: int
    mode: str
    responsible: str
    free_from: date
    published_on: date | None
    open_at: datetime | None
    open_to_all_at: datetime | None
    state: str  # draft | published | withdrawn | expired; open and exhausted follow from the clock and ``taken``
    reason: str = ""
    version: int = 0
    reason_code: str = ""  # of a list (models.contract.reasons), said in the reader's language; ``reason`` is own words


class QueueStatistic(Record, frozen=True, array_like=True):
    """How many wait and how many places are expected, by locality, birth year and language; an estimate."""

    TABLE: ClassVar[str] = "queue_statistic"

    department_id: int
    locality_id: int
    birth_year: int
    language: str
    queued: int
    admitted_year: int  # enrolled in the last twelve months
    free_now: int
    forecast: dict[str, int]  # ISO date → expected free places
    at: datetime


class Review(Record, frozen=True, array_like=True):
    """What a parent thinks of a kindergarten; public once an officer let it through."""

    TABLE: ClassVar[str] = "review"

    organisation_id: int
    stars: int
    text: str
    author: str  # name with the surname shortened
    at: datetime
    state: str  # submitted | published | refused
    answer: str = ""
    answered_at: datetime | None = None
