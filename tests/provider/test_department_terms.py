"""A term that a new day off moves ends where it would have ended had the day been off from the beginning."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.domain.admissions.case import Case
from models.domain.admissions.states import Programme, TimerKind
from models.domain.working_days import TermEnd, WorkingCalendar, add_calendar_days, add_working_days
from provider.services.admissions.calendars import later

FIRST = date(2026, 3, 2)
_days = st.integers(0, 60).map(lambda step: FIRST + timedelta(days=step))


def calendar(off: frozenset[date]) -> WorkingCalendar:
    return WorkingCalendar("Asia/Almaty", off, frozenset(), frozenset({2026}))


def case(kind: TimerKind, term: object) -> Case:
    return Case(1, "1", Programme.GENERAL, timers={kind: term})  # type: ignore[dict-item]


@settings(max_examples=300, deadline=None)
@given(
    start=st.datetimes(datetime(2026, 3, 2), datetime(2026, 4, 10), timezones=st.just(UTC)),
    count=st.integers(1, 20),
    end=st.sampled_from(TermEnd),
    off=st.frozensets(_days, max_size=12),
    new=_days,
)
def test_working_days_are_counted_on(
    start: datetime, count: int, end: TermEnd, off: frozenset[date], new: date
) -> None:
    old, changed = calendar(off), calendar(off | {new})
    assume(old.is_working(new))
    assume(new > old.local_day(start))  # the day of the event is not counted, so making it a day off says nothing
    term = add_working_days(start, count, old, end)
    meant = add_working_days(start, count, changed, end)
    moved = later(case(TimerKind.CONTRACT, term), old, changed, new, roll=True)
    assert moved.get(TimerKind.CONTRACT, term) == meant
    assert all(found.at > term.at for found in moved.values())


@settings(max_examples=200, deadline=None)
@given(start=_days, count=st.integers(1, 30), off=st.frozensets(_days, max_size=12), new=_days)
def test_calendar_days_roll_again(start: date, count: int, off: frozenset[date], new: date) -> None:
    old, changed = calendar(off), calendar(off | {new})
    assume(old.is_working(new))
    term = add_calendar_days(start, count, old)
    moved = later(case(TimerKind.RESTORE, term), old, changed, new, roll=True).get(TimerKind.RESTORE, term)
    assert moved == max(term, add_calendar_days(start, count, changed))


def test_what_holds_a_family_back_stays_as_announced() -> None:
    old, changed = calendar(frozenset()), calendar(frozenset({date(2026, 3, 4)}))
    term = add_working_days(datetime(2026, 3, 2, 6, tzinfo=UTC), 10, old)
    assert later(case(TimerKind.UNBLOCK, term), old, changed, date(2026, 3, 4), roll=True) == {}
    assert later(case(TimerKind.REFERRAL, term), old, changed, date(2026, 3, 4), roll=True)
