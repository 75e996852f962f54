"""Accounts of the cabinet: the list with what each owes, and everything about one."""

# ruff: noqa: S608 - names of tables and columns come from our own record classes, never from data

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from models.cache.driver import Connection
from models.cache.outbox import open_items
from models.cache.queries.cut import cut
from models.cache.tables import layout, read_records
from models.contract.records import (
    Account,
    AccountService,
    AccountView,
    Assertion,
    Entry,
    Meter,
    Provider,
    Reading,
    Recipient,
    Record,
    Service,
    Tariff,
)

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class ServiceDebt:
    """What an account owes for a service as the provider last said; positive = the consumer owes."""

    service: Service
    basis: str
    balance_minor: int


@dataclass(frozen=True, slots=True)
class AccountSummary:
    """A line of a list of accounts."""

    account: Account
    provider: Provider
    balances: tuple[ServiceDebt, ...]
    total_minor: int


def accounts(connection: Connection, *, after: int = 0, limit: int | None = None) -> list[AccountSummary]:
    """Return the cabinet's accounts in the order of their ids, from the one after ``after``; all without ``limit``."""
    rows = connection.execute(
        f"{_select(Account)} WHERE id > ? ORDER BY id LIMIT ?", (after, -1 if limit is None else limit)
    )
    return summaries(connection, read_records(Account, rows))


def summaries(connection: Connection, found: list[Account]) -> list[AccountSummary]:
    """Return the lines for accounts, in the same order."""
    ids = msgspec.json.encode([account.id for account in found]).decode()
    rows = connection.execute(
        f"{_select(AccountService)} WHERE account_id IN (SELECT value FROM json_each(?)) AND active", (ids,)
    )
    links: dict[int, list[AccountService]] = {}
    for link in read_records(AccountService, rows):
        links.setdefault(link.account_id, []).append(link)
    services = {
        one.id: one for one in _some(connection, Service, "id", {x.service_id for y in links.values() for x in y})
    }
    providers = {one.id: one for one in _some(connection, Provider, "id", {account.provider_id for account in found})}
    result = []
    for account in found:
        provider = providers.get(account.provider_id)
        if provider is None:
            continue  # the reference data come with the next page
        debts = [
            ServiceDebt(services[link.service_id], link.basis, link.balance_minor)
            for link in links.get(account.id, ())
            if link.service_id in services
        ]
        debts.sort(key=lambda debt: (debt.service.priority, debt.service.id))
        total = sum(debt.balance_minor for debt in debts)
        result.append(AccountSummary(account, provider, tuple(debts), total))
    return result


def account_numbers(connection: Connection, number: str) -> list[AccountSummary]:
    """Return the accounts with exactly this number, of any provider."""
    rows = connection.execute(f"{_select(Account)} WHERE number = ? ORDER BY id", (number,))
    return summaries(connection, read_records(Account, rows))


def account_view(connection: Connection, account_id: int) -> AccountView | None:
    """Return everything about an account with what waits to be sent, None when it is not in the cache."""
    row = connection.execute("SELECT _scope FROM account WHERE id = ?", (account_id,)).fetchone()
    if row is None:
        return None
    account = _of(connection, Account, "id", account_id)[0]
    providers = _of(connection, Provider, "id", account.provider_id)
    if not providers:
        return None
    services = _of(connection, Service, "provider_id", account.provider_id)
    services.sort(key=lambda service: (service.priority, service.id))
    at = cut(connection, row[0])
    return AccountView(
        provider=providers[0],
        account=account,
        services=services,
        recipients=_of(connection, Recipient, "provider_id", account.provider_id),
        tariffs=_some(connection, Tariff, "service_id", {service.id for service in services}),
        account_services=_of(connection, AccountService, "account_id", account_id),
        meters=_of(connection, Meter, "account_id", account_id),
        readings=_of(connection, Reading, "account_id", account_id, "read_on, id"),
        entries=_of(connection, Entry, "account_id", account_id, "business_date, id"),
        assertions=_of(connection, Assertion, "account_id", account_id, "period, service_id, id"),
        as_of=at.as_of,
        epoch=at.epoch,
        sequence=at.sequence,
        waiting=[
            item.entry.command(device=item.device or 0, n=item.n or 0)
            for item in open_items(connection, account_id)
            if item.outcome is None or not item.outcome.status.final
        ],
    )


def _select(record: type[Record]) -> str:
    return layout(record).select


def _of(connection: Connection, record: type[R], column: str, value: Any, order: str = "id") -> list[R]:
    rows = connection.execute(f'{_select(record)} WHERE "{column}" = ? ORDER BY {order}', (value,))
    return read_records(record, rows)


def _some(connection: Connection, record: type[R], column: str, values: Iterable[int]) -> list[R]:
    listed = msgspec.json.encode(sorted(values)).decode()
    rows = connection.execute(
        f'{_select(record)} WHERE "{column}" IN (SELECT value FROM json_each(?)) ORDER BY id', (listed,)
    )
    return read_records(record, rows)
