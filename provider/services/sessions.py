"""Signing in on a device, and the tokens that prove it afterwards.

Tokens are random and opaque; only their hashes are stored. An access token lives ten minutes. A refresh token is used
once for the next pair, but works again until a token made from it has been used: a reply that never arrived signs
nobody out. A token older than that can only come from a thief or a copy, so its whole session ends.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select, text, update

from models.contract.messages import Session, SignInRequest
from models.domain.problems import Problem
from provider.services import audit, limits, passwords
from provider.services.links import token_hash
from provider.services.logins import code_hash, email_key, login_key, phone_key
from provider.services.refusals import Refusal, refuse
from provider.store.database import Database, Unit
from provider.store.direct import fetch
from provider.store.epoch import epoch
from provider.store.grants import granted
from provider.store.tables_people import access_token, credential, person, refresh_token, registration, user_session
from provider.store.tables_sync import device

ACCESS: Final = timedelta(minutes=10)
REFRESH: Final = timedelta(days=30)
SESSION: Final = timedelta(days=90)
STAFF: Final = frozenset({"cashier", "clerk", "admin", "officer", "doctor", "kindergarten"})
_STAFF_SESSION: Final = timedelta(days=30)
_KEY: Final = re.compile(r"[0-9a-f]{64}")
_MAX_NAME: Final = 120


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking, looked up afresh for each request, so that a withdrawn role acts at once."""

    user_id: int
    device_id: int
    session_id: int
    roles: tuple[str, ...]


def prove(database: Database, login: str, password: str, source: str, now: datetime) -> int:
    """Return the id of the user with this login and password; for a login also counts what :func:`find_user` knows.

    Raises :class:`Refusal`: ``too-many-attempts`` (429) before anything is looked up, ``too-busy`` (503),
    ``wrong-password`` (401) whether the login exists or not, ``not-confirmed`` (403) only to somebody who knows the
    password. The hash is computed outside of any transaction, so that a flood of sign-ins holds no connection.
    """
    key = login_key(login)
    limits.take(
        database,
        now,
        (limits.SIGN_IN_SOURCE, source),
        (limits.SIGN_IN_PAIR, f"{key}|{source}"),
        (limits.SIGN_IN_LOGIN, key),
    )
    with database.read() as connection:
        found = connection.execute(
            select(credential.c.user_id, credential.c.password_hash, credential.c.disabled_at).where(
                credential.c.user_id == find_user(connection, login)
            )
        ).first()
        waiting = None
        if found is None:
            waiting = connection.execute(
                select(registration.c.password_hash)
                .where(registration.c.login_key == key)
                .order_by(registration.c.id.desc())
                .limit(1)
            ).scalar()
    right = passwords.verify(found.password_hash if found else waiting, password)
    if right and found is None:
        raise refuse("not-confirmed", status=403)
    if found is None or not right or found.disabled_at is not None:
        with database.engine.begin() as connection:
            audit.note(connection, now, "sign-in-refused", actor_id=found.user_id if found else None)
        raise refuse("wrong-password", "password", status=401)
    if passwords.outdated(found.password_hash):
        fresh = passwords.hash_password(password)
        with database.engine.begin() as connection:
            connection.execute(
                update(credential).where(credential.c.user_id == found.user_id).values(password_hash=fresh)
            )
    return int(found.user_id)


# One statement for everybody, so that its time tells nothing of who was found.
_FIND: Final = text(
    "SELECT 1 AS rank, user_id FROM credential WHERE login_key = :login "
    "UNION ALL SELECT 2, user_id FROM person_code WHERE code_key = :code AND :code <> '' "
    "UNION ALL SELECT 3, user_id FROM person_code WHERE phone_key = :phone AND :phone <> '' "
    "UNION ALL SELECT 4, user_id FROM credential WHERE email_key = :email AND :email <> '' ORDER BY rank LIMIT 8"
)


def find_user(connection: Connection, typed: str) -> int | None:
    """Return whose login, IIN or document number, proved telephone or confirmed e-mail address was typed.

    ``None`` when nobody's. A telephone or an address that several people share names none of them; an IIN does.
    """
    values = {
        "login": login_key(typed),
        "code": code_hash(connection, typed),
        "phone": phone_key(typed),
        "email": email_key(typed),
    }
    rows = connection.execute(_FIND, values).all()
    best = [row.user_id for row in rows if row.rank == rows[0].rank]
    return int(best[0]) if len(best) == 1 else None


