"""Kindergartens of a department; what was imported before is changed only where the file says something else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import select, update

from models.domain.identity import check_bin
from provider.imports import admission_words as words
from provider.imports.department_runs import Localities, open_department, stated
from provider.imports.groups import import_groups
from provider.imports.report import ImportReport
from provider.imports.runs import Context, ImportOptions, Progress, Row, run_import
from provider.imports.tables import TableRefused
from provider.imports.values import EMPTY, parse_number
from provider.services.admissions.department import Department
from provider.store.bulk import copy_rows, reserve_ids
from provider.store.changes import PUBLIC
from provider.store.database import Database, Unit
from provider.store.tables_admissions import organisation

_STATED: Final = (
    "code", "name", "kind", "ownership", "locality_id", "address", "phone", "email", "bin", "director", "corrections",
)  # fmt: skip
"""Columns that a registry states, in the order of ``Kindergarten.values``."""
_TEXTS: Final = {"name": 200, "address": 300, "phone": 100, "email": 254, "director": 200}
_SOURCES: Final = {"code": "number", "locality_id": "locality", "corrections": "correction"}


def import_kindergartens(
    database: Database,
    tenant: int,
    file: Path,
    dry_run: bool = False,
    options: ImportOptions | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Import kindergartens and return the report. Raises TableRefused when the file cannot be read."""
    department = open_department(database, tenant)
    return run_import(
        database, tenant, file, "kindergartens", lambda context: KindergartensImporter(context, department),
        dry_run=dry_run, options=options, progress=progress,
    )  # fmt: skip


def import_workbook(
    database: Database,
    tenant: int,
    file: Path,
    dry_run: bool = False,
    options: ImportOptions | None = None,
    progress: Progress | None = None,
) -> list[ImportReport]:
    """Import kindergartens and, when the workbook has a second sheet with groups, these too; return the reports.

    Raises TableRefused when the file cannot be read.
    """
    department = open_department(database, tenant)
    importers: list[KindergartensImporter] = []

    def make(context: Context) -> KindergartensImporter:
        importers.append(KindergartensImporter(context, department))
        return importers[0]

    first = run_import(
        database, tenant, file, "kindergartens", make, dry_run=dry_run, options=options, progress=progress
    )
    if first.format not in ("xls", "xlsx") or (options is not None and (options.sheet or options.columns)):
        return [first]
    expected = importers[0].names if importers and dry_run else frozenset[str]()
    second = ImportOptions(sheet="2", today=options.today, as_of=options.as_of) if options else ImportOptions(sheet="2")
    try:
        return [first, import_groups(database, tenant, file, dry_run, second, progress, expected=expected)]
    except TableRefused as refused:
        if refused.problem.code in ("import-no-sheet", "import-no-header", "import-missing-column"):
            return [first]
        raise


class Kindergarten(Struct, frozen=True, gc=False):
    """A row understood."""

    row: Row
    values: tuple[Any, ...]


