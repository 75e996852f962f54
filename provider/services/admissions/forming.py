"""The yearly forming of groups: many ranked wishes matched at once, for an officer to read, print and act upon.

Nothing is written: the result is a plan. Groups put first a child whose brother or sister is in the house, then the
order of the queue; twins go together. Source: R-ADM-19.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from models.contract.admission_records import Application, Group, Organisation
from models.domain.admissions.matching import Applicant, blocking_pairs, deferred_acceptance
from models.domain.admissions.ranking import OrderKey
from models.domain.admissions.states import Programme, State
from models.domain.problems import Problem
from provider.services.admissions import places, worlds
from provider.services.admissions.applications import Held
from provider.services.admissions.department import Department
from provider.services.admissions.worlds import Chosen
from provider.services.refusals import refuse
from provider.store.rows import fetch
from provider.store.tables_admissions import application, kindergarten_group, organisation

MOST: Final = 20_000
_BORN: Final = text("SELECT id, born FROM application WHERE id = ANY(:ids)")
_NAMES: Final = text(
    "SELECT id, concat_ws(' ', nullif(surname, ''), nullif(given_name, ''), nullif(patronymic, '')) FROM child "
    "WHERE id = ANY(:ids)"
)
_SIBLINGS: Final = text(
    "SELECT DISTINCT mine.child_id, g.organisation_id FROM guardian mine JOIN guardian theirs "
    "ON theirs.user_id = mine.user_id AND theirs.child_id <> mine.child_id AND theirs.kind = 'parent' "
    "JOIN placement p ON p.child_id = theirs.child_id AND p.counted AND p.mode = 'permanent' "
    "JOIN kindergarten_group g ON g.id = p.group_id "
    "WHERE mine.child_id = ANY(:children) AND mine.kind = 'parent' AND mine.until IS NULL AND theirs.until IS NULL"
)
_SIBLING_POINT: Final = 1


@dataclass(frozen=True, slots=True)
class Wish:
    """The groups that a family wants, best first, as they were written: an id, or kindergarten and group."""

    application: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormedLine:
    """What an application got. ``wish`` counts from 1, 0 for no place; ``problems`` say why wishes did not count."""

    position: int
    application: str
    child: str
    category_rank: int
    rank_date: datetime
    application_id: int
    wish: int
    wishes: list[int]
    twins: bool
    group_id: int | None
    organisation: str
    group: str
    sibling: bool
    problems: list[Problem]


@dataclass(frozen=True, slots=True)
class FormedGroup:
    """How full a group would be."""

    group_id: int
    organisation: str
    group: str
    free: int
    given: int


@dataclass(frozen=True, slots=True)
class Formed:
    """The whole result. ``stable``: no family would rather have a place that was given to somebody behind it.

    ``unread`` are the rows of the file that name no application in this queue.
    """

    lines: list[FormedLine]
    groups: list[FormedGroup]
    unread: list[Problem]
    placed: int
    stable: bool
    fingerprint: str
    at: datetime
    department: str
    zone: str


def form(
    connection: Connection,
    department: Department,
    programme: str,
    wishes: Sequence[Wish],
    now: datetime,
    starts_on: date | None = None,
    *,
    offered: Collection[int] | None = None,
    barred: Mapping[int, Problem] | None = None,
    lock: bool = False,
) -> Formed:
    """Return who would get which place. Ages are those of ``starts_on``, the first day in the groups.

    Only groups ``offered`` are given when that is said, and nothing to applications that are ``barred``; ``lock``
    keeps the places as they are until the commit.

    Raises ``Refusal``: ``programme-unknown``, ``number-out-of-range`` for too many wishes or none.
    """
    if programme not in (Programme.GENERAL, Programme.SPECIAL, Programme.BULLETIN):
        raise refuse("programme-unknown", "programme")
    if not 1 <= len(wishes) <= MOST:
        raise refuse("number-out-of-range", "wishes", low=1, high=MOST)
    day = starts_on or department.calendar.local_day(now)
    rules = department.rules(Programme(programme), now)
    every = choices(connection, department)
    among = {group: one for group, one in every.items() if offered is None or group in offered}
    rows, unread = _applications(connection, department, programme, wishes)
    born: dict[int, date] = _pairs(connection, _BORN, [row.id for row in rows.values()])
    names: dict[int, str] = _pairs(connection, _NAMES, [row.child_id for row in rows.values()])
    by_name = _by_name(among)
    refused: dict[int, list[Problem]] = {}
    wanted: dict[int, tuple[int, ...]] = {}
    for wish in wishes:
        row = rows.get(wish.application.strip())
        if row is not None and row.id not in wanted:
            wanted[row.id], refused[row.id] = _fitting(
                Held(row, born.get(row.id)), wish.groups[: rules.preferences], among, by_name, day
            )
    for row_id, problem in (barred or {}).items():
        if row_id in wanted:
            wanted[row_id], refused[row_id] = (), [problem]
    bundles = _together(rows.values(), wanted, barred or {})
    points = _points(connection, rows.values(), wanted, among)
    applicants = [
        Applicant(
            row.id, OrderKey(row.category_rank, row.rank_date or now, row.number), wanted[row.id], bundles.get(row.id)
        )
        for row in rows.values()
    ]
    counters = places.read(connection, among, lock=lock)
    today = department.calendar.local_day(now)
    free = {group: places.free(counters, group, today) for group in among}
    matching = deferred_acceptance(applicants, free, points, rules.preferences)
    lines = []
    for position, one in enumerate(sorted(applicants, key=lambda one: one.key), start=1):
        row = rows[one.key.number]
        got = matching.groups.get(row.id)
        lines.append(
            FormedLine(
                position=position,
                application=row.number,
                child=names.get(row.child_id, ""),
                category_rank=row.category_rank,
                rank_date=one.key.rank_date,
                application_id=row.id,
                wishes=list(wanted[row.id]),
                twins=row.id in bundles,
                wish=wanted[row.id].index(got) + 1 if got in wanted[row.id] else 0,
                group_id=got,
                organisation=among[got].organisation.name if got is not None else "",
                group=among[got].group.name if got is not None else "",
                sibling=bool(got is not None and points.get((row.id, got))),
                problems=refused[row.id],
            )
        )
    given = Counter(matching.groups.values())
    groups = [
        FormedGroup(group, among[group].organisation.name, among[group].group.name, free[group], given[group])
        for group in sorted({group for groups in wanted.values() for group in groups})
    ]
    stable = not blocking_pairs(applicants, free, matching, points)
    return Formed(
        lines, groups, unread, given.total(), stable, _fingerprint(lines), now, department.name, department.zone
    )


def _together(
    rows: Iterable[Application], wanted: dict[int, tuple[int, ...]], barred: Mapping[int, Problem]
) -> dict[int, int]:
    """Return the bundle of each twin that goes with another, and leave them only groups that suit all of them."""
    members: dict[int, list[Application]] = {}
    for row in rows:
        if row.bundle_id is not None and row.id not in barred:
            members.setdefault(row.bundle_id, []).append(row)
    found = {}
    for bundle, twins in members.items():
        if len(twins) < 2:
            continue
        twins.sort(key=lambda row: (row.category_rank, row.rank_date, row.number))
        common = set(wanted[twins[0].id]).intersection(*(wanted[twin.id] for twin in twins))
        for twin in twins:
            wanted[twin.id] = tuple(group for group in wanted[twins[0].id] if group in common)
            found[twin.id] = bundle
    return found


def _pairs(connection: Connection, statement: Any, ids: list[int]) -> dict[int, Any]:
    return {row[0]: row[1] for row in connection.execute(statement, {"ids": ids})}


def _applications(
    connection: Connection, department: Department, programme: str, wishes: Iterable[Wish]
) -> tuple[dict[str, Application], list[Problem]]:
    numbers = list(dict.fromkeys(wish.application.strip() for wish in wishes))
    rows = fetch(
        connection, Application, application.c.tenant_id == department.tenant, application.c.number.in_(numbers)
    )
    known = {
        row.number: row
        for row in rows
        if row.programme == programme and row.state in (State.QUEUED, State.VOUCHER_ACTIVE, State.VOUCHER_WAITLISTED)
    }
    unread = [Problem("wish-not-in-queue", "application", {"number": n}) for n in numbers if n not in known]
    return known, unread


def choices(connection: Connection, department: Department) -> dict[int, Chosen]:
    """Return every group of a department with its kindergarten, by the group's id."""
    houses = {row.id: row for row in fetch(connection, Organisation, organisation.c.tenant_id == department.tenant)}
    groups = fetch(connection, Group, kindergarten_group.c.tenant_id == department.tenant)
    return {row.id: Chosen(row, houses[row.organisation_id]) for row in groups}


