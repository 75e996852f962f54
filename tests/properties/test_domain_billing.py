"""Properties of readings and charges."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from models.domain.averages import AverageRule, PastVolume, average_part, spread
from models.domain.billing import (
    ChargeRequest,
    Part,
    PriceList,
    ResidentsSince,
    charge,
    metered,
    share_house_difference,
)
from models.domain.meters import (
    ReadingWindow,
    Register,
    UnusualLimits,
    may_have_rolled_over,
    parse_reading,
    review_reading,
    volume_between,
)
from models.domain.period import Month
from models.domain.problems import Problem
from models.domain.tariffs import volume_text, volume_units
from tests.domain.tariffs import WATER, tariff

JANUARY = Month(2024, 1)
registers = st.builds(Register, st.integers(3, 8), st.integers(0, 4))


@st.composite
def read_registers(draw: st.DrawFn) -> tuple[Register, int, int]:
    """A register and two values of it."""
    register = draw(registers)
    values = st.integers(0, register.capacity - 1)
    return register, draw(values), draw(values)


prices = st.decimals("0.01", "999.99", places=2).map(str)


@st.composite
def price_lists(draw: st.DrawFn) -> PriceList:
    """One price, or two with a change within January, flat or with tiers that rise."""
    change = draw(st.one_of(st.none(), st.dates(date(2024, 1, 2), JANUARY.last)))
    rows = []
    for begin, end in ((date(2015, 1, 1), change), (change, None)):
        if begin is None:
            continue
        limits = draw(st.lists(st.integers(1, 40), max_size=3, unique=True))
        costs = sorted(draw(st.lists(prices, min_size=len(limits) + 1, max_size=len(limits) + 1)), key=float)
        names = [*map(str, sorted(limits)), ""]
        tiers = list(zip(names, costs, strict=True)) if limits else []
        rows.append(tariff(price=costs[0], tiers=tiers, norm="7.6042", valid_from=begin, valid_to=end))
    return PriceList(rows)


def request(price_list: PriceList, *parts: Part, **values: object) -> ChargeRequest:
    assumed: dict[str, object] = {
        "service_id": WATER,
        "period": JANUARY,
        "prices": price_list,
        "group": "population",
        "basis": "meter",
        "parts": parts,
    }
    return ChargeRequest(**(assumed | values))  # type: ignore[arg-type]


@given(read_registers())
def test_a_reading_written_as_the_meter_shows_it_is_read_back(case: tuple[Register, int, int]) -> None:
    register, value, _ = case
    assert parse_reading(register.format(value), register) == value
    assert parse_reading(f"{register.quantity(value):f}", register) == value
    assert parse_reading(register.format(value).replace(",", ""), register, masked=True) == value


@given(st.text(max_size=12), registers)
def test_no_text_breaks_the_reader_and_nothing_but_zeros_is_zero(text: str, register: Register) -> None:
    value = parse_reading(text, register)
    if isinstance(value, Problem):
        assert value.code in {"reading-not-a-number", "reading-too-long"}
    else:
        assert 0 <= value < register.capacity
        assert value or set("".join(text.split())) <= set("0,.")


@given(read_registers())
def test_a_volume_is_never_negative_and_leads_from_one_reading_to_the_other(case: tuple[Register, int, int]) -> None:
    register, previous, current = case
    volume = volume_between(previous, current, register)
    assert 0 <= volume < register.capacity
    assert (previous + volume) % register.capacity == current
    if may_have_rolled_over(previous, current, register):
        assert volume * 10 <= register.capacity


@given(read_registers(), st.lists(st.integers(0, 10**6), max_size=8), st.integers(0, 9), st.dates(), st.integers(0, 40))
def test_a_review_never_accepts_a_step_back_and_asks_at_most_about_each_thing_once(
    case: tuple[Register, int, int], volumes: list[int], residents: int, day: date, later: int
) -> None:
    register, previous, current = case
    day = max(min(day, date(2900, 1, 1)), date(1900, 1, 1))
    review = review_reading(
        current,
        day,
        register=register,
        last=(previous, day),
        volumes=volumes,
        residents=residents,
        window=ReadingWindow(15, 25, 3),
        today=day + timedelta(days=later),
        limits=UnusualLimits(),
    )
    codes = [question.code for question in review.questions]
    assert len(set(codes)) == len(codes)
    assert review.period >= Month.of(day)
    assert review.next_period == (review.period > Month.of(day))
    if current < previous:
        assert review.problems or "reading-rolled-over" in codes
    else:
        assert review.volume == current - previous


@given(read_registers(), price_lists(), st.booleans())
def test_segments_add_up_to_the_line_and_to_the_meter(
    case: tuple[Register, int, int], price_list: PriceList, half: bool
) -> None:
    register, previous, current = case
    end = date(2024, 1, 17) if half else JANUARY.last
    part = metered(register, "1", previous, current, JANUARY.first, end)
    lines = charge(request(price_list, part))
    segments = [segment for line in lines for segment in line.detail.segments]
    assert sum(segment.amount_minor for segment in segments) == sum(line.amount_minor for line in lines)
    counted = sum(volume_units(segment.volume) for segment in segments)
    assert counted == part.volume
    assert counted == volume_units(register.quantity(volume_between(previous, current, register)))
    assert all(volume_units(segment.volume) >= 0 for segment in segments)
    for line in lines:
        assert volume_units(line.detail.volume) == sum(volume_units(s.volume) for s in line.detail.segments)


volumes = st.integers(0, 1_000_000)


def cost(price_list: PriceList, volume: int) -> int:
    [line] = charge(request(price_list, Part("meter", volume, JANUARY.first, JANUARY.last)))
    return line.amount_minor


@given(price_lists(), volumes, volumes)
def test_more_volume_never_costs_less(price_list: PriceList, one: int, two: int) -> None:
    # Every stretch is rounded for itself, so up to one minor unit a stretch may be lost to rounding.
    small, large = sorted((one, two))
    assert cost(price_list, small) <= cost(price_list, large) + 8


@given(st.lists(st.integers(1, 40), min_size=1, max_size=3, unique=True), st.data())
def test_the_cost_does_not_jump_at_a_limit(limits: list[int], data: st.DataObject) -> None:
    costs = data.draw(st.lists(prices, min_size=len(limits) + 1, max_size=len(limits) + 1))
    steps = list(zip([*map(str, sorted(limits)), ""], costs, strict=True))
    price_list = PriceList([tariff(price=costs[0], tiers=steps)])
    dearest = max(Fraction(price) for price in costs)
    for limit in limits:
        # A ten-thousandth more costs at most its price and the rounding of one more stretch.
        step = cost(price_list, limit * 10_000 + 1) - cost(price_list, limit * 10_000)
        assert 0 <= step <= dearest * 100 / 10_000 + 1


@given(prices, st.lists(st.integers(1, 40), min_size=1, max_size=3, unique=True), volumes)
def test_tiers_of_the_same_price_cost_what_one_price_costs(price: str, limits: list[int], volume: int) -> None:
    tiers = [*((str(limit), price) for limit in sorted(limits)), ("", price)]
    stepped = cost(PriceList([tariff(price=price, tiers=tiers)]), volume)
    assert abs(stepped - cost(PriceList([tariff(price=price)]), volume)) <= len(tiers) // 2 + 1


@given(
    price_lists(),
    st.integers(0, 12),
    st.lists(st.tuples(st.dates(date(2023, 12, 1), JANUARY.last), st.integers(0, 9)), max_size=4),
)
def test_a_norm_covers_every_day_once(price_list: PriceList, residents: int, changes: list[tuple[date, int]]) -> None:
    since = tuple(ResidentsSince(day, people) for day, people in dict(changes).items())
    asked = request(price_list, basis="norm", residents=residents, changes=since)
    segments = [segment for line in charge(asked) for segment in line.detail.segments]
    stretches = sorted({(segment.date_from, segment.date_to) for segment in segments})
    assert stretches[0][0] == JANUARY.first
    assert stretches[-1][1] == JANUARY.last
    for (_, end), (begin, _) in pairwise(stretches):
        assert begin == end + timedelta(days=1)


@given(
    st.integers(0, 9_999_999),
    st.integers(0, 9_999_999),
    prices,
    st.integers(1, 6),
    st.lists(st.tuples(volumes, st.integers(1, 31)), min_size=1, max_size=5),
)
def test_a_late_reading_charges_exactly_the_volume_that_was_read(
    previous: int, current: int, price: str, count: int, past: list[tuple[int, int]]
) -> None:
    price_list = PriceList([tariff(price=price)])
    months = [JANUARY.shift(index) for index in range(count)]
    history = [PastVolume(volume, days) for volume, days in past]
    for month in months:
        assert average_part(history, AverageRule(), month.first, month.last).volume >= 0
    whole = metered(Register(5, 2), "1", previous, current, months[0].first, months[-1].last)
    parts = spread(whole, [(month.first, month.last) for month in months])
    lines = [
        line
        for month, part in zip(months, parts, strict=True)
        for line in charge(request(price_list, part, period=month))
    ]
    volume = volume_between(previous, current, Register(5, 2)) * 100
    assert sum(volume_units(line.detail.volume) for line in lines) == volume
    exact = Fraction(volume, 10_000) * Fraction(price) * 100
    assert abs(sum(line.amount_minor for line in lines) - exact) <= Fraction(count, 2)


@given(st.integers(-(10**8), 10**8), st.lists(st.integers(0, 10**7), min_size=1, max_size=30).filter(any))
def test_the_difference_of_a_house_is_shared_to_the_last_drop(difference: int, weights: list[int]) -> None:
    assert sum(share_house_difference(difference, weights)) == difference


@given(st.integers(-(10**10), 10**10), st.integers(0, 4))
def test_a_volume_written_is_read_back(units: int, digits: int) -> None:
    assert volume_units(volume_text(units, digits)) == units
