"""Getting a login: what is asked, what the registry must say, and the letter that makes it real.

The answer to a registration is the same and takes the same time whatever the registry says: the request is stored
unread and looked into afterwards (:func:`settle`). What was found goes to the typed address by letter.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, or_, select

from models.domain import identity as codes
from models.domain.problems import Problem
from provider.services import audit, letters, limits, links, mail, passwords
from provider.services.identity import accounts_of, lock_logins, make_person, person_by_login
from provider.services.logins import clean, clean_email, clean_language, code_hash, code_key, email_key, login_key
from provider.services.refusals import Refusal, refuse
from provider.settings import Settings
from provider.store.database import Database, Unit
from provider.store.tables_people import credential, inquiry, person, registration
from provider.store.tables_utility import account, provider

INDIVIDUAL: Final = "individual"
LEGAL: Final = "legal"


@dataclass(frozen=True, slots=True)
class Form:
    """What somebody typed to get a login. ``number`` is the account of a person or the contract of a firm."""

    kind: str
    provider_code: str
    number: str
    code: str
    email: str
    password: str
    language: str
    surname: str = ""


def register(database: Database, form: Form, source: str, now: datetime) -> None:
    """Take a registration in; what comes of it is told by letter.

    Raises :class:`Refusal` only for what anybody can see in the form itself, and for too many attempts.
    """
    if form.kind not in (INDIVIDUAL, LEGAL):
        raise refuse("field-invalid", "kind")
    number = clean(form.number, "account_number" if form.kind == INDIVIDUAL else "contract", 40)
    email = clean_email(form.email)
    language = clean_language(form.language)
    surname = clean(form.surname, "surname", 120, required=False)
    code = clean(form.code, "code", 20)
    if (problem := passwords.check(form.password, login=number, email=email)) is not None:
        raise Refusal(problem)
    with database.read() as connection:
        tenant, country = _provider(connection, form.provider_code)
        if (problem := check_code(form.kind, country, code)) is not None:
            raise Refusal(problem)
        hashed_code = code_hash(connection, code)
    limits.take(
        database,
        now,
        (limits.REGISTER_SOURCE, source),
        (limits.REGISTER_SUBJECT, f"{tenant}|{number}"),
        (limits.LETTER_ADDRESS, email_key(email)),
    )
    payload = {
        "tenant": tenant,
        "kind": form.kind,
        "number": number,
        "code": hashed_code,
        "email": email,
        "language": language,
        "surname": surname,
        "password": passwords.hash_password(form.password),
    }
    with database.engine.begin() as connection:
        connection.execute(insert(inquiry).values(kind="register", payload=payload, created_at=now))


def settle(unit: Unit, settings: Settings, payload: dict[str, Any], now: datetime) -> None:
    """Compare a registration with the registry and write the letter that follows."""
    connection = unit.connection
    found = _account(connection, payload)
    firm = connection.execute(select(provider).where(provider.c.id == payload["tenant"])).one()
    language, email = payload["language"], payload["email"]
    if found is None:
        letter = letters.registration_mismatch(language, firm.name)
        mail.queue(connection, letter, kind="registration-mismatch", address=email, now=now)
        return
    if (owner := _owner(connection, found.id, payload)) is not None:
        if owner.email:
            letter = letters.already_registered(owner.language, owner.login, firm.name)
            mail.queue(connection, letter, kind="already-registered", address=owner.email, now=now, user_id=owner.id)
        return
    login = free_login(connection, payload["number"], firm.code)
    # A new attempt replaces an earlier one that nobody confirmed from the same address.
    connection.execute(delete(registration).where(registration.c.account_id == found.id, registration.c.email == email))
    number = connection.execute(
        insert(registration)
        .values(
            tenant_id=payload["tenant"],
            account_id=found.id,
            login=login,
            login_key=login_key(login),
            name=found.holder,
            email=email,
            language=language,
            code_hash=payload["code"],
            password_hash=payload["password"],
            created_at=now,
        )
        .returning(registration.c.id)
    ).scalar_one()
    link = links.make(connection, "confirm", language=language, now=now, registration_id=number)
    days = links.LIFETIME["confirm"].days
    letter = letters.confirm_registration(language, settings.address, link, login, firm.name, days)
    mail.queue(connection, letter, kind="confirm-registration", address=email, now=now)


def confirm(database: Database, token: str, source: str, now: datetime) -> str:
    """Return the login of the person whom a registration becomes; raises :class:`Refusal` ``link-spent``."""
    limits.take(database, now, (limits.TOKEN_SOURCE, source))
    with database.change() as unit:
        opened = links.open_link(unit.connection, "confirm", token, now)
        row = unit.connection.execute(
            select(registration).where(registration.c.id == opened.registration_id).with_for_update()
        ).first()
        if row is None:
            raise refuse("link-spent", "token")
        lock_logins(unit.connection)
        login = _login_now(unit.connection, row)
        links.use(unit.connection, opened, now)
        user_id = make_person(
            unit,
            login=login,
            password_hash=row.password_hash,
            roles=["resident"],
            accounts=[row.account_id],
            email=row.email,
            confirmed=True,
            language=row.language,
            name=row.name,
            code=row.code_hash,
            now=now,
        )
        audit.note(unit.connection, now, "registered", actor_id=user_id, subject=f"account:{row.account_id}")
        others = select(registration.c.id).where(registration.c.account_id == row.account_id)
        unit.connection.execute(delete(registration).where(registration.c.id.in_(others), registration.c.id != row.id))
        # The link refers to the registration; what is left of it holds no password.
        unit.connection.execute(
            registration.update()
            .where(registration.c.id == row.id)
            .values(password_hash="", code_hash="", login_key=f"confirmed:{row.id}")
        )
        return login


def check_code(kind: str, country: str, code: str) -> Problem | None:
    """Return why an identity code cannot be one of this country for a person or a firm, None when it can."""
    key = code_key(code)
    if country == "UA":
        return codes.check_rnokpp(key) if kind == INDIVIDUAL else codes.check_edrpou(key)
    return codes.check_iin(key) if kind == INDIVIDUAL else codes.check_bin(key)


def free_login(connection: Connection, number: str, provider_code: str) -> str:
    """Return the login of a new person: the account or contract number, or with the provider's code if that is "
    "taken."""
    if person_by_login(connection, number) is None:
        return number
    candidate = f"{provider_code}-{number}"
    attempt = 2
    while person_by_login(connection, candidate) is not None:
        candidate = f"{provider_code}-{number}-{attempt}"
        attempt += 1
    return candidate


