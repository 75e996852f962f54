"""The queue as everybody may see it: numbers, masked numbers of applications, categories, dates. Nobody's name or code.

The number is that of the order among who stands in the same queue (programme, correction, locality and what lies in
it) and wants the language that is asked about; a birth year only leaves rows out. Source: R-ADM-27.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product
from typing import Any, Final

from sqlalchemy import Connection, TextClause, text

from models.contract.record import Texts
from models.domain.admissions.categories import EXTRAORDINARY, FIRST, ORDINARY
from models.domain.admissions.ranking import INTERLEAVE, LANGUAGES, LineCounts
from models.domain.admissions.rules import Rules
from models.domain.admissions.states import Programme
from provider.services.admissions import queue
from provider.services.admissions.department import Department
from provider.services.refusals import refuse

SIZES: Final = (10, 20, 30, 100)
FARTHEST: Final = 100_000
_PROGRAMMES: Final = (Programme.GENERAL, Programme.SPECIAL, Programme.BULLETIN)
_WHICH: Final = (
    "tenant_id = :tenant AND programme = :programme AND (:correction = '' OR correction = :correction) "
    "AND (CAST(:localities AS bigint[]) IS NULL OR locality_id = ANY(CAST(:localities AS bigint[]))) "
    "AND (:mask = 0 OR language_mask & :mask <> 0)"
)
_SCOPE: Final = f"{_WHICH} AND state = 'queued'"
_ORDER: Final = 'category_rank, rank_date, length(number), number COLLATE "C"'
_COUNT: Final = text(
    f"SELECT category_rank, sum(count) FROM queue_count WHERE {_WHICH} GROUP BY category_rank"  # noqa: S608
)
_SLICE: Final = text(
    "SELECT a.number, a.category_id, a.rank_date, a.languages FROM application a JOIN (SELECT id, "  # noqa: S608
    f"row_number() OVER () AS place FROM (SELECT id FROM application WHERE {_SCOPE} "
    "AND (CAST(:ranks AS integer[]) IS NULL OR (category_rank = ANY(CAST(:ranks AS integer[]))) = :inside) "
    f"ORDER BY {_ORDER} LIMIT :size OFFSET :skip) ordered) o ON o.id = a.id ORDER BY o.place"
)
_BORN: Final = "born >= :first_day AND born < :last_day"
_SHOW: Final = (
    "SELECT m.place, a.number, a.category_id, a.rank_date, a.languages, (SELECT count(*) FROM mine) AS total "
    "FROM (SELECT id, place FROM mine ORDER BY place LIMIT :size OFFSET :skip) m "
    "JOIN application a ON a.id = m.id ORDER BY m.place"
)
_STRICT: Final = ("", "numbered.strict")
_TURNS: Final = (
    ", category_rank = ANY(CAST(:extraordinary_ranks AS integer[])) AS has_right, "
    "category_rank = ANY(CAST(:first_ranks AS integer[])) AS is_first, "
    "count(*) FILTER (WHERE category_rank = ANY(CAST(:extraordinary_ranks AS integer[]))) OVER walk AS rights, "
    "count(*) FILTER (WHERE category_rank = ANY(CAST(:first_ranks AS integer[]))) OVER walk AS firsts",
    "CASE WHEN has_right THEN rights "
    "WHEN is_first THEN :extraordinary + least(:ordinaries, (firsts - 1) / :first * :ordinary) + firsts "
    "ELSE :extraordinary + least(:all_firsts, ((strict - rights - firsts - 1) / :ordinary + 1) * :first) "
    "+ strict - rights - firsts END",
)
"""What is counted beside the order, and the place that follows: the order itself, or by turns (R-ADM-14)."""


def _of_year_statement(parts: tuple[str, str], corrected: bool, near: bool, speaking: bool) -> TextClause:
    """Return the statement for a birth year, with only those conditions that narrow something: each row is looked at.

    The index ix_application_order is walked once in its own order and has every column: the table is not read.
    """
    which = (
        "tenant_id = :tenant AND programme = :programme AND state = 'queued'"
        + (" AND correction = :correction" if corrected else "")
        + (" AND locality_id = ANY(CAST(:localities AS bigint[]))" if near else "")
        + (" AND language_mask & :mask <> 0" if speaking else "")
    )
    return text(
        f"WITH numbered AS (SELECT id, born, row_number() OVER walk AS strict{parts[0]} FROM application "  # noqa: S608
        f"WHERE {which} WINDOW walk AS (ORDER BY {_ORDER} ROWS UNBOUNDED PRECEDING)), "
        f"mine AS (SELECT id, {parts[1]} AS place FROM numbered WHERE {_BORN}) {_SHOW}"
    )


_YES_NO: Final = (False, True)
_OF_YEAR: Final = {
    (by_turns, *narrowed): _of_year_statement(_TURNS if by_turns else _STRICT, *narrowed)
    for by_turns in _YES_NO
    for narrowed in product(_YES_NO, _YES_NO, _YES_NO)
}
"""By whether turns are taken, and whether a correction, localities or a language are asked for."""
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
    rules = department.rules(programme, now)
    today = department.calendar.local_day(now)
    lines = {row.rank: row.line for row in department.categories_on(today)}
    values: dict[str, Any] = {
        "tenant": department.tenant,
        "programme": programme.value,
        "correction": asked.correction,
        "localities": None if asked.locality is None else sorted(queue.inside(department, asked.locality)),
        "mask": 1 << LANGUAGES.index(asked.language) if asked.language else 0,
    }
    skip = (asked.page - 1) * asked.size
    if asked.birth_year is None:
        counted = _counted(connection, values)
        queued = total = sum(count for _, count in counted)
        found = _slice(connection, values, _counts(counted, lines, rules), rules, lines, skip, asked.size)
    else:
        counted = _counted(connection, values)
        queued = sum(count for _, count in counted)
        counts = _counts(counted, lines, rules)
        found, total = _of_year(connection, values, asked.birth_year, counts, rules, lines, skip, asked.size)
    names: dict[int | None, Texts] = {row.id: row.name for row in department.categories}
    rows = [
        QueueRow(place, mask_number(number), names.get(category, {}), at, list(languages))
        for place, number, category, at, languages in found
    ]
    return QueuePage(rows, total, queued, asked.page, max(1, -(-total // asked.size)), now)


def seats(start: int, end: int, counts: LineCounts, rules: Rules) -> list[tuple[str, int]]:
    """Return whose turn it is at the places ``[start, end)`` of the interleaving order, from 0: line and place in it.

    The inverse of ``ranking.number_from_counts``. Source: R-ADM-14.
    """
    end = min(end, counts.total)
    first, ordinary = rules.interleave_first, rules.interleave_ordinary
    found = [(EXTRAORDINARY, at) for at in range(start, min(end, counts.extraordinary))]
    start, end = max(0, start - counts.extraordinary), max(0, end - counts.extraordinary)
    rounds = min(-(-counts.first // first), -(-counts.ordinary // ordinary))
    for turn in range(start // (first + ordinary), min(rounds, -(-end // (first + ordinary)))):
        seated = [(FIRST, at) for at in range(turn * first, min((turn + 1) * first, counts.first))]
        seated += [(ORDINARY, at) for at in range(turn * ordinary, min((turn + 1) * ordinary, counts.ordinary))]
        begin = turn * (first + ordinary)
        found += seated[max(0, start - begin) : max(0, end - begin)]
    taken, passed = min(rounds * first, counts.first), min(rounds * ordinary, counts.ordinary)
    start, end = max(0, start - taken - passed), max(0, end - taken - passed)
    rest = counts.first - taken
    found += [(FIRST, taken + at) for at in range(start, min(end, rest))]
    found += [(ORDINARY, passed + at) for at in range(max(0, start - rest), max(0, end - rest))]
    return found


def _counted(connection: Connection, values: Mapping[str, Any]) -> list[tuple[int, int]]:
    """Return how many stand at each rank, from the counts that the database keeps."""
    return [(row[0], int(row[1])) for row in connection.execute(_COUNT, values)]


_Found = list[tuple[int, str, int | None, datetime, list[str]]]


def _counts(counted: Iterable[tuple[int, int]], lines: Mapping[int, str], rules: Rules) -> LineCounts:
    sums = {EXTRAORDINARY: 0, FIRST: 0, ORDINARY: 0}
    for rank, count in counted:
        sums[lines.get(rank, ORDINARY) if rules.order == INTERLEAVE else ORDINARY] += count
    return LineCounts(*sums.values())


def _slice(
    connection: Connection,
    values: Mapping[str, Any],
    counts: LineCounts,
    rules: Rules,
    lines: Mapping[int, str],
    skip: int,
    size: int,
) -> _Found:
    """Return the rows at some places of the order: of each line, the few that have their turn there."""
    turns = seats(skip, skip + size, counts, rules)
    found: dict[tuple[str, int], tuple[str, int | None, datetime, list[str]]] = {}
    for line in dict.fromkeys(line for line, _ in turns):
        at = [index for own, index in turns if own == line]
        ranks = None
        if rules.order == INTERLEAVE:  # who is in no category stands with the ordinary ones
            ranks = [rank for rank, side in lines.items() if (side != ORDINARY if line == ORDINARY else side == line)]
        asked = {"ranks": ranks, "inside": line != ORDINARY, "skip": at[0], "size": at[-1] - at[0] + 1}
        for index, row in enumerate(connection.execute(_SLICE, {**values, **asked}), start=at[0]):
            found[line, index] = (row[0], row[1], row[2], row[3])
    return [(place, *found[turn]) for place, turn in enumerate(turns, start=skip + 1) if turn in found]


def _of_year(
    connection: Connection,
    values: Mapping[str, Any],
    year: int,
    counts: LineCounts,
    rules: Rules,
    lines: Mapping[int, str],
    skip: int,
    size: int,
) -> tuple[_Found, int]:
    """Return the rows of a birth year with their places in the whole order, which is counted through."""
    if not date.min.year < year < date.max.year:
        return [], 0
    more: dict[str, Any] = {
        "first_day": date(year, 1, 1),
        "last_day": date(year + 1, 1, 1),
        "size": size,
        "skip": skip,
    }
    by_turns = rules.order == INTERLEAVE
    if by_turns:
        more |= {
            "extraordinary_ranks": [rank for rank, line in lines.items() if line == EXTRAORDINARY],
            "first_ranks": [rank for rank, line in lines.items() if line == FIRST],
            "first": rules.interleave_first,
            "ordinary": rules.interleave_ordinary,
            "extraordinary": counts.extraordinary,
            "all_firsts": counts.first,
            "ordinaries": counts.ordinary,
        }
    narrowed = bool(values["correction"]), values["localities"] is not None, bool(values["mask"])
    statement = _OF_YEAR[by_turns, *narrowed]
    rows = connection.execute(statement, {**values, **more}).all()
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows], rows[0].total if rows else 0


def mask_number(number: str) -> str:
    """Return the number of an application of which only its owner recognises the end."""
    return "•••" + number.rpartition("-")[2][-_SHOWN:]


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
