"""Entrusting: another registered person sees a child or acts for it, until a day or until it is taken back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select, text, update

from models.contract.admission_commands import EndEntrusting, EntrustChild
from provider.services import audit, limits, phone
from provider.services.guardians import ENTRUSTED, IN_FORCE, PARENT, add_guardian, end_guardian, note, own_child
from provider.services.persons import clean_person_code, masked_name, proved_phone, user_by_code
from provider.services.refusals import refuse
from provider.store.changes import user_scope
from provider.store.database import Database, Unit
from provider.store.tables_admissions import child, guardian
from provider.store.tables_people import message, person
from provider.store.tables_utility import provider
from translations import LANGUAGES, _, using


def entrust(unit: Unit, user_id: int, payload: EntrustChild, now: datetime) -> int:
    """Return the id of the row by which another registered person sees a child, or acts for it.

    Raises :class:`Refusal`: ``not-found`` (404), ``iin-invalid``, ``person-not-registered``, ``entrusted-to-self``,
    ``guardian-already`` for the other parent, ``until-passed``, ``too-many-attempts``.
    """
    connection = unit.connection
    tenant = payload.department_id
    own_child(connection, user_id, tenant, payload.child_id)
    if payload.until is not None and payload.until < _today(connection, tenant, now):
        raise refuse("until-passed", "until")
    code = clean_person_code(payload.code, now.date())
    limits.take_beside(connection.engine, now, (limits.PERSON_CHECK, f"entrust:{user_id}"))
    other = user_by_code(connection, code)
    if other is None:
        raise refuse("person-not-registered", "code")
    if other == user_id:
        raise refuse("entrusted-to-self", "code")
    held = connection.execute(
        select(guardian.c.id, guardian.c.kind).where(
            guardian.c.child_id == payload.child_id, guardian.c.user_id == other, IN_FORCE
        )
    ).first()
    if held is not None and held.kind == PARENT:
        raise refuse("guardian-already", "code")
    if held is not None:
        connection.execute(
            update(guardian).where(guardian.c.id == held.id).values(may_act=payload.may_act, ends_on=payload.until)
        )
        note(unit, tenant, "guardian", held.id, payload.child_id)
        return int(held.id)
    number = add_guardian(unit, tenant, payload.child_id, other, ENTRUSTED, payload.may_act, payload.until, now)
    audit.note(
        connection, now, "entrusted", actor_id=user_id, subject=f"child:{payload.child_id}", to=other, row=number
    )
    _tell_entrusted(connection, user_id, other, now)
    return number


def end(unit: Unit, user_id: int, payload: EndEntrusting, now: datetime) -> None:
    """End what was entrusted: its parent takes it back, or the other gives it up; their devices forget the child.

    Raises :class:`Refusal` ``not-found`` (404) for a row of somebody else's child, or the parent's own.
    """
    connection = unit.connection
    held = select(guardian).where(
        guardian.c.id == payload.guardian_id,
        guardian.c.tenant_id == payload.department_id,
        guardian.c.kind == ENTRUSTED,
        IN_FORCE,
    )
    # Whoever entrusts the same child anew waits here, and then makes a row of its own instead of changing an ended one.
    connection.execute(
        select(child.c.id).where(child.c.id.in_(held.with_only_columns(guardian.c.child_id))).with_for_update()
    )
    row = connection.execute(held).first()
    if row is None:
        raise refuse("not-found", status=404)
    if row.user_id != user_id:
        own_child(connection, user_id, payload.department_id, row.child_id)
    end_guardian(unit, row, now)
    if row.user_id != user_id:
        tell_taken_back(unit, row, user_id, now)
    audit.note(connection, now, "entrusting-ended", actor_id=user_id, subject=f"child:{row.child_id}", row=row.id)


def end_due(database: Database, now: datetime) -> int:
    """End what was entrusted until a day that is over where its department is; returns how many."""
    over = text(
        "guardian.ends_on IS NOT NULL AND (guardian.ends_on + 1)::timestamp AT TIME ZONE "
        "(SELECT p.zone FROM provider p WHERE p.id = guardian.tenant_id) <= :moment"
    ).bindparams(moment=now)
    with database.read() as connection:  # nearly always there is none, and this is asked every second
        if connection.execute(select(guardian.c.id).where(IN_FORCE, over).limit(1)).first() is None:
            return 0
    with database.change() as unit:
        rows = unit.connection.execute(
            select(guardian)
            .where(IN_FORCE, over)
            .order_by(guardian.c.id)
            .limit(1_000)
            .with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            end_guardian(unit, row, now)
            audit.note(unit.connection, now, "entrusting-ended", subject=f"child:{row.child_id}", row=row.id)
        return len(rows)


def _today(connection: Connection, tenant: int, now: datetime) -> date:
    """Return the day that it is where a department is."""
    zone = connection.execute(select(provider.c.zone).where(provider.c.id == tenant)).scalar_one()
    return now.astimezone(ZoneInfo(zone)).date()


def _tell_entrusted(connection: Connection, user_id: int, other: int, now: datetime) -> None:
    name = connection.execute(select(person.c.name).where(person.c.id == user_id)).scalar_one()
    language = connection.execute(select(person.c.language).where(person.c.id == other)).scalar_one()
    with using(language):
        told = _("{name} entrusted a child to you in Kabinet. Open “Entrusted children” to see.").format(
            name=masked_name(name)
        )
    phone.queue(connection, proved_phone(connection, other), told, now)


def tell_taken_back(unit: Unit, row: Any, parent: int, now: datetime) -> None:
    """Write whom a child was entrusted to that its parent took it back; their own scope is all that is left of it."""
    named = select(child.c.surname, child.c.given_name).where(child.c.id == row.child_id)
    whom = " ".join(part for part in unit.connection.execute(named).one() if part)
    who = unit.connection.execute(select(person.c.name).where(person.c.id == parent)).scalar_one()
    subject, body = {}, {}
    for language in LANGUAGES:
        with using(language):
            subject[language] = _("A child is no longer entrusted to you")
            body[language] = _(
                "{name} took back what was entrusted to you: {child}. The child's data have left your devices; ask "
                "{name} if you still need to see them."
            ).format(name=masked_name(who), child=whom)
    statement = insert(message).values(
        tenant_id=row.tenant_id, provider_id=row.tenant_id, kind="message", subject=subject, body=body, at=now
    )
    message_id = int(unit.connection.execute(statement.returning(message.c.id)).scalar_one())
    unit.changes.live(0, user_scope(row.user_id), "message", message_id)
