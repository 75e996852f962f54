"""Every way a line can break: nothing of a bad answer is used, and the work goes out when the line is back."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from models.cache.queries.accounts import accounts
from models.contract.commands import RequestDataCorrection
from sync.client import SyncClient
from sync.people import People
from sync.status import State
from sync.transport import Offline, Refused, Transport, Unexpected
from tests.sync.wire import Wire
from tests.sync.world import PASSWORD, World


@pytest.mark.parametrize(
    ("mode", "code"),
    [
        ("down", "offline"),
        ("lost", "offline"),
        ("cut", "truncated-answer"),
        ("corrupt", "damaged-answer"),
        ("html", "not-a-provider"),
        ("stall", "provider-slow"),
    ],
)
def test_a_broken_answer_changes_nothing_and_the_next_run_does(
    make_client: Callable[..., SyncClient], world: World, wire: Wire, mode: str, code: str
) -> None:
    client = make_client()
    client.sign_in(world.resident, PASSWORD, "test")
    assert client.sync().complete
    world.rename(world.account, "Жаңа Иесі " * 40)
    before = client.store.read(accounts)
    wire.break_(mode, after=700)
    report = client.sync()
    assert report.problem is not None
    assert report.problem.code == code
    assert client.store.read(accounts) == before
    assert client.status().state is State.OFFLINE
    assert client.status().problem == report.problem
    wire.heal()
    assert client.sync().complete
    assert client.store.read(accounts)[0].account.holder.startswith("Жаңа Иесі")


@pytest.mark.parametrize("mode", ["down", "lost", "cut", "corrupt", "html"])
def test_work_goes_out_once_whatever_breaks_for_however_long(
    client: SyncClient, world: World, wire: Wire, mode: str
) -> None:
    for number in range(1, 6):
        client.submit(RequestDataCorrection(world.account, "residents", "4", f"number {number}"))
        wire.break_(mode, count=number, after=90)
        while client.sync().problem is not None:
            pass
    assert client.waiting() == []
    assert world.requests() == 5


def test_a_slow_line_is_still_a_line(client: SyncClient, world: World, wire: Wire) -> None:
    wire.break_("slow")
    world.rename(world.account, "Жаңа Иесі")
    assert client.sync().complete


def test_failures_in_a_row_wait_longer_and_a_success_forgets_them(client: SyncClient, wire: Wire) -> None:
    wire.break_("down")
    waits = []
    for _attempt in range(6):
        client.sync()
        waits.append((client.next_sync_at() - client._clock()).total_seconds())
    assert all(low < high * 2 for low, high in itertools.pairwise(waits))
    assert 0.5 <= waits[0] <= 2
    assert 31 <= waits[5] <= 64
    wire.heal()
    client.sync()
    assert (client.next_sync_at() - client._clock()).total_seconds() > 20


def test_tokens_that_ran_out_are_renewed_and_a_lost_renewal_signs_nobody_out(
    client: SyncClient, world: World, wire: Wire
) -> None:
    client.profile.save_identity(access_token="expired")
    wire.break_("lost", count=1)
    assert client.sync().problem is not None
    client.profile.save_identity(access_token="expired")
    assert client.sync().complete
    first = client.profile.identity.refresh_token
    client.profile.save_identity(access_token="expired")
    assert client.sync().complete
    assert client.profile.identity.refresh_token != first


def test_threads_that_meet_a_spent_token_at_once_renew_it_once(client: SyncClient, wire: Wire) -> None:
    client.profile.save_identity(access_token="expired")
    results: list[object] = []
    threads = [threading.Thread(target=lambda: results.append(client.wait_for_news(0.1))) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert client.sync().complete
    for thread in threads:
        thread.join()
    assert len(results) == 4
    client.profile.save_identity(access_token="expired")
    assert client.sync().complete
    assert client.profile.identity.signed_in


def test_a_session_ended_by_the_provider_keeps_the_work(client: SyncClient, world: World) -> None:
    client.submit(RequestDataCorrection(world.account, "residents", "4", "kept"))
    client.profile.save_identity(access_token="x", refresh_token="y")
    report = client.sync()
    assert report.problem is not None
    assert report.problem.code == "signed-out"
    assert client.status().state is State.SIGNED_OUT
    client.sign_in(world.resident, PASSWORD, "test")
    assert client.sync().pushed == 1


def test_a_wrong_password_is_told_apart_from_a_broken_line(
    make_client: Callable[..., SyncClient], world: World, wire: Wire
) -> None:
    client = make_client()
    with pytest.raises(Refused) as refused:
        client.sign_in(world.resident, "wrong password", "test")
    assert refused.value.problem.code == "wrong-password"
    wire.break_("html")
    with pytest.raises(Unexpected) as portal:
        client.sign_in(world.resident, PASSWORD, "test")
    assert portal.value.problem.code == "not-a-provider"


def test_nothing_listens(make_client: Callable[..., SyncClient]) -> None:
    transport = Transport("http://127.0.0.1:9", connect_seconds=1.0)
    with pytest.raises(Offline) as offline:
        People(transport).providers()
    assert offline.value.problem.code == "offline"
    with pytest.raises(Unexpected) as wrong:
        People(Transport("not an address")).providers()
    assert wrong.value.problem.code == "wrong-address"


def test_the_clock_of_the_provider_is_measured(client: SyncClient) -> None:
    assert client.transport.offset is not None
    assert abs(client.transport.offset.total_seconds()) < 5


def test_a_question_that_was_held_or_slept_over_does_not_mislead_about_the_clock(
    client: SyncClient, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = timedelta()
    transport = Transport(wire.url, clock=lambda: datetime.now(UTC) + ahead)
    carry = requests.Session.request

    def slept(self: requests.Session, *given: Any, **named: Any) -> requests.Response:
        nonlocal ahead
        answer = carry(self, *given, **named)
        ahead += timedelta(hours=8)
        return answer

    monkeypatch.setattr(requests.Session, "request", slept)
    People(transport).providers()
    shown = transport.server_time()
    assert shown is not None
    assert abs(shown - datetime.now(UTC)) < timedelta(seconds=5)


def test_an_answer_to_an_earlier_question_is_not_used(
    client: SyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.sync().complete
    given: list[requests.Response] = []
    carry = requests.Session.send

    def again(session: requests.Session, *arguments: Any, **named: Any) -> requests.Response:
        answer = carry(session, *arguments, **named)
        if answer.request.path_url.endswith("/sync/pull"):
            given.append(answer)
            if len(given) > 1:  # a box on the way gives what it gave before, whole and with its digest
                answer.headers["X-Question"] = given[0].headers["X-Question"]
        return answer

    monkeypatch.setattr(requests.Session, "send", again)
    assert client.sync().complete
    world.rename(world.account, "Жаңа Иесі")
    report = client.sync()
    assert report.problem is not None
    assert report.problem.code == "damaged-answer"
    assert client.store.read(accounts)[0].account.holder != "Жаңа Иесі"
    monkeypatch.undo()
    assert client.sync().complete
    assert client.store.read(accounts)[0].account.holder == "Жаңа Иесі"
