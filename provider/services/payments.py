"""Payments: booked as the payer named them, never refused; what belongs to nobody waits in suspense for a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, text, update

from models.domain.ledger import SUSPENSE, bank, cash, clearing
from models.domain.payments import Allocation, Due, allocate
from models.domain.period import Month
from models.domain.problems import Problem
from provider.services import ledger
from provider.services.catalogue import Catalogue
from provider.services.ledger import EntryLine, LedgerError, NewTransaction
from provider.services.periods import posting_day
from provider.store.database import Unit
from provider.store.tables_utility import account, entry, suspense, transaction

_MONEY_KINDS: Final = frozenset({"charge", "subscription", "penalty", "correction", "opening"})


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that was received.

    ``lines`` are (service id or ``None``, amount): a named service gets its amount, the rest is divided by the
    provider's rule. ``account_id`` is ``None`` when nobody knows whose it is; ``suspense_reason`` sends it to suspense
    for a reason that the caller knows (no scope for that account). ``key`` names the payment in the tenant, so that it
    is booked once. ``day`` is when it was received, in the provider's zone.
    """

    account_id: int | None
    lines: tuple[tuple[int | None, int], ...]
    method: str  # cash | card | bank | online
    day: date
    key: str | None = None
    currency: str = ""
    account_number: str = ""
    desk: str = ""
    document: str = ""
    payer: str = ""
    purpose: str = ""
    author: str = ""
    device_id: int | None = None
    command_id: str = ""
    suspense_reason: str = ""

    @property
    def amount_minor(self) -> int:
        """The whole sum."""
        return sum(amount for _, amount in self.lines)


@dataclass(frozen=True, slots=True)
class Booked:
    """Where a payment went: to services of an account, or to suspense with the reason in ``problem``."""

    transaction_id: int
    allocations: tuple[Allocation, ...]
    problem: Problem | None = None

    @property
    def in_suspense(self) -> bool:
        """Whether a person must decide where it belongs."""
        return self.problem is not None


def money_account(payment: Payment, tenant: int) -> str:
    """Return the ledger account that the money came into."""
    if payment.method == "cash":
        return cash(payment.desk or "main")
    if payment.method == "card" and payment.desk:
        return clearing(payment.desk)
    if payment.method in ("card", "online"):
        return clearing("online")
    return bank(tenant)


def book_payment(unit: Unit, catalogue: Catalogue, payment: Payment) -> Booked:
    """Book one payment and return where it went. It is never refused: at worst it waits in suspense.

    Raises ValueError for a sum that is not positive and IntegrityError for a key that was booked before.
    """
    return book_payments(unit, catalogue, [payment])[0]


def book_payments(unit: Unit, catalogue: Catalogue, payments: Sequence[Payment]) -> list[Booked]:
    """Book payments in the order given, each on top of those before it, in a few statements."""
    connection = unit.connection
    tenant = catalogue.tenant
    ids = {one.account_id for one in payments if one.account_id is not None}
    states = _states(connection, tenant, ids)
    services = _services(connection, ids)
    dues = open_dues(connection, ids, catalogue)
    priorities = {one.id: one.priority for one in catalogue.services}
    days: dict[date, date] = {}
    news: list[NewTransaction] = []
    results: list[tuple[tuple[Allocation, ...], Problem | None]] = []
    for payment in payments:
        if payment.amount_minor <= 0 or any(amount < 0 for _, amount in payment.lines):
            raise ValueError("a payment is above zero")
        if payment.day not in days:
            days[payment.day] = posting_day(connection, tenant, payment.day)
        posted_on = days[payment.day]
        problem = _suspense_reason(catalogue, payment, states, services)
        parts: tuple[Allocation, ...] = ()
        entries: tuple[EntryLine, ...] = ()
        others: list[tuple[str, int]] = [(money_account(payment, tenant), payment.amount_minor)]
        if problem is None:
            account_id = payment.account_id or 0
            own = {one: priorities[one] for one in services[account_id] if one in priorities}
            # a service that the account does not have is no reason to keep money from it: the rule decides instead
            lines = [(service if service in own else None, amount) for service, amount in payment.lines]
            parts = divide(lines, dues.setdefault(account_id, []), own, catalogue.rules.allocation)
            dues[account_id] = _after(dues[account_id], parts)
            entries = tuple(
                EntryLine(
                    account_id,
                    part.service_id,
                    "payment",
                    -part.amount_minor,
                    method=payment.method,
                    purpose=payment.purpose,
                )
                for part in parts
            )
        else:
            others.append((SUSPENSE, -payment.amount_minor))
        results.append((parts, problem))
        news.append(
            NewTransaction(
                kind="payment",
                currency=catalogue.provider.currency,
                business_date=posted_on,
                period=Month.of(posted_on).number,
                belongs_to=Month.of(payment.day).number,
                entries=entries,
                others=tuple(others),
                key=payment.key,
                document=payment.document,
                author=payment.author,
                device_id=payment.device_id,
                command_id=payment.command_id,
            )
        )
    numbers = ledger.post_many(unit, tenant, news)
    waiting = [
        {
            "tenant_id": tenant,
            "transaction_id": number,
            "account_number": payment.account_number,
            "payer": payment.payer,
            "purpose": payment.purpose,
            "amount_minor": payment.amount_minor,
            "reason": problem.code,
            "received_on": payment.day,
        }
        for number, payment, (_, problem) in zip(numbers, payments, results, strict=True)
        if problem is not None
    ]
    if waiting:
        connection.execute(insert(suspense), waiting)
    return [Booked(number, parts, problem) for number, (parts, problem) in zip(numbers, results, strict=True)]


