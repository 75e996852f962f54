"""What officers, doctors and kindergartens ask the cache, as frozen values.

An office's cache holds every application of a department, hundreds of thousands: lists are read by pages in SQL and
bound by indexes (models.cache.tables); nothing here reads all of a large table.
"""

# ruff: noqa: S608 - clauses are put together from our own words, values are always bound

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from models.cache.driver import Connection
from models.cache.queries import admissions
from models.cache.queries.admissions import ApplicationView, Department, Family, Offer, in_force
from models.cache.queries.children import applications_called
from models.cache.queries.people import person as read_person
from models.cache.queries.rows import by_ids, by_number, json_ids, read
from models.contract.admission_records import (
    Appeal,
    Application,
    Attachment,
    BulletinItem,
    CalendarDay,
    CalendarYear,
    Category,
    Child,
    Group,
    Guardian,
    HistoryEntry,
    Iteration,
    IterationLine,
    Organisation,
    Place,
    Placement,
    ProgrammeRules,
    QueuePosition,
    Referral,
    Review,
    WaitingEntry,
)
from models.contract.records import Person
from models.domain.admissions.states import Flag, State

PAGE: Final = 100
"""Rows of a page of the queue."""
COUNTED: Final = 10_000
"""A list is counted up to this many; beyond it "more than" is honest enough and always quick."""
_ORGANISATION: Final = "organisation:"
_OF: Final = "WHERE application_id = ? ORDER BY id"
LATE: Final = (Flag.ESCALATED, Flag.ORG_LATE)
"""Flags that let an officer act for a kindergarten."""


def _listed(offer: Offer) -> tuple[list[str | int], int, list[str | int]]:
    """Return what a group is sorted by."""
    return by_number(offer.organisation.name), offer.group.age_from, by_number(offer.group.name)


@dataclass(frozen=True)
class Desk:
    """What every screen of a department's people needs: who they are, the department, its kindergartens and places.

    ``mine`` are the kindergartens whose rows this cache holds for itself: those that the person works for.
    """

    person: Person | None
    department: Department | None
    organisations: Mapping[int, Organisation] = field(default_factory=dict)
    offers: Mapping[int, Offer] = field(default_factory=dict)  # of every group, closed ones too
    mine: frozenset[int] = frozenset()

    def groups_of(self, organisation_ids: Collection[int]) -> list[Offer]:
        """Return the groups of kindergartens by kindergarten and name."""
        found = [offer for offer in self.offers.values() if offer.organisation.id in organisation_ids]
        return sorted(found, key=_listed)


@dataclass(frozen=True, slots=True)
class Line:
    """An application in a list with its child."""

    application: Application
    child: Child
    position: QueuePosition | None = None
    documents: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of applications is narrowed to; empty and None mean everything."""

    text: str = ""  # part of the child's name, the number, or the IIN
    programme: str = ""
    states: tuple[str, ...] = ()
    localities: frozenset[int] = frozenset()
    language: str = ""
    birth_year: int | None = None
    category_id: int | None = None
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list in the order of the queue. ``total`` is exact up to ``COUNTED``, then ``many`` is set."""

    lines: tuple[Line, ...] = ()
    total: int = 0
    many: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One application with everything an officer, a doctor or a kindergarten looks at."""

    view: ApplicationView
    family: Family
    guardians: tuple[Guardian, ...] = ()


@dataclass(frozen=True, slots=True)
class Decisions:
    """What waits for an officer, oldest first."""

    late: tuple[Line, ...] = ()
    appeals: tuple[tuple[Appeal, Line], ...] = ()
    benefits: tuple[Line, ...] = ()
    documents: tuple[tuple[Attachment, Line], ...] = ()
    reviews: tuple[Review, ...] = ()
    changes: tuple[ProgrammeRules | Category | Iteration, ...] = ()
    """What a colleague prepared or planned, and a second officer confirms or issues."""

    @property
    def count(self) -> int:
        """How many things wait."""
        return sum(map(len, (self.changes, self.late, self.appeals, self.benefits, self.documents, self.reviews)))


@dataclass(frozen=True, slots=True)
class Round:
    """A round of vouchers with its lines in order."""

    iteration: Iteration
    lines: tuple[IterationLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Calendar:
    """A department's calendar as its rows are."""

    days: tuple[CalendarDay, ...] = ()
    years: tuple[CalendarYear, ...] = ()


