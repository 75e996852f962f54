"""Text messages to telephones: written with their cause, sent afterwards, as letters are (provider.services.mail).

Without a gateway a message becomes a file ``<number>.txt``. A message with a code in it is worth nothing after a few
minutes, so it is given up then, and nothing of it stays in the database once it left or was given up.
"""

from __future__ import annotations

import logging
import os
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from provider.services.logins import phone_key
from provider.services.mail import Sent
from provider.services.outside import OutsideFailed, post_json
from provider.settings import Settings
from provider.store.database import Database
from provider.store.tables_admissions import phone_message

log = logging.getLogger(__name__)

SECRET_WORTH: Final = timedelta(minutes=3)
_ATTEMPTS: Final = 10
_FIRST_WAIT: Final = timedelta(seconds=20)
_SECRET_WAIT: Final = timedelta(seconds=10)
_LONGEST_WAIT: Final = timedelta(hours=2)


def queue(
    connection: Connection, phone_number: str, body: str, now: datetime, *, secret: bool = False, key: str | None = None
) -> int | None:
    """Return the number of the queued message; None for no phone, or when one with the same ``key`` was written before.

    ``secret`` marks a text with a code, which does not outlive its sending.
    """
    digits = phone_key(phone_number)
    if not digits:
        return None
    statement = (
        upsert(phone_message)
        .values(key=key, phone="+" + digits, body=body, secret=int(secret), created_at=now, due_at=now)
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(phone_message.c.id)
    )
    number: int | None = connection.execute(statement).scalar()
    return number


def send_due(database: Database, settings: Settings, now: datetime, *, limit: int = 1_000) -> Sent:
    """Send the messages that are due, codes first; returns how many went, and how many failed and will be tried again.

    A gateway that does not answer ends the round; a refused message waits longer each time.
    """
    sent = failed = 0
    while sent + failed < limit:
        with database.engine.begin() as connection:
            row = connection.execute(
                select(phone_message)
                .where(
                    phone_message.c.sent_at.is_(None),
                    phone_message.c.failed_at.is_(None),
                    phone_message.c.due_at <= now,
                )
                .order_by(phone_message.c.secret.desc(), phone_message.c.due_at, phone_message.c.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).first()
            if row is None:
                break
            if row.secret and row.created_at < now - SECRET_WORTH:
                _give_up(connection, row, "too late", now)
                failed += 1
                continue
            try:
                _send(settings, row)
            except (OSError, OutsideFailed) as error:
                _postpone(connection, row, error, now)
                failed += 1
                if not (isinstance(error, OutsideFailed) and error.ours):
                    break  # not this message's fault: the gateway or the disk does not work
            else:
                # Codes and names of children do not stay here longer than they must.
                done = update(phone_message).where(phone_message.c.id == row.id)
                connection.execute(done.values(sent_at=now, body="", last_error=""))
                sent += 1
    return Sent(sent, failed)


def forget_sent(database: Database, now: datetime) -> int:
    """Delete messages that ended more than 90 days ago, but for those with a key; returns how many."""
    old = phone_message.c.created_at < now - timedelta(days=90)
    over = phone_message.c.sent_at.is_not(None) | phone_message.c.failed_at.is_not(None)
    with database.engine.begin() as connection:
        return connection.execute(delete(phone_message).where(old, over, phone_message.c.key.is_(None))).rowcount


def _send(settings: Settings, row: Any) -> None:
    if settings.sms_url:
        body = {"phone": row.phone, "text": row.body}
        post_json(settings.sms_url, body, token=settings.sms_token, key=f"kabinet-{row.id}")
        return
    folder = settings.text_messages
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{row.id:08d}.txt"
    part = path.with_suffix(f".{os.getpid()}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
        file.write(f"To: {row.phone}\n\n{row.body}\n")
    part.replace(path)


def _postpone(connection: Connection, row: Any, error: Exception, now: datetime) -> None:
    attempts = row.attempts + 1
    reason = str(error) if isinstance(error, OutsideFailed) else type(error).__name__
    if attempts >= _ATTEMPTS:
        _give_up(connection, row, reason, now)
        return
    wait = _SECRET_WAIT if row.secret else min(_FIRST_WAIT * 2 ** (attempts - 1), _LONGEST_WAIT)
    connection.execute(
        update(phone_message)
        .where(phone_message.c.id == row.id)
        .values(attempts=attempts, last_error=reason, due_at=now + wait)
    )
    log.warning("text message %d was not sent (%s), attempt %d", row.id, reason, attempts)


def _give_up(connection: Connection, row: Any, reason: str, now: datetime) -> None:
    values: dict[str, Any] = {"attempts": row.attempts + 1, "last_error": reason, "failed_at": now}
    if row.secret:
        values["body"] = ""
    connection.execute(update(phone_message).where(phone_message.c.id == row.id).values(**values))
    log.warning("text message %d is given up (%s)", row.id, reason)
