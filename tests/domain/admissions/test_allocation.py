"""Who fits, who stands where, who gets a voucher, who goes where, and how many places are expected."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from models.domain.admissions.categories import (
    category_for,
    counting_year,
    default_benefits,
    default_categories,
    months_old,
)
from models.domain.admissions.eligibility import (
    ApplicationFacts,
    ChildFacts,
    GroupFacts,
    ItemFacts,
    birth_years,
    fit_group,
    fit_item,
    incomplete,
    surroundings,
)
from models.domain.admissions.forecast import Cause, Cell, Places, Stay, changes, expected_on, forecast
from models.domain.admissions.iteration import Scope, Sibling, find_twins, plan
from models.domain.admissions.matching import (
    Applicant,
    blocking_pairs,
    deferred_acceptance,
    serial_dictatorship,
)
from models.domain.admissions.ranking import (
    Entry,
    Number,
    OrderKey,
    first_waiting,
    language_mask,
    ordered,
    position,
)
from models.domain.admissions.states import Programme
from tests.domain.admissions.scene import at, rules

GENERAL, SPECIAL = Programme.GENERAL, Programme.SPECIAL
KK, RU = language_mask(["kk"]), language_mask(["ru"])


def child(born: date, *languages: str, programme: Programme = GENERAL, correction: str = "") -> ChildFacts:
    return ChildFacts(born, programme, frozenset(languages or ("kk",)), 1, correction)


def codes(problems: tuple[Any, ...]) -> list[str]:
    return [problem.code for problem in problems]


SECOND_JUNIOR = GroupFacts(2, 3, "kk")


@pytest.mark.parametrize(
    ("born", "on", "fits"),
    [
        (date(2017, 7, 20), date(2019, 6, 26), True),  # seed 004: 2017 goes to the group of 2 to 3
        (date(2017, 9, 1), date(2019, 6, 26), True),  # two years old on 1 September itself
        (date(2017, 9, 2), date(2019, 6, 26), False),
        (date(2017, 9, 2), date(2019, 9, 2), True),  # today
        (date(2016, 9, 1), date(2019, 9, 2), False),
        (date(2016, 9, 2), date(2019, 9, 1), True),
        (date(2016, 9, 2), date(2020, 3, 1), True),  # the group of this school year goes on
    ],
)
def test_a_child_fits_a_group_by_its_age_on_1_september_or_today(born: date, on: date, fits: bool) -> None:
    assert (fit_group(child(born), SECOND_JUNIOR, on) == ()) is fits


def test_why_a_group_does_not_fit_is_said_all_at_once() -> None:
    closed = GroupFacts(4, 5, "ru", correction="speech", opened=False)
    assert codes(fit_group(child(date(2022, 1, 1)), closed, date(2024, 10, 1))) == [
        "group-closed",
        "age-does-not-fit",
        "language-does-not-fit",
        "group-is-special",
    ]
    special = child(date(2022, 1, 1), programme=SPECIAL, correction="vision")
    assert codes(fit_group(special, GroupFacts(2, 3, "kk", "speech"), date(2024, 10, 1))) == ["correction-does-not-fit"]
    over = GroupFacts(2, 3, "kk", valid_from=date(2024, 1, 1), valid_to=date(2024, 10, 31))
    # It still runs for a month: whoever came would be there, undecided, when it closes.
    assert codes(fit_group(child(date(2022, 1, 1)), over, date(2024, 10, 1))) == ["group-closed"]


def test_birth_years_of_a_group_are_those_of_the_bulletin() -> None:
    assert birth_years(2, 3, 2019) == {2016, 2017}
    assert birth_years(4, 6, 2019) == {2013, 2014, 2015}


ITEM = ItemFacts(
    "published",
    frozenset({2017, 2016}),
    "ru",
    frozenset({1, 10}),
    at("2019-06-26 18:00:00"),
    at("2019-07-01 18:00:00"),
    2,
)


def item_problems(item: ItemFacts, facts: ChildFacts, now: str, number: int | None = 1, visible: int = 0) -> list[str]:
    instant = at(now)
    given = rules(visible_numbers=visible)
    return codes(fit_item(facts, item, instant, today=instant.date(), number=number, rules=given))


def test_nobody_applies_before_the_opening_instant() -> None:
    amina = child(date(2017, 7, 20), "kk", "ru")
    assert item_problems(ITEM, amina, "2019-06-26 16:23:00") == ["item-not-open"]
    assert item_problems(ITEM, amina, "2019-06-26 17:59:59.999999") == ["item-not-open"]
    assert item_problems(ITEM, amina, "2019-06-26 18:00:00") == []


def test_the_first_numbers_see_places_before_the_others() -> None:
    amina = child(date(2017, 7, 20), "ru")
    assert item_problems(ITEM, amina, "2019-06-28 10:00:00", number=20, visible=10) == []
    assert item_problems(ITEM, amina, "2019-06-28 10:00:00", number=21, visible=10) == ["item-in-priority"]
    assert item_problems(ITEM, amina, "2019-06-28 10:00:00", number=None, visible=10) == ["item-in-priority"]
    assert item_problems(ITEM, amina, "2019-07-01 18:00:00", number=391, visible=10) == []


def test_birth_year_language_and_locality_must_match() -> None:
    other = replace(child(date(2015, 7, 20), "kk"), locality_id=2)
    assert item_problems(ITEM, other, "2019-06-27 10:00:00") == [
        "birth-year-does-not-fit",
        "language-does-not-fit",
        "locality-does-not-fit",
    ]
    assert item_problems(replace(ITEM, state="withdrawn"), child(date(2017, 1, 1), "ru"), "2019-06-27 10:00:00") == [
        "item-withdrawn"
    ]


def test_an_application_to_a_city_fits_its_districts() -> None:
    around = surroundings(3, {3: 2, 2: 1, 1: None})
    assert around == {1, 2, 3}
    assert surroundings(1, {1: 1}) == {1}, "a locality inside itself ends too"


def application(**changed: Any) -> ApplicationFacts:
    values: dict[str, Any] = {
        "programme": GENERAL,
        "child_iin": "210220550811",
        "born": date(2021, 2, 20),
        "languages": frozenset({"kk"}),
        "locality_id": 1,
        "consent": True,
    }
    return ApplicationFacts(**{**values, **changed})


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"may_act": False}, ["not-your-child"]),
        ({"consent": False, "languages": frozenset()}, ["consent-missing", "language-missing"]),
        ({"child_iin": "210220550812"}, ["iin-check-digit"]),
        ({"child_iin": "210220750814"}, ["iin-century"]),
        ({"child_iin": "210230550816"}, ["iin-date"]),
        ({"born": date(2021, 2, 21)}, ["born-not-as-in-iin"]),
        ({"born": None}, ["child-incomplete"]),
        ({"locality_id": None, "applicant_complete": False}, ["applicant-incomplete", "locality-missing"]),
        ({"child_iin": "170720600806", "born": date(2017, 7, 20)}, ["child-too-old"]),
    ],
)
def test_what_an_application_lacks_is_said_all_at_once(changed: dict[str, Any], found: list[str]) -> None:
    assert codes(incomplete(application(**changed), rules(), date(2024, 9, 30))) == found


def test_the_special_queue_wants_more() -> None:
    given = rules(SPECIAL)
    bare = application(programme=SPECIAL)
    assert codes(incomplete(bare, given, date(2024, 9, 30))) == [
        "correction-missing",
        "organisation-missing",
        "pmpk-missing",
    ]
    whole = replace(bare, correction="speech", offered_corrections=frozenset({"speech"}), documents=frozenset({"pmpk"}))
    assert incomplete(whole, given, date(2024, 9, 30)) == ()
    elsewhere = replace(whole, offered_corrections=frozenset({"vision"}))
    assert codes(incomplete(elsewhere, given, date(2024, 9, 30))) == ["correction-not-offered"]


def test_categories_are_benefit_by_age_with_ranks_of_their_own() -> None:
    table = default_categories()
    assert [row.rank for row in table] == [*range(1, 36)]
    assert len({row.code for row in table}) == 35
    assert set(default_benefits()) == {row.benefit for row in table} - {""}
    found = category_for("large-family", date(2021, 2, 20), 2024, table)
    assert found is not None
    assert (found.code, found.line) == ("large-family-3", "first")
    assert found.name["kk"] == "Көп балалы отбасынан шыққан балалар, 3 жас"


def test_a_category_counts_by_the_age_on_1_september_and_an_unknown_benefit_as_none() -> None:
    table = default_categories()
    for born, code in (
        (date(2021, 9, 1), "general-3"),
        (date(2021, 9, 2), "general-2"),
        (date(2024, 8, 1), "general-0"),
    ):
        found = category_for("never-heard-of", born, 2024, table)
        assert found is not None
        assert found.code == code
    assert category_for("", date(2018, 9, 1), 2024, table) is None, "six years old"


def test_the_year_that_counts_changes_with_the_refresh() -> None:
    assert counting_year(date(2025, 6, 29)) == 2024
    assert counting_year(date(2025, 6, 30)) == 2025
    assert months_old(date(2021, 2, 20), date(2024, 9, 1)) == 42
    assert months_old(date(2024, 2, 29), date(2025, 2, 28)) == 11


START = at("2024-01-01 00:00:00")


def entry(number: int, rank: int = 31, minutes: int = 0, **more: Any) -> Entry:
    values: dict[str, Any] = {"age_months": 40, "languages": KK, **more}
    return Entry(number, str(number), rank, START + timedelta(minutes=minutes), **values)


def test_the_queue_goes_by_category_then_microsecond_then_number() -> None:
    early = START + timedelta(microseconds=1)
    queue = [entry(10), entry(9), replace(entry(8), rank_date=early), entry(7, rank=1, minutes=99)]
    assert [found.id for found in ordered(queue, rules())] == [7, 9, 10, 8]


def test_one_of_the_first_goes_with_three_ordinary_ones() -> None:
    queue = [
        *(entry(10 + step, 6, step, line="first") for step in range(3)),
        *(entry(20 + step, 31, step) for step in range(5)),
        entry(1, 1, 500, line="extraordinary"),
    ]
    assert [found.id for found in ordered(queue, rules(order="interleave"))] == [1, 10, 20, 21, 22, 11, 23, 24, 12]


def test_a_number_counts_those_who_want_the_same_languages_or_more() -> None:
    queue = [entry(1), entry(2, languages=RU), entry(3, languages=KK | RU), entry(4)]
    assert position(queue[3], queue, rules()) == Number(3, 3)
    assert position(queue[1], queue, rules()) == Number(1, 2)
    assert position(queue[2], queue, rules()) == Number(1, 1)
    with pytest.raises(LookupError):
        position(entry(99), queue, rules())
    with pytest.raises(ValueError, match="tuple"):
        language_mask(["xx"])


def test_a_freed_place_is_offered_by_the_queue_but_first_to_whose_group_was_closed() -> None:
    waiting = [entry(1, 31, 5), entry(2, 31, 1), entry(3, 35, 9, place_lost=True)]
    assert first_waiting(waiting[:2]) is waiting[1]
    assert first_waiting(waiting) is waiting[2]
    assert first_waiting([]) is None


def winners(queue: list[Entry], count: int, scope: Scope | None = None, **changed: Any) -> list[int]:
    return [line.id for line in plan(queue, count, rules(**changed), scope).winners]


def test_a_round_gives_vouchers_to_the_first_in_order() -> None:
    queue = [entry(number, 31, number) for number in range(1, 8)]
    assert winners(queue[::-1], 3) == [1, 2, 3]
    assert winners(queue, 0) == []
    assert winners(queue, 99) == [1, 2, 3, 4, 5, 6, 7]
    with pytest.raises(ValueError, match="no fewer"):
        plan(queue, -1, rules())


def test_twins_get_vouchers_together_or_wait_together() -> None:
    queue = [entry(1), entry(2, 31, 1, bundle_id=5), entry(3, 31, 2), entry(4, 31, 3, bundle_id=5)]
    assert winners(queue, 3) == [1, 2, 4]
    found = plan(queue, 2, rules())
    assert [line.id for line in found.winners] == [1, 3]
    assert [(line.id, line.skipped) for line in found.lines if line.skipped] == [(2, "twins-need-more")]
    assert winners(queue, 4) == [1, 2, 3, 4]


def test_those_below_the_least_age_get_what_the_others_leave() -> None:
    queue = [entry(1, age_months=20), entry(2, 31, 1), entry(3, 31, 2, age_months=17)]
    assert winners(queue, 1) == [2]
    assert winners(queue, 2) == [1, 2]
    assert winners(queue, 3) == [1, 2]
    assert [line.skipped for line in plan(queue, 3, rules()).lines] == ["", "", "child-too-young"]


def test_who_has_a_voucher_is_passed_over() -> None:
    queue = [entry(1, has_voucher=True), entry(2, 31, 1)]
    assert winners(queue, 1) == [2]
    assert plan(queue, 1, rules()).lines[0].skipped == "voucher-already"


def test_a_round_for_a_district_a_year_or_a_language_takes_the_others_out_but_not_a_twin() -> None:
    queue = [
        entry(1, locality_id=7, birth_year=2021),
        entry(2, 31, 1, locality_id=8, birth_year=2021, languages=RU, bundle_id=3),
        entry(3, 31, 2, locality_id=8, birth_year=2022, languages=RU, bundle_id=3),
    ]
    assert winners(queue, 9, Scope(localities=frozenset({7}))) == [1]
    assert winners(queue, 9, Scope(birth_year=2021)) == [1, 2, 3]
    assert winners(queue, 9, Scope(languages=RU)) == [2, 3]


def test_the_fingerprint_of_a_plan_changes_with_the_queue() -> None:
    queue = [entry(number, 31, number) for number in range(1, 5)]
    first = plan(queue, 2, rules())
    assert plan(queue[::-1], 2, rules()).fingerprint == first.fingerprint
    assert plan(queue[1:], 2, rules()).fingerprint != first.fingerprint
    assert plan(queue, 3, rules()).fingerprint != first.fingerprint


def test_children_of_one_applicant_born_within_a_month_are_twins() -> None:
    born = date(2021, 2, 20)
    siblings = [
        Sibling(1, 7, born),
        Sibling(2, 7, born + timedelta(days=31)),
        Sibling(3, 7, born + timedelta(days=400)),
        Sibling(4, 8, born),
    ]
    assert find_twins(siblings, rules()) == [(1, 2)]


def wish(number: int, *groups: int, **more: Any) -> Applicant:
    return Applicant(number, OrderKey(1, START, str(number)), groups, **more)


def test_matching_gives_each_child_its_best_that_nobody_before_it_wants_more() -> None:
    children = [wish(1, 10, 20), wish(2, 10, 20), wish(3, 10, 20)]
    found = deferred_acceptance(children, {10: 1, 20: 1})
    assert found.groups == {1: 10, 2: 20}
    assert found.unmatched == (3,)
    assert found == serial_dictatorship(children, {10: 1, 20: 1})


def test_a_sibling_in_the_house_goes_first_there() -> None:
    children = [wish(1, 10, 20), wish(2, 10, 20)]
    points = {(2, 10): 1}
    found = deferred_acceptance(children, {10: 1, 20: 1}, points)
    assert found.groups == {1: 20, 2: 10}
    assert blocking_pairs(children, {10: 1, 20: 1}, found, points) == []
    assert blocking_pairs(children, {10: 1, 20: 1}, serial_dictatorship(children, {10: 1, 20: 1}), points) == [(2, 10)]


def test_twins_are_never_parted_and_leave_no_place_unused() -> None:
    children = [wish(1, 10), wish(2, 10, 20, bundle_id=1), wish(3, 10, 20, bundle_id=1), wish(4, 10)]
    found = deferred_acceptance(children, {10: 2, 20: 2})
    assert found.groups == {1: 10, 2: 20, 3: 20, 4: 10}
    assert deferred_acceptance(children[1:3], {10: 1, 20: 1}).unmatched == (2, 3)


def test_only_as_many_wishes_count_as_the_programme_allows() -> None:
    assert deferred_acceptance([wish(1, 10, 20)], {20: 1}, limit=1).unmatched == (1,)


def test_places_are_expected_from_leavings_and_from_who_goes_to_school() -> None:
    places = [Places(1, 5, 5, 6, "kk", 20, 20, 0), Places(2, 5, 2, 3, "kk", 20, 17, 1)]
    stays = [
        Stay(1, date(2019, 3, 1)),  # six on 1 September 2025
        Stay(1, date(2019, 10, 1)),
        Stay(2, date(2022, 3, 1), ends_on=date(2024, 12, 31)),
        Stay(2, date(2022, 3, 1), ends_on=date(2024, 11, 30), temporary=True),
        Stay(2, date(2022, 3, 1), ends_on=date(2024, 9, 30)),  # gone already
    ]
    today = date(2024, 10, 2)
    expected = changes(stays, today, date(2025, 9, 1))
    assert [(found.group_id, found.on, found.cause) for found in expected] == [
        (1, date(2025, 9, 1), Cause.GRADUATION),
        (2, date(2025, 1, 1), Cause.LEAVING),
        (2, date(2024, 12, 1), Cause.TEMPORARY),
    ]
    days = [date(2024, 12, 31), date(2025, 3, 1)]
    found = forecast(places, expected, today, days)
    junior = found[Cell(5, 2022, "kk")]
    assert (junior.free_now, junior.expected) == (2, {days[0]: 3, days[1]: 4})
    assert junior.causes == {Cause.LEAVING: 1, Cause.TEMPORARY: 1}
    assert expected_on(4, junior) == days[1]
    assert expected_on(5, junior) is None
    assert found[Cell(5, 2019, "kk")].free_now == 0


def test_after_the_turn_of_groups_places_are_for_a_year_later() -> None:
    places = [Places(1, 5, 5, 6, "kk", 20, 19, 0)]
    found = forecast(places, [], date(2025, 1, 10), [date(2025, 9, 1)])
    assert found[Cell(5, 2019, "kk")].free_now == 1
    assert found[Cell(5, 2020, "kk")].expected == {date(2025, 9, 1): 1}
