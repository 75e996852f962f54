"""Terms of working and calendar days, with the dates that the manuals show."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from models.domain.working_days import (
    Deadline,
    TermEnd,
    WorkingCalendar,
    YearNotLoaded,
    add_calendar_days,
    add_working_days,
)
from resources.calendars import load
from tests.domain.admissions.scene import ALMATY, CALENDAR, at, local

WEEKDAYS_OFF = {
    2019: "01-01 01-02 01-07 03-08 03-21 03-22 03-25 05-01 05-07 05-09 05-10 07-08 08-30 12-02 12-16 12-17",
    2024: "01-01 01-02 03-08 03-21 03-22 03-25 05-01 05-07 05-08 05-09 07-08 08-30 10-25 12-16",
    2025: "01-01 01-02 01-03 01-07 03-10 03-21 03-24 03-25 05-01 05-07 05-09 06-06 07-07 09-01 10-27 12-16",
    2026: "01-01 01-02 01-07 03-09 03-23 03-24 03-25 05-01 05-07 05-11 05-27 07-06 10-26 12-16",
    2027: "01-01 01-04 01-07 03-08 03-15 03-22 03-23 03-24 05-03 05-07 05-10 07-06 10-25 12-16",
}


@pytest.mark.parametrize("year", WEEKDAYS_OFF)
def test_the_days_off_of_a_year_are_those_of_the_list(year: int) -> None:
    found = [f"{day:%m-%d}" for day in sorted(CALENDAR.days_off) if day.year == year and day.weekday() < 5]
    assert found == WEEKDAYS_OFF[year].split()


def test_weekends_are_worked_only_where_the_government_said_so() -> None:
    worked = {day for day in CALENDAR.extra_working_days if day.year in WEEKDAYS_OFF}
    assert worked == {date(2019, 5, 4), date(2024, 5, 4), date(2025, 1, 5)}


@pytest.mark.parametrize(
    ("year", "month", "days"), [(2025, 3, 17), (2026, 3, 18), (2019, 5, 20), (2026, 5, 17), (2026, 1, 19)]
)
def test_a_month_has_the_working_days_of_the_attendance_sheet(year: int, month: int, days: int) -> None:
    before = date(year, month, 1) - timedelta(days=1)
    last = (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    assert CALENDAR.working_days_between(before, last) == days


@pytest.mark.parametrize(
    ("start", "days", "end", "expected"),
    [
        ("2024-09-30 15:37:26", 5, TermEnd.EXACT, "2024-10-07 15:37:26"),  # seed 002
        ("2024-09-30 15:32:00", 2, TermEnd.END_OF_DAY, "2024-10-02 23:59:59"),  # seed 002
        ("2019-06-26 16:23:00", 5, TermEnd.END_OF_DAY, "2019-07-03 23:59:59"),  # seed 004
        ("2024-09-28 11:00:00", 2, TermEnd.EXACT, "2024-10-01 11:00:00"),  # an event on a Saturday
        ("2024-05-02 09:00:00", 2, TermEnd.EXACT, "2024-05-04 09:00:00"),  # the worked Saturday
        ("2019-05-03 09:00:00", 3, TermEnd.EXACT, "2019-05-08 09:00:00"),
        ("2025-01-03 12:00:00", 1, TermEnd.END_OF_DAY, "2025-01-05 23:59:59"),  # the worked Sunday
        ("2025-03-20 18:00:00", 1, TermEnd.EXACT, "2025-03-26 18:00:00"),  # over Nauryz
        ("2026-08-28 10:00:00", 1, TermEnd.EXACT, "2026-08-31 10:00:00"),  # no Constitution Day in August any more
        ("2025-08-29 10:00:00", 1, TermEnd.EXACT, "2025-09-02 10:00:00"),  # moved to Monday 1 September
        ("2024-12-30 23:59:59", 2, TermEnd.EXACT, "2025-01-05 23:59:59"),  # over the new year
    ],
)
def test_a_term_of_working_days_ends_to_the_second(start: str, days: int, end: TermEnd, expected: str) -> None:
    assert local(add_working_days(at(start), days, CALENDAR, end)) == expected


@pytest.mark.parametrize(
    ("start", "days", "roll", "expected"),
    [
        (date(2024, 10, 2), 28, True, "2024-10-30 23:59:59"),
        (date(2024, 9, 27), 28, True, "2024-10-28 23:59:59"),  # Republic Day, then a weekend
        (date(2024, 9, 27), 28, False, "2024-10-25 23:59:59"),
        (date(2019, 7, 3), 30, True, "2019-08-02 23:59:59"),
        (date(2024, 4, 6), 28, True, "2024-05-04 23:59:59"),  # the worked Saturday is no day to roll from
    ],
)
def test_a_term_of_calendar_days_rolls_to_a_working_day(start: date, days: int, roll: bool, expected: str) -> None:
    assert local(add_calendar_days(start, days, CALENDAR, roll=roll)) == expected


def test_a_term_over_the_change_of_the_zone_ends_at_the_same_time_on_the_clock() -> None:
    start = at("2024-02-27 16:00:00")
    assert start.astimezone(UTC) == datetime(2024, 2, 27, 10, tzinfo=UTC)  # UTC+6 in Almaty until 29 February 2024
    term = add_working_days(start, 5, CALENDAR, TermEnd.EXACT)
    assert local(term) == "2024-03-05 16:00:00"
    assert term.at == datetime(2024, 3, 5, 11, tzinfo=UTC)


def test_the_day_of_the_change_has_an_hour_more() -> None:
    term = add_working_days(at("2024-02-28 12:00:00"), 1, CALENDAR)
    assert local(term) == "2024-02-29 23:59:59"
    assert term.at == datetime(2024, 2, 29, 19, tzinfo=UTC)
    twice = add_working_days(at("2024-02-28 23:30:00"), 1, CALENDAR, TermEnd.EXACT)
    assert twice.at == datetime(2024, 2, 29, 18, 30, tzinfo=UTC), "the later of the two half past eleven"


def test_an_exact_term_still_holds_at_its_last_instant_and_a_day_term_not_at_midnight() -> None:
    exact = Deadline(at("2024-10-07 15:37:26"))
    assert not exact.passed(exact.at)
    assert exact.passed(exact.at + timedelta(microseconds=1))
    day = CALENDAR.end_of(date(2024, 10, 2))
    assert not day.passed(at("2024-10-02 23:59:59.999999"))
    assert day.passed(at("2024-10-03 00:00:00"))
    assert day.last_day(ALMATY) == date(2024, 10, 2)


def test_a_term_into_a_year_without_a_calendar_is_not_computed() -> None:
    with pytest.raises(YearNotLoaded) as refusal:
        add_working_days(at("2027-12-30 10:00:00"), 5, CALENDAR)
    assert refusal.value.year == 2028


@pytest.mark.parametrize("count", [0, -1])
def test_a_term_has_at_least_one_day(count: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        add_working_days(at("2024-10-01 10:00:00"), count, CALENDAR)
    with pytest.raises(ValueError, match="at least one"):
        add_calendar_days(date(2024, 10, 1), count, CALENDAR)


def test_microseconds_of_the_event_are_kept_in_the_term() -> None:
    start = at("2025-02-10 16:35:47.441900")
    assert add_working_days(start, 5, CALENDAR, TermEnd.EXACT).at == at("2025-02-17 16:35:47.441900")


def test_another_zone_counts_its_own_days() -> None:
    data = load("UA")
    kyiv = WorkingCalendar(data.zone, frozenset(data.days_off), frozenset(data.extra), data.years)
    late = datetime(2024, 9, 30, 21, 30, tzinfo=UTC)  # 1 October in Kyiv
    assert add_working_days(late, 1, kyiv).last_day(kyiv.zone) == date(2024, 10, 2)
