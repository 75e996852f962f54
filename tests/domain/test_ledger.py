"""Transactions sum to zero and can be undone exactly."""

from __future__ import annotations

from models.domain import ledger
from models.domain.ledger import Posting
from models.domain.problems import Problem

CHARGE = (
    Posting(ledger.receivable(123456, 1), 67_788),
    Posting(ledger.income(1), -60_525),
    Posting(ledger.VAT, -7_263),
)


def test_a_balanced_transaction_raises_no_problem_and_neither_does_its_reversal() -> None:
    assert ledger.check_balanced(CHARGE) is None
    assert ledger.check_balanced(ledger.reversing(CHARGE)) is None
    assert ledger.reversing(ledger.reversing(CHARGE)) == CHARGE


def test_an_unbalanced_transaction_names_the_difference() -> None:
    problem = ledger.check_balanced(CHARGE[:2])
    assert problem == Problem("ledger-unbalanced", "", {"difference_minor": 7_263})


def test_ledger_accounts_are_named_by_what_they_hold() -> None:
    assert [posting.account for posting in CHARGE] == ["receivable:123456:1", "income:1", "vat"]
    assert (ledger.cash("K02"), ledger.bank(7), ledger.clearing("acquirer")) == (
        "cash:K02",
        "bank:7",
        "clearing:acquirer",
    )
