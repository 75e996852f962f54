"""Recording what people did: the journal first, then the outbox table, and each made again from the other.

Every change of the outbox is a record: appended to the journal, synchronised to disk, then applied to the table in one
transaction that also notes how far the table has followed the journal. A crash in between is healed at the next
opening, or by the next process that enters something.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

import msgspec
from msgspec import Struct

from models.cache import outbox as table
from models.cache.driver import DriverError
from models.cache.durable import FileLock
from models.cache.outbox import Entry, Item, Tail
from models.cache.store import CacheDamaged, CacheFull, CacheStore, Connection, get_local, set_local
from models.contract.codec import sha256
from models.contract.commands import Signed
from models.contract.outcomes import CommandOutcome, Status
from models.domain.problems import Problem
from sync.failpoints import reach
from sync.frames import (
    Answered,
    Begin,
    Ended,
    Enrolled,
    Entered,
    Frame,
    Record,
    Reopened,
    Sealed,
    SealedCommand,
    Unsealed,
)
from sync.journal import Ballast, Journal, JournalFailed, JournalFull

log = logging.getLogger(__name__)

RETAIN: Final = timedelta(days=90)
"""How long finished commands stay in the journal, so that a provider restored from a backup gets them again."""
COMPACT_ABOVE: Final = 4_000_000
"""Bytes of journal above which finished commands older than ``RETAIN`` are left out."""
_FOLLOWED: Final = "journal"


class EntryRefused(Exception):
    """An entry was not recorded; nothing of it was kept, and ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class Recovery(Struct, frozen=True):
    """What opening found: records replayed into the table, entries put back into the journal, and what was damaged."""

    replayed: int = 0
    put_back: int = 0
    journal_damaged: bool = False
    waiting: int = 0


class Outbox:
    """The journal and the outbox table of one profile, as one thing."""

    def __init__(self, store: CacheStore, journal: Journal, lock: FileLock, ballast: Ballast) -> None:
        self._store = store
        self._journal = journal
        self._file_lock = lock
        self._ballast = ballast
        self._lock = threading.RLock()
        self._depth = 0

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the entry lock of the profile: no other thread or process records anything inside the block."""
        with self._lock:
            if self._depth == 0 and not self._file_lock.acquire(10.0):
                raise EntryRefused(Problem("profile-in-use"))
            self._depth += 1
            try:
                if self._depth == 1:
                    self._journal.refresh()
                yield
            finally:
                self._depth -= 1
                if self._depth == 0:
                    self._file_lock.release()

    def recover(self) -> Recovery:
        """Bring table and journal to the same content, whichever was lost or damaged; returns what was found."""
        with self.exclusive():
            journal = self._journal
            damaged = not journal.scan.sound
            with self._store.write() as connection:
                number, seal = _followed(connection)
                frames = journal.frames()
                known = next((frame for frame in frames if frame.number == number), None)
                before = connection.execute("SELECT count(*) FROM outbox").fetchone()[0]
                in_step = number == 0 or (known is not None and known.seal.hex() == seal)
                todo = [frame for frame in frames if frame.number > number] if in_step else frames
                for frame in todo:
                    apply(connection, frame.number, frame.record, fill=not in_step)
                after = connection.execute("SELECT count(*) FROM outbox").fetchone()[0]
                _follow(connection, max(number, journal.number), journal.seal)
                items = table.everything(connection)
                tail = table.tail(connection)
            if damaged or not in_step:
                journal.rewrite(tail, [*_enrolled(frames), *records(items)], above=number, reason="damaged")
                self._follow_now()
            entered = {frame.record.entry.id for frame in frames if isinstance(frame.record, Entered)}
            put_back = sum(item.entry.id not in entered for item in items) if damaged or not in_step else 0
            waiting = sum(not item.ended and item.outcome is None and not item.settled for item in items)
            return Recovery(after - before, put_back, damaged or not in_step, waiting)

    def enter(self, entry: Entry) -> None:
        """Record what a person entered; when this returns it is durable in two files.

        Raises :class:`EntryRefused` (``disk-full``, ``disk-failed``) and then nothing of the entry is kept.
        """
        reach("E1")
        with self.exclusive():
            if not self._ballast.ready():
                raise EntryRefused(Problem("disk-full"))
            mark = self._journal.mark()
            try:
                self._journal.append(Entered(entry))
            except JournalFull as error:
                raise EntryRefused(Problem("disk-full")) from error
            except JournalFailed as error:
                raise EntryRefused(Problem("disk-failed")) from error
            reach("E2")
            try:
                self._apply(Entered(entry))
            except CacheDamaged:
                log.error("the cache is damaged; the entry %s is in the journal", entry.id)
            except CacheFull as error:
                self._ballast.release()
                try:
                    self._apply(Entered(entry))
                except CacheFull:
                    self._journal.back_to(mark)
                    raise EntryRefused(Problem("disk-full")) from error
            except DriverError as error:
                if not self._has(entry.id):
                    self._journal.back_to(mark)
                    raise EntryRefused(Problem("disk-failed")) from error
            reach("E3")

    def write(self, *records: Record) -> None:
        """Record what happened to entries; raises JournalFull or JournalFailed and then nothing is kept."""
        with self.exclusive():
            self._journal.append(*records)
            self._apply(*records)

    def answered(self, outcomes: Sequence[CommandOutcome], *, settled: bool = False) -> None:
        """Record the provider's answers; a full disk only loses that we know them, and they come again."""
        if not outcomes:
            return
        try:
            self.write(Answered(list(outcomes), settled))
        except (JournalFull, JournalFailed) as error:
            log.warning("outcomes are kept in the cache only: %s", error)
            with self._store.write() as connection:
                table.answer(connection, outcomes, settled=settled)

    def compact(self, now: datetime) -> int:
        """Leave out what was finished more than ``RETAIN`` ago; returns how many commands went.

        Commands leave in the order of their ordinals, so what stays is a gapless end of the device's chain.
        """
        if self._journal.size < COMPACT_ABOVE:
            return 0
        with self.exclusive():
            with self._store.write() as connection:
                items = table.everything(connection)
                gone: list[Item] = []
                for item in sorted(items, key=lambda one: (one.n is None, one.n or 0, one.position)):
                    if item.n is not None and not _long_finished(item, now):
                        break
                    if _long_finished(item, now):
                        gone.append(item)
                ids = {item.entry.id for item in gone}
                table.forget(connection, ids)
                tail = table.tail(connection)
            kept = [item for item in items if item.entry.id not in ids]
            self._journal.rewrite(tail, [*_enrolled(self._journal.frames()), *records(kept)])
            self._follow_now()
            return len(gone)

    def _apply(self, *appended: Record) -> None:
        """Apply the records just appended, and before them what another process left between the two files."""
        first = self._journal.number - len(appended) + 1
        with self._store.write() as connection:
            followed, _seal = _followed(connection)
            if followed < first - 1:
                for frame in self._journal.frames(after=followed):
                    if frame.number < first:
                        apply(connection, frame.number, frame.record)
            for number, record in enumerate(appended, first):
                apply(connection, number, record)
            _follow(connection, self._journal.number, self._journal.seal)

    def _has(self, command_id: str) -> bool:
        """Return whether the table has a command after a commit whose outcome is unknown."""
        try:
            return self._store.peek(lambda connection: table.one(connection, command_id)) is not None
        except (CacheDamaged, DriverError):
            return False

    def _follow_now(self) -> None:
        with self._store.write() as connection:
            _follow(connection, self._journal.number, self._journal.seal)


