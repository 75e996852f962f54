"""Running an import: the file is read, its columns recognised, its rows applied in batches, and the run recorded.

A batch is one transaction of at most 2,000 rows, so a reader of changes never waits long and one broken file never
undoes what was right. A dry run does the same work in one transaction and undoes it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from msgspec import Struct
from sqlalchemy import insert, select

from models.domain.problems import Problem
from provider.imports.columns import is_footer, recognise
from provider.imports.report import ImportReport
from provider.imports.tables import Table, TableOptions, TableRefused, read_table
from provider.services.catalogue import Catalogue, load_catalogue
from provider.store.database import Database, Unit
from provider.store.garbage import seldom_collected
from provider.store.statistics import refresh
from provider.store.tables_utility import import_run

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What a person may state about a file. ``None`` and empty mean: as the file or the provider says.

    ``debt_sign`` is how the file writes debts (``debt_positive`` or ``debt_negative``); ``minor_units`` that amounts
    are whole kopiyky or tiyn; ``as_of`` the day at whose start its balances stood, or since when its groups hold;
    ``account`` and ``service`` whom a file without such a column is about; ``columns`` maps fields to headers;
    ``today`` the present day.
    """

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    debt_sign: str = ""
    minor_units: bool = False
    as_of: date | None = None
    account: str = ""
    service: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    today: date | None = None


class Row(Struct, frozen=True, gc=False):
    """A row with its number in the file and its cells by field; fields without a column are absent."""

    number: int
    cells: dict[str, str]

    def get(self, name: str) -> str:
        """Return a cell, "" when the file has no such column."""
        return self.cells.get(name, "")


class Importer(Protocol):
    """Applies rows of one kind of file."""

    def apply(self, unit: Unit, rows: Sequence[Any]) -> None:
        """Apply a batch and count it in the report; whatever is wrong with a row goes there too."""
        ...

    def finish(self, unit: Unit) -> None:
        """Do what needs the whole file."""
        ...


@runtime_checkable
class ReadsAhead(Protocol):
    """An importer that understands a batch without the database, so that it can while the one before is committed.

    What it returns is given to ``apply`` in place of the rows.
    """

    def understand(self, rows: Sequence[Row]) -> Sequence[Any]:
        """Return the rows of a batch as they are understood; whatever is wrong with one goes to the report."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """What an importer works with."""

    catalogue: Catalogue
    options: ImportOptions
    report: ImportReport
    headers: dict[str, str]  # field → the file's own header
    today: date
    now: datetime
    file_stem: str
    footers: list[Row] = field(default_factory=list)  # sums below the table, as they stand there

    def reject(self, row: Row, name: str, code: str, **values: str | int) -> None:
        """Leave a row out for what stands in a field."""
        self.report.reject(
            row.number, self.headers.get(name, ""), row.get(name), Problem(code, field=name, values=values)
        )

    def warn(self, row: Row, name: str, code: str, **values: str | int) -> None:
        """Import a row and point at what stands in a field."""
        self.report.warn(
            row.number, self.headers.get(name, ""), row.get(name), Problem(code, field=name, values=values)
        )


class _Undo(Exception):
    """Ends a dry run: the transaction rolls back."""


def run_import(
    database: Database,
    tenant: int,
    path: Path,
    kind: str,
    make: Callable[[Context], Importer],
    *,
    dry_run: bool = False,
    options: ImportOptions | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Import a file for a provider and return the report. Raises TableRefused when the file cannot be read at all."""
    options = options or ImportOptions()
    began = time.monotonic()
    now = datetime.now(UTC)
    with database.read() as connection:
        catalogue = load_catalogue(connection, tenant)
    report = ImportReport(kind, path.name, dry_run=dry_run, currency=catalogue.provider.currency)
    table_options = TableOptions(options.encoding, options.delimiter, options.sheet, catalogue.provider.country)
    with read_table(path, table_options) as table:
        report.format, report.encoding, report.delimiter = table.format, table.encoding, table.delimiter
        places = recognise(kind, table.header, options.columns, path.name)
        if not dry_run and _imported_cleanly(database, tenant, kind, table.sha256):
            report.repeated = True
            report.rows = report.unchanged = sum(len(batch) for batch in table.batches())
            report.seconds = time.monotonic() - began
            return report
        context = Context(
            catalogue=catalogue,
            options=options,
            report=report,
            headers={name: table.header[at] for name, at in places.items()},
            today=options.today or now.date(),
            now=now,
            file_stem=path.stem,
        )
        importer = make(context)
        try:
            if dry_run:
                with suppress(_Undo), database.change() as unit:
                    for rows in _understood(importer, _batches(table, places, context)):
                        importer.apply(unit, rows)
                        _tell(progress, report)
                    importer.finish(unit)
                    raise _Undo
            else:
                with seldom_collected(), _Commits(database) as commits:
                    for rows in _understood(importer, _batches(table, places, context)):
                        commits.run(importer, rows)
                        _tell(progress, report)
                with database.change() as unit:
                    importer.finish(unit)
        except TableRefused as refused:
            # the end of the file is damaged: what stands before it was imported and stays
            report.reject(0, "", "", refused.problem)
        report.seconds = time.monotonic() - began
        report.problems.sort(key=lambda one: one.row)  # two threads noted them
        if not dry_run:
            _record(database, tenant, table.sha256, report, now)
            refresh(database)
    return report


