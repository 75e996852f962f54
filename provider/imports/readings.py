"""Readings from controllers' rounds and from consumers, as another program collected them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text, update

from models.contract.entry_reasons import LATE_READING
from models.contract.records import Account, Meter, Reading
from models.domain.meters import ReadingWindow, Register
from models.domain.period import Month
from provider.imports.report import ImportReport
from provider.imports.runs import Context, ImportOptions, Progress, Row, run_import
from provider.imports.subscriber_rows import register_value
from provider.imports.values import EMPTY, parse_day, parse_number
from provider.services.billing import recalculate
from provider.services.readings import STANDING_STATES, review
from provider.store.bulk import copy_rows, reserve_ids
from provider.store.changes import account_scope
from provider.store.database import Database, Unit
from provider.store.rows import fetch
from provider.store.tables_utility import account, meter, reading

_SOURCES: Final = {
    "controller": ("контрол", "инспек", "інспек", "бақылау", "обход", "controller"),
    "consumer": ("потреб", "спожив", "абонент", "тұтыну", "житель", "consumer"),
    "cashier": ("касс", "кас", "cash"),
}
_ANY_DAY: Final = ReadingWindow(1, 31)


def import_readings(
    database: Database,
    tenant: int,
    file: Path,
    dry_run: bool = False,
    options: ImportOptions | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Import readings and return the report. Raises TableRefused when the file cannot be read.

    Readings count for the month they were taken in. Questions that a resident would be asked become warnings.
    """
    return run_import(
        database, tenant, file, "readings", ReadingsImporter, dry_run=dry_run, options=options, progress=progress
    )


def source_of(text: str) -> str:
    """Return who took a reading, ``import`` when the file does not say."""
    plain = text.casefold()
    return next((name for name, words in _SOURCES.items() if plain.startswith(words)), "import")


@dataclass(frozen=True, slots=True)
class _Read:
    row: Row
    number: str
    meter_number: str
    day: date
    source: str


