"""What everything that a one-time code or its ticket opens has in common: tries, passwords, whose telephone it is, and
whether the wish was served before (its answer may have been lost on the line)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from models.domain.problems import Problem
from provider.services import limits, one_time, passwords, sessions, tickets
from provider.services.logins import code_hash, code_key, phone_key
from provider.store.database import Database
from provider.store.tables_admissions import person_code
from provider.store.tables_people import credential, person


@dataclass(frozen=True, slots=True)
class Before:
    """Who was registered, joined or let in again with a ticket, and whether by the same wish (its answer was lost)."""

    same: bool
    user_id: int
    login: str
    password_hash: str


def before(
    database: Database, purpose: str, ticket: str, phone_number: str, code: str, request: str, now: datetime
) -> Before | None:
    """Return whom this ticket has served, with this telephone and IIN; None if it has served nobody."""
    with database.read() as connection:
        proving = code if purpose == "recover" else ""
        subject = one_time.person_subject(connection, purpose, phone_number, proving)
        same = tickets.spent_before(connection, purpose, subject, ticket, now, request)
        if same is None:
            return None
        row = connection.execute(
            select(credential.c.user_id, person.c.login, credential.c.password_hash)
            .join(person_code, person_code.c.user_id == credential.c.user_id)
            .join(person, person.c.id == credential.c.user_id)
            .where(
                person_code.c.code_key == code_hash(connection, code),
                person_code.c.phone_key == phone_key(phone_number),
            )
        ).first()
    return None if row is None else Before(same, row.user_id, row.login, row.password_hash)


def count_try(database: Database, phone_number: str, source: str, now: datetime) -> None:
    """Count a try of a code; raises :class:`Refusal` ``too-many-attempts``."""
    limits.take(database, now, (limits.CODE_TRY_SOURCE, source), (limits.CODE_TRY_PHONE, phone_key(phone_number)))


def check_password(password: str, phone_number: str, code: str, field: str = "password") -> Problem | None:
    """Return why a parent may not have a password; None for a good one."""
    problem = passwords.check(password, login=code_key(code), field=field, maximum=passwords.FAMILY_MAXIMUM)
    if problem is None and phone_key(password) == phone_key(phone_number):
        problem = Problem("password-is-login", field)
    return problem


def is_taken(connection: Connection, phone_number: str) -> bool:
    """Return whether somebody's cabinet has a telephone; for whoever has proved that they hold it."""
    query = select(person_code.c.user_id).where(person_code.c.phone_key == phone_key(phone_number)).limit(1)
    return connection.execute(query).first() is not None


def user_of(connection: Connection, phone_number: str, code: str) -> int | None:
    """Return whom a telephone alone may let in, None for nobody and for staff: one text message opens no office."""
    found = connection.execute(
        select(person_code.c.user_id, person.c.roles)
        .join(credential, credential.c.user_id == person_code.c.user_id)
        .join(person, person.c.id == person_code.c.user_id)
        .where(
            person_code.c.code_key == code,
            person_code.c.phone_key == phone_key(phone_number),
            credential.c.disabled_at.is_(None),
        )
    ).first()
    return None if found is None or sessions.STAFF & set(found.roles) else int(found.user_id)
