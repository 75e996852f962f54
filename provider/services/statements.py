"""An account's ledger lines between two days, with opening and closing balance; and checking the whole ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection, select, text

from models.contract.records import Entry
from provider.store.rows import fetch
from provider.store.tables_utility import account, entry, provider


@dataclass(frozen=True, slots=True)
class Statement:
    """What an account owed at the start of the first day, every movement, and what it owes at the end of the last."""

    account_id: int
    number: str
    provider_code: str
    currency: str
    date_from: date
    date_to: date
    opening_minor: int
    entries: tuple[Entry, ...]
    closing_minor: int

    def plain(self) -> dict[str, object]:
        """Return the statement as plain values for JSON: amounts in minor units, dates in ISO form."""
        return {
            "account": self.number,
            "provider": self.provider_code,
            "currency": self.currency,
            "from": self.date_from.isoformat(),
            "to": self.date_to.isoformat(),
            "opening_minor": self.opening_minor,
            "entries": [
                {
                    "id": one.id,
                    "transaction_id": one.transaction_id,
                    "date": one.business_date.isoformat(),
                    "kind": one.kind,
                    "service_id": one.service_id,
                    "amount_minor": one.amount_minor,
                    "vat_minor": one.vat_minor,
                    "period": one.period,
                    "belongs_to": one.belongs_to,
                    "document": one.document,
                    "method": one.method,
                    "purpose": one.purpose,
                    "reason": one.reason,
                    "reversal_of": one.reversal_of,
                }
                for one in self.entries
            ],
            "closing_minor": self.closing_minor,
        }


def statement(connection: Connection, account_id: int, date_from: date, date_to: date) -> Statement:
    """Return the ledger lines of an account between two days, inclusive. Raises LookupError for an unknown account."""
    head = connection.execute(
        select(account.c.number, provider.c.code, provider.c.currency)
        .join(provider, provider.c.id == account.c.provider_id)
        .where(account.c.id == account_id)
    ).first()
    if head is None:
        raise LookupError(f"no account {account_id}")
    entries = fetch(connection, Entry, entry.c.account_id == account_id, entry.c.business_date <= date_to)
    inside = sorted(
        (one for one in entries if one.business_date >= date_from), key=lambda one: (one.business_date, one.id)
    )
    opening = sum(one.amount_minor for one in entries if one.business_date < date_from)
    return Statement(
        account_id=account_id,
        number=head.number,
        provider_code=head.code,
        currency=head.currency,
        date_from=date_from,
        date_to=date_to,
        opening_minor=opening,
        entries=tuple(inside),
        closing_minor=opening + sum(one.amount_minor for one in inside),
    )


def find_accounts(connection: Connection, number: str, tenant: int | None = None) -> list[int]:
    """Return the ids of the accounts with this number, of one provider or of all."""
    conditions = [account.c.number == number]
    if tenant is not None:
        conditions.append(account.c.tenant_id == tenant)
    return [row.id for row in connection.execute(select(account.c.id).where(*conditions).order_by(account.c.id))]


@dataclass(frozen=True, slots=True)
class LedgerFault:
    """Something that must never be: which check found it, how many rows, and an example."""

    check: str
    count: int
    example: str


_CHECKS: Final = {
    "transactions that do not sum to zero": (
        "SELECT transaction_id::text AS example FROM posting GROUP BY transaction_id HAVING sum(amount) <> 0"
    ),
    "transactions without postings": (
        "SELECT t.id::text AS example FROM transaction t "
        "WHERE NOT EXISTS (SELECT 1 FROM posting p WHERE p.transaction_id = t.id)"
    ),
    "receivable postings that differ from entries": (
        "SELECT coalesce(p.account, e.account) AS example FROM "
        "(SELECT account, sum(amount) AS total, count(*) AS lines FROM posting "
        "WHERE account LIKE 'receivable:%' GROUP BY account) p FULL JOIN "
        "(SELECT 'receivable:' || account_id || ':' || service_id AS account, sum(amount_minor) AS total, "
        "count(*) AS lines FROM entry GROUP BY account_id, service_id) e ON e.account = p.account "
        "WHERE p.total IS DISTINCT FROM e.total OR p.lines IS DISTINCT FROM e.lines"
    ),
    "balances that differ from the entries": (
        "SELECT s.id::text AS example FROM account_service s LEFT JOIN "
        "(SELECT account_id, service_id, sum(amount_minor) AS total FROM entry GROUP BY 1, 2) e "
        "ON e.account_id = s.account_id AND e.service_id = s.service_id "
        "WHERE s.balance_minor <> coalesce(e.total, 0)"
    ),
    "reversals that are not the exact opposite": (
        "SELECT r.id::text AS example FROM entry r JOIN entry o ON o.id = r.reversal_of "
        "WHERE r.amount_minor <> -o.amount_minor OR r.vat_minor <> -o.vat_minor OR r.account_id <> o.account_id "
        "OR r.service_id <> o.service_id"
    ),
    "suspense that differs from its list": (
        "SELECT coalesce(s.tenant_id, p.tenant_id)::text AS example FROM "
        "(SELECT tenant_id, sum(amount_minor) AS total FROM suspense WHERE resolved_by IS NULL GROUP BY 1) s "
        "FULL JOIN (SELECT tenant_id, -sum(amount) AS total FROM posting "
        "WHERE account = 'suspense:unidentified' GROUP BY 1) p USING (tenant_id) "
        "WHERE coalesce(s.total, 0) <> coalesce(p.total, 0)"
    ),
}


def verify_ledger(connection: Connection) -> list[LedgerFault]:
    """Return what is wrong in the ledger of all providers; an empty list means that every invariant holds."""
    faults = []
    for check, query in _CHECKS.items():
        row = connection.execute(
            text(f"SELECT count(*) AS number, min(example) AS example FROM ({query}) AS wrong")  # noqa: S608
        ).one()
        if row.number:
            faults.append(LedgerFault(check, row.number, row.example))
    return faults
