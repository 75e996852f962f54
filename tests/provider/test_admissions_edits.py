"""Two who change one application: different fields are merged, of the same field both versions are shown."""

from __future__ import annotations

from threading import Thread
from typing import Any

import pytest

from models.contract.admission_commands import EditApplication, RemoveChild
from models.contract.conflicts import Conflict, conflict_of
from models.contract.outcomes import CommandOutcome
from models.domain.admissions.states import Event
from provider.handlers.push import push
from provider.services import children
from provider.services.admissions import clock
from provider.services.logins import phone_key
from tests.provider.admissions_world import Admissions, Family
from tests.provider.sync_world import Device


@pytest.fixture
def family(edu: Admissions) -> Family:
    return edu.file(edu.family(), languages=["kk"], phone="+77011111111")


@pytest.fixture
def father(edu: Admissions, family: Family) -> Device:
    """The device of the other parent."""
    user = edu.person("father", ["parent"])
    edu.guard(user, family.child)
    return edu.world.device(user)


def edit(edu: Admissions, device: Device, family: Family, seen: dict[str, Any] | None, **fields: Any) -> CommandOutcome:
    """Change an application of whose fields one saw these values; None for a client that does not say."""
    payload = EditApplication(edu.tenant, family.application, **fields)
    command = device.command(payload, occurred_at=edu.now, base=seen or {})
    return push(device.database, device.user, device.id, device.request(command), lambda: edu.now).outcomes[0]


def conflict(outcome: CommandOutcome) -> Conflict:
    """Return what an outcome in conflict tells."""
    assert outcome.status == "conflict"
    found = conflict_of(outcome.result)
    assert found is not None
    return found


SEEN = {"phone": "+77011111111", "languages": ["kk"]}


def test_different_fields_of_two_parents_are_merged(edu: Admissions, family: Family, father: Device) -> None:
    assert edit(edu, family.device, family, SEEN, languages=["ru", "kk"]).status == "applied"
    assert edit(edu, father, family, SEEN, phone="+77012222222").status == "applied"
    row = edu.row(family.application)
    assert (row.languages, row.phone) == (["kk", "ru"], "+77012222222")


def test_the_same_field_of_two_parents_answers_both_versions_and_keeps_the_first(
    edu: Admissions, family: Family, father: Device
) -> None:
    first = edu.now
    assert edit(edu, family.device, family, SEEN, phone="+77012222222").status == "applied"
    edu.later(hours=1)
    outcome = edit(edu, father, family, SEEN, phone="+77013333333")
    assert [problem.code for problem in outcome.problems] == ["changed-meanwhile"]
    (clash,) = conflict(outcome).clashes
    mother = edu.scalar("SELECT name FROM person WHERE id = :id", id=family.user)
    assert (clash.field, clash.mine, clash.theirs, clash.seen) == (
        "phone",
        "+77013333333",
        "+77012222222",
        "+77011111111",
    )
    assert (clash.by, clash.actor, clash.at) == (mother, "parent", first)
    assert edu.row(family.application).phone == "+77012222222"
    again = edit(edu, father, family, {"phone": clash.theirs}, phone="+77013333333")  # having seen it
    assert again.status == "applied"
    assert edu.row(family.application).phone == "+77013333333"


def test_of_one_change_what_nobody_else_touched_is_stored_and_the_rest_is_asked_about(
    edu: Admissions, family: Family, father: Device
) -> None:
    assert edit(edu, family.device, family, SEEN, phone="+77012222222").status == "applied"
    outcome = edit(edu, father, family, SEEN, phone="+77013333333", languages=["ru"])
    assert [problem.code for problem in outcome.problems] == ["changed-in-part"]
    met = conflict(outcome)
    assert ([clash.field for clash in met.clashes], met.stored) == (["phone"], ["languages"])
    row = edu.row(family.application)
    assert (row.phone, row.languages) == ("+77012222222", ["ru"])
    assert edu.scalar("SELECT language_mask FROM application WHERE id = :id", id=row.id) == 2
    details = [one.detail for one in edu.all("SELECT detail FROM history_entry WHERE event = 'edit' ORDER BY id")]
    assert details[1].keys() == {"languages", "version"}


def test_a_conflict_is_answered_alike_when_it_is_sent_twice(edu: Admissions, family: Family, father: Device) -> None:
    assert edit(edu, family.device, family, SEEN, phone="+77012222222").status == "applied"
    payload = EditApplication(edu.tenant, family.application, phone="+77013333333", languages=["ru"])
    request = father.request(father.command(payload, occurred_at=edu.now, base=SEEN))
    answers = [push(father.database, father.user, father.id, request, lambda: edu.now).outcomes[0] for _ in range(2)]
    assert conflict(answers[0]) == conflict(answers[1])
    assert edu.scalar("SELECT count(*) FROM history_entry WHERE event = 'edit'") == 2


