"""The sync client: what the rest of the program uses to record commands, to synchronise, and to know how things stand.

One loop writes then reads: what waits is sent, then what is new is applied. Nothing here asks a person anything. Any
thread may call; one run happens at a time on a computer, guarded by a lock file.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from models.cache import outbox as table
from models.cache.outbox import Item
from models.cache.queries.cut import cut
from models.cache.store import CacheDamaged, CacheFull, Connection, get_local
from models.contract.outcomes import Status
from models.contract.records import BY_TABLE
from models.domain.problems import Problem
from sync import blobs, enrolment, scopes
from sync.documents import KeptDocument
from sync.entries import STATUS, WAITING, Entries
from sync.failures import Failure, count_failures, forget_failures, last_failure, note_failure
from sync.journal import JournalFailed, JournalFull
from sync.link import DeviceForked, Link, ServerRestored, SignedOut
from sync.outbox import EntryRefused
from sync.profile import Profile
from sync.pull import pull
from sync.push import Pushed, push
from sync.retry import next_attempt, next_poll
from sync.status import Progress, State, SyncReport, SyncStatus
from sync.transport import Offline, Refused, Transport, TransportError, Unexpected, answered_directly

__all__ = ["EntryRefused", "ReadingLocked", "SyncClient"]

log = logging.getLogger(__name__)

LONGEST_WAIT: Final = 25.0


class ReadingLocked(Exception):
    """The lease has ended: nothing may be read before the next contact; ``problem`` says so."""

    def __init__(self) -> None:
        super().__init__("lease-expired")
        self.problem = Problem("lease-expired")


class _News(msgspec.Struct, frozen=True):
    changed: bool


class SyncClient(Entries):
    """The commands and the synchronisation of one open profile."""

    def __init__(
        self, profile: Profile, transport: Transport, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        super().__init__(profile, clock, transport.server_time)
        self.transport = transport
        self._link = Link(profile, transport, clock)
        self._running = threading.Lock()
        self._progress: Progress | None = None
        self._lease = self.store.peek(scopes.lease_until)
        self._seen = self.store.peek(scopes.seen)
        self.store.guard = self._guard

    @property
    def link(self) -> Link:
        """The line of this profile, for requests that need the signed-in person (``Families``)."""
        return self._link

    # How things stand

    def server_time(self) -> datetime | None:
        """Return what the provider's clock shows now by our estimate, None before the first contact since the start."""
        return self.transport.server_time()

    def status(self) -> SyncStatus:
        """Return how things stand now."""
        items = self._open()
        at, contact, failed = self.store.peek(
            lambda connection: (cut(connection), get_local(connection, "contact"), last_failure(connection))
        )
        attention = [item for item in items if item.outcome is not None and _needs_person(item)]
        unsent = [item for item in items if item.outcome is None]
        money: dict[str, int] = {}
        for item in unsent:
            if item.entry.amount_minor is not None and item.entry.currency:
                currency = item.entry.currency
                money[currency] = money.get(currency, 0) + item.entry.amount_minor
        problem = failed.problem if failed else None
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
            # Before the first contact nothing has failed yet: the first exchange is about to begin.
            state = State.OFFLINE if failed else State.ONLINE if contact else State.SYNCING
        return SyncStatus(
            state=state,
            last_contact=datetime.fromisoformat(contact) if contact else None,
            as_of=at.as_of if at.as_of.year > 1970 else None,
            waiting=len(unsent) + sum(item.outcome.status is Status.HELD for item in items if item.outcome),
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
            failed, last = last_failure(connection), get_local(connection, "synced")
            seed = str(self.profile.identity.device_id)
            if failed:
                return next_attempt(failed.count, failed.at, failed.retry_after, seed)
            if not last or table.unsent(connection):
                return now
            return next_poll(datetime.fromisoformat(last), seed)

        return self.store.peek(question)

    # Documents

    def keep_document(self, path: Path) -> KeptDocument:
        """Keep a file in the profile, to be sent before the command that names it; raises :class:`EntryRefused`."""
        return self.profile.documents.keep_file(path)

    def keep_picture(self, name: str, content: bytes) -> KeptDocument:
        """Keep a picture that was made smaller, as :meth:`keep_document` does."""
        return self.profile.documents.keep(name, content)

    def document(self, sha256: str) -> bytes:
        """Return a document from this computer or the provider; raises TransportError when it is at neither."""
        with answered_directly():
            return blobs.fetch(self._link, sha256)

    # Contact

    def sign_in(self, login: str, password: str, device_name: str) -> None:
        """Sign in on this device; raises TransportError with the reason, EntryRefused (``profile-in-use``).

        ``login`` may be an IIN, a telephone or an e-mail address too.
        """
        self._enter(enrolment.Password(login, password), device_name)

    def sign_in_by_code(self, phone: str, code: str, one_time: str, device_name: str) -> None:
        """Sign in with a code that the telephone got (``Families.ask_code``), ``code`` being the IIN; raises alike."""
        self._enter(enrolment.OneTimeCode(phone, code, one_time), device_name)

    def _enter(self, proof: enrolment.Proof, device_name: str) -> None:
        with self._running:
            if not self.profile.sender.acquire(10.0):
                raise EntryRefused(Problem("profile-in-use"))
            try:
                self.profile.reload_identity()
                with answered_directly():
                    enrolment.sign_in(self._link, proof, device_name)
                with self.store.write() as connection:
                    forget_failures(connection)
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

    def wait_for_news(self, timeout: float = LONGEST_WAIT) -> bool | None:
        """Return whether the provider has news, waiting up to ``timeout`` seconds; None when the line broke."""
        seconds = min(timeout, LONGEST_WAIT)
        query: list[tuple[str, str | int]] = [
            ("scope", f"{scope.ref.tenant}|{scope.ref.key}|{scope.sequence}") for scope in self.store.peek(scopes.kept)
        ]
        if not query:
            return False
        query.append(("seconds", str(round(seconds, 1))))
        try:
            return self._link.get("/sync/wait", _News, query, stall=seconds + 10).changed
        except Offline:
            return None
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
        failures = count_failures(self.store)
        for _attempt in range(3):
            try:
                if self.profile.needs_rebuild.is_set():
                    self.profile.rebuild_cache()
                    self._tell(*BY_TABLE)
                unsent: TransportError | None = None
                try:
                    self._send_documents(partial(report, "upload"), cancelled)
                except TransportError as error:
                    unsent = error  # commands go all the same; those that need a document wait for it there
                try:
                    push(self._link, pushed, self._set_sending, partial(report, "push"), cancelled)
                except (Refused, Unexpected) as error:
                    unsent = error  # the provider answers: what it has for us comes all the same
                read = pull(self._link, lambda topics: self._tell(*topics), report, cancelled)
                if read.complete:
                    self.profile.outbox.compact(self._clock())
                    self._forget_documents()
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

    def _send_documents(self, progress: Callable[[int, int], None], cancelled: Callable[[], bool]) -> None:
        items = self._open()
        hashes = blobs.wanted(items)
        if hashes:
            blobs.upload(self._link, hashes, blobs.missed(items), progress, cancelled)

    def _forget_documents(self) -> None:
        if not self.profile.documents.used:
            return
        needed = blobs.wanted(self._open())
        blobs.forget(self._link, needed)
        self.profile.documents.forget_old(needed, self._clock())

    def _failed(self, problem: Problem, retry_after: float | None, before: int) -> None:
        note_failure(self.store, Failure(before + 1, self._clock(), retry_after, problem))

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


def _needs_person(item: Item) -> bool:
    return item.outcome is not None and item.outcome.status in (Status.REFUSED, Status.CONFLICT, Status.SUSPENSE)
