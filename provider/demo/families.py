"""Invented families before the education department, its officers, a doctor and a kindergarten's person.

The register of persons of the demonstration knows all of them, a child that nobody has entered yet, and the parent of
the first child of the imported queue, who may register and finds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import update

from models.domain.admissions.eligibility import group_year
from provider.services import passwords
from provider.services.children import make_child
from provider.services.families import make_parent
from provider.services.identity import grant_account, make_person, note_person
from provider.services.logins import code_hash
from provider.services.regions import open_department
from provider.services.register import RegisteredPerson, write_register
from provider.services.telephones import note_staff_phone
from provider.settings import Settings
from provider.store import grants
from provider.store.changes import DOCTOR, organisation_scope
from provider.store.database import Database, Unit
from provider.store.tables_people import person

_MALE, _FEMALE = 5, 6


@dataclass(frozen=True, slots=True)
class Member:
    """A child of the demonstration: how old it is on the 1 September that counts, and its names."""

    key: str
    surname: str
    given_name: str
    patronymic: str
    age: int
    month: int
    day: int
    female: bool


@dataclass(frozen=True, slots=True)
class Household:
    """A parent with children."""

    login: str
    code: str
    surname: str
    given_name: str
    patronymic: str
    born: date
    sex: str
    phone: str
    email: str
    children: tuple[Member, ...]

    @property
    def name(self) -> str:
        """Surname, given name and patronymic."""
        return f"{self.surname} {self.given_name} {self.patronymic}"


HOUSEHOLDS: Final = (
    Household(
        "123456", "850101400120", "Серікбаева", "Айгүл", "Маратқызы", date(1985, 1, 1), "female", "+7 (701) 123-45-60",
        "aigul@example.org",
        (
            Member("aruzhan", "Серікбаева", "Аружан", "Дәуренқызы", 3, 3, 14, True),
            Member("alikhan", "Серікбаев", "Әлихан", "Дәуренұлы", 4, 5, 20, False),
        ),
    ),
    Household(
        "parent", "940225301801", "Каменов", "Ермек", "Асқарұлы", date(1994, 2, 25), "male", "+7 (701) 555-01-07",
        "kamenov@example.org",
        (
            Member("dania", "Каменова", "Дания", "Ермекқызы", 5, 7, 20, True),
            Member("nurai", "Каменова", "Нұрай", "Ермекқызы", 4, 4, 11, True),
            Member("sanzhar", "Каменов", "Санжар", "Ермекұлы", 3, 2, 3, False),
        ),
    ),
    Household(
        "parent2", "910614400004", "Оспанова", "Гүлнар", "Сейітқызы", date(1991, 6, 14), "female", "+7 (702) 555-02-11",
        "ospanova@example.org",
        (
            Member("timur", "Оспанов", "Тимур", "Болатұлы", 3, 5, 9, False),
            Member("madina", "Оспанова", "Мадина", "Болатқызы", 4, 1, 30, True),
        ),
    ),
    Household(
        "parent3", "880930300315", "Ибраев", "Марат", "Қайратұлы", date(1988, 9, 30), "male", "+7 (705) 555-03-19",
        "ibraev@example.org",
        (
            Member("dias", "Ибраев", "Диас", "Маратұлы", 3, 6, 17, False),
            Member("amina", "Ибраева", "Әмина", "Маратқызы", 4, 8, 5, True),
        ),
    ),
)  # fmt: skip

NOT_ENTERED: Final = Member("erasyl", "Каменов", "Ерасыл", "Ермекұлы", 1, 6, 2, False)
"""A child of the second household that the register knows, and the cabinet not yet."""
STAFF: Final = (
    ("officer", "Сәрсенова Гүлмира Бекқызы", "officer@example.org", "officer"),
    ("officer2", "Жақыпов Нұрлан Ерғалиұлы", "officer2@example.org", "officer"),
    ("doctor", "Тілеуова Айман Серікқызы", "doctor@example.org", "doctor"),
    ("kindergarten", "Дүйсенова Мөлдір Умарқызы", "aigolek@example.org", "kindergarten"),
)


@dataclass(slots=True)
class People:
    """Who is there: people by login, children by key, and whose child each is."""

    users: dict[str, int] = field(default_factory=dict)
    children: dict[str, int] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    logins: list[str] = field(default_factory=list)


def iin(born: date, female: bool, serial: int) -> str:
    """Return a well-formed invented IIN of somebody born in this century."""
    weights = ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2))
    while True:
        head = f"{born:%y%m%d}{_FEMALE if female else _MALE}{serial:04}"
        for row in weights:
            check = sum(weight * int(digit) for weight, digit in zip(row, head, strict=True)) % 11
            if check < 10:
                return f"{head}{check}"
        serial += 1


def registered(member: Member, parents: Sequence[str], today: date) -> RegisteredPerson:
    """Return a child as the register has it; its stories began two weeks ago, so the groups of then decide."""
    born = date(group_year(today - timedelta(days=16)) - member.age, member.month, member.day)
    code = iin(born, member.female, 9000 + 7 * member.month + member.day)
    sex = "female" if member.female else "male"
    return RegisteredPerson(
        code, member.surname, member.given_name, member.patronymic, born, sex, "Қазақ", list(parents)
    )


def enter(
    database: Database,
    settings: Settings,
    tenant: int,
    organisation_id: int,
    accounts: Sequence[int],
    password: str,
    today: date,
    now: datetime,
) -> People:
    """Add everybody, and return them; ``accounts`` are those of the first household at the utilities.

    ``organisation_id`` is the kindergarten of the kindergarten's person. All have the same password.
    """
    password_hash = passwords.hash_password(password)
    people = People()
    register: list[RegisteredPerson] = []
    for household in HOUSEHOLDS:
        parent = RegisteredPerson(
            household.code, household.surname, household.given_name, household.patronymic, household.born,
            household.sex, "Қазақ", [], [household.phone],
        )  # fmt: skip
        register.append(parent)
        with database.change() as unit:
            user = make_parent(
                unit, parent, phone_number=household.phone, password_hash=password_hash, language="kk", now=now,
                login=household.login, email=household.email,
            )  # fmt: skip
            open_department(unit, user, tenant)
            if household is HOUSEHOLDS[0]:
                _consumer_too(unit, user, accounts, now)
            for member in household.children:
                child = registered(member, [household.code], today)
                register.append(child)
                people.children[member.key] = make_child(unit, tenant, child, user, now)
                people.parents[member.key] = household.login
        people.users[household.login] = user
    register.append(registered(NOT_ENTERED, [HOUSEHOLDS[1].code], today))
    register += _IN_THE_QUEUE
    write_register(settings, register)
    _staff(database, tenant, organisation_id, password_hash, people, now)
    people.logins = list(people.users)
    return people


_IN_THE_QUEUE: Final = (
    RegisteredPerson(
        "880611377294", "Өмірбек", "Бақыт", "Сәкенұлы", None, "", "Қазақ", [], ["+7 (704) 756-86-64"]
    ),
    RegisteredPerson("240617654547", "Өмірбек", "Дария", "Бақытқызы", None, "", "Қазақ", ["880611377294"]),
)  # fmt: skip
"""The first child of the imported queue with its parent."""


def _consumer_too(unit: Unit, user: int, accounts: Sequence[int], now: datetime) -> None:
    """Make a parent a consumer of the utilities: one person, two roles."""
    unit.connection.execute(update(person).where(person.c.id == user).values(roles=["resident", "parent"]))
    for account_id in accounts:
        grant_account(unit, user, account_id, now)
    note_person(unit, user)


def _staff(
    database: Database, tenant: int, organisation_id: int, password_hash: str, people: People, now: datetime
) -> None:
    keys = {"doctor": DOCTOR, "kindergarten": organisation_scope(organisation_id)}
    with database.change() as unit:
        for login, name, email, role in STAFF:
            user = make_person(
                unit, login=login, password_hash=password_hash, roles=[role], accounts=[],
                offices=[tenant] if role == "officer" else [], email=email, confirmed=True, language="kk", name=name,
                code=code_hash(unit.connection, ""), now=now,
            )  # fmt: skip
            if role in ("officer", "kindergarten"):  # they sign with codes
                key = f"7701555100{len(people.users)}"
                unit.connection.execute(update(person).where(person.c.id == user).values(phone=f"+{key}"))
                note_staff_phone(unit, user, key, now)
                note_person(unit, user)
            if role in keys:
                grants.grant(unit, user, tenant, keys[role], grants.STAFF_LEASE)
            people.users[login] = user
