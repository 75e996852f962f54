"""The outbox table: commands that people entered, from the moment they are recorded until they are settled.

The journal is written first, and each of its frames is applied here by :func:`record`, :func:`seal`, :func:`answer`,
:func:`settle` and :func:`end`; all of them may be repeated. So this table can be made again from the journal, and the
journal's content again from this table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import Struct, field

from models.cache.driver import Connection
from models.cache.store import get_local, set_local
from models.contract.codec import encode
from models.contract.commands import Command
from models.contract.outcomes import CommandOutcome, Status
from models.domain.problems import Problem

WITHDRAWN: Final = "withdrawn"
ACKNOWLEDGED: Final = "acknowledged"


class Entry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a person entered, as it was at that moment; number, chain and signature follow when it is first sent."""

    id: str
    kind: str
    version: int
    actor: int
    payload: msgspec.Raw
    occurred_at: datetime
    server_time: datetime | None = None
    since_contact: int | None = None
    base: dict[str, Any] = field(default_factory=dict)
    depends_on: list[str] = field(default_factory=list)
    supersedes: str = ""
    money: bool = False
    amount_minor: int | None = None
    currency: str = ""
    account_id: int | None = None
    about: str = ""  # whose application or which child, as known then: it may be gone when the answer comes

    def command(self, *, device: int = 0, n: int = 0, previous: str = "") -> Command:
        """Return the command as it travels from ``device`` with ordinal ``n`` after the hash ``previous``."""
        return Command(
            id=self.id,
            device=device,
            n=n,
            kind=self.kind,
            version=self.version,
            actor=self.actor,
            payload=self.payload,
            occurred_at=self.occurred_at,
            server_time=self.server_time,
            since_contact=self.since_contact,
            previous=previous,
            base=self.base,
            depends_on=self.depends_on,
            supersedes=self.supersedes,
        )


class Tail(Struct, frozen=True):
    """Where a device's chain of commands ends: last ordinal and the SHA-256 of that command's bytes."""

    device: int = 0
    n: int = 0
    hash: str = ""


class Item(Struct, frozen=True, kw_only=True):
    """A row of the outbox."""

    position: int
    entry: Entry
    device: int | None = None
    n: int | None = None
    signed: str = ""  # models.contract.commands.Signed as JSON, "" before it is sealed
    outcome: CommandOutcome | None = None
    arrived: bool = False  # the outcome's row is in the cache, by a complete pull
    settled: bool = False
    ended: str = ""
    ended_at: str = ""
    attempts: int = 0
    last_error: Problem | None = None
    next_attempt_at: datetime | None = None


_COLUMNS: Final = (
    "o.position, o.entry, o.device, o.n, o.signed, o.outcome, o.settled, o.ended, o.ended_at, o.attempts,"
    " o.last_error, o.next_attempt_at"
)
_ARRIVED: Final = (
    "SELECT r.status, r.problems, r.result, r.at FROM outcome AS r WHERE r.command_id = ? ORDER BY r._seq DESC LIMIT 1"
)
_entries: Final = msgspec.json.Decoder(Entry)
_outcomes: Final = msgspec.json.Decoder(CommandOutcome)
_problems: Final = msgspec.json.Decoder(Problem)


def record(connection: Connection, position: int, entry: Entry) -> None:
    """Put an entry into the outbox; one that is there stays as it is."""
    connection.execute(
        "INSERT INTO outbox (position, command_id, account_id, entry) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (command_id) DO NOTHING",
        (position, entry.id, entry.account_id, encode(entry).decode()),
    )


def seal(connection: Connection, command_id: str, device: int, n: int, signed: str) -> None:
    """Keep the very bytes that will be sent, before they are."""
    connection.execute(
        "UPDATE outbox SET device = ?, n = ?, signed = ? WHERE command_id = ?", (device, n, signed, command_id)
    )


def unseal(connection: Connection, command_ids: Iterable[str]) -> None:
    """Forget number and signature: the commands will travel under a new device's identity, with their own ids."""
    connection.executemany(
        "UPDATE outbox SET device = NULL, n = NULL, signed = '' WHERE command_id = ?", [(one,) for one in command_ids]
    )


def answer(connection: Connection, outcomes: Iterable[CommandOutcome], *, settled: bool) -> None:
    """Keep what the provider answered; ``settled`` when the outcome also came as a row."""
    connection.executemany(
        "UPDATE outbox SET outcome = ?, settled = max(settled, ?), last_error = '', next_attempt_at = ''"
        " WHERE command_id = ?",
        [(encode(one).decode(), int(settled), one.command_id) for one in outcomes],
    )


def reopen(connection: Connection, command_ids: Iterable[str]) -> None:
    """Send commands again that the provider lost when it was restored; what a person ended stays ended."""
    connection.executemany(
        "UPDATE outbox SET outcome = '', settled = 0, attempts = 0, last_error = '', next_attempt_at = ''"
        " WHERE command_id = ?",
        [(one,) for one in command_ids],
    )


def end(connection: Connection, command_id: str, how: str, at: str) -> None:
    """Close an entry as a person decided: withdrawn or acknowledged."""
    connection.execute(
        "UPDATE outbox SET ended = ?, ended_at = ? WHERE command_id = ? AND ended = ''", (how, at, command_id)
    )


