"""Many people at once: each place is given once, each command counts once, nothing waits in a circle."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from models.contract.outcomes import CommandOutcome
from models.domain.admissions.states import Event
from provider.handlers.push import push
from provider.services.admissions import clock
from provider.store.database import Database
from tests.provider.admissions_world import Admissions, Family, codes, make_admissions


@pytest.fixture
def edu(database_url: object) -> Admissions:
    from sqlalchemy import URL

    assert isinstance(database_url, URL)
    database = Database(database_url, pool_size=24)
    yield make_admissions(database)
    database.close()


def test_sixty_four_parents_at_once_and_one_last_place(edu: Admissions) -> None:
    families = [edu.file(edu.family()) for _ in range(64)]
    edu.issue(*families)
    for family in families:
        edu.act(family, Event.CONFIRM_INTEREST)

    def choose(family: Family) -> CommandOutcome:
        return edu.step(family.device, family.application, Event.CHOOSE_PLACE, group_id=edu.groups["sun"])

    with ThreadPoolExecutor(64) as pool:
        outcomes = list(pool.map(choose, families))
    assert Counter(outcome.status.value for outcome in outcomes) == {"applied": 1, "refused": 63}
    assert {code for outcome in outcomes for code in codes(outcome)} == {"no-free-place"}
    assert edu.counts("sun") == (1, 0)
    states = Counter(edu.row(family.application).state for family in families)
    assert states == {"contract-org": 1, "voucher-active": 63}
    losers = [family for family in families if edu.state(family) == "voucher-active"]
    assert len({edu.row(family.application).terms["contract"] for family in losers}) == 1  # their clocks are unchanged
    assert edu.scalar("SELECT count(*) FROM history_entry WHERE transition = 'T14'") == 1


def test_two_parents_file_for_the_same_child_at_once(edu: Admissions) -> None:
    first = edu.family()
    other = edu.person("father", ["parent"])
    edu.guard(other, first.child)
    second = Family(edu.world.device(other), other, first.child)
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda one: edu.send(one.device, edu.filing(one)), (first, second)))
    assert sorted(outcome.status.value for outcome in outcomes) == ["applied", "refused"]
    refused = next(outcome for outcome in outcomes if outcome.status == "refused")
    assert codes(refused) == ["already-queued"]
    assert "•••" in str(refused.problems[0].values["by"])
    assert edu.scalar("SELECT count(*) FROM application") == 1
    assert edu.scalar("SELECT last FROM application_number WHERE kind LIKE 'application%'") == 1  # no gap


def test_two_devices_of_a_parent_confirm_at_once(edu: Admissions) -> None:
    family = edu.file(edu.family())
    edu.issue(family)
    devices = [family.device, *(edu.world.device(family.user) for _ in range(3))]
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda device: edu.step(device, family.application, Event.CONFIRM_INTEREST), devices))
    assert Counter(outcome.status.value for outcome in outcomes) == {"applied": 1, "refused": 3}
    assert edu.scalar("SELECT count(*) FROM history_entry WHERE transition = 'T07'") == 1
    assert edu.scalar("SELECT count(*) FROM message WHERE subject->>'en' = 'Voucher'") == 1


@pytest.mark.parametrize("event", [Event.REFUSE_VOUCHER, Event.LEAVE_QUEUE])
def test_what_cannot_be_undone_counts_only_for_what_was_seen(edu: Admissions, event: Event) -> None:
    def seen() -> dict[str, str]:
        row = edu.row(family.application)
        return {"state": row.state, "state_since": row.state_since.isoformat()}

    family = edu.file(edu.family())
    before = seen()
    edu.issue(family)
    if event is Event.REFUSE_VOUCHER:
        before = seen()
        edu.act(family, Event.CONFIRM_INTEREST)  # on another computer
    state = edu.state(family)
    late = edu.step(family.device, family.application, event, base=before)
    assert (late.status, codes(late)) == ("refused", ["moved-meanwhile"])
    assert edu.state(family) == state
    assert edu.step(family.device, family.application, event, base=seen()).status == "applied"
    assert edu.state(family) == "archived"


def test_a_repeated_command_is_one_step_and_the_same_answer(edu: Admissions) -> None:
    family = edu.file(edu.family())
    edu.issue(family)
    from models.contract.admission_commands import TakeStep

    payload = TakeStep(edu.tenant, family.application, "confirm-interest")
    command = family.device.command(payload, occurred_at=edu.now)

    def send(_: int) -> CommandOutcome:
        device = family.device
        return push(edu.database, device.user, device.id, device.request(command), lambda: edu.now).outcomes[0]

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(send, range(8)))
    assert all(outcome == outcomes[0] for outcome in outcomes)
    assert outcomes[0].status == "applied"
    edu.later(days=30)
    assert send(0) == outcomes[0]
    assert edu.scalar("SELECT count(*) FROM history_entry WHERE transition = 'T07'") == 1


def test_a_place_changes_hands_while_many_join_and_leave(edu: Admissions) -> None:
    families = [edu.with_voucher(edu.family()) for _ in range(16)]

    def live(family: Family) -> None:
        for event in (Event.CHOOSE_PLACE, Event.JOIN_WAITLIST, Event.DECLINE_OFFER, Event.CHANGE_CHOICE,
                      Event.LEAVE_WAITLIST, Event.JOIN_WAITLIST, Event.ACCEPT_OFFER, Event.CHANGE_CHOICE):  # fmt: skip
            edu.step(family.device, family.application, event, group_id=edu.groups["sun"])

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(live, families))
    held, occupied = edu.counts("sun")
    holding = [
        family
        for family in families
        if edu.row(family.application).group_id is not None or edu.state(family) == "place-offered"
    ]
    assert (held, occupied) == (len(holding), 0)
    assert held <= 1
    waiting = edu.scalar("SELECT count(*) FROM waiting_entry WHERE state = 'waiting'")
    assert not waiting or held == 1  # nobody waits beside a free place
    assert edu.scalar("SELECT count(*) FROM command WHERE status = 'held'") == 0
    for family in families:
        offered = edu.scalar(
            "SELECT count(*) FROM waiting_entry WHERE application_id = :id AND state IN ('waiting', 'offered')",
            id=family.application,
        )
        assert offered == (1 if edu.state(family) in ("voucher-waitlisted", "place-offered") else 0)


def test_the_clock_and_a_parent_at_the_same_moment(edu: Admissions) -> None:
    families = [edu.file(edu.family()) for _ in range(10)]
    edu.issue(*families)
    edu.now = edu.now.replace(hour=18, minute=59, second=59) + timedelta(days=2)
    late = edu.now + timedelta(seconds=1)
    with ThreadPoolExecutor(6) as pool:
        ticking = [pool.submit(clock.run_due, edu.database, late) for _ in range(2)]
        clicks = list(
            pool.map(lambda family: edu.step(family.device, family.application, Event.CONFIRM_INTEREST), families)
        )
        for tick in ticking:
            tick.result()
    clock.run_due(edu.database, late)
    for family, outcome in zip(families, clicks, strict=True):
        state = edu.state(family)
        assert (outcome.status.value, state) in (("applied", "voucher-active"), ("refused", "stop-list"))
        if outcome.status == "refused":
            assert codes(outcome)[0] in ("late", "late-offline")


def test_the_last_day_of_a_group_is_given_back_once_by_many_clocks(edu: Admissions) -> None:
    kindergarten = edu.kindergarten("Amina")
    for group in ("sun", "star", "star"):
        family = edu.enrolled(edu.family(), group, kindergarten)
        edu.act(family, Event.LEAVE)
    edu.later(days=1)
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: clock.run_due(edu.database, edu.now), range(4)))
    assert sum(report.vacated for report in reports) == 3
    assert (edu.counts("sun"), edu.counts("star")) == ((0, 0), (0, 0))
    assert edu.scalar("SELECT max(ends_on) FROM placement") == date(2026, 9, 7)
