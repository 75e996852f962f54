"""The thread that drives synchronisation: what ends it, and what does not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from desktop.sync_thread import SyncThread
from sync.status import SyncReport

NOW = datetime(2026, 9, 7, tzinfo=UTC)
PATIENCE = 60.0


class Client:
    """Counts runs and questions; what a question for news does is given."""

    def __init__(self, news: Callable[[int], bool | None] = lambda _asked: False) -> None:
        self._news = news
        self._changed = threading.Condition()
        self.runs = 0
        self.asked = 0
        self.listeners: list[Callable[[frozenset[str]], None]] = []

    def sync(self) -> SyncReport:
        with self._changed:
            self.runs += 1
            self._changed.notify_all()
        return SyncReport()

    def wait_for_news(self, timeout: float) -> bool | None:
        with self._changed:
            self.asked += 1
            asked = self.asked
            self._changed.notify_all()
        return self._news(asked)

    def next_sync_at(self) -> datetime:
        return NOW + timedelta(days=1)

    def subscribe(self, listener: Callable[[frozenset[str]], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def until(self, condition: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, PATIENCE)


def test_news_that_fail_unexpectedly_are_asked_for_again() -> None:
    def news(asked: int) -> bool:
        if asked == 1:
            raise RuntimeError("the cache is in the works")
        return asked == 2

    client = Client(news)
    thread = SyncThread(client, lambda: NOW)
    thread.start()
    client.until(lambda: client.asked >= 2)
    client.until(lambda: client.runs >= 2)
    assert thread.stop(PATIENCE)


def test_who_stopped_listens_no_more_and_a_closed_cache_is_no_crash() -> None:
    asked, closed = threading.Event(), threading.Event()
    caught: list[threading.ExceptHookArgs] = []

    def news(_asked: int) -> bool:
        asked.set()
        closed.wait(PATIENCE)
        raise RuntimeError("the cache is closed")

    before, threading.excepthook = threading.excepthook, caught.append
    try:
        client = Client(news)
        thread = SyncThread(client, lambda: NOW)
        thread.start()
        assert asked.wait(PATIENCE)
        assert len(client.listeners) == 1
        assert thread.stop(PATIENCE)
        assert client.listeners == []
        closed.set()
        thread._news.join(PATIENCE)
        assert not thread._news.is_alive()
        assert caught == []
    finally:
        threading.excepthook = before


def test_what_is_entered_between_runs_is_looked_at_at_once() -> None:
    client = Client()
    thread = SyncThread(client, lambda: NOW)
    thread.start()
    client.until(lambda: client.asked >= 1)  # asked only after the first run went well
    client.listeners[0](frozenset({"waiting"}))
    client.until(lambda: client.runs >= 2)
    assert thread.stop(PATIENCE)


def test_a_line_that_breaks_is_looked_at_at_once_but_not_again_and_again() -> None:
    client = Client(lambda _asked: None)
    thread = SyncThread(client, lambda: NOW)
    thread.start()
    client.until(lambda: client.runs >= 2)
    client.until(lambda: client.asked >= 3)  # the third question was asked after the second had broken too
    assert client.runs == 2
    assert thread.stop(PATIENCE)
