"""Nonsense and rivals: every command of the office answers with a reason, and no two officers do a thing twice."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import msgspec

from models.contract.admission_commands import (
    AnswerLetter,
    CancelIteration,
    CheckDocument,
    CloseLetter,
    CompleteCalendarYear,
    ConfirmCategory,
    ConfirmChange,
    DecideAppeal,
    DecideReview,
    IssueIteration,
    PlanIteration,
    PublishItem,
    SaveGroup,
    SaveOrganisation,
    SendFeedback,
    SetCalendarDay,
    SetCategory,
    SetProgramme,
    VerifyBenefit,
    WithdrawItem,
    WriteReview,
)
from models.contract.outcomes import CommandOutcome
from models.contract.payload import Payload
from models.contract.sentences import SENTENCES
from tests.provider.admissions_world import Admissions

DAY = date(2026, 10, 1)
NAMES = {"kk": "Атау"}
HUGE = 10**30
LONG = "x" * 20_000
HIDDEN = "a\u202eb\x07"


def payloads(town: Admissions) -> list[Payload]:
    """Return one good command of each kind."""
    t, amina, sun = town.tenant, town.organisations["Amina"], town.groups["sun"]
    return [
        PlanIteration(t, "general", 1, town.city, 2023, "kk"),
        IssueIteration(t, 1),
        CancelIteration(t, 1, "Reason"),
        SetProgramme(t, "general", DAY, {"contract_days": 6}),
        ConfirmChange(t, 1, True),
        SetCalendarDay(t, DAY, False, NAMES),
        CompleteCalendarYear(t, 2028, "Source", True),
        SetCategory(t, "new", 9, "ordinary", NAMES, "", 0, 84, DAY),
        ConfirmCategory(t, 1, True),
        SaveOrganisation(t, amina, "Name", "kindergarten", "state", town.city, "Address", "+7 701 000 00 00"),
        SaveGroup(t, sun, amina, "Name", 3, 4, "kk", 1),
        PublishItem(t, sun, 1, [2023], DAY, DAY),
        WithdrawItem(t, 1, "Reason", 1),
        VerifyBenefit(t, 1, False, "Reason"),
        CheckDocument(t, 1, False, "Reason"),
        DecideAppeal(t, 1, True, "Reason"),
        WriteReview(t, amina, 5, "Text"),
        DecideReview(t, 1, False, "Answer"),
        SendFeedback(t, "Subject", "Text"),
        AnswerLetter(t, 1, "Text", 1),
        CloseLetter(t, 1, "Reason", seen=1),
    ]


def spoiled(payload: Payload) -> list[Payload]:
    """Return the command with each number and each text made absurd, one at a time."""
    found = []
    for name in payload.__struct_fields__:
        value = getattr(payload, name)
        if name == "department_id" or isinstance(value, bool):
            continue
        wrong: tuple[Any, ...] = ()
        if isinstance(value, int):
            wrong = (HUGE, -HUGE, -1)
        elif isinstance(value, str):
            wrong = (LONG, HIDDEN)
        elif name == "birth_years":
            wrong = ([HUGE], [-1], [2023] * 5_000 + [1])
        elif name == "settings":
            wrong = ({"contract_days": HUGE}, {"bulletin_opens": LONG}, {LONG[:300]: 1})
        elif name == "name":
            wrong = ({"kk": LONG}, {"xx": "a"}, {"kk": HIDDEN})
        found += [msgspec.structs.replace(payload, **{name: bad}) for bad in wrong]
    return found


def test_absurd_values_are_refused_with_a_reason_and_break_nothing(town: Admissions) -> None:
    officer = town.officer()
    seen = 0
    for payload in payloads(town):
        for bad in spoiled(payload):
            outcome = town.send(officer, bad)
            if outcome.status == "applied":  # a text that is only kept in a reason nobody asked for
                continue
            assert outcome.status == "refused", (bad, outcome)
            for problem in outcome.problems:
                assert problem.code != "server-error", bad
                assert problem.code in SENTENCES, problem
            seen += 1
    assert seen > 60


def test_an_officer_of_one_department_is_nobody_in_another(town: Admissions) -> None:
    officer = town.officer()
    for payload in payloads(town):
        outcome = town.send(officer, msgspec.structs.replace(payload, department_id=999))
        assert outcome.status == "refused"
        assert outcome.problems[0].code in ("not-found", "no-access", "not-allowed")


def together(town: Admissions, *works: tuple[Any, Payload]) -> list[CommandOutcome]:
    ready = threading.Barrier(len(works))
    outcomes: list[CommandOutcome | None] = [None] * len(works)

    def send(at: int) -> None:
        ready.wait()
        outcomes[at] = town.send(*works[at])

    threads = [threading.Thread(target=send, args=(at,)) for at in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [outcome for outcome in outcomes if outcome is not None]


def test_of_two_officers_who_issue_a_round_one_does(town: Admissions) -> None:
    families = [town.file(town.family()) for _ in range(4)]
    plan = town.send(town.officer(), PlanIteration(town.tenant, "general", 2)).result
    issue = IssueIteration(town.tenant, plan["iteration_id"])
    outcomes = together(town, *((town.officer(), issue) for _ in range(4)))
    assert sorted(outcome.status for outcome in outcomes) == ["applied", "refused", "refused", "refused"]
    states = [town.state(family) for family in families]
    assert sorted(states) == ["queued", "queued", "voucher-issued", "voucher-issued"]


def test_places_published_by_two_at_once_are_there_only_once(town: Admissions) -> None:
    payload = PublishItem(town.tenant, town.groups["star"], 2, [2023], town.now.date(), DAY)
    outcomes = together(town, (town.officer(), payload), (town.kindergarten("Amina"), payload))
    assert sorted(outcome.status for outcome in outcomes) == ["applied", "refused"]
    assert town.scalar("SELECT sum(places) FROM bulletin_item") == 2


def test_an_edition_is_confirmed_by_one_of_two(town: Admissions) -> None:
    made = town.send(town.officer(), SetProgramme(town.tenant, "general", DAY, {"contract_days": 6})).result
    yes = ConfirmChange(town.tenant, made["programme_id"], True)
    no = ConfirmChange(town.tenant, made["programme_id"], False)
    outcomes = together(town, (town.officer(), yes), (town.officer(), no))
    assert sorted(outcome.status for outcome in outcomes) == ["applied", "refused"]
