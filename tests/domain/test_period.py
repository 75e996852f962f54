"""Billing months."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.domain.period import Month

months = st.builds(Month, st.integers(1, 9999), st.integers(1, 12))


def test_a_month_knows_its_days_and_neighbours() -> None:
    february = Month.of(date(2024, 2, 29))
    assert (february.first, february.last, february.days) == (date(2024, 2, 1), date(2024, 2, 29), 29)
    assert february.next() == Month(2024, 3)
    assert Month(2024, 1).previous() == Month(2023, 12)
    assert Month(2024, 11).shift(3) == Month(2025, 2)
    assert Month(2024, 1).shift(-13) == Month(2022, 12)


@given(months)
def test_a_month_is_read_back_from_its_number_and_its_text(month: Month) -> None:
    assert Month.from_number(month.number) == month
    assert Month.parse(str(month)) == month


@given(months, months)
def test_months_and_their_numbers_have_the_same_order(one: Month, two: Month) -> None:
    assert (one < two) == (one.number < two.number)


@pytest.mark.parametrize(
    "text", ["2024-13", "2024-00", "2024", "24-01", "2024-1", "2024-01-01", "2024-+1", "2024- 1", "٢٠٢٤-٠١", ""]
)
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="month"):
        Month.parse(text)
