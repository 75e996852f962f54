"""An existing queue: children and their applications with number, date and rank as the department's old registry has
them. A registry that comes again changes only applications on which nobody acted in the cabinet. Source: R-IMPORT-7.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import text

from provider.imports.department_runs import SEVERAL, kindergartens, open_department
from provider.imports.queue_rows import QueueRow, QueueRows
from provider.imports.report import ImportReport
from provider.imports.runs import Context, ImportOptions, Progress, Row, run_import
from provider.services.admissions.department import Department
from provider.services.admissions.positions import refresh_positions
from provider.services.logins import code_hasher, phone_key
from provider.store.bulk import copy_rows, reserve_ids
from provider.store.changes import child_scope
from provider.store.database import Database, Unit
from provider.store.statistics import refresh
from provider.store.tables_admissions import application, child, history_entry
from provider.store.tables_claims import child_claim

_CHILD: Final = (
    "id", "tenant_id", "department_id", "iin", "surname", "given_name", "patronymic", "born", "sex", "ethnicity",
    "version",
)  # fmt: skip
_APPLICATION: Final = (
    "id", "tenant_id", "department_id", "number", "programme", "child_id", "applicant_id", "applicant", "phone",
    "state", "state_since", "submitted_at", "rank_date", "category_id", "category_rank", "benefit", "benefit_state",
    "languages", "locality_id", "correction", "organisation_id", "stop", "archive", "terms", "day_terms",
    "restore_used", "extended", "referral_extended", "declines", "voucher", "voucher_number", "temp", "temp_end",
    "temp_voucher", "flags", "version", "language_mask", "born",
)  # fmt: skip
_HISTORY: Final = (
    "id", "tenant_id", "application_id", "at", "transition", "event", "actor", "actor_name", "from_state", "to_state",
    "reason", "detail",
)  # fmt: skip
_KNOWN: Final = text(
    "SELECT a.id, a.number, a.child_id, c.iin, a.programme, a.phone, a.submitted_at, a.rank_date, a.benefit, "
    "a.languages, a.locality_id, a.correction, a.state, a.version FROM application a JOIN child c ON c.id = a.child_id "
    "WHERE a.tenant_id = :tenant AND a.number = ANY(string_to_array(:numbers, E'\\x1f'))"
)
_CHILDREN: Final = text(
    "SELECT id, iin FROM child WHERE tenant_id = :tenant AND iin = ANY(string_to_array(:iins, E'\\x1f'))"
)
_LIVE: Final = text(
    "SELECT child_id, programme, number FROM application WHERE child_id = ANY(CAST(:children AS bigint[])) "
    "AND state NOT IN ('draft', 'archived')"
)
_CHANGE: Final = text(
    "UPDATE application SET phone = :phone, submitted_at = :at, rank_date = :at, benefit = :benefit, "
    "benefit_state = :benefit_state, category_id = :category, category_rank = :rank, languages = CAST(:languages AS "
    "jsonb), language_mask = :mask, locality_id = :locality, correction = :correction WHERE id = :id"
)
_SAME_PARENT: Final = text(
    "SELECT a.id, a.child_id, a.programme, a.born, k.code_key FROM application a "
    "JOIN child_claim k ON k.child_id = a.child_id WHERE a.tenant_id = :tenant AND a.state = 'queued' "
    "AND a.bundle_id IS NULL AND k.code_key IN (SELECT code_key FROM child_claim WHERE tenant_id = :tenant "
    "GROUP BY code_key HAVING count(*) > 1) ORDER BY k.code_key, a.programme, a.born, a.id FOR UPDATE OF a"
)
_BUNDLE: Final = text("UPDATE application SET bundle_id = :bundle WHERE id = ANY(:ids)")
_AS_IMPORTED: Final = 1
"""The version of an application on which nobody acted: every step and every change raises it."""


def import_queue(
    database: Database,
    tenant: int,
    file: Path,
    dry_run: bool = False,
    options: ImportOptions | None = None,
    progress: Progress | None = None,
    *,
    now: datetime | None = None,
) -> ImportReport:
    """Import an existing queue and return the report; numbers are counted as of ``now``.

    Raises TableRefused when the file cannot be read.
    """
    department = open_department(database, tenant)
    importers: list[QueueImporter] = []

    def make(context: Context) -> QueueImporter:
        importers.append(QueueImporter(context, department))
        return importers[0]

    report = run_import(database, tenant, file, "queue", make, dry_run=dry_run, options=options, progress=progress)
    if importers and not dry_run and report.added + report.changed:
        refresh(database, many=1_000)  # or the planner takes the queue for empty
        refresh_positions(database, tenant, now or importers[0].now)
    return report


class _Known(Struct, frozen=True, gc=False):
    """An application that the database holds."""

    id: int
    number: str
    child_id: int
    iin: str
    programme: str
    phone: str
    submitted_at: datetime
    rank_date: datetime
    benefit: str
    languages: list[str]
    locality_id: int
    correction: str
    state: str
    version: int

    def says(self, one: QueueRow) -> bool:
        """Return whether a row says the same."""
        return (self.phone, self.rank_date, self.benefit, tuple(self.languages), self.locality_id, self.correction) == (
            one.phone, one.submitted_at, one.benefit, one.languages, one.locality_id, one.correction,
        )  # fmt: skip


class QueueImporter:
    """Applies batches of applications."""

    def __init__(self, context: Context, department: Department) -> None:
        self._context = context
        self._tenant = department.tenant
        self._rows = QueueRows(context, department)
        self._kindergartens: dict[str, int] | None = None

    @property
    def now(self) -> datetime:
        """The instant of the import."""
        return self._context.now

    def understand(self, rows: Sequence[Row]) -> Sequence[QueueRow]:
        """Return the rows that can be taken; the report says what is wrong with the others."""
        return self._rows.understand(rows)

    def apply(self, unit: Unit, rows: Sequence[QueueRow]) -> None:
        """Add children and applications that are new; change those that only an import has touched."""
        known = self._known(unit, rows)
        fresh = []
        for one in rows:
            kept = known.get(one.number)
            if kept is None:
                fresh.append(one)
            elif kept.iin != one.iin:
                self._context.reject(one.row, "number", "import-number-taken", number=one.number)
            else:
                self._again(unit, one, kept)
        if not fresh:
            return
        children = self._children(unit, fresh)
        fresh = self._unqueued(unit, fresh, children)
        wanted = [(one, self._wanted(unit, one)) for one in fresh]
        good = [(one, owner) for one, owner in wanted if owner is not None or not one.kindergarten]
        self._add_children(unit, [one for one, _ in good], children)
        self._add_applications(unit, good, children)
        self._context.report.added += len(good)

    def finish(self, unit: Unit) -> None:
        """Serve children of one parent who were born at about the same time together. Source: D-23."""
        if not self._context.report.added:
            return
        rows = unit.connection.execute(_SAME_PARENT, {"tenant": self._tenant}).all()
        for (_parent, programme), own in itertools.groupby(rows, lambda row: (row.code_key, row.programme)):
            days = self._rows.bundle_days(programme)
            bundle: list[Any] = []
            for row in [*own, None]:
                if row is not None and (not bundle or (row.born - bundle[0].born).days <= days):
                    bundle.append(row)
                    continue
                if len(bundle) > 1:
                    ids = [one.id for one in bundle]
                    unit.connection.execute(_BUNDLE, {"bundle": min(ids), "ids": ids})
                    unit.changes.live_many(
                        self._tenant, "application", [(child_scope(one.child_id), one.id) for one in bundle]
                    )
                bundle = [] if row is None else [row]

    def _known(self, unit: Unit, rows: Sequence[QueueRow]) -> dict[str, _Known]:
        numbers = "\x1f".join(one.number for one in rows)
        found = unit.connection.execute(_KNOWN, {"tenant": self._tenant, "numbers": numbers})
        return {row[1]: _Known(*row) for row in found}

    def _children(self, unit: Unit, rows: Sequence[QueueRow]) -> dict[str, int]:
        iins = "\x1f".join(one.iin for one in rows)
        return {row.iin: row.id for row in unit.connection.execute(_CHILDREN, {"tenant": self._tenant, "iins": iins})}

    def _unqueued(self, unit: Unit, rows: Sequence[QueueRow], children: dict[str, int]) -> list[QueueRow]:
        """Return the rows whose child has no live application of the programme yet."""
        if not children:
            return list(rows)
        values = {"children": "{" + ",".join(map(str, children.values())) + "}"}
        live = {(row.child_id, row.programme): row.number for row in unit.connection.execute(_LIVE, values)}
        good = []
        for one in rows:
            number = live.get((children.get(one.iin, 0), one.programme.value))
            if number is None:
                good.append(one)
            else:
                self._context.reject(one.row, "child_iin", "import-child-queued", number=number)
        return good

    def _wanted(self, unit: Unit, one: QueueRow) -> int | None:
        """Return the kindergarten that a row names; ``None`` for none, or after rejecting the row."""
        if not one.kindergarten:
            return None
        if self._kindergartens is None:
            self._kindergartens = dict(kindergartens(unit.connection, self._tenant))
        found = self._kindergartens.get(one.kindergarten)
        if found:
            return found
        several = found == SEVERAL
        self._context.reject(
            one.row, "kindergarten", "import-kindergarten-several" if several else "import-kindergarten-unknown"
        )
        return None

    def _again(self, unit: Unit, one: QueueRow, kept: _Known) -> None:
        report = self._context.report
        if kept.says(one):
            report.unchanged += 1
            return
        if kept.version != _AS_IMPORTED or kept.state != "queued":
            self._context.warn(one.row, "number", "import-application-moved-on")
            report.unchanged += 1
            return
        unit.connection.execute(
            _CHANGE,
            {
                "id": kept.id,
                "phone": one.phone,
                "at": one.submitted_at,
                "benefit": one.benefit,
                "benefit_state": "verified" if one.benefit else "",
                "category": one.category_id,
                "rank": one.rank,
                "languages": msgspec.json.encode(one.languages).decode(),
                "mask": one.mask,
                "locality": one.locality_id,
                "correction": one.correction,
            },
        )
        unit.changes.live(self._tenant, child_scope(kept.child_id), "application", kept.id)
        report.changed += 1

    def _add_children(self, unit: Unit, rows: Sequence[QueueRow], children: dict[str, int]) -> None:
        tenant = self._tenant
        new = list({one.iin: one for one in rows if one.iin not in children}.values())
        ids = reserve_ids(unit.connection, child, len(new))
        if not ids:
            return
        children.update(zip((one.iin for one in new), ids, strict=True))
        copy_rows(
            unit.connection,
            child,
            _CHILD,
            [
                (
                    row_id, tenant, tenant, one.iin, one.surname, one.given_name, one.patronymic, one.born, one.sex,
                    "", 1,
                )
                for row_id, one in zip(ids, new, strict=True)
            ],
        )  # fmt: skip
        hashed = code_hasher(unit.connection)
        copy_rows(
            unit.connection,
            child_claim,
            ("child_id", "tenant_id", "code_key", "phone_key"),
            [
                (row_id, tenant, hashed(one.parent), phone_key(one.phone))
                for row_id, one in zip(ids, new, strict=True)
                if one.parent
            ],
        )
        unit.changes.new_many(tenant, "child", [(child_scope(row_id), row_id) for row_id in ids])

    def _add_applications(
        self, unit: Unit, rows: Sequence[tuple[QueueRow, int | None]], children: dict[str, int]
    ) -> None:
        tenant = self._tenant
        ids = reserve_ids(unit.connection, application, len(rows))
        history_ids = reserve_ids(unit.connection, history_entry, len(rows))
        if not ids:
            return
        applications: list[tuple[Any, ...]] = []
        entries: list[tuple[Any, ...]] = []
        for row_id, entry_id, (one, owner) in zip(ids, history_ids, rows, strict=True):
            self._rows.look(one)
            at = one.submitted_at
            applications.append(
                (
                    row_id, tenant, tenant, one.number, one.programme.value, children[one.iin], 0, one.parent_name,
                    one.phone, "queued", at, at, at, one.category_id, one.rank, one.benefit,
                    "verified" if one.benefit else "", one.languages, one.locality_id, one.correction, owner, "", "",
                    {}, [], 0, False, False, 0, "", "", "none", "", "", [], _AS_IMPORTED, one.mask, one.born,
                )
            )  # fmt: skip
            entries.append(
                (
                    entry_id, tenant, row_id, at, "T01", "submit", "system", "", "draft", "queued", "",
                    {"imported": self._context.report.file},
                )
            )  # fmt: skip
        copy_rows(unit.connection, application, _APPLICATION, applications)
        copy_rows(unit.connection, history_entry, _HISTORY, entries)
        scopes = [child_scope(children[one.iin]) for one, _ in rows]
        unit.changes.new_many(tenant, "application", list(zip(scopes, ids, strict=True)))
        unit.changes.new_many(tenant, "history_entry", list(zip(scopes, history_ids, strict=True)))
