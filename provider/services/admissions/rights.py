"""Who may do what in a department: families, kindergartens, doctors, officers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, text

from models.contract.admission_records import Application
from models.contract.admissions import case_of
from models.domain.admissions.machine import possible
from models.domain.admissions.states import Actor, Event, State
from provider.services.admissions.applications import organisations
from provider.services.refusals import refuse
from provider.store.changes import DOCTOR, OFFICE

_GRANTS = text("SELECT key FROM scope_grant WHERE user_id = :user AND tenant = :tenant AND revoked_at IS NULL")
_CHILDREN = text(
    "SELECT g.child_id, bool_or(g.may_act) FROM guardian g JOIN child c ON c.id = g.child_id "
    "WHERE g.user_id = :user AND c.tenant_id = :tenant AND g.until IS NULL GROUP BY g.child_id"
)
_ROLES = text("SELECT name, roles FROM person WHERE id = :user")
_ORGANISATION = "organisation:"


@dataclass(frozen=True, slots=True)
class Rights:
    """What a user may do in one department. ``children`` tells of each child whether they may act for it."""

    user_id: int
    name: str = ""
    children: Mapping[int, bool] = field(default_factory=dict)
    officer: bool = False
    doctor: bool = False
    organisations: frozenset[int] = frozenset()
    roles: frozenset[str] = frozenset()


def rights(connection: Connection, user_id: int, tenant: int) -> Rights:
    """Return what a user may do in a department; nothing for somebody unknown there.

    The office needs the grant and the role, so does the doctor; a kindergarten's person needs the grant of it.
    """
    person = connection.execute(_ROLES, {"user": user_id}).first()
    if person is None:
        return Rights(user_id)
    keys = set(connection.execute(_GRANTS, {"user": user_id, "tenant": tenant}).scalars())
    roles = frozenset(person.roles)
    children = connection.execute(_CHILDREN, {"user": user_id, "tenant": tenant})
    return Rights(
        user_id=user_id,
        name=person.name,
        children={row[0]: bool(row[1]) for row in children},
        officer=OFFICE in keys and "officer" in roles,
        doctor=DOCTOR in keys and "doctor" in roles,
        organisations=frozenset(int(key.removeprefix(_ORGANISATION)) for key in keys if key.startswith(_ORGANISATION))
        if "kindergarten" in roles
        else frozenset(),
        roles=roles,
    )


def actor_for(connection: Connection, own: Rights, row: Application, event: Event) -> Actor | None:
    """Return as whom a user takes a step of an application, None when it does not concern them at all.

    Whoever is of the child's family acts only as family, whatever else they are: nobody decides about their own child.
    Raises ``Refusal`` ``not-allowed`` for family that may only look.
    """
    if row.child_id in own.children:
        if not own.children[row.child_id]:
            raise refuse("not-allowed", status=403)
        return Actor.PARENT
    may: list[Actor] = []
    case = case_of(row)
    group = case.group_of(event)
    owners = organisations(connection, [group]) if own.organisations and group is not None else {}
    if owners and owners.get(group or 0) in own.organisations:
        may.append(Actor.KINDERGARTEN)
    if own.doctor and row.state == State.DOCS_REVIEW:
        may.append(Actor.DOCTOR)
    if own.officer:
        may.append(Actor.OFFICER)
    return next((actor for actor in may if event in possible(case, actor)), may[0] if may else None)
