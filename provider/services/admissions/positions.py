"""Numbers in the queue: counted when somebody asks, and kept as snapshots with their instant for devices.

A number counts who stands before among those of the same programme, locality and correction that want the same
languages or more. Source: R-ADM-15.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Final

from sqlalchemy import Connection, text

from models.contract.admission_records import Category
from models.domain.admissions.categories import EXTRAORDINARY, FIRST, ORDINARY
from models.domain.admissions.ranking import INTERLEAVE, LineCounts, number_from_counts
from models.domain.admissions.states import Programme
from provider.services.admissions.department import Department
from provider.services.admissions.department import department as load
from provider.store import queue_counts
from provider.store.changes import child_scope
from provider.store.database import Database, Unit

_OWN: Final = text(
    "SELECT a.tenant_id, a.programme, a.locality_id, a.correction, a.category_rank, a.rank_date, a.number, "
    "a.language_mask, a.child_id, a.category_id FROM application a WHERE a.id = :id AND a.state = 'queued'"
)
_SCOPE: Final = (
    "tenant_id = :tenant AND programme = :programme AND locality_id = :locality AND correction = :correction "
    "AND language_mask & :mask = :mask"
)
# Whole months before are counted already; of the own month, and of the very same instant, each is looked at.
_COUNT: Final = text(
    "SELECT category_rank, coalesce(sum(count) FILTER (WHERE (category_rank, day) < (:rank, :day)), 0) AS before, "  # noqa: S608
    f"sum(count) AS total FROM queue_count WHERE {_SCOPE} GROUP BY category_rank "
    "UNION ALL SELECT category_rank, count(*), 0 FROM application "
    f"WHERE {_SCOPE} AND state = 'queued' AND category_rank = :rank AND rank_date >= :begin AND rank_date < :date "
    "GROUP BY category_rank "
    "UNION ALL SELECT category_rank, count(*), 0 FROM application "
    f"WHERE {_SCOPE} AND state = 'queued' AND category_rank = :rank AND rank_date = :date "
    'AND (length(number), number COLLATE "C") < (length(:number), :number) GROUP BY category_rank'
)
_KEEP: Final = text(
    "INSERT INTO queue_position AS p (id, tenant_id, application_id, number, total, at) "
    "VALUES (:id, :tenant, :id, :number, :total, :at) ON CONFLICT (id) DO UPDATE "
    "SET number = excluded.number, total = excluded.total, at = excluded.at"
)
_KEPT: Final = text("SELECT id FROM queue_position WHERE id = ANY(:ids)")
_FORGET: Final = text("DELETE FROM queue_position WHERE id = ANY(:ids)")
_REFRESH: Final = text(
    """
    WITH queued AS MATERIALIZED (
        SELECT a.id, a.child_id, a.programme, a.locality_id, a.correction, a.language_mask AS mask, a.category_rank,
            a.rank_date, a.number, coalesce(l.line, 'ordinary') AS line
        FROM application a
        LEFT JOIN unnest(CAST(:ranks AS integer[]), CAST(:lines AS text[])) AS l(rank, line)
            ON l.rank = a.category_rank
        WHERE a.tenant_id = :tenant AND a.state = 'queued'
    ), masks AS (
        SELECT DISTINCT programme, locality_id, correction, mask FROM queued
    ), counted AS (
        -- everybody beside those who want fewer languages; each is asked only in the row of their own languages
        SELECT q.id, q.child_id, q.programme, q.line, q.mask = m.mask AS own,
            row_number() OVER everybody AS strict,
            row_number() OVER line - 1 AS before,
            count(*) OVER whole AS total,
            count(*) FILTER (WHERE q.line = 'extraordinary') OVER whole AS extraordinary,
            count(*) FILTER (WHERE q.line = 'first') OVER whole AS first,
            count(*) FILTER (WHERE q.line = 'ordinary') OVER whole AS ordinary
        FROM masks m JOIN queued q ON q.programme = m.programme AND q.locality_id = m.locality_id
            AND q.correction = m.correction AND q.mask & m.mask = m.mask
        WINDOW whole AS (PARTITION BY m.programme, m.locality_id, m.correction, m.mask),
            everybody AS (PARTITION BY m.programme, m.locality_id, m.correction, m.mask
                ORDER BY q.category_rank, q.rank_date, length(q.number), q.number COLLATE "C"),
            line AS (PARTITION BY m.programme, m.locality_id, m.correction, m.mask, q.line
                ORDER BY q.category_rank, q.rank_date, length(q.number), q.number COLLATE "C")
    ), numbered AS (
        SELECT c.id, c.child_id, c.total, CASE
            WHEN r.first IS NULL THEN c.strict
            WHEN c.line = 'extraordinary' THEN c.before + 1
            WHEN c.line = 'first'
                THEN c.extraordinary + least(c.ordinary, c.before / r.first * r.ordinary) + c.before + 1
            ELSE c.extraordinary + least(c.first, (c.before / r.ordinary + 1) * r.first) + c.before + 1
        END AS number
        FROM counted c
        LEFT JOIN unnest(CAST(:programmes AS text[]), CAST(:firsts AS integer[]), CAST(:ordinaries AS integer[]))
            AS r(programme, first, ordinary) ON r.programme = c.programme
        WHERE c.own
    ), kept AS (
        INSERT INTO queue_position AS p (id, tenant_id, application_id, number, total, at)
        SELECT n.id, :tenant, n.id, n.number, n.total, :now FROM numbered n
        WHERE NOT EXISTS (SELECT FROM queue_position o WHERE o.id = n.id AND o.number = n.number)
        ON CONFLICT (id) DO UPDATE SET number = excluded.number, total = excluded.total, at = excluded.at
        RETURNING p.id
    )
    SELECT k.id, q.child_id FROM kept k JOIN queued q ON q.id = k.id
    """
)
_STALE: Final = text(
    "DELETE FROM queue_position p USING application a WHERE a.id = p.id AND p.tenant_id = :tenant "
    "AND a.state <> 'queued' RETURNING p.id, a.child_id"
)


@dataclass(frozen=True, slots=True)
class Position:
    """A number in the queue as it was counted at ``at``, and how many stand there."""

    number: int
    total: int
    at: datetime


def position(
    connection: Connection, application_id: int, department: Department | None = None, now: datetime | None = None
) -> Position | None:
    """Return the number of an application in the queue, counted now; None when it is not queued."""
    own = connection.execute(_OWN, {"id": application_id}).first()
    if own is None:
        return None
    at = now or connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    known = department or load(connection, own.tenant_id)
    rules = known.rules(Programme(own.programme), at)
    month = own.rank_date.astimezone(UTC).date().replace(day=1)
    values = {
        "tenant": own.tenant_id,
        "programme": own.programme,
        "locality": own.locality_id,
        "correction": own.correction,
        "mask": own.language_mask,
        "rank": own.category_rank,
        "date": own.rank_date,
        "day": month,
        "begin": datetime.combine(month, time(0), UTC),
        "number": own.number,
    }
    before: dict[int, int] = {}
    everybody: dict[int, int] = {}
    for rank, ahead, total in connection.execute(_COUNT, values):
        before[rank] = before.get(rank, 0) + int(ahead)
        everybody[rank] = everybody.get(rank, 0) + int(total)
    if rules.order != INTERLEAVE:
        return Position(sum(before.values()) + 1, sum(everybody.values()), at)
    lines = _lines(known, at)
    line = lines.get(own.category_rank, ORDINARY)
    own_line = sum(count for rank, count in before.items() if lines.get(rank, ORDINARY) == line)
    counts = {EXTRAORDINARY: 0, FIRST: 0, ORDINARY: 0}
    for rank, count in everybody.items():
        counts[lines.get(rank, ORDINARY)] += count
    number = number_from_counts(line, own_line, LineCounts(*counts.values()), rules)
    return Position(number, sum(counts.values()), at)


def keep(unit: Unit, tenant: int, application_id: int, child_id: int, found: Position) -> None:
    """Keep a number as the application's snapshot."""
    values = {"id": application_id, "tenant": tenant, "number": found.number, "total": found.total, "at": found.at}
    unit.connection.execute(_KEEP, values)
    unit.changes.live(tenant, child_scope(child_id), "queue_position", application_id)


