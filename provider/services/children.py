"""Children: entered after a look into the register of persons, seen by their parent and whom they are entrusted to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection, delete, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from models.contract.admission_commands import AddChild, EndEntrusting, EntrustChild, RemoveChild, SetChildPhoto
from models.contract.conflicts import Clash, Conflict
from models.contract.records import NUMBER
from models.domain.merge import merge
from provider.services import audit, claims, limits, own_changes, phone
from provider.services.logins import code_hash, code_key
from provider.services.persons import check_iin, clean_person_code, masked_name, proved_phone, user_by_code
from provider.services.refusals import refuse
from provider.services.regions import check_department
from provider.services.register import PersonRegister, RegisteredPerson, birthday, with_facts
from provider.store import grants
from provider.store.changes import child_scope
from provider.store.database import Database, Unit
from provider.store.tables_admissions import child, guardian
from provider.store.tables_families import register_answer
from provider.store.tables_people import person
from provider.store.tables_utility import provider
from translations import _, using

ANSWER_LASTS: Final = timedelta(days=30)
"""How long a look into the register counts: a child checked today may be sent when the line is back."""

_OF_AGE: Final = 18
_PARENT: Final = "parent"
_ENTRUSTED: Final = "entrusted"
IN_FORCE: Final = guardian.c.until.is_(None)
"""The condition that a row of ``guardian`` counts."""

_HOLDING: Final = text(
    "SELECT number FROM application WHERE child_id = :child "
    "AND (state NOT IN ('draft', 'archived') OR temp IN ('booked', 'attending')) ORDER BY id LIMIT 1"
)
_SCOPES: Final = text(
    "SELECT scope FROM sync_index WHERE tenant = :tenant AND table_number = :number AND row_id = :row AND live"
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
    _add_guardian(unit, tenant, number, user_id, _PARENT, True, None, now)
    note(unit, tenant, "child", number, number)
    audit.note(connection, now, "child-entered", actor_id=user_id, subject=f"child:{number}")
    return number


def add_parent(unit: Unit, tenant: int, child_id: int, user_id: int, now: datetime) -> bool:
    """Give a child of an imported queue to its parent; return whether nobody had it before."""
    connection = unit.connection
    connection.execute(select(child.c.id).where(child.c.id == child_id).with_for_update())
    held = select(guardian.c.id).where(guardian.c.child_id == child_id, guardian.c.kind == _PARENT, IN_FORCE)
    if connection.execute(held).first() is not None:
        return False
    _add_guardian(unit, tenant, child_id, user_id, _PARENT, True, None, now)
    note(unit, tenant, "child", child_id, child_id)
    audit.note(connection, now, "child-entered", actor_id=user_id, subject=f"child:{child_id}")
    return True


def set_photo(unit: Unit, user_id: int, payload: SetChildPhoto, seen: Mapping[str, Any]) -> Conflict | None:
    """Change a child's picture; return both versions when it is another one than was seen. Source: R-MERGE-1.

    Raises :class:`Refusal` ``not-found`` (404) for a child that is not one's own.
    """
    tenant, child_id = payload.department_id, payload.child_id
    row = _own_child(unit.connection, user_id, tenant, child_id)
    merged = merge({"photo": payload.photo}, seen, {"photo": row.photo})
    if merged.clashes:
        clash = Clash("photo", payload.photo, row.photo, seen["photo"])
        before = own_changes.last_change(unit.connection, tenant, "child", child_id, SetChildPhoto.KIND)
        if before is not None:
            actor = "self" if before.user == user_id else _PARENT
            clash = msgspec.structs.replace(clash, by=before.by, actor=actor, at=before.at)
        return Conflict([clash])
    if merged.changes:
        values = {"photo": payload.photo, "version": row.version + 1}
        unit.connection.execute(update(child).where(child.c.id == child_id).values(**values))
        note(unit, tenant, "child", child_id, child_id)
    return None


def entrust(unit: Unit, user_id: int, payload: EntrustChild, now: datetime) -> int:
    """Return the id of the row by which another registered person sees a child, or acts for it.

    Raises :class:`Refusal`: ``not-found`` (404), ``iin-invalid``, ``person-not-registered``, ``entrusted-to-self``,
    ``guardian-already`` for the other parent, ``until-passed``, ``too-many-attempts``.
    """
    connection = unit.connection
    tenant = payload.department_id
    _own_child(connection, user_id, tenant, payload.child_id)
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
    if held is not None and held.kind == _PARENT:
        raise refuse("guardian-already", "code")
    if held is not None:
        connection.execute(
            update(guardian).where(guardian.c.id == held.id).values(may_act=payload.may_act, ends_on=payload.until)
        )
        note(unit, tenant, "guardian", held.id, payload.child_id)
        return int(held.id)
    number = _add_guardian(unit, tenant, payload.child_id, other, _ENTRUSTED, payload.may_act, payload.until, now)
    audit.note(
        connection, now, "entrusted", actor_id=user_id, subject=f"child:{payload.child_id}", to=other, row=number
    )
    _tell_entrusted(connection, user_id, other, now)
    return number


def end_entrusting(unit: Unit, user_id: int, payload: EndEntrusting, now: datetime) -> None:
    """End what was entrusted: its parent takes it back, or the other gives it up; their devices forget the child.

    Raises :class:`Refusal` ``not-found`` (404) for a row of somebody else's child, or the parent's own.
    """
    connection = unit.connection
    row = connection.execute(
        select(guardian).where(
            guardian.c.id == payload.guardian_id,
            guardian.c.tenant_id == payload.department_id,
            guardian.c.kind == _ENTRUSTED,
            IN_FORCE,
        )
    ).first()
    if row is None:
        raise refuse("not-found", status=404)
    if row.user_id != user_id:
        _own_child(connection, user_id, payload.department_id, row.child_id)
    _end(unit, row, now)
    audit.note(connection, now, "entrusting-ended", actor_id=user_id, subject=f"child:{row.child_id}", row=row.id)


def remove(unit: Unit, user_id: int, payload: RemoveChild, now: datetime) -> None:
    """Take a child out of its parent's cabinet, and out of those of whom it was entrusted to; nothing is deleted.

    The parent may enter it again. Raises :class:`Refusal`: ``not-found`` (404) for a child that is not one's own, and
    ``child-has-application`` (value ``number``) while an application is live or a temporary place lasts.
    """
    connection = unit.connection
    _own_child(connection, user_id, payload.department_id, payload.child_id)
    number = connection.execute(_HOLDING, {"child": payload.child_id}).scalar()
    if number is not None:
        raise refuse("child-has-application", "child_id", number=number)
    rows = connection.execute(
        select(guardian).where(guardian.c.child_id == payload.child_id, IN_FORCE).order_by(guardian.c.id)
    ).all()
    kept = {row.user_id for row in rows if row.kind == _PARENT and row.user_id != user_id}
    for row in rows:
        if row.user_id == user_id or (not kept and row.kind == _ENTRUSTED):
            _end(unit, row, now)
    audit.note(connection, now, "child-removed", actor_id=user_id, subject=f"child:{payload.child_id}")


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
            _end(unit, row, now)
            audit.note(unit.connection, now, "entrusting-ended", subject=f"child:{row.child_id}", row=row.id)
        return len(rows)


def forget_answers(database: Database, now: datetime) -> int:
    """Delete what the register said more than a month ago; returns how many."""
    with database.engine.begin() as connection:
        return connection.execute(delete(register_answer).where(register_answer.c.at < now - ANSWER_LASTS)).rowcount


def note(unit: Unit, tenant: int, table: str, row_id: int, child_id: int) -> None:
    """Note a changed row for everybody who has it: the child's scope, and a kindergarten's or doctor's that has it."""
    values = {"tenant": tenant, "number": NUMBER[table], "row": row_id}
    scopes = {child_scope(child_id), *unit.connection.execute(_SCOPES, values).scalars()}
    for scope in sorted(scopes):
        unit.changes.live(tenant, scope, table, row_id)


