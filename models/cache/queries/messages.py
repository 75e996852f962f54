"""Messages of providers, and which of them have been read on this computer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from models.cache.driver import Connection
from models.cache.store import set_local
from models.cache.tables import layout, read_records
from models.contract.records import Message


@dataclass(frozen=True, slots=True)
class ReadableMessage:
    """A message and whether the person has seen it."""

    message: Message
    read: bool


# A clerk's or an officer's cache holds the office's rows, which include what was written to every consumer and family.
# Those are no news for the reader: theirs is what came through a scope of their own, and what is said to everybody.
_MINE: Final = (
    "SELECT id FROM message WHERE _scope IN (SELECT id FROM scope WHERE key <> 'office')"
    " UNION SELECT id FROM extra WHERE tbl = 'message' AND scope IN (SELECT id FROM scope WHERE key <> 'office')"
    " UNION SELECT id FROM message WHERE account_id IS NULL AND child_id IS NULL AND application_id IS NULL"
    " AND organisation_id IS NULL"
)


def messages(connection: Connection, limit: int = 500) -> list[ReadableMessage]:
    """Return the reader's messages, newest first."""
    rows = connection.execute(
        f"{layout(Message).select} WHERE id IN ({_MINE}) ORDER BY at DESC, id DESC LIMIT ?", (limit,)
    )
    seen = {int(row[0][5:]) for row in connection.execute("SELECT key FROM local WHERE key GLOB 'read:*'")}
    return [ReadableMessage(message, message.id in seen) for message in read_records(Message, rows)]


def messages_to(connection: Connection, organisation_id: int, limit: int = 100) -> tuple[Message, ...]:
    """Return what was written to a kindergarten, newest first, as its department's office holds it."""
    rows = connection.execute(
        f"{layout(Message).select} WHERE organisation_id = ? ORDER BY at DESC, id DESC LIMIT ?",
        (organisation_id, limit),
    )
    return tuple(read_records(Message, rows))


def unread(connection: Connection) -> int:
    """Return how many of the reader's messages have not been read."""
    row = connection.execute(
        f"SELECT count(*) FROM ({_MINE}) AS m WHERE NOT EXISTS"  # noqa: S608 - a constant
        " (SELECT 1 FROM local AS l WHERE l.key = 'read:' || m.id)"
    ).fetchone()
    return int(row[0])


def mark_read(connection: Connection, message_ids: int | Iterable[int]) -> None:
    """Remember that messages were read; inside a transaction of :meth:`CacheStore.write`."""
    for message_id in (message_ids,) if isinstance(message_ids, int) else message_ids:
        set_local(connection, f"read:{message_id}", "1")
