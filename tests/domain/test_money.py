"""Rounding, splitting, VAT and coins."""

from __future__ import annotations

from decimal import Decimal

import pytest

from models.domain.money import (
    Money,
    Rounding,
    round_cash,
    round_minor,
    round_ratio,
    scaled,
    split_by_weight,
    to_units,
    vat_included,
)


@pytest.mark.parametrize(
    ("units", "mode", "minor"),
    [
        ("25.025", Rounding.HALF_UP, 2503),
        ("25.025", Rounding.HALF_EVEN, 2502),
        ("-25.025", Rounding.HALF_UP, -2503),
        ("827.736", Rounding.HALF_UP, 82774),
    ],
)
def test_a_half_goes_away_from_zero_unless_configured_otherwise(units: str, mode: Rounding, minor: int) -> None:
    assert round_minor(Decimal(units), mode) == minor
    assert round_ratio(int(Decimal(units) * 1000), 10, mode) == minor


@pytest.mark.parametrize(
    ("net", "gross"),
    [("38.85", 4351), ("44.37", 4969), ("63.43", 7104), ("128.23", 14362)],
)
def test_published_prices_of_kyzylorda_follow_from_their_net_prices(net: str, gross: int) -> None:
    number, places = scaled(net)
    assert round_ratio(number * 112, 10**places) == gross


@pytest.mark.parametrize(
    ("gross", "rate", "vat"),
    [(67_788, "12", 7_263), (58_750, "12", 6_295), (11_600, "16", 1_600), (126_470, "0", 0), (-67_788, "12", -7_263)],
)
def test_vat_is_taken_out_of_the_gross_amount(gross: int, rate: str, vat: int) -> None:
    assert vat_included(gross, rate) == vat


@pytest.mark.parametrize(
    ("due", "step", "handed"),
    [
        (126_424, 50, 126_400),
        (126_425, 50, 126_450),
        (126_474, 50, 126_450),
        (126_475, 50, 126_500),
        (126_474, 10, 126_470),
        (126_475, 10, 126_480),
        (112_028, 100, 112_000),
        (126_470, 1, 126_470),
    ],
)
def test_cash_is_rounded_to_the_coins_there_are(due: int, step: int, handed: int) -> None:
    assert round_cash(due, step) == (handed, handed - due)


def test_currencies_do_not_mix() -> None:
    assert Money(126_470, "UAH") - Money(100, "UAH") == Money(126_370, "UAH")
    assert -Money(1, "UAH") + Money(1, "UAH") == Money(0, "UAH")
    with pytest.raises(ValueError, match="cannot combine"):
        Money(1, "UAH") + Money(1, "KZT")


@pytest.mark.parametrize("text", ["", "-", ".", "1.", ".5", "1,5", "1e3", "٣", "1.2.3", "--1", " 1"])
def test_what_is_no_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a decimal number"):
        scaled(text)


def test_a_split_is_exact_and_gives_ties_to_the_first() -> None:
    assert split_by_weight(100, [1, 1, 1]) == [34, 33, 33]
    assert split_by_weight(-100, [1, 1, 1]) == [-34, -33, -33]
    assert to_units(126_470) == Decimal("1264.70")
    with pytest.raises(ValueError, match="weights"):
        split_by_weight(1, [0, 0])
