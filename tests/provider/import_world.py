"""A department into which files of kindergartens, groups and an existing queue come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from provider.demo.department import DEPARTMENT, LOCALITIES
from provider.demo.families import iin
from provider.imports import (
    ImportOptions,
    ImportReport,
    import_queue,
)
from provider.services.admissions.department import Department, department
from provider.services.departments import create_department
from provider.store.database import Database
from provider.store.rows import fetch

DATA = Path(__file__).parents[2] / "provider" / "demo" / "data"
TODAY = date(2026, 9, 9)
NOW = datetime(2026, 9, 9, 6, 0, tzinfo=UTC)
OPTIONS = ImportOptions(today=TODAY)
QUEUE = "Тіркеу нөмірі;Берілген күні;Баланың ЖСН;Баланың аты-жөні;Ата-анасының ЖСН;Телефон;Санат;Оқу тілі;Кезек түрі\n"
PARENT = "940225301801"
CHILD = iin(date(2023, 4, 14), True, 17)
SECOND = iin(date(2023, 4, 14), False, 23)


@dataclass
class Region:
    """A department into which files come."""

    database: Database
    tenant: int
    folder: Path

    def file(self, content: str, name: str = "file.csv") -> Path:
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        return path

    def queue(self, *rows: str, **more: Any) -> ImportReport:
        return import_queue(
            self.database, self.tenant, self.file(QUEUE + "\n".join(rows) + "\n"), options=OPTIONS, now=NOW, **more
        )

    def rows(self, record: type[Any]) -> list[Any]:
        with self.database.read() as connection:
            return fetch(connection, record)

    def department(self) -> Department:
        with self.database.read() as connection:
            return department(connection, self.tenant)


def make_region(database: Database, folder: Path) -> Region:
    """Return a department without kindergartens."""
    with database.change() as unit:
        return Region(database, create_department(unit, DEPARTMENT, LOCALITIES), folder)


def codes(report: ImportReport) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.problem.code) for one in report.problems]


def row(number: str = "ОДО-2025-1", **cells: str) -> str:
    plain = {
        "at": "2025-05-12 03:03:35.215992", "child": CHILD, "name": "Өмірбек Дария Сәкенқызы", "parent": PARENT,
        "phone": "+7 (704) 756-86-64", "category": "Жеңілдіктер жоқ", "languages": "Қазақша, Орысша",
        "queue": "Жалпы білім беру",
    }  # fmt: skip
    return ";".join((number, *(plain | cells).values()))
