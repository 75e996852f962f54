"""What the cache knows of kindergartens and of a parent's own children, as frozen values.

Everything about the family is read on one cut. Only children of whom the person is a guardian count: the cache of
somebody who is also an officer holds those of a whole department.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec

from models.cache.driver import Connection
from models.cache.queries.people import person as read_person
from models.cache.queries.rows import by_number
from models.cache.tables import layout, read_records
from models.contract.admission_records import (
    Appeal,
    Application,
    Attachment,
    Benefit,
    BulletinItem,
    CalendarDay,
    CalendarYear,
    Category,
    Child,
    Group,
    Guardian,
    HistoryEntry,
    Locality,
    Organisation,
    Place,
    Placement,
    ProgrammeRules,
    QueuePosition,
    QueueStatistic,
    Referral,
    Review,
    WaitingEntry,
)
from models.contract.admissions import calendar_of, case_of, rules_of
from models.contract.records import Person, Provider, Record
from models.domain.admissions.case import Case
from models.domain.admissions.rules import Rules
from models.domain.admissions.states import LIVE, Mode, Programme
from models.domain.working_days import WorkingCalendar

R = TypeVar("R", bound=Record)

_DEPARTMENT = "WHERE department_id = ? ORDER BY id"
_DEPARTMENTS = "WHERE kind = 'department' ORDER BY id"
_CHILDREN = "WHERE id IN (SELECT child_id FROM guardian WHERE user_id = ?) ORDER BY born, id"
_OF_CHILDREN = "WHERE child_id IN (SELECT value FROM json_each(?)) ORDER BY id"
_OF_APPLICATIONS = "WHERE application_id IN (SELECT value FROM json_each(?)) ORDER BY id"
_GROUPS = (
    "WHERE organisation_id IN (SELECT id FROM organisation WHERE department_id = ?)"
    " AND valid_from <= ? AND (valid_to IS NULL OR valid_to >= ?) ORDER BY id"
)


@dataclass(frozen=True)
class Department:
    """An education department with what its terms and queues depend on."""

    provider: Provider
    calendar: WorkingCalendar
    editions: tuple[ProgrammeRules, ...]
    localities: Mapping[int, Locality]
    categories: Mapping[int, Category]
    benefits: tuple[Benefit, ...]
    category_changes: tuple[Category, ...] = ()
    """What of the categories was prepared by one officer and is not confirmed, or was refused."""

    @property
    def id(self) -> int:
        """The provider's id."""
        return self.provider.id

    def rules(self, programme: Programme, now: datetime) -> Rules:
        """Return the rules of a programme in force."""
        return rules_of(programme, list(self.editions), now, self.calendar)

    def inside(self, locality_id: int) -> frozenset[int]:
        """Return a locality's id with the ids of everything that lies in it."""
        found = {locality_id}
        grown = True
        while grown:
            more = {one.id for one in self.localities.values() if one.parent_id in found} - found
            found |= more
            grown = bool(more)
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class Offer:
    """A group of a kindergarten with its places in force."""

    organisation: Organisation
    group: Group
    places: tuple[Place, ...]

    def place(self, mode: Mode = Mode.PERMANENT) -> Place | None:
        """Return the places of a mode added up, None when the group has none; lent ones last as long as a free one."""
        own = [place for place in self.places if place.mode == mode]
        if len(own) < 2:
            return own[0] if own else None
        days = [place.valid_to for place in own if place.free > 0] or [place.valid_to for place in own]
        return msgspec.structs.replace(
            own[0],
            capacity=sum(place.capacity for place in own),
            occupied=sum(place.occupied for place in own),
            held=sum(place.held for place in own),
            valid_from=min(place.valid_from for place in own),
            valid_to=None if None in days else max(day for day in days if day is not None),
        )

    def free(self, mode: Mode = Mode.PERMANENT) -> int:
        """Return how many children more the group takes, as last heard."""
        return sum(max(0, place.free) for place in self.places if place.mode == mode)


@dataclass(frozen=True, slots=True)
class ChildView:
    """A child with everybody who may see it; ``own`` is the reader's own tie to it."""

    child: Child
    own: Guardian
    guardians: tuple[Guardian, ...]

    @property
    def entrusted(self) -> bool:
        """Whether the child is another's, entrusted to the reader."""
        return self.own.kind == "entrusted"