def sign_in(database: Database, request: SignInRequest, source: str, now: datetime) -> Session:
    """Return a session for a person on their device, which is enrolled when it is new.

    Raises :class:`Refusal` as :func:`prove` does, ``field-invalid`` for a malformed key or name, ``device-forked``
    (409) for a quarantined device and ``device-of-another`` (409) for one enrolled by somebody else: both need a new
    key.
    """
    check_device(request)
    user_id = prove(database, request.login, request.password, source, now)
    with database.change() as unit:
        return enter(unit, user_id, request, now)


def enter(unit: Unit, user_id: int, request: SignInRequest, now: datetime) -> Session:
    """Return a session on the request's device for a person who has proved who they are, in whatever way."""
    device_id = _enrol(unit, user_id, request, now)
    roles = _roles(unit.connection, user_id)
    lifetime = _STAFF_SESSION if STAFF & set(roles) else SESSION
    session_id = unit.connection.execute(
        insert(user_session)
        .values(user_id=user_id, device_id=device_id, created_at=now, seen_at=now, expires_at=now + lifetime)
        .returning(user_session.c.id)
    ).scalar_one()
    audit.note(unit.connection, now, "signed-in", actor_id=user_id, subject=f"device:{device_id}")
    return _issue(unit.connection, session_id, user_id, device_id, "", now)


def refresh(database: Database, token: str, now: datetime) -> Session:
    """Return the next pair of tokens of a session.

    Raises :class:`Refusal` ``signed-out`` (401) for a token that is unknown, over or revoked. A token whose successor
    was already used ends the session, because two parties hold it.
    """
    with database.change() as unit:
        answer = _refresh(unit.connection, token, now)
    if isinstance(answer, Problem):
        raise Refusal(answer, 401)
    return answer


# A text, because this runs for every request and building a statement takes longer than the database needs.
_WHO: Final = (
    "SELECT s.id, s.user_id, s.device_id, p.roles, least(t.expires_at, s.expires_at), "
    "s.revoked_at IS NOT NULL OR c.disabled_at IS NOT NULL "
    "FROM access_token t JOIN user_session s ON s.id = t.session_id JOIN person p ON p.id = s.user_id "
    "JOIN credential c ON c.user_id = s.user_id WHERE t.token_hash = %(hash)s"
)


def authenticate(connection: Connection, token: str, now: datetime) -> Principal:
    """Return who an access token belongs to, by a connection of ``Database.read()``.

    Raises :class:`Refusal`: ``signed-out`` (401) for any token that does not work.
    """
    for session_id, user_id, device_id, roles, until, ended in fetch(connection, _WHO, {"hash": token_hash(token)}):
        if not ended and now < until:
            return Principal(user_id, device_id, session_id, tuple(roles))
    raise refuse("signed-out", status=401)


def sign_out(unit: Unit, principal: Principal, now: datetime) -> None:
    """End the session of whoever asks."""
    _revoke(unit.connection, [principal.session_id], "signed out", now)


def revoke_user(connection: Connection, user_id: int, because: str, now: datetime, *, spare: int | None = None) -> None:
    """End every session of a user, but for ``spare``: after a new password, a withdrawn role, a lost device."""
    ids = connection.execute(
        select(user_session.c.id).where(user_session.c.user_id == user_id, user_session.c.revoked_at.is_(None))
    ).scalars()
    _revoke(connection, [number for number in ids if number != spare], because, now)


def revoke_device(connection: Connection, device_id: int, because: str, now: datetime) -> None:
    """End every session on a device."""
    ids = connection.execute(
        select(user_session.c.id).where(user_session.c.device_id == device_id, user_session.c.revoked_at.is_(None))
    ).scalars()
    _revoke(connection, list(ids), because, now)


def forget_old(database: Database, now: datetime) -> int:
    """Delete tokens that are over and sessions that ended more than 90 days ago; returns how many rows."""
    with database.engine.begin() as connection:
        count = connection.execute(delete(access_token).where(access_token.c.expires_at < now - ACCESS)).rowcount
        count += connection.execute(delete(user_session).where(user_session.c.expires_at < now - SESSION)).rowcount
        return count


def check_device(request: SignInRequest) -> None:
    """Raise :class:`Refusal` ``field-invalid`` for a malformed key or name of a device."""
    if not _KEY.fullmatch(request.device_key):
        raise refuse("field-invalid", "device_key")
    if len(request.device_name) > _MAX_NAME or not request.device_name.isprintable():
        raise refuse("field-invalid", "device_name")