def apply(connection: Connection, number: int, record: Record, *, fill: bool = False) -> None:
    """Apply a record of the journal to the outbox table; ``fill`` only adds what the table does not know.

    Any record may be applied again.
    """
    match record:
        case Begin(tail=tail):
            if tail.n > table.tail(connection).n:
                table.set_tail(connection, tail)
        case Entered(entry=entry):
            position = number
            if connection.execute("SELECT 1 FROM outbox WHERE position = ?", (number,)).fetchone() is not None:
                position = connection.execute("SELECT max(position) + 1 FROM outbox").fetchone()[0]
            table.record(connection, position, entry)
        case Sealed(commands=commands):
            for command in commands:
                item = table.one(connection, command.id)
                if item is None or (fill and item.signed):
                    continue
                table.seal(
                    connection, command.id, command.device, command.n, msgspec.json.encode(command.signed).decode()
                )
                end = table.tail(connection)
                if end.device != command.device or end.n < command.n:
                    table.set_tail(connection, Tail(command.device, command.n, sha256(bytes(command.signed.body))))
        case Unsealed(ids=ids):
            if not fill:
                table.unseal(connection, ids)
        case Answered(outcomes=outcomes, settled=settled):
            known = {one.command_id: table.one(connection, one.command_id) for one in outcomes}
            news = [one for one in outcomes if not (fill and (item := known[one.command_id]) and item.outcome)]
            table.answer(connection, news, settled=settled)
        case Reopened(ids=ids):
            if not fill:
                table.reopen(connection, ids)
        case Ended(id=command_id, how=how, at=at):
            table.end(connection, command_id, how, at)
        case Enrolled():
            pass


def records(items: Sequence[Item]) -> list[Record]:
    """Return the records that make the outbox table what it is."""
    found: list[Record] = []
    for item in items:
        found.append(Entered(item.entry))
        if item.signed and item.device is not None and item.n is not None:
            signed = msgspec.json.decode(item.signed, type=Signed)
            found.append(Sealed([SealedCommand(item.entry.id, item.device, item.n, signed)]))
        if item.outcome is not None:
            found.append(Answered([item.outcome], item.settled))
        if item.ended:
            found.append(Ended(item.entry.id, item.ended, item.ended_at))
    return found


def _enrolled(frames: Sequence[Frame]) -> list[Record]:
    """Return the newest copy of the identity, if there is one."""
    found: list[Record] = [frame.record for frame in frames if isinstance(frame.record, Enrolled)]
    return found[-1:]


def _long_finished(item: Item, now: datetime) -> bool:
    """Return whether nobody will ask for a command again."""
    if item.ended:
        return now - datetime.fromisoformat(item.ended_at) > RETAIN
    if not item.settled or item.outcome is None or item.outcome.status is not Status.APPLIED:
        return False
    return now - (item.outcome.at or item.entry.occurred_at) > RETAIN


def _followed(connection: Connection) -> tuple[int, str]:
    """Return the number and the seal of the journal's frame up to which the table has followed."""
    number, _, seal = get_local(connection, _FOLLOWED, "0:").partition(":")
    return int(number), seal


def _follow(connection: Connection, number: int, seal: bytes) -> None:
    set_local(connection, _FOLLOWED, f"{number}:{seal.hex()}")
