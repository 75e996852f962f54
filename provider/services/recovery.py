"""A forgotten password: one answer for everybody, a letter to whom it concerns, proof on the page behind its link."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, select

from models.domain.problems import Problem
from provider.services import audit, letters, limits, links, mail, passwords
from provider.services.identity import accounts_of, set_password
from provider.services.logins import clean, code_hash, email_key, login_key
from provider.services.refusals import Refusal
from provider.settings import Settings
from provider.store.database import Database, Unit
from provider.store.tables_people import credential, inquiry, person
from provider.store.tables_utility import account


def ask(database: Database, login_or_email: str, source: str, now: datetime) -> None:
    """Take in who cannot sign in; raises :class:`Refusal` for an empty field and too many attempts, never more."""
    text = clean(login_or_email, "login_or_email", 254)
    limits.take(database, now, (limits.RECOVER_SOURCE, source), (limits.RECOVER_SUBJECT, login_key(text)))
    with database.engine.begin() as connection:
        connection.execute(insert(inquiry).values(kind="recover", payload={"subject": text}, created_at=now))


def settle(unit: Unit, settings: Settings, payload: dict[str, Any], now: datetime) -> None:
    """Write a letter to each person with this login or confirmed address; to nobody when there is none."""
    subject = payload["subject"]
    rows = unit.connection.execute(
        select(person)
        .join(credential, credential.c.user_id == person.c.id)
        .where(
            or_(credential.c.login_key == login_key(subject), credential.c.email_key == email_key(subject)),
            credential.c.disabled_at.is_(None),
            person.c.email != "",
        )
    ).all()
    minutes = int(links.LIFETIME["recover"].total_seconds()) // 60
    for row in rows:
        link = links.make(unit.connection, "recover", language=row.language, now=now, user_id=row.id)
        letter = letters.recover(row.language, settings.address, link, row.login, minutes)
        mail.queue(unit.connection, letter, kind="recover", address=row.email, now=now, user_id=row.id)


def finish(
    database: Database, token: str, code: str, number: str, new_password: str, source: str, now: datetime
) -> None:
    """Set a new password for whoever holds the letter and knows the identity code and the account or contract number.

    Every session of the person ends. Raises :class:`Refusal`: ``link-spent``, ``details-differ`` (the link works for
    five tries), or why the password may not be used.
    """
    typed_code = clean(code, "code", 20)
    typed_number = clean(number, "account", 40)
    if (problem := passwords.check(new_password, login=typed_number, field="new_password")) is not None:
        raise Refusal(problem)
    limits.take(database, now, (limits.TOKEN_SOURCE, source))
    fresh = passwords.hash_password(new_password)
    refused = None
    with database.change() as unit:
        opened = links.open_link(unit.connection, "recover", token, now)
        user_id = int(opened.user_id or 0)
        if _is_owner(unit.connection, user_id, typed_code, typed_number):
            links.use(unit.connection, opened, now)
            set_password(unit, user_id, fresh, now)
        else:
            links.count_try(unit.connection, opened)
            audit.note(unit.connection, now, "recovery-refused", actor_id=user_id)
            refused = Problem("details-differ", "code")
    if refused is not None:
        raise Refusal(refused)


def _is_owner(connection: Connection, user_id: int, code: str, number: str) -> bool:
    stored = connection.execute(select(credential.c.code_hash).where(credential.c.user_id == user_id)).scalar_one()
    right_code = hmac.compare_digest(stored, code_hash(connection, code)) if stored else False
    granted = accounts_of(connection, user_id)
    rows = connection.execute(
        select(account.c.number, account.c.contract, account.c.code).where(account.c.id.in_(granted))
    ).all()
    if not stored:
        # A person made by the provider without a code: the registry's code of one of their accounts counts.
        typed = code_hash(connection, code)
        right_code = any(row.code and hmac.compare_digest(code_hash(connection, row.code), typed) for row in rows)
    return right_code and any(number in (row.number, row.contract) for row in rows if number)
