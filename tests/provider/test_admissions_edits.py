"""Two who change one application: different fields are merged, of the same field both versions are shown."""

from __future__ import annotations

from threading import Thread
from typing import Any

import pytest

from models.contract.admission_commands import EditApplication, RemoveChild
from models.contract.outcomes import CommandOutcome
from models.domain.admissions.states import Event
from provider.handlers.push import push
from provider.services import children
from provider.services.admissions import clock
from provider.store.database import Database
from tests.provider.admissions_world import Admissions, Family, make_admissions
from tests.provider.sync_world import Device


@pytest.fixture
def edu(database: Database) -> Admissions:
    return make_admissions(database)


@pytest.fixture
def family(edu: Admissions) -> Family:
    return edu.file(edu.family(), languages=["kk"], phone="+77011111111")


@pytest.fixture
def father(edu: Admissions, family: Family) -> Device:
    """The device of the other parent."""
    user = edu.person("father", ["parent"])
    edu.guard(user, family.child)
    return edu.world.device(user)


def edit(edu: Admissions, device: Device, family: Family, seen: int | None, **fields: Any) -> CommandOutcome:
    """Change an application of which one saw a version."""
    base = {} if seen is None else {f"application:{family.application}": seen}
    payload = EditApplication(edu.tenant, family.application, **fields)
    command = device.command(payload, occurred_at=edu.now, base=base)
    return push(device.database, device.user, device.id, device.request(command), lambda: edu.now).outcomes[0]


def test_different_fields_of_two_parents_are_merged(edu: Admissions, family: Family, father: Device) -> None:
    seen = edu.row(family.application).version
    assert edit(edu, family.device, family, seen, languages=["ru", "kk"]).status == "applied"
    assert edit(edu, father, family, seen, phone="+77012222222").status == "applied"
    row = edu.row(family.application)
    assert (row.languages, row.phone) == (["kk", "ru"], "+77012222222")


def test_the_same_field_of_two_parents_answers_both_versions_and_changes_nothing(
    edu: Admissions, family: Family, father: Device
) -> None:
    seen = edu.row(family.application).version
    assert edit(edu, family.device, family, seen, phone="+77012222222").status == "applied"
    outcome = edit(edu, father, family, seen, phone="+77013333333", languages=["ru"])
    assert outcome.status == "conflict"
    assert [problem.code for problem in outcome.problems] == ["changed-meanwhile"]
    assert outcome.result["mine"] == {"phone": "+77013333333", "languages": ["ru"]}
    version = edu.row(family.application).version
    assert outcome.result["theirs"] == {"phone": "+77012222222", "languages": ["kk"], "version": version}
    row = edu.row(family.application)
    assert (row.phone, row.languages) == ("+77012222222", ["kk"])
    again = edit(edu, father, family, version, phone="+77013333333", languages=["ru"])  # having seen it
    assert again.status == "applied"
    assert edu.row(family.application).phone == "+77013333333"


def test_the_same_wish_of_two_parents_is_no_conflict(edu: Admissions, family: Family, father: Device) -> None:
    seen = edu.row(family.application).version
    assert edit(edu, family.device, family, seen, phone="+77012222222").status == "applied"
    outcome = edit(edu, father, family, seen, phone="+77012222222", languages=["ru"])
    assert outcome.status == "applied"
    assert edu.row(family.application).languages == ["ru"]


def test_ones_own_earlier_change_is_no_conflict(edu: Admissions, family: Family) -> None:
    seen = edu.row(family.application).version
    for phone in ("+77012222222", "+77013333333"):  # both entered before the line was back
        assert edit(edu, family.device, family, seen, phone=phone).status == "applied"
    assert edu.row(family.application).phone == "+77013333333"


def test_steps_of_others_are_no_conflict_and_history_keeps_both_values(
    edu: Admissions, family: Family, father: Device
) -> None:
    seen = edu.row(family.application).version
    edit(edu, father, family, seen, languages=["ru"])
    outcome = edit(edu, family.device, family, seen, phone="+77012222222")
    assert outcome.status == "applied"
    details = [row.detail for row in edu.all("SELECT detail FROM history_entry WHERE event = 'edit' ORDER BY id")]
    assert details[0]["languages"] == [["kk"], ["ru"]]
    assert details[1]["phone"] == ["+77011111111", "+77012222222"]
    assert edit(edu, father, family, None, phone="+77014444444").status == "applied"  # a client that says no version


def test_the_phone_changes_while_a_voucher_runs_and_nothing_else_does(edu: Admissions, family: Family) -> None:
    edu.issue(family)
    edu.act(family, Event.CONFIRM_INTEREST)
    before = edu.row(family.application)
    outcome = edit(edu, family.device, family, None, languages=["ru"], phone="+77012222222")
    assert [problem.code for problem in outcome.problems] == ["step-not-possible"]
    assert edit(edu, family.device, family, None, phone="+77012222222").status == "applied"
    row = edu.row(family.application)
    changed = {name for name in row.__struct_fields__ if getattr(row, name) != getattr(before, name)}
    assert changed == {"phone", "version", "command_id"}
    told = edu.all("SELECT subject, body FROM message ORDER BY id")[-1]
    assert told.body["en"].startswith("The telephone in application")
    assert len(set(told.body.values())) == 4


def test_a_new_phone_takes_no_appeal_away_from_a_late_click(edu: Admissions, family: Family) -> None:
    edu.issue(family)
    clicked = edu.now
    edu.later(days=5)
    clock.run_due(edu.database, edu.now)
    assert edu.state(family) == "stop-list"
    assert edit(edu, family.device, family, None, phone="+77012222222").status == "applied"
    late = edu.step(family.device, family.application, Event.CONFIRM_INTEREST, occurred=clicked)
    assert [problem.code for problem in late.problems] == ["late-offline"]


def test_nothing_is_filed_for_a_child_that_leaves_the_cabinet_at_that_moment(edu: Admissions) -> None:
    leaving = edu.family()
    outcomes: list[CommandOutcome] = []
    filing = Thread(target=lambda: outcomes.append(edu.send(leaving.device, edu.filing(leaving))))
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with edu.database.change() as unit:
        children.remove(unit, leaving.user, RemoveChild(edu.tenant, leaving.child), edu.now)
        filing.start()
        while filing.is_alive() and not edu.scalar(waiting):
            pass
    filing.join(30)
    assert [problem.code for problem in outcomes[0].problems] == ["not-found"]
    assert edu.scalar("SELECT count(*) FROM application") == 0
