"""What a parent asks the provider directly: codes, registration, recovery, a child's data, the public queue.

Needs a connection; nothing is kept here. Every method raises the transport's TransportErrors, marked as told to a
person who waits.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from models.contract.admission_records import QueueStatistic
from sync import wishes
from sync.link import Link
from sync.transport import Transport, answered_directly

T = TypeVar("T")


class Department(Struct, frozen=True):
    """An education department to choose: a region with its support service."""

    id: int
    code: str
    name: str
    country: str = ""
    settlement: str = ""
    support_phone: str = ""
    support_chat: str = ""


class RegisterAnswer(Struct, frozen=True):
    """What the register of persons says about who registers; initials only when ``full`` is false."""

    surname: str
    given_name: str
    patronymic: str
    born: date | None
    sex: str
    full: bool = True


class CheckedChild(Struct, frozen=True):
    """What the register says about a child of ours; ``child_id`` when it was entered before."""

    iin: str
    surname: str
    given_name: str
    patronymic: str
    born: date
    sex: str
    ethnicity: str = ""
    child_id: int | None = None


class _CodeSent(Struct, frozen=True):
    seconds: int


class ProvedPhone(Struct, frozen=True):
    """What brings one to the next pages; ``shared`` when somebody's cabinet has the telephone already."""

    ticket: str
    shared: bool = False


class _Registered(Struct, frozen=True):
    login: str


class _Departments(Struct, frozen=True):
    departments: list[Department]


class QueueRow(Struct, frozen=True):
    """One place in the public queue; nothing in it tells who the child is. ``number`` is the application's, masked."""

    position: int
    number: str
    category: dict[str, str]
    submitted_at: datetime
    languages: list[str]
    birth_year: int = 0  # the provider does not tell it: 0


class QueuePage(Struct, frozen=True):
    """A page of the public queue: ``total`` rows meet the filters, ``queued`` stand in the queue."""

    rows: list[QueueRow]
    total: int
    queued: int
    at: datetime


class _Row(Struct, frozen=True):
    number: int
    application: str
    category: dict[str, str]
    at: datetime
    languages: list[str]


class _Page(Struct, frozen=True):
    rows: list[_Row]
    total: int
    queued: int
    at: datetime


class Interest(Struct, frozen=True):
    """How many children wait for a kindergarten; where they are few the provider does not tell."""

    organisation_id: int
    waiting: int


class _Statistics(Struct, frozen=True):
    rows: list[QueueStatistic]
    kindergartens: list[Interest] = []


class Position(Struct, frozen=True):
    """The number of one application in the queue, computed at ``at``; 0 when it is not in the queue."""

    number: int
    total: int
    at: datetime


