"""Who is shown an application: its family and the office always, a doctor while it is reviewed, a kindergarten while
it holds, has or gives a place there. What somebody loses is gone from their devices with the next pull.
Source: R-ADM-32.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, text

from models.contract.admission_records import Application
from models.domain.admissions.states import TEMP_LIVE, State
from provider.services.admissions.applications import organisations
from provider.store.changes import DOCTOR, child_scope, organisation_scope
from provider.store.database import Unit

_BELONGING: Final = text(
    "SELECT 'attachment', application_id, id FROM attachment WHERE application_id = ANY(:ids) "
    "UNION ALL SELECT 'referral', application_id, id FROM referral WHERE application_id = ANY(:ids) "
    "UNION ALL SELECT 'placement', application_id, id FROM placement WHERE application_id = ANY(:ids)"
)
_ATTENDED: Final = text(
    "SELECT p.application_id, g.organisation_id FROM placement p JOIN kindergarten_group g ON g.id = p.group_id "
    "WHERE p.application_id = ANY(:ids) AND p.counted"
)
_OTHERS: Final = text(
    "SELECT DISTINCT i.scope, a.child_id FROM application a JOIN sync_index i ON i.tenant = a.tenant_id "
    "AND i.table_number = :number AND i.row_id = a.id AND i.live AND i.scope = ANY(:scopes) "
    "WHERE a.child_id = ANY(:children) AND NOT a.id = ANY(:ids)"
)
Audience = Mapping[int, frozenset[str]]
"""The narrow scopes of each application."""


def narrow_scopes(connection: Connection, rows: Iterable[Application]) -> dict[int, frozenset[str]]:
    """Return in which scopes beside the child's each application is, by id."""
    known = list(rows)
    groups = {row.id: _groups(row) for row in known}
    owners = organisations(connection, (group for found in groups.values() for group in found))
    scopes: dict[int, set[str]] = {
        row.id: {organisation_scope(owners[group]) for group in groups[row.id] if group in owners} for row in known
    }
    placed = [row.id for row in known if row.placement_group_id or row.temp_group_id or row.state in _LEAVING]
    if placed:
        for application, organisation in connection.execute(_ATTENDED, {"ids": placed}):
            scopes[application].add(organisation_scope(organisation))
    for row in known:
        if row.state == State.DOCS_REVIEW:
            scopes[row.id].add(DOCTOR)
    return {application: frozenset(found) for application, found in scopes.items()}


_LEAVING: Final = frozenset({State.ENROLLED, State.ARCHIVED, State.VOUCHER_ACTIVE, State.QUEUED})
"""States of an application whose last place may still have days to run."""


def _groups(row: Application) -> set[int]:
    groups = {row.group_id, row.placement_group_id}
    if row.temp in TEMP_LIVE:
        groups.add(row.temp_group_id)
    return {group for group in groups if group is not None}


def note(unit: Unit, tenant: int, rows: Sequence[Application], before: Audience, after: Audience) -> None:
    """Note changed applications for everybody who sees them, and take them away from who does not any more.

    Whoever begins to see an application gets its child, documents, referrals and placements too; whoever ceases to
    loses them, the child only when no other application of it is left there.
    """
    unit.changes.live_many(tenant, "application", [(child_scope(row.child_id), row.id) for row in rows])
    moved: list[tuple[Application, frozenset[str], frozenset[str]]] = []
    for row in rows:
        was, now = before.get(row.id, frozenset()), after.get(row.id, frozenset())
        for scope in now:
            unit.changes.live(tenant, scope, "application", row.id)
        if was != now:
            moved.append((row, was - now, now - was))
    if moved:
        _move(unit, tenant, moved)


def note_application(unit: Unit, tenant: int, row: Application) -> None:
    """Note an application that changed otherwise than by a step, for everybody who sees it."""
    scopes = narrow_scopes(unit.connection, [row])
    note(unit, tenant, [row], scopes, scopes)


def note_belonging(unit: Unit, tenant: int, row: Application, table: str, row_id: int) -> None:
    """Note a document, referral or placement of an application for everybody who sees that."""
    unit.changes.live(tenant, child_scope(row.child_id), table, row_id)
    for scope in narrow_scopes(unit.connection, [row])[row.id]:
        unit.changes.live(tenant, scope, table, row_id)


def _move(unit: Unit, tenant: int, moved: Sequence[tuple[Application, frozenset[str], frozenset[str]]]) -> None:
    from models.contract.records import NUMBER

    ids = [row.id for row, _, _ in moved]
    belonging: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for table, application, row_id in unit.connection.execute(_BELONGING, {"ids": ids}):
        belonging[application].append((table, row_id))
    lost = sorted({scope for _, gone, _ in moved for scope in gone})
    others: set[tuple[str, int]] = set()
    if lost:
        values = {
            "number": NUMBER["application"],
            "scopes": lost,
            "children": sorted({row.child_id for row, _, _ in moved}),
            "ids": ids,
        }
        others = {(scope, child) for scope, child in unit.connection.execute(_OTHERS, values)}
    for row, gone, new in moved:
        rows = belonging[row.id]
        for scope in new:
            unit.changes.live(tenant, scope, "child", row.child_id)
            for table, row_id in rows:
                unit.changes.live(tenant, scope, table, row_id)
        for scope in gone:
            unit.changes.gone(tenant, scope, "application", row.id)
            for table, row_id in rows:
                unit.changes.gone(tenant, scope, table, row_id)
            if (scope, row.child_id) not in others:
                unit.changes.gone(tenant, scope, "child", row.child_id)
