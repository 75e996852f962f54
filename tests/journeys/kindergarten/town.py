"""An education department with two kindergartens and its people, at a real provider whose clock the test moves.

Parents act through the window. Everybody else (officers, the doctor, the kindergarten, the clock) acts here, by the
services that their own screens reach.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final, TypeVar

from sqlalchemy import text

from models.contract.admission_commands import (
    DecideAppeal,
    FileApplication,
    IssueIteration,
    PlanIteration,
    PublishItem,
    SaveGroup,
    SaveOrganisation,
)
from models.contract.admission_records import Application
from models.domain.admissions.case import Act
from models.domain.admissions.eligibility import group_year
from models.domain.admissions.states import Actor, Event, Programme
from provider.jobs.rounds import clock_round, letters_round, queue_round
from provider.services import children, passwords
from provider.services.admissions import bulletin, filing, iterations, late_clicks, organisations, steps
from provider.services.admissions.authority import acting
from provider.services.admissions.department import Department, department
from provider.services.admissions.rights import Rights, rights
from provider.services.departments import NewLocality, create_department, department_provider
from provider.services.families import make_parent
from provider.services.identity import make_person
from provider.services.logins import code_hash
from provider.services.regions import open_department
from provider.services.register import RegisteredPerson, write_register
from provider.settings import Settings
from provider.store import grants
from provider.store.changes import DOCTOR, organisation_scope
from provider.store.database import Database, Unit
from provider.store.rows import fetch
from provider.store.tables_admissions import application
from tests.journeys.program import PASSWORD
from tests.journeys.surroundings import Clock
from tests.provider.family_world import iin

T = TypeVar("T")

MORNING: Final = datetime(2026, 9, 7, 6, 0)
"""A Monday, eleven o'clock in the department (UTC+5); given without a zone, in UTC."""
MOTHER, FATHER, NEWCOMER = "mother", "father", "newcomer"
PHONES: Final = {MOTHER: "+77012345678", FATHER: "+77020001122", NEWCOMER: "+77051112233"}
CODES: Final = {
    MOTHER: iin(date(1990, 3, 12), female=True, serial=112),
    FATHER: iin(date(1988, 2, 25), female=False, serial=180),
    NEWCOMER: iin(date(1991, 11, 3), female=True, serial=45),
}
SON: Final = RegisteredPerson(
    iin(date(2023, 4, 14), female=False, serial=41),
    "Алыбай",
    "Алдияр",
    "Қуандықұлы",
    date(2023, 4, 14),
    "male",
    "Қазақ",
)  # fmt: skip
"""A boy of three on the 1 September that counts."""
DANA: Final = RegisteredPerson(
    iin(date(2022, 12, 17), female=True, serial=77), "Омарова", "Дана", "Ерланқызы", date(2022, 12, 17), "female",
    "Қазақ", [CODES[NEWCOMER]],
)  # fmt: skip
"""The daughter of the newcomer, whom nobody has entered yet."""
NEWCOMER_PERSON: Final = RegisteredPerson(
    CODES[NEWCOMER], "Омарова", "Гүлнар", "Сейітқызы", date(1991, 11, 3), "female", "Қазақ", [],
    [PHONES[NEWCOMER]],
)  # fmt: skip
PARENTS: Final = {"son": MOTHER, "neighbour": FATHER, "dana": NEWCOMER}
"""Who acts for a child."""


