"""People of the cabinet: making and granting, and what a signed-in person changes about themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select, text, update

from models.contract.admission_commands import UpdateProfile
from models.contract.commands import UpdateContact
from models.contract.conflicts import Clash, Conflict
from models.domain.merge import merge
from provider.services import audit, letters, limits, links, mail, own_changes, passwords, sessions
from provider.services.logins import (
    clean,
    clean_email,
    clean_language,
    clean_phone,
    code_hash,
    email_key,
    login_key,
    phone_key,
)
from provider.services.refusals import Refusal, refuse
from provider.settings import Settings
from provider.store import grants
from provider.store.changes import OFFICE, account_scope, user_scope
from provider.store.database import Database, Unit
from provider.store.tables_admissions import person_code
from provider.store.tables_people import credential, person
from provider.store.tables_sync import scope_grant
from provider.store.tables_utility import account

_LOCK_LOGINS = text("SELECT pg_advisory_xact_lock(hashtextextended('logins', 0))")
ROLES = ("resident", "cashier", "clerk", "admin", "parent", "officer", "doctor", "kindergarten")


@dataclass(frozen=True, slots=True)
class ContactChanged:
    """A person's contact after a change."""

    version: int
    phone: str
    language: str
    conflict: Conflict | None = None


@dataclass(frozen=True, slots=True)
class OwnChanged:
    """The version of a person's record after their own change, and what had been changed elsewhere meanwhile."""

    version: int
    conflict: Conflict | None = None


def create_user(
    unit: Unit,
    login: str,
    password: str,
    roles: Sequence[str] = ("resident",),
    accounts: Sequence[int] = (),
    email: str = "",
    language: str = "kk",
    confirmed: bool = True,
    *,
    name: str = "",
    phone: str = "",
    code: str = "",
    offices: Sequence[int] = (),
    now: datetime | None = None,
) -> int:
    """Return the id of a new person who may sign in, with grants to ``accounts`` (ids) and whole ``offices`` (tenants).

    ``confirmed`` says whether the e-mail address may be written to already. Raises ``ValueError`` for an unknown role
    or a login that exists, and :class:`Refusal` for a malformed password, address, phone or language.
    """
    moment = now or datetime.now(UTC)
    unknown = set(roles) - set(ROLES)
    if unknown:
        raise ValueError(f"no such role: {', '.join(sorted(unknown))}")
    if (problem := passwords.check(password, login=login, email=email)) is not None:
        raise Refusal(problem)
    return make_person(
        unit,
        login=login,
        password_hash=passwords.hash_password(password),
        roles=roles,
        accounts=accounts,
        offices=offices,
        email=clean_email(email) if email else "",
        confirmed=confirmed,
        language=clean_language(language),
        name=name,
        phone=clean_phone(phone),
        code=code_hash(unit.connection, code),
        now=moment,
    )


def make_person(
    unit: Unit,
    *,
    login: str,
    password_hash: str,
    roles: Sequence[str],
    accounts: Sequence[int],
    offices: Sequence[int] = (),
    email: str,
    confirmed: bool,
    language: str,
    name: str,
    phone: str = "",
    code: str,
    now: datetime,
) -> int:
    """Return the id of a new person whose password is already hashed; raises ``ValueError`` if the login exists."""
    lock_logins(unit.connection)
    if person_by_login(unit.connection, login) is not None:
        raise ValueError(f"the login exists: {login}")
    user_id = int(
        unit.connection.execute(
            insert(person)
            .values(
                tenant_id=0,
                login=login.strip(),
                name=name,
                email=email if confirmed else "",
                pending_email="" if confirmed else email,
                phone=phone,
                language=language,
                roles=list(roles),
                version=1,
            )
            .returning(person.c.id)
        ).scalar_one()
    )
    unit.connection.execute(
        insert(credential).values(
            user_id=user_id,
            login_key=login_key(login),
            password_hash=password_hash,
            code_hash=code,
            email_key=email_key(email) if confirmed else "",
            password_changed_at=now,
        )
    )
    note_person(unit, user_id)
    for account_id in accounts:
        grant_account(unit, user_id, account_id, now)
    for tenant in offices:
        grant_office(unit, user_id, tenant, now)
    return user_id


def lock_logins(connection: Connection) -> None:
    """Let nobody else make a login until the commit: whoever comes second sees the first one's."""
    connection.execute(_LOCK_LOGINS)


def person_by_login(connection: Connection, login: str) -> int | None:
    """Return the id of the person with a login, None when there is none."""
    found = connection.execute(select(credential.c.user_id).where(credential.c.login_key == login_key(login)))
    number: int | None = found.scalar()
    return number


def grant_account(unit: Unit, user_id: int, account_id: int, now: datetime) -> None:
    """Let a person read and act on an account; raises ``ValueError`` when there is no such account."""
    tenant = unit.connection.execute(select(account.c.tenant_id).where(account.c.id == account_id)).scalar()
    if tenant is None:
        raise ValueError(f"no such account: {account_id}")
    key = account_scope(account_id)
    grants.grant(unit, user_id, tenant, key, grants.RESIDENT_LEASE)
    audit.note(unit.connection, now, "granted", subject=f"user:{user_id}", tenant=tenant, key=key)


