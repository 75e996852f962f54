"""Whole ways through the machine, and why it refuses: deadlines, races, lateness, transfers, temporary places."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.domain.admissions.case import Case, World
from models.domain.admissions.machine import due
from models.domain.admissions.rules import DEFAULTS, parse, plain, with_temporary
from models.domain.admissions.states import Actor, Event, Flag, Programme, State, TempState, TimerKind
from models.domain.problems import Problem
from models.domain.working_days import Deadline
from tests.domain.admissions.scene import at, attempt, fire, local, refused, rules, take
from tests.domain.admissions.ways import CONTRACT_PAPERS, PAPERS, case, temporary, transfer

PAR, KG, OFF, CLK, SYS = Actor.PARENT, Actor.KINDERGARTEN, Actor.OFFICER, Actor.CLOCK, Actor.SYSTEM
E, S, T = Event, State, TimerKind


def test_the_manuals_way_from_submission_to_the_group_with_its_dates() -> None:
    draft = Case(id=1, number="257079", programme=Programme.GENERAL)
    queued = take(draft, E.SUBMIT, PAR, "2024-09-30 15:31:00").case
    issued = take(queued, E.ISSUE_VOUCHER, CLK, "2024-09-30 15:32:00").case
    assert issued.timers[T.INTEREST].last_day(at("2024-09-30 00:00:00").tzinfo) == date(2024, 10, 2)  # type: ignore[arg-type]
    confirmed = take(issued, E.CONFIRM_INTEREST, PAR, "2024-09-30 15:37:26", signature="click")
    assert local(confirmed.case.timers[T.CONTRACT]) == "2024-10-07 15:37:26"
    assert confirmed.notices[0].values["due"] == "2024-10-07T15:37:26+05:00"
    chosen = take(confirmed.case, E.CHOOSE_PLACE, PAR, "2024-10-01 10:00:00", group_id=5).case
    sent = take(chosen, E.SEND_CONTRACT, KG, "2024-10-02 10:00:00").case
    signed = take(sent, E.SIGN_PARENT, PAR, "2024-10-03 10:00:00", CONTRACT_PAPERS, signature="eds").case
    enrolled = take(signed, E.SIGN_ORG, KG, "2024-10-04 10:00:00", signature="eds").case
    assert (enrolled.state, enrolled.placement_group_id, dict(enrolled.timers)) == (S.ENROLLED, 5, {})


def test_the_bulletins_way_of_june_2019() -> None:
    queued = case(S.QUEUED, Programme.BULLETIN)
    applied = take(queued, E.APPLY_BULLETIN, PAR, "2019-06-26 18:00:00", group_id=5, item_id=50).case
    given = take(applied, E.ACTIVATE, KG, "2019-06-26 18:23:00").case
    assert local(given.timers[T.REFERRAL]) == "2019-07-03 23:59:59"
    lost = fire(given, T.REFERRAL).case
    assert local(lost.timers[T.UNBLOCK]) == "2019-07-18 23:59:59"  # Capital Day moved to Monday 8 July
    assert fire(lost, T.UNBLOCK).case.state is S.QUEUED


def test_the_referral_is_prolonged_from_its_last_day_and_rolls() -> None:
    given = case(S.REFERRAL_ISSUED, Programme.BULLETIN)  # valid until Friday 4 October
    paper = frozenset({"extension"})
    assert (
        refused(given, E.EXTEND_REFERRAL, PAR, "2024-10-03 12:00:00", days=9, documents=paper) == "extend-on-last-day"
    )
    assert refused(given, E.EXTEND_REFERRAL, PAR, "2024-10-04 12:00:00", days=31, documents=paper) == "extension-days"
    assert refused(given, E.EXTEND_REFERRAL, PAR, "2024-10-04 12:00:00", days=0, documents=paper) == "extension-days"
    assert refused(given, E.EXTEND_REFERRAL, PAR, "2024-10-04 12:00:00", days=9) == "documents-missing"
    longer = take(given, E.EXTEND_REFERRAL, PAR, "2024-10-04 12:00:00", days=8, documents=paper).case
    assert local(longer.timers[T.REFERRAL]) == "2024-10-14 23:59:59"  # 12 October is a Saturday
    again = attempt(longer, E.EXTEND_REFERRAL, PAR, "2024-10-14 12:00:00", days=1, documents=paper)
    assert again == Problem("already-extended")


def test_a_voucher_is_prolonged_once_on_the_last_day_until_the_last_second() -> None:
    active = case(S.VOUCHER_ACTIVE)  # until 7 October, 15:37:26
    assert refused(active, E.EXTEND, PAR, "2024-10-04 15:00:00") == "extend-on-last-day"
    assert refused(active, E.EXTEND, PAR, "2024-10-07 15:37:26.000001") == "late"
    longer = take(active, E.EXTEND, PAR, "2024-10-07 15:37:26").case
    assert local(longer.timers[T.CONTRACT]) == "2024-10-09 15:37:26"
    assert refused(longer, E.EXTEND, PAR, "2024-10-09 12:00:00") == "already-extended"


def test_a_late_click_is_told_apart_from_one_that_waited_for_the_line() -> None:
    issued = case(S.VOUCHER_ISSUED)  # until the end of 4 October
    late = attempt(issued, E.CONFIRM_INTEREST, PAR, "2024-10-05 00:00:00", signature="click")
    assert late == Problem("late", values={"due": "2024-10-04T23:59:59+05:00"})
    clicked = at("2024-10-04 23:50:00")
    assert refused(issued, E.CONFIRM_INTEREST, PAR, "2024-10-05 09:00:00", occurred_at=clicked) == "late-offline"


def test_a_click_that_waited_is_told_as_such_after_the_clock_stopped_the_application() -> None:
    stopped = fire(case(S.VOUCHER_ISSUED), T.INTEREST).case
    missed = World(missed={T.INTEREST: at("2024-10-05 00:00:00")})
    clicked = at("2024-10-04 23:50:00")
    found = attempt(stopped, E.CONFIRM_INTEREST, PAR, "2024-10-05 09:00:00", missed, occurred_at=clicked)
    assert found == Problem("late-offline", values={"due": "2024-10-04T23:59:59+05:00"})
    assert refused(stopped, E.CONFIRM_INTEREST, PAR, "2024-10-05 09:00:00", missed) == "late"
    assert refused(stopped, E.CONFIRM_INTEREST, PAR, "2024-10-05 09:00:00") == "step-not-possible"


def test_the_loser_of_the_last_place_keeps_voucher_and_term() -> None:
    active = case(S.VOUCHER_ACTIVE)
    assert refused(active, E.CHOOSE_PLACE, PAR, "2024-10-02 10:00:00", World(free=0), group_id=5) == "no-free-place"
    waiting = take(active, E.JOIN_WAITLIST, PAR, "2024-10-02 10:00:00", World(free=0), group_id=5).case
    assert T.CONTRACT not in waiting.timers
    assert waiting.contract_left == 3
    back = take(waiting, E.LEAVE_WAITLIST, PAR, "2024-12-02 10:00:00", World(entries=1, listed=True), group_id=5).case
    assert local(back.timers[T.CONTRACT]) == "2024-12-05 10:00:00"


def test_nobody_waits_for_a_free_place_nor_in_too_many_lists_nor_twice() -> None:
    active = case(S.VOUCHER_ACTIVE)
    now = "2024-10-02 10:00:00"
    assert refused(active, E.JOIN_WAITLIST, PAR, now, World(free=1), group_id=5) == "place-is-free"
    assert refused(active, E.JOIN_WAITLIST, PAR, now, World(entries=3), group_id=5) == "too-many-lists"
    assert refused(active, E.JOIN_WAITLIST, PAR, now, World(entries=1, listed=True), group_id=5) == "already-listed"


def test_one_who_joined_on_the_last_day_gets_a_working_day_back() -> None:
    active = case(S.VOUCHER_ACTIVE)
    waiting = take(active, E.JOIN_WAITLIST, PAR, "2024-10-07 15:00:00", World(free=0), group_id=5).case
    back = take(waiting, E.LEAVE_WAITLIST, PAR, "2024-10-07 15:01:00", World(entries=1, listed=True), group_id=5).case
    assert local(back.timers[T.CONTRACT]) == "2024-10-08 15:01:00"


def test_a_slow_kindergarten_costs_the_parent_nothing() -> None:
    chosen = case(S.CONTRACT_ORG)
    late = fire(chosen, T.CONTRACT).case
    assert Flag.ORG_LATE in late.flags
    sent = take(late, E.SEND_CONTRACT, KG, "2024-10-10 09:00:00").case
    assert local(sent.timers[T.CONTRACT]) == "2024-10-14 09:00:00"
    assert not sent.flags
    soon = take(chosen, E.SEND_CONTRACT, KG, "2024-10-07 15:00:00").case
    assert local(soon.timers[T.CONTRACT]) == "2024-10-09 15:00:00", "half an hour is no time to sign"
    early = take(chosen, E.SEND_CONTRACT, KG, "2024-10-02 09:00:00").case
    assert local(early.timers[T.CONTRACT]) == "2024-10-07 15:37:26"


def test_a_parent_who_chooses_anew_because_the_kindergarten_was_late_has_a_term_again() -> None:
    late = fire(case(S.CONTRACT_ORG), T.CONTRACT).case
    anew = take(late, E.CHANGE_CHOICE, PAR, "2024-10-10 09:00:00").case
    assert anew.state is S.VOUCHER_ACTIVE
    assert local(anew.timers[T.CONTRACT]) == "2024-10-14 09:00:00"


@pytest.mark.parametrize("event", [E.SEND_CONTRACT, E.REJECT])
def test_an_officer_acts_for_a_kindergarten_only_after_its_term(event: Event) -> None:
    chosen = case(S.CONTRACT_ORG)
    assert refused(chosen, event, OFF, "2024-10-02 10:00:00", reason="тыйым") == "kindergarten-has-time"
    escalated = fire(chosen, T.ORG_SLA).case
    assert take(escalated, event, OFF, "2024-10-07 10:00:00", reason="тыйым").case.state is not S.CONTRACT_ORG


def test_a_second_lapse_archives_and_restoring_keeps_the_rank() -> None:
    stopped = fire(case(S.VOUCHER_ISSUED), T.INTEREST).case
    assert refused(stopped, E.RESTORE, PAR, "2024-11-02 00:00:00") == "late"
    queued = take(stopped, E.RESTORE, PAR, "2024-11-01 23:59:59").case
    assert (queued.restore_used, queued.rank_date) == (1, at("2024-01-10 09:00:00"))
    again = take(queued, E.ISSUE_VOUCHER, CLK, "2024-12-02 10:00:00").case
    assert fire(again, T.INTEREST).case.state is S.ARCHIVED


def test_a_transfer_keeps_the_old_place_until_both_signed() -> None:
    enrolled = case(S.ENROLLED)
    moving = take(enrolled, E.TRANSFER, PAR, "2024-10-02 10:00:00", group_id=5).case
    assert refused(moving, E.TRANSFER, PAR, "2024-10-02 10:00:00", group_id=6) == "step-not-possible"
    back = take(moving, E.CHANGE_CHOICE, PAR, "2024-10-03 10:00:00").case
    assert (back.state, back.group_id, back.placement_group_id, dict(back.timers)) == (S.ENROLLED, 7, 7, {})
    done = take(transfer(S.CONTRACT_ORG_SIGN), E.SIGN_ORG, KG, "2024-10-04 10:00:00", signature="eds")
    ended = next(effect for effect in done.effects if effect.kind == "placement-end")
    begun = next(effect for effect in done.effects if effect.kind == "placement-begin")
    assert (ended.group_id, ended.until, begun.group_id, begun.start) == (3, date(2024, 10, 3), 7, date(2024, 10, 4))
    assert refused(enrolled, E.TRANSFER, PAR, "2024-10-02 10:00:00", group_id=7) == "same-group"


def test_a_transfer_that_comes_to_nothing_leaves_a_leave_as_it_was() -> None:
    away = take(case(S.ENROLLED), E.SANATORIUM_LEAVE, KG, "2024-10-02 10:00:00", until=date(2024, 11, 30)).case
    assert refused(away, E.SANATORIUM_LEAVE, KG, "2024-10-02 10:00:00", until=date(2024, 12, 1)) == "already-on-leave"
    stays = case(S.ENROLLED)
    assert refused(stays, E.SANATORIUM_LEAVE, KG, "2024-10-02 10:00:00", until=date(2024, 10, 2)) == "until-too-early"
    assert refused(stays, E.SANATORIUM_LEAVE, KG, "2024-10-02 10:00:00", until=date(2034, 11, 30)) == "leave-too-long"
    moving = take(away, E.TRANSFER, PAR, "2024-10-03 10:00:00", group_id=5).case
    back = take(moving, E.CHANGE_CHOICE, PAR, "2024-10-04 10:00:00").case
    assert set(back.timers) == {T.LEAVE}
    assert fire(back, T.LEAVE).case.flags == frozenset()


def test_a_temporary_place_leaves_the_queue_as_it_was_and_ends_before_a_permanent_one() -> None:
    now = "2024-10-02 10:00:00"
    asked = {"group_id": 9, "until": date(2024, 10, 24), "confirmed": True, "signature": "code"}
    booked = take(case(S.VOUCHER_ACTIVE), E.CHOOSE_TEMPORARY, PAR, now, World(free=1), **asked).case  # type: ignore[arg-type]
    assert (booked.state, booked.temp, booked.voucher) == (S.QUEUED, TempState.BOOKED, None)
    issued = take(booked, E.ISSUE_VOUCHER, CLK, "2024-10-03 10:00:00").case
    assert issued.state is S.VOUCHER_ISSUED
    signing = case(S.CONTRACT_ORG_SIGN, temp=TempState.ATTENDING, temp_group_id=9, temp_until=date(2024, 10, 24))
    enrolled = take(signing, E.SIGN_ORG, KG, "2024-10-08 10:00:00", signature="eds").case
    ended = take(enrolled, E.TEMP_PROMOTE, SYS, "2024-10-08 10:00:00")
    assert (ended.case.state, ended.case.temp) == (S.ENROLLED, TempState.ENDED)
    end = [effect for effect in ended.effects if effect.kind == "placement-end"]
    assert [(effect.mode, effect.until) for effect in end] == [("temporary", date(2024, 10, 7))]


def test_a_kindergarten_is_told_of_a_missed_term_only_if_it_held_a_place() -> None:
    held = fire(case(S.CONTRACT_PARENT), T.CONTRACT)
    assert [notice.code for notice in held.notices] == ["voucher-expired", "contract-missed-at-yours"]
    chosen_none = fire(case(S.VOUCHER_ACTIVE, group_id=None), T.CONTRACT)
    assert [notice.code for notice in chosen_none.notices] == ["voucher-expired"]


@pytest.mark.parametrize(
    ("until", "code"),
    [
        (date(2024, 10, 2), "until-too-early"),
        (date(2024, 11, 2), "until-too-late"),
    ],
)
def test_a_temporary_place_ends_tomorrow_at_the_earliest_and_with_the_owners_return(until: date, code: str) -> None:
    world = World(free=1, owner_returns=date(2024, 11, 1))
    active = case(S.VOUCHER_ACTIVE)
    given = {"group_id": 9, "until": until, "confirmed": True, "signature": "code"}
    assert refused(active, E.CHOOSE_TEMPORARY, PAR, "2024-10-02 10:00:00", world, **given) == code  # type: ignore[arg-type]


def test_a_temporary_place_is_shortened_only_with_notice() -> None:
    booked = temporary()
    world = World(owner_returns=date(2024, 11, 1))
    now = "2024-10-02 10:00:00"
    assert refused(booked, E.TEMP_SET_UNTIL, KG, now, world, until=date(2024, 10, 3)) == "notice-too-short"
    assert take(booked, E.TEMP_SET_UNTIL, KG, now, world, until=date(2024, 10, 4)).case.temp_until == date(2024, 10, 4)
    assert refused(booked, E.TEMP_SET_UNTIL, OFF, now, world, until=date(2024, 11, 2)) == "until-too-late"
    longer = take(booked, E.TEMP_SET_UNTIL, OFF, now, world, until=date(2024, 11, 1)).case
    assert longer.timers[T.TEMP_END].at == at("2024-11-04 00:00:00")


def test_signatures_weaker_than_the_programme_wants_are_refused() -> None:
    issued = case(S.VOUCHER_ISSUED)
    now = "2024-10-02 10:00:00"
    strict = rules(signature_interest="eds")
    assert refused(issued, E.CONFIRM_INTEREST, PAR, now, given=strict, signature="code") == "signature-eds"
    assert refused(issued, E.CONFIRM_INTEREST, PAR, now, signature="") == "signature-click"
    assert take(issued, E.CONFIRM_INTEREST, PAR, now, given=strict, signature="eds").case.state is S.VOUCHER_ACTIVE
    paper = case(S.CONTRACT_PARENT)
    assert refused(paper, E.SIGN_PARENT, PAR, now, World(documents=PAPERS), signature="eds") == "documents-missing"


def test_what_cannot_be_undone_needs_an_answer_about_its_consequence() -> None:
    for event in (E.REFUSE_VOUCHER, E.LEAVE_QUEUE):
        assert refused(case(S.VOUCHER_ISSUED), event, PAR, "2024-10-02 10:00:00") == "consequence-not-confirmed"


def test_a_child_has_one_voucher_and_one_permanent_place_in_all_programmes() -> None:
    now = "2024-10-02 10:00:00"
    assert refused(case(S.QUEUED), E.ISSUE_VOUCHER, CLK, now, World(child_voucher=True)) == "voucher-already"
    placed = World(free=1, placed_elsewhere=True)
    assert refused(case(S.VOUCHER_ACTIVE), E.CHOOSE_PLACE, PAR, now, placed, group_id=5) == "already-enrolled"
    signing = case(S.CONTRACT_ORG_SIGN)
    assert refused(signing, E.SIGN_ORG, KG, now, placed, signature="eds") == "already-enrolled"


def test_who_graduated_is_not_reinstated_and_who_has_another_application_neither() -> None:
    gone = take(case(S.ENROLLED), E.SCHOOL_YEAR_END, CLK, "2025-09-01 00:00:00", World(ages_out=True)).case
    proof = {"reason": "Шешім", "documents": frozenset({"other"})}
    assert refused(gone, E.REINSTATE, OFF, "2025-09-02 10:00:00", **proof) == "graduated"  # type: ignore[arg-type]
    left = take(case(S.QUEUED), E.LEAVE_QUEUE, PAR, "2024-10-02 10:00:00", confirmed=True).case
    another = World(another_live=True)
    assert refused(left, E.REINSTATE, OFF, "2024-10-03 10:00:00", another, **proof) == "another-application"  # type: ignore[arg-type]
    assert refused(left, E.REINSTATE, OFF, "2024-10-03 10:00:00", reason="Шешім") == "documents-missing"


def test_terms_fire_in_the_order_of_their_ends_then_of_numbers() -> None:
    first = Deadline(at("2024-10-01 10:00:00"))
    later = Deadline(at("2024-10-01 12:00:00"))
    cases = [
        Case(1, "1000", Programme.GENERAL, timers={T.CONTRACT: first}),
        Case(2, "999", Programme.GENERAL, timers={T.CONTRACT: first, T.ORG_SLA: later}),
        Case(3, "1", Programme.GENERAL, timers={T.CONTRACT: Deadline(at("2024-10-09 12:00:00"))}),
    ]
    found = [(found.number, kind) for _term, found, kind in due(cases, at("2024-10-02 10:00:00"))]
    assert found == [("999", T.CONTRACT), ("1000", T.CONTRACT), ("999", T.ORG_SLA)]


def test_rules_are_read_with_each_wrong_value_named() -> None:
    wrong = parse(
        Programme.GENERAL,
        {
            "interest_days": 0, "contract_days": "5", "order": "random", "bulletin_opens": "25:00", "moon": 1,
            "roll_calendar": 1, "contract_needs": "027", "extension_days": 401,
        },
    )  # fmt: skip
    assert isinstance(wrong, list)
    assert {(problem.field, problem.code) for problem in wrong} == {
        ("interest_days", "rule-out-of-range"),
        ("contract_days", "rule-not-a-number"),
        ("order", "rule-not-offered"),
        ("bulletin_opens", "rule-not-a-time"),
        ("moon", "rule-unknown"),
        ("roll_calendar", "rule-not-offered"),
        ("contract_needs", "rule-not-offered"),
        ("extension_days", "rule-out-of-range"),
    }
    assert parse(Programme.GENERAL, {"youngest_age_months": 30}) != DEFAULTS[Programme.GENERAL]
    for programme in Programme:
        assert parse(programme, plain(DEFAULTS[programme])) == DEFAULTS[programme]
        assert parse(programme, {}) == DEFAULTS[programme]


def test_a_temporary_place_follows_the_rules_of_its_own_programme() -> None:
    own, temporary_rules = (
        rules(contract_days=7),
        rules(Programme.TEMPORARY, signature_temporary="eds", contract_days=9),
    )
    both = with_temporary(own, temporary_rules)
    assert (both.signature_temporary, both.contract_days) == ("eds", 7)


def test_a_contract_for_the_temporary_place_is_wanted_where_the_department_says_so() -> None:
    booked = temporary()
    strict = rules(temporary_requires_contract=True)
    assert refused(booked, E.TEMP_ATTEND, KG, "2024-10-03 08:00:00", given=strict) == "documents-missing"
    papers = frozenset({"contract"})
    assert take(booked, E.TEMP_ATTEND, KG, "2024-10-03 08:00:00", given=strict, documents=papers)


def test_a_day_before_the_terms_end_nothing_is_due() -> None:
    waiting = case(S.VOUCHER_ISSUED)
    assert due([waiting], at("2024-10-05 00:00:00") - timedelta(microseconds=1)) == []
    assert len(due([waiting], at("2024-10-05 00:00:00"))) == 1


def test_a_child_whose_group_closes_during_a_transfer_is_not_moved_to_the_place_that_is_held_for_it() -> None:
    moving = transfer(S.CONTRACT_ORG)
    given = {"group_id": 7, "closing_group_id": 3}
    assert refused(moving, E.GROUP_CLOSE, KG, "2024-10-02 10:00:00", **given) == "same-group"  # type: ignore[arg-type]


def test_a_child_whose_group_closes_is_not_moved_into_a_group_of_another_correction() -> None:
    special = World(free=1, fit=(Problem("group-is-special"),))
    older = World(free=1, fit=(Problem("age-does-not-fit"),))
    now = "2024-10-02 10:00:00"
    assert refused(case(S.ENROLLED), E.GROUP_CLOSE, KG, now, special, group_id=5) == "group-is-special"
    assert take(case(S.ENROLLED), E.GROUP_CLOSE, KG, now, older, group_id=5).case.placement_group_id == 5
