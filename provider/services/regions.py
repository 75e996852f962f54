"""Education departments as a person chooses them: the regions, and what each shows to everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, or_, select

from provider.services import limits
from provider.services.refusals import refuse
from provider.store import grants
from provider.store.changes import PUBLIC
from provider.store.database import Database, Unit
from provider.store.tables_utility import provider


@dataclass(frozen=True, slots=True)
class ListedDepartment:
    """An education department to choose, with where to ask for help."""

    id: int
    code: str
    name: str
    country: str
    settlement: str
    support_phone: str
    support_chat: str


def departments(database: Database, source: str, now: datetime) -> list[ListedDepartment]:
    """Return every education department of this installation, by name."""
    limits.take(database, now, (limits.LISTS_SOURCE, source))
    columns = provider.c
    with database.read() as connection:
        rows = connection.execute(
            select(
                columns.id,
                columns.code,
                columns.name,
                columns.country,
                columns.settlement,
                columns.support_phone,
                columns.support_chat,
            )
            .where(columns.kind == "department")
            .order_by(columns.name, columns.id)
        )
        return [ListedDepartment(*row) for row in rows]


def choose_department(database: Database, user_id: int, tenant: int) -> None:
    """Let a person read what a department shows to everybody; raises :class:`Refusal` ``not-found`` (404)."""
    with database.change() as unit:
        check_department(unit.connection, tenant)
        open_department(unit, user_id, tenant)


def check_department(connection: Connection, tenant: int) -> None:
    """Raise :class:`Refusal` ``not-found`` (404) when a tenant is no education department."""
    kind = connection.execute(select(provider.c.kind).where(provider.c.id == tenant)).scalar()
    if kind != "department":
        raise refuse("not-found", "department_id", status=404)


def open_department(unit: Unit, user_id: int, tenant: int) -> None:
    """Let a person read what an education department shows to everybody: kindergartens, places, rules."""
    grants.grant(unit, user_id, tenant, PUBLIC)


def department_by_code(connection: Connection, code: str) -> int:
    """Return the tenant of a department by its code or number; raises :class:`Refusal` ``field-invalid``."""
    found: int | None = connection.execute(
        select(provider.c.id).where(
            provider.c.kind == "department",
            or_(provider.c.code == code, provider.c.id == (int(code) if code.isdecimal() and len(code) < 9 else 0)),
        )
    ).scalar()
    if found is None:
        raise refuse("field-invalid", "department")
    return found