def _add_guardian(
    unit: Unit,
    tenant: int,
    child_id: int,
    user_id: int,
    kind: str,
    may_act: bool,
    ends_on: date | None,
    now: datetime,
) -> int:
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
    if kind == _PARENT:
        claims.adopt(unit, tenant, child_id, user_id)
    return number


def _end(unit: Unit, row: Any, now: datetime) -> None:
    unit.connection.execute(update(guardian).where(guardian.c.id == row.id).values(until=now))
    note(unit, row.tenant_id, "guardian", row.id, row.child_id)
    grants.revoke(unit, row.user_id, row.tenant_id, child_scope(row.child_id), now)


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
        if row.kind == _PARENT:
            raise refuse("child-entered-already", "iin", by=masked_name(row.name))
    return None


def _own_child(connection: Connection, user_id: int, tenant: int, child_id: int) -> Any:
    """Return a child's row, locked, for the parent who entered it; raises ``not-found`` (404) for everybody else."""
    row = connection.execute(
        select(child).where(child.c.id == child_id, child.c.tenant_id == tenant).with_for_update()
    ).first()
    mine = connection.execute(
        select(guardian.c.id).where(
            guardian.c.child_id == child_id,
            guardian.c.user_id == user_id,
            guardian.c.kind == _PARENT,
            IN_FORCE,
        )
    ).first()
    if row is None or mine is None:
        raise refuse("not-found", "child_id", status=404)
    return row


def _own_code(connection: Connection, user_id: int) -> str:
    row = connection.execute(select(person.c.code, person.c.roles).where(person.c.id == user_id)).one()
    if "parent" not in row.roles or not row.code:
        raise refuse("not-allowed", status=403)
    return code_key(row.code)


def _today(connection: Connection, tenant: int, now: datetime) -> date:
    """Return the day that it is where a department is."""
    zone = connection.execute(select(provider.c.zone).where(provider.c.id == tenant)).scalar_one()
    return now.astimezone(ZoneInfo(zone)).date()


def _tell_entrusted(connection: Connection, user_id: int, other: int, now: datetime) -> None:
    name = connection.execute(select(person.c.name).where(person.c.id == user_id)).scalar_one()
    language = connection.execute(select(person.c.language).where(person.c.id == other)).scalar_one()
    with using(language):
        told = _("{name} entrusted a child to you in Kabinet. Open “My children” to see.").format(
            name=masked_name(name)
        )
    phone.queue(connection, proved_phone(connection, other), told, now)


def _plus(digits: str) -> str:
    return "+" + digits if digits else ""
