"""Children: entered after a look into the register of persons, seen by their parent and whom they are entrusted to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, delete, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from models.contract.admission_commands import AddChild, RemoveChild, SetChildPhoto
from models.contract.conflicts import Clash, Conflict
from models.domain.merge import merge
from provider.services import audit, limits, own_changes
from provider.services.entrusting import tell_taken_back
from provider.services.guardians import ENTRUSTED, IN_FORCE, PARENT, add_guardian, end_guardian, note, own_child
from provider.services.logins import code_hash, code_key
from provider.services.persons import check_iin, masked_name
from provider.services.refusals import refuse
from provider.services.regions import check_department
from provider.services.register import PersonRegister, RegisteredPerson, birthday, with_facts
from provider.store.database import Database, Unit
from provider.store.tables_admissions import child, guardian
from provider.store.tables_families import register_answer
from provider.store.tables_people import person

ANSWER_LASTS: Final = timedelta(days=30)
"""How long a look into the register counts: a child checked today may be sent when the line is back."""

_OF_AGE: Final = 18

_HOLDING: Final = text(
    "SELECT number FROM application WHERE child_id = :child "
    "AND (state NOT IN ('draft', 'archived') OR temp IN ('booked', 'attending')) ORDER BY id LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class ShownChild:
    """What the register says about a child of the person who asks; ``child_id`` when they have entered it before."""

    iin: str
    surname: str
    given_name: str
    patronymic: str
    born: date | None
    sex: str
    ethnicity: str
    child_id: int | None = None


def check(
    database: Database, register: PersonRegister, user_id: int, iin: str, department_id: int, now: datetime
) -> ShownChild:
    """Return what the register says about a child, and keep it for the command that enters the child.

    Raises :class:`Refusal`: ``iin-invalid``, ``too-many-attempts`` (ten a day), ``not-allowed`` for who is no parent,
    ``child-not-found``, ``not-a-child``, ``child-of-another``, ``child-entered-already`` with ``by``,
    ``register-unavailable``.
    """
    code = code_key(iin)
    check_iin(code, now.date(), "iin")
    limits.take(database, now, (limits.PERSON_CHECK, f"user:{user_id}"))
    with database.read() as connection:
        check_department(connection, department_id)
        mine = _own_code(connection, user_id)
    found = register.find(code)
    if found is None:
        raise refuse("child-not-found", "iin")
    found = with_facts(found)
    if mine not in {code_key(parent) for parent in found.parents}:
        with database.engine.begin() as connection:
            audit.note(connection, now, "child-of-another", actor_id=user_id)
        raise refuse("child-of-another", "iin")
    if found.born is None or now.date() >= birthday(found.born, _OF_AGE):
        raise refuse("not-a-child", "iin")
    with database.engine.begin() as connection:
        known = _entered(connection, department_id, code, user_id)
        answer = msgspec.to_builtins(found)
        connection.execute(
            upsert(register_answer)
            .values(user_id=user_id, code_key=code_hash(connection, code), answer=answer, at=now)
            .on_conflict_do_update(index_elements=["user_id", "code_key"], set_={"answer": answer, "at": now})
        )
    return ShownChild(
        code,
        found.surname,
        found.given_name,
        found.patronymic,
        found.born,
        found.sex,
        found.ethnicity,
        known,
    )


def add(unit: Unit, user_id: int, payload: AddChild, now: datetime) -> int:
    """Return the id of a child that now stands in its parent's cabinet; entering it twice changes nothing.

    The register's answer decides, not what was typed. Raises :class:`Refusal`: ``iin-invalid``, ``not-found``,
    ``child-not-checked`` when the register was not asked within a month, ``child-entered-already``.
    """
    connection = unit.connection
    check_department(connection, payload.department_id)
    code = code_key(payload.iin)
    check_iin(code, now.date(), "iin")
    mine = _own_code(connection, user_id)
    kept = connection.execute(
        select(register_answer.c.answer).where(
            register_answer.c.user_id == user_id,
            register_answer.c.code_key == code_hash(connection, code),
            register_answer.c.at > now - ANSWER_LASTS,
        )
    ).scalar()
    known = _entered(connection, payload.department_id, code, user_id)
    if known is not None:
        return known
    if kept is None:
        raise refuse("child-not-checked", "iin")
    found = msgspec.convert(kept, RegisteredPerson)
    if mine not in {code_key(parent) for parent in found.parents}:
        raise refuse("child-of-another", "iin")
    child_id = make_child(unit, payload.department_id, found, user_id, now, photo=payload.photo)
    connection.execute(
        delete(register_answer).where(
            register_answer.c.user_id == user_id, register_answer.c.code_key == code_hash(connection, code)
        )
    )
    return child_id


def make_child(
    unit: Unit, tenant: int, found: RegisteredPerson, user_id: int, now: datetime, *, photo: str = ""
) -> int:
    """Return the id of a child entered for its parent, who may then read and act for it."""
    connection = unit.connection
    statement = (
        upsert(child)
        .values(
            tenant_id=tenant,
            department_id=tenant,
            iin=code_key(found.code),
            surname=found.surname,
            given_name=found.given_name,
            patronymic=found.patronymic,
            born=with_facts(found).born,
            sex=with_facts(found).sex,
            ethnicity=found.ethnicity,
            photo=photo,
            version=1,
        )
        .on_conflict_do_nothing(index_elements=["tenant_id", "iin"])
        .returning(child.c.id)
    )
    number: int | None = connection.execute(statement).scalar()
    if number is None:  # entered before, by nobody who still has it or, at this very moment, by the other parent
        number = int(
            connection.execute(
                select(child.c.id)
                .where(child.c.tenant_id == tenant, child.c.iin == code_key(found.code))
                .with_for_update()
            ).scalar_one()
        )
        held = _entered(connection, tenant, code_key(found.code), user_id)
        if held is not None:
            return held
        # an imported queue may have it with half a name: the register decides
        names = {name: getattr(found, name) for name in ("surname", "given_name", "patronymic", "ethnicity")}
        values = {name: value for name, value in (names | {"photo": photo}).items() if value}
        connection.execute(update(child).where(child.c.id == number).values(**values, version=child.c.version + 1))
    add_guardian(unit, tenant, number, user_id, PARENT, True, None, now)
    note(unit, tenant, "child", number, number)
    audit.note(connection, now, "child-entered", actor_id=user_id, subject=f"child:{number}")
    return number


def add_parent(unit: Unit, tenant: int, child_id: int, user_id: int, now: datetime) -> bool:
    """Give a child of an imported queue to its parent; return whether nobody had it before."""
    connection = unit.connection
    connection.execute(select(child.c.id).where(child.c.id == child_id).with_for_update())
    held = select(guardian.c.id).where(guardian.c.child_id == child_id, guardian.c.kind == PARENT, IN_FORCE)
    if connection.execute(held).first() is not None:
        return False
    add_guardian(unit, tenant, child_id, user_id, PARENT, True, None, now)
    note(unit, tenant, "child", child_id, child_id)
    audit.note(connection, now, "child-entered", actor_id=user_id, subject=f"child:{child_id}")
    return True


def set_photo(unit: Unit, user_id: int, payload: SetChildPhoto, seen: Mapping[str, Any]) -> Conflict | None:
    """Change a child's picture; return both versions when it is another one than was seen. Source: R-MERGE-1.

    Raises :class:`Refusal` ``not-found`` (404) for a child that is not one's own.
    """
    tenant, child_id = payload.department_id, payload.child_id
    row = own_child(unit.connection, user_id, tenant, child_id)
    merged = merge({"photo": payload.photo}, seen, {"photo": row.photo})
    if merged.clashes:
        clash = Clash("photo", payload.photo, row.photo, seen["photo"])
        before = own_changes.last_change(unit.connection, tenant, "child", child_id, SetChildPhoto.KIND)
        if before is not None:
            actor = "self" if before.user == user_id else PARENT
            clash = msgspec.structs.replace(clash, by=before.by, actor=actor, at=before.at)
        return Conflict([clash])
    if merged.changes:
        values = {"photo": payload.photo, "version": row.version + 1}
        unit.connection.execute(update(child).where(child.c.id == child_id).values(**values))
        note(unit, tenant, "child", child_id, child_id)
    return None


def remove(unit: Unit, user_id: int, payload: RemoveChild, now: datetime) -> None:
    """Take a child out of its parent's cabinet, and out of those of whom it was entrusted to; nothing is deleted.

    The parent may enter it again. Raises :class:`Refusal`: ``not-found`` (404) for a child that is not one's own, and
    ``child-has-application`` (value ``number``) while an application is live or a temporary place lasts.
    """
    connection = unit.connection
    own_child(connection, user_id, payload.department_id, payload.child_id)
    number = connection.execute(_HOLDING, {"child": payload.child_id}).scalar()
    if number is not None:
        raise refuse("child-has-application", "child_id", number=number)
    rows = connection.execute(
        select(guardian).where(guardian.c.child_id == payload.child_id, IN_FORCE).order_by(guardian.c.id)
    ).all()
    kept = {row.user_id for row in rows if row.kind == PARENT and row.user_id != user_id}
    for row in rows:
        if row.user_id == user_id or (not kept and row.kind == ENTRUSTED):
            end_guardian(unit, row, now)
            if row.kind == ENTRUSTED and row.user_id != user_id:
                tell_taken_back(unit, row, user_id, now)
    audit.note(connection, now, "child-removed", actor_id=user_id, subject=f"child:{payload.child_id}")


def forget_answers(database: Database, now: datetime) -> int:
    """Delete what the register said more than a month ago; returns how many."""
    with database.engine.begin() as connection:
        return connection.execute(delete(register_answer).where(register_answer.c.at < now - ANSWER_LASTS)).rowcount


def _entered(connection: Connection, tenant: int, code: str, user_id: int) -> int | None:
    """Return the id of a child that this person has already; raises ``child-entered-already`` when another parent has.

    ``None`` when nobody has it.
    """
    rows = connection.execute(
        select(child.c.id, guardian.c.user_id, guardian.c.kind, guardian.c.name)
        .join(guardian, guardian.c.child_id == child.c.id)
        .where(child.c.tenant_id == tenant, child.c.iin == code, IN_FORCE)
        .order_by(guardian.c.id)
    ).all()
    for row in rows:
        if row.user_id == user_id:
            return int(row.id)
    for row in rows:
        if row.kind == PARENT:
            raise refuse("child-entered-already", "iin", by=masked_name(row.name))
    return None


def _own_code(connection: Connection, user_id: int) -> str:
    row = connection.execute(select(person.c.code, person.c.roles).where(person.c.id == user_id)).one()
    if "parent" not in row.roles or not row.code:
        raise refuse("not-allowed", status=403)
    return code_key(row.code)
