"""Bank payment registries: each operation is posted once; money of unknown accounts waits in suspense."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select, text

from models.contract.records import Service
from models.domain.ledger import bank
from models.domain.problems import Problem
from provider.imports.columns import service_kinds
from provider.imports.report import ImportReport
from provider.imports.runs import Context, ImportOptions, Progress, Row, run_import
from provider.imports.subscriber_rows import find_service
from provider.imports.values import parse_day, parse_money, parse_number
from provider.services.payments import Payment, book_payments
from provider.store.database import Database, Unit
from provider.store.tables_utility import account


def import_payments(
    database: Database,
    tenant: int,
    file: Path,
    dry_run: bool = False,
    options: ImportOptions | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Import a payment registry and return the report. Raises TableRefused when the file cannot be read."""
    return run_import(
        database, tenant, file, "payments", PaymentsImporter, dry_run=dry_run, options=options, progress=progress
    )


@dataclass(frozen=True, slots=True)
class _Operation:
    row: Row
    key: str
    number: str
    day: date
    amount: int
    service: Service | None


class PaymentsImporter:
    """Posts the operations of a registry that were not posted before."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._seen: dict[str, _Operation] = {}
        self._same: dict[str, int] = {}
        self._total = 0

    def apply(self, unit: Unit, rows: Sequence[Row]) -> None:
        """Post a batch of operations."""
        context = self._context
        report = context.report
        operations = [one for row in rows if (one := self._understand(row)) is not None]
        accounts = self._accounts(unit, {one.number for one in operations})
        posted = self._posted(unit, [one.key for one in operations])
        fresh: list[_Operation] = []
        for one in operations:
            kept = posted.get(one.key)
            if kept is None:
                fresh.append(one)
            elif kept == (accounts.get(one.number), one.number, one.amount, one.day) or (
                kept[0] is None and kept[1:] == (one.number, one.amount, one.day)
            ):
                report.unchanged += 1
            else:
                self._repeated(one, kept[1], kept[2], kept[3])
        booked = book_payments(
            unit,
            context.catalogue,
            [
                Payment(
                    account_id=accounts.get(one.number),
                    lines=((one.service.id if one.service is not None else None, one.amount),),
                    method="bank",
                    day=one.day,
                    key=one.key,
                    account_number=one.number,
                    document=one.row.get("operation"),
                    payer=one.row.get("payer"),
                    purpose=one.row.get("purpose"),
                    author="import",
                    suspense_reason="" if one.number in accounts else "unknown-account",
                )
                for one in fresh
            ],
        )
        for one, result in zip(fresh, booked, strict=True):
            report.added += 1
            report.amount_minor += one.amount
            if result.in_suspense:
                report.suspense += 1
                context.warn(one.row, "account", "import-payment-suspense")

    def finish(self, unit: Unit) -> None:
        """Compare the sum below the table with that of its rows."""
        context = self._context
        for footer in context.footers:
            try:
                stated = parse_money(footer.get("amount"), in_minor=context.options.minor_units)
            except ValueError:
                continue  # a footer without a sum of money, such as a count of rows
            if stated != self._total:
                context.warn(
                    footer,
                    "amount",
                    "import-sum-differs",
                    stated_minor=stated,
                    found_minor=self._total,
                    currency=context.catalogue.provider.currency,
                )

    def _understand(self, row: Row) -> _Operation | None:
        context = self._context
        try:
            number = parse_number(row.get("account"))
        except ValueError:
            number = row.get("account")[:60]  # money is money: it goes to suspense under what was written
        try:
            day = parse_day(row.get("day"))
        except ValueError:
            context.reject(row, "day", "import-not-a-date")
            return None
        if day > context.today:
            context.reject(row, "day", "import-date-in-future")
            return None
        try:
            amount = parse_money(row.get("amount"), in_minor=context.options.minor_units)
        except ValueError:
            context.reject(row, "amount", "import-not-money")
            return None
        self._total += amount
        if amount <= 0:
            context.reject(row, "amount", "import-amount-not-positive")
            return None
        one = _Operation(row, self._key(row, number, day, amount), number, day, amount, self._service(row))
        before = self._seen.get(one.key)
        if before is not None:
            if (before.number, before.amount, before.day) == (number, amount, day):
                context.reject(row, "operation", "import-operation-repeated-same", first=before.row.number)
            else:
                self._repeated(one, before.number, before.amount, before.day)
            return None
        self._seen[one.key] = one
        return one

    def _key(self, row: Row, number: str, day: date, amount: int) -> str:
        """Return what names the operation: the bank's number, else its content with a count among equals."""
        operation = row.get("operation")
        if operation:
            return f"bank:{operation}"
        content = f"{number}|{day}|{amount}|{row.get('payer')}|{row.get('purpose')}"
        digest = hashlib.sha256(content.encode()).hexdigest()[:32]
        self._same[digest] = self._same.get(digest, 0) + 1
        return f"bankrow:{digest}:{self._same[digest]}"

    def _service(self, row: Row) -> Service | None:
        """Return the service that the payer named, ``None`` when none or several were."""
        catalogue = self._context.catalogue
        if row.get("service"):
            return find_service(catalogue, row.get("service"))
        kinds = service_kinds(row.get("purpose"))
        if len(kinds) != 1:
            return None
        return next((one for one in catalogue.services if one.kind == kinds[0]), None)

    def _repeated(self, one: _Operation, number: str, amount: int, day: date) -> None:
        self._context.report.reject(
            one.row.number,
            self._context.headers.get("operation", ""),
            one.row.get("operation"),
            Problem(
                "import-operation-repeated",
                "operation",
                {
                    "account": number,
                    "amount_minor": amount,
                    "currency": self._context.catalogue.provider.currency,
                    "day": day.isoformat(),
                },
            ),
        )

    def _accounts(self, unit: Unit, numbers: set[str]) -> dict[str, int]:
        rows = unit.connection.execute(
            select(account.c.number, account.c.id).where(
                account.c.tenant_id == self._context.catalogue.tenant, account.c.number.in_(list(numbers))
            )
        )
        return {row.number: row.id for row in rows}

    def _posted(self, unit: Unit, keys: list[str]) -> dict[str, tuple[int | None, str, int, date]]:
        """Return operations posted before by key: account (``None`` in suspense), its number, amount and day."""
        tenant = self._context.catalogue.tenant
        rows = unit.connection.execute(
            text(
                "SELECT t.key, t.business_date, p.amount, e.account_id, "
                "coalesce(a.number, s.account_number) AS number, s.received_on FROM transaction t "
                "JOIN posting p ON p.transaction_id = t.id AND p.account = :money "
                "LEFT JOIN LATERAL (SELECT account_id FROM entry WHERE transaction_id = t.id LIMIT 1) e ON true "
                "LEFT JOIN account a ON a.id = e.account_id LEFT JOIN suspense s ON s.transaction_id = t.id "
                "WHERE t.tenant_id = :tenant AND t.key = ANY(CAST(:keys AS text[]))"
            ),
            {"tenant": tenant, "keys": keys, "money": bank(tenant)},
        )
        return {
            row.key: (row.account_id, row.number, int(row.amount), row.received_on or row.business_date) for row in rows
        }