def _enrol(unit: Unit, user_id: int, request: SignInRequest, now: datetime) -> int:
    """Return the id of the device with the request's key."""
    known = unit.connection.execute(
        select(device.c.id, device.c.user_id, device.c.quarantined_at)
        .where(device.c.public_key == request.device_key)
        .with_for_update()
    ).first()
    if known is None:
        return int(
            unit.connection.execute(
                insert(device)
                .values(
                    user_id=user_id,
                    public_key=request.device_key,
                    name=request.device_name,
                    enrolled_at=now,
                    last_seen=now,
                    schema=request.schema,
                )
                .returning(device.c.id)
            ).scalar_one()
        )
    if known.user_id != user_id:
        raise refuse("device-of-another", status=409)
    if known.quarantined_at is not None:
        raise refuse("device-forked", status=409)
    unit.connection.execute(
        update(device)
        .where(device.c.id == known.id)
        .values(name=request.device_name, last_seen=now, schema=request.schema)
    )
    return int(known.id)


def _refresh(connection: Connection, token: str, now: datetime) -> Session | Problem:
    over = Problem("signed-out")
    row = connection.execute(
        select(
            refresh_token.c.token_hash,
            refresh_token.c.parent_hash,
            refresh_token.c.expires_at,
            refresh_token.c.used_at,
            refresh_token.c.spent_at,
            user_session.c.id,
            user_session.c.user_id,
            user_session.c.device_id,
            user_session.c.revoked_at,
            user_session.c.expires_at.label("ends_at"),
            credential.c.disabled_at,
        )
        .join(user_session, user_session.c.id == refresh_token.c.session_id)
        .join(credential, credential.c.user_id == user_session.c.user_id)
        .where(refresh_token.c.token_hash == token_hash(token))
        # both rows: a copy of this request may have used the token while we waited for the session
        .with_for_update(of=(user_session, refresh_token))
    ).first()
    if row is None or row.revoked_at is not None or row.disabled_at is not None:
        return over
    if row.spent_at is not None:
        _revoke(connection, [row.id], "a spent token came back", now)
        audit.note(connection, now, "token-theft", actor_id=row.user_id, subject=f"device:{row.device_id}")
        return over
    if row.expires_at <= now or row.ends_at <= now:
        return over
    if row.used_at is None:
        _spend_others(connection, row, now)
        connection.execute(
            update(refresh_token).where(refresh_token.c.token_hash == row.token_hash).values(used_at=now)
        )
    connection.execute(update(user_session).where(user_session.c.id == row.id).values(seen_at=now))
    return _issue(connection, row.id, row.user_id, row.device_id, row.token_hash, now)


def _spend_others(connection: Connection, row: Any, now: datetime) -> None:
    """A token is used for the first time: the one that it came from, and that one's other children, are spent."""
    connection.execute(
        update(refresh_token)
        .where(
            refresh_token.c.session_id == row.id,
            refresh_token.c.token_hash != row.token_hash,
            refresh_token.c.spent_at.is_(None),
        )
        .values(spent_at=now)
    )


def _issue(
    connection: Connection, session_id: int, user_id: int, device_id: int, parent: str, now: datetime
) -> Session:
    access, fresh = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    connection.execute(
        insert(access_token).values(token_hash=token_hash(access), session_id=session_id, expires_at=now + ACCESS)
    )
    connection.execute(
        insert(refresh_token).values(
            token_hash=token_hash(fresh), session_id=session_id, parent_hash=parent, expires_at=now + REFRESH
        )
    )
    line = connection.execute(select(device.c.last_n, device.c.last_hash).where(device.c.id == device_id)).one()
    return Session(
        user_id=user_id,
        device_id=device_id,
        access_token=access,
        refresh_token=fresh,
        expires_in=int(ACCESS.total_seconds()),
        epoch=epoch(connection),
        scopes=granted(connection, user_id, device_id),
        roles=_roles(connection, user_id),
        server_time=now,
        last_n=line.last_n,
        last_hash=line.last_hash,
    )


def _roles(connection: Connection, user_id: int) -> list[str]:
    return list(connection.execute(select(person.c.roles).where(person.c.id == user_id)).scalar_one())


def _revoke(connection: Connection, session_ids: Iterable[int], because: str, now: datetime) -> None:
    ids = list(session_ids)
    if not ids:
        return
    connection.execute(
        update(user_session).where(user_session.c.id.in_(ids)).values(revoked_at=now, revoked_because=because)
    )
    connection.execute(delete(access_token).where(access_token.c.session_id.in_(ids)))