class ReadingsImporter:
    """Adds readings of a file; a changed one replaces what was imported before and corrects what was charged."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._seen: dict[tuple[int, int, str], tuple[int, int]] = {}  # meter, month, source → row, value

    def apply(self, unit: Unit, rows: Sequence[Row]) -> None:
        """Apply a batch of readings."""
        read = [one for row in rows if (one := self._understand(row)) is not None]
        accounts = self._accounts(unit.connection, {one.number for one in read})
        meters, history = self._meters(unit.connection, accounts)
        new: list[tuple[int, Meter, int, _Read]] = []
        late: dict[int, Month] = {}
        for one in read:
            found = self._meter_of(one, accounts, meters)
            if found is None:
                continue
            owner, register_of = found
            self._add(unit, one, owner, register_of, history.setdefault(register_of.id, []), new, late)
        self._write(unit, new)
        for account_id, month in sorted(_charged(unit.connection, late).items()):
            recalculate(
                unit, self._context.catalogue, account_id, month, today=self._context.today, reason=LATE_READING
            )

    def finish(self, unit: Unit) -> None:
        """Nothing is left for the end."""

    def _understand(self, row: Row) -> _Read | None:
        context = self._context
        try:
            number = parse_number(row.get("account"))
            meter_number = "" if row.get("meter_number") in EMPTY else parse_number(row.get("meter_number"))
        except ValueError:
            context.reject(row, "account", "import-account-invalid")
            return None
        if not number:
            context.reject(row, "account", "import-account-missing")
            return None
        try:
            day = parse_day(row.get("read_on"))
        except ValueError:
            context.reject(row, "read_on", "import-not-a-date")
            return None
        if day > context.today:
            context.reject(row, "read_on", "import-date-in-future")
            return None
        return _Read(row, number, meter_number, day, source_of(row.get("source")))

    def _accounts(self, connection: Connection, numbers: set[str]) -> dict[str, Account]:
        found = fetch(
            connection,
            Account,
            account.c.tenant_id == self._context.catalogue.tenant,
            account.c.number.in_(list(numbers)),
        )
        return {one.number: one for one in found}

    def _meters(
        self, connection: Connection, accounts: dict[str, Account]
    ) -> tuple[dict[int, list[Meter]], dict[int, list[Reading]]]:
        ids = [one.id for one in accounts.values()]
        meters: dict[int, list[Meter]] = {}
        for one in fetch(connection, Meter, meter.c.account_id.in_(ids), meter.c.removed_on.is_(None)):
            meters.setdefault(one.account_id, []).append(one)
        history: dict[int, list[Reading]] = {}
        for kept in fetch(connection, Reading, reading.c.account_id.in_(ids), reading.c.state.in_(STANDING_STATES)):
            history.setdefault(kept.meter_id, []).append(kept)
        return meters, history

    def _meter_of(
        self, one: _Read, accounts: dict[str, Account], meters: dict[int, list[Meter]]
    ) -> tuple[Account, Meter] | None:
        context = self._context
        owner = accounts.get(one.number)
        if owner is None:
            context.reject(one.row, "account", "import-account-unknown")
            return None
        installed = meters.get(owner.id, [])
        if one.meter_number:
            found = next((kept for kept in installed if kept.number == one.meter_number), None)
            if found is None:
                context.reject(one.row, "meter_number", "import-meter-unknown")
                return None
            return owner, found
        if len(installed) != 1:
            context.reject(one.row, "account", "import-meter-which" if installed else "import-meter-unknown")
            return None
        return owner, installed[0]

    def _add(
        self,
        unit: Unit,
        one: _Read,
        owner: Account,
        kept: Meter,
        history: list[Reading],
        new: list[tuple[int, Meter, int, _Read]],
        late: dict[int, Month],
    ) -> None:
        context = self._context
        report = context.report
        register = Register(kept.integer_digits, kept.fraction_digits)
        try:
            value = register_value(one.row.get("value"), register, context.catalogue.rules.reading_in_last_digit)
        except ValueError:
            context.reject(one.row, "value", "import-not-a-reading")
            return
        if value >= register.capacity:
            context.reject(one.row, "value", "import-reading-too-long", digits=register.integer_digits)
            return
        month = Month.of(one.day)
        key = (kept.id, month.number, one.source)
        if key in self._seen:
            context.reject(one.row, "account", "import-duplicate-row", first=self._seen[key][0])
            return
        later = [past for past in history if past.period > month.number]
        if later:
            context.reject(one.row, "read_on", "import-reading-older", day=later[-1].read_on.isoformat())
            return
        same = [past for past in history if past.period == month.number and past.source == one.source]
        if same and (same[-1].value, same[-1].read_on) == (value, one.day):
            self._seen[key] = (one.row.number, value)
            report.unchanged += 1
            return
        reviewed = review(
            context.catalogue,
            register,
            history,
            owner.residents,
            value=value,
            read_on=one.day,
            today=one.day,
            confirmed=(),
            window=_ANY_DAY,
        )
        for problem in reviewed.problems:
            if problem.code in ("reading-went-down", "reading-before-last"):
                context.reject(
                    one.row,
                    "value",
                    "import-reading-went-down",
                    previous=problem.values.get("last", "…"),
                    day=problem.values.get("on", "…"),
                )
            else:
                report.reject(one.row.number, context.headers["value"], one.row.get("value"), problem)
            return
        for question in reviewed.questions:
            if question.code == "reading-rolled-over":
                before = max((past for past in history if past.period < month.number), key=lambda past: past.read_on)
                context.warn(
                    one.row,
                    "value",
                    "import-reading-rolled-over",
                    previous=register.format(before.value),
                    day=before.read_on.isoformat(),
                )
            elif question.code == "reading-unusual":
                context.warn(one.row, "value", "import-reading-unusual", volume=question.values["volume"])
        self._seen[key] = (one.row.number, value)
        for past in same:
            unit.connection.execute(update(reading).where(reading.c.id == past.id).values(state="replaced"))
            unit.changes.live(context.catalogue.tenant, account_scope(owner.id), "reading", past.id)
            history.remove(past)
        report.changed += bool(same)
        report.added += not same
        new.append((owner.id, kept, value, one))
        late[owner.id] = min(late.get(owner.id, month), month)

    def _write(self, unit: Unit, new: list[tuple[int, Meter, int, _Read]]) -> None:
        if not new:
            return
        tenant = self._context.catalogue.tenant
        ids = reserve_ids(unit.connection, reading, len(new))
        copy_rows(
            unit.connection,
            reading,
            (
                "id", "tenant_id", "account_id", "meter_id", "value", "read_on", "period", "source", "state",
                "received_at", "command_id",
            ),
            [
                (
                    number, tenant, account_id, kept.id, value, one.day, Month.of(one.day).number, one.source,
                    "accepted", self._context.now, "",
                )
                for number, (account_id, kept, value, one) in zip(ids, new, strict=True)
            ],
        )  # fmt: skip
        unit.changes.new_many(
            tenant,
            "reading",
            [(account_scope(account_id), number) for number, (account_id, _, _, _) in zip(ids, new, strict=True)],
        )


def _charged(connection: Connection, late: dict[int, Month]) -> dict[int, Month]:
    """Return those accounts whose months were charged before, with the first month to put right."""
    if not late:
        return {}
    rows = connection.execute(
        text(
            "SELECT account_id, max(belongs_to) AS newest FROM entry WHERE kind = 'charge' "
            "AND account_id = ANY(CAST(:ids AS bigint[])) AND belongs_to >= :since GROUP BY account_id"
        ),
        {"ids": list(late), "since": min(late.values()).number},
    )
    return {row.account_id: late[row.account_id] for row in rows if row.newest >= late[row.account_id].number}
