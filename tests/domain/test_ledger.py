"""Transactions sum to zero and can be undone exactly."""

from __future__ import annotations

from models.domain import ledger
from models.domain.billing import ChargeRequest, PriceList, charge, metered
from models.domain.ledger import Posting
from models.domain.meters import Register
from models.domain.payments import Allocation
from models.domain.period import Month
from models.domain.problems import Problem
from tests.domain.tariffs import WATER, tariff

JANUARY = Month(2024, 1)


def test_a_charge_is_owed_against_income_and_vat() -> None:
    part = metered(Register(5, 2), "", 12_530, 13_875, JANUARY.first, JANUARY.last)
    lines = charge(
        ChargeRequest(
            service_id=WATER,
            period=JANUARY,
            prices=PriceList([tariff()]),
            group="population",
            basis="meter",
            parts=(part,),
        )
    )
    postings = ledger.charge_postings(123456, lines)
    assert postings == (
        Posting("receivable:123456:1", 67_788),
        Posting("income:1", -60_525),
        Posting("vat", -7_263),
    )
    assert ledger.check_balanced(postings) is None
    undone = ledger.reversing(postings)
    assert ledger.check_balanced(undone) is None
    assert ledger.reversing(undone) == postings


def test_a_payment_in_coins_credits_the_exact_debt_and_books_the_difference() -> None:
    postings = ledger.payment_postings(101, [Allocation(1, 126_474)], ledger.cash("K02"), -24)
    assert postings == (
        Posting("cash:K02", 126_450),
        Posting("receivable:101:1", -126_474),
        Posting("rounding", 24),
    )
    assert ledger.check_balanced(postings) is None


def test_penalties_and_taken_over_balances_balance() -> None:
    assert ledger.check_balanced(ledger.penalty_postings(101, 1, 261)) is None
    assert ledger.check_balanced(ledger.opening_postings(101, 1, -500)) is None
    assert ledger.bank(7) == "bank:7"
    assert ledger.clearing("acquirer") == "clearing:acquirer"


def test_an_unbalanced_transaction_names_the_difference() -> None:
    postings = [Posting("receivable:101:1", 100), Posting("income:1", -99)]
    assert ledger.check_balanced(postings) == Problem("ledger-unbalanced", "", {"difference_minor": 1})
