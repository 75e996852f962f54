"""The ledger: append-only double entry, one transaction an event, balances kept in the same database transaction.

A transaction's receivable lines are the :class:`models.contract.records.Entry` rows that consumers see; every other
line is a posting on one of the provider's own accounts. Amounts are minor units; positive debits. What was posted is
never changed: :func:`reverse` posts the exact opposite and links both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Connection, text

from provider.store.bulk import array, copy_rows, reserve_ids
from provider.store.changes import account_scope
from provider.store.database import Unit
from provider.store.tables_utility import entry, posting, transaction

_TRANSACTION_COLUMNS: Final = (
    "id", "tenant_id", "key", "kind", "currency", "business_date", "posted_on", "period", "belongs_to", "document",
    "author", "device_id", "reason", "reversal_of", "command_id",
)  # fmt: skip
_POSTING_COLUMNS: Final = ("transaction_id", "line", "tenant_id", "account", "amount")
_ENTRY_COLUMNS: Final = (
    "id", "tenant_id", "account_id", "service_id", "transaction_id", "kind", "amount_minor", "vat_minor",
    "business_date", "posted_on", "period", "belongs_to", "document", "method", "purpose", "reason", "reversal_of",
    "detail", "command_id",
)  # fmt: skip


class LedgerError(Exception):
    """A transaction that the ledger refuses: unbalanced, reversed before, or of an account without that service."""


class EntryLine(Struct, frozen=True, gc=False):
    """A receivable line: it raises (positive) or lowers what an account owes for a service."""

    account_id: int
    service_id: int
    kind: str
    amount_minor: int
    vat_minor: int = 0
    method: str = ""
    purpose: str = ""
    detail: dict[str, Any] | None = None
    reversal_of: int | None = None


class NewTransaction(Struct, frozen=True, gc=False):
    """An event to post. ``others`` are the lines on the provider's own accounts; all lines together sum to zero.

    ``key`` names the event within the tenant, so that the database refuses to post it twice; ``None`` when the caller
    has another guard. ``period`` is the open period, ``belongs_to`` the one it is about (``yyyymm``).
    """

    kind: str
    currency: str
    business_date: date
    period: int
    belongs_to: int
    entries: tuple[EntryLine, ...]
    others: tuple[tuple[str, int], ...]
    key: str | None = None
    posted_on: date | None = None
    document: str = ""
    author: str = ""
    device_id: int | None = None
    reason: str = ""
    reversal_of: int | None = None
    command_id: str = ""


def receivable(account_id: int, service_id: int) -> str:
    """Return the ledger account of what an account owes for a service."""
    return f"receivable:{account_id}:{service_id}"


def income(service_id: int) -> str:
    """Return the ledger account of a service's income."""
    return f"income:{service_id}"


def post(unit: Unit, tenant: int, new: NewTransaction) -> int:
    """Post one transaction and return its id. Raises LedgerError, and IntegrityError for a key posted before."""
    return post_many(unit, tenant, [new])[0]


def post_many(unit: Unit, tenant: int, news: Sequence[NewTransaction], *, balances_counted: bool = False) -> list[int]:
    """Post transactions in a few statements, however many they are, and return their ids in order.

    Balances of the accounts change in the same database transaction and everything visible is noted for clients.
    ``balances_counted`` says that the accounts' services were written in this very transaction with these amounts in
    their balances already.
    Raises LedgerError before anything is written, and IntegrityError when the period is closed or a key was posted.
    """
    if not news:
        return []
    connection = unit.connection
    for new in news:
        _check(new)
    if not balances_counted:
        deltas: dict[tuple[int, int], int] = {}
        for new in news:
            for line in new.entries:
                at = (line.account_id, line.service_id)
                deltas[at] = deltas.get(at, 0) + line.amount_minor
        _change_balances(unit, tenant, deltas)
    ids = reserve_ids(connection, transaction, len(news))
    entry_ids = iter(reserve_ids(connection, entry, sum(len(new.entries) for new in news)))
    events: list[tuple[Any, ...]] = []
    postings: list[tuple[Any, ...]] = []
    entries: list[tuple[Any, ...]] = []
    changed: list[tuple[str, int]] = []
    for number, new in zip(ids, news, strict=True):
        posted_on = new.posted_on or new.business_date
        events.append(
            (
                number, tenant, new.key, new.kind, new.currency, new.business_date, posted_on, new.period,
                new.belongs_to, new.document, new.author, new.device_id, new.reason, new.reversal_of, new.command_id,
            )
        )  # fmt: skip
        at_line = 0
        for line in new.entries:
            entry_id = next(entry_ids)
            postings.append(
                (number, at_line, tenant, f"receivable:{line.account_id}:{line.service_id}", line.amount_minor)
            )
            at_line += 1
            entries.append(
                (
                    entry_id, tenant, line.account_id, line.service_id, number, line.kind, line.amount_minor,
                    line.vat_minor, new.business_date, posted_on, new.period, new.belongs_to, new.document, line.method,
                    line.purpose, new.reason, line.reversal_of, line.detail, new.command_id,
                )
            )  # fmt: skip
            changed.append((account_scope(line.account_id), entry_id))
        for name, amount in new.others:
            postings.append((number, at_line, tenant, name, amount))
            at_line += 1
    copy_rows(connection, transaction, _TRANSACTION_COLUMNS, events)
    copy_rows(connection, posting, _POSTING_COLUMNS, postings)
    if entries:
        copy_rows(connection, entry, _ENTRY_COLUMNS, entries)
        unit.changes.new_many(tenant, "entry", changed)
    return ids


