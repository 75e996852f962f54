"""Priority categories: a benefit and an age band with its rank. Ranks are data that an officer edits.

Source: R-ADM-10 to R-ADM-12 in docs/rules.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol, TypeVar

EXTRAORDINARY, FIRST, ORDINARY = LINES = ("extraordinary", "first", "ordinary")
"""The sides of the interleaving order."""

REFRESH: Final = (6, 30)
"""Month and day of the yearly refresh of the queue: from it on the coming 1 September counts. Source: D-07, D-08."""


class CategoryLike(Protocol):
    """What a row of the table must have; the feed's ``Category`` does."""

    @property
    def code(self) -> str:
        """The row's short name."""

    @property
    def benefit(self) -> str:
        """Which benefit it is for, "" for none."""

    @property
    def age_from_months(self) -> int:
        """The least age on 1 September."""

    @property
    def age_to_months(self) -> int:
        """The age on 1 September from which it does not count any more."""

    @property
    def rank(self) -> int:
        """1 goes first."""


Row = TypeVar("Row", bound=CategoryLike)


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A row of the table: who has ``benefit`` and on 1 September an age in ``[from, to)`` months stands at ``rank``.

    ``line`` is the side of the interleaving order; ``name`` is the row's name in the four languages.
    """

    code: str
    name: Mapping[str, str]
    benefit: str
    age_from_months: int
    age_to_months: int
    rank: int
    line: str


def months_old(born: date, on: date) -> int:
    """Return the full months between a birth and a day, negative before the birth."""
    return (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)


def counting_year(on: date) -> int:
    """Return the year whose 1 September decides about ages on ``on``: numbers are stable between refreshes.

    Source: D-07, D-08.
    """
    return on.year if (on.month, on.day) >= REFRESH else on.year - 1


def ages_out(born: date, year: int, max_age_years: int) -> bool:
    """Return whether a child is too old for the queue from 1 September of ``year`` on. Source: D-07."""
    return months_old(born, date(year, 9, 1)) >= max_age_years * 12


def category_for(benefit: str, born: date, on_september_first_of: int, table: Iterable[Row]) -> Row | None:
    """Return the row for a child with a verified ``benefit`` ("" for none), or ``None`` when no row has its age.

    A benefit that the table does not know counts as none, as one that was refused. The better row wins when several
    fit. Source: D-06.
    """
    return category_at(benefit, months_old(born, date(on_september_first_of, 9, 1)), table)


def category_at(benefit: str, age: int, table: Iterable[Row]) -> Row | None:
    """Return the row for an age in full months, as :func:`category_for` chooses it; for departments that follow the
    age from day to day. Source: D-08.
    """
    rows = [row for row in table if row.age_from_months <= age < row.age_to_months]
    fitting = [row for row in rows if row.benefit == benefit] or [row for row in rows if not row.benefit]
    return min(fitting, key=lambda row: (row.rank, row.code), default=None)


_BENEFITS: Final[tuple[tuple[str, str, dict[str, str]], ...]] = (
    (
        "military",
        EXTRAORDINARY,
        {
            "kk": "Әскери қызметшілердің және арнаулы мемлекеттік органдар қызметкерлерінің балалары",
            "ru": "Дети военнослужащих и сотрудников специальных государственных органов",
            "uk": "Діти військовослужбовців і працівників спеціальних державних органів",
            "en": "Children of military personnel and of employees of special state bodies",
        },
    ),
    (
        "special-needs",
        FIRST,
        {
            "kk": "Ерекше білім беру қажеттілігі бар балалар, мүгедектігі бар балалар",
            "ru": "Дети с особыми образовательными потребностями, дети с инвалидностью",
            "uk": "Діти з особливими освітніми потребами, діти з інвалідністю",
            "en": "Children with special educational needs or a disability",
        },
    ),
    (
        "orphan",
        FIRST,
        {
            "kk": "Жетім балалар және ата-анасының қамқорлығынсыз қалған балалар",
            "ru": "Дети-сироты и дети, оставшиеся без попечения родителей",
            "uk": "Діти-сироти та діти, позбавлені батьківського піклування",
            "en": "Orphans and children left without parental care",
        },
    ),
    (
        "disabled-family",
        FIRST,
        {
            "kk": "Ата-анасының мүгедектігі бар немесе мүгедектігі бар бала тәрбиелеп отырған отбасының балалары",
            "ru": "Дети родителей с инвалидностью и семей, воспитывающих ребёнка с инвалидностью",
            "uk": "Діти батьків з інвалідністю та родин, які виховують дитину з інвалідністю",
            "en": "Children of a parent with a disability, or of a family raising a child with a disability",
        },
    ),
    (
        "large-family",
        FIRST,
        {
            "kk": "Көп балалы отбасынан шыққан балалар",
            "ru": "Дети из многодетных семей",
            "uk": "Діти з багатодітних родин",
            "en": "Children of large families",
        },
    ),
    (
        "teacher",
        FIRST,
        {
            "kk": "Педагогтердің балалары",
            "ru": "Дети педагогов",
            "uk": "Діти педагогів",
            "en": "Children of teachers",
        },
    ),
    (
        "",
        ORDINARY,
        {
            "kk": "Кезекте тұрған балалар",
            "ru": "Дети, стоящие в очереди",
            "uk": "Діти, які стоять у черзі",
            "en": "Children in the queue",
        },
    ),
)
_BANDS: Final[tuple[tuple[int, int, dict[str, str]], ...]] = (
    (60, 72, {"kk": "5 жас", "ru": "5 лет", "uk": "5 років", "en": "aged 5"}),
    (48, 60, {"kk": "4 жас", "ru": "4 года", "uk": "4 роки", "en": "aged 4"}),
    (36, 48, {"kk": "3 жас", "ru": "3 года", "uk": "3 роки", "en": "aged 3"}),
    (24, 36, {"kk": "2 жас", "ru": "2 года", "uk": "2 роки", "en": "aged 2"}),
    (0, 24, {"kk": "2 жасқа дейін", "ru": "до 2 лет", "uk": "до 2 років", "en": "under 2"}),
)


def default_benefits() -> dict[str, Mapping[str, str]]:
    """Return the benefits that a department starts with: code → name in the four languages."""
    return {code: name for code, _line, name in _BENEFITS if code}


def default_categories() -> tuple[CategoryRow, ...]:
    """Return the table that a department starts with: seven benefits by five age bands, older first.

    The youngest band is served last of its benefit and only from ``Rules.youngest_age_months`` on. Source: R-ADM-10.
    """
    return tuple(
        CategoryRow(
            code=f"{benefit or 'general'}-{low // 12}",
            name={language: f"{text}, {age[language]}" for language, text in name.items()},
            benefit=benefit,
            age_from_months=low,
            age_to_months=high,
            rank=rank,
            line=line,
        )
        for rank, (benefit, line, name, low, high, age) in enumerate(
            ((*right, *band) for right in _BENEFITS for band in _BANDS), start=1
        )
    )