def desk(connection: Connection, now: datetime) -> Desk:
    """Return who works here, for which department and kindergartens, with the places in force at ``now``."""
    departments = admissions.departments(connection)
    chosen = departments[0] if departments else None
    today = chosen.calendar.local_day(now) if chosen is not None else now.date()
    listed = sorted(read(connection, Organisation, "ORDER BY name, id"), key=lambda one: by_number(one.name))
    organisations = {one.id: one for one in listed}
    places: dict[int, tuple[Place, ...]] = {}
    for place in read(connection, Place, "ORDER BY id"):
        places[place.group_id] = (*places.get(place.group_id, ()), place)
    offers = {
        group.id: Offer(
            organisations[group.organisation_id],
            group,
            in_force(places.get(group.id, ()), today),
        )
        for group in read(connection, Group, "ORDER BY id")
        if group.organisation_id in organisations
    }
    keys = [str(row[0]) for row in connection.execute("SELECT key FROM scope")]
    mine = frozenset(int(key.removeprefix(_ORGANISATION)) for key in keys if key.startswith(_ORGANISATION))
    return Desk(read_person(connection), chosen, organisations, offers, mine)


def under_review(connection: Connection, limit: int = 500) -> tuple[Line, ...]:
    """Return applications whose documents a doctor has to look at, the one that waits longest first."""
    rows = read(connection, Application, "WHERE state = 'docs-review' ORDER BY submitted_at, id LIMIT ?", limit)
    counts = dict(
        connection.execute(
            "SELECT application_id, count(*) FROM attachment"
            " WHERE application_id IN (SELECT value FROM json_each(?)) GROUP BY application_id",
            (json_ids(row.id for row in rows),),
        ).fetchall()
    )
    return tuple(
        Line(line.application, line.child, line.position, counts.get(line.application.id, 0))
        for line in lines_of(connection, rows)
    )


def queue(connection: Connection, wanted: Wanted, offset: int = 0, limit: int = PAGE) -> Page:
    """Return a page of the applications that are wanted, in the order of the queue."""
    clause, values = _narrowed(connection, wanted)
    ids = [
        int(row[0])
        for row in connection.execute(
            f"SELECT id FROM application {clause} ORDER BY category_rank, rank_date, id LIMIT ? OFFSET ?",
            (*values, limit, offset),
        )
    ]
    counted = connection.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM application {clause} LIMIT ?)", (*values, COUNTED + 1)
    ).fetchone()[0]
    found = {row.id: row for row in by_ids(connection, Application, ids)}
    lines = lines_of(connection, [found[one] for one in ids])
    return Page(lines, min(counted, COUNTED), counted > COUNTED)


def card(connection: Connection, application_id: int, base: Desk) -> Card | None:
    """Return an application of a desk with everything that hangs on it; None when it is not here (any more)."""
    rows = by_ids(connection, Application, [application_id])
    children = by_ids(connection, Child, [rows[0].child_id]) if rows else []
    if not rows or not children:
        return None
    row, child = rows[0], children[0]
    history = read(connection, HistoryEntry, _OF, application_id)
    view = ApplicationView(
        row,
        child,
        next(iter(read(connection, QueuePosition, _OF, application_id)), None),
        tuple(read(connection, WaitingEntry, _OF, application_id)),
        tuple(read(connection, Referral, _OF, application_id)),
        tuple(read(connection, Placement, _OF, application_id)),
        tuple(read(connection, Attachment, _OF, application_id)),
        tuple(sorted(history, key=lambda entry: (entry.at, entry.id), reverse=True)),
        tuple(read(connection, Appeal, _OF, application_id)),
    )
    departments = (base.department,) if base.department is not None else ()
    items = {one.id: one for one in by_ids(connection, BulletinItem, [row.item_id] if row.item_id else [])}
    family = Family(base.person, departments, (), (view,), base.offers, items, base.organisations)
    guardians = read(connection, Guardian, "WHERE child_id = ? ORDER BY kind DESC, id", child.id)
    return Card(view, family, tuple(guardians))


_PREPARED: Final = (
    "WHERE state = 'prepared' AND coalesce(prepared_by_id, 0) NOT IN (SELECT id FROM person)"
    " ORDER BY valid_from, id LIMIT ?"
)
_PLANNED: Final = (
    "WHERE state = 'planned' AND planner_id NOT IN (SELECT id FROM person) ORDER BY planned_at, id LIMIT ?"
)


