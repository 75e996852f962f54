"""Messages of steps: one row a message in four languages, a text to the phone where the table says so, a letter.

A family's message is in scope ``child:<id>``, a kindergarten's in ``organisation:<id>`` and, so that the office sees
what it was told, in ``staff``, the office's in ``staff``, which no family ever sees (docs/sync.md). All are written in
the transaction of their cause, many at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from models.contract.admission_records import Application
from models.contract.admission_texts import NUMBERED, render, shown
from models.domain.admissions.case import Case, Notice
from models.domain.admissions.states import Actor
from provider.services.admissions import positions
from provider.services.admissions.department import Department
from provider.services.logins import phone_key
from provider.store.bulk import copy_rows, reserve_ids
from provider.store.changes import STAFF, child_scope, organisation_scope
from provider.store.database import Unit
from provider.store.tables_admissions import phone_message
from provider.store.tables_people import mail, message
from translations import LANGUAGES, _, using

_CHILDREN: Final = text("SELECT id, surname, given_name, patronymic FROM child WHERE id = ANY(:ids)")
_GROUPS: Final = text(
    "SELECT g.id, g.name, o.id AS organisation_id, o.name AS organisation FROM kindergarten_group g "
    "JOIN organisation o ON o.id = g.organisation_id WHERE g.id = ANY(:ids)"
)
_PEOPLE: Final = text("SELECT id, phone, email, language FROM person WHERE id = ANY(:ids)")
_MESSAGE: Final = (
    "id", "tenant_id", "provider_id", "account_id", "kind", "subject", "body", "at", "link", "child_id",
    "application_id", "organisation_id",
)  # fmt: skip
_PHONE: Final = ("key", "phone", "body", "created_at", "due_at")
_MAIL: Final = ("key", "kind", "user_id", "address", "language", "subject", "body", "created_at", "due_at")
_DEFAULT_LANGUAGE: Final = "kk"
_TEMPORARY: Final = "temporary-"


WISHES: Final = frozenset({"wishes-open", "wishes-filed", "wishes-taken-back", "remind-wishes"})
"""Notices that lead to the screen of wishes for groups; the others lead to the application."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message about an application that is to be written: ``case`` is how it stands, ``before`` how it stood."""

    row: Application
    case: Case
    before: Case
    notice: Notice
    at: datetime
    employee: str = ""
    group_id: int | None = None
    """The group that was named in the act, for a message about no place that is held or was."""


@dataclass(frozen=True, slots=True)
class _Place:
    group: str
    organisation_id: int
    organisation: str


@dataclass(frozen=True, slots=True)
class _Reader:
    phone: str
    email: str
    language: str


def tell(unit: Unit, department: Department, told: Sequence[Told]) -> list[int]:
    """Write messages, with the texts to phones and letters that go with them; return their ids in order."""
    if not told:
        return []
    connection = unit.connection
    children = _children(connection, {item.row.child_id for item in told})
    places = _places(connection, {group for item in told if (group := _group(item)) is not None})
    values = [_values(connection, department, item, children, places) for item in told]
    subjects: list[dict[str, str]] = [{} for _item in told]
    bodies: list[dict[str, str]] = [{} for _item in told]
    for language in LANGUAGES:
        with using(language):
            for at, item in enumerate(told):
                subjects[at][language], bodies[at][language] = render(item.notice.code, values[at])
    ids = reserve_ids(connection, message, len(told))
    tenant = department.tenant
    copy_rows(
        connection,
        message,
        _MESSAGE,
        [
            (row_id, tenant, tenant, None, "notification", subjects[at], bodies[at], item.at,
             "wishes" if item.notice.code in WISHES else "applications", item.row.child_id, item.row.id,
             _kindergarten(item, places))
            for at, (row_id, item) in enumerate(zip(ids, told, strict=True))
        ],
    )  # fmt: skip
    unit.changes.new_many(
        tenant,
        "message",
        [(scope, row_id) for row_id, item in zip(ids, told, strict=True) for scope in _scopes(item, places)],
    )
    _carry(connection, told, ids, subjects, bodies)
    return ids


