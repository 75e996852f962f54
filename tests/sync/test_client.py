"""The main loop: record, send, read, and what a person sees meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from models.cache.apply import load_rows
from models.cache.outbox import open_items
from models.cache.queries.accounts import account_view, accounts
from models.cache.queries.people import person, requests
from models.contract.admission_commands import EditApplication, TakeStep
from models.contract.admission_records import Application
from models.contract.commands import RequestDataCorrection, UpdateContact
from models.contract.conflicts import conflict_of
from sync.client import EntryRefused, SyncClient
from sync.status import State
from tests.cache.rows import rows
from tests.samples import balabaqsha
from tests.sync.wire import Wire
from tests.sync.world import PASSWORD, World


def correction(world: World, text: str = "one more resident") -> RequestDataCorrection:
    return RequestDataCorrection(world.account, "residents", "4", text)


def test_after_signing_in_the_cabinet_has_the_account_and_nothing_else(client: SyncClient, world: World) -> None:
    world.add_accounts([900_001])
    client.sync()
    assert [line.account.id for line in client.store.read(accounts)] == [world.account]
    view = client.store.read(lambda c: account_view(c, world.account))
    assert view is not None
    assert view.epoch
    assert view.sequence > 0
    assert len(view.readings) > 0
    assert client.store.read(person).login == world.resident  # type: ignore[union-attr]
    assert client.status().state is State.ONLINE
    assert client.status().complete


def test_before_the_first_contact_nothing_is_offline_yet(make_client: Callable[..., SyncClient], world: World) -> None:
    client = make_client()
    client.sign_in(world.resident, PASSWORD, "test")
    assert (client.status().state, client.status().as_of) == (State.SYNCING, None)
    client.sync()
    assert client.status().state is State.ONLINE


def test_a_deed_that_is_tried_again_no_longer_calls_for_attention_by_its_refused_try(
    client: SyncClient, world: World
) -> None:
    client.submit(TakeStep(world.tenant, 10**6, "sign-parent", code="000000"))
    other = client.submit(TakeStep(world.tenant, 10**6, "extend"))
    client.sync()
    assert [item.state for item in client.waiting()] == ["refused", "refused"]
    again = client.submit(TakeStep(world.tenant, 10**6, "sign-parent", code="123456"))
    assert {item.command_id for item in client.waiting()} == {other, again}


def test_a_command_waits_offline_and_leaves_when_its_outcome_is_in_the_cache(
    client: SyncClient, world: World, wire: Wire
) -> None:
    topics: set[str] = set()
    client.subscribe(topics.update)
    wire.break_("down")
    command = client.submit(correction(world))
    assert "waiting" in topics
    report = client.sync()
    assert report.problem is not None
    assert report.problem.code == "offline"
    (item,) = client.waiting()
    assert (item.command_id, item.state, item.attempts) == (command, "waiting", 1)
    assert item.next_attempt is not None
    assert client.status().state is State.OFFLINE
    view = client.store.read(lambda c: account_view(c, world.account))
    assert view is not None
    assert [one.id for one in view.waiting] == [command]

    wire.heal()
    report = client.sync()
    assert (report.pushed, report.refused, report.complete) == (1, 0, True)
    assert client.waiting() == []
    assert [one.command_id for one in client.store.read(requests)] == [command]
    assert "request" in topics
    assert client.status().state is State.ONLINE


def test_a_lost_answer_costs_nothing(client: SyncClient, world: World, wire: Wire) -> None:
    client.submit(correction(world))
    wire.break_("lost", count=1)
    assert client.sync().problem is not None
    assert len(client.waiting()) == 1
    assert client.sync().complete
    assert client.waiting() == []
    assert world.requests() == 1


def test_what_was_not_sent_can_be_withdrawn_and_what_may_have_been_sent_cannot(
    client: SyncClient, world: World, wire: Wire
) -> None:
    first = client.submit(correction(world, "withdrawn"))
    client.withdraw(first)
    assert client.waiting() == []
    second = client.submit(correction(world, "sent"))
    wire.break_("lost", count=1)
    client.sync()
    with pytest.raises(EntryRefused) as refused:
        client.withdraw(second)
    assert refused.value.problem.code == "already-sent"
    client.sync()
    assert world.requests() == 1
    assert world.requests("withdrawn") == 0


def test_a_command_that_others_wait_for_is_not_withdrawn(client: SyncClient, world: World) -> None:
    first = client.submit(correction(world, "first"))
    client.submit(correction(world, "second"), depends_on=[first])
    with pytest.raises(EntryRefused) as refused:
        client.withdraw(first)
    assert refused.value.problem.code == "others-depend"


def test_a_refusal_stays_until_a_person_sends_it_again_corrected(client: SyncClient, world: World) -> None:
    command = client.submit(RequestDataCorrection(999_999_999, "residents", "4", "not mine"))
    report = client.sync()
    assert (report.pushed, report.refused) == (1, 1)
    (item,) = client.waiting()
    assert item.state == "refused"
    assert item.problems[0].code
    assert client.status().state is State.ATTENTION
    client.sync()
    assert len(client.waiting()) == 1
    again = client.resend(command, correction(world))
    assert again != command
    assert [one.command_id for one in client.waiting()] == [again]
    client.sync()
    assert client.waiting() == []
    assert world.requests() == 1


def test_a_refusal_can_be_acknowledged_but_waiting_work_cannot(client: SyncClient, world: World) -> None:
    command = client.submit(RequestDataCorrection(999_999_999, "residents", "4", "not mine"))
    with pytest.raises(EntryRefused):
        client.acknowledge(command)
    client.sync()
    client.acknowledge(command)
    assert client.waiting() == []
    assert client.status().attention == 0


def test_what_waits_and_what_was_answered_survive_a_restart(
    make_client: Callable[..., SyncClient], client: SyncClient, world: World, wire: Wire
) -> None:
    refused = client.submit(RequestDataCorrection(999_999_999, "residents", "4", "not mine"))
    client.sync()
    wire.break_("down")
    waiting = client.submit(correction(world))
    client.profile.close()
    wire.heal()
    again = make_client()
    assert [(item.command_id, item.state) for item in again.waiting()] == [(refused, "refused"), (waiting, "waiting")]
    assert again.sync().pushed == 1
    assert world.requests() == 1


def test_a_change_of_contact_carries_the_version_that_was_seen(client: SyncClient) -> None:
    me = client.store.read(person)
    assert me is not None
    client.submit(UpdateContact(me.id, language="ru"))
    report = client.sync()
    assert (report.pushed, report.refused) == (1, 0)
    after = client.store.read(person)
    assert after is not None
    assert after.language == "ru"
    assert after.version == me.version + 1


def test_signing_out_asks_before_work_would_be_left_behind(client: SyncClient, world: World) -> None:
    client.submit(correction(world))
    with pytest.raises(EntryRefused) as refused:
        client.sign_out()
    assert refused.value.problem.code == "work-waits"
    client.sign_out(force=True)
    assert client.status().state is State.SIGNED_OUT
    assert len(client.waiting()) == 1
    report = client.sync()
    assert report.problem is not None
    assert report.problem.code == "signed-out"


def test_an_entry_before_the_first_sign_in_is_refused(make_client: Callable[..., SyncClient], world: World) -> None:
    with pytest.raises(EntryRefused) as refused:
        make_client().submit(correction(world))
    assert refused.value.problem.code == "signed-out"


def test_a_provider_that_cannot_take_work_still_gives_its_news(
    client: SyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("provider.api.sync.push", broken)
    client.submit(correction(world))
    world.rename(world.account, "Жаңа Иесі")
    waits = []
    for _time in range(3):
        report = client.sync()
        assert report.problem is not None
        assert report.problem.code == "server-error"
        assert report.complete
        waits.append(client.next_sync_at() - client._clock())
    assert waits[0] < waits[2]
    assert client.store.read(accounts)[0].account.holder == "Жаңа Иесі"
    assert client.waiting()[0].attempts == 3
    monkeypatch.undo()
    assert client.sync().pushed == 1


def test_what_no_request_could_carry_is_refused_at_once(client: SyncClient, world: World) -> None:
    for words, code in (("a\0b", "text-not-allowed"), ("a" * 600_000, "too-large")):
        with pytest.raises(EntryRefused) as refused:
            client.submit(correction(world, words))
        assert refused.value.problem.code == code
    assert client.waiting() == []


def test_two_clients_on_one_profile_send_everything_once(
    make_client: Callable[..., SyncClient], client: SyncClient, world: World, profile_folder: Path
) -> None:
    other = make_client(profile_folder)
    client.submit(correction(world, "one"))
    other.submit(correction(world, "two"))
    client.submit(correction(world, "three"))
    assert client.profile.sender.acquire()
    report = other.sync()
    assert report.problem is not None
    assert report.problem.code == "profile-in-use"
    client.profile.sender.release()
    assert other.sync().pushed == 3
    assert client.sync().pushed == 0
    assert world.requests() == 3
    assert client.waiting() == other.waiting() == []


def test_news_are_noticed_without_asking_for_pages(client: SyncClient, world: World, wire: Wire) -> None:
    assert client.wait_for_news(0.2) is False
    wire.break_("down")
    assert client.wait_for_news(0.2) is None, "a line that broke is no answer"
    wire.heal()
    world.rename(world.account, "Жаңа Иесі")
    assert client.wait_for_news(5)
    client.sync()
    assert client.store.read(accounts)[0].account.holder == "Жаңа Иесі"


def test_what_a_command_supersedes_leaves_the_list_while_it_was_never_sent(
    client: SyncClient, world: World, wire: Wire
) -> None:
    wire.vanish()
    first = client.submit(correction(world))
    assert client.sync().problem is not None
    second = client.submit(correction(world), supersedes=first)
    assert [item.command_id for item in client.waiting()] == [second]
    wire.heal()
    assert client.sync().pushed == 1


def test_without_any_line_work_stays_free_to_be_withdrawn(client: SyncClient, world: World, wire: Wire) -> None:
    wire.vanish()
    command = client.submit(correction(world))
    assert client.sync().problem is not None
    client.withdraw(command)
    assert client.waiting() == []


def test_a_change_says_what_was_seen_and_ones_own_earlier_change_counts_as_seen(client: SyncClient) -> None:
    (first, *_rest) = found = [one for one in balabaqsha.family_rows() if isinstance(one, Application)]
    with client.store.write() as connection:
        load_rows(connection, 1, rows(found, range(1, len(found) + 1)))
    client.submit(EditApplication(first.department_id, first.id, phone="+77010000000"))
    client.submit(EditApplication(first.department_id, first.id, phone="+77020000000", languages=["ru"]))
    client.submit(EditApplication(first.department_id, first.id, phone="+77030000000"), base={"phone": "+77000000000"})
    client.submit(EditApplication(first.department_id, 10**6, phone="+77010000000"))
    bases = client.store.peek(lambda c: [item.entry.base for item in open_items(c)])
    assert bases == [
        {"phone": first.phone},
        {"phone": "+77010000000", "languages": first.languages},
        {"phone": "+77000000000"},
        {},
    ]


def test_two_devices_that_change_the_same_thing_without_a_line_lose_nothing(
    make_client: Callable[..., SyncClient], world: World, wire: Wire, tmp_path: Path
) -> None:
    home, work = make_client(tmp_path / "home"), make_client(tmp_path / "work")
    for client, name in ((home, "home"), (work, "work")):
        client.sign_in(world.resident, PASSWORD, name)
        client.sync()
    me = home.store.read(person)
    assert me is not None
    wire.break_("down")
    home.submit(UpdateContact(me.id, phone="+7 701 000 00 01"))
    work.submit(UpdateContact(me.id, phone="+7 701 000 00 02", language="ru"))
    wire.heal()
    home.sync()
    work.sync()
    (item,) = work.waiting()
    assert item.state == "conflict"
    met = conflict_of(item.result)
    assert met is not None
    (clash,) = met.clashes
    assert (clash.mine, clash.theirs, clash.seen) == ("+7 701 000 00 02", "+7 701 000 00 01", me.phone)
    assert (clash.by, clash.actor) == ("home", "self")
    now = work.store.read(person)
    assert now is not None
    assert (now.phone, now.language) == ("+7 701 000 00 01", "ru")
    home.submit(UpdateContact(me.id, phone="+7 701 000 00 03"))
    home.sync()
    work.resend(item.command_id)  # what came since was not before the person's eyes
    work.sync()
    (again,) = work.waiting()
    met = conflict_of(again.result)
    assert met is not None
    assert met.clashes[0].theirs == "+7 701 000 00 03"
    work.resend(again.command_id)
    work.sync()
    assert work.waiting() == []
    home.sync()
    assert home.store.read(person).phone == "+7 701 000 00 02"  # type: ignore[union-attr]