@dataclass
class Town:
    """The department: what there is by its name, and what its people do."""

    database: Database
    settings: Settings
    clock: Clock
    tenant: int
    city: int
    users: dict[str, int] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)
    houses: dict[str, int] = field(default_factory=dict)
    children: dict[str, int] = field(default_factory=dict)

    # The clock

    @property
    def now(self) -> datetime:
        """The instant at the provider."""
        return self.clock()

    def at(self, day: date, hour: int = 10, minute: int = 0) -> datetime:
        """Go to a local time of a day, and let the provider's rounds run then."""
        zone = self.department().calendar.zone
        self.clock.go(datetime.combine(day, time(hour, minute), zone))
        self.rounds()
        return self.now

    def later(self, **span: float) -> datetime:
        """Let time pass; the provider's rounds run at its end."""
        self.clock.go(self.now + timedelta(**span))
        self.rounds()
        return self.now

    def rounds(self) -> None:
        """Run what the provider does beside requests."""
        clock_round(self.database, self.now)
        queue_round(self.database, self.now)
        letters_round(self.database, self.settings)

    def day(self, instant: datetime) -> date:
        """Return the local day of an instant."""
        return self.department().calendar.local_day(instant)

    # What the people of the department do

    def act(self, login: str, event: Event, actor: Actor, application_id: int, **values: Any) -> None:
        """Take a step of an application, as somebody."""
        at = self.now
        given: dict[str, Any] = {"confirmed": True, "signature": "click"}
        wanted = Act(event, actor, **given | values)
        self.do(login, lambda unit, known, own: steps.take_step(
            unit, known, application_id, wanted, acting(own, actor), at,
        ))  # fmt: skip

    def do(self, login: str, work: Callable[[Unit, Department, Rights], T]) -> T:
        """Do something as somebody, in a transaction of its own."""
        with self.database.change() as unit:
            known = department(unit.connection, self.tenant)
            return work(unit, known, rights(unit.connection, self.users[login], self.tenant))

    def vouchers(self, count: int = 1, programme: str = "general") -> None:
        """Let one officer plan a round of vouchers and another issue it."""
        at = self.now
        plan = PlanIteration(self.tenant, programme, count)
        made = self.do("officer", lambda unit, known, own: iterations.plan(unit, known, plan, own, at))
        issue = IssueIteration(self.tenant, made.id)
        done = self.do("officer2", lambda unit, known, own: iterations.issue(unit, known, issue, own, at))
        assert done.state == "issued", done

    def grant(self, reason: str = "Байланыс болмады") -> None:
        """Let an officer grant the one appeal that is open."""
        (appeal,) = self.column("SELECT id FROM appeal WHERE state = 'open'")
        at, payload = self.now, DecideAppeal(self.tenant, appeal, True, reason)
        self.do("officer", lambda unit, known, own: late_clicks.decide(unit, known, payload, own, at))

    def publish(self, group: str, places: int = 1, on: date | None = None) -> int:
        """Publish free places of a group for a day, today unless said otherwise; they open at 18:00."""
        at, day = self.now, on or self.day(self.now)
        year = group_year(day)
        item = PublishItem(self.tenant, self.groups[group], places, [year - 3, year - 4], day, day)
        return self.do("kindergarten", lambda unit, known, own: bulletin.publish(unit, known, item, own, at))[0]

    def file(self, child: str, programme: str = "general") -> int:
        """Let a child's parent file an application; returns its id."""
        at = self.now
        payload = FileApplication(self.tenant, self.children[child], programme, self.city, ["kk", "ru"], True)
        return int(self.do(PARENTS[child], lambda unit, known, own: filing.file_application(
            unit, known, payload, own, acting(own, Actor.PARENT), at,
        )).id)  # fmt: skip

    def choose(self, child: str, group: str, event: Event = Event.CHOOSE_PLACE) -> None:
        """Let a child's parent take the voucher and choose a group, or wait for it."""
        one, login = self.application(child).id, PARENTS[child]
        self.act(login, Event.CONFIRM_INTEREST, Actor.PARENT, one)
        self.act(login, event, Actor.PARENT, one, group_id=self.groups[group])

    def newcomer_waits(self, group: str) -> None:
        """Let the newcomer's daughter get a voucher after all others and wait for a group."""
        with self.database.change() as unit:
            self.users[NEWCOMER] = make_parent(
                unit, NEWCOMER_PERSON, phone_number=PHONES[NEWCOMER], password_hash=passwords.hash_password(PASSWORD),
                language="en", now=self.now, login=NEWCOMER, email="newcomer@example.org",
            )  # fmt: skip
            open_department(unit, self.users[NEWCOMER], self.tenant)
            self.children["dana"] = children.make_child(unit, self.tenant, DANA, self.users[NEWCOMER], self.now)
        self.file("dana")
        self.vouchers()
        self.choose("dana", group, Event.JOIN_WAITLIST)

    def lend(self, group: str, until: date) -> None:
        """Let a neighbour's child have the place of a group and leave it for a sanatorium until a day."""
        papers = frozenset(self.department().rules(Programme.GENERAL, self.now).contract_needs)
        one = self.file("neighbour")
        self.vouchers()
        self.choose("neighbour", group)
        self.act("kindergarten", Event.SEND_CONTRACT, Actor.KINDERGARTEN, one)
        self.act(FATHER, Event.SIGN_PARENT, Actor.PARENT, one, signature="code", documents=papers)
        self.act("kindergarten", Event.SIGN_ORG, Actor.KINDERGARTEN, one, signature="code")
        self.act("kindergarten", Event.SANATORIUM_LEAVE, Actor.KINDERGARTEN, one, until=until)

    # What there is

    def department(self) -> Department:
        """Return the department as the provider knows it."""
        with self.database.read() as connection:
            return department(connection, self.tenant)

    def applications(self, child: str = "son") -> list[Application]:
        """Return the applications of a child, oldest first."""
        with self.database.read() as connection:
            return sorted(
                fetch(connection, Application, application.c.child_id == self.children[child]), key=lambda row: row.id
            )

    def application(self, child: str = "son", programme: str = "") -> Application:
        """Return the newest application of a child, of a programme if that is said."""
        return next(row for row in reversed(self.applications(child)) if programme in ("", row.programme))

    def state(self, child: str = "son", programme: str = "") -> str:
        """Return the state of the newest application of a child."""
        return self.application(child, programme).state

    def events(self, child: str = "son") -> list[str]:
        """Return what happened to the applications of a child, in order."""
        return self.column(
            "SELECT h.event FROM history_entry h JOIN application a ON a.id = h.application_id "
            "WHERE a.child_id = :id ORDER BY h.id",
            id=self.children[child],
        )

    def counts(self, group: str, mode: str = "permanent") -> tuple[int, int]:
        """Return how many places of a group are held and how many occupied."""
        with self.database.read() as connection:
            row = connection.execute(
                text(
                    "SELECT coalesce(sum(held), 0) AS held, coalesce(sum(occupied), 0) AS taken FROM place "
                    "WHERE group_id = :group AND mode = :mode"
                ),
                {"group": self.groups[group], "mode": mode},
            ).one()
        return int(row.held), int(row.taken)

    def commands(self) -> int:
        """Return how many commands the provider has taken in."""
        return int(self.column("SELECT count(*) FROM command")[0])

    def column(self, query: str, **values: Any) -> list[Any]:
        """Return the first column of a query."""
        with self.database.read() as connection:
            return list(connection.execute(text(query), values).scalars())

    # What comes from outside

    def text_messages(self, login: str = MOTHER) -> list[str]:
        """Return the text messages that left for somebody's telephone, oldest first."""
        letters_round(self.database, self.settings)
        folder = self.settings.text_messages
        found = sorted(folder.glob("*.txt"), key=lambda path: int(path.stem)) if folder.is_dir() else []
        texts = [path.read_text("utf-8") for path in found]
        return [one.partition("\n\n")[2] for one in texts if one.startswith(f"To: {PHONES[login]}\n")]

    def code(self, login: str = MOTHER) -> str:
        """Return the one-time code in the newest text message that has one."""
        codes = [code for one in self.text_messages(login) for code in re.findall(r"\b\d{6}\b", one)]
        return str(codes[-1])