def _carry(
    connection: Connection,
    told: Sequence[Told],
    ids: Sequence[int],
    subjects: Sequence[dict[str, str]],
    bodies: Sequence[dict[str, str]],
) -> None:
    """Queue what leaves the cabinet: texts to phones and letters to confirmed addresses of the applicants."""
    families = [at for at, item in enumerate(told) if item.notice.to is Actor.PARENT]
    readers = _readers(connection, {told[at].row.applicant_id for at in families})
    texts: list[tuple[Any, ...]] = []
    letters: list[tuple[Any, ...]] = []
    for at in families:
        item, reader = told[at], readers.get(told[at].row.applicant_id, _Reader("", "", _DEFAULT_LANGUAGE))
        number = phone_key(item.row.phone or reader.phone)
        if item.notice.sms and number:
            texts.append((f"message:{ids[at]}", f"+{number}", bodies[at][reader.language], item.at, item.at))
        if reader.email:
            subject, body = subjects[at][reader.language], by_mail(bodies[at][reader.language], reader.language)
            letters.append(
                (f"message:{ids[at]}", "admission", item.row.applicant_id, reader.email, reader.language, subject, body,
                 item.at, item.at)
            )  # fmt: skip
    if texts:
        copy_rows(connection, phone_message, _PHONE, texts)
    if letters:
        copy_rows(connection, mail, _MAIL, letters)


def by_mail(body: str, language: str) -> str:
    """Return what is said in the cabinet as the text of a letter."""
    with using(language):
        closing = _("This letter was written by a program; nobody reads answers to it.")
        return "\n\n".join((_("Good day!"), body, closing)) + "\n"


def _values(
    connection: Connection,
    department: Department,
    item: Told,
    children: dict[int, str],
    places: dict[int, _Place],
) -> Any:
    zone = department.calendar.zone
    values: dict[str, str | int] = {
        f"{kind.value}_due": term.shown(zone).isoformat() for kind, term in item.case.timers.items()
    }
    values |= item.notice.values
    values["number"] = item.row.number
    values["child"] = children.get(item.row.child_id, "")
    values["employee"] = item.employee
    group = _group(item)
    if group in places:
        values["organisation"], values["group"] = places[group].organisation, places[group].group
    if item.notice.code in NUMBERED:
        found = positions.position(connection, item.row.id, department, item.at)
        values["position"] = found.number if found is not None else "—"
    return shown(values)


def _group(item: Told) -> int | None:
    """Return the group that a message is about."""
    if item.notice.code.startswith(_TEMPORARY) or item.notice.code == "remind-temporary":
        return item.case.temp_group_id
    held = item.case.group_id if _moved(item) else item.before.group_id
    return item.group_id if held is None else held


def _moved(item: Told) -> bool:
    """Whether the message is about the place that the application has now, not the one it has lost."""
    return item.case.group_id is not None and not (
        item.before.transferring and item.case.group_id == item.before.placement_group_id
    )


def _kindergarten(item: Told, places: dict[int, _Place]) -> int | None:
    """Return the kindergarten that a message is written to, None for one to a family or to the office."""
    group = _group(item)
    if item.notice.to is Actor.KINDERGARTEN and group in places:
        return places[group].organisation_id
    return None


def _scopes(item: Told, places: dict[int, _Place]) -> tuple[str, ...]:
    if item.notice.to is Actor.PARENT:
        return (child_scope(item.row.child_id),)
    kindergarten = _kindergarten(item, places)
    return (STAFF,) if kindergarten is None else (organisation_scope(kindergarten), STAFF)


def _children(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    rows = connection.execute(_CHILDREN, {"ids": sorted(ids)})
    return {row[0]: " ".join(part for part in row[1:] if part) for row in rows}


def _places(connection: Connection, ids: Iterable[int]) -> dict[int, _Place]:
    wanted = sorted(ids)
    if not wanted:
        return {}
    rows = connection.execute(_GROUPS, {"ids": wanted})
    return {row.id: _Place(row.name, row.organisation_id, row.organisation) for row in rows}


def _readers(connection: Connection, ids: Iterable[int]) -> dict[int, _Reader]:
    rows = connection.execute(_PEOPLE, {"ids": sorted(ids)})
    return {row.id: _Reader(row.phone, row.email, row.language or _DEFAULT_LANGUAGE) for row in rows}
