"""Monthly figures as a source states them, kept beside the ledger; where they do not follow, they are marked.

Nothing is corrected: the source's closing balances stay as they are, and what would follow from its own turnovers is
stored beside them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
from sqlalchemy import insert, update

from models.contract.records import Assertion
from models.domain.period import Month
from models.domain.problems import Problem
from provider.imports.report import ImportReport
from provider.imports.runs import Context, ImportOptions, Progress, Row, run_import
from provider.imports.subscriber_rows import find_service
from provider.imports.tables import TableRefused
from provider.imports.values import EMPTY, decimal_text, parse_decimal, parse_money, parse_month
from provider.services.statements import find_accounts
from provider.store.changes import account_scope
from provider.store.database import Database, Unit
from provider.store.rows import fetch, values_of
from provider.store.tables_utility import assertion


def import_assertions(
    database: Database,
    tenant: int,
    file: Path,
    dry_run: bool = False,
    options: ImportOptions | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Import a table of account states and return the report. Raises TableRefused when the file cannot be read.

    A file without an account column is about ``options.account``, or about the account whose number ends its name.
    """
    return run_import(
        database, tenant, file, "assertions", AssertionsImporter, dry_run=dry_run, options=options, progress=progress
    )


@dataclass(frozen=True, slots=True)
class _Stated:
    row: Row
    assertion: Assertion


class AssertionsImporter:
    """Gathers all rows first: what a closing should be follows from the month before, wherever that row stands."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._stated: list[_Stated] = []
        self._seen: dict[tuple[int, int, int], int] = {}
        self._accounts: dict[str, int | None] = {}

    def apply(self, unit: Unit, rows: Sequence[Row]) -> None:
        """Understand a batch; it is written when the whole file is known."""
        for row in rows:
            found = self._understand(unit, row)
            if found is not None:
                self._stated.append(_Stated(row, found))

    def _account_of(self, unit: Unit, row: Row) -> int | None:
        number = row.get("account") or self._context.options.account
        if not number:
            ending = re.search(r"(\d+)$", self._context.file_stem)
            number = ending[1] if ending else ""
        if number not in self._accounts:
            found = find_accounts(unit.connection, number, self._context.catalogue.tenant)
            self._accounts[number] = found[0] if found else None
            if not found and "account" not in row.cells:
                raise TableRefused(Problem("import-file-account-unknown", values={"account": number or "—"}))
        return self._accounts[number]

    def _understand(self, unit: Unit, row: Row) -> Assertion | None:
        context = self._context
        account_id = self._account_of(unit, row)
        if account_id is None:
            context.reject(row, "account", "import-account-unknown")
            return None
        name = row.get("service") or context.options.service
        found = find_service(context.catalogue, name) if name else context.catalogue.services[0]
        if found is None:
            context.reject(row, "service", "import-service-unknown")
            return None
        try:
            month = parse_month(row.get("period"))
        except ValueError:
            context.reject(row, "period", "import-not-a-month")
            return None
        key = (account_id, found.id, month.number)
        if key in self._seen:
            context.reject(row, "period", "import-duplicate-row", first=self._seen[key])
            return None
        amounts: dict[str, int | None] = {}
        for field in ("charged", "penalty", "correction", "subscription", "paid", "closing"):
            try:
                amounts[field] = None if row.get(field) in EMPTY else parse_money(row.get(field))
            except ValueError:
                context.reject(row, field, "import-not-money")
                return None
        try:
            price = "" if row.get("tariff") in EMPTY else decimal_text(parse_decimal(row.get("tariff")))
        except ValueError:
            context.reject(row, "tariff", "import-not-a-number")
            return None
        self._seen[key] = row.number
        sign = context.options.debt_sign or context.catalogue.provider.debt_sign
        return Assertion(
            id=0,
            account_id=account_id,
            service_id=found.id,
            period=month.number,
            tariff=price,
            charged_minor=amounts["charged"] or 0,
            penalty_minor=amounts["penalty"],
            correction_minor=amounts["correction"],
            subscription_minor=amounts["subscription"],
            paid_minor=amounts["paid"] or 0,
            closing_minor=(amounts["closing"] or 0) * (-1 if sign == "debt_negative" else 1),
            expected_minor=None,
            source=context.report.file,
        )

    def finish(self, unit: Unit) -> None:
        """Compute what each closing should be, mark the differences, write what is new."""
        context = self._context
        tenant = context.catalogue.tenant
        before: dict[tuple[int, int], tuple[int, int]] = {}
        kept = {
            (one.account_id, one.service_id, one.period): one
            for account_id in {stated.assertion.account_id for stated in self._stated}
            for one in fetch(unit.connection, Assertion, assertion.c.account_id == account_id)
        }
        for stated in sorted(self._stated, key=lambda one: one.assertion.period):
            new = stated.assertion
            place = (new.account_id, new.service_id)
            last = before.get(place)
            if last is not None and Month.from_number(last[0]).next().number == new.period:
                expected = last[1] + movements_of(new)
                new = msgspec.structs.replace(new, expected_minor=expected)
                if expected != new.closing_minor:
                    context.warn(
                        stated.row,
                        "closing",
                        "import-assertion-differs",
                        expected_minor=expected,
                        difference_minor=new.closing_minor - expected,
                        currency=context.catalogue.provider.currency,
                    )
            before[place] = (new.period, new.closing_minor)
            have = kept.get((*place, new.period))
            if have is not None and msgspec.structs.replace(new, id=have.id) == have:
                context.report.unchanged += 1
                continue
            if have is None:
                number = unit.connection.execute(
                    insert(assertion).values(tenant_id=tenant, **values_of(new)).returning(assertion.c.id)
                ).scalar_one()
                context.report.added += 1
            else:
                number = have.id
                unit.connection.execute(update(assertion).where(assertion.c.id == number).values(**values_of(new)))
                context.report.changed += 1
            unit.changes.live(tenant, account_scope(new.account_id), "assertion", number)


def movements_of(stated: Assertion) -> int:
    """Return by how much a month's stated movements change what is owed."""
    return (
        stated.charged_minor
        + (stated.penalty_minor or 0)
        + (stated.correction_minor or 0)
        + (stated.subscription_minor or 0)
        - stated.paid_minor
    )