def _by_name(choices: Mapping[int, Chosen]) -> dict[str, int]:
    """Return groups by "kindergarten / group"; a name that two have is not there."""
    found: dict[str, list[int]] = {}
    for group, choice in choices.items():
        found.setdefault(_plain(f"{choice.organisation.name}/{choice.group.name}"), []).append(group)
    return {name: groups[0] for name, groups in found.items() if len(groups) == 1}


def _plain(name: str) -> str:
    return "/".join(" ".join(part.split()) for part in name.casefold().split("/"))


def _fitting(
    held: Held, written: Sequence[str], choices: Mapping[int, Chosen], by_name: Mapping[str, int], day: date
) -> tuple[tuple[int, ...], list[Problem]]:
    """Return the groups that count, best first, and why others do not."""
    found: list[int] = []
    problems: list[Problem] = []
    for name in written:
        group = int(name) if name.isascii() and name.isdecimal() else by_name.get(_plain(name))
        if group is None or group not in choices:
            problems.append(Problem("wish-unknown", name[:120]))
            continue
        wrong = worlds.why_not(held, choices[group], day)
        if wrong:
            problems.append(Problem(wrong[0].code, name[:120], wrong[0].values))
        elif group not in found:
            found.append(group)
    return tuple(found), problems


def _points(
    connection: Connection,
    rows: Iterable[Application],
    wanted: Mapping[int, Sequence[int]],
    choices: Mapping[int, Chosen],
) -> dict[tuple[int, int], int]:
    """Return by how much groups put applications first: a brother or sister in the house."""
    own = {row.child_id: row.id for row in rows}
    inside = {(row[0], row[1]) for row in connection.execute(_SIBLINGS, {"children": list(own)})}
    return {
        (row_id, group): _SIBLING_POINT
        for child, row_id in own.items()
        for group in wanted[row_id]
        if (child, choices[group].organisation.id) in inside
    }


def _fingerprint(lines: Iterable[FormedLine]) -> str:
    """Return what two prints of the same result have in common."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(f"{line.position}|{line.application}|{line.group_id}\n".encode())
    return digest.hexdigest()
