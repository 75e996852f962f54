"""Twins: applications that are served together, in one kindergarten. Source: D-23."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, text

from models.contract.admission_records import Group
from provider.services.admissions import places, worlds
from provider.services.admissions.applications import Held
from provider.services.admissions.department import Department
from provider.store.database import Unit
from provider.store.rows import fetch
from provider.store.tables_admissions import kindergarten_group

_SIBLINGS: Final = text(
    "SELECT a.id, a.bundle_id FROM application a WHERE a.tenant_id = :tenant AND a.programme = :programme "
    "AND a.applicant_id = :applicant AND a.child_id <> :child AND a.state IN ('queued', 'docs-review') "
    "AND a.born BETWEEN :low AND :high AND a.id = ANY(:ids) ORDER BY a.id FOR UPDATE"
)
_OWN: Final = text(
    "SELECT id FROM application WHERE tenant_id = :tenant AND applicant_id = :applicant "
    "AND state IN ('queued', 'docs-review')"
)


def siblings(
    connection: Connection, tenant: int, programme: str, applicant: int, child: int, born: date, days: int
) -> list[tuple[int, int | None]]:
    """Return the queued applications of a person's other children born within some days, each with its bundle."""
    ids = connection.execute(_OWN, {"tenant": tenant, "applicant": applicant}).scalars().all()
    values = {
        "tenant": tenant,
        "programme": programme,
        "applicant": applicant,
        "child": child,
        "low": born - timedelta(days=days),
        "high": born + timedelta(days=days),
        "ids": list(ids),
    }
    return [(row[0], row[1]) for row in connection.execute(_SIBLINGS, values)]


def groups_for(
    unit: Unit,
    department: Department,
    own: Held,
    twins: Sequence[Held],
    group_id: int,
    now: datetime,
    listed: Mapping[int, Collection[int]] | None = None,
) -> dict[int, int] | None:
    """Return a group for each twin in the kindergarten of ``group_id``, the same group first; None when one has none.

    All places are free and locked, the one for ``own`` counted. ``listed`` names the only groups that count for each.
    """
    today = department.calendar.local_day(now)
    choice = worlds.chosen(unit.connection, department.tenant, group_id)
    rows = fetch(unit.connection, Group, kindergarten_group.c.organisation_id == choice.organisation.id)
    counters = places.read(unit.connection, [row.id for row in rows], lock=True)
    left = {row.id: places.free(counters, row.id, today) for row in rows}
    left[group_id] -= 1
    order = sorted(rows, key=lambda row: (row.id != group_id, row.id))
    found: dict[int, int] = {}
    for twin in twins:
        for row in order:
            if listed is not None and row.id not in listed[twin.row.id]:
                continue
            if left[row.id] > 0 and not worlds.why_not(twin, worlds.Chosen(row, choice.organisation), today):
                left[row.id] -= 1
                found[twin.row.id] = row.id
                break
        else:
            return None
    return found
