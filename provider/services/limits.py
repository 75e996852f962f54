"""How often somebody may try: token buckets in the database, shared by all processes.

A bucket is one row holding the instant at which it will be full again (generic cell rate algorithm). Subjects are
hashed, so the table tells nothing about who tried. Buckets are taken before anything is looked up, so an answer about
a limit is the same whether or not the subject exists; and they only slow, they never lock.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Engine, delete, text

from models.domain.problems import Problem
from provider.services.refusals import Refusal
from provider.store.database import Database
from provider.store.tables_people import rate_limit


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``burst`` at once, regained evenly over ``per``."""

    name: str
    burst: int
    per: timedelta


_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)

SIGN_IN_PAIR: Final = Limit("sign-in-pair", 5, _MINUTE)  # one login from one source
SIGN_IN_SOURCE: Final = Limit("sign-in-source", 20, _MINUTE)
SIGN_IN_LOGIN: Final = Limit("sign-in-login", 60, _MINUTE)  # spread over many sources; far above what a person needs
REGISTER_SOURCE: Final = Limit("register-source", 10, _HOUR)
REGISTER_SUBJECT: Final = Limit("register-subject", 5, _HOUR)
LETTER_ADDRESS: Final = Limit("letter-address", 5, _HOUR)
RECOVER_SOURCE: Final = Limit("recover-source", 10, _HOUR)
RECOVER_SUBJECT: Final = Limit("recover-subject", 3, _HOUR)
TOKEN_SOURCE: Final = Limit("token-source", 30, _HOUR)  # links and codes tried
PASSWORD_USER: Final = Limit("password-user", 5, _MINUTE)
LOOKUP_SOURCE: Final = Limit("lookup-source", 12, _HOUR)
LOOKUP_SUBJECT: Final = Limit("lookup-subject", 20, _DAY)
LOOKUP_ALL: Final = Limit("lookup-all", 200, _HOUR)
LISTS_SOURCE: Final = Limit("lists-source", 120, _MINUTE)
CODE_WAIT: Final = Limit("code-wait", 1, timedelta(seconds=80))  # one code a phone until the countdown is over
CODE_PHONE: Final = Limit("code-phone", 3, 15 * _MINUTE)
CODE_PHONE_DAY: Final = Limit("code-phone-day", 10, _DAY)
CODE_SOURCE: Final = Limit("code-source", 20, _HOUR)
CODE_ALL: Final = Limit("code-all", 3_000, _HOUR)  # what a botnet with many phones may try altogether
CODE_TRY_SOURCE: Final = Limit("code-try-source", 60, _HOUR)
CODE_TRY_PHONE: Final = Limit("code-try-phone", 20, _HOUR)
PERSON_CHECK: Final = Limit("person-check", 10, _DAY)  # look-ups in the register of persons, a user or a phone
PERSON_CHECK_SOURCE: Final = Limit("person-check-source", 60, _DAY)
UPLOAD_USER: Final = Limit("upload-user", 30, _HOUR)
FEEDBACK_USER: Final = Limit("feedback-user", 10, _DAY)
ANSWER_USER: Final = Limit("answer-user", 300, _DAY)  # letters that one officer answers or closes
QUEUE_SOURCE: Final = Limit("queue-source", 60, _MINUTE)  # pages of the anonymous queue
QUEUE_YEAR_SOURCE: Final = Limit("queue-year-source", 30, _MINUTE)  # by birth year: the whole order is counted through
STATISTICS_SOURCE: Final = Limit("statistics-source", 30, _MINUTE)
POSITION_USER: Final = Limit("position-user", 60, _MINUTE)
BATCH_USER: Final = Limit("batch-user", 10, _HOUR)

_TAKE: Final = text(
    "INSERT INTO rate_limit AS r (key, full_at) VALUES (:key, :now + :step) "
    "ON CONFLICT (key) DO UPDATE SET full_at = greatest(r.full_at, :now) + :step "
    "WHERE greatest(r.full_at, :now) + :step <= :now + :per RETURNING 1"
)
_FULL_AT: Final = text("SELECT full_at FROM rate_limit WHERE key = :key")


def take(database: Database, now: datetime, *wanted: tuple[Limit, str]) -> None:
    """Take one from each bucket; raises :class:`Refusal` (429, seconds to wait) when one is empty, taking nothing.

    ``wanted`` holds limits with their subjects, such as an address of the network or a login.
    """
    take_beside(database.engine, now, *wanted)


def take_beside(engine: Engine, now: datetime, *wanted: tuple[Limit, str]) -> None:
    """As :func:`take`, for whoever is inside a transaction: it counts even when that is undone."""
    waits: list[int] = []
    with engine.connect() as connection, connection.begin() as transaction:
        # In order of keys, so that two requests never wait for each other in a circle.
        for key, limit in sorted((_key(limit, subject), limit) for limit, subject in wanted):
            wait = _take(connection, key, limit, now)
            if wait:
                waits.append(wait)
        if waits:
            transaction.rollback()
    if waits:
        seconds = max(waits)
        raise Refusal(Problem("too-many-attempts", values={"retry_after": seconds}), 429, seconds)


def _take(connection: Connection, key: str, limit: Limit, now: datetime) -> int:
    """Return 0, or the seconds until the bucket has one again."""
    # Rounded down: seven times a seventh of a minute must not be more than a minute.
    step = timedelta(microseconds=limit.per // timedelta(microseconds=1) // limit.burst)
    values = {"key": key, "now": now, "step": step, "per": limit.per}
    if connection.execute(_TAKE, values).first() is not None:
        return 0
    full_at: datetime = connection.execute(_FULL_AT, {"key": key}).scalar_one()
    return max(1, -(-int((full_at + step - now - limit.per).total_seconds() * 1000) // 1000))


def forget_full(database: Database, now: datetime) -> int:
    """Delete buckets that are full, which is the same as having none; returns how many."""
    with database.engine.begin() as connection:
        return connection.execute(delete(rate_limit).where(rate_limit.c.full_at < now)).rowcount


def _key(limit: Limit, subject: str) -> str:
    digest = hashlib.blake2b(subject.casefold().strip().encode("utf-8", "replace"), digest_size=16).hexdigest()
    return f"{limit.name}:{digest}"
