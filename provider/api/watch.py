"""Waiting for news without a connection each: one reader of the counters wakes everybody who waits in this process.

``NOTIFY`` would make every commit of the database wait in one queue; a look at a few counter rows five times a second
costs less and works through connection poolers too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Final

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

    async def moved(self, tenants: Iterable[int], seconds: float) -> bool:
        """Return whether one of the tenants changed anything within a time."""
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
        return True

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