def divide(
    lines: Iterable[tuple[int | None, int]], dues: Sequence[Due], priorities: dict[int, int], strategy: str
) -> tuple[Allocation, ...]:
    """Return what each service of an account gets: a named line goes where it was named, the rest by the rule."""
    parts: dict[int, int] = {}
    rest = 0
    for service_id, amount in lines:
        if service_id is not None and amount:
            parts[service_id] = parts.get(service_id, 0) + amount
        else:
            rest += amount
    if rest:
        left = _after(dues, tuple(Allocation(service, amount) for service, amount in parts.items()))
        for part in allocate(rest, left, strategy=strategy, priorities=priorities):
            parts[part.service_id] = parts.get(part.service_id, 0) + part.amount_minor
    return tuple(Allocation(service, amount) for service, amount in parts.items())


def _after(dues: Sequence[Due], parts: Sequence[Allocation]) -> list[Due]:
    """Return what is still owed after allocations, oldest periods of each service paid off first."""
    left = {part.service_id: part.amount_minor for part in parts}
    remaining = []
    for due in sorted(dues, key=lambda one: one.period):
        taken = min(left.get(due.service_id, 0), due.amount_minor)
        if taken:
            left[due.service_id] -= taken
        if due.amount_minor > taken:
            remaining.append(Due(due.service_id, due.period, due.amount_minor - taken, due.priority, due.penalty))
    return remaining


def _suspense_reason(
    catalogue: Catalogue, payment: Payment, states: dict[int, str], services: dict[int, list[int]]
) -> Problem | None:
    if payment.suspense_reason:
        return Problem(payment.suspense_reason)
    if payment.currency and payment.currency != catalogue.provider.currency:
        return Problem("amount-currency", "currency")
    state = states.get(payment.account_id or 0)
    if state is None:
        return Problem("unknown-account", "account_id")
    if state != "open":
        return Problem("account-closed", "account_id")
    if not services.get(payment.account_id or 0):
        return Problem("account-without-services", "account_id")
    return None


def _states(connection: Connection, tenant: int, ids: Iterable[int]) -> dict[int, str]:
    rows = connection.execute(
        select(account.c.id, account.c.status).where(account.c.tenant_id == tenant, account.c.id.in_(list(ids)))
    )
    return {row.id: row.status for row in rows}