def grant_office(unit: Unit, user_id: int, tenant: int, now: datetime) -> None:
    """Let a member of staff work with all accounts of a provider."""
    grant_key(unit, user_id, tenant, OFFICE, now)


def grant_key(unit: Unit, user_id: int, tenant: int, key: str, now: datetime) -> None:
    """Let a member of an education department's staff work with a scope of it."""
    grants.grant(unit, user_id, tenant, key, grants.STAFF_LEASE)
    audit.note(unit.connection, now, "granted", subject=f"user:{user_id}", tenant=tenant, key=key)


def roles_of(connection: Connection, user_id: int) -> list[str]:
    """Return the roles of a person."""
    return list(connection.execute(select(person.c.roles).where(person.c.id == user_id)).scalar_one())


def revoke(unit: Unit, user_id: int, tenant: int, key: str, now: datetime) -> bool:
    """Take a grant away; return whether it was there. Devices learn it at the next pull and then forget the rows."""
    found = grants.revoke(unit, user_id, tenant, key, now)
    if found:
        audit.note(unit.connection, now, "revoked", subject=f"user:{user_id}", tenant=tenant, key=key)
    return found


def accounts_of(connection: Connection, user_id: int) -> list[int]:
    """Return the ids of the accounts granted to a person one by one."""
    keys = connection.execute(
        select(scope_grant.c.key).where(
            scope_grant.c.user_id == user_id, scope_grant.c.revoked_at.is_(None), scope_grant.c.key.like("account:%")
        )
    ).scalars()
    return sorted(int(key.partition(":")[2]) for key in keys)


def update_contact(
    unit: Unit, user_id: int, payload: UpdateContact, seen: Mapping[str, Any], now: datetime
) -> ContactChanged:
    """Return the person's contact after their change of phone or language.

    ``seen`` is what they had before them of the fields; what says something else by now stays, and comes back as a
    clash. Source: R-MERGE-1. Raises :class:`Refusal`: ``not-allowed`` for somebody else's record, ``phone-invalid``,
    ``language-unknown``, ``phone-needs-code`` for a parent, whose telephone is changed by a code.
    """
    if payload.user_id != user_id:
        raise refuse("not-allowed", status=403)
    row = unit.connection.execute(select(person).where(person.c.id == user_id).with_for_update()).one()
    wanted: dict[str, str] = {}
    if payload.phone is not None:
        wanted["phone"] = clean_phone(payload.phone)
        proved = unit.connection.execute(
            select(person_code.c.phone_key).where(person_code.c.user_id == user_id)
        ).scalar()
        if proved is not None and phone_key(wanted["phone"]) != proved:
            raise refuse("phone-needs-code", "phone")  # codes go there: a new one is proved first
    if payload.language is not None:
        wanted["language"] = clean_language(payload.language)
    done = _change_own(unit, row, wanted, seen)
    return ContactChanged(
        done.version, wanted.get("phone", row.phone), wanted.get("language", row.language), done.conflict
    )


def update_profile(unit: Unit, user_id: int, payload: UpdateProfile, seen: Mapping[str, Any]) -> OwnChanged:
    """Return a person's record after their change of further phone, address or picture.

    Raises as :func:`update_contact`; that the picture has arrived is the caller's to know.
    """
    if payload.user_id != user_id:
        raise refuse("not-allowed", status=403)
    row = unit.connection.execute(select(person).where(person.c.id == user_id).with_for_update()).one()
    wanted: dict[str, str] = {}
    if payload.extra_phone is not None:
        wanted["extra_phone"] = clean_phone(payload.extra_phone, "extra_phone")
    if payload.address is not None:
        wanted["address"] = clean(payload.address, "address", 300, required=False)
    if payload.photo is not None:
        wanted["photo"] = payload.photo
    return _change_own(unit, row, wanted, seen)


_OWN_KINDS = (UpdateContact.KIND, UpdateProfile.KIND)


def _change_own(unit: Unit, row: Any, wanted: Mapping[str, str], seen: Mapping[str, Any]) -> OwnChanged:
    """Return a person's record after their own change of what nobody changed meanwhile."""
    now = {field: getattr(row, field) for field in wanted}
    merged = merge(wanted, seen, now)
    clashes = []
    for name in merged.clashes:
        clash = Clash(name, wanted[name], now[name], seen[name])
        before = own_changes.own_change(unit.connection, row.id, _OWN_KINDS, name)
        if before is not None:
            clash = msgspec.structs.replace(clash, by=before.by, actor="self", at=before.at)
        clashes.append(clash)
    conflict = Conflict(clashes, list(merged.changes)) if clashes else None
    if not merged.changes:
        return OwnChanged(int(row.version), conflict)
    version = int(row.version) + 1
    unit.connection.execute(update(person).where(person.c.id == row.id).values(**merged.changes, version=version))
    note_person(unit, row.id)
    return OwnChanged(version, conflict)


