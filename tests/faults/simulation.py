"""One seed drives everything: people, programs, lines, disks and clocks, over the real client and the real provider."""

from __future__ import annotations

import itertools
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import argon2
import pytest
from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool

import provider.services.feed as provider_feed
import sync.failpoints as client_points
import sync.pull
from models.contract.messages import CHUNK_ROWS, MAX_PAGE_ROWS
from provider.services import passwords
from provider.store.cluster import Cluster
from provider.store.database import Database
from sync import integrity
from sync.link import Link
from sync.scopes import Scope
from tests.faults.ending import check, settle
from tests.faults.line import Line, Loop
from tests.faults.scene import Clock, Device, Killed, Scene, Service
from tests.faults.steps import OTHERS, run_sync, step
from tests.faults.watch import Violation, violated
from tests.fixtures.provider import fast_folder
from tests.sync.world import World, build_world

STEPS: Final = 60
_WORLD: Final = "kabinet_faults"
_numbers = itertools.count(1)


class Failed(AssertionError):
    """A seed broke a promise: the message has the seed, the promise and every step."""


@dataclass(frozen=True)
class Ran:
    """What a run did."""

    seed: int
    seconds: float
    commands: int
    exchanges: int
    deaths: int
    rounds: int


@contextmanager
def _cheap_passwords() -> Iterator[None]:
    """Hash passwords at hardly any cost inside the block: they are not the matter here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


class Simulator:
    """Runs seeds one after another over one PostgreSQL; each seed has a database of its own."""

    def __init__(self, cluster: Cluster, template: str) -> None:
        self._cluster = cluster
        self._loop = Loop()
        self._admin = create_engine(
            make_url(cluster.url("postgres")), isolation_level="AUTOCOMMIT", poolclass=NullPool
        ).connect()
        self._sql(f"DROP DATABASE IF EXISTS {_WORLD}")
        self._sql(f"CREATE DATABASE {_WORLD} TEMPLATE {template}")
        database = Database(make_url(cluster.url(_WORLD)))
        with _cheap_passwords():
            self._world = build_world(database, OTHERS)
        database.close()

    def close(self) -> None:
        """Leave nothing behind."""
        self._sql(f"DROP DATABASE {_WORLD} WITH (FORCE)")
        self._admin.close()

    def run(self, seed: int, steps: int = STEPS) -> Ran:
        """Run one seed to its end; raises :class:`Failed`."""
        began = time.perf_counter()
        name = f"{_WORLD}_{next(_numbers)}"
        self._sql(f"CREATE DATABASE {name} TEMPLATE {_WORLD}")
        folder = Path(tempfile.mkdtemp(prefix="kabinet-faults-", dir=fast_folder()))
        try:
            with _cheap_passwords(), self._scene(seed, make_url(self._cluster.url(name)), folder) as scene:
                rounds = _play(scene, steps)
                return Ran(
                    seed=seed,
                    seconds=time.perf_counter() - began,
                    commands=sum(len(device.told) for device in scene.devices),
                    exchanges=sum(device.line.exchanges for device in scene.devices),
                    deaths=sum(device.deaths for device in scene.devices),
                    rounds=rounds,
                )
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            self._sql(f"DROP DATABASE {name} WITH (FORCE)")

    def _sql(self, statement: str) -> None:
        self._admin.exec_driver_sql(statement)

    @contextmanager
    def _scene(self, seed: int, url: Any, folder: Path) -> Iterator[Scene]:
        dice = random.Random(seed)
        clock = Clock()
        patch = pytest.MonkeyPatch()
        patch.setattr(provider_feed, "MAX_PAGE_ROWS", dice.choice((4, 25, MAX_PAGE_ROWS)))
        patch.setattr(provider_feed, "CHUNK_ROWS", dice.choice((3, 20, CHUNK_ROWS)))
        patch.setattr(client_points, "Injected", Killed)
        service = Service(url, folder / "provider", clock)
        world = World(service.database, self._world.tenant, self._world.account)
        trace: list[str] = []
        devices: list[Device] = []
        try:
            people = [("home", world.resident), ("desk", world.clerk), ("phone", world.resident)]
            for name, login in people[: dice.choice((2, 3))]:
                line = Line(self._loop, service.app, dice)
                skew = timedelta(seconds=dice.choice((0, 0, 0, -3_000, 3_000)))
                devices.append(Device(name, login, folder / name, line, clock, skew))
            yield Scene(seed, dice, clock, service, world, devices, self._loop, trace)
        finally:
            client_points.arm("")
            patch.undo()
            for device in devices:
                device.close()
            service.close()


def _play(scene: Scene, steps: int) -> int:
    """Run a scene to its end and return in how many rounds it became quiet."""
    repaired: list[str] = []
    patch = pytest.MonkeyPatch()

    def repair(link: Link, scope: Scope, table: str) -> bool:
        repaired.append(f"{table} of {scope.ref.key}, device {link.identity.device_id}")
        scene.say(f"    REPAIR of {repaired[-1]}")
        return integrity.repair(link, scope, table)

    patch.setattr(sync.pull, "repair", repair)
    try:
        before = {
            (row.account_id, row.service_id): int(row.balance_minor)
            for row in scene.service.rows("SELECT account_id, service_id, balance_minor FROM account_service")
        }
        for device in scene.devices:
            device.sign_in()
            run_sync(scene, device, calm=True)
        for number in range(1, steps + 1):
            step(scene, number)
            if repaired:  # a repair heals what the feed has lost; here nothing else may have damaged a row
                raise violated("I3", f"the feed had to be repaired: {repaired[0]}")
        rounds = settle(scene)
        check(scene, before)
        if repaired:
            raise violated("I3", f"the feed had to be repaired: {repaired[0]}")
    except Violation as violation:
        raise Failed("\n".join([f"seed {scene.seed}: {violation}", *scene.trace])) from violation
    except Exception as error:
        raise Failed("\n".join([f"seed {scene.seed}: {type(error).__name__}: {error}", *scene.trace])) from error
    finally:
        patch.undo()
    return rounds
