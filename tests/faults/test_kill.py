"""Real processes, really killed, at both ends; each end by itself is in tests/sync and tests/provider."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from models.contract.commands import PaidLine, TakePayment
from provider.store.database import Database
from provider.store.migrate import head
from sync.client import SyncClient
from sync.profile import Profile
from sync.transport import Transport
from tests.fixtures.client import BALLAST, PROFILE_PASSWORD
from tests.sync.world import PASSWORD, World, build_world

ROOT = Path(__file__).parents[2]
POINTS = (
    "after_commit_before_reply",
    "during_page",
    *(
        pytest.param(point, marks=pytest.mark.long)
        for point in ("after_claim", "before_flush", "after_counter", "before_commit", "after_commit", "during_chunk")
    ),
)


class Server:
    """``kabinet-provider serve`` on one port, started as often as it dies."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self.process: subprocess.Popen[str] | None = None

    def start(self, failpoint: str = "") -> None:
        """Start and return when it serves."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "provider", "serve", "--port", str(self._port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={
                **os.environ,
                "KABINET_DATABASE_URL": self._database.url.render_as_string(hide_password=False),
                "KABINET_DATA_DIR": str(self._folder),
                "KABINET_FAILPOINT": failpoint,
            },
            cwd=ROOT,
            text=True,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline().strip(), "the provider did not start"

    def kill(self) -> None:
        """Kill it as by ``kill -9``."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(30)
            assert self.process.stdout is not None
            self.process.stdout.close()
            self.process = None


@pytest.fixture
def world(database: Database) -> World:
    # The subprocess migrates what the fixture made from the code: tell it that this is the newest revision.
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head()})
    return build_world(database)


@pytest.fixture
def server(database: Database, world: World, tmp_path: Path) -> Iterator[Server]:
    made = Server(database, tmp_path / "provider")
    yield made
    made.kill()


def cash(world: World) -> dict[str, int]:
    """Return what the provider booked, by command; fails when a command was booked twice."""
    with world.database.read() as connection:
        rows = connection.execute(
            text(
                "SELECT t.command_id, p.amount FROM transaction t JOIN posting p ON p.transaction_id = t.id "
                "WHERE p.account LIKE 'cash:%'"
            )
        ).all()
        assert connection.execute(text("SELECT sum(amount) FROM posting")).scalar() == 0
    assert len({row.command_id for row in rows}) == len(rows), "a payment was booked twice"
    return {row.command_id: int(row.amount) for row in rows}


def signed_in(profile: Profile, url: str, world: World) -> SyncClient:
    client = SyncClient(profile, Transport(url, stall_seconds=60.0))
    client.sign_in(world.clerk, PASSWORD, "desk")
    return client


@pytest.mark.parametrize("point", POINTS)
def test_money_is_booked_once_when_the_provider_is_killed(
    make_profile: Callable[..., Profile], server: Server, world: World, point: str
) -> None:
    server.start()
    client = signed_in(make_profile(server.url), server.url, world)
    if point != "during_chunk":
        assert client.sync().complete
    server.kill()
    server.start(f"{point}:kill")
    told = {
        client.submit(TakePayment(world.account, "KZT", [PaidLine(11, amount)], "cash", "desk-1")): amount
        for amount in (1_000, 2_000, 3_000)
    }
    assert client.sync().problem is not None
    assert server.process is not None
    assert server.process.wait(30) == -signal.SIGKILL
    server.kill()
    server.start()
    assert client.sync().complete
    assert client.waiting() == []
    assert cash(world) == told


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
def test_money_is_booked_once_when_both_ends_are_killed_at_any_moment(
    make_profile: Callable[..., Profile], server: Server, world: World, profile_folder: Path, seed: int
) -> None:
    dice = random.Random(seed)
    server.start()
    client = signed_in(make_profile(server.url), server.url, world)
    assert client.sync().complete
    client.profile.close()
    told: dict[str, int] = {}
    for _round in range(6):
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.child", str(profile_folder), server.url, str(world.account)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert child.stdout is not None
        heard = [child.stdout.readline()]
        threading.Event().wait(dice.uniform(0.0, 0.6))
        if dice.random() < 0.7:
            server.kill()
            threading.Event().wait(dice.uniform(0.0, 0.3))
            if dice.random() < 0.5:
                server.start()
                threading.Event().wait(dice.uniform(0.0, 0.3))
        child.kill()
        heard += child.stdout.read().splitlines()
        child.wait(30)
        child.stdout.close()
        for line in heard:
            command, _, amount = line.strip().partition(" ")
            if len(command) == 36 and amount.isdigit():
                told[command] = int(amount)
        if server.process is None:
            server.start()
    again = SyncClient(Profile.open(profile_folder, password=PROFILE_PASSWORD, ballast=BALLAST), Transport(server.url))
    report: Any = again.sync()
    assert report.complete, report
    assert again.sync().complete
    assert again.waiting() == []
    again.profile.close()
    booked = cash(world)
    assert len(told) > 20
    assert told.items() <= booked.items(), "somebody was told of money that is not booked"
    assert len(booked) <= len(told) + 6, "at most what was being entered at each kill was not told"
