"""Where the money of each service goes: recipient, account (an IBAN or an older number), commission."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import msgspec
from sqlalchemy import insert, update

from models.contract.records import Recipient
from models.domain.identity import check_bin, check_edrpou, check_iban
from provider.imports.report import ImportReport
from provider.imports.runs import Context, ImportOptions, Progress, Row, run_import
from provider.imports.subscriber_rows import find_service
from provider.imports.values import EMPTY, parse_decimal
from provider.store.changes import PUBLIC
from provider.store.database import Database, Unit
from provider.store.rows import values_of
from provider.store.tables_utility import recipient, service


def import_recipients(
    database: Database,
    tenant: int,
    file: Path,
    dry_run: bool = False,
    options: ImportOptions | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Import recipients and return the report. Raises TableRefused when the file cannot be read."""
    return run_import(
        database, tenant, file, "recipients", RecipientsImporter, dry_run=dry_run, options=options, progress=progress
    )


class RecipientsImporter:
    """Gives each service its recipient, or changes the one it has."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._seen: dict[int, int] = {}
        self._kept = {one.id: one for one in context.catalogue.recipients}

    def apply(self, unit: Unit, rows: Sequence[Row]) -> None:
        """Apply a batch of recipients."""
        context = self._context
        tenant = context.catalogue.tenant
        for row in rows:
            found = find_service(context.catalogue, row.get("service"))
            if found is None:
                context.reject(row, "service", "import-service-unknown")
                continue
            if found.id in self._seen:
                context.reject(row, "service", "import-duplicate-row", first=self._seen[found.id])
                continue
            new = self._understand(row)
            if new is None:
                continue
            self._seen[found.id] = row.number
            kept = self._kept.get(found.recipient_id or 0)
            if kept is None:
                number = unit.connection.execute(
                    insert(recipient)
                    .values(tenant_id=tenant, provider_id=tenant, **values_of(new, "provider_id"))
                    .returning(recipient.c.id)
                ).scalar_one()
                unit.connection.execute(update(service).where(service.c.id == found.id).values(recipient_id=number))
                unit.changes.live(tenant, PUBLIC, "recipient", number)
                unit.changes.live(tenant, PUBLIC, "service", found.id)
                context.report.added += 1
            elif msgspec.structs.replace(new, id=kept.id, provider_id=tenant) == kept:
                context.report.unchanged += 1
            else:
                unit.connection.execute(
                    update(recipient).where(recipient.c.id == kept.id).values(**values_of(new, "provider_id"))
                )
                unit.changes.live(tenant, PUBLIC, "recipient", kept.id)
                context.report.changed += 1

    def finish(self, unit: Unit) -> None:
        """Nothing is left for the end."""

    def _understand(self, row: Row) -> Recipient | None:
        context = self._context
        if not row.get("name"):
            context.reject(row, "name", "import-value-missing")
            return None
        code = row.get("code")
        ukrainian = context.catalogue.provider.country == "UA"
        problem = None if code in EMPTY else check_edrpou(code) if ukrainian else check_bin(code)
        if problem is not None:
            context.reject(row, "code", problem.code, **problem.values)
            return None
        number = row.get("bank_account").replace(" ", "").upper()
        iban = legacy = ""
        if re.match(r"[A-Z]{2}\d\d", number):
            problem = check_iban(number)
            if problem is not None:
                context.reject(row, "bank_account", problem.code, **problem.values)
                return None
            iban = number
        elif number.isdigit() and len(number) <= 20:
            legacy = number  # opened before IBANs: shown and paid to, but no QR can carry it
        else:
            context.reject(row, "bank_account", "iban-invalid")
            return None
        try:
            percent = Decimal(0) if row.get("commission") in EMPTY else parse_decimal(row.get("commission"))
        except ValueError:
            context.reject(row, "commission", "import-not-a-number")
            return None
        purpose = row.get("purpose")
        bank_code = row.get("bank_code")
        if not bank_code and iban.startswith("UA"):
            bank_code = iban[4:10]
        without_vat = re.search(r"без (?:ПДВ|НДС)|ҚҚС-сыз", purpose)
        return Recipient(
            id=0,
            provider_id=0,
            name=row.get("name"),
            code="" if code in EMPTY else code,
            iban=iban,
            legacy_account=legacy,
            bank=row.get("bank"),
            bank_code=bank_code,
            purpose=purpose,
            commission_percent=f"{percent:f}",
            vat_note=without_vat[0] if without_vat else "",
        )
