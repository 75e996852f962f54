"""Price lists: which price a day has, and what may not be entered."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.domain.tariffs import (
    CannotCharge,
    PriceList,
    check_tariffs,
    tariff_on,
    volume_text,
    volume_units,
)
from tests.domain.tariffs import WATER, tariff

JANUARY = (date(2024, 1, 1), date(2024, 1, 31))


def test_a_price_holds_up_to_the_day_before_the_next() -> None:
    old = tariff(price="50.40", valid_to=date(2024, 1, 16))
    new = tariff(price="55.00", valid_from=date(2024, 1, 16))
    spans = PriceList([new, old]).spans(WATER, "population", *JANUARY)
    assert [(span.date_from.day, span.date_to.day, span.days, span.price) for span in spans] == [
        (1, 15, 15, "50.40"),
        (16, 31, 16, "55.00"),
    ]
    chosen = tariff_on([old, new], WATER, "population", date(2024, 1, 15))
    assert chosen is old


def test_where_two_overlap_the_later_decision_holds() -> None:
    spans = PriceList([tariff(), tariff(price="55.00", valid_from=date(2024, 1, 16))]).spans(
        WATER, "population", *JANUARY
    )
    assert [span.price for span in spans] == ["50.40", "55.00"]


def test_a_price_renewed_unchanged_does_not_cut_the_month() -> None:
    rows = [tariff(valid_to=date(2024, 1, 16)), tariff(valid_from=date(2024, 1, 16))]
    [span] = PriceList(rows).spans(WATER, "population", *JANUARY)
    assert span.days == 31


def test_a_day_without_a_price_is_said_and_never_free() -> None:
    prices = PriceList([tariff(valid_to=date(2024, 1, 16))])
    with pytest.raises(CannotCharge) as refused:
        prices.spans(WATER, "population", *JANUARY)
    assert refused.value.problem.code == "tariff-missing"
    assert refused.value.problem.values["day"] == "2024-01-16"
    with pytest.raises(CannotCharge):
        prices.spans(WATER, "legal", *JANUARY)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"price": "fifty"}, "tariff-not-a-number"),
        ({"vat_rate": "12%"}, "tariff-not-a-number"),
        ({"tiers": [("ten", "1"), ("", "2")]}, "tariff-not-a-number"),
        ({"price": "-1.00"}, "tariff-negative"),
        ({"tiers": [("10", "1"), ("10", "2"), ("", "3")]}, "tariff-tiers"),
        ({"tiers": [("20", "1"), ("10", "2"), ("", "3")]}, "tariff-tiers"),
        ({"tiers": [("10", "1"), ("20", "2")]}, "tariff-tiers"),
        ({"tiers": [("", "1"), ("", "2")]}, "tariff-tiers"),
        ({"valid_to": date(2015, 1, 1)}, "tariff-ends-early"),
    ],
)
def test_a_wrong_price_list_is_refused(values: dict[str, Any], code: str) -> None:
    assert [problem.code for problem in check_tariffs([tariff(**values)])] == [code]


def test_overlapping_price_lists_are_reported() -> None:
    overlapping = [tariff(), tariff(valid_from=date(2024, 1, 1))]
    assert [problem.code for problem in check_tariffs(overlapping)] == ["tariff-overlap"]
    following = [tariff(valid_to=date(2024, 1, 1)), tariff(valid_from=date(2024, 1, 1), tiers=[("10", "1"), ("", "2")])]
    assert check_tariffs(following) == []


@pytest.mark.parametrize(
    ("units", "digits", "text"),
    [
        (134_500, 2, "13.45"),
        (228_126, 2, "22.8126"),
        (228_126, 4, "22.8126"),
        (4_520_000, 0, "452"),
        (-134_500, 2, "-13.45"),
        (5, 2, "0.0005"),
    ],
)
def test_a_volume_is_written_with_the_meter_s_decimals_unless_that_would_lose_some(
    units: int, digits: int, text: str
) -> None:
    assert volume_text(units, digits) == text
    assert volume_units(text) == units


def test_a_volume_has_four_decimals_halves_up() -> None:
    assert volume_units("10.79795") == 107_980
    with pytest.raises(ValueError, match="not a volume"):
        volume_units("much")
