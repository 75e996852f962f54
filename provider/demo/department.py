"""The invented education department of the demonstration: its kindergartens, groups and existing queue imported."""

from __future__ import annotations

import itertools
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select

from provider.demo.organisations import texts
from provider.imports import ImportOptions, ImportReport, import_queue, import_workbook
from provider.services.admissions.department import department
from provider.services.admissions.yearly import run_yearly
from provider.services.departments import NewLocality, create_department, department_provider
from provider.store.database import Database
from provider.store.tables_admissions import organisation

DATA: Final = Path(__file__).resolve().parent / "data"
CODE: Final = "alatau"
DEPARTMENT: Final = department_provider(
    CODE,
    "Алатау қалалық білім бөлімі",
    legal_form="ММ",
    registration_code="990340004512",
    settlement="Алатау қ.",
    address="040700, Алатау қ., Қонаев к-сі, 1",
    phone="+7 (727) 000-00-20",
    email="bilim@alatau.example",
    site="bilim.alatau.example",
    hours="Дс–Жм 9:00–18:00",
    support_phone="8 (727) 339-72-22",
    support_chat="https://wa.me/77473397222",
)
LOCALITIES: Final = (
    NewLocality("10", "city", texts("Алатау қ.", "г. Алатау", "м. Алатау", "Alatau")),
    NewLocality(
        "1001", "district", texts("Шығыс ауданы", "Восточный район", "Східний район", "Eastern district"), "10"
    ),
    NewLocality(
        "1002", "district", texts("Батыс ауданы", "Западный район", "Західний район", "Western district"), "10"
    ),
    NewLocality("1003", "village", texts("Жетіген а.", "с. Жетиген", "с. Жетиген", "Zhetigen"), "1001"),
)
_RULES: Final = {"general": {"signature_contract": "code"}, "special": {"signature_contract": "code"}}


def create(database: Database, now: datetime, queue: int | None = None) -> tuple[int, list[ImportReport]]:
    """Return the department's tenant and the reports of its imports; ``queue`` takes only so many rows of the queue."""
    with database.change() as unit:
        tenant = create_department(unit, DEPARTMENT, LOCALITIES, _RULES)
    with database.read() as connection:
        today = department(connection, tenant).calendar.local_day(now)
    options = ImportOptions(today=today, as_of=date(today.year - 1, 9, 1))
    reports = import_workbook(database, tenant, DATA / "balabaqshalar.xlsx", options=options)
    with tempfile.TemporaryDirectory() as folder:
        file = DATA / "kezek.csv"
        if queue is not None:
            file = Path(folder) / "kezek.csv"
            with (DATA / "kezek.csv").open(encoding="utf-8") as lines:
                file.write_text("".join(itertools.islice(lines, queue + 1)), encoding="utf-8")
        reports.append(import_queue(database, tenant, file, options=options, now=now))
    run_yearly(database, now)  # the old registry still has children who are of school age by now
    return tenant, reports


def kindergarten(database: Database, tenant: int, number: str) -> int:
    """Return the id of a kindergarten by its number in the registry."""
    with database.read() as connection:
        return int(
            connection.execute(
                select(organisation.c.id).where(organisation.c.tenant_id == tenant, organisation.c.code == number)
            ).scalar_one()
        )
