"""Reading a meter: what may be typed, what is asked, which month it counts for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from models.domain.meters import (
    ReadingReview,
    ReadingWindow,
    Register,
    UnusualLimits,
    parse_reading,
    past_of,
    review_reading,
    volume_between,
)
from models.domain.period import Month
from models.domain.problems import Problem

WATER = Register(5, 2)
ELECTRIC = Register(8, 0)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("138,75", 13_875),
        ("138.75", 13_875),
        ("00138,75", 13_875),
        ("138", 13_800),
        ("138,7", 13_870),
        ("138,", 13_800),
        (" 1 138,75 ", 113_875),
        ("1\u00a0138,75", 113_875),
        ("0", 0),
        ("99999,99", 9_999_999),
    ],
)
def test_a_reading_is_understood_however_it_is_written(text: str, value: int) -> None:
    assert parse_reading(text, WATER) == value


@pytest.mark.parametrize("text", ["", "   ", "abc", "138,7x", "-5", "1,2,3", "1.138,75", ",75", "١٣٨", "1e3", "+5"])
def test_what_is_no_reading_is_refused_and_never_becomes_zero(text: str) -> None:
    assert parse_reading(text, WATER) == Problem("reading-not-a-number", "value")


@pytest.mark.parametrize("text", ["100000", "000138,75", "138,755", "0013875"])
def test_more_digits_than_the_meter_has_are_refused(text: str) -> None:
    problem = parse_reading(text, WATER)
    assert isinstance(problem, Problem)
    assert problem.code == "reading-too-long"
    assert problem.values == {"integer_digits": 5, "fraction_digits": 2}


def test_digits_typed_into_the_mask_count_from_the_last_one() -> None:
    assert parse_reading("13875", WATER, masked=True) == 13_875
    assert parse_reading("0013875", WATER, masked=True) == 13_875
    assert parse_reading("138,75", WATER, masked=True) == 13_875
    assert isinstance(parse_reading("00138750", WATER, masked=True), Problem)


def test_the_length_belongs_to_the_meter() -> None:
    assert parse_reading("51466357", ELECTRIC) == 51_466_357
    assert isinstance(parse_reading("51466357,5", ELECTRIC), Problem)
    assert isinstance(parse_reading("51466357", WATER), Problem)
    assert ELECTRIC.format(452) == "00000452"
    assert WATER.format(13_875) == "00138,75"
    assert WATER.quantity(1_345) == Decimal("13.45")


def review(value: int, read_on: str = "2024-01-20", **values: Any) -> ReadingReview:
    """Review a reading of the worked example; ``values`` replace what it assumes."""
    assumed: dict[str, Any] = {
        "register": WATER,
        "last": (12_530, date(2023, 12, 25)),
        "volumes": [970, 1_030, 1_050],
        "residents": 3,
        "window": ReadingWindow(15, 25, 3),
        "today": date.fromisoformat(read_on),
    }
    return review_reading(value, date.fromisoformat(read_on), **(assumed | values))


def test_an_ordinary_reading_raises_no_question() -> None:
    assert review(13_875) == ReadingReview((), (), Month(2024, 1), False, 1_345)


def test_a_lower_reading_is_refused_and_names_the_last_one() -> None:
    [problem] = review(12_000).problems
    assert problem == Problem("reading-went-down", "value", {"last": "00125,30", "on": "2023-12-25"})


def test_a_register_near_its_end_may_have_begun_again() -> None:
    asked = review(1_240, last=(9_999_025, date(2023, 12, 25)), volumes=[])
    assert asked.problems == ()
    assert [question.code for question in asked.questions] == ["reading-rolled-over"]
    assert asked.volume == 2_215
    confirmed = review(1_240, last=(9_999_025, date(2023, 12, 25)), volumes=[], confirmed={"reading-rolled-over"})
    assert confirmed.questions == ()


@pytest.mark.parametrize(("previous", "current"), [(8_999_999, 0), (9_000_000, 1), (9_500_000, 500_001)])
def test_a_register_far_from_its_end_did_not_begin_again(previous: int, current: int) -> None:
    assert [problem.code for problem in review(current, last=(previous, date(2023, 12, 25))).problems] == [
        "reading-went-down"
    ]


def test_a_volume_far_above_the_average_is_asked_about() -> None:
    limits = UnusualLimits(factor=3, minimum=10)
    ordinary = review(12_530 + 3_050, limits=limits)
    unusual = review(12_530 + 3_060, limits=limits)
    assert ordinary.questions == ()
    assert [question.code for question in unusual.questions] == ["reading-unusual"]
    assert unusual.questions[0].values == {"volume": "30,60", "average": "10,16"}
    assert review(12_530 + 3_060, limits=limits, confirmed=["reading-unusual"]).questions == ()


def test_a_big_household_may_use_more_before_it_is_asked() -> None:
    assert review(12_530 + 5_900).questions == ()
    assert review(12_530 + 6_100).questions != ()
    assert review(12_530 + 6_100, residents=4).questions == ()


def test_what_the_pipe_cannot_carry_is_refused() -> None:
    assert [problem.code for problem in review(32_540, limits=UnusualLimits(hard_limit=200)).problems] == [
        "reading-impossible"
    ]


def test_a_third_month_without_consumption_is_asked_about() -> None:
    assert [question.code for question in review(12_530, volumes=[1_000, 0, 0]).questions] == ["reading-zero-again"]
    assert review(12_530, volumes=[1_000, 0]).questions == ()


def test_limits_that_are_off_ask_nothing() -> None:
    assert review(90_000, limits=UnusualLimits(0, 0)).questions == ()
    assert review(90_000, volumes=[], limits=UnusualLimits(3, 0)).questions == ()


def test_a_day_in_the_future_or_before_the_last_reading_is_refused() -> None:
    assert [problem.code for problem in review(13_875, today=date(2024, 1, 19)).problems] == ["reading-in-future"]
    assert [problem.code for problem in review(13_875, "2023-12-20").problems] == ["reading-before-last"]


def test_a_value_that_does_not_fit_is_refused() -> None:
    assert [problem.code for problem in review(10_000_000).problems] == ["reading-too-long"]
    assert [problem.code for problem in review(-1).problems] == ["reading-not-a-number"]


def test_a_first_reading_has_no_volume() -> None:
    assert review(13_875, last=None) == ReadingReview((), (), Month(2024, 1), False, 0)


@pytest.mark.parametrize(
    ("read_on", "today", "period", "next_period"),
    [
        ("2024-01-15", "2024-01-15", Month(2024, 1), False),
        ("2024-01-25", "2024-01-25", Month(2024, 1), False),
        ("2024-01-25", "2024-01-28", Month(2024, 1), False),  # arrived within the days of grace
        ("2024-01-25", "2024-01-29", Month(2024, 2), True),
        ("2024-01-26", "2024-01-26", Month(2024, 2), True),  # grace is for arriving, not for reading
        ("2024-01-10", "2024-01-10", Month(2024, 1), False),
        ("2023-12-28", "2023-12-28", Month(2024, 1), True),
    ],
)
def test_a_reading_counts_for_the_first_month_it_is_in_time_for(
    read_on: str, today: str, period: Month, next_period: bool
) -> None:
    answer = review(13_875, read_on, today=date.fromisoformat(today))
    assert (answer.period, answer.next_period, answer.problems) == (period, next_period, ())


def test_a_window_may_run_over_the_end_of_the_month() -> None:
    window = ReadingWindow(25, 5)
    assert window.period_of(date(2024, 1, 28), date(2024, 1, 28)) == Month(2024, 1)
    assert window.period_of(date(2024, 2, 5), date(2024, 2, 5)) == Month(2024, 1)
    assert window.period_of(date(2024, 2, 6), date(2024, 2, 6)) == Month(2024, 2)
    assert window.contains(date(2024, 2, 5))
    assert not window.contains(date(2024, 2, 6))


def test_a_window_to_the_end_of_the_month_ends_with_short_months() -> None:
    assert ReadingWindow(20, 31).last_day(Month(2024, 2)) == date(2024, 2, 29)
    assert ReadingWindow().contains(date(2024, 2, 29))


def test_a_provider_may_refuse_what_lies_outside_the_window() -> None:
    answer = review(13_875, "2024-01-10", window=ReadingWindow(15, 25, 3, refuse_outside=True))
    assert [problem.code for problem in answer.problems] == ["reading-outside-window"]


def test_the_volume_over_the_end_of_the_register_is_counted_on() -> None:
    assert volume_between(9_999_025, 1_240, WATER) == 2_215
    assert volume_between(12_530, 13_875, WATER) == 1_345


@dataclass(frozen=True)
class Read:
    """A standing reading."""

    value: int
    read_on: date
    period: int
    source: str = "consumer"
    state: str = "accepted"


def test_a_reading_is_compared_with_the_newest_of_the_period_before() -> None:
    readings = [
        Read(13_875, date(2024, 1, 25), 202401),
        Read(13_000, date(2024, 1, 16), 202401, "controller"),
        Read(12_530, date(2023, 12, 25), 202312),
        Read(10_000, date(2023, 11, 1), 202311, "initial"),
        Read(14_500, date(2024, 1, 29), 202402, state="next_period"),
        Read(19_999, date(2024, 1, 20), 202401, state="replaced"),
    ]
    past = past_of(readings, WATER, Month(2024, 2))
    assert past.last == (13_875, date(2024, 1, 25))
    assert past.volumes == (2_530, 1_345)
    assert past_of(reversed(readings), WATER, Month(2024, 2)) == past
    assert past_of(readings, WATER, Month(2024, 1)).last == (12_530, date(2023, 12, 25))


def test_a_meter_without_readings_is_compared_with_its_initial_value() -> None:
    installed = (10_000, date(2023, 11, 1))
    assert past_of([], WATER, Month(2024, 1), installed).last == installed
    assert past_of([], WATER, Month(2024, 1)).last is None
