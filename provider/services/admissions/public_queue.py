"""The queue as everybody may see it: numbers, masked numbers of applications, categories, dates. Nobody's name or code.

The number is that of the order among who stands in the same queue (programme, correction, locality and what lies in
it) and wants the language that is asked about; a birth year only leaves rows out. Source: R-ADM-27.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, text

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
_LINED: Final = (
    "SELECT number, category_id, category_rank, rank_date, languages, born, coalesce(l.line, 'ordinary') AS line "  # noqa: S608
    "FROM application LEFT JOIN unnest(CAST(:ranks AS integer[]), CAST(:lines AS text[])) AS l(rank, line) "
    f"ON l.rank = category_rank WHERE {_SCOPE}"
)
_OF_YEAR: Final = text(
    f"WITH counted AS (SELECT *, row_number() OVER (ORDER BY {_ORDER}) AS strict, "  # noqa: S608
    f"row_number() OVER (PARTITION BY line ORDER BY {_ORDER}) - 1 AS before, "
    "count(*) FILTER (WHERE line = 'extraordinary') OVER () AS extraordinary, "
    "count(*) FILTER (WHERE line = 'first') OVER () AS firsts, "
    f"count(*) FILTER (WHERE line = 'ordinary') OVER () AS ordinaries FROM ({_LINED}) lined), "
    "placed AS (SELECT *, CASE WHEN NOT :interleaved THEN strict WHEN line = 'extraordinary' THEN before + 1 "
    "WHEN line = 'first' THEN extraordinary + least(ordinaries, before / :first * :ordinary) + before + 1 "
    "ELSE extraordinary + least(firsts, (before / :ordinary + 1) * :first) + before + 1 END AS place FROM counted) "
    "SELECT place, number, category_id, rank_date, languages, count(*) OVER () AS total FROM placed "
    "WHERE extract(year FROM born) = :year ORDER BY place LIMIT :size OFFSET :skip"
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
        queued = sum(count for _, count in _counted(connection, values))
        found, total = _of_year(connection, values, asked, rules, lines, skip)
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
    asked: Asked,
    rules: Rules,
    lines: Mapping[int, str],
    skip: int,
) -> tuple[_Found, int]:
    """Return the rows of a birth year with their places in the whole order, which has to be counted through."""
    more = {
        "year": asked.birth_year,
        "size": asked.size,
        "skip": skip,
        "ranks": list(lines),
        "lines": list(lines.values()),
        "interleaved": rules.order == INTERLEAVE,
        "first": rules.interleave_first,
        "ordinary": rules.interleave_ordinary,
    }
    rows = connection.execute(_OF_YEAR, {**values, **more}).all()
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows], rows[0].total if rows else 0


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
