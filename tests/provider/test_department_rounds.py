"""Rounds of vouchers: two officers, a plan that must still hold, a protocol that only the office sees."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

import translations
from models.contract.admission_commands import CancelIteration, IssueIteration, PlanIteration
from models.contract.outcomes import CommandOutcome
from models.contract.sentences import sentence
from models.domain.admissions.states import Event
from provider.services.admissions import iterations
from provider.services.admissions import queue as waiting
from provider.store.changes import STAFF
from provider.store.database import Database
from tests.provider.admissions_world import Admissions, Family, make_admissions
from tests.provider.sync_world import Device


def planned(town: Admissions, officer: Device, vouchers: int = 2, **values: object) -> CommandOutcome:
    outcome = town.send(officer, PlanIteration(town.tenant, "general", vouchers, **values))  # type: ignore[arg-type]
    assert outcome.status == "applied", outcome
    return outcome


def queue(town: Admissions, count: int, **values: object) -> list[Family]:
    families = []
    for _ in range(count):
        town.later(seconds=1)
        families.append(town.file(town.family(), **values))  # type: ignore[arg-type]
    return families


def lines(town: Admissions, round_id: int) -> list[tuple[int, int, str]]:
    found = town.all(
        "SELECT position, application_id, skipped FROM iteration_line WHERE iteration_id = :id ORDER BY position",
        id=round_id,
    )
    return [tuple(row) for row in found]


def test_a_plan_gives_nobody_anything_and_names_the_first_in_order(town: Admissions) -> None:
    families = queue(town, 4)
    result = planned(town, town.officer()).result
    assert result["planned"] == 2
    assert result["passed_over"] == 0
    assert result["free_places"] == 4
    assert [line[1] for line in lines(town, result["iteration_id"])] == [f.application for f in families[:2]]
    assert {town.state(family) for family in families} == {"queued"}


def test_the_planner_may_not_issue_the_round_and_another_officer_may(town: Admissions) -> None:
    families = queue(town, 3)
    planner, other = town.officer(), town.officer()
    round_id = planned(town, planner).result["iteration_id"]
    own = town.send(planner, IssueIteration(town.tenant, round_id))
    assert (own.status, own.problems[0].code) == ("refused", "needs-another-officer")
    assert {town.state(family) for family in families} == {"queued"}
    done = town.send(other, IssueIteration(town.tenant, round_id))
    assert (done.status, done.result["vouchers"]) == ("applied", 2)
    assert [town.state(family) for family in families] == ["voucher-issued", "voucher-issued", "queued"]
    assert town.messages(families[0])[-1] == "Confirm your interest in the voucher"
    numbers = [town.row(family.application).voucher_number for family in families]
    assert numbers[0] != numbers[1]
    assert numbers[0].startswith("V2026-")
    assert numbers[2] == ""
    again = town.send(other, IssueIteration(town.tenant, round_id))
    assert again.problems[0].code == "round-decided"


def test_a_round_whose_queue_has_changed_is_stale_and_gives_nothing(town: Admissions) -> None:
    families = queue(town, 3)
    round_id = planned(town, town.officer()).result["iteration_id"]
    town.act(families[0], Event.LEAVE_QUEUE)
    done = town.send(town.officer(), IssueIteration(town.tenant, round_id))
    assert (done.status, done.problems[0].code) == ("refused", "round-stale")
    assert town.scalar("SELECT state FROM iteration WHERE id = :id", id=round_id) == "stale"
    assert [town.state(family) for family in families] == ["archived", "queued", "queued"]


def test_somebody_who_joins_behind_does_not_make_a_round_stale(town: Admissions) -> None:
    families = queue(town, 3)
    round_id = planned(town, town.officer()).result["iteration_id"]
    queue(town, 1)
    done = town.send(town.officer(), IssueIteration(town.tenant, round_id))
    assert done.status == "applied", done
    assert town.state(families[1]) == "voucher-issued"


def test_whoever_is_no_officer_may_not_plan_issue_or_cancel(town: Admissions) -> None:
    family = queue(town, 1)[0]
    round_id = planned(town, town.officer(), 1).result["iteration_id"]
    for device in (family.device, town.doctor(), town.kindergarten("Amina")):
        for payload in (
            PlanIteration(town.tenant, "general", 1),
            IssueIteration(town.tenant, round_id),
            CancelIteration(town.tenant, round_id),
        ):
            outcome = town.send(device, payload)
            assert outcome.status == "refused"
            assert outcome.problems[0].code == "not-allowed"


def test_a_cancelled_round_cannot_be_issued(town: Admissions) -> None:
    queue(town, 2)
    officer = town.officer()
    round_id = planned(town, officer, 1).result["iteration_id"]
    assert town.send(officer, CancelIteration(town.tenant, round_id, "By mistake")).status == "applied"
    outcome = town.send(town.officer(), IssueIteration(town.tenant, round_id))
    assert outcome.problems[0].code == "round-decided"


def test_the_protocol_says_who_was_passed_over_and_why(town: Admissions) -> None:
    young = town.file(town.family(date(2024, 11, 1)))
    town.later(seconds=1)
    old = town.file(town.family())
    officer = town.officer()
    result = planned(town, officer, 1).result
    assert [(row[1], row[2]) for row in lines(town, result["iteration_id"])] == [(old.application, "")]
    result = planned(town, officer, 5).result  # everybody else has one: now the youngest may, above a year and a half
    assert [(row[1], row[2]) for row in lines(town, result["iteration_id"])] == [
        (old.application, ""),
        (young.application, ""),
    ]
    names = town.all("SELECT DISTINCT child FROM iteration_line")
    assert [row.child for row in names] == ["Qalam Aisha"]


def test_twins_get_vouchers_together_or_keep_their_place(town: Admissions) -> None:
    first = town.file(town.family())
    second = town.file(town.family(user=first.user))
    town.later(seconds=1)
    single = town.file(town.family())
    assert town.row(second.application).bundle_id == town.row(first.application).bundle_id
    officer = town.officer()
    result = planned(town, officer, 1).result
    told = {row[1]: row[2] for row in lines(town, result["iteration_id"])}
    assert told == {first.application: "twins-need-more", second.application: "twins-need-more", single.application: ""}
    result = planned(town, officer, 2).result
    assert {row[1] for row in lines(town, result["iteration_id"])} == {first.application, second.application}


def test_only_the_office_is_sent_a_round_and_its_lines(town: Admissions) -> None:
    family = queue(town, 1)[0]
    officer = town.officer()
    round_id = planned(town, officer, 1).result["iteration_id"]
    scopes = town.all(
        "SELECT DISTINCT i.scope FROM sync_index i JOIN iteration_line l ON l.id = i.row_id "
        "WHERE i.changed_by <> '' AND i.scope = :staff",
        staff=STAFF,
    )
    assert scopes
    for device in (family.device, town.kindergarten("Amina"), town.doctor()):
        device.pull_all()
        assert not [key for key in device.rows if key[2] in ("iteration", "iteration_line")]
    officer.pull_all()
    assert {key[3] for key in officer.rows if key[2] == "iteration"} == {round_id}
    assert len([key for key in officer.rows if key[2] == "iteration_line"]) == 1


def test_a_round_may_be_for_one_language_one_birth_year_or_one_place(town: Admissions) -> None:
    kazakh = town.file(town.family())
    russian = town.file(town.family(), languages=["ru"])
    older = town.file(town.family(date(2022, 5, 1)))
    far = town.file(town.family(), locality_id=town.village)
    officer = town.officer()

    def winners(**values: object) -> set[int]:
        return {row[1] for row in lines(town, planned(town, officer, 9, **values).result["iteration_id"])}

    assert winners(language="ru") == {russian.application}
    assert winners(birth_year=2022) == {older.application}
    assert winners(locality_id=town.village) == {far.application}
    assert winners(locality_id=town.city) == {kazakh.application, russian.application, older.application}


def test_a_round_that_gives_nothing_and_nonsense_are_refused(town: Admissions) -> None:
    officer = town.officer()
    for payload, code in (
        (PlanIteration(town.tenant, "general", 1), "round-gives-nothing"),
        (PlanIteration(town.tenant, "general", 0), "number-out-of-range"),
        (PlanIteration(town.tenant, "bulletin", 1), "programme-unknown"),
        (PlanIteration(town.tenant, "nothing", 1), "programme-unknown"),
        (PlanIteration(town.tenant, "general", 1, locality_id=999), "not-found"),
        (PlanIteration(town.tenant, "general", 1, language="xx"), "language-of-education-unknown"),
    ):
        outcome = town.send(officer, payload)
        assert (outcome.status, outcome.problems[0].code) == ("refused", code)


def test_a_round_that_gives_nothing_says_why_nobody_who_waits_gets_one(town: Admissions) -> None:
    def refused() -> str:
        outcome = town.send(town.officer(), PlanIteration(town.tenant, "general", 1))
        (problem,) = outcome.problems
        assert problem.code == "round-gives-nothing"
        translations.use("en")
        return sentence(problem)

    assert refused().startswith("Nobody waits in the queue that you chose")
    house = town.organisation("Arnau", corrections=["speech"])
    family = town.family()
    paper = f"pmpk:{town.upload(family, 'paper')}:pmpk.pdf"
    special = Family(family.device, family.user, family.child)
    town.file(special, "special", correction="speech", organisation_id=house, blobs=[paper])
    assert town.step(town.doctor(), special.application, Event.DOC_CONFIRM).status == "applied"
    town.file(family)
    town.issue(special)
    assert refused().endswith("Who waits there: with a voucher of another queue already: 1.")


def test_history_names_the_officer_who_issued(town: Admissions) -> None:
    family = queue(town, 1)[0]
    round_id = planned(town, town.officer(), 1).result["iteration_id"]
    other = town.officer()
    town.send(other, IssueIteration(town.tenant, round_id))
    row = town.all(
        "SELECT transition, actor, actor_id FROM history_entry WHERE application_id = :id ORDER BY id DESC LIMIT 1",
        id=family.application,
    )[0]
    assert tuple(row) == ("T06", "officer", other.user)


@pytest.mark.parametrize("vouchers", [1, 2, 3, 5, 8])
def test_the_front_of_the_queue_gives_the_plan_of_the_whole(
    town: Admissions, vouchers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = town.file(town.family())
    town.later(seconds=1)
    town.file(town.family(date(2025, 1, 1)))
    queue(town, 4)
    town.file(town.family(user=first.user))  # a twin of the first, far behind
    queue(town, 3)
    payload = PlanIteration(town.tenant, "general", vouchers)
    with town.database.read() as connection:
        monkeypatch.setattr(iterations, "_FRONT", 100)
        whole = iterations.plan_round(connection, town.department(), payload, town.now)
        monkeypatch.setattr(iterations, "_FRONT", -2 * vouchers + 2)
        front = iterations.plan_round(connection, town.department(), payload, town.now)
    assert front == whole


@pytest.mark.parametrize("order", ["strict", "interleave"])
def test_the_front_gives_the_plan_of_the_whole_whatever_stands_in_it(
    database: Database, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = make_admissions(database, general={"order": order})
    chance = random.Random(7)
    families = [
        town.file(
            town.family(chance.choice((date(2023, 4, 14), date(2023, 4, 14), date(2025, 1, 1), date(2025, 9, 1))))
        )
        for _ in range(24)
    ]
    town.file(town.family(user=families[2].user))  # a twin, far behind
    with database.change() as unit:
        move = text("UPDATE application SET category_rank = :rank WHERE id = :id")
        for family in families:  # those far behind in time may be first by right
            unit.connection.execute(move, {"rank": chance.choice((1, 2, 2, 3, 4, 4, 4, 9)), "id": family.application})
            unit.changes.live(town.tenant, f"child:{family.child}", "application", family.application)
    reads: list[int | None] = []
    read = waiting.front

    def counted(*given: Any) -> Any:
        reads.append(given[-1])
        return read(*given)

    monkeypatch.setattr(waiting, "front", counted)
    with database.read() as connection:
        for vouchers in range(1, 20):
            payload = PlanIteration(town.tenant, "general", vouchers)
            monkeypatch.setattr(iterations, "_FRONT", 100)
            whole = iterations.plan_round(connection, town.department(), payload, town.now)
            for limit in range(1, 20, 2):
                monkeypatch.setattr(iterations, "_FRONT", limit - 2 * vouchers)
                assert iterations.plan_round(connection, town.department(), payload, town.now) == whole, limit
    fronts, wholes = sum(limit is not None for limit in reads), sum(limit is None for limit in reads)
    assert 0 < wholes < fronts, "some plans need the whole queue, others do with its front"


def test_children_whose_turn_comes_last_get_no_voucher_because_they_stand_in_front(
    town: Admissions, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        town.file(town.family(date(2025, 1, 1)))
        town.later(seconds=1)
    (old,) = queue(town, 1)
    monkeypatch.setattr(iterations, "_FRONT", 0)
    round_id = planned(town, town.officer(), 1).result["iteration_id"]
    assert [row[1] for row in lines(town, round_id) if not row[2]] == [old.application]


def test_who_is_meant_only_because_of_a_twin_far_behind_keeps_their_place_in_the_order(
    town: Admissions, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = town.file(town.family(), locality_id=town.city)
    queue(town, 3, locality_id=town.village)
    twin = town.file(town.family(user=first.user), locality_id=town.village)
    monkeypatch.setattr(iterations, "_FRONT", -2)
    round_id = planned(town, town.officer(), 2, locality_id=town.village).result["iteration_id"]
    winners = [row[1] for row in lines(town, round_id) if not row[2]]
    assert winners == [first.application, twin.application]
