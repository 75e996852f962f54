"""Killed at every durable step, then started again: nothing is lost and nothing is doubled (faults F1-F5)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from models.cache.queries.accounts import accounts
from models.cache.queries.search import search
from models.contract.commands import RequestDataCorrection
from sync.client import SyncClient
from tests.sync.wire import Wire
from tests.sync.world import PASSWORD, World

ROOT = Path(__file__).parents[2]


def killed(folder: Path, url: str, point: str, action: str, account: int) -> str:
    """Run a child that is killed at ``point``; returns what it had said before."""
    environment = {**os.environ, "KABINET_FAILPOINT": f"{point}:kill"}
    child = subprocess.run(
        [sys.executable, "-m", "tests.sync.child", str(folder), url, action, str(account)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert child.returncode == -signal.SIGKILL, (child.returncode, child.stdout, child.stderr)
    return child.stdout.strip()


@pytest.mark.parametrize(("point", "entered"), [("E1", 0), ("E2", 1), ("E3", 1)])
def test_a_client_killed_while_recording_has_all_of_the_entry_or_nothing(
    client: SyncClient,
    make_client: Callable[..., SyncClient],
    world: World,
    wire: Wire,
    profile_folder: Path,
    point: str,
    entered: int,
) -> None:
    client.profile.close()
    assert killed(profile_folder, wire.url, point, "enter", world.account) == ""
    again = make_client()
    assert len(again.waiting()) == entered
    assert again.sync().complete
    assert world.requests() == entered
    assert again.waiting() == []


@pytest.mark.parametrize("point", ["P1", "P2", "P3", "P4"])
def test_a_client_killed_while_sending_sends_everything_exactly_once(
    client: SyncClient,
    make_client: Callable[..., SyncClient],
    world: World,
    wire: Wire,
    profile_folder: Path,
    point: str,
) -> None:
    for number in range(3):
        client.submit(RequestDataCorrection(world.account, "residents", "4", f"number {number}"))
    client.profile.close()
    killed(profile_folder, wire.url, point, "sync", world.account)
    again = make_client()
    assert len(again.waiting()) == 3
    later = again.submit(RequestDataCorrection(world.account, "residents", "4", "after"))
    assert later
    assert again.sync().complete
    assert world.requests() == 4
    assert again.waiting() == []


@pytest.mark.parametrize("point", ["A1", "A1:2", "A2"])
def test_a_client_killed_while_applying_a_page_has_all_of_it_or_nothing(
    client: SyncClient,
    make_client: Callable[..., SyncClient],
    world: World,
    wire: Wire,
    profile_folder: Path,
    point: str,
) -> None:
    world.rename(world.account, "Жаңа Иесі")
    world.touch("meter", 501, place="kitchen")
    client.profile.close()
    killed(profile_folder, wire.url, point, "sync", world.account)
    again = make_client()
    assert again.store.read(accounts)[0].account.holder != "Жаңа Иесі"
    report = again.sync()
    assert report.complete
    assert again.store.read(accounts)[0].account.holder == "Жаңа Иесі"


@pytest.mark.parametrize("point", ["B1", "B1:5", "B2:5", "B3"])
def test_a_client_killed_during_the_first_load_goes_on_where_it_stopped(
    make_client: Callable[..., SyncClient],
    world: World,
    wire: Wire,
    profile_folder: Path,
    point: str,
) -> None:
    world.add_accounts(range(200_000, 206_000))
    first = make_client()
    first.sign_in(world.clerk, PASSWORD, "desk")
    first.profile.close()
    killed(profile_folder, wire.url, point, "sync", world.account)
    again = make_client()
    world.rename(200_001, "Кейінгі Иесі")
    world.remove("account_service", 10_200_002, 200_002)
    report = again.sync()
    assert report.problem is None
    assert report.complete
    assert len(again.store.read(accounts)) == 6_001
    assert [line.account.id for line in again.store.read(lambda c: search(c, "кейінгі"))] == [200_001]
    assert again.store.check() == []
    count = again.store.peek(lambda c: c.execute("SELECT count(*) FROM account_service").fetchone()[0])
    assert count == world.count("SELECT count(*) FROM account_service")


def test_whatever_was_said_to_be_recorded_is_there_after_a_kill_at_any_moment(
    client: SyncClient,
    make_client: Callable[..., SyncClient],
    world: World,
    wire: Wire,
    profile_folder: Path,
) -> None:
    client.profile.close()
    told: list[str] = []
    for _round in range(3):
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.sync.child", str(profile_folder), wire.url, "enter-many", str(world.account)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        told += [child.stdout.readline().strip() for _ in range(25)]
        child.kill()
        told += [line.strip() for line in child.stdout if len(line.strip()) == 36]
        child.wait()
    again = make_client()
    waiting = [item.command_id for item in again.waiting()]
    assert set(told) <= set(waiting)
    assert len(waiting) == len(set(waiting)) <= len(told) + 3
    assert again.sync().complete
    assert world.requests() == len(waiting)