def _check(new: NewTransaction) -> None:
    total = sum([line.amount_minor for line in new.entries]) + sum([amount for _, amount in new.others])
    if total:
        raise LedgerError(f"a {new.kind} that does not balance: {total}")
    if not new.entries and not new.others:
        raise LedgerError(f"an empty {new.kind}")


def _change_balances(unit: Unit, tenant: int, deltas: dict[tuple[int, int], int]) -> None:
    """Add to the balances, locking their rows in ascending order so that two postings never wait in a circle."""
    if not deltas:
        return
    places = sorted(deltas)
    rows = unit.connection.execute(
        _ADD,
        {
            "accounts": array(account for account, _ in places),
            "services": array(service for _, service in places),
            "deltas": array(deltas[place] for place in places),
            "tenant": tenant,
        },
    ).all()
    if len(rows) != len(places):
        raise LedgerError("an account does not have the service that a line is for")
    unit.changes.live_many(tenant, "account_service", [(account_scope(row.account_id), row.id) for row in rows])


_ADD: Final = text(
    "WITH change AS (SELECT * FROM unnest(CAST(:accounts AS bigint[]), CAST(:services AS bigint[]), "
    "CAST(:deltas AS bigint[])) AS c(account_id, service_id, delta)), "
    "locked AS (SELECT s.id, c.delta FROM account_service s JOIN change c USING (account_id, service_id) "
    "WHERE s.tenant_id = :tenant ORDER BY s.account_id, s.service_id FOR UPDATE OF s) "
    "UPDATE account_service AS s SET balance_minor = s.balance_minor + l.delta FROM locked l WHERE s.id = l.id "
    "RETURNING s.id, s.account_id"
)


@dataclass(frozen=True, slots=True)
class Posted:
    """A transaction as the ledger has it."""

    id: int
    tenant: int
    kind: str
    currency: str
    business_date: date
    period: int
    belongs_to: int
    document: str
    entries: tuple[tuple[int, EntryLine], ...]
    others: tuple[tuple[str, int], ...]
    reversal_of: int | None
    reversed: bool


def load(connection: Connection, transaction_id: int) -> Posted | None:
    """Return a posted transaction, or ``None`` when there is no such one."""
    return load_many(connection, [transaction_id]).get(transaction_id)


def load_many(connection: Connection, ids: Sequence[int]) -> dict[int, Posted]:
    """Return posted transactions by id; unknown ids are left out."""
    wanted = {"ids": array(ids)}
    lines: dict[int, list[tuple[int, EntryLine]]] = {}
    for row in connection.execute(_ENTRIES_OF, wanted):
        line = EntryLine(
            account_id=row.account_id,
            service_id=row.service_id,
            kind=row.kind,
            amount_minor=row.amount_minor,
            vat_minor=row.vat_minor,
            method=row.method,
            purpose=row.purpose,
        )
        lines.setdefault(row.transaction_id, []).append((row.id, line))
    others: dict[int, list[tuple[str, int]]] = {}
    for row in connection.execute(_OTHERS_OF, wanted):
        others.setdefault(row.transaction_id, []).append((row.account, row.amount))
    return {
        row.id: Posted(
            id=row.id,
            tenant=row.tenant_id,
            kind=row.kind,
            currency=row.currency,
            business_date=row.business_date,
            period=row.period,
            belongs_to=row.belongs_to,
            document=row.document,
            entries=tuple(lines.get(row.id, ())),
            others=tuple(others.get(row.id, ())),
            reversal_of=row.reversal_of,
            reversed=row.is_reversed,
        )
        for row in connection.execute(_HEADS_OF, wanted)
    }


