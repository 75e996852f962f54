"""How a payment is divided among what is owed. Dividing never changes what the account owes in all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from models.domain.money import split_by_weight
from models.domain.problems import Problem

LARGEST_PAYMENT = 99_999_999_900
"""Minor units: 999 999 999 units, the most that a payment code can carry."""


class Strategy(StrEnum):
    """In which order debts are paid off; the provider chooses."""

    NAMED = "named"
    """What the payer named, then as OLDEST."""
    OLDEST = "oldest"
    """Oldest period first; inside it the named service, then by priority; penalty last."""
    PRO_RATA = "pro_rata"
    """Oldest period first; inside it in proportion to the debts."""
    PENALTY_FIRST = "penalty_first"
    """All penalties, then as OLDEST."""


@dataclass(frozen=True, slots=True)
class Due:
    """What is owed for a service and a period (``yyyymm``); a lower ``priority`` is paid first."""

    service_id: int
    period: int
    amount_minor: int
    priority: int
    penalty: bool = False


@dataclass(frozen=True, slots=True)
class Allocation:
    """The part of a payment that a service gets."""

    service_id: int
    amount_minor: int


def check_payment(amount_minor: int) -> Problem | None:
    """Return why an amount cannot be paid; ``None`` if it can. Source: R-PAY-1 in docs/rules.md."""
    if amount_minor <= 0:
        return Problem("amount-not-positive", "amount")
    if amount_minor > LARGEST_PAYMENT:
        return Problem("amount-too-large", "amount", {"limit_minor": LARGEST_PAYMENT})
    return None


def allocate(
    amount: int,
    dues: Iterable[Due],
    *,
    strategy: Strategy | str = Strategy.NAMED,
    named_service: int | None = None,
    priorities: Mapping[int, int] | None = None,
) -> list[Allocation]:
    """Return the part of each service, in the order they are paid off; the parts sum to ``amount`` exactly.

    What is left when all is paid goes to the named service, or else to the first by priority, and waits there for its
    next charge. ``priorities`` (service → priority) overrides the dues' own and names services that owe nothing.

    Raises ValueError for an amount that is not positive, or when there is no service at all. Source: R-PAY-2, R-PAY-3.
    """
    if amount <= 0:
        raise ValueError("a payment is above zero")
    order = dict(priorities or {})
    owed = [due for due in dues if due.amount_minor > 0]
    for due in owed:
        order.setdefault(due.service_id, due.priority)
    parts: dict[int, int] = {}
    left = amount
    for due, share in _shares(owed, Strategy(strategy), named_service, order, amount):
        part = min(share, left)
        if part:
            parts[due.service_id] = parts.get(due.service_id, 0) + part
            left -= part
    if left:
        first = (
            named_service if named_service is not None else min(order, key=lambda one: (order[one], one), default=None)
        )
        if first is None:
            raise ValueError("there is no service to credit")
        parts[first] = parts.get(first, 0) + left
    return [Allocation(service_id, part) for service_id, part in parts.items()]


def _shares(
    owed: list[Due], strategy: Strategy, named: int | None, order: Mapping[int, int], amount: int
) -> list[tuple[Due, int]]:
    """Return what each due may take, in the order of paying off."""

    def rank(due: Due) -> tuple[bool, bool, int, bool, bool, int, int]:
        is_named = due.service_id == named
        return (
            not (strategy is Strategy.NAMED and is_named),
            not (strategy is Strategy.PENALTY_FIRST and due.penalty),
            due.period,
            due.penalty,
            not is_named,
            order[due.service_id],
            due.service_id,
        )

    ranked = sorted(owed, key=rank)
    if strategy is not Strategy.PRO_RATA:
        return [(due, due.amount_minor) for due in ranked]
    shares: list[tuple[Due, int]] = []
    left = amount
    for _, group in groupby(ranked, key=lambda due: due.period):
        same = list(group)
        debts = [due.amount_minor for due in same]
        # The largest remainder never gives a debt more than itself, because less than all of them is divided.
        divided = debts if left >= sum(debts) else split_by_weight(left, debts)
        shares.extend(zip(same, divided, strict=True))
        left -= sum(divided)
    return shares