def _services(connection: Connection, ids: Iterable[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for row in connection.execute(
        text(
            "SELECT account_id, service_id FROM account_service WHERE account_id = ANY(CAST(:ids AS bigint[])) "
            "ORDER BY account_id, service_id"
        ),
        {"ids": list(ids)},
    ):
        found.setdefault(row.account_id, []).append(row.service_id)
    return found


def open_dues(connection: Connection, ids: Iterable[int], catalogue: Catalogue) -> dict[int, list[Due]]:
    """Return what accounts owe by service and period, from the ledger: what is unpaid are the newest charges."""
    wanted = list(ids)
    if not wanted:
        return {}
    priorities = {one.id: one.priority for one in catalogue.services}
    rows = connection.execute(
        select(
            entry.c.account_id,
            entry.c.service_id,
            entry.c.belongs_to,
            (entry.c.kind == "penalty").label("penalty"),
            func.sum(entry.c.amount_minor).filter(entry.c.kind.in_(_MONEY_KINDS)).label("charged"),
            func.sum(entry.c.amount_minor).label("total"),
        )
        .where(entry.c.account_id.in_(wanted))
        .group_by(entry.c.account_id, entry.c.service_id, entry.c.belongs_to, text("penalty"))
    ).all()
    balances: dict[tuple[int, int], int] = {}
    charges: dict[tuple[int, int], list[tuple[int, bool, int]]] = {}
    for row in rows:
        place = (row.account_id, row.service_id)
        balances[place] = balances.get(place, 0) + int(row.total)
        charged = int(row.charged or 0)
        if charged > 0:
            charges.setdefault(place, []).append((row.belongs_to, row.penalty, charged))
    dues: dict[int, list[Due]] = {}
    for (account_id, service_id), balance in balances.items():
        left = balance
        for period, penalty, charged in sorted(charges.get((account_id, service_id), []), reverse=True):
            if left <= 0:
                break
            part = min(left, charged)
            left -= part
            dues.setdefault(account_id, []).append(
                Due(service_id, period, part, priorities.get(service_id, 0), bool(penalty))
            )
    return dues


def reverse_payment(
    unit: Unit,
    catalogue: Catalogue,
    payment_command_id: str,
    *,
    reason: str,
    day: date,
    author: str = "",
    device_id: int | None = None,
    command_id: str = "",
) -> int | Problem:
    """Take a payment back by its exact opposite and return the new transaction's id, or why it cannot be.

    The payment stays visible; money that waits in suspense leaves it.
    """
    connection = unit.connection
    found = connection.execute(
        select(transaction.c.id).where(
            transaction.c.tenant_id == catalogue.tenant,
            transaction.c.command_id == payment_command_id,
            transaction.c.kind == "payment",
        )
    ).scalar_one_or_none()
    if found is None:
        return Problem("payment-unknown", "payment_command_id")
    resolved: Any = connection.execute(
        select(suspense.c.resolved_by).where(suspense.c.transaction_id == found)
    ).scalar_one_or_none()
    if resolved is not None:
        return Problem("payment-assigned", "payment_command_id")
    posted_on = posting_day(connection, catalogue.tenant, day)
    try:
        number = ledger.reverse(
            unit,
            found,
            business_date=posted_on,
            period=Month.of(posted_on).number,
            reason=reason,
            author=author,
            device_id=device_id,
            command_id=command_id,
        )
    except LedgerError:
        return Problem("payment-reversed", "payment_command_id")
    connection.execute(update(suspense).where(suspense.c.transaction_id == found).values(resolved_by=number))
    return number


def assign_suspense(
    unit: Unit, catalogue: Catalogue, suspense_id: int, account_id: int, *, day: date, author: str = ""
) -> Booked:
    """Move unidentified money to the account it belongs to. Raises LookupError when it is not waiting (any more)."""
    connection = unit.connection
    row = connection.execute(
        select(suspense)
        .where(
            suspense.c.id == suspense_id,
            suspense.c.tenant_id == catalogue.tenant,
            suspense.c.resolved_by.is_(None),
        )
        .with_for_update()
    ).first()
    if row is None:
        raise LookupError(f"no open suspense {suspense_id}")
    posted_on = posting_day(connection, catalogue.tenant, day)
    services = _services(connection, [account_id]).get(account_id, [])
    priorities = {one.id: one.priority for one in catalogue.services if one.id in services}
    if not priorities:
        raise LookupError(f"account {account_id} has no services")
    dues = open_dues(connection, [account_id], catalogue).get(account_id, [])
    parts = divide([(None, row.amount_minor)], dues, priorities, catalogue.rules.allocation)
    number = ledger.post(
        unit,
        catalogue.tenant,
        NewTransaction(
            kind="transfer",
            currency=catalogue.provider.currency,
            business_date=posted_on,
            period=Month.of(posted_on).number,
            belongs_to=Month.of(row.received_on).number,
            key=f"suspense:{suspense_id}",
            author=author,
            entries=tuple(
                EntryLine(
                    account_id, part.service_id, "payment", -part.amount_minor, method="bank", purpose=row.purpose
                )
                for part in parts
            ),
            others=((SUSPENSE, row.amount_minor),),
        ),
    )
    connection.execute(update(suspense).where(suspense.c.id == suspense_id).values(resolved_by=number))
    return Booked(number, parts)
