"""Steps of applications: decided by the machine under the application's lock, carried out in one transaction.

Locks are taken in one order: applications by ascending id (twins together), then places by ascending id. Only an offer
of a place that became free comes the other way round; it does not wait for the application but is run again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from models.contract.admission_records import Application
from models.domain.admissions import machine
from models.domain.admissions.case import Act, Case, Step, World
from models.domain.admissions.states import Actor, Event, Programme, State
from models.domain.problems import Problem
from provider.services.admissions import (
    applications,
    audience,
    bundles,
    contracts,
    outside,
    places,
    positions,
    waiting,
    worlds,
)
from provider.services.admissions.applications import Held
from provider.services.admissions.department import Department
from provider.services.admissions.outside import ActorInfo, Outside, Taken
from provider.services.refusals import Refusal, refuse
from provider.store.database import Unit

SYSTEM = ActorInfo(None, "", Actor.SYSTEM.value)
CLOCK = ActorInfo(None, "", Actor.CLOCK.value)


def take_step(
    unit: Unit,
    department: Department,
    application_id: int,
    act: Act,
    actor: ActorInfo,
    now: datetime,
    command_id: str = "",
    *,
    permit: Callable[[Application], None] | None = None,
) -> Step:
    """Return the step that an act makes of an application at ``now``, carried out with everything that follows.

    ``permit`` may look at the locked application and raise. Raises ``Refusal`` with the machine's problem, with
    ``not-found`` for an application, group or item that the department does not have, and with ``no-free-place`` when
    somebody else won the last place; nothing is written then.
    """
    held = applications.lock_with_bundle(unit.connection, department.tenant, application_id)
    own = held.get(application_id)
    if own is None:
        raise refuse("not-found", "application_id", status=404)
    if permit is not None:
        permit(own.row)
    taken = [_decide(unit, department, own, act, actor, now, command_id)]
    if act.event is Event.CHOOSE_PLACE:
        taken += _for_twins(unit, department, own, taken[0], held)
    done = outside.carry_out(unit, department, taken)
    settle(unit, department, done, now)
    return taken[0].step


def take_steps(
    unit: Unit,
    department: Department,
    application_ids: Iterable[int],
    act: Act,
    actor: ActorInfo,
    now: datetime,
    command_id: str = "",
) -> dict[int, Step | Problem]:
    """Return what the same act makes of many applications, by id; those that may not are told and left as they are.

    For what needs no choice of a place: vouchers of a round, the yearly refresh. Written in a few statements.
    """
    held = applications.lock(unit.connection, department.tenant, application_ids)
    results: dict[int, Step | Problem] = {}
    taken = []
    around: dict[int, tuple[Held, World]] = {}
    for application_id, own in held.items():
        world = World(contract_sent=own.row.contract_sent)
        if own.born is not None:
            world = worlds.with_age(world, own.born, department, own.row, now)
        around[application_id] = own, world
    known = worlds.with_other_applications(unit.connection, around)
    for application_id, own in held.items():
        decided = _step(department, own.case, act, known[application_id], now)
        results[application_id] = decided
        if isinstance(decided, Step):
            taken.append(Taken(own, decided, act, actor, now, command_id))
    if taken:
        done = outside.carry_out(unit, department, taken)
        settle(unit, department, done, now)
    return results


def settle(unit: Unit, department: Department, done: Outside, now: datetime) -> list[int]:
    """Do what follows from carried-out steps: keep new numbers of the queue, offer the places that became free.

    Returns the applications to which places were offered.
    """
    for held in done.rows.values():
        if held.row.state == State.QUEUED and len(done.rows) < _FEW:
            found = positions.position(unit.connection, held.row.id, department, now)
            if found is not None:
                positions.keep(unit, department.tenant, held.row.id, held.row.child_id, found)
    _promote(unit, department, done, now)
    offered: list[int] = []
    for group in sorted(waiting.waited_for(unit, department.tenant, done.freed)):
        offered += offer_free(unit, department, group, now)
    return offered


def _promote(unit: Unit, department: Department, done: Outside, now: datetime) -> None:
    """End the temporary places of children once they are enrolled, by whichever application. Source: T45, D-16."""
    enrolled = {held.row.child_id for held in done.enrolled}
    if not enrolled:
        return
    lent = applications.with_temporary_place(unit.connection, enrolled)
    for own in applications.lock(unit.connection, department.tenant, lent, at_once=True).values():
        act = Act(Event.TEMP_PROMOTE, Actor.SYSTEM)
        outside.carry_out(unit, department, [_decide(unit, department, own, act, SYSTEM, now, "")])


_FEW = 50  # changes of the queue after which the next refresh counts all numbers anew


def offer_free(unit: Unit, department: Department, group_id: int, now: datetime) -> list[int]:
    """Offer the free places of a group to those who wait for it, in the order of the queue; return the applications.

    To be called whenever places of a group become free or are added. Somebody who may not have the place (their child
    outgrew the group) is passed over and stays in the list, and so are twins while places are too few for all of them.
    Source: T17, D-21, D-23.
    """
    offered: list[int] = []
    passed: set[int] = set()
    today = department.calendar.local_day(now)
    while places.free(places.read(unit.connection, [group_id], lock=True), group_id, today) > 0:
        first = waiting.first(unit, group_id, passed)
        if first is None:
            break
        taken = _offers(unit, department, first, group_id, now)
        if not taken:
            passed.add(first)
            continue
        outside.carry_out(unit, department, taken)
        offered += [one.held.row.id for one in taken]
    return offered


def _offers(unit: Unit, department: Department, first: int, group_id: int, now: datetime) -> list[Taken]:
    """Return the offer of a place to who stands first, and to its twins that wait in the same kindergarten.

    Nothing when one of them may not have one: twins are offered places together or not at all. Source: D-23.
    """
    listed = waiting.twins(unit, first, group_id)
    held = applications.lock(unit.connection, department.tenant, {first, *listed}, at_once=True)
    own = held.pop(first)
    groups: dict[int, int] | None = {}
    if held:
        groups = bundles.groups_for(unit, department, own, list(held.values()), group_id, now, listed)
    if groups is None:
        return []
    taken = []
    for one, group in ((own, group_id), *((twin, groups[twin.row.id]) for twin in held.values())):
        act = Act(Event.PLACE_FREED, Actor.SYSTEM, group_id=group)
        act, world = worlds.gather(unit.connection, department, one, act, now)
        decided = _step(department, one.case, act, world, now)
        if isinstance(decided, Problem) or world.fit:
            return []
        taken.append(Taken(one, decided, act, SYSTEM, now))
    return taken


def note_application(unit: Unit, row: Application) -> None:
    """Note an application that changed otherwise than by a step for everybody who sees it."""
    audience.note_application(unit, row.department_id, row)


def _decide(
    unit: Unit, department: Department, own: Held, act: Act, actor: ActorInfo, now: datetime, command_id: str
) -> Taken:
    act, world = worlds.gather(unit.connection, department, own, act, now)
    signed = contracts.facts(unit.connection, own.row) if act.event in contracts.SIGNING else None
    if signed is not None:
        world = contracts.world(world, own.row, signed)
    decided = _step(department, own.case, act, world, now)
    if isinstance(decided, Problem):
        raise Refusal(decided)
    return Taken(own, decided, act, actor, now, command_id, contract=signed)


def _step(department: Department, case: Case, act: Act, world: World, now: datetime) -> Step | Problem:
    return machine.step(case, act, world, department.rules(Programme(case.programme), now), department.calendar, now)


def _for_twins(
    unit: Unit, department: Department, own: Held, first: Taken, held: Mapping[int, Held]
) -> Sequence[Taken]:
    """Return the same choice for the twins that choose too: places in the same kindergarten, or nothing at all.

    Source: D-23. Raises ``Refusal`` ``no-place-for-twins``.
    """
    twins = [other for other in held.values() if other.row.id != own.row.id and other.row.state == State.VOUCHER_ACTIVE]
    if not twins or first.act.group_id is None:
        return []
    groups = bundles.groups_for(unit, department, own, twins, first.act.group_id, first.at)
    if groups is None:
        raise refuse("no-place-for-twins", count=len(twins) + 1)
    return [
        _decide(
            unit, department, twin, dataclasses.replace(first.act, group_id=groups[twin.row.id]), first.actor,
            first.at, first.command_id,
        )
        for twin in twins
    ]  # fmt: skip
