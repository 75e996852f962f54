"""Where a simulated run happens: one clock, one provider that can be restarted, and devices that can be killed."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from sqlalchemy import text

import sync.failpoints as client_points
from models.cache.vault import Hardness
from models.contract.commands import Payload
from provider.app import create_app
from provider.settings import Settings
from provider.store.database import Database, Unit
from sync.client import SyncClient
from sync.profile import Profile
from tests.faults.line import ADDRESS, Line, LineTransport, Loop
from tests.sync.world import PASSWORD, World

START: Final = datetime(2024, 2, 16, 4, 0, tzinfo=UTC)
"""Inside the reading window of the sample provider, so that readings may be given."""
SECRET: Final = "a password of the profile"
_BALLAST: Final = 4_096


@dataclass
class Clock:
    """The only time there is."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)


class Service:
    """The provider: its database, and the process over it that a restart replaces."""

    def __init__(self, url: Any, folder: Path, clock: Clock) -> None:
        self._url = url
        self._settings = Settings(data_dir=folder, database_url="unused", durable=False, clock=clock)
        self.clock = clock
        self.database, self.app = self._begin()
        self.open: tuple[Any, Unit] | None = None
        """A transaction of another writer that has not been committed yet."""

    def _begin(self) -> tuple[Database, FastAPI]:
        database = Database(self._url, pool_size=4)
        return database, create_app(database, self._settings)

    def restart(self) -> None:
        """End the process as it is, with whatever was not committed, and start another one."""
        self.end_open(commit=False)
        self.database.close()
        self.database, self.app = self._begin()

    def begin_open(self) -> Unit:
        """Begin a transaction that stays open."""
        context = self.database.change()
        self.open = (context, context.__enter__())
        return self.open[1]

    def end_open(self, *, commit: bool = True) -> bool:
        """End the open transaction; returns whether there was one."""
        if self.open is None:
            return False
        (context, _unit), self.open = self.open, None
        if commit:
            context.__exit__(None, None, None)
        else:
            try:
                context.__exit__(_Undone, _Undone(), None)
            except _Undone:
                return True
        return True

    def close(self) -> None:
        """Give every connection back."""
        self.end_open(commit=False)
        self.database.close()

    def rows(self, query: str, **values: Any) -> list[Any]:
        """Return rows of the provider's database."""
        with self.database.read() as connection:
            return list(connection.execute(text(query), values).all())

    def value(self, query: str, **values: Any) -> Any:
        """Return one value of the provider's database."""
        return self.rows(query, **values)[0][0]


class _Undone(Exception):
    pass


class Killed(client_points.Injected):
    """The client died at a fail point; ``folder`` holds its files as they were at that instant."""

    folder: Path

    def __init__(self, name: str) -> None:
        super().__init__(name)
        assert _dying is not None, "nobody was to be killed"
        self.point = name
        self.folder = _dying.copy_of_files()


_dying: Device | None = None


@dataclass
class Told:
    """A command of which its person was told that it is recorded."""

    payload: Payload
    depends_on: tuple[str, ...] = ()
    ended: str = ""  # withdrawn | acknowledged by the person


@dataclass
class Device:
    """One computer with one profile."""

    name: str
    login: str
    folder: Path
    line: Line
    clock: Clock
    skew: timedelta = timedelta()
    told: dict[str, Told] = field(default_factory=dict)
    cursors: dict[tuple[int, str], int] = field(default_factory=dict)
    whole: bool = False
    """Whether a run was complete since the cache was made."""
    taken: set[str] = field(default_factory=set)
    """Scopes that the provider took from this person: nothing new of them can arrive."""
    deaths: int = 0

    def __post_init__(self) -> None:
        self.profile = Profile.create(
            self.folder, ADDRESS, password=SECRET, hardness=Hardness(8, 1, 1), ballast=_BALLAST
        )
        self.client = self._client()

    def _client(self) -> SyncClient:
        transport = LineTransport(self.line, clock=self.time)
        return SyncClient(self.profile, transport, clock=self.time)

    def time(self) -> datetime:
        """Return what this computer's clock shows, rightly or not."""
        return self.clock() + self.skew

    def sign_in(self) -> None:
        """Sign in with the person's password."""
        self.client.sign_in(self.login, PASSWORD, self.name)

    @contextmanager
    def dying_at(self, points: str) -> Iterator[None]:
        """Let the client die inside the block when it reaches one of ``points``."""
        global _dying
        _dying = self
        client_points.arm(points)
        try:
            yield
        finally:
            client_points.arm("")
            _dying = None

    def copy_of_files(self) -> Path:
        """Return a copy of the profile's files as they are now: what a killed process leaves behind."""
        self.deaths += 1
        target = self.folder.with_name(f"{self.name}-{self.deaths}")
        shutil.copytree(self.folder, target, ignore=shutil.ignore_patterns("ballast"))
        return target

    def reborn(self, folder: Path) -> None:
        """Go on with the files that a death left behind."""
        old, self.folder = self.folder, folder
        self.close()
        shutil.rmtree(old)
        self.open()

    def close(self) -> None:
        """End the program in order."""
        self.client.transport.close()
        self.profile.close()

    def open(self) -> None:
        """Start the program."""
        self.profile = Profile.open(self.folder, password=SECRET, ballast=_BALLAST)
        self.client = self._client()

    def may_read(self, scope: str, given: bool) -> None:
        """Note that the provider gave or took a scope; what is new in one that was given comes with the next run."""
        if given:
            self.taken.discard(scope)
            self.whole = False
        else:
            self.taken.add(scope)

    def lost_cache(self) -> None:
        """Note that the cache begins anew, and its cursors with it."""
        self.cursors.clear()
        self.whole = False


@dataclass
class Scene:
    """Everything of one run."""

    seed: int
    dice: random.Random
    clock: Clock
    service: Service
    world: World
    devices: list[Device]
    loop: Loop
    trace: list[str]

    def say(self, words: str) -> None:
        """Add a line to the trace."""
        self.trace.append(words)

    def each_line(self) -> Iterator[Line]:
        """Return every device's line."""
        return (device.line for device in self.devices)

    def restart_provider(self) -> None:
        """Let the provider's process end and another one begin."""
        self.service.restart()
        self.world = World(self.service.database, self.world.tenant, self.world.account)
        for line in self.each_line():
            line.app = self.service.app
