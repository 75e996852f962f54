"""Waiting lists of groups: who joins, who is first, who leaves. The queue orders them, not clicks (D-21).

Which place is offered to whom, and what follows, are steps: ``steps.offer_free``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import text

from provider.store.changes import child_scope
from provider.store.database import Unit

_ORDER: Final = (
    'NOT a.flags @> \'["place-lost"]\', a.category_rank, a.rank_date, length(a.number), a.number COLLATE "C"'
)
"""Whose group was closed goes first (D-22), then the queue's order."""
_FIRST: Final = text(
    f"SELECT w.application_id FROM waiting_entry w JOIN application a ON a.id = w.application_id "  # noqa: S608
    f"WHERE w.group_id = :group AND w.state = 'waiting' AND a.state = 'voucher-waitlisted' "
    f"AND NOT w.application_id = ANY(:passed) ORDER BY {_ORDER} LIMIT 1"
)
_TWINS: Final = text(
    "SELECT a.id, array_agg(w.group_id) FROM application own "
    "JOIN application a ON a.bundle_id = own.bundle_id AND a.tenant_id = own.tenant_id AND a.id <> own.id "
    "JOIN waiting_entry w ON w.application_id = a.id AND w.state = 'waiting' "
    "JOIN kindergarten_group g ON g.id = w.group_id "
    "WHERE own.id = :id AND a.state = 'voucher-waitlisted' "
    "AND g.organisation_id = (SELECT organisation_id FROM kindergarten_group WHERE id = :group) GROUP BY a.id"
)
_WAITED_FOR: Final = text(
    "SELECT DISTINCT group_id FROM waiting_entry WHERE tenant_id = :tenant AND state = 'waiting' "
    "AND group_id = ANY(:groups)"
)
_ADD: Final = text(
    "INSERT INTO waiting_entry (tenant_id, application_id, group_id, state, joined_at, position) "
    "VALUES (:tenant, :application, :group, 'waiting', :now, 0) RETURNING id"
)
_LIVE: Final = text(
    "SELECT id, group_id FROM waiting_entry WHERE application_id = :application AND state IN ('waiting', 'offered')"
)
_SET: Final = text("UPDATE waiting_entry SET state = :state WHERE id = ANY(:ids)")
_NUMBERS: Final = text(
    "SELECT n.id, n.child_id, n.position FROM (SELECT e.id, a.child_id, e.position AS old, "  # noqa: S608
    f"row_number() OVER (PARTITION BY e.group_id ORDER BY {_ORDER}) AS position "
    "FROM waiting_entry e JOIN application a ON a.id = e.application_id "
    "WHERE e.group_id = ANY(:groups) AND e.state = 'waiting') AS n WHERE n.old <> n.position ORDER BY n.id"
)
_NUMBER: Final = text(
    "UPDATE waiting_entry w SET position = n.position "
    "FROM unnest(CAST(:ids AS bigint[]), CAST(:positions AS integer[])) AS n(id, position) WHERE w.id = n.id"
)
_DROPPED: Final = {"decline-offer": "declined", "offer-expires": "lapsed"}


def first(unit: Unit, group_id: int, passed: Iterable[int] = ()) -> int | None:
    """Return the application that stands first in a group's list by the order of the queue, None when nobody waits.

    Those ``passed`` over are left out.
    """
    found: int | None = unit.connection.execute(_FIRST, {"group": group_id, "passed": sorted(passed)}).scalar()
    return found


def twins(unit: Unit, application_id: int, group_id: int) -> dict[int, frozenset[int]]:
    """Return the twins that wait in the kindergarten of a group too, each with the groups there that it waits for."""
    rows = unit.connection.execute(_TWINS, {"id": application_id, "group": group_id})
    return {row[0]: frozenset(row[1]) for row in rows}


def waited_for(unit: Unit, tenant: int, groups: Iterable[int]) -> frozenset[int]:
    """Return those groups for which somebody waits."""
    wanted = sorted(set(groups))
    if not wanted:
        return frozenset()
    return frozenset(unit.connection.execute(_WAITED_FOR, {"tenant": tenant, "groups": wanted}).scalars())


def add(unit: Unit, tenant: int, application_id: int, child_id: int, group_id: int, now: datetime) -> None:
    """Let an application wait for a group."""
    values = {"tenant": tenant, "application": application_id, "group": group_id, "now": now}
    entry = int(unit.connection.execute(_ADD, values).scalar_one())
    unit.changes.live(tenant, child_scope(child_id), "waiting_entry", entry)


def become(unit: Unit, tenant: int, application_id: int, child_id: int, group_id: int, state: str) -> None:
    """Change the state of a live entry; nothing when there is none."""
    rows = unit.connection.execute(_LIVE, {"application": application_id}).all()
    _set(unit, tenant, child_id, [row.id for row in rows if row.group_id == group_id], state)


def drop(unit: Unit, tenant: int, application_id: int, child_id: int, group_id: int, event: str) -> None:
    """End an entry because of an event: an offer declined or lapsed, or a list that was left."""
    become(unit, tenant, application_id, child_id, group_id, _DROPPED.get(event, "cancelled"))


def cancel(unit: Unit, tenant: int, application_id: int, child_id: int) -> list[int]:
    """End every live entry of an application; return the groups."""
    rows = unit.connection.execute(_LIVE, {"application": application_id}).all()
    _set(unit, tenant, child_id, [row.id for row in rows], "cancelled")
    return [row.group_id for row in rows]


def renumber(unit: Unit, tenant: int, groups: Iterable[int]) -> None:
    """Number the lists of groups anew, and note the entries whose number changed."""
    wanted = sorted(set(groups))
    rows = unit.connection.execute(_NUMBERS, {"groups": wanted}).all() if wanted else []
    if rows:
        values = {"ids": [row.id for row in rows], "positions": [row.position for row in rows]}
        unit.connection.execute(_NUMBER, values)
        unit.changes.live_many(tenant, "waiting_entry", [(child_scope(row.child_id), row.id) for row in rows])


def _set(unit: Unit, tenant: int, child_id: int, ids: list[int], state: str) -> None:
    # Asked first, because a statement that changes no row of a synced table still counts as a change of it.
    if ids:
        unit.connection.execute(_SET, {"ids": ids, "state": state})
        unit.changes.live_many(tenant, "waiting_entry", [(child_scope(child_id), entry) for entry in ids])