def forget(unit: Unit, tenant: int, children: Mapping[int, int]) -> None:
    """Drop the snapshots of applications (to their children) that are not in the queue any more."""
    kept = unit.connection.execute(_KEPT, {"ids": list(children)}).scalars().all() if children else []
    if kept:
        unit.connection.execute(_FORGET, {"ids": kept})
    for row_id in kept:
        unit.changes.gone(tenant, child_scope(children[row_id]), "queue_position", row_id)


def refresh_positions(database: Database, tenant: int, now: datetime) -> int:
    """Count all numbers of a department anew, in one statement; return how many changed.

    Only these are sent to devices; a number that stayed keeps the instant at which it was counted first.
    """
    changed: list[tuple[int, int]] = []
    with suppress(_Unchanged), database.change() as unit:
        department = load(unit.connection, tenant)
        interleaved = [
            (programme.value, rules)
            for programme in Programme
            if (rules := department.rules(programme, now)).order == INTERLEAVE
        ]
        lines = _lines(department, now)
        values = {
            "tenant": tenant,
            "now": now,
            "ranks": list(lines),
            "lines": list(lines.values()),
            "programmes": [programme for programme, _ in interleaved],
            "firsts": [rules.interleave_first for _, rules in interleaved],
            "ordinaries": [rules.interleave_ordinary for _, rules in interleaved],
        }
        queue_counts.compact(unit.connection, tenant)
        for row_id, child in unit.connection.execute(_STALE, {"tenant": tenant}).all():
            unit.changes.gone(tenant, child_scope(child), "queue_position", row_id)
        changed = [(row[0], row[1]) for row in unit.connection.execute(_REFRESH, values)]
        unit.changes.live_many(tenant, "queue_position", [(child_scope(child), row_id) for row_id, child in changed])
        if not len(unit.changes):
            raise _Unchanged  # a statement without rows still counts as a change of its table
    return len(changed)


class _Unchanged(Exception):
    """No number is another than before: the transaction is undone."""


def _lines(department: Department, at: datetime) -> dict[int, str]:
    rows: Iterable[Category] = department.categories_on(department.calendar.local_day(at))
    return {row.rank: row.line for row in rows}
