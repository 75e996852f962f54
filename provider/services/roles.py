"""Roles that a person is given later, or that are taken back with what was granted for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text, update

from provider.services import audit, identity
from provider.store.changes import DOCTOR, OFFICE
from provider.store.database import Unit
from provider.store.tables_people import person

_GRANTED = text(
    "SELECT g.tenant, g.key FROM scope_grant g JOIN provider p ON p.id = g.tenant "
    "WHERE g.user_id = :user AND g.revoked_at IS NULL AND p.kind = 'department' ORDER BY g.tenant, g.key"
)


def add_roles(unit: Unit, user_id: int, roles: Sequence[str], now: datetime) -> list[str]:
    """Give a person further roles; return those that are new. Their devices learn it at the next pull."""
    have = identity.roles_of(unit.connection, user_id)
    new = [role for role in dict.fromkeys(roles) if role not in have]
    if new:
        _set(unit, user_id, [*have, *new])
        audit.note(unit.connection, now, "roles-granted", subject=f"user:{user_id}", roles=", ".join(new))
    return new


def take_roles(unit: Unit, user_id: int, roles: Sequence[str], now: datetime) -> list[str]:
    """Take roles from a person, and what each let them work with in education departments; return those they had.

    Raises ``ValueError`` when no role would be left.
    """
    have = identity.roles_of(unit.connection, user_id)
    gone = [role for role in dict.fromkeys(roles) if role in have]
    left = [role for role in have if role not in gone]
    if not gone:
        return []
    if not left:
        raise ValueError("a person has at least one role")
    for row in unit.connection.execute(_GRANTED, {"user": user_id}).all():
        if _needed(row.key) in gone:
            identity.revoke(unit, user_id, row.tenant, row.key, now)
    _set(unit, user_id, left)
    audit.note(unit.connection, now, "roles-revoked", subject=f"user:{user_id}", roles=", ".join(gone))
    return gone


def _needed(key: str) -> str:
    """Return the role for which a scope of a department is granted, "" for that of a family."""
    if key.startswith("organisation:"):
        return "kindergarten"
    return {OFFICE: "officer", DOCTOR: "doctor"}.get(key, "")


def _set(unit: Unit, user_id: int, roles: Sequence[str]) -> None:
    changed = update(person).where(person.c.id == user_id)
    unit.connection.execute(changed.values(roles=list(roles), version=person.c.version + 1))
    identity.note_person(unit, user_id)