def build(database: Database, settings: Settings, clock: Clock) -> Town:
    """Return a new town: a department, a kindergarten of two groups, one of the special queue, its people, a mother."""
    texts = {"kk": "Көкшетау қ.", "ru": "г. Кокшетау", "uk": "м. Кокшетау", "en": "Kokshetau"}
    rules = {one: {"signature_contract": "code", "signature_temporary": "code"} for one in ("general", "special")}
    provider = department_provider(
        "kokshetau-edu", "Көкшетау қаласының білім бөлімі", legal_form="ММ", settlement="Көкшетау қ.",
        address="Абай к-сі, 89", phone="+7 7162 25-00-00", support_phone="8 (727) 339-72-22",
    )  # fmt: skip
    with database.change() as unit:
        tenant = create_department(
            unit, provider, [NewLocality("1", "city", texts)], rules | {"temporary": {"signature_temporary": "code"}}
        )
    with database.read() as connection:
        city = int(
            connection.execute(text("SELECT id FROM locality WHERE tenant_id = :id"), {"id": tenant}).scalar_one()
        )
    town = Town(database, settings, clock, tenant, city)
    _staff(town)
    _kindergartens(town)
    _families(town)
    town.rounds()
    return town


def _staff(town: Town) -> None:
    hashed = passwords.hash_password(PASSWORD)
    with town.database.change() as unit:
        for login, name, role in (
            ("officer", "Бекова Сәуле", "officer"),
            ("officer2", "Омаров Дәулет", "officer"),
            ("doctor", "Тілеуова Айман", "doctor"),
            ("kindergarten", "Дүйсенова Мөлдір", "kindergarten"),
        ):
            town.users[login] = make_person(
                unit, login=login, password_hash=hashed, roles=[role], accounts=[],
                offices=[town.tenant] if role == "officer" else [], email=f"{login}@example.org", confirmed=True,
                language="en", name=name, code=code_hash(unit.connection, ""), now=town.now,
            )  # fmt: skip
        grants.grant(unit, town.users["doctor"], town.tenant, DOCTOR, grants.STAFF_LEASE)