@dataclass(frozen=True)
class ApplicationView:
    """An application with everything that hangs on it."""

    application: Application
    child: Child
    position: QueuePosition | None = None
    entries: tuple[WaitingEntry, ...] = ()
    referrals: tuple[Referral, ...] = ()
    placements: tuple[Placement, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    history: tuple[HistoryEntry, ...] = ()  # newest first
    appeals: tuple[Appeal, ...] = ()

    @cached_property
    def case(self) -> Case:
        """The application as the machine sees it."""
        return case_of(self.application)

    @property
    def live(self) -> bool:
        """Whether it is neither archived nor a draft."""
        return self.case.state in LIVE

    @property
    def id(self) -> int:
        """The application's id."""
        return self.application.id


@dataclass(frozen=True, slots=True)
class Family:
    """A parent's whole part of the cache on one cut."""

    person: Person | None
    departments: tuple[Department, ...]
    children: tuple[ChildView, ...]
    applications: tuple[ApplicationView, ...]  # newest first
    offers: Mapping[int, Offer] = field(default_factory=dict)  # groups that the applications name
    items: Mapping[int, BulletinItem] = field(default_factory=dict)  # those that the applications name
    organisations: Mapping[int, Organisation] = field(default_factory=dict)  # of every department

    def department(self, department_id: int) -> Department | None:
        """Return a department by its id."""
        return next((one for one in self.departments if one.id == department_id), None)

    def application(self, application_id: int) -> ApplicationView | None:
        """Return an application by its id."""
        return next((one for one in self.applications if one.id == application_id), None)

    def child(self, child_id: int) -> ChildView | None:
        """Return a child by its id."""
        return next((one for one in self.children if one.child.id == child_id), None)


@dataclass(frozen=True, slots=True)
class Item:
    """Published places with whose they are."""

    item: BulletinItem
    offer: Offer


def family(connection: Connection, now: datetime) -> Family:
    """Return the signed-in parent's children and applications with the departments they belong to."""
    person = read_person(connection)
    children = _children(connection, person)
    views = _applications(connection, children)
    found = departments(connection)
    wanted = {
        group_id
        for view in views
        for group_id in (
            view.application.group_id,
            view.application.placement_group_id,
            view.application.temp_group_id,
            *(entry.group_id for entry in view.entries),
            *(referral.group_id for referral in view.referrals),
        )
        if group_id is not None
    }
    items = {view.application.item_id for view in views if view.application.item_id is not None}
    organisations = {one.id: one for one in _rows(connection, Organisation, "ORDER BY id")}
    return Family(
        person,
        tuple(found),
        children,
        views,
        _offers_of(connection, wanted, organisations),
        {one.id: one for one in _by_ids(connection, BulletinItem, items)},
        organisations,
    )


def departments(connection: Connection) -> list[Department]:
    """Return the education departments with their rules, calendars and localities."""
    return [_department(connection, provider) for provider in _rows(connection, Provider, _DEPARTMENTS)]


def _department(connection: Connection, provider: Provider) -> Department:
    categories = _rows(connection, Category, _DEPARTMENT, provider.id)
    return Department(
        provider,
        calendar_of(
            provider.zone,
            _rows(connection, CalendarDay, _DEPARTMENT, provider.id),
            _rows(connection, CalendarYear, _DEPARTMENT, provider.id),
        ),
        tuple(_rows(connection, ProgrammeRules, _DEPARTMENT, provider.id)),
        {one.id: one for one in _rows(connection, Locality, _DEPARTMENT, provider.id)},
        {one.id: one for one in categories if one.state == "confirmed"},
        tuple(_rows(connection, Benefit, _DEPARTMENT, provider.id)),
        tuple(one for one in categories if one.state != "confirmed"),
    )


def offers(connection: Connection, department_id: int, now: datetime) -> list[Offer]:
    """Return the groups of a department's open kindergartens with their places, by kindergarten and group name.

    Groups and places count that are in force at ``now`` on the department's local day.
    """
    zones = [provider.zone for provider in _rows(connection, Provider, "WHERE id = ?", department_id)]
    today = now.astimezone(ZoneInfo(zones[0])).date() if zones else now.date()
    day = today.isoformat()
    organisations = {one.id: one for one in _rows(connection, Organisation, _DEPARTMENT, department_id) if one.opened}
    groups = _rows(connection, Group, _GROUPS, department_id, day, day)
    places = _places(connection, (group.id for group in groups))
    found = [
        Offer(organisations[group.organisation_id], group, in_force(places.get(group.id, ()), today))
        for group in groups
        if group.organisation_id in organisations
    ]
    return sorted(
        found, key=lambda offer: (by_number(offer.organisation.name), offer.organisation.id, offer.group.name)
    )


def bulletin(connection: Connection, department_id: int) -> list[Item]:
    """Return published items of a department, the latest opening first."""
    organisations = {one.id: one for one in _rows(connection, Organisation, _DEPARTMENT, department_id)}
    rows = _rows(connection, BulletinItem, "WHERE state = 'published' ORDER BY open_at DESC, id")
    found = _offers_of(connection, {row.group_id for row in rows}, organisations)
    return [Item(row, found[row.group_id]) for row in rows if row.group_id in found]


def reviews(connection: Connection, organisation_id: int) -> list[Review]:
    """Return the published reviews of a kindergarten, newest first."""
    return _rows(
        connection, Review, "WHERE organisation_id = ? AND state = 'published' ORDER BY at DESC", organisation_id
    )


def unpublished(connection: Connection, organisation_id: int) -> list[Review]:
    """Return the family's reviews of a kindergarten that wait to be read or were not published, newest first."""
    return _rows(
        connection,
        Review,
        "WHERE organisation_id = ? AND state IN ('submitted', 'refused') ORDER BY at DESC",
        organisation_id,
    )


def statistics(connection: Connection, department_id: int) -> list[QueueStatistic]:
    """Return what waits and what is expected, by locality, birth year and language."""
    return _rows(connection, QueueStatistic, _DEPARTMENT, department_id)


def _children(connection: Connection, person: Person | None) -> tuple[ChildView, ...]:
    if person is None:
        return ()
    children = _rows(connection, Child, _CHILDREN, person.id)
    guardians: dict[int, list[Guardian]] = {child.id: [] for child in children}
    for guardian in _rows(connection, Guardian, _OF_CHILDREN, _ids(guardians)):
        guardians[guardian.child_id].append(guardian)
    views = []
    for child in children:
        mine = [one for one in guardians[child.id] if one.user_id == person.id]
        # Who removed a child and added it again has an ended tie and one that counts.
        own = max(mine, key=lambda one: (one.until is None, one.kind == "parent", one.until or one.since, one.id))
        views.append(ChildView(child, own, tuple(guardians[child.id])))
    return tuple(views)


def _applications(connection: Connection, children: Collection[ChildView]) -> tuple[ApplicationView, ...]:
    by_id = {view.child.id: view.child for view in children}
    rows = _rows(connection, Application, _OF_CHILDREN, _ids(by_id))
    ids = _ids(row.id for row in rows)
    positions = {row.application_id: row for row in _rows(connection, QueuePosition, _OF_APPLICATIONS, ids)}
    entries = _grouped(_rows(connection, WaitingEntry, _OF_APPLICATIONS, ids))
    referrals = _grouped(_rows(connection, Referral, _OF_APPLICATIONS, ids))
    placements = _grouped(_rows(connection, Placement, _OF_APPLICATIONS, ids))
    attachments = _grouped(_rows(connection, Attachment, _OF_APPLICATIONS, ids))
    history = _grouped(_rows(connection, HistoryEntry, _OF_APPLICATIONS, ids))
    appeals = _grouped(_rows(connection, Appeal, _OF_APPLICATIONS, ids))
    views = [
        ApplicationView(
            row,
            by_id[row.child_id],
            positions.get(row.id),
            entries.get(row.id, ()),
            referrals.get(row.id, ()),
            placements.get(row.id, ()),
            attachments.get(row.id, ()),
            tuple(sorted(history.get(row.id, ()), key=lambda entry: (entry.at, entry.id), reverse=True)),
            appeals.get(row.id, ()),
        )
        for row in rows
    ]
    return tuple(sorted(views, key=lambda view: (view.live, view.application.state_since, view.id), reverse=True))


def in_force(places: Iterable[Place], today: date) -> tuple[Place, ...]:
    """Return the places that can be had on a day: one that was lent stays in the cache when its last day is over."""
    return tuple(
        place for place in places if place.valid_from <= today and (place.valid_to is None or place.valid_to >= today)
    )


def _offers_of(
    connection: Connection, group_ids: Collection[int], organisations: Mapping[int, Organisation]
) -> dict[int, Offer]:
    groups = [group for group in _by_ids(connection, Group, group_ids) if group.organisation_id in organisations]
    places = _places(connection, (group.id for group in groups))
    return {group.id: Offer(organisations[group.organisation_id], group, places.get(group.id, ())) for group in groups}


def _places(connection: Connection, group_ids: Iterable[int]) -> dict[int, tuple[Place, ...]]:
    found: dict[int, tuple[Place, ...]] = {}
    rows = _rows(connection, Place, "WHERE group_id IN (SELECT value FROM json_each(?)) ORDER BY id", _ids(group_ids))
    for place in rows:
        found[place.group_id] = (*found.get(place.group_id, ()), place)
    return found


def _grouped(rows: Iterable[R]) -> dict[int, tuple[R, ...]]:
    found: dict[int, tuple[R, ...]] = {}
    for row in rows:
        key: int = row.application_id  # type: ignore[attr-defined]
        found[key] = (*found.get(key, ()), row)
    return found


def _by_ids(connection: Connection, record: type[R], ids: Iterable[int]) -> list[R]:
    return _rows(connection, record, "WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id", _ids(ids))


def _rows(connection: Connection, record: type[R], clause: str, *values: object) -> list[R]:
    return read_records(record, connection.execute(f"{layout(record).select} {clause}", values))


def _ids(ids: Iterable[int]) -> str:
    return msgspec.json.encode(list(ids)).decode()
