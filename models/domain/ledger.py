"""Double entry: postings that sum to zero, their names, and the exact opposite of what was posted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from models.domain.problems import Problem

VAT = "vat"
PENALTY_INCOME = "penalty-income"
SUSPENSE = "suspense:unidentified"
ROUNDING = "rounding"
OPENING = "opening"


@dataclass(frozen=True, slots=True)
class Posting:
    """A line of a transaction: ``amount`` minor units debit (positive) or credit (negative) an account."""

    account: str
    amount: int


def receivable(account_id: int, service_id: int) -> str:
    """Return the account of what a consumer owes for a service."""
    return f"receivable:{account_id}:{service_id}"


def income(service_id: int) -> str:
    """Return the account of what a service earned, without VAT."""
    return f"income:{service_id}"


def cash(desk: str) -> str:
    """Return the account of the money in a desk."""
    return f"cash:{desk}"


def bank(provider_id: int) -> str:
    """Return the account of the money in a provider's bank."""
    return f"bank:{provider_id}"


def clearing(acquirer: str) -> str:
    """Return the account of card money that the acquirer has not paid out yet."""
    return f"clearing:{acquirer}"


def check_balanced(postings: Iterable[Posting]) -> Problem | None:
    """Return a problem when postings do not sum to zero, with the difference; ``None`` when they do.

    Source: R-LEDGER-1 in docs/rules.md.
    """
    difference = sum(posting.amount for posting in postings)
    return Problem("ledger-unbalanced", "", {"difference_minor": difference}) if difference else None


def reversing(postings: Iterable[Posting]) -> tuple[Posting, ...]:
    """Return the exact opposite of ``postings``, account by account. Source: R-LEDGER-3."""
    return tuple(Posting(posting.account, -posting.amount) for posting in postings)
