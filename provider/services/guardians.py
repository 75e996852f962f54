"""Who has a child: its parent, and whom it is entrusted to; each reads its rows by a scope of the child's own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, insert, select, text, update

from models.contract.records import NUMBER
from provider.services import claims
from provider.services.persons import proved_phone
from provider.services.refusals import refuse
from provider.store import grants
from provider.store.changes import child_scope
from provider.store.database import Unit
from provider.store.tables_admissions import child, guardian
from provider.store.tables_people import person

PARENT: Final = "parent"
ENTRUSTED: Final = "entrusted"
IN_FORCE: Final = guardian.c.until.is_(None)
"""The condition that a row of ``guardian`` counts."""

_SCOPES: Final = text(
    "SELECT scope FROM sync_index WHERE tenant = :tenant AND table_number = :number AND row_id = :row AND live"
)


def note(unit: Unit, tenant: int, table: str, row_id: int, child_id: int) -> None:
    """Note a changed row for everybody who has it: the child's scope, and a kindergarten's or doctor's that has it."""
    values = {"tenant": tenant, "number": NUMBER[table], "row": row_id}
    scopes = {child_scope(child_id), *unit.connection.execute(_SCOPES, values).scalars()}
    for scope in sorted(scopes):
        unit.changes.live(tenant, scope, table, row_id)


def add_guardian(
    unit: Unit,
    tenant: int,
    child_id: int,
    user_id: int,
    kind: str,
    may_act: bool,
    ends_on: date | None,
    now: datetime,
) -> int:
    """Return the id of the row by which a person has a child from now on; their devices are told of it."""
    who = unit.connection.execute(select(person.c.name).where(person.c.id == user_id)).one()
    number = int(
        unit.connection.execute(
            insert(guardian)
            .values(
                tenant_id=tenant,
                child_id=child_id,
                user_id=user_id,
                name=who.name,
                kind=kind,
                may_act=may_act,
                since=now,
                ends_on=ends_on,
                phone=_plus(proved_phone(unit.connection, user_id)),
            )
            .returning(guardian.c.id)
        ).scalar_one()
    )
    note(unit, tenant, "guardian", number, child_id)
    grants.grant(unit, user_id, tenant, child_scope(child_id), grants.RESIDENT_LEASE)
    if kind == PARENT:
        claims.adopt(unit, tenant, child_id, user_id)
    return number


def follow_phone(unit: Unit, user_id: int) -> None:
    """Write a person's changed telephone where they have a child: departments call, and other parents see, that one."""
    number = _plus(proved_phone(unit.connection, user_id))
    mine = (guardian.c.user_id == user_id, IN_FORCE)
    rows = unit.connection.execute(select(guardian.c.id, guardian.c.tenant_id, guardian.c.child_id).where(*mine)).all()
    if not rows:  # a change of no row would be one without a note
        return
    unit.connection.execute(update(guardian).where(*mine).values(phone=number))
    for row in sorted(rows):
        note(unit, row.tenant_id, "guardian", row.id, row.child_id)


def end_guardian(unit: Unit, row: Any, now: datetime) -> None:
    """End a row: the person's devices forget the child."""
    unit.connection.execute(update(guardian).where(guardian.c.id == row.id).values(until=now))
    note(unit, row.tenant_id, "guardian", row.id, row.child_id)
    grants.revoke(unit, row.user_id, row.tenant_id, child_scope(row.child_id), now)


def own_child(connection: Connection, user_id: int, tenant: int, child_id: int) -> Any:
    """Return a child's row, locked, for the parent who entered it; raises ``not-found`` (404) for everybody else."""
    row = connection.execute(
        select(child).where(child.c.id == child_id, child.c.tenant_id == tenant).with_for_update()
    ).first()
    mine = connection.execute(
        select(guardian.c.id).where(
            guardian.c.child_id == child_id,
            guardian.c.user_id == user_id,
            guardian.c.kind == PARENT,
            IN_FORCE,
        )
    ).first()
    if row is None or mine is None:
        raise refuse("not-found", "child_id", status=404)
    return row


def _plus(digits: str) -> str:
    return "+" + digits if digits else ""
