"""Subscribers: accounts, their services, meters with the last reading, and opening balances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, select, text, update

from models.contract.records import Service
from models.domain.period import Month
from provider.imports.columns import date_in_header
from provider.imports.openings import Opening, post_openings
from provider.imports.report import ImportReport
from provider.imports.runs import Context, ImportOptions, Progress, Row, run_import
from provider.imports.subscriber_rows import ACCOUNT_COLUMNS, MeterRow, Subscriber, SubscriberRows, basis_of
from provider.imports.values import parse_day
from provider.services.catalogue import Catalogue
from provider.store.bulk import copy_rows, reserve_ids
from provider.store.changes import account_scope
from provider.store.database import Database, Unit
from provider.store.tables_utility import account, account_service, meter, reading

_OF_NUMBERS: Final = text(
    f"SELECT id, {', '.join(ACCOUNT_COLUMNS)} FROM account "  # noqa: S608  # column names of this module
    "WHERE tenant_id = :tenant AND number = ANY(string_to_array(:numbers, E'\\x1f'))"
)


def import_subscribers(
    database: Database,
    tenant: int,
    file: Path,
    dry_run: bool = False,
    options: ImportOptions | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Import a registry of subscribers and return the report. Raises TableRefused when the file cannot be read."""
    return run_import(
        database, tenant, file, "subscribers", SubscribersImporter, dry_run=dry_run, options=options, progress=progress
    )


@dataclass(slots=True)
class Known:
    """What the database holds about an account."""

    id: int
    values: tuple[Any, ...] | None
    services: dict[int, tuple[int, str, bool]] = field(default_factory=dict)  # service → (id, basis, active)
    meters: dict[tuple[int, str], tuple[int, Any]] = field(default_factory=dict)  # (service, number) → (id, row)
    opened: set[int] = field(default_factory=set)  # services written with their opening balance


