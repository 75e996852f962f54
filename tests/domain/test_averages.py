"""Charging without a reading, and the late reading that puts it right."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.domain.averages import (
    AverageRule,
    PastVolume,
    average_part,
    basis_without_reading,
    spread,
)
from models.domain.billing import ChargeLine, ChargeRequest, PriceList, charge, metered
from models.domain.meters import Register
from models.domain.period import Month
from tests.domain.tariffs import WATER, tariff

REGISTER = Register(5, 2)
RULE = AverageRule(months=3, at_most=3)
HISTORY = [PastVolume(999_000, 1), PastVolume(100_000, 31), PastVolume(110_000, 30), PastVolume(92_000, 31)]
FEBRUARY, MARCH, APRIL = Month(2024, 2), Month(2024, 3), Month(2024, 4)


def request(prices: PriceList, **values: Any) -> ChargeRequest:
    assumed: dict[str, Any] = {
        "service_id": WATER,
        "period": FEBRUARY,
        "prices": prices,
        "group": "population",
        "basis": "average",
    }
    return ChargeRequest(**(assumed | values))


def test_an_average_is_the_daily_volume_of_the_latest_months_times_the_days() -> None:
    part = average_part(HISTORY, RULE, FEBRUARY.first, FEBRUARY.last)
    assert (part.basis, part.volume) == ("average", 95_196)  # 30,2 m³ over 92 days, 29 days
    [line] = charge(request(PriceList([tariff()]), parts=(part,)))
    assert (line.amount_minor, line.detail.volume, line.detail.rule) == (47_979, "9.5196", "R-BILL-4")


def test_after_some_months_the_norm_takes_over() -> None:
    assert basis_without_reading(2, HISTORY, RULE) == "average"
    assert basis_without_reading(3, HISTORY, RULE) == "norm"
    assert basis_without_reading(0, [], RULE) == "norm"
    with pytest.raises(ValueError, match="history"):
        average_part([], RULE, FEBRUARY.first, FEBRUARY.last)


def charged_anew(prices: PriceList, previous: int, current: int, months: list[Month]) -> list[ChargeLine]:
    """Charge each month for its part of what was read after the last of them."""
    whole = metered(REGISTER, "04518237", previous, current, months[0].first, months[-1].last)
    parts = spread(whole, [(month.first, month.last) for month in months])
    return [
        line
        for month, part in zip(months, parts, strict=True)
        for line in charge(request(prices, period=month, basis="meter", parts=(part,), with_subscription=False))
    ]


def test_without_a_change_of_price_the_correction_is_the_volume_less_what_was_billed() -> None:
    prices = PriceList([tariff(price="50.00")])
    billed = sum(
        charge(request(prices, period=month, parts=(average_part(HISTORY, RULE, month.first, month.last),)))[
            0
        ].amount_minor
        for month in (FEBRUARY, MARCH)
    )
    anew = charged_anew(prices, 12_530, 15_230, [FEBRUARY, MARCH, APRIL])
    assert (billed, sum(line.amount_minor for line in anew)) == (98_479, 27 * 5_000)
    assert [line.detail.volume for line in anew] == ["8.70", "9.30", "9.00"]


def test_each_month_is_charged_anew_at_its_own_price() -> None:
    prices = PriceList(
        [tariff(price="50.00", valid_to=date(2024, 3, 1)), tariff(price="60.00", valid_from=date(2024, 3, 1))]
    )
    anew = charged_anew(prices, 0, 9_000, [FEBRUARY, MARCH, APRIL])
    assert [(line.amount_minor, line.detail.segments[0].price) for line in anew] == [
        (145_000, "50.00"),
        (186_000, "60.00"),
        (180_000, "60.00"),
    ]


def test_a_reading_that_did_not_move_takes_all_estimates_back() -> None:
    prices = PriceList([tariff(price="50.00", subscription_minor=1_500)])
    assert [line.amount_minor for line in charged_anew(prices, 12_530, 12_530, [FEBRUARY, MARCH])] == [0, 0]
