"""The queue as everybody may see it: numbers, masked numbers of applications, categories, dates. Nobody's name or code.

The number is that of the order among who stands in the same queue (programme, correction, locality and what lies in
it) and wants the language that is asked about; a birth year only leaves rows out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from models.contract.record import Texts
from models.domain.admissions.categories import ORDINARY
from models.domain.admissions.ranking import INTERLEAVE, LANGUAGES
from models.domain.admissions.states import Programme
from provider.services.admissions import queue
from provider.services.admissions.department import Department
from provider.services.refusals import refuse

SIZES: Final = (10, 20, 30, 100)
FARTHEST: Final = 100_000
_PROGRAMMES: Final = (Programme.GENERAL, Programme.SPECIAL, Programme.BULLETIN)
_SCOPE: Final = (
    "tenant_id = :tenant AND programme = :programme AND state = 'queued' AND (:correction = '' OR correction = :correction) "
    "AND (CAST(:localities AS bigint[]) IS NULL OR locality_id = ANY(CAST(:localities AS bigint[]))) "
    "AND (:mask = 0 OR language_mask & :mask <> 0)"
)
_ORDER: Final = 'category_rank, rank_date, length(number), number COLLATE "C"'
_COUNT: Final = text(
    f"SELECT count(*), count(*) FILTER (WHERE extract(year FROM born) = :year) FROM application WHERE {_SCOPE}"  # noqa: S608
)
_PAGE: Final = text(
    "SELECT place, number, category_id, rank_date, languages FROM ("  # noqa: S608  # conditions of this module
    f"SELECT row_number() OVER (ORDER BY {_ORDER}) AS place, number, category_id, category_rank, rank_date, languages, "
    f"born FROM application WHERE {_SCOPE}) q "
    "WHERE CAST(:year AS integer) IS NULL OR extract(year FROM born) = :year ORDER BY place LIMIT :size OFFSET :skip"
)
_INTERLEAVED: Final = text(
    "WITH lined AS (SELECT number, category_id, category_rank, rank_date, languages, born, "  # noqa: S608
    "coalesce(l.line, 'ordinary') AS line FROM application LEFT JOIN unnest(CAST(:ranks AS integer[]), "
    f"CAST(:lines AS text[])) AS l(rank, line) ON l.rank = category_rank WHERE {_SCOPE}), "
    f"counted AS (SELECT *, row_number() OVER (PARTITION BY line ORDER BY {_ORDER}) - 1 AS before, "
    "count(*) FILTER (WHERE line = 'extraordinary') OVER () AS extraordinary, "
    "count(*) FILTER (WHERE line = 'first') OVER () AS firsts, "
    "count(*) FILTER (WHERE line = 'ordinary') OVER () AS ordinaries FROM lined) "
    "SELECT place, number, category_id, rank_date, languages FROM (SELECT *, CASE line "
    "WHEN 'extraordinary' THEN before + 1 "
    "WHEN 'first' THEN extraordinary + least(ordinaries, before / :first * :ordinary) + before + 1 "
    "ELSE extraordinary + least(firsts, (before / :ordinary + 1) * :first) + before + 1 END AS place FROM counted) q "
    "WHERE CAST(:year AS integer) IS NULL OR extract(year FROM born) = :year ORDER BY place LIMIT :size OFFSET :skip"
)
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks about; ``page`` counts from 1."""

    programme: str = "general"
    locality: int | None = None
    birth_year: int | None = None
    language: str = ""
    correction: str = ""
    page: int = 1
    size: int = 20


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One application in the public queue. ``at`` is the date and time by which it stands."""

    number: int
    application: str  # masked
    category: Texts
    at: datetime
    languages: list[str]


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of the public queue: how many rows there are, how many stand in the queue, and when it was read."""

    rows: list[QueueRow]
    total: int
    queued: int
    page: int
    pages: int
    at: datetime


def page(connection: Connection, department: Department, asked: Asked, now: datetime) -> QueuePage:
    """Return a page of the queue as everybody may see it.

    Raises ``Refusal``: ``programme-unknown``, ``language-of-education-unknown``, ``not-found`` for a locality,
    ``field-invalid`` for a page or a size that is not offered.
    """
    programme = _checked(department, asked)
    values: dict[str, Any] = {
        "tenant": department.tenant,
        "programme": programme.value,
        "correction": asked.correction,
        "localities": None if asked.locality is None else sorted(queue.inside(department, asked.locality)),
        "mask": 1 << LANGUAGES.index(asked.language) if asked.language else 0,
        "year": asked.birth_year,
        "size": asked.size,
        "skip": (asked.page - 1) * asked.size,
    }
    queued, of_year = connection.execute(_COUNT, values).one()
    total = queued if asked.birth_year is None else of_year
    rules = department.rules(programme, now)
    statement = _PAGE
    if rules.order == INTERLEAVE:
        statement = _INTERLEAVED
        today = department.calendar.local_day(now)
        lines = {row.rank: row.line for row in department.categories_on(today) if row.line != ORDINARY}
        values |= {
            "ranks": list(lines),
            "lines": list(lines.values()),
            "first": rules.interleave_first,
            "ordinary": rules.interleave_ordinary,
        }
    names = {row.id: row.name for row in department.categories}
    rows = [
        QueueRow(place, mask_number(number), names.get(category, {}), at, list(languages))
        for place, number, category, at, languages in connection.execute(statement, values)
    ]
    return QueuePage(rows, total, queued, asked.page, max(1, -(-total // asked.size)), now)


def mask_number(number: str) -> str:
    """Return the number of an application of which only its owner recognises the end."""
    return "•••" + number[-_SHOWN:]


def _checked(department: Department, asked: Asked) -> Programme:
    if asked.programme not in _PROGRAMMES:
        raise refuse("programme-unknown", "programme")
    if asked.language and asked.language not in LANGUAGES:
        raise refuse("language-of-education-unknown", "language")
    if asked.locality is not None and asked.locality not in {row.id for row in department.localities}:
        raise refuse("not-found", "locality", status=404)
    if asked.size not in SIZES:
        raise refuse("field-invalid", "size")
    if not 1 <= asked.page <= FARTHEST:
        raise refuse("field-invalid", "page")
    return Programme(asked.programme)
