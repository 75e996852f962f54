"""Properties of admissions: whatever people do and however long the clock stood still, nothing is lost or doubled."""

from __future__ import annotations

import copy
import random
from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from models.domain.admissions.case import Act, Step
from models.domain.admissions.iteration import plan
from models.domain.admissions.machine import due, possible
from models.domain.admissions.ranking import ordered, position
from models.domain.admissions.rules import DEFAULTS
from models.domain.admissions.states import (
    CONTRACTING,
    WITH_VOUCHER,
    Actor,
    Event,
    Programme,
    State,
    TimerKind,
    VoucherState,
)
from models.domain.admissions.table import TRANSITIONS
from tests.domain.admissions.scene import CALENDAR, at
from tests.properties.admission_town import PAPERS, Town, later, must_run

FILED = [Programme.GENERAL, Programme.SPECIAL, Programme.BULLETIN]
PEOPLE = [Actor.PARENT, Actor.KINDERGARTEN, Actor.DOCTOR, Actor.OFFICER]
OPENINGS = {1: 1, 2: 2, 3: 1}
BIRTHS = {number: date(2018, 10, 1) + timedelta(days=140 * number) for number in range(1, 9)}


def no_term_is_lost_and_none_runs_for_nothing(town: Town) -> None:
    assert due(town.cases.values(), town.now) == []
    for case in town.cases.values():
        assert set(case.timers) >= must_run(case), case
        extra = set(case.timers) - must_run(case)
        assert extra <= {TimerKind.CONTRACT, TimerKind.ORG_SLA} & set(case.timers), case
        assert not extra or case.state in CONTRACTING, case
    instants = [(instant, (len(number), number)) for instant, number, _kind in town.fired]
    assert instants == sorted(instants), "terms fire by their ends, then by number"


def places_are_never_given_twice(town: Town) -> None:
    for group, capacity in OPENINGS.items():
        assert town.held[group] >= 0
        assert town.held[group] + town.occupied[group] <= capacity
        assert town.held[group] == town.holders(group)
        leaving = sum(left == group for _instant, left in town.vacating)
        attending = sum(case.placement_group_id == group for case in town.cases.values())
        assert town.occupied[group] == attending + leaving
    guests = {case.id for case in town.cases.values() if case.temp in ("booked", "attending")}
    assert guests == {slot.taken_by for slot in town.slots} - {None}


def a_child_has_one_application_a_programme_and_one_voucher(town: Town) -> None:
    for child in BIRTHS:
        for programme in FILED:
            assert len(town.live_of(child, programme)) <= 1
        own = [case for case in town.cases.values() if town.child_of[case.id] == child]
        assert sum(case.voucher is not None for case in own) <= 1
        assert sum(case.placement_group_id is not None for case in own) <= 1


def what_belongs_to_a_state_is_there(town: Town) -> None:
    for case in town.cases.values():
        entries = [state for key, state in town.waiting.items() if key[0] == case.id]
        assert (case.state is State.VOUCHER_WAITLISTED) == ("waiting" in entries and "offered" not in entries)
        assert (case.state is State.PLACE_OFFERED) == ("offered" in entries)
        if case.programme is not Programme.BULLETIN:
            used = case.state is State.ENROLLED or case.transferring
            assert (case.voucher is VoucherState.IN_USE) == used, case
            assert (case.voucher is not None) == (case.state in WITH_VOUCHER or used), case
        assert (case.state is State.STOP_LIST) == (case.stop is not None)
        assert (case.state is State.ARCHIVED) == (case.archive is not None)
        assert case.state is State.ARCHIVED or any(possible(case, actor) for actor in PEOPLE)


def nobody_waits_for_a_free_place(town: Town) -> None:
    for (number, group), state in town.waiting.items():
        if state == "waiting" and town.cases[number].state is State.VOUCHER_WAITLISTED:
            assert town.free(group) == 0


