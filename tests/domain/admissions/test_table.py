"""Every row of the transition table does what ``ways`` says of it, and the table as a whole holds together."""

from __future__ import annotations

from typing import Any

import pytest

from models.domain.admissions.case import EffectKind, World
from models.domain.admissions.machine import fired_at, possible
from models.domain.admissions.states import (
    CONTRACTING,
    HOLDING,
    Actor,
    Programme,
    State,
    TempEnd,
    TimerKind,
)
from models.domain.admissions.table import TRANSITIONS
from models.domain.problems import Problem
from models.domain.working_days import Deadline
from tests.domain.admissions.scene import at, attempt, rules, take
from tests.domain.admissions.ways import CLK, NOW, PAR, WAYS, E, S, Way, case, temporary, transfer


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.row)
def test_a_row_leads_where_it_says_with_its_effects_and_terms(way: Way) -> None:
    given = rules(way.case.programme, **way.rules)
    found = take(way.case, way.event, way.actor, way.now or NOW, way.world, given=given, **way.act)
    assert found.transition == way.row
    assert found.case.state is way.to
    assert tuple(effect.kind for effect in found.effects) == way.effects
    assert set(found.case.timers) == set(way.terms)
    assert way.check is None or way.check(found)
    assert {notice.code for notice in found.notices} == {tell.code for tell in row(way.row).tell}


def test_every_row_is_exercised() -> None:
    assert {way.row for way in WAYS} == {row.id for row in TRANSITIONS}


def test_rows_have_names_of_their_own_and_a_source() -> None:
    assert len({row.id for row in TRANSITIONS}) == len(TRANSITIONS)
    assert all(row.source for row in TRANSITIONS)


def row(name: str) -> Any:
    return next(row for row in TRANSITIONS if row.id == name)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.row)
def test_nobody_else_may_take_a_row(way: Way) -> None:
    allowed = {actor for row in TRANSITIONS if row.event is way.event for actor in row.actors}
    for actor in set(Actor) - allowed:
        answer = attempt(way.case, way.event, actor, way.now or NOW, way.world, **way.act)
        assert isinstance(answer, Problem)
        assert answer.code == "not-allowed"


def test_every_state_has_an_exit_in_every_programme_that_reaches_it() -> None:
    for programme in (Programme.GENERAL, Programme.SPECIAL, Programme.BULLETIN):
        reached, open_states = set(), [State.DRAFT]
        while open_states:
            state = open_states.pop()
            if state in reached:
                continue
            reached.add(state)
            exits = {row.to for row in TRANSITIONS if state in row.sources and programme in row.programmes} - {None}
            assert exits - {state}, (programme, state)
            open_states += [found for found in exits if found is not None]
        assert State.ARCHIVED in reached
        assert State.ENROLLED in reached


def test_every_term_that_a_state_may_have_has_a_row_for_its_end() -> None:
    running: dict[State, set[TimerKind]] = {}
    for way in WAYS:
        running.setdefault(way.to, set()).update(way.terms)
        running.setdefault(way.case.state, set()).update(way.case.timers)
    for state, kinds in running.items():
        for kind in kinds:
            assert any(state in row.sources for row in TRANSITIONS if row.event is kind.event), (state, kind)


def test_every_kind_of_term_is_started_by_some_step() -> None:
    assert {kind for way in WAYS for kind in way.terms} == set(TimerKind)


def test_every_effect_is_used() -> None:
    assert {kind for way in WAYS for kind in way.effects} == set(EffectKind)


def test_every_flag_and_end_of_a_temporary_place_is_reached() -> None:
    found = take(temporary(), E.TEMP_END_EXPIRES, CLK, "2024-10-28 00:00:00", World(owner_returned=True))
    assert found.case.temp_end is TempEnd.OWNER_RETURNED


def test_a_term_never_fires_early() -> None:
    answer = attempt(case(S.VOUCHER_ISSUED), E.INTEREST_EXPIRES, CLK, "2024-10-04 23:59:59")
    assert isinstance(answer, Problem)
    assert answer.code == "too-early"


def test_a_term_fires_at_the_first_instant_after_it() -> None:
    term = Deadline(at("2024-10-07 15:37:26"))
    assert not term.passed(term.at)
    assert term.passed(fired_at(term))


def test_what_is_possible_is_what_the_table_has_for_the_actor() -> None:
    active = possible(case(S.VOUCHER_ACTIVE), PAR)
    assert set(active) == {E.REFUSE_VOUCHER, E.CHOOSE_PLACE, E.JOIN_WAITLIST, E.EXTEND, E.CHOOSE_TEMPORARY}
    assert E.TEMP_LEAVE in possible(temporary(), PAR)
    assert E.REFUSE_VOUCHER not in possible(transfer(S.CONTRACT_ORG), PAR)
    assert E.REFUSE_VOUCHER in possible(case(S.CONTRACT_ORG), PAR)
    assert possible(case(S.ARCHIVED), PAR) == ()


def test_contracting_states_hold_a_place() -> None:
    assert CONTRACTING < HOLDING
