"""What the simulation has found, one by one: each was a failing seed once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from models.cache.queries.accounts import accounts
from models.contract.commands import PaidLine, RequestDataCorrection, TakePayment
from models.contract.messages import PullAnswer, SignInRequest
from provider.services import sessions
from provider.services.identity import revoke
from provider.services.links import token_hash
from provider.store.database import Database
from sync.client import SyncClient
from sync.identity import new_device_key
from sync.link import Link
from tests.sync.wire import Wire
from tests.sync.world import PASSWORD, World, build_world


def test_what_was_done_is_still_answered_after_the_access_was_taken_away(
    client: SyncClient, world: World, wire: Wire
) -> None:
    client.submit(RequestDataCorrection(world.account, "residents", "4", "done, but the answer is lost"))
    wire.break_("lost", count=1)
    assert client.sync().problem is not None
    with world.database.change() as unit:
        revoke(unit, client.profile.identity.user_id, world.tenant, f"account:{world.account}", datetime.now(UTC))
    client.sync()
    client.sync()
    assert client.waiting() == []
    assert client.store.read(accounts) == []
    assert world.requests() == 1


def test_a_renewal_that_arrives_twice_at_once_signs_nobody_out(database: Database) -> None:
    build_world(database)
    now = datetime.now(UTC)
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(new_device_key())).public_key().public_bytes_raw().hex()
    first = sessions.sign_in(database, SignInRequest("123456", PASSWORD, key, "test"), "127.0.0.1", now)
    with ThreadPoolExecutor(2) as pool:
        with database.engine.begin() as connection:
            connection.execute(text("SELECT 1 FROM user_session FOR UPDATE"))  # both arrive before either is done
            copies = [pool.submit(sessions.refresh, database, first.refresh_token, now) for _ in range(2)]
            _until_both_wait(database)
        answers = {copy.result().refresh_token for copy in copies}
    with database.read() as connection:
        spent = connection.execute(text("SELECT token_hash FROM refresh_token WHERE spent_at IS NOT NULL")).scalars()
        assert not {token_hash(answer) for answer in answers} & set(spent)
    assert sessions.refresh(database, answers.pop(), now).user_id == first.user_id


def _until_both_wait(database: Database) -> None:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    pause = threading.Event()
    for _ in range(500):
        with database.engine.connect() as connection:
            if connection.execute(waiting).scalar_one() >= 2:
                return
        pause.wait(0.02)
    raise AssertionError("nobody waits")


def test_an_old_answer_that_comes_again_is_no_answer(
    client: SyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[PullAnswer] = []
    honest = Link.post

    def keeping(self: Link, path: str, body: Any, kind: Any) -> Any:
        answer = honest(self, path, body, kind)
        if path == "/sync/pull":
            kept.append(answer)
        return answer

    monkeypatch.setattr(Link, "post", keeping)
    world.rename(world.account, "Бірінші Иесі")
    assert client.sync().complete
    world.rename(world.account, "Екінші Иесі")
    assert client.sync().complete
    monkeypatch.setattr(Link, "post", lambda self, path, body, kind: kept[0] if path == "/sync/pull" else None)
    monkeypatch.setattr("sync.pull.repair", lambda *_: pytest.fail("an old page is no reason to repair anything"))
    report = client.sync()
    assert report.problem is not None
    assert report.problem.code == "unexpected-answer"
    assert client.store.read(accounts)[0].account.holder == "Екінші Иесі"
    monkeypatch.undo()
    assert client.sync().complete


def test_an_office_that_is_taken_away_during_its_first_load_stops_nothing(
    make_client: Callable[..., SyncClient], world: World
) -> None:
    client = make_client()
    client.sign_in(world.clerk, PASSWORD, "desk")
    command = client.submit(TakePayment(world.account, "KZT", [PaidLine(11, 5_000)], "cash", "desk-1"))
    with world.database.change() as unit:
        revoke(unit, client.profile.identity.user_id, world.tenant, "office", datetime.now(UTC))
    report = client.sync()
    assert (report.problem, report.pushed, report.complete) == (None, 1, True)
    assert [(item.command_id, item.state) for item in client.waiting()] == [(command, "suspense")]
    assert client.store.read(accounts) == []
