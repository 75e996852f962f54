"""The sync client: what the rest of the program uses to record commands, to synchronise, and to know how things stand.

One loop writes then reads: what waits is sent, then what is new is applied. Nothing here asks a person anything. Any
thread may call; one run happens at a time on a computer, guarded by a lock file.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Final

import msgspec

from models.cache import outbox as table
from models.cache.outbox import ACKNOWLEDGED, WITHDRAWN, Entry, Item
from models.cache.queries.cut import cut
from models.cache.store import CacheDamaged, CacheFull, Connection, get_local, set_local
from models.contract.codec import uuid7
from models.contract.commands import Payload, TakePayment, UpdateContact
from models.contract.outcomes import Status
from models.contract.records import BY_TABLE
from models.domain.problems import Problem
from sync import enrolment, scopes
from sync.frames import Ended
from sync.journal import JournalFailed, JournalFull
from sync.link import DeviceForked, Link, ServerRestored, SignedOut
from sync.outbox import EntryRefused
from sync.profile import Profile
from sync.pull import pull
from sync.push import Pushed, push
from sync.retry import next_attempt, next_poll
from sync.status import Progress, State, SyncReport, SyncStatus, WaitingItem, known, waiting_item
from sync.transport import Refused, Transport, TransportError, Unexpected, answered_directly

__all__ = ["EntryRefused", "ReadingLocked", "SyncClient"]

log = logging.getLogger(__name__)

WAITING: Final = "waiting"
STATUS: Final = "status"
LONGEST_WAIT: Final = 25.0
MOST_BYTES: Final = 500_000
"""Of a command's content: a request takes a megabyte."""


class ReadingLocked(Exception):
    """The lease has ended: nothing may be read before the next contact; ``problem`` says so."""

    def __init__(self) -> None:
        super().__init__("lease-expired")
        self.problem = Problem("lease-expired")


class _News(msgspec.Struct, frozen=True):
    changed: bool


