"""Commands are applied exactly once, whatever is repeated, reordered or broken."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import msgspec
import pytest
from sqlalchemy import text

from models.contract.commands import Command, PaidLine, RequestDataCorrection, SetMailing, Signed, TakePayment
from models.contract.messages import PushAnswer
from models.contract.outcomes import Status
from models.contract.signatures import sign
from provider.handlers import HANDLERS
from provider.handlers.context import HandlerContext, Result, applied
from provider.handlers.push import push, sweep
from provider.services.refusals import Refusal, refuse
from provider.store import failpoints
from provider.store.database import Database
from provider.store.grants import revoke
from tests.provider.sync_world import NOW, World, clock, make_world

calls: list[str] = []


def _count(context: HandlerContext, payload: SetMailing) -> Result:
    """Leave a trace that a second execution would double."""
    calls.append(context.command.id)
    context.unit.connection.execute(
        text("INSERT INTO alarm (at, kind, command_id) VALUES (now(), 'trace', :id)"), {"id": context.command.id}
    )
    if payload.language == "crash":
        raise ZeroDivisionError
    if payload.language == "refuse":
        raise refuse("reading-went-down")
    return applied(language=payload.language)


@pytest.fixture
def world(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    calls.clear()
    monkeypatch.setitem(HANDLERS, SetMailing.KIND, _count)
    yield make_world(database)
    failpoints.arm("")


def traces(world: World) -> int:
    return int(world.scalar("SELECT count(*) FROM alarm WHERE kind = 'trace'"))


def statuses(answer: PushAnswer) -> list[str]:
    return [outcome.status.value for outcome in answer.outcomes]


def codes(answer: PushAnswer) -> list[list[str]]:
    return [[problem.code for problem in outcome.problems] for outcome in answer.outcomes]


def identity(signed: Signed) -> str:
    return msgspec.json.decode(signed.body, type=Command).id


def test_a_batch_sent_twice_is_applied_once_and_answered_the_same(world: World) -> None:
    device = world.resident()
    batch = [device.command(world.mailing()) for _ in range(5)]
    first = device.push(*batch)
    second = device.push(*batch)
    assert statuses(first) == ["applied"] * 5
    assert first.outcomes == second.outcomes
    assert traces(world) == 5


def test_a_batch_sent_by_two_threads_at_once_is_applied_once(world: World) -> None:
    device = world.resident()
    batch = [device.command(world.mailing()) for _ in range(30)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: device.push(*batch), range(4)))
    assert all(statuses(answer) == ["applied"] * 30 for answer in answers)
    assert traces(world) == 30


def test_the_same_id_with_other_bytes_is_refused_and_raises_an_alarm(world: World) -> None:
    device = world.resident()
    device.push(device.command(world.mailing(), id="one"))
    answer = device.push(device.command(world.mailing(active=False), id="one"))
    assert codes(answer) == [["id-reused"]]
    assert traces(world) == 1
    assert world.scalar("SELECT count(*) FROM alarm WHERE kind = 'id-reused'") == 1


def test_another_device_cannot_take_an_id_that_is_known(world: World) -> None:
    first, second = world.resident("a"), world.resident("b")
    first.push(first.command(world.mailing(), id="one"))
    assert codes(second.push(second.command(world.mailing(), id="one"))) == [["id-reused"]]
    assert traces(world) == 1


def test_a_command_that_comes_again_from_the_persons_new_device_gets_its_first_answer(world: World) -> None:
    old = world.resident()
    sent = old.push(old.command(world.mailing(), id="one"))
    new = world.device(old.user)
    new.pull_all()
    again = new.command(world.mailing(), id="one")
    answer = new.push(again, new.command(world.mailing(active=False)))
    assert answer.outcomes[0] == sent.outcomes[0]
    assert statuses(answer) == ["applied", "applied"], "the new device's chain goes on behind it"
    assert new.push(again).outcomes == sent.outcomes
    assert traces(world) == 2
    assert world.scalar("SELECT count(*) FROM alarm WHERE kind = 'id-reused'") == 0
    new.pull_all()
    seen = {
        row[1]
        for (_, scope, table, _), (_, row) in new.rows.items()
        if table == "outcome" and scope.endswith(str(new.id))
    }
    assert "one" in seen


@pytest.mark.parametrize("change", ["time", "content", "person"])
def test_a_command_that_comes_again_changed_raises_the_alarm_from_a_new_device_too(world: World, change: str) -> None:
    old = world.resident()
    old.push(old.command(world.mailing(), id="one"))
    new = world.resident("another") if change == "person" else world.device(old.user)
    times = {"occurred_at": NOW} if change == "time" else {}
    again = new.command(world.mailing(active=change != "content"), id="one", **times)
    assert codes(new.push(again)) == [["id-reused"]]
    assert world.scalar("SELECT count(*) FROM alarm WHERE kind = 'id-reused'") == 1
    assert traces(world) == 1


def test_a_held_command_that_comes_again_from_a_new_device_is_settled_for_both(world: World) -> None:
    other, old = world.resident("a"), world.resident("b")
    needed = other.command(world.mailing())
    held = {"id": "one", "depends_on": [identity(needed)]}
    assert statuses(old.push(old.command(world.mailing(), **held))) == ["held"]
    new = world.device(old.user)
    assert statuses(new.push(new.command(world.mailing(), **held))) == ["held"]
    new.pull_all()
    other.push(needed)
    new.pull_all()
    shown = [row for (_, _, table, _), (_, row) in new.rows.items() if table == "outcome"]
    assert [row for row in shown if "one" in row and "applied" in row]
    assert traces(world) == 2


def test_a_known_number_with_another_id_quarantines_the_device(world: World) -> None:
    device = world.resident()
    device.push(device.command(world.mailing()), device.command(world.mailing()))
    with pytest.raises(Refusal) as caught:
        device.push(device.command(world.mailing(), n=2))
    assert (caught.value.problem.code, caught.value.status) == ("device-forked", 409)
    with pytest.raises(Refusal):
        device.push(device.command(world.mailing(), n=3))
    assert traces(world) == 2
    assert world.scalar("SELECT count(*) FROM alarm WHERE kind = 'device-forked'") == 1


def test_a_broken_chain_quarantines_the_device_after_what_was_sound(world: World) -> None:
    device = world.resident()
    sound = device.command(world.mailing())
    with pytest.raises(Refusal):
        device.push(sound, device.command(world.mailing(), previous="0" * 64))
    assert calls == [identity(sound)]
    assert world.scalar("SELECT status FROM outcome") == "applied"


def test_a_gap_holds_what_follows_until_it_is_filled(world: World) -> None:
    device = world.resident()
    first, second, third = (device.command(world.mailing()) for _ in range(3))
    answer = device.push(third, second)
    assert codes(answer) == [["order-broken"], ["order-broken"]]
    assert statuses(answer) == ["held", "held"]
    assert calls == []
    device.push(first)
    assert calls == [identity(first), identity(second), identity(third)]
    assert statuses(device.push(second, third)) == ["applied", "applied"]
    assert world.scalar("SELECT count(*) FROM outcome WHERE status = 'applied'") == 3


def test_a_command_waits_for_another_devices_command_and_is_applied_when_that_arrives(world: World) -> None:
    first, second = world.resident("a"), world.resident("b")
    needed = first.command(world.mailing())
    waiting = second.command(world.mailing(), depends_on=[identity(needed)])
    assert codes(second.push(waiting)) == [["waits-for-another"]]
    first.push(needed)
    assert calls == [identity(needed), identity(waiting)]
    assert statuses(second.push(waiting)) == ["applied"]


def test_what_depends_on_a_refused_command_is_refused_and_the_rest_is_not(world: World) -> None:
    device = world.resident()
    bad = device.command(world.mailing(language="refuse"))
    after = device.command(world.mailing(), depends_on=[identity(bad)])
    other = device.command(world.mailing())
    answer = device.push(bad, after, other)
    assert codes(answer) == [["reading-went-down"], ["depends-on-refused"], []]
    assert traces(world) == 1, "a refused command leaves no effects"


def test_one_crashing_handler_leaves_the_others_alone_and_is_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = world.resident()
    batch = [device.command(world.mailing(language="crash" if number == 2 else "kk")) for number in range(45)]
    answer = device.push(*batch)
    assert [status for status in statuses(answer) if status != "applied"] == ["held"]
    assert codes(answer)[2] == ["server-error"]
    assert traces(world) == 44
    assert world.scalar("SELECT count(*) FROM alarm WHERE kind = 'command-failed'") == 1
    monkeypatch.setitem(HANDLERS, SetMailing.KIND, lambda _context, _payload: applied())
    assert sweep(world.database, clock) == 1
    assert statuses(device.push(*batch)) == ["applied"] * 45


def test_an_unknown_kind_is_refused_and_kept(world: World) -> None:
    device = world.resident()
    answer = device.push(device.command(world.mailing(), kind="fly"), device.command(world.mailing()))
    assert codes(answer) == [["unknown-kind"], []]
    assert world.scalar("SELECT count(*) FROM command") == 2


def test_a_false_signature_is_refused_without_a_trace(world: World) -> None:
    device, thief = world.resident("a"), world.resident("b")
    body = bytes(device.command(world.mailing()).body)
    answer = device.push(Signed(msgspec.Raw(body), sign(thief.key, body)))
    assert codes(answer) == [["bad-signature"]]
    assert world.scalar("SELECT count(*) FROM command") == 0
    assert world.scalar("SELECT count(*) FROM alarm WHERE kind = 'bad-signature'") == 1


def test_an_account_out_of_scope_is_answered_like_one_that_does_not_exist(world: World) -> None:
    device = world.resident(account=0)
    foreign = device.command(world.mailing(account=1))
    absent = device.command(SetMailing(999_999, True))
    answer = device.push(foreign, absent)
    assert codes(answer) == [["no-access"], ["no-access"]]
    assert world.scalar("SELECT count(DISTINCT tenant_id) FROM outcome") == 1
    assert calls == []


def test_a_resident_cannot_take_payments(world: World) -> None:
    device = world.resident()
    answer = device.push(device.command(TakePayment(world.accounts[0], "KZT", [], "cash", "1")))
    assert codes(answer) == [["not-allowed"]]


def test_a_command_of_somebody_else_is_refused(world: World) -> None:
    device = world.resident()
    assert codes(device.push(device.command(world.mailing(), actor=device.user + 1))) == [["no-access"]]


def test_outcomes_are_rows_of_the_device(world: World) -> None:
    device = world.resident()
    device.pull_all()
    device.push(device.command(world.mailing()), device.command(world.mailing(account=1)))
    device.pull_all()
    found = {key[:2]: row[1][4] for key, row in device.rows.items() if key[2] == "outcome"}
    assert found == {(world.tenant, f"device:{device.id}"): "applied", (0, f"device:{device.id}"): "refused"}


def test_unsent_cash_is_known_to_the_provider(world: World) -> None:
    device = world.resident()
    request = msgspec.structs.replace(device.request(), waiting=7, waiting_minor={"KZT": 125_000})
    push(world.database, device.user, device.id, request, clock)
    assert world.scalar("SELECT waiting_minor ->> 'KZT' FROM device") == "125000"


@pytest.mark.parametrize("point", ["after_claim", "before_flush", "after_counter", "before_commit"])
def test_a_fault_before_the_commit_leaves_nothing_and_a_retry_applies_once(world: World, point: str) -> None:
    device = world.resident()
    batch = [device.command(world.mailing()) for _ in range(3)]
    failpoints.arm(f"{point}:1:raise")
    assert statuses(device.push(*batch)) == ["applied"] * 3
    assert statuses(device.push(*batch)) == ["applied"] * 3
    assert traces(world) == 3


def test_a_reply_lost_after_the_commit_is_answered_from_the_store(world: World) -> None:
    device = world.resident()
    batch = [device.command(world.mailing()) for _ in range(3)]
    failpoints.arm("after_commit_before_reply:raise")
    with pytest.raises(failpoints.Injected):
        device.push(*batch)
    assert statuses(device.push(*batch)) == ["applied"] * 3
    assert traces(world) == 3


def test_devices_that_work_on_the_same_rows_at_once_do_not_fail(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(context: HandlerContext, payload: SetMailing) -> Result:
        # Rows are locked in the order of the commands, which the devices send in opposite orders: a sure deadlock.
        context.unit.connection.execute(
            text("UPDATE account SET residents = residents + 1 WHERE id = :id"), {"id": payload.account_id}
        )
        context.unit.changes.live(1, f"account:{payload.account_id}", "account", payload.account_id)
        return applied()

    monkeypatch.setitem(HANDLERS, SetMailing.KIND, work)
    devices = [world.clerk(f"clerk{number}") for number in range(2)]
    batches = [
        [device.command(world.mailing(account)) for account in order]
        for device, order in zip(devices, ([0, 1, 2] * 5, [2, 1, 0] * 5), strict=True)
    ]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda pair: pair[0].push(*pair[1]), zip(devices, batches, strict=True)))
    assert all(statuses(answer) == ["applied"] * 15 for answer in answers)
    assert world.scalar("SELECT sum(residents) FROM account") == 30


def test_an_epoch_of_another_provider_is_refused(world: World) -> None:
    device = replace(world.resident(), epoch="f" * 32)
    with pytest.raises(Refusal) as caught:
        device.push(device.command(world.mailing()))
    assert (caught.value.problem.code, caught.value.status) == ("server-restored", 409)


def test_money_of_a_cashier_whose_access_was_revoked_is_not_refused(world: World) -> None:
    device = world.clerk()
    with world.database.change() as unit:
        revoke(unit, device.user, world.tenant, "office", NOW)
    paid = TakePayment(world.accounts[0], "KZT", [PaidLine(1, 5_000)], "cash", "1")
    correction = RequestDataCorrection(world.accounts[0], "residents", "3", "moved in")
    answer = device.push(device.command(paid), device.command(correction))
    assert answer.outcomes[0].status is Status.SUSPENSE
    assert codes(answer)[1] == ["no-access"]