class _Commits:
    """Transactions one after the other on a thread of their own, while the next batch is read and understood.

    Only one transaction is ever open: the next begins when the one before is committed. Leaving the block waits for
    the last commit and raises what it raised.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._thread = ThreadPoolExecutor(1, "import-commit")
        self._pending: Future[None] | None = None

    def __enter__(self) -> _Commits:
        return self

    def __exit__(self, *_raised: object) -> None:
        try:
            self._settle()
        finally:
            self._thread.shutdown()

    def run(self, importer: Importer, rows: Sequence[Any]) -> None:
        """Leave a batch to the thread, which applies it in a transaction of its own; wait for the one before first."""
        self._settle()
        self._pending = self._thread.submit(self._apply, importer, rows)

    def _apply(self, importer: Importer, rows: Sequence[Any]) -> None:
        with self._database.change() as unit:
            importer.apply(unit, rows)

    def _settle(self) -> None:
        pending, self._pending = self._pending, None
        if pending is not None:
            pending.result()


def _understood(importer: Importer, batches: Iterator[list[Row]]) -> Iterator[Sequence[Any]]:
    """Yield batches as an importer's ``apply`` takes them."""
    understand = importer.understand if isinstance(importer, ReadsAhead) else None
    for rows in batches:
        yield rows if understand is None else understand(rows)


def _batches(table: Table, places: dict[str, int], context: Context) -> Iterator[list[Row]]:
    """Yield batches of rows by field; footers are put aside, rows with too few cells filled up."""
    report = context.report
    width = len(table.header)
    wanted = list(places.items())
    for batch in table.batches():
        rows = []
        for number, cells in batch:
            if is_footer(cells):
                context.footers.append(Row(number, {name: cells[at] for name, at in wanted if at < len(cells)}))
                continue
            report.rows += 1
            if len(cells) > width and any(cells[width:]):
                report.reject(
                    number, "", cells[width][:60], Problem("import-too-many-cells", values={"columns": width})
                )
                continue
            if len(cells) < width:
                cells = [*cells, *[""] * (width - len(cells))]
            rows.append(Row(number, {name: cells[at] for name, at in wanted}))
        if rows:
            yield rows


def _tell(progress: Progress | None, report: ImportReport) -> None:
    if progress is not None:
        progress(report.rows)


def _imported_cleanly(database: Database, tenant: int, kind: str, sha256: str) -> bool:
    """Return whether this very file was imported before and every row of it was taken."""
    with database.read() as connection:
        rows = connection.execute(
            select(import_run.c.counts).where(
                import_run.c.tenant_id == tenant, import_run.c.kind == kind, import_run.c.sha256 == sha256
            )
        )
        return any(not row.counts["rejected"] and not row.counts["suspense"] for row in rows)


def _record(database: Database, tenant: int, sha256: str, report: ImportReport, began: datetime) -> None:
    plain = report.plain()
    with database.change() as unit:
        unit.connection.execute(
            insert(import_run).values(
                tenant_id=tenant,
                kind=report.kind,
                file_name=report.file,
                sha256=sha256,
                started_at=began,
                finished_at=datetime.now(UTC),
                counts=report.counts(),
                problems=plain["problems"][:1000],
            )
        )
