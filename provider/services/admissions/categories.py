"""The table of priority categories, which an officer edits from a day that lies ahead."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import insert, text, update

from models.contract.admission_commands import SetCategory
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
from provider.store.changes import PUBLIC
from provider.store.database import Unit
from provider.store.rows import fetch
from provider.store.tables_admissions import category

_LOCK: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('category:' || :tenant, 0))")


def set_category(unit: Unit, department: Department, payload: SetCategory, own: Rights, now: datetime) -> int:
    """Return the id of a category's edition from a day on; the one before ends there.

    Applications get it with their next categorisation: the yearly refresh, or a benefit that is decided. Raises
    ``Refusal``: ``not-allowed``, ``valid-from-passed``, ``field-invalid``, and ``rank-of-another-line`` (value
    ``category``) where another category has the rank on another side of the interleaving order.
    """
    must_be_officer(own)
    today = department.calendar.local_day(now)
    if payload.valid_from <= today:
        raise refuse("valid-from-passed", "valid_from", day=today.isoformat())
    values = _checked(department, payload)
    tenant = department.tenant
    unit.connection.execute(_LOCK, {"tenant": str(tenant)})
    rows = fetch(unit.connection, Category, category.c.tenant_id == tenant)
    for other in rows:
        lasts = other.valid_to is None or other.valid_to > payload.valid_from
        if other.code != values["code"] and other.rank == payload.rank and lasts and other.line != payload.line:
            raise refuse("rank-of-another-line", "rank", category=other.code)
    own_rows = [row for row in rows if row.code == values["code"]]
    later = [row.valid_from for row in own_rows if row.valid_from > payload.valid_from]
    values["valid_to"] = min(later, default=None)
    for row in own_rows:
        if row.valid_from < payload.valid_from and (row.valid_to is None or row.valid_to > payload.valid_from):
            unit.connection.execute(update(category).where(category.c.id == row.id).values(valid_to=payload.valid_from))
            unit.changes.live(tenant, PUBLIC, "category", row.id)
    same = next((row.id for row in own_rows if row.valid_from == payload.valid_from), None)
    if same is None:
        statement: Any = insert(category).values(tenant_id=tenant, department_id=tenant, **values)
        same = int(unit.connection.execute(statement.returning(category.c.id)).scalar_one())
    else:
        unit.connection.execute(update(category).where(category.c.id == same).values(**values))
    unit.changes.live(tenant, PUBLIC, "category", same)
    audit.note(unit.connection, now, "category-set", actor_id=own.user_id, subject=f"category:{same}")
    return same


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