_HEADS_OF: Final = text(
    "SELECT t.*, EXISTS (SELECT 1 FROM transaction r WHERE r.reversal_of = t.id) AS is_reversed "
    "FROM transaction t WHERE t.id = ANY(CAST(:ids AS bigint[]))"
)
_ENTRIES_OF: Final = text(
    "SELECT id, transaction_id, account_id, service_id, kind, amount_minor, vat_minor, method, purpose FROM entry "
    "WHERE transaction_id = ANY(CAST(:ids AS bigint[])) ORDER BY id"
)
_OTHERS_OF: Final = text(
    "SELECT transaction_id, account, amount FROM posting WHERE transaction_id = ANY(CAST(:ids AS bigint[])) "
    "AND account NOT LIKE 'receivable:%' ORDER BY transaction_id, line"
)

_REVERSED_KIND: Final = {"payment": "payment_reversal"}


def opposite(
    old: Posted,
    *,
    business_date: date,
    period: int,
    reason: str,
    document: str = "",
    author: str = "",
    device_id: int | None = None,
    command_id: str = "",
) -> NewTransaction:
    """Return the exact opposite of a posted transaction: every line negated and linked, about the same period.

    Raises LedgerError for a reversal (post a new entry instead) and for what was reversed before.
    """
    if old.reversal_of is not None:
        raise LedgerError("a reversal cannot be reversed")
    if old.reversed:
        raise LedgerError("this transaction was reversed before")
    kind = _REVERSED_KIND.get(old.kind, "correction")
    return NewTransaction(
        kind=kind,
        currency=old.currency,
        business_date=business_date,
        period=period,
        belongs_to=old.belongs_to,
        document=document or old.document,
        author=author,
        device_id=device_id,
        reason=reason,
        reversal_of=old.id,
        command_id=command_id,
        entries=tuple(
            EntryLine(
                account_id=line.account_id,
                service_id=line.service_id,
                kind=_REVERSED_KIND.get(line.kind, "correction"),
                amount_minor=-line.amount_minor,
                vat_minor=-line.vat_minor,
                method=line.method,
                purpose=line.purpose,
                reversal_of=entry_id,
            )
            for entry_id, line in old.entries
        ),
        others=tuple((name, -amount) for name, amount in old.others),
    )


def reverse(
    unit: Unit,
    transaction_id: int,
    *,
    business_date: date,
    period: int,
    reason: str,
    author: str = "",
    device_id: int | None = None,
    command_id: str = "",
) -> int:
    """Post the exact opposite of a transaction and return its id.

    Raises LedgerError when there is no such transaction, when it is itself a reversal, or when it was reversed before;
    the database refuses the second of two simultaneous reversals.
    """
    return reverse_many(
        unit,
        [transaction_id],
        business_date=business_date,
        period=period,
        reason=reason,
        author=author,
        device_id=device_id,
        command_id=command_id,
    )[0]


def reverse_many(
    unit: Unit,
    ids: Sequence[int],
    *,
    business_date: date,
    period: int,
    reason: str,
    author: str = "",
    device_id: int | None = None,
    command_id: str = "",
) -> list[int]:
    """Post the exact opposite of several transactions of one tenant and return the new ids in order.

    Raises LedgerError as :func:`reverse` does, before anything is written.
    """
    if not ids:
        return []
    posted = load_many(unit.connection, ids)
    missing = [number for number in ids if number not in posted]
    if missing:
        raise LedgerError(f"no transaction {missing[0]}")
    return post_many(
        unit,
        posted[ids[0]].tenant,
        [
            opposite(
                posted[number],
                business_date=business_date,
                period=period,
                reason=reason,
                author=author,
                device_id=device_id,
                command_id=command_id,
            )
            for number in ids
        ],
    )


def known_keys(connection: Connection, tenant: int, keys: Iterable[str]) -> dict[str, int]:
    """Return which keys were posted before, with the ids of their transactions."""
    wanted = list(keys)
    if not wanted:
        return {}
    rows = connection.execute(
        text("SELECT key, id FROM transaction WHERE tenant_id = :tenant AND key = ANY(CAST(:keys AS text[]))"),
        {"tenant": tenant, "keys": wanted},
    )
    return {row.key: int(row.id) for row in rows}
