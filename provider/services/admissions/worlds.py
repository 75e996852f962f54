"""What is true around an application at the instant of a decision."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from models.contract.admission_records import Application, BulletinItem, Group, Organisation
from models.domain.admissions.case import Act, World
from models.domain.admissions.categories import ages_out, counting_year, months_old
from models.domain.admissions.eligibility import ChildFacts, GroupFacts, ItemFacts, fit_group, fit_item
from models.domain.admissions.states import Actor, Event, Mode, Programme, State, TimerKind
from models.domain.problems import Problem
from provider.services.admissions import places, positions
from provider.services.admissions.applications import Held
from provider.services.admissions.department import Department
from provider.services.refusals import refuse
from provider.store.rows import fetch
from provider.store.tables_admissions import bulletin_item, kindergarten_group, organisation

_ENTRIES: Final = text(
    "SELECT group_id, state FROM waiting_entry WHERE application_id = :id AND state IN ('waiting', 'offered')"
)
_DOCUMENTS: Final = text(
    "SELECT DISTINCT kind FROM attachment WHERE application_id = :id AND state <> 'refused' "
    "AND (valid_until IS NULL OR valid_until >= :today)"
)
_ANOTHER: Final = text(
    "SELECT 1 FROM application WHERE child_id = :child AND programme = :programme AND id <> :id "
    "AND state NOT IN ('draft', 'archived') LIMIT 1"
)
_SIBLING_APPLICATIONS: Final = text(
    "SELECT child_id, id, voucher, placement_group_id FROM application WHERE child_id = ANY(:children) "
    "AND (voucher <> '' OR placement_group_id IS NOT NULL)"
)
_MISSED: Final = text(
    "SELECT event, at FROM history_entry WHERE application_id = :id AND actor = 'clock' AND event LIKE '%-expires' "
    "AND id > coalesce((SELECT max(id) FROM history_entry WHERE application_id = :id "
    "AND actor IN ('parent', 'kindergarten', 'doctor', 'officer') AND event <> 'edit'), 0) ORDER BY id"
)
_OWNER_RETURNED: Final = text(
    "SELECT EXISTS (SELECT FROM placement p JOIN placement o ON o.group_id = p.group_id AND o.mode = 'permanent' "
    "JOIN history_entry h ON h.application_id = o.application_id AND h.event = 'return-from-leave' "
    "WHERE p.application_id = :id AND p.mode = 'temporary' AND p.counted AND h.at::date >= p.begins_on)"
)
_PLACES: Final = frozenset({
    Event.CHOOSE_PLACE, Event.JOIN_WAITLIST, Event.PLACE_FREED, Event.TRANSFER, Event.GROUP_CLOSE,
})  # fmt: skip
_LISTS: Final = frozenset({
    State.VOUCHER_ACTIVE, State.VOUCHER_WAITLISTED, State.PLACE_OFFERED,
})  # fmt: skip
_ONE_PLACE: Final = frozenset({
    Event.ISSUE_VOUCHER, Event.CHOOSE_PLACE, Event.SIGN_ORG, Event.APPLY_BULLETIN, Event.SIGN_CONTRACT,
})  # fmt: skip
_ONE_AT_MOST: Final = frozenset({Event.SUBMIT, Event.REINSTATE})


@dataclasses.dataclass(frozen=True, slots=True)
class Chosen:
    """A group that may be chosen, with its kindergarten."""

    group: Group
    organisation: Organisation


def gather(connection: Connection, department: Department, held: Held, act: Act, now: datetime) -> tuple[Act, World]:
    """Return what the machine may look at for an act, and the act with what it implies (the group of an item).

    Raises ``Refusal`` ``not-found`` for a group or an item that the department does not have.
    """
    row = held.row
    today = department.calendar.local_day(now)
    world = World(contract_sent=row.contract_sent)
    if act.event is Event.APPLY_BULLETIN:
        act, world = _bulletin(connection, department, held, act, now)
    elif act.event is Event.CHOOSE_TEMPORARY:
        world = _temporary(connection, department, held, act, today)
    elif act.event in _PLACES and act.group_id is not None:
        world = _permanent(connection, department, held, act, today)
    elif act.event is Event.TEMP_SET_UNTIL and row.temp_group_id is not None:
        counters = places.read(connection, [row.temp_group_id])
        last = places.returns(counters, row.temp_group_id, today, taken=True)
        world = World(owner_returns=max((day for day in (last, row.temp_until) if day is not None), default=None))
    elif act.event in _PLACES and act.event is not Event.GROUP_CLOSE:
        raise refuse("not-found", "group_id", status=404)
    elif act.event is Event.SIGN_PARENT:
        world = World(documents=documents(connection, row.id, today))
    elif act.event in _ONE_AT_MOST:
        values = {"child": row.child_id, "programme": row.programme, "id": row.id}
        world = World(another_live=connection.execute(_ANOTHER, values).first() is not None)
    if row.state in _LISTS:
        world = _with_entries(connection, world, row.id, act.group_id)
    if held.born is not None:
        world = with_age(world, held.born, department, row, now)
    if act.event in _ONE_PLACE:
        world = with_other_applications(connection, {row.id: (held, world)})[row.id]
    missed = missed_terms(connection, row.id) if act.actor in _PEOPLE else {}
    return act, dataclasses.replace(world, contract_sent=row.contract_sent, missed=missed)


_PEOPLE: Final = frozenset({Actor.PARENT, Actor.KINDERGARTEN})


def with_other_applications(connection: Connection, worlds: Mapping[int, tuple[Held, World]]) -> dict[int, World]:
    """Return worlds that know the other applications of the same children: a voucher or a place that they have."""
    children = sorted({held.row.child_id for held, _ in worlds.values()})
    others = connection.execute(_SIBLING_APPLICATIONS, {"children": children}).all()
    by_child: dict[int, list[Any]] = {}
    for other in others:
        by_child.setdefault(other.child_id, []).append(other)
    found = {}
    for application_id, (held, world) in worlds.items():
        rest = [other for other in by_child.get(held.row.child_id, []) if other.id != application_id]
        found[application_id] = dataclasses.replace(
            world,
            child_voucher=any(other.voucher for other in rest),
            placed_elsewhere=any(other.placement_group_id is not None for other in rest),
        )
    return found


def missed_terms(connection: Connection, application_id: int) -> dict[TimerKind, datetime]:
    """Return the terms that the clock has ended since somebody last took a step, with the instants of their ends."""
    rows = connection.execute(_MISSED, {"id": application_id})
    return {TimerKind(row.event.removesuffix("-expires")): row.at for row in rows}


def owner_returned(connection: Connection, application_id: int) -> bool:
    """Return whether the child whose place was lent to this application came back earlier than agreed."""
    return bool(connection.execute(_OWNER_RETURNED, {"id": application_id}).scalar())


def entries(connection: Connection, application_id: int) -> int:
    """Return in how many waiting lists an application stands."""
    return len(connection.execute(_ENTRIES, {"id": application_id}).all())


def with_age(world: World, born: date, department: Department, row: Application, now: datetime) -> World:
    """Return a world that knows the child's age: too young for a voucher, too old for the queue."""
    today = department.calendar.local_day(now)
    rules = department.rules(Programme(row.programme), now)
    return dataclasses.replace(
        world,
        too_young=months_old(born, today) < rules.min_age_months,
        ages_out=ages_out(born, counting_year(today), rules.max_age_years),
    )


