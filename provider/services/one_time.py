"""One-time codes on the telephone: six digits, 80 seconds, five tries, one use.

A code belongs to a purpose and a subject (what it proves) and works for nothing else; a newer one ends the older.
Only its keyed hash is kept. A try is counted before it is compared and outside of the caller's transaction, so neither
many tries at once nor an undone transaction make more of them than five.

A request that used a code up may be repeated while the code would have worked: its answer may have been lost on the
line. It brings the same code and the same key, which whoever asks made up and nobody else can know; without the key a
used code is answered as spent, so nothing can be found out by trying.

Whether a code was really sent is nobody's business: :func:`issue` writes the same row for a subject that does not
exist, so a wrong code is answered in the same words for both.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from models.domain.problems import Problem
from provider.services import limits, phone
from provider.services.logins import code_key, phone_key
from provider.services.refusals import Refusal, refuse
from provider.store.database import Database
from provider.store.epoch import secret
from provider.store.tables_admissions import one_time_code, person_code
from provider.store.tables_people import person
from translations import n_, using

LIFETIME: Final = timedelta(seconds=80)
TRIES: Final = 5
PURPOSES: Final = ("register", "recover", "sign-in", "sign")
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{22,100}")


@dataclass(frozen=True, slots=True)
class Proved:
    """A code that was right: its number, whom it was issued to, and whether the same request had used it before."""

    number: int
    user_id: int | None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Issued:
    """A code that was written: until when it works; another may be asked for then."""

    expires_at: datetime


def subject_of(connection: Connection, *parts: str) -> str:
    """Return the keyed hash under which a code is kept: of a phone, a phone and an IIN, a user and what they sign."""
    text = "\0".join(parts)
    return hmac.new(secret(connection), b"kabinet/subject/v1\0" + text.encode(), hashlib.sha256).hexdigest()


def person_subject(connection: Connection, purpose: str, phone_number: str, code: str = "") -> str:
    """Return the subject of a purpose for somebody who is not signed in.

    A registration proves the phone only, because its IIN may be typed afterwards; the others prove both.
    """
    parts = [phone_key(phone_number)] if purpose == "register" else [phone_key(phone_number), code_key(code)]
    return subject_of(connection, purpose, *parts)


def signing_subject(connection: Connection, user_id: int, about: str) -> str:
    """Return the subject of a code that signs; ``about`` names what is signed, such as ``application:17``."""
    return subject_of(connection, "sign", str(user_id), about)


def take_turn(database: Database, phone_number: str, source: str, now: datetime) -> None:
    """Count a wish for a code, before anything is looked up.

    Raises :class:`Refusal` (429): ``code-wait`` while the last one still runs, else ``too-many-attempts``.
    """
    key = phone_key(phone_number)
    try:
        limits.take(database, now, (limits.CODE_WAIT, key))
    except Refusal as early:
        seconds = early.retry_after or 1
        raise Refusal(Problem("code-wait", "phone", {"seconds": seconds}), 429, seconds) from None
    limits.take(
        database,
        now,
        (limits.CODE_PHONE, key),
        (limits.CODE_PHONE_DAY, key),
        (limits.CODE_SOURCE, source),
        (limits.CODE_ALL, "all"),
    )


def issue(
    connection: Connection,
    purpose: str,
    subject: str,
    *,
    phone_number: str,
    language: str,
    now: datetime,
    user_id: int | None = None,
    send: bool = True,
) -> Issued:
    """Write a new code, end older ones of the same subject, and queue its text message.

    ``send=False`` is for a subject that does not exist: the row is there, the message is not.
    """
    if purpose not in PURPOSES:
        raise ValueError(f"no such purpose: {purpose}")
    end(connection, purpose, subject, now)
    digits = f"{secrets.randbelow(10**6):06d}"
    connection.execute(
        insert(one_time_code).values(
            purpose=purpose,
            subject=subject,
            code_hash=keyed_hash(connection, purpose, subject, digits),
            user_id=user_id,
            created_at=now,
            expires_at=now + LIFETIME,
        )
    )
    if send:
        phone.queue(connection, phone_number, _text(language, purpose, digits), now, secret=True)
    return Issued(now + LIFETIME)


def issue_signing(database: Database, user_id: int, about: str, source: str, now: datetime) -> Issued:
    """Send a signed-in person a code that signs ``about``.

    Raises :class:`Refusal`: ``phone-missing``, ``code-wait``, ``too-many-attempts``.
    """
    if not 3 <= len(about) <= 60 or not about.isascii() or not about.isprintable():
        raise refuse("field-invalid", "about")
    with database.read() as connection:
        # The proved telephone, not the one in the profile: whoever sits at an open window can change that.
        row = connection.execute(
            select(person_code.c.phone_key.label("phone"), person.c.language)
            .join(person, person.c.id == person_code.c.user_id)
            .where(person_code.c.user_id == user_id)
        ).first()
    if row is None:
        raise refuse("phone-missing", "phone")
    take_turn(database, row.phone, source, now)
    with database.change() as unit:
        subject = signing_subject(unit.connection, user_id, about)
        return issue(
            unit.connection, "sign", subject, phone_number=row.phone, language=row.language, now=now, user_id=user_id
        )


def verify(
    connection: Connection, purpose: str, subject: str, typed: str, now: datetime, field: str = "one_time"
) -> int | None:
    """Use a code up and return the user it was issued to, None when that is nobody yet; raises as :func:`prove`."""
    return prove(connection, purpose, subject, typed, now, field).user_id


def prove(
    connection: Connection,
    purpose: str,
    subject: str,
    typed: str,
    now: datetime,
    field: str = "one_time",
    request: str = "",
) -> Proved:
    """Use a code up, or find that the request with this key did; return whom the code was issued to.

    It is used up with the caller's transaction; wrong tries count at once. Raises :class:`Refusal`: ``code-wrong``
    with the tries that are ``left``, ``code-spent`` when there is none that works (used, over, tried five times).
    """
    check_key(request)
    digits = "".join(character for character in typed if character.isalnum() or character in "-_")
    before = _repeated(connection, purpose, subject, digits, request, now)
    if before is not None:
        return before
    try:
        return _use(connection, purpose, subject, digits, now, field, request)
    except Refusal as refusal:
        # The same request, sent twice, may have been faster by the blink of an eye.
        before = _repeated(connection, purpose, subject, digits, request, now)
        if refusal.problem.code != "code-spent" or before is None:
            raise
        return before


def check_key(request: str) -> None:
    """Raise :class:`Refusal` ``field-invalid`` for a key of a request that could be guessed; "" is none."""
    if request and not _KEY.fullmatch(request):
        raise refuse("field-invalid", "request")


def _use(
    connection: Connection, purpose: str, subject: str, digits: str, now: datetime, field: str, request: str
) -> Proved:
    row = connection.execute(
        select(one_time_code.c.id, one_time_code.c.user_id, one_time_code.c.code_hash, one_time_code.c.tries)
        .where(
            one_time_code.c.purpose == purpose,
            one_time_code.c.subject == subject,
            one_time_code.c.used_at.is_(None),
            one_time_code.c.expires_at > now,
        )
        .order_by(one_time_code.c.id.desc())
        .limit(1)
    ).first()
    if row is None:
        raise refuse("code-spent", field)
    left = _count_try(connection, row.id)
    if left is None:
        raise refuse("code-spent", field)
    if not hmac.compare_digest(row.code_hash, keyed_hash(connection, purpose, subject, digits)):
        raise refuse("code-wrong", field, left=left) if left else refuse("code-spent", field)
    used = connection.execute(
        update(one_time_code)
        .where(one_time_code.c.id == row.id, one_time_code.c.used_at.is_(None))
        # the right code is no wrong try: a transaction that is undone and run again must not run out of them
        .values(
            used_at=now,
            tries=one_time_code.c.tries - 1,
            request_hash=request_hash(connection, purpose, subject, digits, request),
        )
        .returning(one_time_code.c.id)
    ).first()
    if used is None:
        raise refuse("code-spent", field)
    return Proved(row.id, None if row.user_id is None else int(row.user_id))


def _repeated(
    connection: Connection, purpose: str, subject: str, digits: str, request: str, now: datetime
) -> Proved | None:
    """Return the code that the request with this key has used up, while it would still have worked."""
    if not request:
        return None
    row = connection.execute(
        select(one_time_code.c.id, one_time_code.c.user_id).where(
            one_time_code.c.purpose == purpose,
            one_time_code.c.subject == subject,
            one_time_code.c.code_hash == keyed_hash(connection, purpose, subject, digits),
            one_time_code.c.request_hash == request_hash(connection, purpose, subject, digits, request),
            one_time_code.c.used_at.is_not(None),
            one_time_code.c.expires_at > now,
        )
    ).first()
    return None if row is None else Proved(row.id, row.user_id, again=True)


def request_hash(connection: Connection, purpose: str, subject: str, code: str, request: str) -> str:
    """Return the keyed hash under which the key of a request is kept with the code that it used up; "" without one."""
    return keyed_hash(connection, f"request:{purpose}", subject, f"{code}\0{request}") if request else ""


def verify_signing(
    connection: Connection, user_id: int, about: str, typed: str, now: datetime, field: str = "code"
) -> None:
    """Use up the code with which a person signs ``about``, as :func:`issue_signing` sent it; raises as ``verify``."""
    verify(connection, "sign", signing_subject(connection, user_id, about), typed, now, field)


def end(connection: Connection, purpose: str, subject: str, now: datetime) -> None:
    """Make every code of a subject work no more."""
    connection.execute(
        update(one_time_code)
        .where(
            one_time_code.c.purpose == purpose,
            one_time_code.c.subject == subject,
            one_time_code.c.used_at.is_(None),
        )
        .values(used_at=now)
    )


def forget(database: Database, now: datetime) -> int:
    """Delete codes that ended more than a day ago; returns how many."""
    with database.engine.begin() as connection:
        return connection.execute(
            delete(one_time_code).where(one_time_code.c.expires_at < now - timedelta(days=1))
        ).rowcount


def _count_try(connection: Connection, number: int) -> int | None:
    """Count a try in a transaction of its own; return how many are left after it, None when there was none."""
    with connection.engine.begin() as beside:
        # Whoever uses the code up at this moment may wait for us with other locks: do not wait for them for long.
        beside.exec_driver_sql("SET LOCAL lock_timeout = '1s'")
        tries: int | None = beside.execute(
            update(one_time_code)
            .where(one_time_code.c.id == number, one_time_code.c.tries < TRIES, one_time_code.c.used_at.is_(None))
            .values(tries=one_time_code.c.tries + 1)
            .returning(one_time_code.c.tries)
        ).scalar()
    return None if tries is None else TRIES - tries


def keyed_hash(connection: Connection, purpose: str, subject: str, code: str) -> str:
    """Return the keyed hash under which a code or a ticket is kept."""
    text = f"{purpose}\0{subject}\0{code}"
    return hmac.new(secret(connection), b"kabinet/one-time/v1\0" + text.encode(), hashlib.sha256).hexdigest()


def _text(language: str, purpose: str, code: str) -> str:
    seconds = int(LIFETIME.total_seconds())
    with using(language):
        if purpose == "sign":
            return n_(
                "{code} is the code to sign with in Kabinet. It works for {count} second; tell it to nobody.",
                "{code} is the code to sign with in Kabinet. It works for {count} seconds; tell it to nobody.",
                seconds,
            ).format(code=code, count=seconds)
        return n_(
            "{code} is your Kabinet code. It works for {count} second; tell it to nobody.",
            "{code} is your Kabinet code. It works for {count} seconds; tell it to nobody.",
            seconds,
        ).format(code=code, count=seconds)
