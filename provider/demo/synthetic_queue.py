"""Any number of invented children in the queue of one region, for measuring: written as whole tables by COPY."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import insert

from models.domain.admissions.machine import fired_at
from models.domain.admissions.ranking import language_mask
from models.domain.admissions.states import State, TimerKind, VoucherState
from models.domain.working_days import TermEnd, add_working_days
from provider.demo.families import iin
from provider.services.admissions.department import Department, department
from provider.store.bulk import copy_text, reserve_ids
from provider.store.changes import PUBLIC, child_scope
from provider.store.database import Database, Unit
from provider.store.statistics import refresh
from provider.store.tables_admissions import application, child, kindergarten_group, organisation, place

BATCH: Final = 20_000
_SURNAMES: Final = ("Ахметов", "Әбілқасымов", "Есимов", "Жұмабаев", "Ким", "Мусин", "Нұрланов", "Серікбаев", "Қалиев")
_NAMES: Final = (
    ("Аружан", "Әлихан"), ("Дария", "Диас"), ("Медина", "Ерасыл"), ("Нұрай", "Санжар"), ("Әмина", "Тимур"),
    ("Айша", "Мирас"), ("Кәусар", "Айбек"), ("Сезім", "Арлан"), ("Томирис", "Дамир"), ("Раяна", "Әмір"),
)  # fmt: skip
"""Names of girls and of boys."""
_LANGUAGES: Final = (("kk",), ("ru",), ("kk", "ru"), ("kk", "en"))
_BENEFITS: Final = ("",) * 13 + ("large-family",) * 3 + ("military", "special-needs", "disabled-family", "teacher")
_CHILD: Final = (
    "id", "tenant_id", "department_id", "iin", "surname", "given_name", "patronymic", "born", "sex", "ethnicity",
    "version",
)  # fmt: skip
_APPLICATION: Final = (
    "id", "tenant_id", "department_id", "number", "programme", "child_id", "applicant_id", "applicant", "phone",
    "state", "state_since", "submitted_at", "rank_date", "category_id", "category_rank", "benefit", "benefit_state",
    "languages", "locality_id", "correction", "stop", "archive", "terms", "day_terms", "restore_used", "extended",
    "referral_extended", "declines", "voucher", "voucher_number", "temp", "temp_end", "temp_voucher", "flags",
    "version", "language_mask", "born", "next_due",
)  # fmt: skip
_VOUCHERS: Final = {
    State.VOUCHER_ISSUED: (TimerKind.INTEREST.value, VoucherState.ISSUED.value, 2, TermEnd.END_OF_DAY),
    State.VOUCHER_ACTIVE: (TimerKind.CONTRACT.value, VoucherState.ACTIVE.value, 5, TermEnd.EXACT),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """Where invented applications stand: queued, or with a voucher that was issued or activated ``at`` an instant."""

    state: State = State.QUEUED
    at: datetime | None = None


_QUEUED: Final = Stage()


def fill_queue(
    database: Database, tenant: int, count: int, now: datetime, stage: Stage = _QUEUED, *, first: int = 1
) -> tuple[int, int]:
    """Write ``count`` children with an application each, the same for the same ``first``; return the range of its ids.

    Children are between two and five years old on ``now``; applications were filed within the two years before it.
    """
    with database.read() as connection:
        known = department(connection, tenant)
    ends: list[int] = []
    for start in range(first, first + count, BATCH):
        numbers = range(start, min(start + BATCH, first + count))
        with database.change() as unit:
            children = reserve_ids(unit.connection, child, len(numbers))
            applications = reserve_ids(unit.connection, application, len(numbers))
            rows = [*_Invented(known, now, stage).rows(numbers, children, applications)]
            copy_text(unit.connection, "child", _CHILD, "".join(row[0] for row in rows))
            copy_text(unit.connection, "application", _APPLICATION, "".join(row[1] for row in rows))
            scopes = [child_scope(row_id) for row_id in children]
            unit.changes.new_many(tenant, "child", list(zip(scopes, children, strict=True)))
            unit.changes.new_many(tenant, "application", list(zip(scopes, applications, strict=True)))
        ends += (applications[0], applications[-1])
    refresh(database)
    return ends[0], ends[-1]


def add_group(unit: Unit, tenant: int, locality_id: int, places: int, today: date, language: str = "kk") -> int:
    """Return the id of a group of a new kindergarten that takes children of every age."""
    begun = today - timedelta(days=365)
    number = reserve_ids(unit.connection, organisation, 1)[0]
    house = {
        "code": f"synthetic-{number}", "name": f"№{number}", "kind": "kindergarten", "ownership": "state", "bin": "",
        "address": "", "phone": "", "email": "", "director": "", "corrections": [], "languages": [language],
    }  # fmt: skip
    unit.connection.execute(
        insert(organisation).values(id=number, tenant_id=tenant, department_id=tenant, locality_id=locality_id, **house)
    )
    group = reserve_ids(unit.connection, kindergarten_group, 1)[0]
    values = {"name": "1", "age_from": 1, "age_to": 8, "kind": "day", "correction": "", "responsible": ""}
    unit.connection.execute(
        insert(kindergarten_group).values(
            id=group, tenant_id=tenant, organisation_id=number, language=language, valid_from=begun, **values
        )
    )
    counter = reserve_ids(unit.connection, place, 1)[0]
    counts = {"mode": "permanent", "capacity": places, "occupied": 0, "held": 0}
    unit.connection.execute(
        insert(place).values(id=counter, tenant_id=tenant, group_id=group, valid_from=begun, **counts)
    )
    for table, row_id in (("organisation", number), ("kindergarten_group", group), ("place", counter)):
        unit.changes.live(tenant, PUBLIC, table, row_id)
    return group


class _Invented:
    """Rows in the text form of COPY."""

    def __init__(self, known: Department, now: datetime, stage: Stage) -> None:
        self._known = known
        self._now = now
        self._today = known.calendar.local_day(now)
        self._locality = next(row.id for row in known.localities if row.parent_id is None)
        self._stage = stage
        self._categories: dict[tuple[str, date], tuple[str, int]] = {}

    def rows(self, numbers: range, children: list[int], applications: list[int]) -> Iterator[tuple[str, str]]:
        """Yield a child and its application."""
        chance = random.Random(numbers.start)  # noqa: S311  # sample data, not a secret
        tenant = self._known.tenant
        state, voucher, terms, days, due = self._standing()
        begin = self._today - timedelta(days=5 * 365)
        for number, child_id, row_id in zip(numbers, children, applications, strict=True):
            born = begin + timedelta(days=number % 1_000)
            female = bool(number & 1)
            code = iin(born, female, number // 1_000 * 10 % 9_990)
            benefit = chance.choice(_BENEFITS)
            languages = chance.choice(_LANGUAGES)
            category, rank = self._category(benefit, born)
            at = self._now - timedelta(days=chance.randint(30, 700), microseconds=chance.randint(0, 86_399_999_999))
            filed = at.astimezone(UTC).isoformat()
            since = self._stage.at.astimezone(UTC).isoformat() if self._stage.at else filed
            surname, (girl, boy) = chance.choice(_SURNAMES), chance.choice(_NAMES)
            if female and surname.endswith(("ов", "ев", "ин")):
                surname += "а"
            words = ", ".join(f'"{language}"' for language in languages)
            yield (
                f"{child_id}\t{tenant}\t{tenant}\t{code}\t{surname}\t{girl if female else boy}\t\t{born}\t"
                f"{'female' if female else 'male'}\t\t1\n",
                f"{row_id}\t{tenant}\t{tenant}\t{at.year}-{number:07}\tgeneral\t{child_id}\t0\t\t\t{state}\t{since}\t"
                f"{filed}\t{filed}\t{category}\t{rank}\t{benefit}\t{'verified' if benefit else ''}\t[{words}]\t"
                f"{self._locality}\t\t\t\t{terms}\t{days}\t0\tf\tf\t0\t{voucher}\t"
                f"{f'V{number:07}' if voucher else ''}\tnone\t\t\t[]\t1\t{language_mask(languages)}\t{born}\t{due}\n",
            )

    def _standing(self) -> tuple[str, str, str, str, str]:
        """Return state, voucher, terms, kinds of terms that end with a day, and when the first one ends."""
        at, calendar = self._stage.at, self._known.calendar
        if at is None or self._stage.state not in _VOUCHERS:
            return self._stage.state.value, "", "{}", "[]", "\\N"
        kind, voucher, days, end = _VOUCHERS[self._stage.state]
        term = add_working_days(at, days, calendar, end)
        kinds = f'["{kind}"]' if term.end_of_day else "[]"
        terms = f'{{"{kind}": "{term.at.astimezone(UTC).isoformat()}"}}'
        return self._stage.state.value, voucher, terms, kinds, fired_at(term).astimezone(UTC).isoformat()

    def _category(self, benefit: str, born: date) -> tuple[str, int]:
        key = (benefit, born)
        found = self._categories.get(key)
        if found is None:
            row = self._known.category(benefit, born, self._today)
            found = self._categories[key] = ("\\N", 1_000) if row is None else (str(row.id), row.rank)
        return found
