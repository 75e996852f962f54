"""How far devices have read: noted for the people who look after them, some devices by one statement.

Nobody waits for these notes, and a few that a fall of the provider loses come again with the next pull. One write for
each pull would cost the provider as much as the pull itself.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Final

from starlette.concurrency import run_in_threadpool

from models.contract.messages import PullRequest
from provider.store import devices
from provider.store.database import Database

_EVERY: Final = 2.0  # seconds


class Positions:
    """The latest position of each device that has spoken, until it is written down."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._heard: dict[int, devices.Position] = {}
        self._task: asyncio.Task[None] | None = None

    def heard(self, device: int, request: PullRequest, now: datetime) -> None:
        """Note where a device is, soon; called on the event loop."""
        self._heard[device] = devices.Position(device, now, request.schema, request.cursors)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write_soon())

    async def _write_soon(self) -> None:
        while self._heard:
            await asyncio.sleep(_EVERY)
            await self.write()

    async def write(self) -> None:
        """Write down what was heard since."""
        heard, self._heard = self._heard, {}
        if heard:
            await run_in_threadpool(devices.pulled, self._database, list(heard.values()))
