"""What a service costs in a month."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.domain.billing import (
    CannotCharge,
    ChargeLine,
    ChargeRequest,
    Part,
    PriceList,
    ResidentsSince,
    charge,
    drained,
    estimate,
    metered,
    one_off,
    share_house_difference,
)
from models.domain.meters import Register
from models.domain.money import Rounding
from models.domain.period import Month
from tests.domain.tariffs import DRAINAGE, HOUSING, WATER, tariff

JANUARY = Month(2024, 1)
REGISTER = Register(5, 2)
OSKEMEN = PriceList([tariff(WATER, "50.40", norm="7.6042"), tariff(DRAINAGE, "43.68", norm="10.7979")])


def read(previous: int, current: int, month: Month = JANUARY, number: str = "04518237") -> Part:
    return metered(REGISTER, number, previous, current, month.first, month.last)


def request(**values: Any) -> ChargeRequest:
    assumed: dict[str, Any] = {
        "service_id": WATER,
        "period": JANUARY,
        "prices": OSKEMEN,
        "group": "population",
        "basis": "meter",
        "residents": 3,
    }
    return ChargeRequest(**(assumed | values))


def amounts(lines: tuple[ChargeLine, ...]) -> list[int]:
    return [line.amount_minor for line in lines]


def test_the_worked_example_of_january_comes_out() -> None:
    parts = (read(12_530, 13_875),)
    [water] = charge(request(parts=parts))
    [drainage] = charge(request(service_id=DRAINAGE, parts=drained(parts)))
    assert (water.amount_minor, water.vat_minor) == (67_788, 7_263)
    assert (drainage.amount_minor, drainage.vat_minor) == (58_750, 6_295)
    assert water.detail.plain() == {
        "basis": "meter",
        "unit_digits": 2,
        "volume": "13.45",
        "segments": [
            {
                "date_from": "2024-01-01",
                "date_to": "2024-01-31",
                "basis": "meter",
                "meter_number": "04518237",
                "previous": 12_530,
                "current": 13_875,
                "volume": "13.45",
                "price": "50.40",
                "tier": None,
                "persons": 3,
                "norm": None,
                "days": 31,
                "month_days": 31,
                "amount_minor": 67_788,
            }
        ],
        "vat_rate": "12",
        "rule": "R-BILL-1",
    }


@pytest.mark.parametrize(("rounding", "minor"), [(Rounding.HALF_UP, 2_503), (Rounding.HALF_EVEN, 2_502)])
def test_a_line_is_rounded_once_halves_up(rounding: Rounding, minor: int) -> None:
    prices = PriceList([tariff(price="10.01")])
    assert amounts(charge(request(prices=prices, parts=(read(0, 250),), rounding=rounding))) == [minor]


def test_no_meter_reading_can_give_the_sum_printed_in_the_seed() -> None:
    prices = PriceList([tariff(price="30.40", vat_rate="0")])
    three = Register(5, 3)
    found = set()
    for register, values in ((REGISTER, range(600, 700)), (three, range(6_000, 7_000))):
        for value in values:
            part = metered(register, "", 0, value, JANUARY.first, JANUARY.last)
            found.update(amounts(charge(request(prices=prices, parts=(part,)))))
    assert 20_020 not in found
    assert {20_003, 20_034, 20_018, 20_021} <= found


@pytest.mark.parametrize(
    ("volume", "amount"), [(0, 0), (10, 2_000), (25, 8_500), (30, 12_500), (31, 13_700), (20, 4_500), (100, 96_500)]
)
def test_tiers_are_limits_of_the_period_and_a_limit_belongs_to_the_tier_below(volume: int, amount: int) -> None:
    prices = PriceList([tariff(price="2", tiers=[("10", "2"), ("20", "2.5"), ("30", "8"), ("", "12")])])
    [line] = charge(request(prices=prices, parts=(read(0, volume * 100),)))
    assert line.amount_minor == amount
    assert line.detail.rule == "R-BILL-2"
    assert sum(segment.amount_minor for segment in line.detail.segments) == amount


def test_tiers_fill_up_over_all_meters_of_the_service() -> None:
    prices = PriceList([tariff(tiers=[("10", "2"), ("", "12")])])
    [line] = charge(request(prices=prices, parts=(read(0, 600, number="1"), read(0, 600, number="2"))))
    assert [(segment.meter_number, segment.tier, segment.volume) for segment in line.detail.segments] == [
        ("1", 1, "6.00"),
        ("2", 1, "4.00"),
        ("2", 2, "2.00"),
    ]
    assert line.detail.volume == "12.00"


def test_tiers_may_be_set_a_person_and_day() -> None:
    # 140 litres a person and day at the base price, the excess at 1.3 of it; three people, 31 days: 13,02 m³.
    prices = PriceList([tariff(tiers=[("0.14", "100"), ("", "130")])])
    [line] = charge(request(prices=prices, parts=(read(0, 1_402),), tier_scale=3 * 31))
    assert [(segment.tier, segment.volume) for segment in line.detail.segments] == [(1, "13.02"), (2, "1.00")]
    assert line.amount_minor == 130_200 + 13_000


def test_the_norms_of_oskemen_give_its_published_sums() -> None:
    [water] = charge(request(basis="norm", residents=1))
    [drainage] = charge(request(service_id=DRAINAGE, basis="norm", residents=1))
    assert (water.amount_minor, drainage.amount_minor) == (38_325, 47_165)
    assert water.detail.volume == "7.6042"
    assert water.detail.rule == "R-BILL-3"


def test_a_norm_counts_people_by_days() -> None:
    [line] = charge(request(basis="norm", residents=2, changes=(ResidentsSince(date(2024, 1, 11), 3),)))
    assert [
        (segment.persons, segment.days, segment.month_days, segment.volume) for segment in line.detail.segments
    ] == [(2, 10, 31, "4.9059"), (3, 21, 31, "15.4537")]
    assert line.detail.volume == "20.3596"
    assert line.amount_minor == 24_726 + 77_887


def test_a_change_on_the_first_day_leaves_the_month_whole() -> None:
    changes = (ResidentsSince(date(2023, 6, 1), 2), ResidentsSince(date(2024, 1, 1), 1))
    assert amounts(charge(request(basis="norm", residents=9, changes=changes))) == [38_325]


def test_a_norm_that_is_missing_is_said() -> None:
    with pytest.raises(CannotCharge) as refused:
        charge(request(prices=PriceList([tariff()]), basis="norm"))
    assert refused.value.problem.code == "norm-missing"


def test_a_month_in_which_the_price_changes_is_split_by_days() -> None:
    prices = PriceList(
        [tariff(price="50.40", valid_to=date(2024, 1, 11)), tariff(price="55.00", valid_from=date(2024, 1, 11))]
    )
    [line] = charge(request(prices=prices, parts=(read(0, 1_000),)))
    assert [(segment.volume, segment.price, segment.days) for segment in line.detail.segments] == [
        ("3.2258", "50.40", 10),
        ("6.7742", "55.00", 21),
    ]
    assert line.amount_minor == 16_258 + 37_258
    assert line.detail.volume == "10.00"


def test_a_month_in_which_vat_changes_gives_a_line_for_each_rate_or_one_for_the_last_day() -> None:
    prices = PriceList(
        [
            tariff(price="112.00", valid_to=date(2026, 1, 11)),
            tariff(price="116.00", vat_rate="16", valid_from=date(2026, 1, 11)),
        ]
    )
    month = Month(2026, 1)
    asked = {"prices": prices, "period": month, "parts": (read(0, 3_100, month),)}
    by_days = charge(request(**asked))
    assert [(line.detail.vat_rate, line.amount_minor, line.vat_minor) for line in by_days] == [
        ("12", 112_000, 12_000),
        ("16", 243_600, 33_600),
    ]
    [whole] = charge(request(**asked, vat_on_last_day=True))
    assert (whole.detail.vat_rate, whole.amount_minor) == ("16", 355_600)


def test_a_replaced_meter_and_its_successor_each_give_a_segment() -> None:
    old = metered(REGISTER, "1111", 12_530, 13_000, date(2024, 1, 1), date(2024, 1, 14))
    new = metered(REGISTER, "2222", 5, 880, date(2024, 1, 15), date(2024, 1, 31))
    [line] = charge(request(parts=(old, new)))
    assert [(segment.meter_number, segment.volume) for segment in line.detail.segments] == [
        ("1111", "4.70"),
        ("2222", "8.75"),
    ]
    assert line.detail.volume == "13.45"


def test_readings_of_days_outside_the_month_are_charged_at_the_price_it_began_with() -> None:
    prices = PriceList([tariff(valid_to=date(2024, 1, 11)), tariff(price="55.00", valid_from=date(2024, 1, 11))])
    part = metered(REGISTER, "1", 0, 100, date(2023, 12, 1), date(2023, 12, 31))
    assert amounts(charge(request(prices=prices, parts=(part,)))) == [5_040]


def test_the_subscription_fee_is_a_line_of_its_own() -> None:
    prices = PriceList([tariff(price="30.40", vat_rate="0", subscription_minor=1_500)])
    lines = charge(request(prices=prices, parts=(read(0, 658),)))
    assert [(line.kind, line.amount_minor, line.vat_minor) for line in lines] == [
        ("charge", 20_003, 0),
        ("subscription", 1_500, 0),
    ]
    assert lines[1].detail.segments[0].price == "15.00"


def test_the_fee_counts_the_days_the_account_was_open() -> None:
    prices = PriceList([tariff(subscription_minor=1_500)])
    lines = charge(request(prices=prices, date_from=date(2024, 1, 22)))
    assert [(line.kind, line.amount_minor) for line in lines] == [("subscription", 484)]


def test_a_fee_that_did_not_change_with_the_price_stays_whole() -> None:
    rows = [
        tariff(subscription_minor=1_500, valid_to=date(2024, 1, 11)),
        tariff(price="55.00", subscription_minor=1_500, valid_from=date(2024, 1, 11), valid_to=date(2024, 1, 21)),
        tariff(price="60.00", subscription_minor=0, valid_from=date(2024, 1, 21)),
    ]
    lines = charge(request(prices=PriceList(rows)))
    assert amounts(lines) == [968]


def test_a_fixed_charge_is_a_price_a_month_times_a_quantity() -> None:
    prices = PriceList([tariff(HOUSING, "6.35", vat_rate="0")])
    [flat] = charge(request(service_id=HOUSING, prices=prices, basis="fixed", quantity="54.30"))
    assert flat.amount_minor == 34_481
    assert flat.detail.rule == "R-BILL-10"
    [half] = charge(request(service_id=HOUSING, prices=prices, basis="fixed", date_to=date(2024, 1, 15)))
    assert half.amount_minor == 307


def test_drainage_takes_metered_water_but_no_norm() -> None:
    by_norm = Part("norm", 76_042, JANUARY.first, JANUARY.last)
    assert drained([by_norm]) == ()
    [half] = drained([read(0, 1_345)], "0.5")
    assert half.volume == 67_250


def test_the_difference_of_a_house_is_shared_exactly() -> None:
    shares = share_house_difference(100_000, [134_500, 228_126, 50_000])
    assert sum(shares) == 100_000
    assert shares == [32_596, 55_286, 12_118]


def test_a_paid_service_outside_the_tariff_is_quantity_times_price() -> None:
    line = one_off(HOUSING, "2", "1250.50", "12", date(2024, 1, 9))
    assert (line.amount_minor, line.vat_minor, line.detail.rule) == (250_100, 26_796, "R-BILL-9")


def test_only_a_correction_may_be_negative() -> None:
    with pytest.raises(ValueError, match="only a correction"):
        charge(request(parts=(Part("meter", -1, JANUARY.first, JANUARY.last),)))


def test_a_register_finer_than_volumes_is_refused() -> None:
    with pytest.raises(ValueError, match="decimals"):
        metered(Register(3, 5), "", 0, 1, JANUARY.first, JANUARY.last)


def test_a_preview_gives_the_cost_of_a_volume_or_nothing_when_there_is_no_price() -> None:
    water, legal = tariff(subscription_minor=1_500), tariff(consumer_group="legal", price="128.23")
    assert estimate(1_345, REGISTER, [water, legal], "population", JANUARY) == 67_788
    assert estimate(1_345, REGISTER, [water], "legal", JANUARY) is None
    assert estimate(1_345, REGISTER, [water, tariff(DRAINAGE, "43.68")], "population", JANUARY) == 67_788 + 58_750
    assert estimate(10**9, REGISTER, [water], "population", JANUARY) is None