def documents(connection: Connection, application_id: int, today: date) -> frozenset[str]:
    """Return the kinds of documents of an application that are kept, not refused and still valid."""
    return frozenset(connection.execute(_DOCUMENTS, {"id": application_id, "today": today}).scalars())


def chosen(connection: Connection, tenant: int, group_id: int) -> Chosen:
    """Return a group of a department with its kindergarten; raises ``Refusal`` ``not-found``."""
    groups = fetch(connection, Group, kindergarten_group.c.id == group_id, kindergarten_group.c.tenant_id == tenant)
    if not groups:
        raise refuse("not-found", "group_id", status=404)
    (owner,) = fetch(connection, Organisation, organisation.c.id == groups[0].organisation_id)
    return Chosen(groups[0], owner)


def child_facts(held: Held) -> ChildFacts:
    """Return what of a child and its application decides about places."""
    row = held.row
    return ChildFacts(
        born=held.born or date.min,
        programme=Programme(row.programme),
        languages=frozenset(row.languages),
        locality_id=row.locality_id,
        correction=row.correction,
    )


def why_not(held: Held, choice: Chosen, on: date) -> tuple[Problem, ...]:
    """Return why a child may not come into a group on a day."""
    group = choice.group
    facts = GroupFacts(
        age_from=group.age_from,
        age_to=group.age_to,
        language=group.language,
        correction=group.correction,
        valid_from=group.valid_from,
        valid_to=group.valid_to,
        opened=choice.organisation.opened,
    )
    return fit_group(child_facts(held), facts, on)


