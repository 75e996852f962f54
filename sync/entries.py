"""What a person enters: recorded, taken back, acknowledged, entered again; none of it needs a line."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from models.cache import outbox as table
from models.cache.outbox import ACKNOWLEDGED, WITHDRAWN, Entry, Item
from models.cache.queries.conflicts import about
from models.cache.store import get_local
from models.contract.codec import uuid7
from models.contract.commands import Payload, TakePayment
from models.contract.outcomes import Status
from models.domain.problems import Problem
from sync.frames import Ended
from sync.journal import JournalFailed, JournalFull
from sync.outbox import EntryRefused
from sync.profile import Profile
from sync.seen import changes_what_others_may, seen, seen_by_now
from sync.status import WaitingItem, known, waiting_item, why_it_stays

WAITING: Final = "waiting"
STATUS: Final = "status"
MOST_BYTES: Final = 500_000
"""Of a command's content: a request takes a megabyte."""


class Entries:
    """The commands of one open profile, and who wants to hear of changes."""

    def __init__(
        self, profile: Profile, clock: Callable[[], datetime], server_time: Callable[[], datetime | None]
    ) -> None:
        self.profile = profile
        self.store = profile.store
        self._clock = clock
        self._server_time = server_time
        self._listeners: list[Callable[[frozenset[str]], None]] = []
        self._listening = threading.Lock()
        self._sending: frozenset[str] = frozenset()

    def submit(
        self,
        payload: Payload,
        *,
        depends_on: Sequence[str] = (),
        supersedes: str = "",
        base: Mapping[str, Any] | None = None,
    ) -> str:
        """Record a command and return its id; when this returns, it is durable in two files.

        ``base`` is what the person had before them of the fields that they change, when their form was opened; without
        it, what is known here now. The command that it ``supersedes`` leaves the list if it was refused or never sent.
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
            server_time=self._server_time(),
            since_contact=None if contact is None else max(0, int((now - contact).total_seconds())),
            base=self._base(payload) if base is None else dict(base),
            depends_on=list(depends_on),
            supersedes=supersedes,
            money=payload.MONEY,
            amount_minor=sum(line.amount_minor for line in payload.lines) if isinstance(payload, TakePayment) else None,
            currency=payload.currency if isinstance(payload, TakePayment) else "",
            account_id=getattr(payload, "account_id", None),
            about=self.store.peek(lambda connection: about(connection, payload)),
        )
        with self.profile.outbox.exclusive():
            self.profile.outbox.enter(entry)
            if supersedes:
                self._close_superseded(supersedes)
            if payload.DEED:
                self._close_refused_tries(payload, entry.id)
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

    def _close_refused_tries(self, payload: Payload, command_id: str) -> None:
        """End refused commands that tried the same deed: a mistyped code must not call for attention for ever."""
        deed = [getattr(payload, name) for name in payload.DEED]
        for item in self._open():
            if item.entry.kind != payload.KIND or item.entry.id == command_id or not known(item):
                continue
            if item.outcome is not None and item.outcome.status is Status.REFUSED:
                tried = item.entry.command().content()
                if [getattr(tried, name) for name in payload.DEED] == deed:
                    self._end(item.entry.id, ACKNOWLEDGED)

    def withdraw(self, command_id: str) -> None:
        """Take back a command that has not been sent, or close one that was refused.

        Raises :class:`EntryRefused`: ``not-waiting``, ``already-sent``, ``others-depend``, ``money-stays``.
        """
        with self.profile.outbox.exclusive():
            item = self._open_item(command_id)
            problem = why_it_stays(item, {other for one in self._open() for other in one.entry.depends_on})
            if problem is not None:
                raise EntryRefused(problem)
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

        Of one in conflict the person has seen both versions: it changes what it was told, and nothing that came later.

        Raises :class:`EntryRefused` as :meth:`submit` and :meth:`acknowledge` do.
        """
        with self.profile.outbox.exclusive():
            item = self._open_item(command_id)
            if item.outcome is None or item.outcome.status not in (Status.REFUSED, Status.CONFLICT):
                raise EntryRefused(Problem("not-waiting"))
            again = next((one.entry.id for one in self._open() if one.entry.supersedes == command_id), None)
            if again is None:
                content = payload or item.entry.command().content()
                return self.submit(content, supersedes=command_id, base=seen_by_now(item))
            self._end(command_id, ACKNOWLEDGED)
            return again

    def waiting(self) -> list[WaitingItem]:
        """Return what is not settled, oldest first: it waits, is being sent, is held, or needs a person."""
        items = self._open()
        needed = {other for item in items for other in item.entry.depends_on}
        return [waiting_item(item, self._sending, needed) for item in items if known(item)]

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

    def _base(self, payload: Payload) -> dict[str, Any]:
        """Return what this computer shows of the fields that a command changes and others may change too."""
        if not changes_what_others_may(payload):
            return {}
        items = self._open()
        return self.store.peek(lambda connection: seen(connection, payload, items))

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