def _once(path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return a wish that happens once, with its key: asked again in the same words it is answered as the first time."""
    return body | {"request": wishes.key(path, body)}


class Families:
    """Requests of parents. ``link`` is that of the open profile, for what needs a signed-in person."""

    def __init__(self, transport: Transport, link: Link | None = None) -> None:
        self._transport = transport
        self._link = link

    # Without signing in

    def ask_code(self, purpose: str, phone: str, code: str = "", *, language: str = "kk", consent: bool = False) -> int:
        """Ask for a code by text message and return for how many seconds it works and none other is sent.

        ``purpose``: register, recover, sign-in. The answer is the same whether or not there is somebody.
        """
        body = {"purpose": purpose, "phone": phone, "code": code, "language": language, "consent": consent}
        return self._ask("/families/codes", body, _CodeSent).seconds

    def verify_code(self, purpose: str, phone: str, one_time: str, code: str = "") -> ProvedPhone:
        """Return the ticket that a code of a registration or recovery gives."""
        body = {"purpose": purpose, "phone": phone, "one_time": one_time, "code": code}
        return self._ask("/families/codes/verify", _once("/families/codes/verify", body), ProvedPhone)

    def show_person(self, ticket: str, phone: str, code: str) -> RegisterAnswer:
        """Return what the register of persons says about who registers."""
        return self._ask("/families/person", {"ticket": ticket, "phone": phone, "code": code}, RegisterAnswer)

    def register(
        self, *, ticket: str, phone: str, code: str, password: str, language: str = "kk", department: str = ""
    ) -> str:
        """Make the login and return it; the IIN and the telephone work for signing in too."""
        body = {
            "ticket": ticket,
            "phone": phone,
            "code": code,
            "password": password,
            "language": language,
            "department": department,
        }
        return self._ask("/families/register", _once("/families/register", body), _Registered).login

    def recover(self, *, ticket: str, phone: str, code: str, password: str) -> None:
        """Set a new password."""
        body = {"ticket": ticket, "phone": phone, "code": code, "password": password}
        self._ask("/families/recover", _once("/families/recover", body), msgspec.Raw)

    def departments(self) -> list[Department]:
        """Return the education departments of the installation."""
        with answered_directly():
            return self._transport.get("/families/departments", _Departments).departments

    def queue(
        self,
        department_id: int,
        *,
        programme: str = "general",
        locality: int | None = None,
        birth_year: int | None = None,
        language: str = "",
        correction: str = "",
        offset: int = 0,
        limit: int = 20,
    ) -> QueuePage:
        """Return a page of a department's public queue: ``limit`` rows (10, 20, 30 or 100) from ``offset`` on."""
        query: dict[str, str | int] = {
            "department": department_id,
            "programme": programme,
            "page": offset // limit + 1,
            "size": limit,
        }
        chosen = {"locality": locality, "birth_year": birth_year, "language": language, "correction": correction}
        query.update({name: value for name, value in chosen.items() if value})
        with answered_directly():
            page = self._transport.get("/admissions/queue", _Page, query)
        rows = [QueueRow(row.number, row.application, row.category, row.at, row.languages) for row in page.rows]
        return QueuePage(rows, page.total, page.queued, page.at)

    def statistics(self, department_id: int) -> list[QueueStatistic]:
        """Return how many wait and how many places are expected, by locality, birth year and language; an estimate."""
        return self._statistics(department_id).rows

    def interest(self, department_id: int) -> list[Interest]:
        """Return how many children wait for which kindergarten, the most wanted first; fewer than five are not told."""
        return self._statistics(department_id).kindergartens

    # For the signed-in person

    def check_child(self, iin: str, department_id: int) -> CheckedChild:
        """Return what the register says about a child of ours, which then may be entered."""
        return self._own("/children/check", {"iin": iin, "department_id": department_id}, CheckedChild)

    def ask_signing_code(self, about: str) -> int:
        """Ask for a code that signs one thing (``application:17``) and return for how many seconds it works."""
        return self._own("/families/codes/signing", {"about": about}, _CodeSent).seconds

    def open_department(self, department_id: int) -> None:
        """Make what a department shows to everybody come with the next synchronisation."""
        self._own("/families/departments", {"department_id": department_id}, msgspec.Raw)

    def join(self, *, ticket: str, phone: str, code: str, department: str = "") -> None:
        """Become a parent too, with the ticket of a registration."""
        body = {"ticket": ticket, "phone": phone, "code": code, "department": department}
        self._own("/families/join", _once("/families/join", body), msgspec.Raw)

    def change_phone(self, *, ticket: str, phone: str, password: str) -> None:
        """Change the telephone that codes go to, with the ticket of a registration for the new one."""
        body = {"ticket": ticket, "phone": phone, "password": password}
        self._own("/families/phone", _once("/families/phone", body), msgspec.Raw)

    def position(self, application_id: int) -> Position:
        """Return where an application of ours stands in the queue now."""
        return self._linked(lambda link: link.get(f"/admissions/position/{application_id}", Position, {}))

    def _statistics(self, department_id: int) -> _Statistics:
        with answered_directly():
            return self._transport.get("/admissions/statistics", _Statistics, {"department": department_id})

    def _ask(self, path: str, body: dict[str, Any], kind: type[T]) -> T:
        with answered_directly():
            return self._transport.post(path, body, kind, refresh=True)

    def _own(self, path: str, body: dict[str, Any], kind: type[T]) -> T:
        return self._linked(lambda link: link.post(path, body, kind))

    def _linked(self, ask: Callable[[Link], T]) -> T:
        if self._link is None:
            raise RuntimeError("nobody is signed in here")
        with answered_directly():
            return ask(self._link)