def _permanent(connection: Connection, department: Department, held: Held, act: Act, today: date) -> World:
    assert act.group_id is not None
    choice = chosen(connection, department.tenant, act.group_id)
    # Whoever joins a list under the place's lock sees every place that was freed before, and is seen by the next.
    counters = places.read(connection, [act.group_id], lock=act.event is Event.JOIN_WAITLIST)
    return World(free=places.free(counters, act.group_id, today), fit=why_not(held, choice, today))


def _temporary(connection: Connection, department: Department, held: Held, act: Act, today: date) -> World:
    if act.group_id is None:
        raise refuse("not-found", "group_id", status=404)
    choice = chosen(connection, department.tenant, act.group_id)
    counters = places.read(connection, [act.group_id])
    last = act.until or today
    lasting = [place for place in counters if place.valid_to is None or place.valid_to >= last]
    return World(
        free=places.free(lasting, act.group_id, today, Mode.TEMPORARY),
        fit=why_not(held, choice, today),
        owner_returns=places.returns(counters, act.group_id, today),
    )


def _bulletin(connection: Connection, department: Department, held: Held, act: Act, now: datetime) -> tuple[Act, World]:
    items = fetch(
        connection, BulletinItem, bulletin_item.c.id == act.item_id, bulletin_item.c.tenant_id == department.tenant
    )
    if not items or items[0].state == "draft":
        raise refuse("not-found", "item_id", status=404)
    item = items[0]
    today = department.calendar.local_day(now)
    rules = department.rules(Programme(held.row.programme), now)
    facts = ItemFacts(
        state=item.state,
        birth_years=frozenset(item.birth_years),
        language=item.language,
        localities=department.around(item.locality_id),
        open_at=item.open_at,
        open_to_all_at=item.open_to_all_at,
        places=item.places,
    )
    number = None
    if rules.visible_numbers and item.open_to_all_at is not None and now < item.open_to_all_at:
        found = positions.position(connection, held.row.id, department, now)
        number = found.number if found is not None else None
    fit = fit_item(child_facts(held), facts, now, today=today, number=number, rules=rules)
    counters = places.read(connection, [item.group_id])
    free = min(places.free(counters, item.group_id, today), item.places - item.taken)
    return dataclasses.replace(act, group_id=item.group_id), World(free=free, fit=fit)


def _with_entries(connection: Connection, world: World, application_id: int, group_id: int | None) -> World:
    live = connection.execute(_ENTRIES, {"id": application_id}).all()
    listed = group_id is not None and any(entry.group_id == group_id for entry in live)
    return dataclasses.replace(world, entries=len(live), listed=listed)
