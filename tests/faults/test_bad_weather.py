"""Each fault at each exchange: a clear sentence, a next attempt, nothing lost, and everything done once afterwards."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from argon2 import PasswordHasher
from sqlalchemy import URL

from models.cache.queries.accounts import accounts
from models.contract.commands import PaidLine, TakePayment
from models.contract.sentences import sentence
from provider.services import passwords
from tests.faults.line import FAULTS, Line, Loop
from tests.faults.scene import Clock, Device, Service
from tests.sync.world import World, build_world
from translations import using

CODES: Final = {
    "down": {"offline"},
    "half": {"offline"},
    "lost": {"offline"},
    "silent": {"provider-slow"},
    "silent-after": {"provider-slow"},
    "gateway": {"not-a-provider", "provider-unavailable"},
    "truncated": {"truncated-answer"},
    "damaged": {"damaged-answer"},
    "portal": {"not-a-provider"},
    "redirect": {"not-a-provider"},
    "busy": {"provider-unavailable"},
}
"""What a person is told of a fault; the faults that are not here are none for them."""


class Desk:
    """A cashier's device with everything synchronised."""

    def __init__(self, url: URL, folder: Path) -> None:
        self.clock = Clock()
        self.service = Service(url, folder / "provider", self.clock)
        self.world: World = build_world(self.service.database, range(300_000, 300_040))
        self.line = Line(Loop(), self.service.app, random.Random(1))
        self.device = Device("desk", self.world.clerk, folder / "desk", self.line, self.clock)
        self.device.sign_in()
        self.client = self.device.client

    def pay(self, amount: int) -> str:
        """Take money."""
        return self.client.submit(TakePayment(self.world.account, "KZT", [PaidLine(11, amount)], "cash", "desk-1"))

    def cash(self) -> list[int]:
        """Return what the provider booked."""
        return [int(row[0]) for row in self.service.rows("SELECT amount FROM posting WHERE account LIKE 'cash:%'")]


@pytest.fixture
def desk(database_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    made = Desk(database_url, tmp_path)
    yield made
    made.device.close()
    made.service.close()


def says_something(code_sentence: str, code: str) -> bool:
    return bool(code_sentence.strip()) and code not in code_sentence


@pytest.mark.parametrize("at", [0, 1], ids=["while sending", "while reading"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_costs_time_and_nothing_else(desk: Desk, fault: str, at: int) -> None:
    assert desk.client.sync().complete
    command = desk.pay(5_000)
    desk.line.plan = [""] * at + [fault]
    report = desk.client.sync()
    if fault in CODES:
        assert report.problem is not None
        assert report.problem.code in CODES[fault]
        for language in ("kk", "ru", "uk", "en"):
            with using(language):
                assert says_something(sentence(report.problem), report.problem.code)
        assert desk.cash() == [5_000] or [item.command_id for item in desk.client.waiting()] == [command]
        due = desk.client.next_sync_at()
        assert desk.clock() < due <= desk.clock() + timedelta(seconds=3_600)
        desk.clock.now = due
    desk.line.deliver_late()
    for _ in range(2):
        assert desk.client.sync().problem is None
    assert desk.client.waiting() == []
    assert desk.cash() == [5_000]


def test_the_provider_says_when_to_come_again(desk: Desk) -> None:
    desk.line.dice = random.Random(3)
    waits = set()
    for _ in range(6):
        desk.line.plan = ["busy"]
        desk.client.sync()
        waits.add((desk.client.next_sync_at() - desk.clock()).total_seconds())
    assert max(waits) >= 700


@pytest.mark.parametrize("fault", ["down", "lost", "truncated", "damaged", "portal", "busy"])
def test_a_first_load_goes_on_after_any_number_of_faults(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr("provider.services.feed.CHUNK_ROWS", 10)
    seen = [0]
    for whole in range(1, 200):
        desk.line.plan = [""] * whole + [fault]
        report = desk.client.sync()
        seen.append(desk.client.store.peek(lambda c: c.execute("SELECT count(*) FROM account").fetchone()[0]))
        assert seen[-1] >= seen[-2], "what was loaded stays"
        if report.complete:
            break
        desk.clock.now = desk.client.next_sync_at()
    desk.line.plan = []
    assert desk.client.sync().complete
    assert len(desk.client.store.read(accounts)) == 41
