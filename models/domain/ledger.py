"""Double entry: postings that sum to zero, their names, and the exact opposite of what was posted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from models.domain.charges import ChargeLine
from models.domain.payments import Allocation
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


def charge_postings(account_id: int, lines: Iterable[ChargeLine]) -> tuple[Posting, ...]:
    """Return the postings of charged lines: what is owed against income and VAT."""
    postings = []
    for line in lines:
        postings.append(Posting(receivable(account_id, line.service_id), line.amount_minor))
        postings.append(Posting(income(line.service_id), line.vat_minor - line.amount_minor))
        if line.vat_minor:
            postings.append(Posting(VAT, -line.vat_minor))
    return tuple(postings)


def penalty_postings(account_id: int, service_id: int, amount_minor: int) -> tuple[Posting, ...]:
    """Return the postings of an accrued penalty: owed for the service it was late for."""
    return (Posting(receivable(account_id, service_id), amount_minor), Posting(PENALTY_INCOME, -amount_minor))


def payment_postings(
    account_id: int, allocations: Iterable[Allocation], money: str, rounded_minor: int = 0
) -> tuple[Posting, ...]:
    """Return the postings of a payment into the account ``money``.

    ``rounded_minor`` is how much more than the allocations was handed over because of coins (less when negative); it is
    a line of its own, so that the consumer is credited exactly. Source: R-PAY-6.
    """
    credits = [Posting(receivable(account_id, part.service_id), -part.amount_minor) for part in allocations]
    paid = -sum(posting.amount for posting in credits)
    rounding = [Posting(ROUNDING, -rounded_minor)] if rounded_minor else []
    return (Posting(money, paid + rounded_minor), *credits, *rounding)


def opening_postings(account_id: int, service_id: int, amount_minor: int) -> tuple[Posting, ...]:
    """Return the postings of a balance taken over from the program before."""
    return (Posting(receivable(account_id, service_id), amount_minor), Posting(OPENING, -amount_minor))