class SubscribersImporter:
    """Applies batches of subscribers; what was imported before is changed only where the file differs."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._catalogue: Catalogue = context.catalogue
        self._rows = SubscriberRows(context)
        self._first: dict[str, tuple[Any, ...]] = {}  # account-level values of an account's first row in the file
        self._as_of: date | None = context.options.as_of

    def understand(self, rows: Sequence[Row]) -> Sequence[Subscriber]:
        """Return the rows of a batch that can be taken; the report says what is wrong with the others."""
        return [one for row in rows if (one := self._rows.understand(row)) is not None]

    def apply(self, unit: Unit, understood: Sequence[Subscriber]) -> None:
        """Apply a batch: accounts, services, meters with their readings, opening balances."""
        self._settle_date(understood)
        known = self._known(unit.connection, {one.values[0] for one in understood})
        self._accounts(unit, understood, known)
        self._meters(unit, understood, known)
        self._account_services(unit, understood, known)
        self._openings(unit, understood, known)
        report = self._context.report
        report.as_of = self._as_of.isoformat() if self._as_of else ""
        for one in understood:
            report.added += one.added
            report.changed += one.changed and not one.added
            report.unchanged += not one.changed and not one.added
            report.amount_minor += one.balance or 0

    def finish(self, unit: Unit) -> None:
        """Nothing is left for the end."""

    def _settle_date(self, understood: Sequence[Subscriber]) -> None:
        """Decide of which day the balances are: as told, as the header says, or the month after the readings."""
        if self._as_of is not None:
            return
        stated = date_in_header(self._context.headers.get("balance", ""))
        if stated:
            self._as_of = parse_day(stated)
            return
        read = [one.meter.read_on for one in understood if one.meter is not None and one.meter.read_on is not None]
        newest = max(read, default=None)
        self._as_of = Month.of(newest).next().first if newest else Month.of(self._context.today).first

    def _known(self, connection: Connection, numbers: set[str]) -> dict[str, Known]:
        found: dict[str, Known] = {}
        by_id: dict[int, Known] = {}
        # one text for thousands of numbers: as many parameters would cost more than the query
        for row in connection.execute(_OF_NUMBERS, {"tenant": self._catalogue.tenant, "numbers": "\x1f".join(numbers)}):
            found[row.number] = by_id[row.id] = Known(row.id, tuple(row[1:]))
        if by_id:
            for row in connection.execute(select(account_service).where(account_service.c.account_id.in_(list(by_id)))):
                by_id[row.account_id].services[row.service_id] = (row.id, row.basis, row.active)
            for row in connection.execute(
                select(meter).where(meter.c.account_id.in_(list(by_id)), meter.c.removed_on.is_(None))
            ):
                by_id[row.account_id].meters[row.service_id, row.number] = (row.id, row)
        return found

    def _accounts(self, unit: Unit, understood: Sequence[Subscriber], known: dict[str, Known]) -> None:
        tenant = self._catalogue.tenant
        new: dict[str, tuple[Any, ...]] = {}
        for one in understood:
            number = one.values[0]
            first = self._first.setdefault(number, one.values)
            if number in known:
                have = known[number]
                if have.values is not None and have.values != first and one.values is first:
                    changed = {
                        name: value
                        for name, value, old in zip(ACCOUNT_COLUMNS, first, have.values, strict=True)
                        if value != old and self._states(one.row, name)
                    }
                    if changed:
                        unit.connection.execute(update(account).where(account.c.id == have.id).values(**changed))
                        unit.changes.live(tenant, account_scope(have.id), "account", have.id)
                        one.changed = True
            else:
                new.setdefault(number, first)
                one.added = True
        ids = reserve_ids(unit.connection, account, len(new))
        rows = []
        for number, account_id in zip(new, ids, strict=True):
            known[number] = Known(account_id, None)
            rows.append((account_id, tenant, tenant, *new[number], [], "open"))
        if rows:
            copy_rows(
                unit.connection,
                account,
                ("id", "tenant_id", "provider_id", *ACCOUNT_COLUMNS, "privileges", "status"),
                rows,
            )
            unit.changes.new_many(tenant, "account", [(account_scope(row[0]), row[0]) for row in rows])

    def _states(self, row: Row, name: str) -> bool:
        """Return whether the file has a column for an account's value, so that it may change what is kept."""
        source = {"code_masked": "code", "consumer_group": "kind"}.get(name, name)
        return source in row.cells or (name in ("kind", "consumer_group") and "code" in row.cells)

    def _account_services(self, unit: Unit, understood: Sequence[Subscriber], known: dict[str, Known]) -> None:
        tenant = self._catalogue.tenant
        new: list[tuple[Subscriber, Known, Service]] = []
        for one in understood:
            have = known[one.values[0]]
            metered = {service_id for service_id, _ in have.meters}
            for service in one.services:
                kept = have.services.get(service.id)
                if kept is None:
                    new.append((one, have, service))
                    have.services[service.id] = (0, basis_of(service, metered), True)
                    one.added = one.added or have.values is not None
            for service_id, (row_id, basis, active) in list(have.services.items()):
                kept_service = self._catalogue.service_by_id(service_id)
                if not row_id or kept_service is None:
                    continue
                wanted = basis_of(kept_service, metered)
                alive = (active or kept_service in one.services) and kept_service not in one.without
                if (wanted, alive) != (basis, active):
                    unit.connection.execute(
                        update(account_service).where(account_service.c.id == row_id).values(basis=wanted, active=alive)
                    )
                    unit.changes.live(tenant, account_scope(have.id), "account_service", row_id)
                    have.services[service_id] = (row_id, wanted, alive)
                    one.changed = True
        ids = reserve_ids(unit.connection, account_service, len(new))
        rows = []
        for row_id, (one, have, service) in zip(ids, new, strict=True):
            metered = {service_id for service_id, _ in have.meters}
            basis = basis_of(service, metered)
            have.services[service.id] = (row_id, basis, True)
            owed = 0
            if service is one.services[0] and have.values is None and one.balance:
                owed = one.balance  # the opening entry is posted in this transaction
                have.opened.add(service.id)
            rows.append((row_id, tenant, have.id, service.id, basis, owed, True))
        if rows:
            columns = ("id", "tenant_id", "account_id", "service_id", "basis", "balance_minor", "active")
            copy_rows(unit.connection, account_service, columns, rows)
            unit.changes.new_many(tenant, "account_service", [(account_scope(row[2]), row[0]) for row in rows])

    def _meters(self, unit: Unit, understood: Sequence[Subscriber], known: dict[str, Known]) -> None:
        tenant = self._catalogue.tenant
        new: list[tuple[Subscriber, Known, MeterRow]] = []
        for one in understood:
            found = one.meter
            if found is None:
                continue
            have = known[one.values[0]]
            kept = have.meters.get((found.service_id, found.number))
            if kept is None:
                for (service_id, number), (meter_id, _) in list(have.meters.items()):
                    if service_id == found.service_id:
                        self._remove(unit, have, meter_id, found.read_on or self._context.today)
                        del have.meters[service_id, number]
                new.append((one, have, found))
                one.changed = True
            elif kept[1] is not None and self._differs(kept[1], found):
                unit.connection.execute(
                    update(meter)
                    .where(meter.c.id == kept[0])
                    .values(model=found.model or kept[1].model, verified_until=found.verified_until)
                )
                unit.changes.live(tenant, account_scope(have.id), "meter", kept[0])
                one.changed = True
        if not new:
            return
        ids = reserve_ids(unit.connection, meter, len(new))
        reading_ids = reserve_ids(unit.connection, reading, len(new))
        meters, readings = [], []
        for meter_id, reading_id, (_, have, found) in zip(ids, reading_ids, new, strict=True):
            day = found.read_on or (self._as_of or self._context.today) - timedelta(days=1)
            have.meters[found.service_id, found.number] = (meter_id, None)
            meters.append(
                (
                    meter_id, tenant, have.id, found.service_id, found.model, found.number,
                    found.register.integer_digits, found.register.fraction_digits, found.value, None, None, "",
                    found.verified_until, "working", "",
                )
            )  # fmt: skip
            readings.append(
                (
                    reading_id, tenant, have.id, meter_id, found.value, day, Month.of(day).number, "initial",
                    "accepted", self._context.now, "",
                )
            )  # fmt: skip
        copy_rows(
            unit.connection,
            meter,
            (
                "id", "tenant_id", "account_id", "service_id", "model", "number", "integer_digits", "fraction_digits",
                "initial", "installed_on", "removed_on", "seal", "verified_until", "status", "place",
            ),
            meters,
        )  # fmt: skip
        copy_rows(
            unit.connection,
            reading,
            (
                "id", "tenant_id", "account_id", "meter_id", "value", "read_on", "period", "source", "state",
                "received_at", "command_id",
            ),
            readings,
        )  # fmt: skip
        unit.changes.new_many(tenant, "meter", [(account_scope(row[2]), row[0]) for row in meters])
        unit.changes.new_many(tenant, "reading", [(account_scope(row[2]), row[0]) for row in readings])

    @staticmethod
    def _differs(kept: Any, found: MeterRow) -> bool:
        return bool(
            (found.model and kept.model != found.model)
            or (found.verified_until and kept.verified_until != found.verified_until)
        )

    def _remove(self, unit: Unit, have: Known, meter_id: int, day: date) -> None:
        last = unit.connection.execute(
            text(
                "SELECT value FROM reading WHERE meter_id = :meter AND state = 'accepted' "
                "ORDER BY read_on DESC, id DESC LIMIT 1"
            ),
            {"meter": meter_id},
        ).scalar_one_or_none()
        unit.connection.execute(
            update(meter).where(meter.c.id == meter_id).values(status="removed", removed_on=day, final=last)
        )
        unit.changes.live(self._catalogue.tenant, account_scope(have.id), "meter", meter_id)

    def _openings(self, unit: Unit, understood: Sequence[Subscriber], known: dict[str, Known]) -> None:
        assert self._as_of is not None
        openings = [
            Opening(one.row, have.id, one.services[0].id, one.balance, one.services[0].id in have.opened)
            for one in understood
            for have in (known[one.values[0]],)
            if one.balance is not None and one.services
        ]
        by_row = {one.row.number: one for one in understood}
        for opening in post_openings(unit, self._context, openings, self._as_of):
            by_row[opening.row.number].changed = True