def change_email(
    database: Database, settings: Settings, user_id: int, new_email: str, password: str, now: datetime
) -> None:
    """Send a link to a person's new address and tell the present one; nothing changes before the link is opened.

    Raises :class:`Refusal`: ``too-many-attempts``, ``current-password-wrong``, ``email-invalid``, ``email-same``.
    """
    email = clean_email(new_email, "new_email")
    check_password(database, user_id, password, "password", now)
    limits.take(database, now, (limits.LETTER_ADDRESS, email_key(email)))
    with database.change() as unit:
        row = unit.connection.execute(select(person).where(person.c.id == user_id).with_for_update()).one()
        if email_key(email) == email_key(row.email):
            raise refuse("email-same", "new_email")
        link = links.make(unit.connection, "email", language=row.language, now=now, user_id=user_id, new_email=email)
        _change_person(unit, row, pending_email=email)
        letter = letters.confirm_email(row.language, settings.address, link, row.login)
        mail.queue(unit.connection, letter, kind="confirm-email", address=email, now=now, user_id=user_id)
        if row.email:
            notice = letters.email_asked(row.language, row.login, email)
            mail.queue(unit.connection, notice, kind="notice", address=row.email, now=now, user_id=user_id)


def confirm_email(database: Database, token: str, source: str, now: datetime) -> None:
    """Make the new address the person's; the old one is told. Raises :class:`Refusal` ``link-spent``."""
    limits.take(database, now, (limits.TOKEN_SOURCE, source))
    with database.change() as unit:
        opened = links.open_link(unit.connection, "email", token, now)
        row = unit.connection.execute(select(person).where(person.c.id == opened.user_id).with_for_update()).one()
        links.use(unit.connection, opened, now)
        _change_person(unit, row, email=opened.new_email, pending_email="")
        unit.connection.execute(
            update(credential).where(credential.c.user_id == row.id).values(email_key=email_key(opened.new_email))
        )
        audit.note(unit.connection, now, "email-changed", actor_id=row.id)
        if row.email:
            notice = letters.email_changed(row.language, row.login, opened.new_email)
            mail.queue(unit.connection, notice, kind="notice", address=row.email, now=now, user_id=row.id)


def change_password(database: Database, user_id: int, session_id: int, current: str, new: str, now: datetime) -> None:
    """Replace a password and sign the person's other devices out.

    Raises :class:`Refusal`: ``too-many-attempts``, ``current-password-wrong``, or why the new one may not be used.
    """
    with database.read() as connection:
        row = connection.execute(select(person).where(person.c.id == user_id)).one()
    most = passwords.FAMILY_MAXIMUM if "parent" in row.roles else passwords.MAXIMUM
    if (problem := passwords.check(new, login=row.login, email=row.email, field="new", maximum=most)) is not None:
        raise Refusal(problem)
    check_password(database, user_id, current, "current", now)
    if passwords.normalise(current) == passwords.normalise(new):
        raise refuse("password-same", "new")
    fresh = passwords.hash_password(new)
    with database.change() as unit:
        set_password(unit, user_id, fresh, now, spare=session_id)


def set_password(unit: Unit, user_id: int, password_hash: str, now: datetime, *, spare: int | None = None) -> None:
    """Store a new password's hash, end the person's sessions but ``spare``, and tell them."""
    row = unit.connection.execute(select(person).where(person.c.id == user_id)).one()
    unit.connection.execute(
        update(credential)
        .where(credential.c.user_id == user_id)
        .values(password_hash=password_hash, password_changed_at=now)
    )
    sessions.revoke_user(unit.connection, user_id, "the password was changed", now, spare=spare)
    audit.note(unit.connection, now, "password-changed", actor_id=user_id)
    if row.email:
        notice = letters.password_changed(row.language, row.login)
        mail.queue(unit.connection, notice, kind="notice", address=row.email, now=now, user_id=user_id)


def check_password(database: Database, user_id: int, password: str, field: str, now: datetime) -> None:
    """Make sure that it is the person at the keyboard; raises :class:`Refusal` ``current-password-wrong``."""
    limits.take(database, now, (limits.PASSWORD_USER, str(user_id)))
    with database.read() as connection:
        stored = connection.execute(
            select(credential.c.password_hash).where(credential.c.user_id == user_id)
        ).scalar_one()
    if not passwords.verify(stored, password):
        raise refuse("current-password-wrong", field)


def note_person(unit: Unit, user_id: int) -> None:
    """Note for the person's devices that their record changed."""
    unit.changes.live(0, user_scope(user_id), "person", user_id)


def _change_person(unit: Unit, row: Any, **values: Any) -> None:
    unit.connection.execute(update(person).where(person.c.id == row.id).values(**values, version=row.version + 1))
    note_person(unit, row.id)
