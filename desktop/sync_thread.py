"""The thread that drives synchronisation: sends and reads as soon as there is something, a line or a due retry.

It keeps no state of its own: what is waiting and when to try again is derived from the client's stored state on each
turn, so a missed signal, a kill or a laptop's sleep cannot leave the queue standing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, Protocol

from models.domain.problems import Problem

log = logging.getLogger(__name__)

NEWS_SECONDS: Final = 25.0
"""How long one question "is there news" may stay open."""
IDLE_SECONDS: Final = 30.0
"""The longest pause without a look, whatever was told."""
SHORTEST_PAUSE: Final = 0.2
"""Between two runs, so that a stubborn failure never spins."""


class Report(Protocol):
    """What a run says of itself (``sync.status.SyncReport``)."""

    @property
    def problem(self) -> Problem | None: ...


class Syncing(Protocol):
    """The part of ``sync.client.SyncClient`` that the thread drives."""

    def sync(self) -> Report:
        """Push, then pull."""
        ...

    def wait_for_news(self, timeout: float) -> bool | None:
        """Return whether the provider has something new; None when the line broke."""
        ...

    def next_sync_at(self) -> datetime:
        """Return when the next run is due."""
        ...

    def subscribe(self, listener: Callable[[frozenset[str]], None]) -> Callable[[], None]:
        """Tell ``listener`` what changes."""
        ...


class SyncThread:
    """Runs until :meth:`stop`. :meth:`wake` makes it look at once: after an entry, on network-up, on "send now"."""

    def __init__(self, client: Syncing, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._client = client
        self._clock = clock
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
        self._news = threading.Thread(target=self._listen, name="sync-news", daemon=True)
        self._busy = False
        self._online = threading.Event()
        self._pause = threading.Event()
        self._hear_no_more: Callable[[], None] = lambda: None
        self._broke = -IDLE_SECONDS
        """When a line that broke was last a reason to look: some lines break every long question and nothing else."""

    def start(self) -> None:
        """Begin with a full exchange."""
        self._hear_no_more = self._client.subscribe(self._heard)
        self._thread.start()
        self._news.start()

    def wake(self) -> None:
        """Look now."""
        self._wake.set()

    def stop(self, seconds: float = 5.0) -> bool:
        """End after the transaction under way; returns whether it ended in time. Nothing waiting is lost either way."""
        self._stopping.set()
        self._hear_no_more()
        self._wake.set()
        self._online.set()
        self._pause.set()
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _heard(self, topics: frozenset[str]) -> None:
        # What a run itself tells is no reason for another; an entry made meanwhile makes the next one due at once.
        if "waiting" in topics and not self._busy:
            self.wake()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            self._busy = True
            problem: object = None
            try:
                problem = self._client.sync().problem
            except Exception as error:
                log.exception("a run ended unexpectedly; the next one is tried in its time")
                problem = error
            self._busy = False
            if problem is None:
                self._online.set()
            else:
                self._online.clear()
            if isinstance(problem, Exception):
                self._wake.wait(IDLE_SECONDS)
                continue
            due = (self._client.next_sync_at() - self._clock()).total_seconds()
            self._wake.wait(min(IDLE_SECONDS, max(SHORTEST_PAUSE, due)))

    def _listen(self) -> None:
        while not self._stopping.is_set():
            self._online.wait(IDLE_SECONDS)
            if self._stopping.is_set() or not self._online.is_set():
                continue
            news: bool | None = False
            try:
                news = self._client.wait_for_news(NEWS_SECONDS)
            except Exception:
                if self._stopping.is_set():
                    return  # the files were closed meanwhile
                log.exception("asking for news ended unexpectedly; it is asked again")
            if news or (news is None and self._may_look()):
                self._wake.set()
            self._pause.wait(1.0)  # an answer at once, such as a refusal, must not become a flood of questions

    def _may_look(self) -> bool:
        """Return whether a line that broke is a reason to look at once, so that whoever reads knows; seldom enough."""
        now = time.monotonic()
        if now - self._broke < IDLE_SECONDS:
            return False
        self._broke = now
        return True
