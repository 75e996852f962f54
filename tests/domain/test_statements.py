"""What a cabinet's tables and papers say of an account."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from models.contract.records import Assertion, Entry, Meter, Reading
from models.domain import statements
from models.domain.period import Month
from tests.domain.movements import entry

WATER, DRAINAGE = 1, 2
JANUARY, MARCH = date(2024, 1, 1), date(2024, 3, 31)


@pytest.fixture
def altay() -> list[Entry]:
    """The quarter of «Алтай Сауда»: three acts, two payments, one reversal."""
    february = entry("charge", 1_700_410, "2024-02-29", document="Акт №241")
    return [
        entry("opening", 1_245_000, "2023-12-31"),
        entry("charge", 1_872_055, "2024-01-31", document="Акт №118"),
        entry("payment", -3_117_055, "2024-02-10", document="Оплата №45"),
        february,
        entry("correction", -120_410, "2024-03-11", document="Сторно №12", belongs_to=202402, reversal_of=february.id),
        entry("payment", -1_000_000, "2024-03-15", document="Оплата №77"),
        entry("charge", 1_933_333, "2024-03-31", document="Акт №377"),
    ]


@pytest.fixture
def january() -> list[Entry]:
    """Account 123456 in January 2024; the payment names drainage once the old debts are paid."""
    water = {
        "basis": "meter",
        "volume": "13.45",
        "segments": [{"date_from": "2024-01-01", "price": "50.40", "persons": 3}],
    }
    drainage = {"basis": "meter", "volume": "13.45", "segments": [{"date_from": "2024-01-01", "price": "43.68"}]}
    return [
        entry("opening", 38_325, "2023-12-31", service=WATER),
        entry("opening", 47_165, "2023-12-31", service=DRAINAGE),
        entry("charge", 67_788, "2024-01-31", service=WATER, vat_minor=7_263, detail=water),
        entry("charge", 58_750, "2024-01-31", service=DRAINAGE, vat_minor=6_295, detail=drainage),
        entry("payment", -38_325, "2024-01-31", service=WATER, method="card", transaction_id=900),
        entry("payment", -61_675, "2024-01-31", service=DRAINAGE, method="card", transaction_id=900),
    ]


def test_the_act_of_a_quarter_opens_turns_over_and_closes_as_on_paper(altay: list[Entry]) -> None:
    act = statements.reconciliation(altay, JANUARY, MARCH)
    assert (act.opening, act.debit, act.credit, act.closing) == (1_245_000, 5_385_388, 4_117_055, 2_513_333)
    assert [(row.debit, row.credit) for row in act.rows] == [
        (1_872_055, None),
        (None, 3_117_055),
        (1_700_410, None),
        (-120_410, None),
        (None, 1_000_000),
        (1_933_333, None),
    ]


def test_the_act_after_the_quarter_opens_with_its_closing_balance(altay: list[Entry]) -> None:
    act = statements.reconciliation(altay, date(2024, 4, 1), date(2024, 4, 30))
    assert (act.opening, act.rows, act.closing) == (2_513_333, (), 2_513_333)


def test_a_payment_taken_back_lowers_the_credit_turnover(altay: list[Entry]) -> None:
    paid = altay[-2]
    back = entry("payment_reversal", 1_000_000, "2024-03-20", reversal_of=paid.id, reason="bounced")
    act = statements.reconciliation([*altay, back], JANUARY, MARCH)
    assert (act.debit, act.credit, act.closing) == (5_385_388, 3_117_055, 3_513_333)
    assert act.rows[-2].credit == -1_000_000
    assert act.rows[-2].reason == "bounced"


def test_a_reversed_transfer_stands_on_the_side_of_the_transfer() -> None:
    moved = entry("transfer", -500, "2024-01-10")
    act = statements.reconciliation([moved, entry("transfer", 500, "2024-01-11", reversal_of=moved.id)], JANUARY, MARCH)
    assert [(row.debit, row.credit) for row in act.rows] == [(None, 500), (None, -500)]
    assert act.debit == act.credit == 0


def test_postings_of_one_document_stand_in_one_row(january: list[Entry]) -> None:
    act = statements.reconciliation(january, JANUARY, MARCH)
    assert [row.credit for row in act.rows if row.credit is not None] == [100_000]
    of_water = statements.reconciliation(january, JANUARY, MARCH, WATER)
    assert [row.credit for row in of_water.rows if row.credit is not None] == [38_325]


def test_the_residents_act_has_a_line_a_month_and_the_same_sums(altay: list[Entry]) -> None:
    rows = statements.monthly_reconciliation(altay, JANUARY, MARCH)
    assert [(str(row.month), row.charged, row.paid, row.closing) for row in rows] == [
        ("2024-01", 1_872_055, 0, 3_117_055),
        ("2024-02", 1_700_410, 3_117_055, 1_700_410),
        ("2024-03", 1_812_923, 1_000_000, 2_513_333),
    ]


def test_the_breakdown_of_january_is_the_one_on_the_invoice(january: list[Entry]) -> None:
    month = statements.breakdown(january, Month(2024, 1), [WATER, DRAINAGE])
    water, drainage = month.services
    assert (water.opening, water.charged, water.vat, water.paid, water.closing) == (
        38_325,
        67_788,
        7_263,
        38_325,
        67_788,
    )
    assert (drainage.opening, drainage.charged, drainage.paid, drainage.closing) == (47_165, 58_750, 61_675, 44_240)
    total = month.total
    assert (total.opening, total.charged, total.vat, total.paid, total.closing) == (
        85_490,
        126_538,
        13_558,
        100_000,
        112_028,
    )
    assert [movement.service_id for movement in month.charges] == [WATER, DRAINAGE]
    assert len(month.payments) == 2


def test_an_opening_balance_taken_over_within_a_month_is_no_turnover_of_it() -> None:
    movements = [entry("opening", 500, "2024-01-01"), entry("charge", 100, "2024-01-31")]
    [service] = statements.breakdown(movements, Month(2024, 1), [WATER]).services
    assert (service.opening, service.correction, service.charged, service.closing) == (500, 0, 100, 600)


def test_state_rows_run_newest_first_with_none_for_what_did_not_happen(january: list[Entry]) -> None:
    rows = statements.state_rows([*january, entry("penalty", 261, "2024-02-29")], WATER)
    assert [str(row.month) for row in rows] == ["2024-02", "2024-01", "2023-12"]
    february, first, opening = rows
    assert (february.price, february.charged, february.penalty, february.closing) == (None, 0, 261, 68_049)
    assert (first.price, first.charged, first.paid, first.closing) == ("50.40", 67_788, 38_325, 67_788)
    assert first.penalty is first.correction is first.subscription is None
    assert opening.closing == 38_325


def asserted(period: int, closing: int) -> Assertion:
    return Assertion(
        id=period,
        account_id=1,
        service_id=WATER,
        period=period,
        tariff="13.21",
        charged_minor=4_890,
        penalty_minor=None,
        correction_minor=None,
        subscription_minor=None,
        paid_minor=12_493,
        closing_minor=closing,
        expected_minor=None,
        source="S1",
    )


def test_months_without_movements_show_the_figures_of_their_source() -> None:
    taken_over = entry("opening", 136_652, "2019-04-30")
    charge = entry("charge", 100, "2019-05-31")
    rows = statements.state_rows([taken_over, charge], WATER, [asserted(201903, 126_321), asserted(201904, 136_652)])
    assert [(str(row.month), row.closing) for row in rows] == [
        ("2019-05", 136_752),
        ("2019-04", 136_652),
        ("2019-03", 126_321),
    ]
    assert rows[1].price == "13.21"
    assert rows[1].paid == 12_493
    assert rows[1].penalty is None


def test_movements_speak_louder_than_the_source() -> None:
    [row] = statements.state_rows([entry("charge", 100, "2019-04-30")], WATER, [asserted(201904, 136_652)])
    assert (row.charged, row.closing) == (100, 100)


def test_charged_rows_name_kind_basis_price_and_residents(january: list[Entry]) -> None:
    fee = entry("subscription", 1_500, "2024-02-29", detail={"basis": "fixed", "segments": [{"price": "15.00"}]})
    rows = statements.charged_rows([*january, fee])
    assert [(row.kind, row.basis, row.price, row.residents) for row in rows] == [
        ("subscription", "", "15.00", None),
        ("charge", "meter", "50.40", 3),
        ("charge", "meter", "43.68", None),
    ]


def test_payments_run_newest_first_and_one_taken_back_is_negative() -> None:
    first = entry("payment", -1_321, "2023-03-13", method="card", purpose="water")
    back = entry("payment_reversal", 1_321, "2023-03-14", reversal_of=first.id)
    assert [row.amount for row in statements.payment_rows([first, back])] == [-1_321, 1_321]


def test_the_year_chart_has_twelve_months_and_takes_reversed_consumption_back(january: list[Entry]) -> None:
    water = january[2]
    back = entry("correction", -67_788, "2024-03-31", belongs_to=202401, reversal_of=water.id)
    chart = statements.year_chart([*january, back], 2024, WATER)
    assert len(chart) == 12
    assert (chart[0].charged, chart[0].paid, chart[0].volume) == (67_788, 38_325, "0.00")
    assert (chart[2].charged, chart[2].volume) == (-67_788, "0")
    whole = statements.year_chart(january, 2024)
    assert (whole[0].charged, whole[0].volume) == (126_538, "")


def test_an_overpaid_service_does_not_lower_what_another_has_to_be_paid() -> None:
    movements = [
        entry("charge", 1_000, "2024-01-31", service=WATER),
        entry("payment", -300, "2024-01-31", service=DRAINAGE),
    ]
    assert statements.due_total(movements) == 1_000
    assert statements.balance(movements) == 700
    assert statements.balance(movements, DRAINAGE, date(2024, 1, 30)) == 0


@pytest.mark.parametrize(
    ("sign", "shown"), [("debt_negative", -136_652), ("debt_positive", 136_652), ("two_columns", 136_652)]
)
def test_a_balance_is_shown_with_the_provider_s_sign(sign: str, shown: int) -> None:
    assert statements.display_balance(136_652, sign) == shown


def meter(number: int, **values: object) -> Meter:
    fields: dict[str, object] = {
        "id": number,
        "account_id": 1,
        "service_id": WATER,
        "model": "НІК 2102",
        "number": "032264",
        "integer_digits": 5,
        "fraction_digits": 2,
        "initial": 0,
        "installed_on": None,
        "removed_on": None,
        "seal": "",
        "verified_until": None,
        "status": "working",
    }
    return Meter(**(fields | values))  # type: ignore[arg-type]


def reading(number: int, value: int, day: str, *, meter_id: int = 1, state: str = "accepted") -> Reading:
    return Reading(
        number, 1, meter_id, value, date.fromisoformat(day), 0, "consumer", state, datetime(2024, 1, 25, tzinfo=UTC), ""
    )


def test_consumption_is_the_difference_to_the_reading_before() -> None:
    rows = statements.consumption_rows(
        [meter(1)],
        [
            reading(1, 12_530, "2023-12-25"),
            reading(3, 13_875, "2024-01-25"),
            reading(2, 99_999, "2024-01-20", state="replaced"),
        ],
    )
    assert [(row.value, row.consumed) for row in rows] == [(13_875, 1_345), (12_530, None)]
    assert rows[0].register.format(rows[0].value) == "00138,75"


def test_consumption_over_the_highest_value_is_counted_on() -> None:
    rows = statements.consumption_rows(
        [meter(1, initial=9_999_025, installed_on=date(2024, 1, 1))], [reading(1, 1_240, "2024-02-20")]
    )
    assert [row.consumed for row in rows] == [2_215]