def decisions(connection: Connection, limit: int = 200) -> Decisions:
    """Return what waits for an officer: at most ``limit`` of each kind, oldest first."""
    late = read(
        connection, Application,
        "WHERE flags <> '[]' AND (flags LIKE ? OR flags LIKE ?) AND state <> 'archived'"
        " ORDER BY state_since, id LIMIT ?",
        *(f'%"{flag}"%' for flag in LATE), limit,
    )  # fmt: skip
    claimed = read(
        connection, Application,
        "WHERE (benefit_state = 'claimed' OR benefit_doubt_by <> '') AND state NOT IN ('archived', 'draft')"
        " ORDER BY rank_date, id LIMIT ?", limit,
    )  # fmt: skip
    appeals = read(connection, Appeal, "WHERE state = 'open' ORDER BY received_at, id LIMIT ?", limit)
    papers = read(
        connection, Attachment, "WHERE state = 'received' AND application_id IS NOT NULL ORDER BY at, id LIMIT ?", limit
    )
    about = {line.application.id: line for line in lines_of(
        connection,
        by_ids(connection, Application, {*(one.application_id for one in appeals),
                                         *(one.application_id for one in papers if one.application_id)}),
    )}  # fmt: skip
    return Decisions(
        lines_of(connection, late),
        tuple((one, about[one.application_id]) for one in appeals if one.application_id in about),
        lines_of(connection, claimed),
        tuple(
            (one, about[one.application_id])
            for one in papers
            if one.application_id in about and about[one.application_id].application.state != State.DOCS_REVIEW
        ),
        tuple(read(connection, Review, "WHERE state = 'submitted' ORDER BY at, id LIMIT ?", limit)),
        (
            *read(connection, ProgrammeRules, _PREPARED, limit),
            *read(connection, Category, _PREPARED, limit),
            *read(connection, Iteration, _PLANNED, limit),
        ),
    )


def rounds(connection: Connection, limit: int = 100) -> tuple[Iteration, ...]:
    """Return the rounds of vouchers, newest first."""
    return tuple(read(connection, Iteration, "ORDER BY planned_at DESC, id DESC LIMIT ?", limit))


def round_of(connection: Connection, iteration_id: int) -> Round | None:
    """Return a round with all its lines."""
    found = by_ids(connection, Iteration, [iteration_id])
    if not found:
        return None
    lines = read(connection, IterationLine, "WHERE iteration_id = ? ORDER BY position, id", iteration_id)
    return Round(found[0], tuple(lines))


def calendar(connection: Connection, department_id: int) -> Calendar:
    """Return the days of a department's calendar that are not as their weekday is, and the years it knows."""
    return Calendar(
        tuple(read(connection, CalendarDay, "WHERE department_id = ? ORDER BY day", department_id)),
        tuple(read(connection, CalendarYear, "WHERE department_id = ? ORDER BY year", department_id)),
    )


def terms(connection: Connection) -> tuple[Application, ...]:
    """Return the applications in which a term runs."""
    return tuple(read(connection, Application, "WHERE terms <> '{}' ORDER BY id"))


def reviews(connection: Connection, limit: int = 200) -> tuple[Review, ...]:
    """Return reviews, those that wait for an officer first."""
    return tuple(read(connection, Review, "ORDER BY state = 'submitted' DESC, at DESC, id LIMIT ?", limit))


def lines_of(connection: Connection, rows: Collection[Application]) -> tuple[Line, ...]:
    """Return applications with their children and numbers, in the order given."""
    children = {one.id: one for one in by_ids(connection, Child, {row.child_id for row in rows})}
    positions = {
        one.application_id: one
        for one in read(
            connection, QueuePosition, "WHERE application_id IN (SELECT value FROM json_each(?)) ORDER BY id",
            json_ids(row.id for row in rows),
        )
    }  # fmt: skip
    return tuple(Line(row, children[row.child_id], positions.get(row.id)) for row in rows if row.child_id in children)


def _narrowed(connection: Connection, wanted: Wanted) -> tuple[str, tuple[object, ...]]:
    """Return the clause and its values; every column in it is in the index of the queue's order.

    A plus before a column keeps SQLite from taking another index for it, after which it would have to sort.
    """
    parts: list[str] = []
    values: list[object] = []

    def want(part: str, *bound: object) -> None:
        parts.append(part)
        values.extend(bound)

    if wanted.text.strip():
        want("id IN (SELECT value FROM json_each(?))", json_ids(applications_called(connection, wanted.text)))
    if wanted.programme:
        want("+programme = ?", wanted.programme)
    if wanted.states:
        want(f"+state IN ({', '.join('?' for _one in wanted.states)})", *wanted.states)
    if wanted.localities:
        want("+locality_id IN (SELECT value FROM json_each(?))", json_ids(sorted(wanted.localities)))
    if wanted.language:
        want("languages LIKE ?", f'%"{wanted.language}"%')
    if wanted.birth_year is not None:
        first, after = date(wanted.birth_year, 1, 1), date(wanted.birth_year + 1, 1, 1)
        want("+child_id IN (SELECT id FROM child WHERE born >= ? AND born < ?)", first.isoformat(), after.isoformat())
    if wanted.category_id is not None:
        want("+category_id = ?", wanted.category_id)
    if wanted.flag:
        want("id IN (SELECT id FROM application WHERE flags <> '[]' AND flags LIKE ?)", f'%"{wanted.flag}"%')
    return (f"WHERE {' AND '.join(parts)}" if parts else ""), tuple(values)


def as_of(connection: Connection) -> datetime | None:
    """Return the instant of the numbers of the queue: the newest snapshot."""
    row = connection.execute("SELECT max(at) FROM queue_position").fetchone()
    return datetime.fromisoformat(row[0]) if row and row[0] else None