class KindergartensImporter:
    """Applies batches of kindergartens."""

    def __init__(self, context: Context, department: Department) -> None:
        self._context = context
        self._tenant = department.tenant
        self._localities = Localities(department)
        self._seen: dict[str, int] = {}
        self._names: set[str] = set()
        self._homes: dict[tuple[str, str], int] = {}  # rows by name and address

    @property
    def names(self) -> frozenset[str]:
        """The numbers, and the names that one only has, of the kindergartens of the file, as they are compared."""
        several = {name for name, count in Counter(name for name, _address in self._homes).items() if count > 1}
        return frozenset(self._names - several)

    def understand(self, rows: Sequence[Row]) -> Sequence[Kindergarten]:
        """Return the rows that can be taken; the report says what is wrong with the others."""
        return [one for row in rows if (one := self._understand(row)) is not None]

    def apply(self, unit: Unit, rows: Sequence[Kindergarten]) -> None:
        """Add what is new and change what differs."""
        report, changes = self._context.report, unit.changes
        known = _known(unit, self._tenant)
        named: dict[str, list[tuple[Any, ...]]] = {}
        for kept in known.values():
            named.setdefault(words.plain(kept[2]), []).append(kept)
        new = []
        for one in rows:
            have = known.get(one.values[0]) or self._entered(one, named)
            self._compare(one, named, have)
            if have is None:
                new.append(one)
                named.setdefault(words.plain(one.values[1]), []).append((0, *one.values))
                continue
            changed = {
                name: value
                for name, value, kept in zip(_STATED, one.values, have[1:], strict=True)
                if value != kept and _SOURCES.get(name, name) in one.row.cells
            }
            if changed:
                unit.connection.execute(update(organisation).where(organisation.c.id == have[0]).values(**changed))
                changes.live(self._tenant, PUBLIC, "organisation", have[0])
                report.changed += 1
            else:
                report.unchanged += 1
        ids = reserve_ids(unit.connection, organisation, len(new))
        if ids:
            copy_rows(
                unit.connection,
                organisation,
                ("id", "tenant_id", "department_id", *_STATED, "languages"),
                [(row_id, self._tenant, self._tenant, *one.values, []) for row_id, one in zip(ids, new, strict=True)],
            )
            changes.new_many(self._tenant, "organisation", [(PUBLIC, row_id) for row_id in ids])
        report.added += len(new)

    def finish(self, unit: Unit) -> None:
        """Nothing is left for the end."""

    def _entered(self, one: Kindergarten, named: Mapping[str, list[tuple[Any, ...]]]) -> tuple[Any, ...] | None:
        """Return the kindergarten that an officer entered before the registry came with its number."""
        name, address, bin_ = one.values[1], one.values[5], one.values[8]
        for have in named.get(words.plain(name), ()):
            same = words.plain(have[6]) == words.plain(address) or (bin_ and have[9] == bin_)
            if have[1] == f"O{have[0]}" and same:
                return have
        return None

    def _compare(
        self, one: Kindergarten, named: Mapping[str, list[tuple[Any, ...]]], have: tuple[Any, ...] | None
    ) -> None:
        """Point at another kindergarten of the same name, unless the department has both already."""
        name = words.plain(one.values[1])
        if have is not None and words.plain(have[2]) == name:
            return
        for other in named.get(name, ()):
            self._context.warn(one.row, "name", "import-kindergarten-namesake", number=other[1])
            return

    def _understand(self, row: Row) -> Kindergarten | None:
        context, get = self._context, row.cells.get
        try:
            number = parse_number(get("number", "").removeprefix("№").strip())
        except ValueError:
            number = ""
        texts = stated(context, row, _TEXTS)
        if texts is None:
            return None
        name, address = texts["name"], texts["address"]
        for field, value in (("number", number), ("name", name)):
            if not value:
                context.reject(row, field, "import-value-missing")
                return None
        if number in self._seen:
            context.reject(row, "number", "import-duplicate-row", first=self._seen[number])
            return None
        code = get("bin", "").replace(" ", "")
        if code in EMPTY:
            code = ""
        elif check_bin(code) is not None:
            context.reject(row, "bin", "import-bin-wrong")
            return None
        found: dict[str, Any] = {}
        for field, code_of, problem in _WORDS:
            text = get(field, "")
            try:
                found[field] = code_of(text if text not in EMPTY else "")
            except ValueError:
                context.reject(row, field, problem)
                return None
        try:
            locality = self._localities.find(get("locality", ""))
        except ValueError:
            context.reject(row, "locality", "import-locality-unknown")
            return None
        home = (words.plain(name), words.plain(address))
        if home in self._homes:
            context.reject(row, "name", "import-kindergarten-twice", first=self._homes[home])
            return None
        self._homes[home] = self._seen[number] = row.number
        self._names |= {words.plain(number), words.plain(name)}
        return Kindergarten(
            row,
            (
                number, name, found["kind"], found["ownership"], locality, address, texts["phone"],
                texts["email"], code, texts["director"], list(found["correction"]),
            ),
        )  # fmt: skip


_WORDS: Final[tuple[tuple[str, Callable[[str], Any], str], ...]] = (
    ("kind", lambda text: words.organisation_kind(text) if text else "kindergarten", "import-kind-unknown"),
    ("ownership", lambda text: words.ownership(text) if text else "state", "import-ownership-unknown"),
    ("correction", words.corrections, "import-correction-unknown"),
)


def _known(unit: Unit, tenant: int) -> Mapping[str, tuple[Any, ...]]:
    """Return every kindergarten of the department by its number: a few hundred at most."""
    rows = unit.connection.execute(
        select(organisation.c.id, *(organisation.c[name] for name in _STATED))
        .where(organisation.c.tenant_id == tenant)
        .order_by(organisation.c.id)
    )
    return {row[1]: tuple(row) for row in rows}
