"""The table of priority categories: one officer prepares a change, another confirms it, and it holds from a day ahead.

A prepared change is the office's own row; everybody sees it once it is confirmed, and until then the table and with it
the order of the queue stay as they are. Source: R-ADM-22.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import insert, text, update

from models.contract.admission_commands import ConfirmCategory, SetCategory
from models.contract.admission_records import Category
from models.domain.admissions.categories import LINES
from models.domain.admissions.limits import MOST_MONTHS, MOST_RANKS
from provider.services import audit
from provider.services.admissions.authority import must_be_officer
from provider.services.admissions.department import Department
from provider.services.admissions.rights import Rights
from provider.services.admissions.words import names
from provider.services.logins import clean
from provider.services.refusals import refuse
from provider.store.changes import PUBLIC, STAFF
from provider.store.database import Unit
from provider.store.rows import fetch
from provider.store.tables_admissions import category

_LOCK: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('category:' || :tenant, 0))")


def prepare(unit: Unit, department: Department, payload: SetCategory, own: Rights, now: datetime) -> int:
    """Return the id of the prepared change of a category, which a second officer confirms.

    A change of the category that waited for the same day is replaced. Raises ``Refusal``: ``not-allowed``,
    ``valid-from-passed``, ``field-invalid``, and ``rank-of-another-line`` (value ``category``) where another category
    has the rank on another side of the interleaving order.
    """
    must_be_officer(own)
    _must_be_ahead(department, payload.valid_from, now)
    values = _checked(department, payload)
    tenant = department.tenant
    rows = _locked(unit, tenant)
    _must_keep_lines(rows, values["code"], payload.rank, payload.line, payload.valid_from)
    for old in rows:
        if old.state == "prepared" and (old.code, old.valid_from) == (values["code"], payload.valid_from):
            _change(unit, tenant, old.id, STAFF, state="refused", confirmed_by=own.name, confirmed_by_id=own.user_id)
    statement: Any = insert(category).values(
        tenant_id=tenant,
        department_id=tenant,
        state="prepared",
        prepared_by=own.name,
        prepared_by_id=own.user_id,
        **values,
    )
    new = int(unit.connection.execute(statement.returning(category.c.id)).scalar_one())
    unit.changes.live(tenant, STAFF, "category", new)
    audit.note(unit.connection, now, "category-prepared", actor_id=own.user_id, subject=f"category:{new}")
    return new


def decide(unit: Unit, department: Department, payload: ConfirmCategory, own: Rights, now: datetime) -> str:
    """Return the state of a change of a category that a second officer confirmed or refused.

    The category ends where its change begins; a change that begins later ends this one. Applications get it with their
    next categorisation: the yearly refresh, or a benefit that is decided. Raises ``Refusal``: ``not-allowed``,
    ``not-found``, ``change-decided``, ``needs-another-officer`` for who prepared it, ``valid-from-passed``,
    ``rank-of-another-line`` for what was confirmed meanwhile.
    """
    must_be_officer(own)
    tenant = department.tenant
    rows = _locked(unit, tenant)
    found = next((row for row in rows if row.id == payload.category_id), None)
    if found is None:
        raise refuse("not-found", "category_id", status=404)
    if found.state != "prepared":
        raise refuse("change-decided", by=found.confirmed_by)
    by: dict[str, Any] = {"confirmed_by": own.name, "confirmed_by_id": own.user_id}
    if not payload.accepted:
        _change(unit, tenant, found.id, STAFF, state="refused", **by)
        audit.note(unit.connection, now, "category-refused", actor_id=own.user_id, subject=f"category:{found.id}")
        return "refused"
    if found.prepared_by_id == own.user_id:
        raise refuse("needs-another-officer", by=found.prepared_by)
    _must_be_ahead(department, found.valid_from, now)
    _must_keep_lines(rows, found.code, found.rank, found.line, found.valid_from)
    confirmed = [row for row in rows if row.code == found.code and row.state == "confirmed"]
    for row in confirmed:
        if row.valid_from <= found.valid_from and (row.valid_to is None or row.valid_to > found.valid_from):
            _change(unit, tenant, row.id, PUBLIC, valid_to=found.valid_from)
    later = [row.valid_from for row in confirmed if row.valid_from > found.valid_from]
    unit.changes.gone(tenant, STAFF, "category", found.id)
    _change(unit, tenant, found.id, PUBLIC, state="confirmed", valid_to=min(later, default=None), **by)
    audit.note(unit.connection, now, "category-confirmed", actor_id=own.user_id, subject=f"category:{found.id}")
    return "confirmed"


def _locked(unit: Unit, tenant: int) -> list[Category]:
    """Return the department's categories in every state; nobody else changes any until the commit."""
    unit.connection.execute(_LOCK, {"tenant": str(tenant)})
    return fetch(unit.connection, Category, category.c.tenant_id == tenant)


def _must_be_ahead(department: Department, day: date, now: datetime) -> None:
    today = department.calendar.local_day(now)
    if day <= today:
        raise refuse("valid-from-passed", "valid_from", day=today.isoformat())


def _must_keep_lines(rows: list[Category], code: str, rank: int, line: str, day: date) -> None:
    """Raise ``Refusal`` where a confirmed category of another line has the rank on the day or later."""
    for row in rows:
        lasts = row.state == "confirmed" and (row.valid_to is None or row.valid_to > day)
        if lasts and row.code != code and row.rank == rank and row.line != line:
            raise refuse("rank-of-another-line", "rank", category=row.code)


def _change(unit: Unit, tenant: int, row_id: int, scope: str, **values: Any) -> None:
    unit.connection.execute(update(category).where(category.c.id == row_id).values(**values))
    unit.changes.live(tenant, scope, "category", row_id)


def _checked(department: Department, payload: SetCategory) -> dict[str, Any]:
    if not 1 <= payload.rank <= MOST_RANKS:
        raise refuse("number-out-of-range", "rank", low=1, high=MOST_RANKS)
    if payload.line not in LINES:
        raise refuse("field-invalid", "line")
    if not 0 <= payload.age_from_months < payload.age_to_months <= MOST_MONTHS:
        raise refuse("ages-reversed", "age_to_months")
    if payload.benefit and payload.benefit not in {row.code for row in department.benefits}:
        raise refuse("not-found", "benefit", status=404)
    return {
        "code": clean(payload.code, "code", 40),
        "name": names(payload.name, "name"),
        "benefit": payload.benefit,
        "age_from_months": payload.age_from_months,
        "age_to_months": payload.age_to_months,
        "rank": payload.rank,
        "line": payload.line,
        "valid_from": payload.valid_from,
    }