def test_the_same_wish_of_two_parents_is_no_conflict(edu: Admissions, family: Family, father: Device) -> None:
    assert edit(edu, family.device, family, SEEN, phone="+77012222222").status == "applied"
    assert edit(edu, father, family, SEEN, phone="+77012222222", languages=["ru"]).status == "applied"
    assert edu.row(family.application).languages == ["ru"]
    version = edu.row(family.application).version
    assert edit(edu, family.device, family, SEEN, languages=["ru"]).status == "applied", "it is as both wanted"
    assert edu.row(family.application).version == version
    nothing = edit(edu, family.device, family, None, languages=["ru"])
    assert [problem.code for problem in nothing.problems] == ["nothing-to-change"]


def test_two_spellings_of_one_telephone_are_no_conflict(edu: Admissions, family: Family, father: Device) -> None:
    assert edit(edu, family.device, family, SEEN, phone="+77012222222").status == "applied"
    assert edit(edu, father, family, SEEN, phone="8 (701) 222-22-22").status == "applied"
    assert edu.row(family.application).phone == "+77012222222"
    seen = {"phone": "8 701 222 22 22"}  # a form of an older program
    assert edit(edu, father, family, seen, phone="+77013333333").status == "applied"
    assert edu.row(family.application).phone == "+77013333333"


@pytest.mark.parametrize("typed", ["+7\u00a0(705)\u00a0555\u201103\u201119", "8 705 555.03.19", "7055550319"])
def test_every_spelling_of_a_telephone_is_taken(edu: Admissions, family: Family, typed: str) -> None:
    assert edit(edu, family.device, family, SEEN, phone=typed).status == "applied"
    assert phone_key(edu.row(family.application).phone) == "77055550319"


def test_a_field_that_was_changed_and_changed_back_is_as_it_was_seen(
    edu: Admissions, family: Family, father: Device
) -> None:
    for before, after in (("+77011111111", "+77012222222"), ("+77012222222", "+77011111111")):
        assert edit(edu, family.device, family, {"phone": before}, phone=after).status == "applied"
    assert edit(edu, father, family, SEEN, phone="+77013333333").status == "applied"


def test_ones_own_earlier_change_is_no_conflict(edu: Admissions, family: Family) -> None:
    assert edit(edu, family.device, family, SEEN, phone="+77012222222").status == "applied"
    assert edit(edu, family.device, family, {"phone": "+77012222222"}, phone="+77013333333").status == "applied"
    assert edu.row(family.application).phone == "+77013333333"


def test_what_may_no_longer_change_is_refused_before_anybody_is_asked_to_choose(
    edu: Admissions, family: Family, father: Device
) -> None:
    assert edit(edu, family.device, family, SEEN, languages=["ru"]).status == "applied"
    edu.issue(family)
    outcome = edit(edu, father, family, SEEN, languages=["kk", "ru"], phone="+77013333333")
    assert [problem.code for problem in outcome.problems] == ["step-not-possible"]
    assert edu.row(family.application).phone == "+77011111111"


@pytest.mark.parametrize("odd", [None, 7, "", [], [["kk"]], {"a": 1}, ["kk", None], True])
def test_whatever_a_client_says_it_saw_no_value_is_overwritten_unless_it_was_that(
    edu: Admissions, family: Family, odd: Any
) -> None:
    outcome = edit(edu, family.device, family, {"languages": odd, "phone": odd}, languages=["ru"], phone="+77012222222")
    assert {clash.field for clash in conflict(outcome).clashes} == {"languages", "phone"}
    assert edu.row(family.application).languages == ["kk"]


def test_history_keeps_both_values_and_a_client_that_says_nothing_is_taken_at_its_word(
    edu: Admissions, family: Family, father: Device
) -> None:
    edit(edu, father, family, SEEN, languages=["ru"])
    assert edit(edu, family.device, family, SEEN, phone="+77012222222").status == "applied"
    details = [row.detail for row in edu.all("SELECT detail FROM history_entry WHERE event = 'edit' ORDER BY id")]
    assert details[0]["languages"] == [["kk"], ["ru"]]
    assert details[1]["phone"] == ["+77011111111", "+77012222222"]
    assert edit(edu, father, family, None, phone="+77014444444").status == "applied"


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
    filing.join()
    assert [problem.code for problem in outcomes[0].problems] == ["not-found"]
    assert edu.scalar("SELECT count(*) FROM application") == 0
