"""Forming groups from collected wishes: computed by one officer, issued by another, all places in one transaction.

A result is kept with its lines for the printed protocol, which only the office sees. It is issued only as it was read:
when queue, wishes or free places give another one by then, it is stale and has to be computed anew.
Source: R-ADM-19, R-ADM-34.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, insert, text, update

from models.contract.collection_commands import CancelForming, IssueForming, PlanForming
from models.contract.collection_records import Collection, Forming, WishList
from models.domain.admissions import machine
from models.domain.admissions.case import Act, Notice, Step, World
from models.domain.admissions.rules import Rules
from models.domain.admissions.states import Actor, Event, Programme
from models.domain.problems import Problem
from provider.services import audit
from provider.services.admissions import applications, collections, forming, notices, numbers, outside, steps, worlds
from provider.services.admissions.applications import Held
from provider.services.admissions.authority import acting, must_be_officer
from provider.services.admissions.department import Department
from provider.services.admissions.forming import Formed, FormedLine
from provider.services.admissions.outside import Taken
from provider.services.admissions.rights import Rights
from provider.services.logins import clean
from provider.services.refusals import Refusal, refuse
from provider.store.bulk import copy_rows, reserve_ids
from provider.store.changes import STAFF, child_scope
from provider.store.database import Unit
from provider.store.rows import fetch
from provider.store.tables_collections import forming as forming_table
from provider.store.tables_collections import forming_line, wish_list

_LOCK: Final = text("SELECT state FROM forming WHERE id = :id AND tenant_id = :tenant FOR UPDATE")
_LINE: Final = (
    "id", "tenant_id", "forming_id", "position", "application_id", "number", "child", "category_rank", "rank_date",
    "group_id", "wish", "wishes", "sibling", "twins", "refused",
)  # fmt: skip
_RESULT: Final = text(
    "UPDATE wish_list w SET state = n.state, group_id = n.group_id, wish = n.wish "
    "FROM unnest(CAST(:ids AS bigint[]), CAST(:states AS text[]), CAST(:groups AS bigint[]), "
    "CAST(:wishes AS bigint[])) AS n(id, state, group_id, wish) WHERE w.id = n.id"
)


@dataclasses.dataclass(frozen=True, slots=True)
class Planned:
    """A computed result: how many lists there are, and how many children get a place."""

    id: int
    number: str
    lists: int
    placed: int
    stable: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Issued:
    """What came of issuing: ``stale`` when another result is due by now, and nothing was given."""

    state: str
    placed: int = 0
    number: str = ""


def plan(unit: Unit, department: Department, payload: PlanForming, own: Rights, now: datetime) -> Planned:
    """Compute and keep who would get which place; nothing is given. While wishes are still collected it is a trial.

    Raises ``Refusal``: ``not-allowed``, ``not-found``, ``collection-decided`` (value ``state``),
    ``collection-without-wishes``.
    """
    must_be_officer(own)
    tenant = department.tenant
    asked = collections.locked(unit, tenant, payload.collection_id)
    if asked.state not in ("collecting", "closed"):
        raise refuse("collection-decided", state=asked.state)
    lists = _filed(unit.connection, asked)
    if not lists:
        raise refuse("collection-without-wishes")
    held = applications.lock(unit.connection, tenant, [one.application_id for one in lists])
    made = _form(unit.connection, department, asked, lists, held, now)
    (number,) = numbers.take(unit.connection, tenant, "forming", department.calendar.local_day(now).year)
    row_id = int(
        unit.connection.execute(
            insert(forming_table)
            .values(
                tenant_id=tenant,
                collection_id=asked.id,
                number=number,
                lists=len(lists),
                placed=made.placed,
                stable=made.stable,
                places=[[row.group_id, row.free, row.given] for row in made.groups],
                state="planned",
                planned_by=own.name,
                planned_at=now,
                planner_id=own.user_id,
                fingerprint=made.fingerprint,
            )
            .returning(forming_table.c.id)
        ).scalar_one()
    )
    unit.changes.live(tenant, STAFF, "forming", row_id)
    _write_lines(unit, tenant, row_id, made.lines)
    audit.note(unit.connection, now, "forming-planned", actor_id=own.user_id, subject=f"forming:{number}")
    return Planned(row_id, number, len(lists), made.placed, made.stable)


def issue(
    unit: Unit, department: Department, payload: IssueForming, own: Rights, now: datetime, *,
    device_id: int | None = None, command_id: str = "",
) -> Issued:  # fmt: skip
    """Give the places of a result that another officer had computed, if the same result is due now.

    Raises ``Refusal``: ``not-allowed``, ``not-found``, ``forming-decided`` (value ``state``), ``collection-not-over``
    while wishes are still collected, ``needs-another-officer`` for who had it computed. Source: T14b, T14c.
    """
    must_be_officer(own)
    tenant = department.tenant
    record = _locked(unit, tenant, payload.forming_id)
    if record.planner_id == own.user_id:
        raise refuse("needs-another-officer", by=record.planned_by)
    asked = collections.locked(unit, tenant, record.collection_id)
    if now <= asked.closes_at:
        raise refuse("collection-not-over")
    if asked.state not in ("collecting", "closed"):
        raise refuse("forming-decided", state=asked.state)
    lists = _filed(unit.connection, asked)
    # First of all locked, so that nobody moves meanwhile; then the places, which nobody takes before the commit.
    held = applications.lock(unit.connection, tenant, [one.application_id for one in lists])
    made = _form(unit.connection, department, asked, lists, held, now, lock=True) if lists else None
    if made is None or made.fingerprint != record.fingerprint:
        _change(unit, tenant, record.id, state="stale", issued_by=own.name, issued_at=now)
        audit.note(unit.connection, now, "forming-stale", actor_id=own.user_id, subject=f"forming:{record.number}")
        return Issued("stale", number=record.number)
    winners = [line for line in made.lines if line.group_id is not None]
    if winners:
        taken = _steps(unit.connection, department, asked, winners, held, now)
        who = acting(own, Actor.OFFICER, device_id)
        done = outside.carry_out(
            unit, department, [dataclasses.replace(one, actor=who, command_id=command_id) for one in taken]
        )
        steps.settle(unit, department, done, now)
    _write_results(unit, tenant, lists, made.lines, held)
    losers = [held[line.application_id] for line in made.lines if line.group_id is None]
    notices.tell(
        unit,
        department,
        [
            notices.Told(one.row, one.case, one.case, Notice("group-not-formed", sms=True), now, own.name)
            for one in losers
        ],
    )
    _change(unit, tenant, record.id, state="issued", issued_by=own.name, issued_at=now)
    collections.change(unit, tenant, asked.id, state="issued", decided_at=now)
    audit.note(unit.connection, now, "forming-issued", actor_id=own.user_id, subject=f"forming:{record.number}")
    return Issued("issued", len(winners), record.number)


def cancel(unit: Unit, department: Department, payload: CancelForming, own: Rights, now: datetime) -> None:
    """Throw a result away. Raises ``Refusal``: ``not-allowed``, ``not-found``, ``forming-decided``."""
    must_be_officer(own)
    record = _locked(unit, department.tenant, payload.forming_id)
    reason = clean(payload.reason, "reason", 500, lines=True, required=False)
    _change(unit, department.tenant, record.id, state="cancelled", issued_by=own.name, issued_at=now, reason=reason)
    audit.note(unit.connection, now, "forming-cancelled", actor_id=own.user_id, subject=f"forming:{record.number}")


def _filed(connection: Connection, asked: Collection) -> list[WishList]:
    rows = fetch(connection, WishList, wish_list.c.collection_id == asked.id, wish_list.c.state == "filed")
    return sorted(rows, key=lambda row: row.application_id)


def _form(
    connection: Connection, department: Department, asked: Collection, lists: Sequence[WishList],
    held: Mapping[int, Held], now: datetime, *, lock: bool = False,
) -> Formed:  # fmt: skip
    wishes = [
        forming.Wish(held[one.application_id].row.number, tuple(str(group) for group in one.groups)) for one in lists
    ]
    barred: dict[int, Problem] = {}
    for own, step in _possible(connection, department, asked, held, now):
        if isinstance(step, Problem):
            barred[own.row.id] = step
    return forming.form(
        connection, department, asked.programme, wishes, now, asked.starts_on,
        offered=frozenset(asked.group_ids), barred=barred, lock=lock,
    )  # fmt: skip


def _possible(
    connection: Connection, department: Department, asked: Collection, held: Mapping[int, Held], now: datetime
) -> list[tuple[Held, Step | Problem]]:
    """Return whether each application could be given some place: what the machine says of a place that suits."""
    rules = department.rules(Programme(asked.programme), now)
    around = _around(connection, department, asked, held, rules, now)
    act = Act(Event.FORM_GROUP, Actor.SYSTEM, group_id=asked.group_ids[0])
    return [
        (own, machine.step(own.case, act, around[row_id], rules, department.calendar, now))
        for row_id, own in held.items()
    ]


def _steps(
    connection: Connection, department: Department, asked: Collection, winners: Sequence[FormedLine],
    held: Mapping[int, Held], now: datetime,
) -> list[Taken]:  # fmt: skip
    rules = department.rules(Programme(asked.programme), now)
    around = _around(connection, department, asked, held, rules, now)
    choices = forming.choices(connection, department)
    taken = []
    for line in winners:
        own, group = held[line.application_id], line.group_id
        assert group is not None  # a winner
        act = Act(Event.FORM_GROUP, Actor.SYSTEM, group_id=group)
        world = dataclasses.replace(
            around[line.application_id], fit=worlds.why_not(own, choices[group], asked.starts_on)
        )
        step = machine.step(own.case, act, world, rules, department.calendar, now)
        if isinstance(step, Problem):
            raise Refusal(step)
        taken.append(Taken(own, step, act, steps.SYSTEM, now))
    return taken


def _around(
    connection: Connection, department: Department, asked: Collection, held: Mapping[int, Held], rules: Rules,
    now: datetime,
) -> dict[int, World]:  # fmt: skip
    """Return what is true around applications, with ages of the first day in the groups; a place is free for each."""
    starts = max(now, department.calendar.midnight_after(asked.starts_on))
    found = {}
    for row_id, own in held.items():
        world = World(free=1, contract_sent=own.row.contract_sent)
        if own.born is not None:
            world = worlds.with_age(world, own.born, department, own.row, starts)
        found[row_id] = own, world
    return worlds.with_other_applications(connection, found)


def _write_lines(unit: Unit, tenant: int, row_id: int, lines: Sequence[FormedLine]) -> None:
    ids = reserve_ids(unit.connection, forming_line, len(lines))
    copy_rows(
        unit.connection,
        forming_line,
        _LINE,
        (
            (own_id, tenant, row_id, line.position, line.application_id, line.application, line.child,
             line.category_rank, line.rank_date, line.group_id, line.wish, line.wishes, line.sibling, line.twins,
             [msgspec.to_builtins(problem) for problem in line.problems])
            for own_id, line in zip(ids, lines, strict=True)
        ),
    )  # fmt: skip
    unit.changes.new_many(tenant, "forming_line", [(STAFF, own_id) for own_id in ids])


def _write_results(
    unit: Unit, tenant: int, lists: Sequence[WishList], lines: Sequence[FormedLine], held: Mapping[int, Held]
) -> None:
    """Tell each list what came of it."""
    got = {line.application_id: line for line in lines}
    values: dict[str, list[Any]] = {"ids": [], "states": [], "groups": [], "wishes": []}
    for one in lists:
        line = got[one.application_id]
        values["ids"].append(one.id)
        values["states"].append("not-placed" if line.group_id is None else "placed")
        values["groups"].append(line.group_id)
        values["wishes"].append(_filed_as(one, line.group_id))
    unit.connection.execute(_RESULT, values)
    unit.changes.live_many(
        tenant, "wish_list", [(child_scope(held[one.application_id].row.child_id), one.id) for one in lists]
    )


def _filed_as(one: WishList, group: int | None) -> int:
    """Return which of the wishes that were filed a group is, 0 for none."""
    return one.groups.index(group) + 1 if group in one.groups else 0


def _locked(unit: Unit, tenant: int, row_id: int) -> Forming:
    found = unit.connection.execute(_LOCK, {"id": row_id, "tenant": tenant}).first()
    if found is None:
        raise refuse("not-found", "forming_id", status=404)
    if found.state != "planned":
        raise refuse("forming-decided", state=found.state)
    (record,) = fetch(unit.connection, Forming, forming_table.c.id == row_id)
    return record


def _change(unit: Unit, tenant: int, row_id: int, **values: Any) -> None:
    unit.connection.execute(update(forming_table).where(forming_table.c.id == row_id).values(**values))
    unit.changes.live(tenant, STAFF, "forming", row_id)
