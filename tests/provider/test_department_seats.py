"""The places of the public queue are those of the order that iterations use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from models.domain.admissions.categories import EXTRAORDINARY, FIRST, ORDINARY
from models.domain.admissions.ranking import Entry, LineCounts, ordered
from models.domain.admissions.rules import Rules
from provider.services.admissions.public_queue import seats

AT = datetime(2026, 9, 7, tzinfo=UTC)
_small = st.integers(0, 12)


@settings(max_examples=200, deadline=None)
@given(
    counts=st.tuples(_small, _small, _small),
    first=st.integers(1, 3),
    ordinary=st.integers(1, 4),
    start=st.integers(0, 40),
    size=st.integers(1, 15),
)
def test_each_place_has_the_turn_that_the_order_gives_it(
    counts: tuple[int, int, int], first: int, ordinary: int, start: int, size: int
) -> None:
    rules = Rules(order="interleave", interleave_first=first, interleave_ordinary=ordinary)
    entries = [
        Entry(number, f"{number:04}", rank, AT + timedelta(seconds=at), line)
        for rank, (line, count) in enumerate(zip((EXTRAORDINARY, FIRST, ORDINARY), counts, strict=True))
        for at in range(count)
        for number in [rank * 100 + at]
    ]
    meant = [(entry.line, entry.id % 100) for entry in ordered(entries, rules)]
    assert seats(start, start + size, LineCounts(*counts), rules) == meant[start : start + size]
