"""Rows of applications: locked for a decision, written back many at once, shown to whom they concern."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, text

from models.contract.admission_records import Application
from models.contract.admissions import case_of, columns_of
from models.domain.admissions.case import Case
from models.domain.admissions.machine import fired_at
from provider.store.database import Unit

_NAMES: Final = tuple(Application.__struct_fields__)
_COLUMNS: Final = ", ".join(f'a."{name}"' for name in _NAMES)
_LOCK: Final = text(
    f"SELECT a.born, {_COLUMNS} FROM application a "  # noqa: S608  # names of this module
    "WHERE a.tenant_id = :tenant AND a.id = ANY(:ids) ORDER BY a.id FOR UPDATE"
)
_LOCK_AT_ONCE: Final = text(f"{_LOCK.text} NOWAIT")
_BUNDLE: Final = text("SELECT bundle_id FROM application WHERE id = :id AND tenant_id = :tenant")
_BUNDLED: Final = text("SELECT id FROM application WHERE bundle_id = :bundle AND tenant_id = :tenant")
_TEMPORARY: Final = text(
    "SELECT id FROM application WHERE child_id = ANY(:children) AND temp IN ('booked', 'attending') ORDER BY id"
)
_WRITTEN: Final = (
    "state", "state_since", "submitted_at", "rank_date", "category_id", "category_rank", "stop", "archive", "terms",
    "day_terms", "restore_used", "extended", "referral_extended", "declines", "voucher", "voucher_number", "group_id",
    "item_id", "placement_group_id", "contract_left", "temp", "temp_end", "temp_group_id", "temp_until",
    "temp_voucher", "flags", "bundle_id", "contract_sent", "contract", "version", "command_id", "step_before_stop",
    "next_due",
)  # fmt: skip
_WRITE: Final = text(
    "UPDATE application SET "  # noqa: S608  # names of this module
    + ", ".join(f"{name} = n.{name}" for name in _WRITTEN)
    + " FROM jsonb_populate_recordset(NULL::application, CAST(:rows AS jsonb)) AS n WHERE application.id = n.id"
)


@dataclass(frozen=True, slots=True)
class Held:
    """A locked application; ``born`` is the child's birth date."""

    row: Application
    born: date | None

    @property
    def case(self) -> Case:
        """The application as the machine sees it."""
        return case_of(self.row)

    def after(self, case: Case, now: datetime, **fields: Any) -> Held:
        """Return the application after a step."""
        before = self.row
        columns = columns_of(case)
        if columns["state"] != before.state:
            fields["state_since"] = now
            stopped = columns["state"] in ("stop-list", "archived")
            was_stopped = before.state in ("stop-list", "archived")
            fields["step_before_stop"] = (before.step_before_stop if was_stopped else before.state) if stopped else ""
        row = msgspec.structs.replace(before, **columns, **fields, version=before.version + 1)
        return Held(row, self.born)


def lock(connection: Connection, tenant: int, ids: Iterable[int], *, at_once: bool = False) -> dict[int, Held]:
    """Return applications of a tenant by id, locked in the order of their ids; those that it does not have are absent.

    ``at_once`` does not wait: a locked one is SQLSTATE 55P03, after which the caller's transaction is run again. That
    is for somebody who holds a place already, and so must not wait for an application.
    """
    values = {"tenant": tenant, "ids": sorted(set(ids))}
    rows = connection.execute(_LOCK_AT_ONCE if at_once else _LOCK, values)
    return {row[1]: Held(Application(*row[1:]), row[0]) for row in rows}


def lock_with_bundle(connection: Connection, tenant: int, application_id: int) -> dict[int, Held]:
    """Return an application and those of its twins, all locked."""
    bundle = connection.execute(_BUNDLE, {"id": application_id, "tenant": tenant}).scalar()
    ids = {application_id}
    if bundle is not None:
        ids |= set(connection.execute(_BUNDLED, {"bundle": bundle, "tenant": tenant}).scalars())
    return lock(connection, tenant, ids)


def with_temporary_place(connection: Connection, children: Iterable[int]) -> list[int]:
    """Return the applications by which children have a temporary place."""
    rows = connection.execute(_TEMPORARY, {"children": sorted(children)})
    return list(rows.scalars())


def next_due(case: Case) -> datetime | None:
    """Return when the first of an application's terms fires, None when none runs."""
    return min((fired_at(term) for term in case.timers.values()), default=None)


def write(unit: Unit, rows: Sequence[Held]) -> None:
    """Write what steps may change of locked applications. The caller notes the changes for their readers."""
    if not rows:
        return
    plain = []
    for held in rows:
        values: dict[str, Any] = {name: getattr(held.row, name) for name in _WRITTEN if name != "next_due"}
        plain.append({"id": held.row.id, **values, "next_due": next_due(held.case)})
    unit.connection.execute(_WRITE, {"rows": msgspec.json.encode(plain).decode()})


def organisations(connection: Connection, groups: Iterable[int]) -> Mapping[int, int]:
    """Return the kindergarten of each group."""
    wanted = sorted(set(groups))
    if not wanted:
        return {}
    rows = connection.execute(
        text("SELECT id, organisation_id FROM kindergarten_group WHERE id = ANY(:ids)"), {"ids": wanted}
    )
    return {row[0]: row[1] for row in rows}
