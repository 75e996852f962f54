"""Prices with VAT, norms, tiers and subscription fees, while they are valid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import update

from models.contract.records import Service, Tariff
from models.domain.tariffs import check_tariffs
from provider.imports.report import ImportReport
from provider.imports.runs import Context, ImportOptions, Progress, Row, run_import
from provider.imports.subscriber_rows import find_service
from provider.imports.values import EMPTY, decimal_text, parse_day, parse_decimal, parse_money
from provider.services.catalogue import create_tariff
from provider.store.changes import PUBLIC
from provider.store.database import Database, Unit
from provider.store.rows import values_of
from provider.store.tables_utility import tariff

_GROUPS: Final = {
    "population": ("", "population", "население", "населення", "халық", "тұрғын", "фл", "физ"),
    "legal": ("legal", "юридическ", "юридичн", "заңды", "юл", "организац", "организ"),
}


def import_tariffs(
    database: Database,
    tenant: int,
    file: Path,
    dry_run: bool = False,
    options: ImportOptions | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Import a price list and return the report. Raises TableRefused when the file cannot be read."""
    return run_import(
        database, tenant, file, "tariffs", TariffsImporter, dry_run=dry_run, options=options, progress=progress
    )


def group_of(text: str) -> str | None:
    """Return the consumer group that a file names, ``None`` for one that is unknown."""
    plain = " ".join(text.casefold().split())
    for group, beginnings in _GROUPS.items():
        if plain in beginnings or any(plain.startswith(beginning) for beginning in beginnings if beginning):
            return group
    return None


class TariffsImporter:
    """Adds prices, and changes those of the same service, group and first day."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._tariffs = list(context.catalogue.tariffs)
        self._seen: dict[tuple[int, str, date], int] = {}

    def apply(self, unit: Unit, rows: Sequence[Row]) -> None:
        """Apply a batch of prices."""
        for row in rows:
            new = self._understand(row)
            if new is not None:
                self._keep(unit, row, new)

    def finish(self, unit: Unit) -> None:
        """Nothing is left for the end."""

    def _understand(self, row: Row) -> Tariff | None:
        context = self._context
        found: Service | None = find_service(context.catalogue, row.get("service"))
        if found is None:
            context.reject(row, "service", "import-service-unknown")
            return None
        group = group_of(row.get("group"))
        if group is None:
            context.reject(row, "group", "import-group-unknown")
            return None
        numbers: dict[str, Decimal | None] = {}
        for name in ("price", "vat", "norm"):
            try:
                numbers[name] = None if row.get(name) in EMPTY else parse_decimal(row.get(name))
                if (numbers[name] or 0) < 0 or (name == "price" and numbers[name] is None):
                    raise ValueError(name)
            except ValueError:
                context.reject(row, name, "import-not-a-number")
                return None
        try:
            fee = 0 if row.get("subscription") in EMPTY else parse_money(row.get("subscription"))
        except ValueError:
            context.reject(row, "subscription", "import-not-money")
            return None
        days: dict[str, date | None] = {}
        for name in ("valid_from", "valid_to"):
            try:
                days[name] = None if row.get(name) in EMPTY else parse_day(row.get(name))
            except ValueError:
                context.reject(row, name, "import-not-a-date")
                return None
        valid_from, last = days["valid_from"], days["valid_to"]
        if valid_from is None:
            context.reject(row, "valid_from", "import-not-a-date")
            return None
        if last is not None and last < valid_from:
            context.reject(row, "valid_to", "import-dates-reversed")
            return None
        try:
            tiers = parse_tiers(row.get("tiers"))
        except ValueError:
            context.reject(row, "tiers", "import-not-a-number")
            return None
        key = (found.id, group, valid_from)
        if key in self._seen:
            context.reject(row, "valid_from", "import-duplicate-row", first=self._seen[key])
            return None
        self._seen[key] = row.number
        norm = numbers["norm"]
        vat = numbers["vat"]
        new = Tariff(
            id=0,
            service_id=found.id,
            consumer_group=group,
            price=decimal_text(numbers["price"] or Decimal(0)),
            vat_rate="0" if vat is None else f"{vat.normalize():f}",
            norm=None if norm is None else f"{norm:.4f}",
            tiers=tiers,
            subscription_minor=fee,
            valid_from=valid_from,
            valid_to=None if last is None else last + timedelta(days=1),  # files name the last day, we the first after
        )
        for problem in check_tariffs([new]):
            context.reject(row, problem.field, problem.code, **problem.values)
            return None
        return new

    def _keep(self, unit: Unit, row: Row, new: Tariff) -> None:
        report = self._context.report
        tenant = self._context.catalogue.tenant
        for kept in self._tariffs:
            if (kept.service_id, kept.consumer_group) != (new.service_id, new.consumer_group):
                continue
            if kept.valid_from == new.valid_from:
                wanted = msgspec.structs.replace(new, id=kept.id)
                if wanted == kept:
                    report.unchanged += 1
                    return
                unit.connection.execute(update(tariff).where(tariff.c.id == kept.id).values(**values_of(wanted)))
                unit.changes.live(tenant, PUBLIC, "tariff", kept.id)
                self._tariffs[self._tariffs.index(kept)] = wanted
                report.changed += 1
                return
        for kept in self._tariffs:
            if (kept.service_id, kept.consumer_group) != (new.service_id, new.consumer_group):
                continue
            if kept.valid_to is None and kept.valid_from < new.valid_from:
                # an open-ended price ends where the next one begins
                ended = msgspec.structs.replace(kept, valid_to=new.valid_from)
                unit.connection.execute(update(tariff).where(tariff.c.id == kept.id).values(valid_to=new.valid_from))
                unit.changes.live(tenant, PUBLIC, "tariff", kept.id)
                self._tariffs[self._tariffs.index(kept)] = ended
            elif (new.valid_to is None or kept.valid_from < new.valid_to) and (
                kept.valid_to is None or new.valid_from < kept.valid_to
            ):
                self._context.reject(row, "valid_from", "import-tariff-overlaps", day=kept.valid_from.isoformat())
                return
        self._tariffs.append(create_tariff(unit, tenant, new))
        report.added += 1


def parse_tiers(text: str) -> list[tuple[str, str]]:
    """Return tiers written «10=50,40; 20=60,00; =70,00»: cumulative limit and price; the last has no limit."""
    if text in EMPTY:
        return []
    tiers: list[tuple[str, str]] = []
    for part in text.split(";"):
        limit, mark, price = part.partition("=")
        if not mark:
            raise ValueError(f"not a tier: {part!r}")
        plain = limit.strip()
        tiers.append((f"{parse_decimal(plain):f}" if plain else "", decimal_text(parse_decimal(price))))
    if tiers[-1][0] or any(not limit for limit, _ in tiers[:-1]):
        raise ValueError("the last tier, and only it, is open")
    return tiers
