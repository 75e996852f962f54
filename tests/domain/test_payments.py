"""Which debts a payment pays."""

from __future__ import annotations

import pytest

from models.domain.payments import LARGEST_PAYMENT, Allocation, Due, Strategy, allocate, check_payment

WATER, DRAINAGE = 1, 2
DUES = [
    Due(WATER, 202401, 67_788, 1),
    Due(DRAINAGE, 202401, 58_750, 2),
    Due(WATER, 202312, 38_325, 1),
    Due(DRAINAGE, 202312, 47_165, 2),
]


def as_pairs(parts: list[Allocation]) -> list[tuple[int, int]]:
    return [(part.service_id, part.amount_minor) for part in parts]


def test_old_debts_come_first_and_the_rest_goes_to_the_service_the_payer_named() -> None:
    parts = allocate(100_000, DUES, strategy=Strategy.OLDEST, named_service=DRAINAGE)
    assert dict(as_pairs(parts)) == {WATER: 38_325, DRAINAGE: 61_675}


def test_without_a_name_water_comes_before_drainage() -> None:
    assert as_pairs(allocate(100_000, DUES, strategy="oldest")) == [(WATER, 52_835), (DRAINAGE, 47_165)]


def test_what_the_payer_named_is_paid_first() -> None:
    assert as_pairs(allocate(100_000, DUES, named_service=DRAINAGE)) == [(DRAINAGE, 100_000)]
    assert as_pairs(allocate(110_000, DUES, named_service=DRAINAGE)) == [(DRAINAGE, 105_915), (WATER, 4_085)]


def test_a_share_in_proportion_is_exact_within_the_oldest_period() -> None:
    assert as_pairs(allocate(10_001, DUES, strategy="pro_rata")) == [(WATER, 4_483), (DRAINAGE, 5_518)]
    whole = allocate(85_490 + 1, DUES, strategy="pro_rata")
    assert as_pairs(whole) == [(WATER, 38_326), (DRAINAGE, 47_165)]


def test_penalty_comes_last_in_its_period_or_first_of_all() -> None:
    dues = [Due(WATER, 202312, 100, 1, penalty=True), Due(DRAINAGE, 202312, 200, 2), Due(WATER, 202311, 300, 1)]
    assert as_pairs(allocate(550, dues, strategy="oldest")) == [(WATER, 350), (DRAINAGE, 200)]
    assert as_pairs(allocate(150, dues, strategy="penalty_first")) == [(WATER, 150)]
    assert as_pairs(allocate(450, dues, strategy="penalty_first")) == [(WATER, 400), (DRAINAGE, 50)]


def test_an_overpayment_waits_at_the_named_or_the_first_service() -> None:
    assert dict(as_pairs(allocate(300_000, DUES, named_service=DRAINAGE))) == {
        WATER: 106_113,
        DRAINAGE: 105_915 + 87_972,
    }
    assert dict(as_pairs(allocate(300_000, DUES)))[WATER] == 106_113 + 87_972
    assert as_pairs(allocate(500, [], priorities={DRAINAGE: 2, WATER: 1})) == [(WATER, 500)]
    assert as_pairs(allocate(500, [], named_service=DRAINAGE)) == [(DRAINAGE, 500)]


def test_overpaid_services_take_nothing() -> None:
    dues = [Due(WATER, 202312, -700, 1), Due(DRAINAGE, 202312, 200, 2)]
    assert as_pairs(allocate(200, dues)) == [(DRAINAGE, 200)]


def test_a_payment_of_nothing_is_refused() -> None:
    assert check_payment(1) is None
    assert [getattr(check_payment(amount), "code", None) for amount in (0, -1, LARGEST_PAYMENT + 1)] == [
        "amount-not-positive",
        "amount-not-positive",
        "amount-too-large",
    ]
    with pytest.raises(ValueError, match="above zero"):
        allocate(0, DUES)
    with pytest.raises(ValueError, match="no service"):
        allocate(1, [])
