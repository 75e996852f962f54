"""Parents: codes on the telephone, a login by telephone and IIN.

Whoever is not signed in is answered before anything is looked up (docs/decisions), and proves their telephone first;
what the register of persons says is shown only then, and in full only when the register knows that telephone.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from provider.services import audit, claims, limits, one_time, passwords, proving, tickets
from provider.services.identity import make_person, note_person, person_by_login
from provider.services.logins import clean_language, code_hash, phone_key
from provider.services.persons import clean_mobile, clean_person_code, initial, user_by_code
from provider.services.refusals import Refusal, refuse
from provider.services.regions import department_by_code, open_department
from provider.services.register import PersonRegister, RegisteredPerson, birthday, with_facts
from provider.settings import Settings
from provider.store.database import Database, Unit
from provider.store.tables_admissions import person_code
from provider.store.tables_people import credential, inquiry, person

_STRANGERS: Final = ("register", "recover", "sign-in")
YOUNGEST: Final = 16
"""Years from which somebody may register as a parent (R-REG-1)."""


@dataclass(frozen=True, slots=True)
class CodeWish:
    """Somebody asks for a code. ``code`` is their IIN or document number, "" when it comes later (registration)."""

    purpose: str
    phone: str
    code: str
    language: str
    consent: bool


@dataclass(frozen=True, slots=True)
class ShownPerson:
    """What the register says of a person, as far as they may see it; ``full`` tells whether that is all."""

    surname: str
    given_name: str
    patronymic: str
    born: date | None
    sex: str
    full: bool


@dataclass(frozen=True, slots=True)
class ProvedPhone:
    """What brings one to the next pages; ``shared`` when somebody's cabinet has the telephone already."""

    ticket: str
    shared: bool = False


def ask_code(database: Database, wish: CodeWish, source: str, now: datetime) -> None:
    """Take in a wish for a code: the same for everybody.

    Raises :class:`Refusal`: ``consent-required``, ``phone-invalid``, ``iin-invalid``, ``code-wait``,
    ``too-many-attempts``.
    """
    if wish.purpose not in _STRANGERS:
        raise refuse("field-invalid", "purpose")
    number = clean_mobile(wish.phone)
    language = clean_language(wish.language)
    code = clean_person_code(wish.code, now.date()) if wish.code or wish.purpose != "register" else ""
    if wish.purpose != "sign-in" and not wish.consent:
        raise refuse("consent-required", "consent")
    one_time.take_turn(database, number, source, now)
    with database.engine.begin() as connection:
        payload = {
            "purpose": wish.purpose,
            "subject": one_time.person_subject(connection, wish.purpose, number, code),
            "phone": number,
            "code": code_hash(connection, code),
            "language": language,
        }
        connection.execute(insert(inquiry).values(kind="code", payload=payload, created_at=now))


def settle_code(unit: Unit, settings: Settings, payload: dict[str, Any], now: datetime) -> None:
    """Write a code; its message goes out when the telephone is to be proved, or is the person's proved one."""
    user_id = None
    if payload["purpose"] != "register":
        user_id = proving.user_of(unit.connection, payload["phone"], payload["code"])
    one_time.issue(
        unit.connection,
        payload["purpose"],
        payload["subject"],
        phone_number=payload["phone"],
        language=payload["language"],
        now=now,
        user_id=user_id,
        send=payload["purpose"] == "register" or user_id is not None,
    )


def verify(
    database: Database,
    purpose: str,
    phone_number: str,
    code: str,
    typed: str,
    source: str,
    now: datetime,
    request: str = "",
) -> ProvedPhone:
    """Return a ticket for the next pages of a registration or a recovery; raises ``code-wrong``, ``code-spent``.

    Whoever proved a new telephone learns whether somebody has it already, not who (R-PHONE-1).
    ``request`` is the key of the wish: repeated with the same code while that works, it gets the same ticket.
    """
    if purpose not in ("register", "recover"):
        raise refuse("field-invalid", "purpose")
    proving.count_try(database, phone_number, source, now)
    with database.change() as unit:
        subject = one_time.person_subject(unit.connection, purpose, phone_number, code)
        proved = one_time.prove(unit.connection, purpose, subject, typed, now, request=request)
        ticket = tickets.make(unit.connection, purpose, subject, now, proved, request)
        shared = purpose == "register" and proving.is_taken(unit.connection, phone_number)
        return ProvedPhone(ticket, shared)


def show_person(
    database: Database,
    register: PersonRegister,
    ticket: str,
    phone_number: str,
    code: str,
    source: str,
    now: datetime,
) -> ShownPerson:
    """Return what the register says about the person who registers.

    Raises :class:`Refusal`: ``code-spent`` without a ticket that works, ``person-not-matched`` when there is no such
    person or the register knows another telephone of theirs, ``too-young-to-register``, ``already-registered``,
    ``register-unavailable``.
    """
    found = _find(database, register, ticket, phone_number, code, now, source)
    if found.has_phone(phone_number):
        return ShownPerson(found.surname, found.given_name, found.patronymic, found.born, found.sex, True)
    return ShownPerson(initial(found.surname), initial(found.given_name), initial(found.patronymic), None, "", False)