def forget(connection: Connection, command_ids: Iterable[str]) -> None:
    """Drop rows of long finished commands."""
    connection.executemany("DELETE FROM outbox WHERE command_id = ?", [(one,) for one in command_ids])


def note_failure(connection: Connection, command_ids: Iterable[str], problem: Problem, again_at: datetime) -> None:
    """Count a failed attempt to send and keep why and when the next one is due."""
    connection.executemany(
        "UPDATE outbox SET attempts = attempts + 1, last_error = ?, next_attempt_at = ? WHERE command_id = ?",
        [(encode(problem).decode(), again_at.isoformat(), one) for one in command_ids],
    )


def unsent(connection: Connection) -> list[Item]:
    """Return what has no answer yet, oldest first: sealed commands by ordinal, then the others as entered."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM outbox AS o WHERE o.ended <> 'withdrawn' AND o.outcome = '' AND o.settled = 0"  # noqa: S608
        " ORDER BY o.n IS NULL, o.n, o.position"
    )
    return [_item(row) for row in rows]


def open_items(connection: Connection, account_id: int | None = None) -> list[Item]:
    """Return what a person still sees as waiting or needing attention, oldest first; of one account if it is given.

    A command leaves when its outcome says applied and has arrived as a row; refused ones stay until a person acts.
    """
    where = (
        "o.ended = '' AND o.settled = 0"
        if account_id is None
        else "o.ended = '' AND o.settled = 0 AND o.account_id = ?"
    )
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM outbox AS o WHERE {where} ORDER BY o.position",  # noqa: S608
        () if account_id is None else (account_id,),
    ).fetchall()
    catching_up = connection.execute("SELECT 1 FROM local WHERE key = 'catching-up'").fetchone() is not None
    found = []
    for row in rows:
        item = _item(row)
        arrived = None if catching_up else arrived_outcome(connection, item.entry.id)
        if arrived is not None:
            if arrived.status is Status.APPLIED:
                continue
            item = msgspec.structs.replace(item, outcome=arrived, arrived=True)
        found.append(item)
    return found


def everything(connection: Connection) -> list[Item]:
    """Return every row, oldest first."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM outbox AS o ORDER BY o.position")  # noqa: S608
    return [_item(row) for row in rows]


def one(connection: Connection, command_id: str) -> Item | None:
    """Return the row of a command, None when there is none."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM outbox AS o WHERE o.command_id = ?",  # noqa: S608
        (command_id,),
    ).fetchone()
    return None if row is None else _item(row)


def arrived_outcome(connection: Connection, command_id: str) -> CommandOutcome | None:
    """Return the outcome that came as a row of the feed, None when none has."""
    row = connection.execute(_ARRIVED, (command_id,)).fetchone()
    if row is None:
        return None
    return msgspec.convert(
        {
            "command_id": command_id,
            "status": row[0],
            "problems": msgspec.json.decode(row[1]),
            "result": msgspec.json.decode(row[2]),
            "at": row[3],
        },
        CommandOutcome,
    )


def news(connection: Connection) -> list[CommandOutcome]:
    """Return outcomes that arrived as rows and say more than what is recorded here."""
    rows = connection.execute(
        "SELECT o.command_id, o.outcome FROM outbox AS o WHERE o.settled = 0 AND o.ended <> 'withdrawn'"
        " AND EXISTS (SELECT 1 FROM outcome AS r WHERE r.command_id = o.command_id)"
    ).fetchall()
    found = []
    for command_id, recorded in rows:
        arrived = arrived_outcome(connection, command_id)
        if arrived is None:
            continue
        known = _outcomes.decode(recorded).status if recorded else None
        if known != arrived.status or arrived.status is Status.APPLIED:
            found.append(arrived)
    return found


def unsettled(connection: Connection) -> bool:
    """Return whether a command is on its way: entered, sent or answered, and its effect not yet here as rows."""
    found = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM outbox WHERE settled = 0 AND ended <> 'withdrawn')"
    ).fetchone()
    return bool(found[0])


def set_tail(connection: Connection, tail: Tail) -> None:
    """Remember where this device's chain of commands ends."""
    set_local(connection, "tail", encode(tail).decode())


def tail(connection: Connection) -> Tail:
    """Return where this device's chain of commands ends."""
    text = get_local(connection, "tail")
    return msgspec.json.decode(text, type=Tail) if text else Tail()


def dependants(connection: Connection, command_id: str) -> list[str]:
    """Return ids of open commands that wait for ``command_id``."""
    return [item.entry.id for item in open_items(connection) if command_id in item.entry.depends_on]


def _item(row: Sequence[Any]) -> Item:
    return Item(
        position=row[0],
        entry=_entries.decode(row[1]),
        device=row[2],
        n=row[3],
        signed=row[4],
        outcome=_outcomes.decode(row[5]) if row[5] else None,
        settled=bool(row[6]),
        ended=row[7],
        ended_at=row[8],
        attempts=row[9],
        last_error=_problems.decode(row[10]) if row[10] else None,
        next_attempt_at=datetime.fromisoformat(row[11]) if row[11] else None,
    )
