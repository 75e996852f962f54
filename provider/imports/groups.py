"""Groups of kindergartens with their places.

The file says how many places there are; who has one is the cabinet's. So a second file changes the count of all places
and tells where it counts the free ones otherwise. A temporary place is the kept place of a child that is away: the
group's own places are all taken then, and what the file calls free is lent until a day, 31 August when it names none.
Groups and places hold from ``ImportOptions.as_of`` on, the beginning of the school year when it is not given.
Source: R-IMPORT-6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import select, text, update

from models.domain.admissions.states import Mode
from provider.imports import admission_words as words
from provider.imports.department_runs import SEVERAL, kindergartens, open_department, stated
from provider.imports.report import ImportReport
from provider.imports.runs import Context, ImportOptions, Progress, Row, run_import
from provider.imports.tables import TableRefused
from provider.imports.values import EMPTY, parse_day, parse_whole
from provider.services.admissions import steps, waiting
from provider.services.admissions.department import Department
from provider.store.bulk import copy_rows, reserve_ids
from provider.store.changes import PUBLIC
from provider.store.database import Database, Unit
from provider.store.tables_admissions import kindergarten_group, organisation, place

_SEPTEMBER: Final = 9
_TEXTS: Final = {"kindergarten": 200, "name": 120, "responsible": 200}
_STATED: Final = ("age_from", "age_to", "language", "kind", "correction", "responsible")
_SOURCES: Final = {"age_from": "ages", "age_to": "ages", "kind": "stay"}
_GROUP: Final = ("id", "tenant_id", "organisation_id", "name", *_STATED, "valid_from")
_PLACE: Final = ("id", "tenant_id", "group_id", "mode", "capacity", "occupied", "held", "valid_from", "valid_to")
_LANGUAGES: Final = text(
    "SELECT o.id, n.languages FROM organisation o JOIN ("
    "SELECT organisation_id, jsonb_agg(DISTINCT language ORDER BY language) AS languages FROM kindergarten_group "
    "WHERE tenant_id = :tenant AND valid_to IS NULL GROUP BY organisation_id) AS n ON n.organisation_id = o.id "
    "WHERE o.languages <> n.languages ORDER BY o.id"
)


def import_groups(
    database: Database,
    tenant: int,
    file: Path,
    dry_run: bool = False,
    options: ImportOptions | None = None,
    progress: Progress | None = None,
    *,
    expected: frozenset[str] = frozenset(),
) -> ImportReport:
    """Import groups and return the report. Raises TableRefused when the file cannot be read.

    Of a workbook whose first sheet holds no groups the second one is taken. ``expected`` are kindergartens that a trial
    did not really add.
    """
    department = open_department(database, tenant)
    options = options or ImportOptions()

    def run(chosen: ImportOptions) -> ImportReport:
        return run_import(
            database, tenant, file, "groups", lambda context: GroupsImporter(context, department, expected),
            dry_run=dry_run, options=chosen, progress=progress,
        )  # fmt: skip

    try:
        return run(options)
    except TableRefused as refused:
        if options.sheet or refused.problem.code != "import-missing-column":
            raise
        try:
            return run(replace(options, sheet="2"))
        except TableRefused as second:
            if second.problem.code == "import-no-sheet" or file.suffix.casefold() not in (".xls", ".xlsx"):
                raise refused from None
            raise


class GroupRow(Struct, frozen=True, gc=False):
    """A row understood; ``values`` are those of ``_STATED``."""

    row: Row
    kindergarten: str
    name: str
    values: tuple[Any, ...]
    mode: Mode
    capacity: int
    free: int | None
    until: date | None


class _Known(Struct, gc=False):
    """A group that the database holds; ``places`` are (id, capacity, occupied, held) by mode."""

    id: int
    values: tuple[Any, ...]
    places: dict[str, tuple[int, int, int, int]]


class GroupsImporter:
    """Applies batches of groups."""

    def __init__(self, context: Context, department: Department, expected: frozenset[str]) -> None:
        self._context = context
        self._department = department
        self._tenant = department.tenant
        self._expected = expected
        self._seen: dict[tuple[str, str, str], int] = {}
        school_year = context.today.year - (context.today.month < _SEPTEMBER)
        self._day = context.options.as_of or date(school_year, _SEPTEMBER, 1)
        self._lent_until = date(school_year + 1, 8, 31)
        self._grown: set[int] = set()

    def understand(self, rows: Sequence[Row]) -> Sequence[GroupRow]:
        """Return the rows that can be taken; the report says what is wrong with the others."""
        return [one for row in rows if (one := self._understand(row)) is not None]

    def apply(self, unit: Unit, rows: Sequence[GroupRow]) -> None:
        """Add what is new and change what differs."""
        owners = kindergartens(unit.connection, self._tenant)
        known = self._known(unit)
        new: list[tuple[Any, ...]] = []
        places: list[tuple[Any, ...]] = []
        group_ids = iter(reserve_ids(unit.connection, kindergarten_group, len(rows)))
        for one in rows:
            owner = owners.get(one.kindergarten)
            if owner == SEVERAL:
                self._context.reject(one.row, "kindergarten", "import-kindergarten-several")
                continue
            if owner is None:
                if one.kindergarten in self._expected:
                    self._context.report.added += 1
                else:
                    self._context.reject(one.row, "kindergarten", "import-kindergarten-unknown")
                continue
            have = known.get((owner, one.name))
            fresh = have is None
            if have is None:
                have = known[owner, one.name] = _Known(next(group_ids), one.values, {})
                new.append((have.id, self._tenant, owner, one.name, *one.values, self._day))
            changed = not fresh and self._change_group(unit, one, have)
            added, moved = self._places_of(unit, one, have)
            places += added
            report = self._context.report
            report.added += fresh or bool(added)
            report.changed += not fresh and not added and (changed or moved)
            report.unchanged += not (fresh or added or changed or moved)
        if new:
            copy_rows(unit.connection, kindergarten_group, _GROUP, new)
            unit.changes.new_many(self._tenant, "kindergarten_group", [(PUBLIC, row[0]) for row in new])
        ids = reserve_ids(unit.connection, place, len(places))
        if ids:
            copy_rows(
                unit.connection, place, _PLACE,
                [(row_id, self._tenant, *values) for row_id, values in zip(ids, places, strict=True)],
            )  # fmt: skip
            unit.changes.new_many(self._tenant, "place", [(PUBLIC, row_id) for row_id in ids])

    def finish(self, unit: Unit) -> None:
        """Give each kindergarten the languages of its groups, and new places to those who wait for them."""
        for row in unit.connection.execute(_LANGUAGES, {"tenant": self._tenant}).all():
            unit.connection.execute(
                update(organisation).where(organisation.c.id == row.id).values(languages=row.languages)
            )
            unit.changes.live(self._tenant, PUBLIC, "organisation", row.id)
        for group in sorted(waiting.waited_for(unit, self._tenant, self._grown)):
            steps.offer_free(unit, self._department, group, self._context.now)

    def _change_group(self, unit: Unit, one: GroupRow, have: _Known) -> bool:
        changed = {
            name: value
            for name, value, kept in zip(_STATED, one.values, have.values, strict=True)
            if value != kept and _SOURCES.get(name, name) in one.row.cells
        }
        if changed:
            unit.connection.execute(
                update(kindergarten_group).where(kindergarten_group.c.id == have.id).values(**changed)
            )
            unit.changes.live(self._tenant, PUBLIC, "kindergarten_group", have.id)
        return bool(changed)

    def _places_of(self, unit: Unit, one: GroupRow, have: _Known) -> tuple[list[tuple[Any, ...]], bool]:
        """Return the places that a row adds, and whether it changed one that is kept."""
        added: list[tuple[Any, ...]] = []
        lent = one.mode is Mode.TEMPORARY
        free = 0 if one.free is None else one.free
        if Mode.PERMANENT not in have.places:
            taken = one.capacity if lent or one.free is None else one.capacity - free
            have.places[Mode.PERMANENT] = (0, one.capacity, taken, 0)
            added.append((have.id, Mode.PERMANENT.value, one.capacity, taken, 0, self._day, None))
            moved = False
        else:
            moved = self._recount(unit, one, have)
        if lent and free and Mode.TEMPORARY not in have.places:
            have.places[Mode.TEMPORARY] = (0, free, 0, 0)
            until = one.until or self._lent_until
            added.append((have.id, Mode.TEMPORARY.value, free, 0, 0, self._day, until))
        return added, moved

    def _recount(self, unit: Unit, one: GroupRow, have: _Known) -> bool:
        row_id, capacity, occupied, held = have.places[Mode.PERMANENT]
        changed = False
        if row_id and capacity != one.capacity:
            if one.capacity < occupied + held:
                self._context.warn(one.row, "capacity", "import-places-below-taken", taken=occupied + held)
            else:
                unit.connection.execute(update(place).where(place.c.id == row_id).values(capacity=one.capacity))
                unit.changes.live(self._tenant, PUBLIC, "place", row_id)
                if one.capacity > capacity:
                    self._grown.add(have.id)
                capacity, changed = one.capacity, True
                have.places[Mode.PERMANENT] = (row_id, capacity, occupied, held)
        if row_id and one.mode is Mode.PERMANENT and one.free is not None and one.free != capacity - occupied - held:
            self._context.warn(one.row, "free", "import-free-differs", free=capacity - occupied - held)
        return changed

    def _known(self, unit: Unit) -> dict[tuple[int, str], _Known]:
        """Return every group of the department: a few thousand at most."""
        columns = kindergarten_group.c
        found = {
            (row.organisation_id, row.name): _Known(row.id, tuple(row[3:]), {})
            for row in unit.connection.execute(
                select(columns.id, columns.organisation_id, columns.name, *(columns[name] for name in _STATED)).where(
                    columns.tenant_id == self._tenant, columns.valid_to.is_(None)
                )
            )
        }
        by_id = {one.id: one for one in found.values()}
        kept = select(place.c.id, place.c.group_id, place.c.mode, place.c.capacity, place.c.occupied, place.c.held)
        for row in unit.connection.execute(
            kept.where(
                place.c.tenant_id == self._tenant,
                (place.c.valid_to.is_(None)) | (place.c.valid_to >= self._context.today),
            ).order_by(place.c.id)
        ):
            if row.group_id in by_id:
                by_id[row.group_id].places[row.mode] = (row.id, row.capacity, row.occupied, row.held)
        return found

    def _understand(self, row: Row) -> GroupRow | None:
        context, get = self._context, row.cells.get
        texts = stated(context, row, _TEXTS)
        if texts is None:
            return None
        name = texts["name"]
        for field in ("kindergarten", "name"):
            if not get(field, ""):
                context.reject(row, field, "import-value-missing")
                return None
        found = self._words(row)
        counts = self._counts(row)
        if found is None or counts is None:
            return None
        kindergarten = words.plain(texts["kindergarten"])
        ages, language, mode, stay, corrections = found
        key = (kindergarten, name, mode.value)
        if key in self._seen:
            context.reject(row, "name", "import-duplicate-row", first=self._seen[key])
            return None
        self._seen[key] = row.number
        values = (*ages, language, stay, corrections[0] if corrections else "", texts["responsible"])
        capacity, free, until = counts
        return GroupRow(row, kindergarten, name, values, mode, capacity, free, until)

    def _words(self, row: Row) -> tuple[tuple[int, int], str, Mode, str, tuple[str, ...]] | None:
        """Return ages, language, mode, stay and corrections of a row, ``None`` after rejecting it."""
        found: list[Any] = []
        for field, understood, problem in (
            ("ages", words.ages, "import-not-ages"),
            ("language", words.language, "import-language-unknown"),
            ("mode", words.mode, "import-mode-unknown"),
            ("stay", words.stay, "import-stay-unknown"),
            ("correction", words.corrections, "import-correction-unknown"),
        ):
            try:
                found.append(understood(row.get(field)))
            except ValueError:
                self._context.reject(row, field, problem)
                return None
        return found[0], found[1], found[2], found[3], found[4]

    def _counts(self, row: Row) -> tuple[int, int | None, date | None] | None:
        """Return all places, free places and the last day of lent ones, ``None`` after rejecting the row."""
        context = self._context
        counts: list[int | None] = []
        for field in ("capacity", "free"):
            stated = row.get(field)
            try:
                counts.append(None if stated in EMPTY and field == "free" else parse_whole(stated))
            except ValueError:
                context.reject(row, field, "import-not-a-number")
                return None
        capacity, free = counts[0] or 0, counts[1]
        if free is not None and free > capacity:
            context.reject(row, "free", "import-free-above-all")
            return None
        stated = row.get("until")
        try:
            until = None if stated in EMPTY else parse_day(stated)
        except ValueError:
            context.reject(row, "until", "import-not-a-date")
            return None
        return capacity, free, until