def register(
    database: Database,
    persons: PersonRegister,
    *,
    ticket: str,
    phone_number: str,
    code: str,
    password: str,
    language: str,
    department: str,
    now: datetime,
    request: str = "",
) -> str:
    """Return the login of a new parent; raises as :func:`show_person`, and why the password may not be used.

    The wish with the key ``request``, repeated with the same IIN and password, is answered with the same login.
    """
    if (problem := proving.check_password(password, phone_number, code)) is not None:
        raise Refusal(problem)
    spoken = clean_language(language)
    try:
        found = _find(database, persons, ticket, phone_number, code, now, "")
        fresh = passwords.hash_password(password)
        with database.change() as unit:
            subject = one_time.person_subject(unit.connection, "register", phone_number)
            tickets.spend(unit.connection, "register", subject, ticket, now, request)
            user_id = make_parent(unit, found, phone_number=phone_number, password_hash=fresh, language=spoken, now=now)
            if department:
                open_department(unit, user_id, department_by_code(unit.connection, department))
            login: str = unit.connection.execute(select(person.c.login).where(person.c.id == user_id)).scalar_one()
            return login
    except Refusal:
        before = proving.before(database, "register", ticket, phone_number, code, request, now)
        if before is None:
            raise
        if before.same and passwords.verify(before.password_hash, password):
            return before.login
        raise refuse("already-registered", "code") from None
    except IntegrityError as error:
        if "person_code" in str(error.orig):
            raise refuse("already-registered", "code") from None
        raise


def make_parent(
    unit: Unit,
    found: RegisteredPerson,
    *,
    phone_number: str,
    password_hash: str,
    language: str,
    now: datetime,
    login: str = "",
    email: str = "",
) -> int:
    """Return the id of a new person with the role parent, as the register has them.

    Raises IntegrityError when somebody with this IIN is registered, ``ValueError`` when the login exists.
    """
    found = with_facts(found)
    user_id = make_person(
        unit,
        login=login or _free_login(unit.connection),
        password_hash=password_hash,
        roles=["parent"],
        accounts=[],
        email=email,
        confirmed=bool(email),
        language=language,
        name=found.name,
        phone="+" + phone_key(phone_number),
        code=code_hash(unit.connection, found.code),
        now=now,
    )
    _keep_code(unit, user_id, found, phone_number, now)
    audit.note(unit.connection, now, "registered", actor_id=user_id, subject="parent")
    return user_id


def join(
    database: Database,
    persons: PersonRegister,
    user_id: int,
    *,
    ticket: str,
    phone_number: str,
    code: str,
    department: str,
    now: datetime,
    request: str = "",
) -> None:
    """Make a signed-in person, such as a consumer of a utility, a parent too; once for the key ``request``.

    Raises as :func:`show_person`, and ``details-differ`` when the provider knows them by another IIN.
    """
    try:
        found = _find(database, persons, ticket, phone_number, code, now, "")
        with database.change() as unit:
            connection = unit.connection
            subject = one_time.person_subject(connection, "register", phone_number)
            tickets.spend(connection, "register", subject, ticket, now, request)
            known = connection.execute(
                select(credential.c.code_hash).where(credential.c.user_id == user_id)
            ).scalar_one()
            mine = code_hash(connection, found.code)
            if known and not secrets.compare_digest(known, mine):
                raise refuse("details-differ", "code")
            row = connection.execute(select(person).where(person.c.id == user_id).with_for_update()).one()
            connection.execute(update(credential).where(credential.c.user_id == user_id).values(code_hash=mine))
            roles = [*row.roles, *(["parent"] if "parent" not in row.roles else [])]
            connection.execute(
                update(person)
                .where(person.c.id == user_id)
                .values(roles=roles, name=found.name, phone="+" + phone_key(phone_number), version=row.version + 1)
            )
            _keep_code(unit, user_id, found, phone_number, now)
            audit.note(connection, now, "became-parent", actor_id=user_id)
            if department:
                open_department(unit, user_id, department_by_code(connection, department))
    except Refusal:
        before = proving.before(database, "register", ticket, phone_number, code, request, now)
        if before is None or not before.same or before.user_id != user_id:
            raise
    except IntegrityError as error:
        if "person_code" in str(error.orig):
            raise refuse("already-registered", "code") from None
        raise


def _keep_code(unit: Unit, user_id: int, found: RegisteredPerson, phone_number: str, now: datetime) -> None:
    found = with_facts(found)
    unit.connection.execute(
        insert(person_code).values(
            user_id=user_id,
            code_key=code_hash(unit.connection, found.code),
            phone_key=phone_key(phone_number),
            consent_at=now,
        )
    )
    unit.connection.execute(
        update(person).where(person.c.id == user_id).values(code=found.code, born=found.born, sex=found.sex)
    )
    note_person(unit, user_id)
    claims.claim(unit, user_id, found.code, phone_number, now)


def _find(
    database: Database,
    persons: PersonRegister,
    ticket: str,
    phone_number: str,
    code: str,
    now: datetime,
    source: str,
) -> RegisteredPerson:
    """Return the person of a registration; ``source`` "" when the look-up was counted before."""
    wanted = clean_person_code(code, now.date())
    with database.read() as connection:
        subject = one_time.person_subject(connection, "register", phone_number)
        tickets.check(connection, "register", subject, ticket, now)
    if source:
        limits.take(
            database,
            now,
            (limits.PERSON_CHECK, f"phone:{phone_key(phone_number)}"),
            (limits.PERSON_CHECK_SOURCE, source),
        )
    found = persons.find(wanted)
    if found is None or (found.phones and not found.has_phone(phone_number)):
        raise refuse("person-not-matched", "code")
    found = with_facts(found)
    if found.born is not None and now.date() < birthday(found.born, YOUNGEST):
        raise refuse("too-young-to-register", "code", years=YOUNGEST)
    with database.read() as connection:
        if user_by_code(connection, wanted) is not None:
            raise refuse("already-registered", "code")
    return found


def _free_login(connection: Connection) -> str:
    while True:
        login = f"k{secrets.randbelow(9 * 10**6) + 10**6}"
        if person_by_login(connection, login) is None:
            return login
