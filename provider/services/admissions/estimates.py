"""How many wait and how many places are expected, by locality, birth year and language: public, and an estimate.

A temporary place goes back to its owner, so its end frees none; a group of several birth years counts for each of them,
so rows must not be summed. Source: R-ADM-20.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, text, update

from models.contract.admission_records import QueueStatistic
from models.domain.admissions import forecast
from models.domain.admissions.forecast import Cell, Forecast, Places, Stay
from models.domain.admissions.states import Programme
from provider.services.admissions.department import Department, department
from provider.store.changes import PUBLIC
from provider.store.database import Database, Unit
from provider.store.rows import fetch
from provider.store.tables_admissions import queue_statistic

_QUEUED: Final = text(
    "SELECT a.locality_id, CAST(extract(year FROM a.born) AS integer), l.language, count(*) FROM application a "
    "CROSS JOIN LATERAL jsonb_array_elements_text(a.languages) AS l(language) "
    "WHERE a.tenant_id = :tenant AND a.state = 'queued' AND a.born IS NOT NULL GROUP BY 1, 2, 3"
)
_ADMITTED: Final = text(
    "SELECT o.locality_id, CAST(extract(year FROM c.born) AS integer), g.language, count(*) FROM placement p "
    "JOIN kindergarten_group g ON g.id = p.group_id JOIN organisation o ON o.id = g.organisation_id "
    "JOIN child c ON c.id = p.child_id WHERE p.tenant_id = :tenant AND p.mode = 'permanent' "
    "AND p.begins_on > :since AND p.begins_on <= :today GROUP BY 1, 2, 3"
)
_PLACES: Final = text(
    "SELECT g.id, o.locality_id, g.age_from, g.age_to, g.language, sum(p.capacity), sum(p.occupied), sum(p.held) "
    "FROM place p JOIN kindergarten_group g ON g.id = p.group_id JOIN organisation o ON o.id = g.organisation_id "
    "WHERE p.tenant_id = :tenant AND p.mode = 'permanent' AND o.opened AND g.correction = '' "
    "AND p.valid_from <= :today AND (p.valid_to IS NULL OR p.valid_to >= :today) "
    "AND g.valid_from <= :today AND (g.valid_to IS NULL OR g.valid_to > :today) GROUP BY g.id, o.locality_id"
)
_STAYS: Final = text(
    "SELECT p.group_id, c.born, p.ends_on FROM placement p JOIN child c ON c.id = p.child_id "
    "WHERE p.tenant_id = :tenant AND p.mode = 'permanent' AND p.counted"
)
_Counts = Mapping[Cell, int]


def refresh_statistics(database: Database, tenant: int, now: datetime) -> int:
    """Count a department's statistics and estimate anew; return how many rows changed.

    A row that stays as it was keeps the instant at which it was counted first, and is not sent again.
    """
    with database.change() as unit:
        known = department(unit.connection, tenant)
        wanted = _count(unit.connection, known, now)
        rows = fetch(unit.connection, QueueStatistic, queue_statistic.c.tenant_id == tenant)
        old = {Cell(row.locality_id, row.birth_year, row.language): row for row in rows}
        return _replace(unit, tenant, old, wanted, now)


def _count(connection: Connection, known: Department, now: datetime) -> dict[Cell, dict[str, Any]]:
    today = known.calendar.local_day(now)
    values = {"tenant": known.tenant, "today": today}
    queued = _cells(connection, _QUEUED, values)
    admitted = _cells(connection, _ADMITTED, {**values, "since": _year_before(today)})
    estimate = _estimate(connection, known, today, now)
    nothing = Forecast(0, {})
    return {
        cell: {
            "queued": queued.get(cell, 0),
            "admitted_year": admitted.get(cell, 0),
            "free_now": estimate.get(cell, nothing).free_now,
            "forecast": {day.isoformat(): count for day, count in estimate.get(cell, nothing).expected.items()},
        }
        for cell in {*queued, *admitted, *estimate}
    }


def _estimate(connection: Connection, known: Department, today: date, now: datetime) -> dict[Cell, Forecast]:
    values = {"tenant": known.tenant, "today": today}
    days = forecast.expected_days(today)
    oldest = known.rules(Programme.GENERAL, now).max_age_years
    places = [
        Places(row[0], row[1], row[2], row[3], row[4], int(row[5]), int(row[6]), int(row[7]))
        for row in connection.execute(_PLACES, values)
    ]
    stays = [Stay(row[0], row[1], row[2]) for row in connection.execute(_STAYS, values)]
    return forecast.forecast(places, forecast.changes(stays, today, days[-1], oldest), today, days)


def _cells(connection: Connection, statement: Any, values: Mapping[str, Any]) -> _Counts:
    return {Cell(row[0], row[1], row[2]): int(row[3]) for row in connection.execute(statement, values)}


def _year_before(today: date) -> date:
    last = 28 if (today.month, today.day) == (2, 29) else today.day
    return today.replace(year=today.year - 1, day=last)


def _replace(
    unit: Unit,
    tenant: int,
    old: Mapping[Cell, QueueStatistic],
    wanted: Mapping[Cell, dict[str, Any]],
    now: datetime,
) -> int:
    changed: list[int] = []
    for cell, values in sorted(wanted.items()):
        row = old.get(cell)
        if row is None:
            statement = insert(queue_statistic).values(
                tenant_id=tenant, department_id=tenant, locality_id=cell.locality_id, birth_year=cell.birth_year,
                language=cell.language, at=now, **values,
            )  # fmt: skip
            changed.append(int(unit.connection.execute(statement.returning(queue_statistic.c.id)).scalar_one()))
        elif any(getattr(row, name) != value for name, value in values.items()):
            unit.connection.execute(
                update(queue_statistic).where(queue_statistic.c.id == row.id).values(at=now, **values)
            )
            changed.append(row.id)
    gone = [row.id for cell, row in old.items() if cell not in wanted]
    if gone:
        unit.connection.execute(delete(queue_statistic).where(queue_statistic.c.id.in_(gone)))
    unit.changes.live_many(tenant, "queue_statistic", [(PUBLIC, row_id) for row_id in changed])
    for row_id in gone:
        unit.changes.gone(tenant, PUBLIC, "queue_statistic", row_id)
    return len(changed) + len(gone)