def _kindergartens(town: Town) -> None:
    at = town.now

    def house(name: str, *corrections: str) -> None:
        new = SaveOrganisation(
            town.tenant, None, name, "kindergarten", "state", town.city, "Әуезов к-сі, 14", "+7 7162 31-11-01",
            corrections=list(corrections),
        )  # fmt: skip
        town.houses[name] = town.do(
            "officer", lambda unit, known, own: organisations.save_organisation(unit, known, new, own, at)
        )

    def group(where: str, name: str, language: str, correction: str = "") -> None:
        new = SaveGroup(
            town.tenant, None, town.houses[where], name, 3, 4, language, 1, "day", correction, "Дүйсенова Мөлдір"
        )
        town.groups[name] = town.do(
            "officer", lambda unit, known, own: organisations.save_group(unit, known, new, own, at)
        )

    house("Амина")
    house("Тілашар", "speech")
    group("Амина", "Солнце", "ru")
    group("Амина", "Жұлдыз", "kk")
    group("Тілашар", "Бұлбұл", "kk", "speech")
    with town.database.change() as unit:
        for number in town.houses.values():
            scope = organisation_scope(number)
            grants.grant(unit, town.users["kindergarten"], town.tenant, scope, grants.STAFF_LEASE)


def _families(town: Town) -> None:
    hashed = passwords.hash_password(PASSWORD)
    persons = [
        RegisteredPerson(CODES[MOTHER], "Сейтқали", "Айгүл", "Маратқызы", date(1990, 3, 12), "female", "Қазақ", [],
                         [PHONES[MOTHER]]),
        RegisteredPerson(CODES[FATHER], "Алыбай", "Қуандық", "Серікұлы", date(1988, 2, 25), "male", "Қазақ", [],
                         [PHONES[FATHER]]),
    ]  # fmt: skip
    son = RegisteredPerson(
        SON.code,
        SON.surname,
        SON.given_name,
        SON.patronymic,
        SON.born,
        SON.sex,
        SON.ethnicity,
        [CODES[MOTHER], CODES[FATHER]],
    )
    neighbour = RegisteredPerson(
        iin(date(2023, 6, 2), female=True, serial=52), "Алыбай", "Әсел", "Қуандыққызы", date(2023, 6, 2), "female",
        "Қазақ", [CODES[FATHER]],
    )  # fmt: skip
    write_register(town.settings, [*persons, NEWCOMER_PERSON, son, neighbour, DANA])
    with town.database.change() as unit:
        for login, found in zip((MOTHER, FATHER), persons, strict=True):
            town.users[login] = make_parent(
                unit, found, phone_number=PHONES[login], password_hash=hashed, language="en", now=town.now,
                login=login, email=f"{login}@example.org",
            )  # fmt: skip
            open_department(unit, town.users[login], town.tenant)
        town.children["son"] = children.make_child(unit, town.tenant, son, town.users[MOTHER], town.now)
        town.children["neighbour"] = children.make_child(unit, town.tenant, neighbour, town.users[FATHER], town.now)
