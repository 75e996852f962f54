"""A reason is a code of the act's own list, one's own words, or both."""

from __future__ import annotations

import pytest

from models.domain.admissions import guards, reasons
from models.domain.admissions.states import Actor, Event, State
from models.domain.admissions.table import TRANSITIONS
from models.domain.problems import Problem
from tests.domain.admissions.scene import attempt, take
from tests.domain.admissions.ways import FREE, NOW, WAYS, Way, case

DECISIONS = [way for way in WAYS if way.event in reasons.OF_EVENT and "reason" in way.act]


def test_every_act_that_needs_a_reason_has_a_list_of_them() -> None:
    needing = {row.event for row in TRANSITIONS if guards.reason_given in row.guards}
    assert needing == set(reasons.OF_EVENT)
    assert all(len(set(codes)) == len(codes) for codes in reasons.OF_EVENT.values())


@pytest.mark.parametrize("way", DECISIONS, ids=lambda way: way.row)
def test_a_code_of_the_list_is_enough_and_goes_into_the_messages(way: Way) -> None:
    code = way.act.get("reason_code") or reasons.listed(way.event)[0]
    act = {**way.act, "reason": "", "reason_code": code}
    if way.event is Event.ARCHIVE and not way.act.get("reason_code"):
        return  # an officer's own reason for closing is always in words
    found = take(way.case, way.event, way.actor, way.now or NOW, way.world, **act)
    assert found.transition == way.row
    assert all(notice.values["reason_code"] == code for notice in found.notices)


def test_a_code_of_another_list_is_no_reason() -> None:
    answer = attempt(case(State.CONTRACT_ORG), Event.REJECT, Actor.KINDERGARTEN, NOW, FREE, reason_code="absence")
    assert isinstance(answer, Problem)
    assert answer.code == "reason-missing"


def test_a_reason_is_empty_only_without_code_and_words() -> None:
    assert not reasons.Reason()
    assert reasons.Reason("age")
    assert reasons.Reason(words="Шешім")
