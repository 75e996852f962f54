"""Waiting for news without a connection each: one reader of the counters wakes everybody who waits in this process.

``NOTIFY`` would make every commit of the database wait in one queue; a look at a few counter rows five times a second
costs less and works through connection poolers too.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

from starlette.concurrency import run_in_threadpool

from provider.services.feed import heads
from provider.store.database import Database

_EVERY: Final = 0.2  # seconds


class Watcher:
    """The tenants' counters, read only while somebody waits."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._heads: dict[int, int] = {}
        self._waiting: dict[asyncio.Event, frozenset[int]] = {}
        self._task: asyncio.Task[None] | None = None
        self._ended = False

    async def moved(self, tenants: Iterable[int], seconds: float) -> bool:
        """Return whether one of the tenants changed anything within a time, or before the server ends."""
        if self._ended:
            return False
        event = asyncio.Event()
        self._waiting[event] = frozenset(tenants)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look())
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            return False
        finally:
            del self._waiting[event]
        return not self._ended

    def end(self) -> None:
        """Answer whoever waits, and whoever still comes, at once: the server is ending."""
        self._ended = True
        for event in self._waiting:
            event.set()

    async def _look(self) -> None:
        self._heads = await run_in_threadpool(heads, self._database)
        while self._waiting:
            await asyncio.sleep(_EVERY)
            fresh = await run_in_threadpool(heads, self._database)
            changed = {tenant for tenant, head in fresh.items() if self._heads.get(tenant) != head}
            self._heads = fresh
            for event, tenants in self._waiting.items():
                if tenants & changed:
                    event.set()


@contextmanager
def ending_with_signals(watcher: Watcher) -> Iterator[None]:
    """Let a watcher end as soon as the process is told to, before the server waits for open questions to be answered.

    The server's own handlers run all the same. Only the main thread hears signals.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before: dict[int, Callable[[int, FrameType | None], Any]] = {}

    def told(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(watcher.end)
        before[number](number, frame)

    for number in (signal.SIGTERM, signal.SIGINT):
        handler = signal.getsignal(number)
        if callable(handler):  # otherwise no server waits for anything: the process just ends
            before[number] = handler
            signal.signal(number, told)
    try:
        yield
    finally:
        for heard, handler in before.items():
            signal.signal(heard, handler)
