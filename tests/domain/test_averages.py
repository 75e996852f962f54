"""Charging without a reading, and the late reading that puts it right."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.contract.records import Entry
from models.domain.averages import (
    AverageRule,
    PastVolume,
    average_part,
    basis_without_reading,
    estimated_charges,
    rebill,
)
from models.domain.billing import ChargeRequest, PriceList, charge
from models.domain.meters import Register
from models.domain.period import Month
from tests.domain.movements import entry
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


def charged(month: str, basis: str, amount: int, **values: Any) -> Entry:
    return entry("charge", amount, month, detail={"basis": basis, "volume": "1", "segments": []}, **values)


def test_a_late_reading_finds_every_estimate_since_the_last_real_one() -> None:
    early = charged("2023-11-30", "average", 100)
    read = charged("2024-01-31", "meter", 100)
    second, third = charged("2024-03-31", "norm", 300), charged("2024-02-29", "average", 200)
    undone = charged("2024-04-30", "average", 400)
    reversal = entry("correction", -400, "2024-05-02", reversal_of=undone.id)
    other = charged("2024-02-29", "average", 999, service=2)
    movements = [second, early, read, third, undone, reversal, other]
    assert [movement.amount_minor for movement in estimated_charges(movements, WATER)] == [200, 300]


def test_without_a_change_of_price_the_correction_is_the_volume_less_what_was_billed() -> None:
    prices = PriceList([tariff(price="50.00")])
    estimates = [
        charge(request(prices, period=month, parts=(average_part(HISTORY, RULE, month.first, month.last),)))[0]
        for month in (FEBRUARY, MARCH)
    ]
    anew = rebill(request(prices), REGISTER, "04518237", 12_530, 15_230, [FEBRUARY, MARCH, APRIL])
    billed = sum(line.amount_minor for line in estimates)
    correction = sum(line.amount_minor for month in anew for line in month.lines) - billed
    assert correction == 27 * 5_000 - billed
    assert [str(month.month) for month in anew] == ["2024-02", "2024-03", "2024-04"]
    assert [month.lines[0].detail.volume for month in anew] == ["8.70", "9.30", "9.00"]


def test_each_month_is_charged_anew_at_its_own_price() -> None:
    prices = PriceList(
        [tariff(price="50.00", valid_to=date(2024, 3, 1)), tariff(price="60.00", valid_from=date(2024, 3, 1))]
    )
    anew = rebill(request(prices), REGISTER, "1", 0, 9_000, [FEBRUARY, MARCH, APRIL])
    assert [(m.lines[0].amount_minor, m.lines[0].detail.segments[0].price) for m in anew] == [
        (145_000, "50.00"),
        (186_000, "60.00"),
        (180_000, "60.00"),
    ]


def test_a_volume_below_what_was_billed_becomes_an_overpayment() -> None:
    prices = PriceList([tariff(price="50.00", subscription_minor=1_500)])
    anew = rebill(request(prices), REGISTER, "1", 12_530, 12_530, [FEBRUARY, MARCH])
    assert [line.amount_minor for month in anew for line in month.lines] == [0, 0]
