"""Building the demonstration: two utilities, their registries imported, January 2024 charged; a department with its
kindergartens, queue and families; people who may sign in.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from models.domain.period import Month
from provider.demo import department, families
from provider.demo.admissions import tell_stories
from provider.demo.letters import write_letters
from provider.demo.organisations import create_izenhard, create_oskemen, texts
from provider.demo.stories import (
    RESIDENT,
    UKRAINIAN,
    legal_entity,
    resident_pays_in_2024,
    resident_until_2024,
    ukrainian_spring,
)
from provider.demo.synthetic import write_registry
from provider.imports import (
    ImportOptions,
    ImportReport,
    import_assertions,
    import_payments,
    import_readings,
    import_recipients,
    import_subscribers,
    import_tariffs,
)
from provider.services.admissions.department import department as load_department
from provider.services.admissions.yearly import run_nightly
from provider.services.billing import bill, bill_batch
from provider.services.catalogue import find_provider, load_catalogue
from provider.services.charging_inputs import shared_tariffs
from provider.services.identity import create_user, person_by_login
from provider.services.messages import announce
from provider.services.statements import find_accounts
from provider.settings import Settings
from provider.store.database import Database
from provider.store.tables_admissions import application
from provider.store.tables_utility import account

DATA: Final = Path(__file__).resolve().parent / "data"
PASSWORD: Final = "kabinet-demo"  # noqa: S105  # of invented people, printed by the command
JANUARY: Final = Month(2024, 1)

Say = Callable[[str], None]


@dataclass(slots=True)
class Demo:
    """What was built, for the command to tell."""

    oskemen: int
    izenhard: int
    alatau: int = 0
    accounts: int = 0
    queue: int = 0
    seconds: float = 0.0
    reports: list[ImportReport] = field(default_factory=list)
    people: tuple[tuple[str, str], ...] = ()


def build(database: Database, settings: Settings, accounts: int | None = None, say: Say | None = None) -> Demo:
    """Build the demonstration and return what it holds; a database that has it already stays as it is.

    ``accounts`` puts that many invented accounts in place of the registry of «Өскемен Водоканал», and takes no more
    rows of the department's queue than that.
    """
    began = time.monotonic()
    tell: Say = say or (lambda _: None)
    with database.read() as connection:
        known = [find_provider(connection, code) for code in ("oskemen", "izenhard", department.CODE)]
    if known[0] is not None and known[1] is not None:
        demo = Demo(known[0], known[1], known[2] or 0)
    else:
        with database.change() as unit:
            demo = Demo(create_oskemen(unit), create_izenhard(unit))
        _oskemen(database, demo, accounts, tell)
        _izenhard(database, demo, tell)
        _messages(database, settings, demo)
    if not demo.alatau:
        tell("kindergartens and their queue")
        _department(database, settings, demo, accounts)
    demo.people = _people(database, settings, demo)
    with database.read() as connection:
        demo.accounts = connection.execute(select(func.count()).select_from(account)).scalar_one()
        queued = select(func.count()).select_from(application).where(application.c.state == "queued")
        demo.queue = connection.execute(queued).scalar_one()
    demo.seconds = time.monotonic() - began
    return demo


def _oskemen(database: Database, demo: Demo, accounts: int | None, tell: Say) -> None:
    tenant = demo.oskemen
    as_of = ImportOptions(as_of=date(2024, 1, 1))
    demo.reports.append(import_tariffs(database, tenant, DATA / "tarify.csv"))
    demo.reports.append(import_subscribers(database, tenant, DATA / "oskemen_qosymsha.csv", options=as_of))
    resident_until_2024(database, tenant)
    legal_entity(database, tenant)
    if accounts is None:
        tell("subscribers")
        demo.reports.append(import_subscribers(database, tenant, DATA / "ABONENT.DBF", options=as_of))
        tell("readings")
        demo.reports.append(import_readings(database, tenant, DATA / "pokazania_2024-01.csv"))
        tell("payments")
        demo.reports.append(import_payments(database, tenant, DATA / "bank_2024-01.csv"))
        tell("charges of January 2024")
        bill(database, JANUARY, "oskemen")
    else:
        tell(f"{accounts} invented subscribers")
        with tempfile.TemporaryDirectory() as folder:
            registry = Path(folder) / "invented.csv"
            write_registry(registry, accounts)
            demo.reports.append(import_subscribers(database, tenant, registry, options=as_of))
        with database.read() as connection:
            catalogue = load_catalogue(connection, tenant)
            resident = find_accounts(connection, RESIDENT, tenant)
        bill_batch(database, catalogue, shared_tariffs(catalogue), resident, JANUARY)
    resident_pays_in_2024(database, tenant)


def _izenhard(database: Database, demo: Demo, tell: Say) -> None:
    tenant = demo.izenhard
    tell("КП «Міськводоканал»")
    demo.reports.append(import_tariffs(database, tenant, DATA / "taryfy_izenhard.csv"))
    demo.reports.append(import_recipients(database, tenant, DATA / "otrymuvachi.xlsx"))
    demo.reports.append(import_subscribers(database, tenant, DATA / "abonenty.xls"))
    demo.reports.append(import_assertions(database, tenant, DATA / "stan_rakhunkiv_101.csv"))
    ukrainian_spring(database, tenant)


def _department(database: Database, settings: Settings, demo: Demo, accounts: int | None) -> None:
    """Add the education department with families; the resident with an account at each utility is a parent too."""
    now = settings.clock()
    with database.read() as connection:
        kazakh = find_accounts(connection, RESIDENT, demo.oskemen)[0]
        ukrainian = find_accounts(connection, UKRAINIAN, demo.izenhard)[0]
    demo.alatau, reports = department.create(database, now, accounts)
    demo.reports += reports
    house = department.kindergarten(database, demo.alatau, "1")
    with database.read() as connection:
        today = load_department(connection, demo.alatau).calendar.local_day(now)
    own = [kazakh, ukrainian]
    people = families.enter(database, settings, demo.alatau, house, own, PASSWORD, today, now)
    tell_stories(database, settings, demo.alatau, house, people, now)
    write_letters(database, demo.alatau, people, now)
    run_nightly(database, now)  # numbers, statistics and the estimate, as every morning finds them


def _people(database: Database, settings: Settings, demo: Demo) -> tuple[tuple[str, str], ...]:
    """Add a Ukrainian resident and a clerk of both utilities; return everybody who may sign in, with the password."""
    now = settings.clock()
    with database.read() as connection:
        ukrainian = find_accounts(connection, UKRAINIAN, demo.izenhard)[0]
        present = {login for login in (UKRAINIAN, "clerk") if person_by_login(connection, login) is not None}
    if UKRAINIAN not in present:
        with database.change() as unit:
            create_user(
                unit,
                UKRAINIAN,
                PASSWORD,
                accounts=[ukrainian],
                email="mymail@example.org",
                language="uk",
                name="Кожемяка Себастьян Боромирович",
                phone="+380630305004",
                code="1234567899",  # the registry has none; recovery asks for it
                now=now,
            )
    if "clerk" not in present:
        with database.change() as unit:
            create_user(
                unit,
                "clerk",
                PASSWORD,
                roles=("clerk", "cashier"),
                offices=[demo.oskemen, demo.izenhard],
                email="clerk@example.org",
                language="ru",
                name="Ахметова Динара Ерланқызы",
                now=now,
            )
    logins = [RESIDENT, UKRAINIAN, "clerk"]
    logins += [one.login for one in families.HOUSEHOLDS[1:]] + [login for login, *_rest in families.STAFF]
    return tuple((login, PASSWORD) for login in logins)


def _messages(database: Database, settings: Settings, demo: Demo) -> None:
    now = settings.clock()
    with database.change() as unit:
        announce(
            unit,
            demo.oskemen,
            texts(
                "Көрсеткіштерді 15–25 аралығында беріңіз",
                "Передайте показания с 15 по 25 число",
                "Передайте показники з 15 по 25 число",
                "Give your readings from the 15th to the 25th",
            ),
            texts(
                "Есептеуіш көрсеткіштерін ай сайын 15-інен 25-іне дейін осы кабинет арқылы беруге болады.",
                "Показания счётчиков можно передавать каждый месяц с 15 по 25 число через этот кабинет.",
                "Показники лічильників можна передавати щомісяця з 15 по 25 число через цей кабінет.",
                "Meter readings can be given every month from the 15th to the 25th through this cabinet.",
            ),
            now,
            link="readings",
        )
        announce(
            unit,
            demo.izenhard,
            texts(
                "12 наурызда су уақытша берілмейді",
                "12 марта временно не будет воды",
                "12 березня тимчасово не буде води",
                "No water for some hours on 12 March",
            ),
            texts(
                "Боромир көшесінде 9:00–15:00 аралығында жөндеу жүреді. Су қорын алдын ала жинап қойыңыз.",
                "На улице Боромира с 9:00 до 15:00 идёт ремонт. Запаситесь водой заранее.",
                "На вулиці Боромира з 9:00 до 15:00 триває ремонт. Запасіться водою заздалегідь.",
                "The pipes in Boromyra street are repaired from 9:00 to 15:00. Keep some water ready.",
            ),
            now,
        )
    with database.read() as connection:
        resident = find_accounts(connection, RESIDENT, demo.oskemen)[0]
    with database.change() as unit:
        announce(
            unit,
            demo.oskemen,
            texts(
                "2024 жылғы қаңтардың шоты дайын",
                "Счёт за январь 2024 года готов",
                "Рахунок за січень 2024 року готовий",
                "The invoice of January 2024 is ready",
            ),
            texts(
                "Төлеуге 1 120,28 теңге. Шотты «Шот» бетінде ашуға болады.",
                "К оплате 1 120,28 тенге. Счёт можно открыть на странице «Счёт».",
                "До сплати 1 120,28 тенге. Рахунок можна відкрити на сторінці «Рахунок».",
                "1 120,28 tenge are to be paid. Open the page “Invoice” to see it.",
            ),
            now,
            kind="invoice",
            account_id=resident,
            link="invoice",
        )
