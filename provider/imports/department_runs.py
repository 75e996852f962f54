"""What every import of an education department begins with: the department itself, and its own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, select

from models.domain.problems import Problem
from models.domain.telephones import is_phone, plain_phone
from provider.imports.admission_words import plain
from provider.imports.runs import Context, Row
from provider.imports.tables import TableRefused
from provider.services.admissions.department import Department
from provider.services.admissions.department import department as load
from provider.services.logins import clean
from provider.services.refusals import Refusal
from provider.store.database import Database
from provider.store.tables_admissions import organisation
from provider.store.tables_utility import provider


def open_department(database: Database, tenant: int) -> Department:
    """Return a department. Raises TableRefused ``import-not-a-department`` for a utility."""
    with database.read() as connection:
        try:
            return load(connection, tenant)
        except Refusal:
            name = connection.execute(select(provider.c.name).where(provider.c.id == tenant)).scalar() or str(tenant)
            raise TableRefused(Problem("import-not-a-department", values={"name": name})) from None


_FORMULA: Final = ("=", "+", "@")


def stated(context: Context, row: Row, limits: Mapping[str, int]) -> dict[str, str] | None:
    """Return names and other texts of a row as a person may type them, ``None`` after rejecting the row.

    ``limits`` are the longest texts by field. A text that begins as a formula would be carried out by the table program
    in which a list is opened.
    """
    found: dict[str, str] = {}
    for name, longest in limits.items():
        text = " ".join(row.get(name).split())
        if text.startswith(_FORMULA) and not is_phone(plain_phone(text)):
            context.reject(row, name, "import-text-formula")
            return None
        try:
            found[name] = clean(text, name, longest, required=False)
        except Refusal as refusal:
            long = refusal.problem.code == "text-too-long"
            context.reject(row, name, "import-text-too-long" if long else "import-text-not-allowed", maximum=longest)
            return None
    return found


class Localities:
    """Finds a locality by its code or its name in any language; whoever names none is in the outermost one."""

    def __init__(self, department: Department) -> None:
        rows = department.localities
        self._found: dict[str, int] = {row.code.casefold(): row.id for row in rows}
        for row in rows:
            for text in row.name.values():
                self._found.setdefault(plain(text), row.id)
        self.outermost = next((row.id for row in rows if row.parent_id is None), rows[0].id if rows else 0)

    def find(self, text: str) -> int:
        """Return a locality's id; raises ValueError for one that the department does not have."""
        if not text:
            return self.outermost
        number = self._found.get(text.casefold()) or self._found.get(plain(text))
        if number is None:
            raise ValueError(f"no locality: {text!r}")
        return number


SEVERAL: Final = 0
"""Stands for a kindergarten where several are named so: which one is meant nobody can tell."""


def kindergartens(connection: Connection, tenant: int) -> Mapping[str, int]:
    """Return the kindergartens of a department by code and by name, as ``plain`` writes them: «№ 7» is 7.

    A name that several have leads to ``SEVERAL``.
    """
    rows = connection.execute(
        select(organisation.c.id, organisation.c.code, organisation.c.name).where(organisation.c.tenant_id == tenant)
    )
    by_code: dict[str, int] = {}
    by_name: dict[str, int] = {}
    for row in rows:
        by_code[plain(row.code)] = row.id
        name = plain(row.name)
        by_name[name] = SEVERAL if name in by_name else row.id
    return by_name | by_code