def numbers_are_a_permutation(town: Town) -> None:
    for programme in FILED:
        queue = town.queue(programme)
        assert sorted(entry.id for entry in ordered(queue, DEFAULTS[programme])) == sorted(entry.id for entry in queue)
        both = [entry for entry in queue if entry.languages == 3]
        found = [position(entry, queue, DEFAULTS[programme]).number for entry in both]
        assert sorted(found) == [*range(1, len(both) + 1)], "who wants both languages has only its like before it"
        one = [position(entry, queue, DEFAULTS[programme]).number for entry in queue if entry.languages == 1]
        assert len(set(one)) == len(one)
        assert all(1 <= number <= len(queue) for number in one)


CHECKS = (
    no_term_is_lost_and_none_runs_for_nothing,
    places_are_never_given_twice,
    a_child_has_one_application_a_programme_and_one_voucher,
    what_belongs_to_a_state_is_there,
    nobody_waits_for_a_free_place,
    numbers_are_a_permutation,
)


def check(town: Town) -> None:
    """Hold a town against every property."""
    for one in CHECKS:
        one(town)


STARTS = ("2024-05-20 09:00:00", "2025-06-16 09:00:00", "2025-08-11 09:00:00")


def settle(town: Town) -> None:
    """Enrol three children and give vouchers to the others, so that transfers and waiting lists come at once."""
    for child, group in ((1, 1), (2, 2), (3, 2), (5, None), (6, None), (7, None)):
        town.file(child, Programme.GENERAL, 31)
        number = max(town.cases)
        town.act(number, Act(Event.ISSUE_VOUCHER, Actor.OFFICER))
        town.act(number, Act(Event.CONFIRM_INTEREST, Actor.PARENT, signature="eds"))
        for event, actor in (
            (Event.CHOOSE_PLACE, Actor.PARENT),
            (Event.SEND_CONTRACT, Actor.KINDERGARTEN),
            (Event.SIGN_PARENT, Actor.PARENT),
            (Event.SIGN_ORG, Actor.KINDERGARTEN),
        ):
            if group is not None:
                town.act(number, Act(event, actor, group_id=group, signature="eds", documents=PAPERS))


class Admissions(RuleBasedStateMachine):
    """Everybody does what the table offers them, in any order, while the clock goes on or stands still."""

    @initialize(start=st.sampled_from(STARTS), settled=st.booleans())
    def open_town(self, start: str, settled: bool) -> None:
        self.town = Town(dict(OPENINGS), dict(BIRTHS), now=at(start))
        if settled:
            settle(self.town)

    @rule(child=st.sampled_from(sorted(BIRTHS)), programme=st.sampled_from(FILED), rank=st.integers(1, 35))
    def file(self, child: int, programme: Programme, rank: int) -> None:
        live = self.town.live_of(child, programme)
        bundle = 1 if child in (3, 4) and programme is Programme.GENERAL else None
        found = self.town.file(child, programme, rank, bundle)
        assert isinstance(found, Step) is not bool(live)

    @precondition(lambda self: self.town.cases)
    @rule(data=st.data(), actor=st.sampled_from(PEOPLE), group=st.sampled_from([*OPENINGS, None]))
    def somebody_acts(self, data: st.DataObject, actor: Actor, group: int | None) -> None:
        number = data.draw(st.sampled_from(sorted(self.town.cases)))
        events = possible(self.town.cases[number], actor)
        if not events:
            return
        today = CALENDAR.local_day(self.town.now)
        act = Act(
            data.draw(st.sampled_from(events)),
            actor,
            group_id=group,
            item_id=group,
            until=today + timedelta(days=data.draw(st.integers(0, 30))),
            days=data.draw(st.integers(1, 30)),
            documents=PAPERS,
            signature="eds",
            confirmed=True,
            reason="Себебі",
            fault_of_parent=data.draw(st.booleans()),
            closing_group_id=data.draw(st.sampled_from([*OPENINGS, None])),
        )
        self.town.act(number, act)

    @rule(programme=st.sampled_from([Programme.GENERAL, Programme.SPECIAL]), count=st.integers(0, 4))
    def give_vouchers(self, programme: Programme, count: int) -> None:
        queue = self.town.queue(programme)
        found = plan(queue, count, DEFAULTS[programme])
        for line in found.winners:
            act = Act(Event.ISSUE_VOUCHER, Actor.OFFICER)
            world = self.town.world(self.town.cases[line.id], act, self.town.now)
            given_voucher = self.town.act(line.id, act)
            assert isinstance(given_voucher, Step) is not world.child_voucher

    @rule(days=st.integers(0, 45), minutes=st.integers(0, 1440))
    def time_passes(self, days: int, minutes: int) -> None:
        then = later(self.town.now, days, minutes)
        if then > at("2026-12-01 00:00:00"):
            return
        hourly = copy.deepcopy(self.town)
        for hop in range(1, 8):
            hourly.advance(self.town.now + (then - self.town.now) * hop / 8)
        hourly.advance(then)
        self.town.advance(then)
        assert hourly.cases == self.town.cases, "after a downtime everything is as if there had been none"
        assert (hourly.held, hourly.occupied, hourly.waiting) == (self.town.held, self.town.occupied, self.town.waiting)

    @invariant()
    def everything_holds(self) -> None:
        check(self.town)


