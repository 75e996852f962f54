"""A new education department: its localities, and what every one starts with and its officers change afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import insert

from models.contract.admission_records import Benefit, CalendarDay, CalendarYear, Category, ProgrammeRules
from models.contract.record import Texts
from models.contract.records import Provider, Record
from models.domain.admissions.categories import default_benefits, default_categories
from models.domain.admissions.rules import Rules, parse, plain
from models.domain.admissions.states import Programme
from provider.services.catalogue import create_provider
from provider.store.base import SYNCED
from provider.store.bulk import copy_rows, reserve_ids
from provider.store.changes import PUBLIC
from provider.store.database import Unit
from provider.store.rows import values_of
from provider.store.tables_admissions import locality
from resources import calendars

BEGINNING: Final = date(2019, 1, 1)
"""From when the rules and categories of a new department hold: an existing queue is older than the cabinet."""

LOCALITY_KINDS: Final = ("region", "city", "district", "village")


class NewLocality(Struct, frozen=True, forbid_unknown_fields=True):
    """A locality of a new department; ``parent`` is the code of the one around it, which stands before it."""

    code: str
    kind: str
    name: Texts
    parent: str = ""


def department_provider(code: str, name: str, **fields: Any) -> Provider:
    """Return the provider row of an education department, without what only utilities have.

    ``fields`` are any of ``Provider``; country, currency and zone are those of Kazakhstan unless given.
    """
    values: dict[str, Any] = {
        "legal_form": "", "registration_code": "", "country": "KZ", "currency": "KZT", "zone": "Asia/Almaty",
        "settlement": "", "address": "", "phone": "", "email": "", "site": "", "hours": "", "dispatch_phone": "",
        "debt_sign": "debt_positive", "due_day": 25, "window_from": 1, "window_to": 31, "grace_days": 0,
        "unusual_factor": 0, "unusual_minimum": 0, "qr": "none", "qr_template": "", "pay_link": "", "notice": {},
        "tear_off": False,
    }  # fmt: skip
    return Provider(id=0, code=code, name=name, **(values | fields | {"kind": "department"}))


def create_department(
    unit: Unit,
    new: Provider,
    localities: Sequence[NewLocality],
    rules: Mapping[str, Mapping[str, Any]] | None = None,
) -> int:
    """Add an education department (its ``id`` is ignored) and return its tenant.

    It starts with the working calendar of its country, with benefits and categories, and with the rules of every
    programme: the usual ones and what ``rules`` says otherwise, by programme. All hold from ``BEGINNING`` on. Raises
    ``ValueError`` for localities that do not hold together and for rules that there are not.
    """
    problem = locality_problem(localities) or rules_problem(rules or {})
    if problem:
        raise ValueError(problem)
    tenant = create_provider(unit, msgspec.structs.replace(new, kind="department"))
    numbers: dict[str, int] = {}
    for one in localities:
        values = {"code": one.code, "kind": one.kind, "name": one.name, "parent_id": numbers.get(one.parent)}
        numbers[one.code] = unit.connection.execute(
            insert(locality).values(tenant_id=tenant, department_id=tenant, **values).returning(locality.c.id)
        ).scalar_one()
        unit.changes.live(tenant, PUBLIC, "locality", numbers[one.code])
    _add(unit, tenant, _programmes(tenant, rules or {}))
    _add(unit, tenant, [Benefit(0, tenant, code, dict(name), "benefit") for code, name in default_benefits().items()])
    _add(unit, tenant, _categories(tenant))
    _add(unit, tenant, _calendar(tenant, new.country))
    return tenant


def locality_problem(localities: Sequence[NewLocality]) -> str:
    """Return what is wrong with localities, "" when they hold together."""
    if not localities:
        return "at least one locality is needed"
    seen: set[str] = set()
    for one in localities:
        if one.kind not in LOCALITY_KINDS:
            return f"`kind` of the locality {one.code} has to be one of {', '.join(LOCALITY_KINDS)}"
        if one.code in seen or not one.code:
            return f"every locality needs a `code` of its own: {one.code or '—'}"
        if one.parent and one.parent not in seen:
            return f"`parent` of the locality {one.code} has to name one that stands before it"
        seen.add(one.code)
    return ""


def rules_problem(rules: Mapping[str, Mapping[str, Any]]) -> str:
    """Return what is wrong with rules that differ from the usual ones, "" when nothing is."""
    for programme, values in rules.items():
        if programme not in set(Programme):
            return f"there is no programme {programme}; there are {', '.join(Programme)}"
        found = parse(Programme(programme), values)
        if not isinstance(found, Rules):
            return f"`{found[0].field}` of the programme {programme} is not a rule or cannot be that"
    return ""


def _programmes(tenant: int, rules: Mapping[str, Mapping[str, Any]]) -> list[Record]:
    rows: list[Record] = []
    for programme in Programme:
        found = parse(programme, rules.get(programme.value, {}))
        assert isinstance(found, Rules)
        rows.append(ProgrammeRules(0, tenant, programme.value, BEGINNING, None, plain(found)))
    return rows


def _categories(tenant: int) -> list[Record]:
    return [
        Category(
            0, tenant, row.code, dict(row.name), row.benefit, row.age_from_months, row.age_to_months, row.rank,
            row.line, BEGINNING,
        )
        for row in default_categories()
    ]  # fmt: skip


def _calendar(tenant: int, country: str) -> list[Record]:
    kept = calendars.load(country)
    rows: list[Record] = [CalendarYear(0, tenant, year, kept.sources[year]) for year in sorted(kept.years)]
    rows += [CalendarDay(0, tenant, day, False, dict(name)) for day, name in sorted(kept.days_off.items())]
    rows += [CalendarDay(0, tenant, day, True, dict(name)) for day, name in sorted(kept.extra.items())]
    return rows


def _add(unit: Unit, tenant: int, rows: Sequence[Record]) -> None:
    """Insert public rows, of one table after the other."""
    for name in dict.fromkeys(row.TABLE for row in rows):
        table = SYNCED[name]
        own = [row for row in rows if name == row.TABLE]
        ids = reserve_ids(unit.connection, table, len(own))
        columns = list(values_of(own[0]))
        copy_rows(
            unit.connection,
            table,
            ("id", "tenant_id", *columns),
            [
                (row_id, tenant, *(getattr(row, column) for column in columns))
                for row_id, row in zip(ids, own, strict=True)
            ],
        )
        unit.changes.new_many(tenant, name, [(PUBLIC, row_id) for row_id in ids])