class SyncClient:
    """The commands and the synchronisation of one open profile."""

    def __init__(
        self, profile: Profile, transport: Transport, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.profile = profile
        self.store = profile.store
        self.transport = transport
        self._clock = clock
        self._link = Link(profile, transport, clock)
        self._listeners: list[Callable[[frozenset[str]], None]] = []
        self._listening = threading.Lock()
        self._running = threading.Lock()
        self._sending: frozenset[str] = frozenset()
        self._progress: Progress | None = None
        self._lease = self.store.peek(scopes.lease_until)
        self._seen = self.store.peek(scopes.seen)
        self.store.guard = self._guard

    # Commands

    def submit(self, payload: Payload, *, depends_on: Sequence[str] = (), supersedes: str = "") -> str:
        """Record a command and return its id; when this returns, it is durable in two files.

        The command that it ``supersedes`` leaves the list if it was refused, or was never sent.
        Raises :class:`EntryRefused` and then nothing of it is kept: ``disk-full``, ``disk-failed``, ``signed-out``,
        ``text-not-allowed``, ``too-large``.
        """
        identity = self.profile.identity
        if not identity.user_id:
            raise EntryRefused(Problem("signed-out"))
        content = msgspec.json.encode(payload)
        if b"\\u0000" in content or len(content) > MOST_BYTES:
            raise EntryRefused(Problem("too-large" if len(content) > MOST_BYTES else "text-not-allowed"))
        now = self._clock()
        contact = self._last_contact()
        entry = Entry(
            id=uuid7(int(now.timestamp() * 1000)),
            kind=payload.KIND,
            version=payload.VERSION,
            actor=identity.user_id,
            payload=msgspec.Raw(content),
            occurred_at=now,
            server_time=self.transport.server_time(),
            since_contact=None if contact is None else max(0, int((now - contact).total_seconds())),
            base=self._base(payload),
            depends_on=list(depends_on),
            supersedes=supersedes,
            money=payload.MONEY,
            amount_minor=sum(line.amount_minor for line in payload.lines) if isinstance(payload, TakePayment) else None,
            currency=payload.currency if isinstance(payload, TakePayment) else "",
            account_id=getattr(payload, "account_id", None),
        )
        with self.profile.outbox.exclusive():
            self.profile.outbox.enter(entry)
            if supersedes:
                self._close_superseded(supersedes)
        self._tell(WAITING, STATUS)
        return entry.id

    def _close_superseded(self, command_id: str) -> None:
        """End a command in whose place another one stands; one that may be with the provider is left to its answer."""
        item = next((one for one in self._open() if one.entry.id == command_id), None)
        if item is None:
            return
        if item.outcome is not None:
            if item.outcome.status in (Status.REFUSED, Status.CONFLICT):
                self._end(command_id, ACKNOWLEDGED)
        elif not (
            item.signed
            or item.entry.money
            or self.store.peek(lambda connection: table.dependants(connection, command_id))
        ):
            self._end(command_id, WITHDRAWN)

    def withdraw(self, command_id: str) -> None:
        """Take back a command that has not been sent, or close one that was refused.

        Raises :class:`EntryRefused`: ``not-waiting``, ``already-sent``, ``others-depend``, ``money-stays``.
        """
        with self.profile.outbox.exclusive():
            item = self._open_item(command_id)
            closed = item.outcome is not None and item.outcome.status in (Status.REFUSED, Status.CONFLICT)
            if not closed:
                if item.signed or item.outcome is not None:
                    raise EntryRefused(Problem("already-sent"))
                if item.entry.money:
                    raise EntryRefused(Problem("money-stays"))
                if self.store.peek(lambda connection: table.dependants(connection, command_id)):
                    raise EntryRefused(Problem("others-depend"))
            self._end(command_id, WITHDRAWN)

    def acknowledge(self, command_id: str) -> None:
        """Take notice of a refusal, a conflict or money in suspense: it leaves the list.

        Raises :class:`EntryRefused` ``not-waiting`` for anything else.
        """
        with self.profile.outbox.exclusive():
            item = self._open_item(command_id)
            if item.outcome is None or item.outcome.status in (Status.APPLIED, Status.HELD):
                raise EntryRefused(Problem("not-waiting"))
            self._end(command_id, ACKNOWLEDGED)

    def resend(self, command_id: str, payload: Payload | None = None) -> str:
        """Enter a refused command again, corrected if ``payload`` is given; returns the new id. The old one is closed.

        Raises :class:`EntryRefused` as :meth:`submit` and :meth:`acknowledge` do.
        """
        with self.profile.outbox.exclusive():
            item = self._open_item(command_id)
            if item.outcome is None or item.outcome.status not in (Status.REFUSED, Status.CONFLICT):
                raise EntryRefused(Problem("not-waiting"))
            again = next((one.entry.id for one in self._open() if one.entry.supersedes == command_id), None)
            if again is None:
                return self.submit(payload or item.entry.command().content(), supersedes=command_id)
            self._end(command_id, ACKNOWLEDGED)
            return again

    def waiting(self) -> list[WaitingItem]:
        """Return what is not settled, oldest first: it waits, is being sent, is held, or needs a person."""
        return [waiting_item(item, self._sending) for item in self._open() if known(item)]

    # How things stand

    def status(self) -> SyncStatus:
        """Return how things stand now."""
        items = self._open()
        at, contact, failed = self.store.peek(
            lambda connection: (cut(connection), get_local(connection, "contact"), get_local(connection, "failed"))
        )
        attention = [item for item in items if item.outcome is not None and _needs_person(item)]
        unsent = [item for item in items if item.outcome is None]
        money: dict[str, int] = {}
        for item in unsent:
            if item.entry.amount_minor is not None and item.entry.currency:
                currency = item.entry.currency
                money[currency] = money.get(currency, 0) + item.entry.amount_minor
        problem = msgspec.json.decode(failed, type=_Failed).problem if failed else None
        if not self.profile.identity.signed_in:
            state = State.SIGNED_OUT
            problem = problem or Problem("signed-out")
        elif self._lease_over():
            state, problem = State.LEASE_EXPIRED, Problem("lease-expired")
        elif self._progress is not None or self._sending:
            state = State.SYNCING
        elif attention:
            state = State.ATTENTION
        else:
            state = State.OFFLINE if failed or not contact else State.ONLINE
        return SyncStatus(
            state=state,
            last_contact=datetime.fromisoformat(contact) if contact else None,
            as_of=at.as_of if at.as_of.year > 1970 else None,
            waiting=len(unsent),
            waiting_minor=money,
            attention=len(attention),
            problem=problem,
            progress=self._progress,
            complete=at.complete,
        )

    def next_sync_at(self) -> datetime:
        """Return when the next run is due, from what is stored: back-off after failures, else the next poll.

        Work that waits without a failure is due now.
        """
        now = self._clock()

        def question(connection: Connection) -> datetime:
            failed, last = get_local(connection, "failed"), get_local(connection, "synced")
            seed = str(self.profile.identity.device_id)
            if failed:
                stored = msgspec.json.decode(failed, type=_Failed)
                return next_attempt(stored.count, stored.at, stored.retry_after, seed)
            if not last or table.unsent(connection):
                return now
            return next_poll(datetime.fromisoformat(last), seed)

        return self.store.peek(question)

    def subscribe(self, listener: Callable[[frozenset[str]], None]) -> Callable[[], None]:
        """Call ``listener`` with the topics that changed (names of tables, "waiting", "status"), on any thread.

        Returns a function that ends it.
        """
        with self._listening:
            self._listeners.append(listener)

        def end() -> None:
            with self._listening:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return end

    # Contact

    def sign_in(self, login: str, password: str, device_name: str) -> None:
        """Sign in on this device; raises TransportError with the reason, EntryRefused (``profile-in-use``)."""
        with self._running:
            if not self.profile.sender.acquire(10.0):
                raise EntryRefused(Problem("profile-in-use"))
            try:
                self.profile.reload_identity()
                with answered_directly():
                    enrolment.sign_in(self._link, login, password, device_name)
                with self.store.write() as connection:
                    set_local(connection, "failed", "")
                self._look_at_lease()
            finally:
                self.profile.sender.release()
        self._tell(STATUS, WAITING)

    def sign_out(self, force: bool = False) -> None:
        """End the session; raises :class:`EntryRefused` ``work-waits`` while something is unsent, unless ``force``.

        Unsent work stays in the profile in any case.
        """
        if not force and self.store.peek(table.unsent):
            raise EntryRefused(Problem("work-waits"))
        with self._running:
            enrolment.sign_out(self._link)
        self._tell(STATUS)

    def sync(
        self, progress: Callable[[Progress], None] | None = None, cancelled: Callable[[], bool] | None = None
    ) -> SyncReport:
        """Send what waits, then read what is new; returns what happened and never raises for the network's sake."""
        if not self._running.acquire(blocking=False):
            return SyncReport(problem=Problem("profile-in-use"))
        try:
            if not self.profile.sender.acquire():
                return SyncReport(problem=Problem("profile-in-use"))
            try:
                self.profile.reload_identity()
                return self._run(progress, cancelled or (lambda: False))
            finally:
                self.profile.sender.release()
                self._progress, self._sending = None, frozenset()
                self._look_at_lease()
        finally:
            self._running.release()
            self._tell(STATUS, WAITING)

    def wait_for_news(self, timeout: float = LONGEST_WAIT) -> bool:
        """Return whether the provider has something new, waiting up to ``timeout`` seconds; False when offline."""
        seconds = min(timeout, LONGEST_WAIT)
        query: list[tuple[str, str | int]] = [
            ("scope", f"{scope.ref.tenant}|{scope.ref.key}|{scope.sequence}") for scope in self.store.peek(scopes.kept)
        ]
        if not query:
            return False
        query.append(("seconds", str(round(seconds, 1))))
        try:
            return self._link.get("/sync/wait", _News, query, stall=seconds + 10).changed
        except (TransportError, ServerRestored, DeviceForked):
            return False

    def _run(self, progress: Callable[[Progress], None] | None, cancelled: Callable[[], bool]) -> SyncReport:
        """Push, then pull; a restored provider or a damaged cache is dealt with and the run begins again."""

        def report(step: str, done: int, total: int) -> None:
            self._progress = Progress(step, done, total)
            if progress is not None:
                progress(self._progress)
            self._tell(STATUS)

        pushed = Pushed()
        problem: Problem | None = None
        failures = self._failures()
        for _attempt in range(3):
            try:
                if self.profile.needs_rebuild.is_set():
                    self.profile.rebuild_cache()
                    self._tell(*BY_TABLE)
                unsent: TransportError | None = None
                try:
                    push(self._link, pushed, self._set_sending, partial(report, "push"), cancelled)
                except (Refused, Unexpected) as error:
                    unsent = error  # the provider answers: what it has for us comes all the same
                read = pull(self._link, lambda topics: self._tell(*topics), report, cancelled)
                if read.complete:
                    self.profile.outbox.compact(self._clock())
                if unsent is not None:
                    self._failed(unsent.problem, unsent.retry_after, failures)
                problem = None if unsent is None else unsent.problem
                return SyncReport(pushed.sent, pushed.refused, read.rows, read.complete, read.sequence, problem)
            except ServerRestored:
                enrolment.start_after_restore(self._link)
                problem = Problem("server-restored")
            except DeviceForked:
                enrolment.renew_device(self._link)
                problem = Problem("device-forked")
                break
            except CacheDamaged:
                self.profile.needs_rebuild.set()
                problem = Problem("cache-damaged")
            except (CacheFull, JournalFull) as error:
                log.error("the disk is full: %s", error)
                problem = Problem("disk-full")
                break
            except JournalFailed as error:
                log.error("the disk failed: %s", error)
                problem = Problem("disk-failed")
                break
            except EntryRefused as refusal:
                problem = refusal.problem
                break
            except SignedOut as error:
                problem = error.problem
                break
            except TransportError as error:
                self._failed(error.problem, error.retry_after, failures)
                return SyncReport(pushed.sent, pushed.refused, problem=error.problem)
        if problem is not None:
            self._failed(problem, None, failures)
        return SyncReport(pushed.sent, pushed.refused, problem=problem)

    def _failures(self) -> int:
        try:
            text = self.store.peek(lambda connection: get_local(connection, "failed"))
        except CacheDamaged:
            return 0  # the run makes the cache again
        return msgspec.json.decode(text, type=_Failed).count if text else 0

    def _failed(self, problem: Problem, retry_after: float | None, before: int) -> None:
        """Count a failure in a row; the stored count and time decide when the next attempt is due."""
        try:
            with self.store.write() as connection:
                failed = _Failed(before + 1, self._clock(), retry_after, problem)
                set_local(connection, "failed", msgspec.json.encode(failed).decode())
                scopes.see(connection, self._clock())
        except (CacheFull, CacheDamaged) as error:
            log.warning("a failure could not be noted: %s", error)

    # Leases

    def _guard(self) -> None:
        if self._lease_over():
            raise ReadingLocked

    def _lease_over(self) -> bool:
        if self._lease is None:
            return False
        now = self._clock()
        return max(now, self._seen or now) >= self._lease

    def _look_at_lease(self) -> None:
        try:
            self._lease, self._seen = self.store.peek(lambda c: (scopes.lease_until(c), scopes.seen(c)))
        except CacheDamaged as error:
            log.warning("the lease could not be read: %s", error)

    # Small things

    def _base(self, payload: Payload) -> dict[str, int]:
        """Return the versions of what the person saw when they changed it."""
        if not isinstance(payload, UpdateContact):
            return {}

        def question(connection: Connection) -> dict[str, int]:
            row = connection.execute("SELECT version FROM person WHERE id = ?", (payload.user_id,)).fetchone()
            return {} if row is None else {f"person:{payload.user_id}": row[0]}

        return self.store.peek(question)

    def _last_contact(self) -> datetime | None:
        text = self.store.peek(lambda connection: get_local(connection, "contact"))
        return datetime.fromisoformat(text) if text else None

    def _open(self) -> list[Item]:
        return self.store.peek(table.open_items)

    def _open_item(self, command_id: str) -> Item:
        """Return an open row of the outbox; raises :class:`EntryRefused` ``not-waiting`` when there is none."""
        for item in self._open():
            if item.entry.id == command_id:
                return item
        raise EntryRefused(Problem("not-waiting"))

    def _end(self, command_id: str, how: str) -> None:
        try:
            self.profile.outbox.write(Ended(command_id, how, self._clock().isoformat()))
        except JournalFull as error:
            raise EntryRefused(Problem("disk-full")) from error
        except JournalFailed as error:
            raise EntryRefused(Problem("disk-failed")) from error
        self._tell(WAITING, STATUS)

    def _set_sending(self, ids: frozenset[str]) -> None:
        self._sending = ids
        self._tell(WAITING, STATUS)

    def _tell(self, *topics: str) -> None:
        with self._listening:
            listeners = list(self._listeners)
        for listener in listeners:
            listener(frozenset(topics))


class _Failed(msgspec.Struct, frozen=True):
    """Failures in a row, when the last one was, and why."""

    count: int
    at: datetime
    retry_after: float | None
    problem: Problem


def _needs_person(item: Item) -> bool:
    return item.outcome is not None and item.outcome.status in (Status.REFUSED, Status.CONFLICT, Status.SUSPENSE)
