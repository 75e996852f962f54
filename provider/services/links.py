"""Links of letters: one use, one purpose, a limited time; a short code stands for the same thing."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Select, delete, insert, or_, select, update

from provider.services.refusals import refuse
from provider.store.tables_people import link

LIFETIME: Final = {
    "confirm": timedelta(days=3),
    "recover": timedelta(minutes=30),
    "email": timedelta(days=1),
}
_MAX_TRIES: Final = 5
_ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 characters that are not mistaken for one another
_CODE_LENGTH: Final = 10


@dataclass(frozen=True, slots=True)
class Link:
    """What is written into a letter: the token of its address and the code to type instead."""

    token: str
    code: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that somebody opened and that still works."""

    id: int
    purpose: str
    user_id: int | None
    registration_id: int | None
    new_email: str
    language: str


def make(
    connection: Connection,
    purpose: str,
    *,
    language: str,
    now: datetime,
    user_id: int | None = None,
    registration_id: int | None = None,
    new_email: str = "",
) -> Link:
    """Return a new link; older ones of the same person and purpose stop working. Only hashes are stored."""
    if user_id is not None:
        connection.execute(
            update(link)
            .where(link.c.user_id == user_id, link.c.purpose == purpose, link.c.used_at.is_(None))
            .values(used_at=now)
        )
    token = secrets.token_urlsafe(32)
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
    connection.execute(
        insert(link).values(
            token_hash=token_hash(token),
            code_hash=token_hash(code),
            purpose=purpose,
            user_id=user_id,
            registration_id=registration_id,
            new_email=new_email,
            language=language,
            created_at=now,
            expires_at=now + LIFETIME[purpose],
        )
    )
    return Link(token, f"{code[:5]}-{code[5:]}")


def open_link(connection: Connection, purpose: str, token: str, now: datetime) -> Opened:
    """Return the link of a token or code, locked until the transaction ends.

    Raises :class:`Refusal` ``link-spent`` for one that never was, was used, is over, or was tried too often.
    """
    row = connection.execute(_find(purpose, token).with_for_update()).first()
    if row is None or row.used_at is not None or row.expires_at <= now or row.tries >= _MAX_TRIES:
        raise refuse("link-spent", "token")
    return Opened(row.id, row.purpose, row.user_id, row.registration_id, row.new_email, row.language)


def language_of(connection: Connection, purpose: str, token: str) -> str | None:
    """Return the language of a letter's reader, None for a link that never was; used or not, it says no more."""
    row = connection.execute(_find(purpose, token)).first()
    return None if row is None else str(row.language)


def use(connection: Connection, opened: Opened, now: datetime) -> None:
    """Make the link work no more."""
    connection.execute(update(link).where(link.c.id == opened.id).values(used_at=now))


def count_try(connection: Connection, opened: Opened) -> None:
    """Count a wrong answer on the page behind a link; after five the link works no more."""
    connection.execute(update(link).where(link.c.id == opened.id).values(tries=link.c.tries + 1))


def forget(connection: Connection, now: datetime) -> int:
    """Delete links that ended more than a week ago; returns how many."""
    return connection.execute(delete(link).where(link.c.expires_at < now - timedelta(days=7))).rowcount


def token_hash(token: str) -> str:
    """Return what is stored instead of a token: its SHA-256; tokens are random, so nothing slower is needed."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _find(purpose: str, token: str) -> Select[Any]:
    code = "".join(token.split()).replace("-", "").upper()
    matches = [link.c.token_hash == token_hash(token.strip())]
    if len(code) == _CODE_LENGTH:
        matches.append(link.c.code_hash == token_hash(code))
    return select(link).where(or_(*matches), link.c.purpose == purpose).limit(1)
