"""A click on a machine without a line: what counts is when it arrives, and an officer may see that it was in time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.domain.admissions.states import Event
from provider.services.admissions import clock
from tests.provider.admissions_world import Admissions, codes


@pytest.mark.parametrize("ticked", [False, True], ids=["before the clock", "after the clock"])
def test_a_click_in_time_that_arrives_late_is_refused_and_kept_for_an_officer(edu: Admissions, ticked: bool) -> None:
    family, officer = edu.file(edu.family()), edu.officer()
    edu.issue(family)
    clicked = edu.later(days=1)
    edu.later(days=4)
    if ticked:
        clock.run_due(edu.database, edu.now)
    outcome = edu.step(family.device, family.application, Event.CONFIRM_INTEREST, occurred=clicked)
    assert (outcome.status, codes(outcome)) == ("refused", ["late-offline"])
    assert outcome.problems[0].values["due"] == "2026-09-09T23:59:59+05:00"
    appeal = edu.all("SELECT id, application_id, event, occurred_at, received_at, due, state, command_id FROM appeal")
    assert [tuple(row)[:6] for row in appeal] == [
        (
            outcome.result["appeal_id"],
            family.application,
            "confirm-interest",
            clicked,
            edu.now,
            appeal[0].due,
        )
    ]
    assert (appeal[0].state, appeal[0].command_id) == ("open", outcome.command_id)
    assert edu.state(family) == ("stop-list" if ticked else "voucher-issued")  # nothing else was written
    officer.pull_all()
    family.device.pull_all()
    for device in (officer, family.device):
        assert [key for key in device.rows if key[2] == "appeal"]


def test_a_repeated_late_click_is_one_appeal(edu: Admissions) -> None:
    from models.contract.admission_commands import TakeStep
    from provider.handlers.push import push

    family = edu.file(edu.family())
    edu.issue(family)
    command = family.device.command(
        TakeStep(edu.tenant, family.application, "confirm-interest"), occurred_at=edu.now + timedelta(hours=1)
    )
    edu.later(days=4)
    device = family.device
    answers = [
        push(edu.database, device.user, device.id, device.request(command), lambda: edu.now).outcomes[0]
        for _ in range(3)
    ]
    assert answers[0] == answers[1] == answers[2]
    assert edu.scalar("SELECT count(*) FROM appeal") == 1


def test_a_late_click_among_others_costs_the_others_nothing(edu: Admissions) -> None:
    from models.contract.admission_commands import TakeStep
    from provider.handlers.push import push

    user = edu.person("mother", ["parent"])
    late, fresh = edu.file(edu.family(user=user), bundle=False), edu.file(edu.family(user=user), bundle=False)
    device = late.device
    edu.issue(late)
    clicked = edu.later(hours=1)
    edu.later(days=4)
    edu.issue(fresh)
    commands = [
        device.command(TakeStep(edu.tenant, family.application, "confirm-interest"), occurred_at=at)
        for family, at in ((late, clicked), (fresh, edu.now))
    ]
    answer = push(edu.database, user, device.id, device.request(*commands), lambda: edu.now)
    assert [outcome.status.value for outcome in answer.outcomes] == ["refused", "applied"]
    assert edu.scalar("SELECT count(*) FROM appeal") == 1
    assert edu.state(fresh) == "voucher-active"


def test_a_click_after_the_end_is_late_and_no_appeal(edu: Admissions) -> None:
    family = edu.file(edu.family())
    edu.issue(family)
    edu.later(days=4)
    assert codes(edu.step(family.device, family.application, Event.CONFIRM_INTEREST)) == ["late"]
    future = edu.step(family.device, family.application, Event.CONFIRM_INTEREST, occurred=edu.now + timedelta(days=300))
    assert codes(future) == ["late"]  # a clock that is not believed makes nothing in time
    assert edu.scalar("SELECT count(*) FROM appeal") == 0


def test_history_says_that_a_step_was_taken_without_a_line(edu: Admissions) -> None:
    family = edu.file(edu.family())
    edu.issue(family)
    clicked = edu.later(hours=1)
    edu.later(hours=20)
    outcome = edu.step(family.device, family.application, Event.CONFIRM_INTEREST, occurred=clicked)
    assert outcome.status == "applied"
    row = edu.all("SELECT at, offline, device_id, actor, actor_name, command_id FROM history_entry ORDER BY id DESC")[0]
    assert (row.at, row.offline, row.device_id) == (edu.now, True, family.device.id)
    assert (row.actor, row.command_id) == ("parent", outcome.command_id)
    assert edu.row(family.application).terms["contract"].startswith("2026-09-15T03:00:00")  # from the receipt
