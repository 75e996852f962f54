"""Tickets: what a code that was right gives, so that the next pages of a wizard need not ask for another one.

A ticket is a row of the table of one-time codes: a secret of a purpose and a subject that works once, for 20 minutes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, insert, select, update

from provider.services import one_time
from provider.services.one_time import Proved, keyed_hash, request_hash
from provider.services.refusals import refuse
from provider.store.epoch import secret
from provider.store.tables_admissions import one_time_code

_LIFETIME: Final = timedelta(minutes=20)
_PREFIX: Final = "ticket:"


def make(connection: Connection, purpose: str, subject: str, now: datetime, proved: Proved, request: str = "") -> str:
    """Return a secret that says for 20 minutes that ``subject`` was proved: the next pages of a wizard bring it.

    A request that is repeated gets the very ticket of the first time, whatever became of it.
    """
    ticket = secrets.token_urlsafe(24)
    if request:
        words = f"ticket:{purpose}\0{subject}\0{proved.number}\0{request}".encode()
        made = hmac.new(secret(connection), b"kabinet/ticket/v1\0" + words, hashlib.sha256).digest()
        ticket = base64.urlsafe_b64encode(made).decode().rstrip("=")
    if proved.again:
        return ticket
    one_time.end(connection, _PREFIX + purpose, subject, now)
    connection.execute(
        insert(one_time_code).values(
            purpose=_PREFIX + purpose,
            subject=subject,
            code_hash=keyed_hash(connection, _PREFIX + purpose, subject, ticket),
            user_id=proved.user_id,
            created_at=now,
            expires_at=now + _LIFETIME,
        )
    )
    return ticket


def check(connection: Connection, purpose: str, subject: str, ticket: str, now: datetime) -> int:
    """Return the number of a ticket that still works; raises :class:`Refusal` ``code-spent``."""
    full = _PREFIX + purpose
    number: int | None = connection.execute(
        select(one_time_code.c.id).where(
            one_time_code.c.purpose == full,
            one_time_code.c.subject == subject,
            one_time_code.c.code_hash == keyed_hash(connection, full, subject, ticket),
            one_time_code.c.used_at.is_(None),
            one_time_code.c.expires_at > now,
        )
    ).scalar()
    if number is None:
        raise refuse("code-spent", "ticket")
    return number


def spend(connection: Connection, purpose: str, subject: str, ticket: str, now: datetime, request: str = "") -> None:
    """Make a ticket work no more; raises :class:`Refusal` ``code-spent`` for one that does not work."""
    one_time.check_key(request)
    number = check(connection, purpose, subject, ticket, now)
    full = _PREFIX + purpose
    statement = (
        update(one_time_code)
        .where(one_time_code.c.id == number, one_time_code.c.used_at.is_(None))
        .values(used_at=now, request_hash=request_hash(connection, full, subject, ticket, request))
        .returning(one_time_code.c.id)
    )
    if connection.execute(statement).first() is None:
        raise refuse("code-spent", "ticket")


def spent_before(
    connection: Connection, purpose: str, subject: str, ticket: str, now: datetime, request: str = ""
) -> bool | None:
    """Return whether the request with this key spent a ticket that would still work; None if nobody spent it."""
    full = _PREFIX + purpose
    spent_by: str | None = connection.execute(
        select(one_time_code.c.request_hash).where(
            one_time_code.c.purpose == full,
            one_time_code.c.subject == subject,
            one_time_code.c.code_hash == keyed_hash(connection, full, subject, ticket),
            one_time_code.c.used_at.is_not(None),
            one_time_code.c.expires_at > now,
        )
    ).scalar()
    if spent_by is None:
        return None
    return bool(request) and hmac.compare_digest(spent_by, request_hash(connection, full, subject, ticket, request))
