"""A telephone that was proved opens what its person has: a new password, a session, another telephone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select, update

from models.contract.messages import Session, SignInRequest
from provider.services import audit, guardians, letters, mail, one_time, passwords, phone, proving, sessions, tickets
from provider.services.identity import check_password, note_person, set_password
from provider.services.logins import code_hash, phone_key
from provider.services.refusals import Refusal, refuse
from provider.store.database import Database, Unit
from provider.store.tables_admissions import person_code
from provider.store.tables_people import person
from translations import _, using


def recover(
    database: Database,
    *,
    ticket: str,
    phone_number: str,
    code: str,
    new_password: str,
    now: datetime,
    request: str = "",
) -> None:
    """Set a new password for whoever proved their telephone; every session ends, and they are told by telephone.

    The wish with the key ``request``, repeated with the same password, does nothing more.
    """
    if (problem := proving.check_password(new_password, phone_number, code, "password")) is not None:
        raise Refusal(problem)
    try:
        _recover(database, ticket, phone_number, code, new_password, request, now)
    except Refusal:
        before = proving.before(database, "recover", ticket, phone_number, code, request, now)
        if before is None or not before.same or not passwords.verify(before.password_hash, new_password):
            raise


def _recover(
    database: Database, ticket: str, phone_number: str, code: str, new_password: str, request: str, now: datetime
) -> None:
    with database.read() as connection:
        subject = one_time.person_subject(connection, "recover", phone_number, code)
        tickets.check(connection, "recover", subject, ticket, now)
        user_id = proving.user_of(connection, phone_number, code_hash(connection, code))
    if user_id is None:
        raise refuse("code-spent", "ticket")
    fresh = passwords.hash_password(new_password)
    with database.change() as unit:
        tickets.spend(unit.connection, "recover", subject, ticket, now, request)
        set_password(unit, user_id, fresh, now)
        language = unit.connection.execute(select(person.c.language).where(person.c.id == user_id)).scalar_one()
        with using(language):
            told = _("The password of your Kabinet was changed. If it was not you, call the support service.")
        phone.queue(unit.connection, phone_number, told, now)


def sign_in_by_code(
    database: Database,
    phone_number: str,
    code: str,
    typed: str,
    device: SignInRequest,
    source: str,
    now: datetime,
    request: str = "",
) -> Session:
    """Return a session for whoever has the code that their telephone got; raises ``code-wrong``, ``code-spent``.

    The wish with the key ``request``, repeated while the code works, gets a session once more.
    """
    sessions.check_device(device)
    proving.count_try(database, phone_number, source, now)
    with database.change() as unit:
        subject = one_time.person_subject(unit.connection, "sign-in", phone_number, code)
        proved = one_time.prove(unit.connection, "sign-in", subject, typed, now, request=request)
        if proved.user_id is None:  # a code that was never sent was guessed
            raise refuse("code-spent", "one_time")
        return sessions.enter(unit, proved.user_id, device, now)


def change_phone(
    database: Database, user_id: int, *, ticket: str, phone_number: str, password: str, now: datetime, request: str = ""
) -> None:
    """Make a telephone that was proved the person's; their old one, if they had one, and their e-mail address are told.

    Staff have none until they prove their first: with it they sign contracts, and it opens no office.

    The wish with the key ``request``, repeated, does nothing more.
    Raises :class:`Refusal`: ``current-password-wrong``, ``code-spent``, ``not-allowed`` for who is neither parent nor
    staff.
    """
    check_password(database, user_id, password, "password", now)
    with database.change() as unit:
        connection = unit.connection
        subject = one_time.person_subject(connection, "register", phone_number)
        old = connection.execute(select(person_code).where(person_code.c.user_id == user_id).with_for_update()).first()
        row = connection.execute(select(person).where(person.c.id == user_id).with_for_update()).one()
        if old is None and not sessions.STAFF & set(row.roles):
            raise refuse("not-allowed", status=403)
        changed = old is not None and old.phone_key == phone_key(phone_number)
        if changed and tickets.spent_before(connection, "register", subject, ticket, now, request):
            return
        tickets.spend(connection, "register", subject, ticket, now, request)
        key = phone_key(phone_number)
        if old is None:
            note_staff_phone(unit, user_id, key, now)
        else:
            connection.execute(update(person_code).where(person_code.c.user_id == user_id).values(phone_key=key))
        connection.execute(
            update(person).where(person.c.id == user_id).values(phone="+" + key, version=row.version + 1)
        )
        note_person(unit, user_id)
        guardians.follow_phone(unit, user_id)
        audit.note(connection, now, "phone-changed", actor_id=user_id)
        with using(row.language):
            told = _("The telephone of your Kabinet was changed. If it was not you, call the support service.")
        if old is not None:
            phone.queue(connection, old.phone_key, told, now)
        if row.email:
            letter = letters.phone_changed(row.language, row.login)
            mail.queue(connection, letter, kind="notice", address=row.email, now=now, user_id=user_id)


def note_staff_phone(unit: Unit, user_id: int, key: str, now: datetime) -> None:
    """Keep the proved telephone of somebody of the staff; no IIN and no document number goes with it."""
    values = {"user_id": user_id, "code_key": f"staff:{user_id}", "phone_key": key, "consent_at": now}
    unit.connection.execute(insert(person_code).values(**values))