Admissions.TestCase.settings = settings(max_examples=100, stateful_step_count=60, deadline=None)
TestAdmissions = Admissions.TestCase


RARELY = {
    Event.LEAVE_QUEUE, Event.REFUSE_VOUCHER, Event.ARCHIVE, Event.REVOKE_VOUCHER, Event.EXPEL, Event.GROUP_CLOSE,
    Event.LEAVE, Event.REJECT, Event.CHANGE_CHOICE, Event.DOC_REJECT, Event.WITHDRAW_ITEM, Event.CANCEL_BULLETIN,
    Event.DECLINE_REFERRAL,
}  # fmt: skip


def test_long_walks_take_most_rows_of_the_table_and_break_nothing() -> None:
    taken: set[str] = set()
    for seed in range(60):
        chance = random.Random(seed)
        town = Town(dict(OPENINGS), dict(BIRTHS), now=at(STARTS[seed % len(STARTS)]))
        if seed % 2:
            settle(town)
        for _turn in range(300):
            _random_turn(town, chance)
            check(town)
        taken |= town.taken
    assert len(taken) >= len(TRANSITIONS) * 3 // 4, sorted({row.id for row in TRANSITIONS} - taken)


def _random_turn(town: Town, chance: random.Random) -> None:
    match chance.randrange(12):
        case 0:
            town.file(chance.choice(sorted(BIRTHS)), chance.choice(FILED), chance.randint(1, 35))
        case 1 if town.now < at("2026-10-01 00:00:00"):
            days = 30 if chance.random() < 0.04 else chance.choice([0, 0, 0, 1, 2])
            town.advance(later(town.now, days, chance.randrange(1440)))
        case 2:
            programme = chance.choice(FILED[:2])
            for line in plan(town.queue(programme), chance.randrange(5), DEFAULTS[programme]).winners:
                town.act(line.id, Act(Event.ISSUE_VOUCHER, Actor.OFFICER))
        case _ if town.cases:
            _random_act(town, chance)
        case _:
            pass


def _random_act(town: Town, chance: random.Random) -> None:
    number = chance.choice([case.id for case in town.cases.values() if case.state is not State.ARCHIVED] or [1])
    actor = chance.choice(PEOPLE)
    events = [event for event in possible(town.cases[number], actor) if event not in RARELY or chance.random() < 0.15]
    if events:
        today = CALENDAR.local_day(town.now)
        lent = [slot for slot in town.slots if slot.taken_by is None]
        slot = chance.choice(lent) if lent and chance.random() < 0.7 else None
        act = Act(
            chance.choice(events),
            actor,
            group_id=slot.group if slot else chance.choice([*OPENINGS, None]),
            item_id=1,
            until=today + timedelta(days=chance.choice([0, 1, 2, 4, 7, 20])),
            days=chance.randint(1, 30),
            documents=PAPERS,
            signature="eds",
            confirmed=True,
            reason="Себебі",
            fault_of_parent=chance.random() < 0.3,
            closing_group_id=chance.choice([*OPENINGS, None]),
        )
        town.act(number, act)
