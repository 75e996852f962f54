"""What becomes of the fields of a record that two people change."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.domain.merge import merge

VALUES = st.dictionaries(st.sampled_from("abc"), st.integers(0, 3))
NOW = st.fixed_dictionaries({name: st.integers(0, 3) for name in "abc"})


@pytest.mark.parametrize(
    ("wanted", "seen", "now", "changes", "clashes"),
    [
        ({"phone": 2}, {"phone": 1}, {"phone": 1}, {"phone": 2}, ()),
        ({"phone": 2}, {"phone": 1}, {"phone": 3}, {}, ("phone",)),
        ({"phone": 2}, {"phone": 1}, {"phone": 2}, {}, ()),
        ({"phone": 2, "place": 5}, {"phone": 1, "place": 4}, {"phone": 3, "place": 4}, {"place": 5}, ("phone",)),
        ({"phone": 2}, {}, {"phone": 3}, {"phone": 2}, ()),
        ({"phone": 2}, {"phone": None}, {"phone": 3}, {}, ("phone",)),
        ({}, {"phone": 1}, {"phone": 3}, {}, ()),
        # Two spellings of one telephone number are one value.
        ({"phone": "+7 (701) 555-01-07"}, {"phone": "8 701 555 01 08"}, {"phone": "87015550107"}, {}, ()),
        (
            {"phone": "+77015550199"},
            {"phone": "8 701 555 01 07"},
            {"phone": "+7 701 555-01-07"},
            {"phone": "+77015550199"},
            (),
        ),
        ({"extra_phone": "701 555 01 07"}, {"extra_phone": ""}, {"extra_phone": "+77015550108"}, {}, ("extra_phone",)),
        ({"phone": ""}, {"phone": "87015550107"}, {"phone": "+77015550107"}, {"phone": ""}, ()),
        ({"address": "8 701"}, {"address": "7 701"}, {"address": "+7701"}, {}, ("address",)),
    ],
)
def test_each_field_is_decided_by_itself(
    wanted: dict[str, Any], seen: dict[str, Any], now: dict[str, Any], changes: dict[str, Any], clashes: tuple[str, ...]
) -> None:
    found = merge(wanted, seen, now)
    assert (found.changes, found.clashes) == (changes, clashes)


@given(VALUES, VALUES, NOW)
def test_nothing_that_was_not_seen_is_overwritten_and_no_wish_is_forgotten(
    wanted: dict[str, int], seen: dict[str, int], now: dict[str, int]
) -> None:
    found = merge(wanted, seen, now)
    for name, value in wanted.items():
        stored, asked, there = name in found.changes, name in found.clashes, value == now[name]
        assert [stored, asked, there].count(True) == 1
        if stored and name in seen:
            assert seen[name] == now[name]


@given(VALUES, VALUES, NOW)
def test_who_has_seen_both_versions_meets_no_conflict(
    wanted: dict[str, int], seen: dict[str, int], now: dict[str, int]
) -> None:
    first = merge(wanted, seen, now)
    after = {**now, **first.changes}
    again = merge({name: wanted[name] for name in first.clashes}, seen | {n: now[n] for n in first.clashes}, after)
    assert again.clashes == ()
    assert {**after, **again.changes} == {**now, **wanted}