def forget_unconfirmed(database: Database, now: datetime) -> int:
    """Delete registrations that nobody confirmed in time, and what is left of confirmed ones; returns how many."""
    with database.engine.begin() as connection:
        old = registration.c.created_at < now - links.LIFETIME["confirm"] - timedelta(days=1)
        return connection.execute(delete(registration).where(old)).rowcount


def _login_now(connection: Connection, row: Any) -> str:
    """Return a registration's login, or a longer one when somebody of another account took it since the letter.

    Raises :class:`Refusal` ``link-spent`` when it is this account's own login that exists.
    """
    owner = person_by_login(connection, row.login)
    if owner is None:
        return str(row.login)
    if row.account_id in accounts_of(connection, owner):
        raise refuse("link-spent", "token")
    code = connection.execute(select(provider.c.code).where(provider.c.id == row.tenant_id)).scalar_one()
    return free_login(connection, row.login, code)


def _provider(connection: Connection, code: str) -> tuple[int, str]:
    row = connection.execute(select(provider.c.id, provider.c.country).where(provider.c.code == code)).first()
    if row is None:
        raise refuse("field-invalid", "provider_code")
    return row.id, row.country


def _account(connection: Connection, payload: dict[str, Any]) -> Any:
    """Return the account that a registration speaks about and that its code or surname matches, None otherwise."""
    number = account.c.number if payload["kind"] == INDIVIDUAL else account.c.contract
    rows = connection.execute(
        select(account.c.id, account.c.holder, account.c.code).where(
            account.c.tenant_id == payload["tenant"],
            account.c.kind == payload["kind"],
            account.c.status == "open",
            number == payload["number"],
        )
    ).all()
    if len(rows) != 1:
        return None
    row = rows[0]
    if row.code:
        return row if hmac.compare_digest(code_hash(connection, row.code), payload["code"]) else None
    surname = row.holder.split()[0] if row.holder.split() else ""
    return row if codes.same_surname(surname, payload["surname"]) else None


def _owner(connection: Connection, account_id: int, payload: dict[str, Any]) -> Any:
    """Return the person who already has a login for the account with the same identity code."""
    rows = connection.execute(
        select(person.c.id, person.c.login, person.c.email, person.c.language)
        .join(credential, credential.c.user_id == person.c.id)
        .where(or_(credential.c.code_hash == payload["code"], credential.c.login_key == login_key(payload["number"])))
    ).all()
    return next((row for row in rows if account_id in accounts_of(connection, row.id)), None)
