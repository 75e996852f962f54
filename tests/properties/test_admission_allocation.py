"""Properties of the order of the queue, of rounds of vouchers, of matching, and of terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from models.domain.admissions.iteration import plan
from models.domain.admissions.matching import (
    Applicant,
    blocking_pairs,
    deferred_acceptance,
    serial_dictatorship,
)
from models.domain.admissions.ranking import Entry, LineCounts, OrderKey, number_from_counts, ordered
from models.domain.admissions.rules import Rules
from models.domain.working_days import TermEnd, add_calendar_days, add_working_days
from tests.domain.admissions.scene import ALMATY, CALENDAR, rules

Market = tuple[list[Applicant], dict[int, int], dict[tuple[int, int], int]]

ENTRIES = st.lists(
    st.builds(
        Entry,
        id=st.integers(1, 10**6),
        number=st.integers(1, 10**6).map(str),
        category_rank=st.integers(1, 3),
        rank_date=st.integers(0, 5).map(lambda minutes: datetime(2024, 1, 1, 0, minutes, tzinfo=UTC)),
        line=st.sampled_from(["extraordinary", "first", "ordinary"]),
        languages=st.integers(1, 3),
        age_months=st.integers(12, 60),
        bundle_id=st.one_of(st.none(), st.integers(1, 4)),
        has_voucher=st.booleans(),
    ),
    max_size=25,
    unique_by=(lambda entry: entry.id, lambda entry: entry.number),
)
ORDERS = st.builds(
    lambda order, first, ordinary: rules(order=order, interleave_first=first, interleave_ordinary=ordinary),
    st.sampled_from(["strict", "interleave"]),
    st.integers(1, 3),
    st.integers(1, 4),
)


@given(ENTRIES, ORDERS)
def test_the_order_is_a_permutation_and_keeps_each_line_in_its_own_order(queue: list[Entry], order: Rules) -> None:
    found = ordered(queue, order)
    assert sorted(entry.id for entry in found) == sorted(entry.id for entry in queue)
    for line in {entry.line for entry in queue}:
        own = [entry.key.value for entry in found if entry.line == line]
        assert own == sorted(own)


@given(ENTRIES, ORDERS)
def test_a_number_from_counts_is_the_number_in_the_order(queue: list[Entry], order: Rules) -> None:
    counts = LineCounts(
        *(sum(entry.line == line for entry in queue) for line in ("extraordinary", "first", "ordinary"))
    )
    before: dict[str, int] = {}
    for place, entry in enumerate(ordered(queue, order), start=1):
        line = entry.line if order.order == "interleave" else ""
        assert number_from_counts(entry.line, before.get(line, 0), counts, order) == place
        before[line] = before.get(line, 0) + 1


@given(ENTRIES, st.integers(0, 30), ORDERS)
def test_a_round_gives_exactly_the_first_their_vouchers(queue: list[Entry], count: int, order: Rules) -> None:
    found = plan(queue, count, order)
    won = {line.id for line in found.winners}
    assert len(won) == len(found.winners) <= count
    by_id = {entry.id: entry for entry in queue}
    assert not any(by_id[number].has_voucher or by_id[number].age_months < order.youngest_age_months for number in won)
    bundles: dict[int, set[int]] = {}
    for entry in queue:
        if entry.bundle_id is not None and not entry.has_voucher:
            bundles.setdefault(entry.bundle_id, set()).add(entry.id)
    for members in bundles.values():
        assert members <= won or not members & won, "twins together"
    single = [entry for entry in ordered(queue, order) if entry.bundle_id is None and not entry.has_voucher]
    old = [entry.id for entry in single if entry.age_months >= order.min_age_months]
    assert [number in won for number in old] == sorted((number in won for number in old), reverse=True)
    if any(entry.id in won and entry.age_months < order.min_age_months for entry in single):
        assert set(old) <= won, "the youngest only when everybody else has one"
    assert plan(reversed(queue), count, order).fingerprint == found.fingerprint


@st.composite
def markets(draw: st.DrawFn, children: int = 6) -> Market:
    """Return children with wishes, capacities, and priority points."""
    groups = [1, 2, 3]
    capacities = {group: draw(st.integers(0, 2)) for group in groups}
    applicants = [
        Applicant(
            number,
            OrderKey(draw(st.integers(1, 2)), datetime(2024, 1, 1, tzinfo=UTC), str(number)),
            tuple(draw(st.permutations(groups))[: draw(st.integers(0, 3))]),
        )
        for number in range(1, draw(st.integers(1, children)) + 1)
    ]
    points = {(child.id, group): draw(st.integers(0, 2)) for child in applicants for group in groups}
    return applicants, capacities, points


@given(markets())
def test_deferred_acceptance_is_stable(
    market: Market,
) -> None:
    applicants, capacities, points = market
    found = deferred_acceptance(applicants, capacities, points)
    assert blocking_pairs(applicants, capacities, found, points) == []
    for group, capacity in capacities.items():
        assert sum(given_group == group for given_group in found.groups.values()) <= capacity
    assert set(found.groups) | set(found.unmatched) == {child.id for child in applicants}


@settings(max_examples=40)
@given(markets(children=4))
def test_nobody_gains_by_hiding_a_wish(
    market: Market,
) -> None:
    applicants, capacities, points = market
    honest = deferred_acceptance(applicants, capacities, points).groups
    lies = [order[:length] for length in range(4) for order in permutations([1, 2, 3], length)]
    for place, child in enumerate(applicants):
        true_rank = {group: rank for rank, group in enumerate(child.preferences)}
        truly = true_rank.get(honest.get(child.id, -1), 99)
        for lie in lies:
            others = [*applicants[:place], replace(child, preferences=lie), *applicants[place + 1 :]]
            told = deferred_acceptance(others, capacities, points).groups.get(child.id, -1)
            assert true_rank.get(told, 99) >= truly, (child, lie)


@given(markets())
def test_with_one_common_order_it_is_who_comes_first(
    market: Market,
) -> None:
    applicants, capacities, _points = market
    assert deferred_acceptance(applicants, capacities) == serial_dictatorship(applicants, capacities)


@given(markets(), st.sets(st.integers(1, 6), min_size=2, max_size=3))
def test_twins_stay_together_and_no_place_that_somebody_wants_stays_empty(market: Market, twins: set[int]) -> None:
    applicants, capacities, points = market
    wishes = applicants[0].preferences
    bundled = [replace(child, bundle_id=1, preferences=wishes) if child.id in twins else child for child in applicants]
    found = deferred_acceptance(bundled, capacities, points)
    together = {found.groups.get(child.id) for child in bundled if child.bundle_id}
    assert len(together) <= 1
    for group, capacity in capacities.items():
        taken = sum(given_group == group for given_group in found.groups.values())
        assert taken <= capacity
        if taken < capacity:
            alone = [child for child in bundled if child.bundle_id is None and child.id in found.unmatched]
            assert not any(group in child.preferences for child in alone)


INSTANTS = st.datetimes(datetime(2019, 1, 1), datetime(2027, 9, 30)).map(lambda wall: wall.replace(tzinfo=ALMATY))


@given(INSTANTS, st.integers(1, 10))
def test_a_term_of_working_days_has_that_many_of_them(start: datetime, count: int) -> None:
    for end in TermEnd:
        term = add_working_days(start, count, CALENDAR, end)
        last = term.last_day(ALMATY)
        assert CALENDAR.is_working(last)
        assert CALENDAR.working_days_between(start.date(), last) == count
        assert not term.passed(start)
    if end is TermEnd.EXACT:
        assert term.shown(ALMATY).time() == start.time()


@given(INSTANTS, INSTANTS, st.integers(1, 10))
def test_who_comes_later_has_no_earlier_term(one: datetime, other: datetime, count: int) -> None:
    first, second = sorted((one, other))
    for end in TermEnd:
        assert add_working_days(first, count, CALENDAR, end) <= add_working_days(second, count, CALENDAR, end)


@given(st.dates(date(2019, 1, 1), date(2027, 10, 31)), st.integers(1, 40))
def test_a_term_of_calendar_days_rolls_forward_only(start: date, count: int) -> None:
    plain_term = add_calendar_days(start, count, CALENDAR, roll=False)
    rolled = add_calendar_days(start, count, CALENDAR)
    assert plain_term.last_day(ALMATY) == start + timedelta(days=count)
    assert rolled >= plain_term
    assert CALENDAR.is_working(rolled.last_day(ALMATY))
    assert CALENDAR.working_days_between(plain_term.last_day(ALMATY), rolled.last_day(ALMATY)) <= 1
