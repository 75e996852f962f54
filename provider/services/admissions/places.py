"""Places of groups: a counter for each group and mode, changed under its lock. Nobody is counted twice.

Whoever needs an application and places locks the application first, then places by ascending id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, text

from models.contract.admission_records import Place
from models.domain.admissions.states import Mode
from provider.services.refusals import refuse
from provider.store.changes import PUBLIC
from provider.store.database import Unit

_COLUMNS = "id, group_id, mode, capacity, occupied, held, valid_from, valid_to"
_READ = text(f"SELECT {_COLUMNS} FROM place WHERE group_id = ANY(:groups) ORDER BY id")  # noqa: S608
_LOCK = text(f"SELECT {_COLUMNS} FROM place WHERE group_id = ANY(:groups) ORDER BY id FOR UPDATE")  # noqa: S608
_CHANGE = text(
    "UPDATE place SET held = place.held + d.held, occupied = place.occupied + d.occupied "
    "FROM unnest(CAST(:ids AS bigint[]), CAST(:helds AS integer[]), CAST(:occupieds AS integer[])) "
    "AS d(id, held, occupied) WHERE place.id = d.id"
)
_LOCK_ITEMS = text("SELECT id, places, taken, state FROM bulletin_item WHERE id = ANY(:ids) ORDER BY id FOR UPDATE")
_CHANGE_ITEM = text("UPDATE bulletin_item SET taken = taken + :more WHERE id = :id")
_OPEN_TEMPORARY = text(
    "INSERT INTO place (tenant_id, group_id, mode, capacity, occupied, held, valid_from, valid_to) "
    "VALUES (:tenant, :group, 'temporary', 1, 0, 0, :today, :until) RETURNING id"
)
_CLOSE_TEMPORARY = text("UPDATE place SET valid_to = :last WHERE id = :id")
_DAY = timedelta(days=1)


@dataclass(slots=True)
class Delta:
    """By how much the counts of a group and mode change."""

    held: int = 0
    occupied: int = 0
    until: date | None = None  # of a temporary place: the last day that it must cover


def read(connection: Connection, groups: Iterable[int], *, lock: bool = False) -> list[Place]:
    """Return the counters of groups by id, locked until the end of the transaction with ``lock``."""
    rows = connection.execute(_LOCK if lock else _READ, {"groups": sorted(set(groups))})
    return [Place(*row) for row in rows]


def valid(place: Place, today: date, mode: Mode = Mode.PERMANENT, until: date | None = None) -> bool:
    """Return whether a counter is in force today, and through ``until`` when that is given."""
    last = until or today
    return (
        place.mode == mode
        and place.valid_from <= today
        and (place.valid_to is None or max(last, today) <= place.valid_to)
    )


def free(places: Iterable[Place], group_id: int, today: date, mode: Mode = Mode.PERMANENT) -> int:
    """Return how many places of a group are free today."""
    return sum(max(0, p.free) for p in places if p.group_id == group_id and valid(p, today, mode))


def returns(places: Iterable[Place], group_id: int, today: date, *, taken: bool = False) -> date | None:
    """Return the latest day through which a temporary place of a group lasts; ``taken`` looks at those in use."""
    days = [
        p.valid_to
        for p in places
        if p.group_id == group_id
        and p.mode == Mode.TEMPORARY
        and p.valid_to is not None
        and (p.occupied > 0 if taken else p.free > 0 and p.valid_to >= today)
    ]
    return max(days, default=None)


def change(unit: Unit, tenant: int, deltas: Mapping[tuple[int, Mode], Sequence[Delta]], today: date) -> None:
    """Change counters of groups and modes, each under its lock, in the order of their ids.

    Raises ``Refusal`` ``no-free-place`` when there is none left, whatever was read before.
    """
    if not deltas:
        return
    counters = read(unit.connection, (group for group, _ in deltas), lock=True)
    changed: dict[int, list[int]] = {}
    for (group, mode), wanted in deltas.items():
        rows = [place for place in counters if place.group_id == group and place.mode == mode]
        for delta in wanted:
            chosen = _choose(rows, changed, delta, today, mode)
            if chosen is None:
                if delta.held + delta.occupied > 0:
                    raise refuse("no-free-place")
                raise LookupError(f"no counter of group {group}, {mode}, can lose {-delta.held} + {-delta.occupied}")
            sums = changed.setdefault(chosen.id, [0, 0])
            sums[0] += delta.held
            sums[1] += delta.occupied
    rows_changed = {place: sums for place, sums in sorted(changed.items()) if any(sums)}
    if not rows_changed:
        return
    unit.connection.execute(
        _CHANGE,
        {
            "ids": list(rows_changed),
            "helds": [sums[0] for sums in rows_changed.values()],
            "occupieds": [sums[1] for sums in rows_changed.values()],
        },
    )
    unit.changes.live_many(tenant, "place", [(PUBLIC, place) for place in rows_changed])


def _choose(
    rows: Sequence[Place], changed: Mapping[int, Sequence[int]], delta: Delta, today: date, mode: Mode
) -> Place | None:
    """Return the counter that can take a change: one in force to take a place, any that has one to give it back."""

    def fits(place: Place) -> bool:
        held, occupied = changed.get(place.id, (0, 0))
        held, occupied = place.held + held + delta.held, place.occupied + occupied + delta.occupied
        if held < 0 or occupied < 0:
            return False
        if delta.held + delta.occupied <= 0:
            return True
        return held + occupied <= place.capacity and valid(place, today, mode, delta.until)

    taking = delta.held + delta.occupied > 0
    good = [place for place in rows if fits(place)]
    if not taking and delta.until is not None:  # give back the place that lasted as long as the child's
        good = [p for p in good if p.valid_to is None or p.valid_to >= delta.until] or good
    return min(good, key=lambda p: (p.valid_to or date.max, p.id), default=None)


def end_temporary(unit: Unit, tenant: int, group_id: int, today: date) -> None:
    """Lend a child's place no more from today on, because the child is back; who has it now keeps it as agreed."""
    lent = [
        place
        for place in read(unit.connection, [group_id], lock=True)
        if place.mode == Mode.TEMPORARY and place.valid_to is not None and place.valid_to >= today
    ]
    if lent:
        back = min(lent, key=lambda place: (place.occupied + place.held, place.id))
        unit.connection.execute(_CLOSE_TEMPORARY, {"id": back.id, "last": max(back.valid_from, today - _DAY)})
        unit.changes.live(tenant, PUBLIC, "place", back.id)


def change_items(unit: Unit, tenant: int, more: Mapping[int, int]) -> None:
    """Change how many of published places are taken; raises ``Refusal`` ``no-free-place`` when all are."""
    wanted = {item: count for item, count in more.items() if count}
    if not wanted:
        return
    rows = unit.connection.execute(_LOCK_ITEMS, {"ids": sorted(wanted)}).all()
    for row in rows:
        if wanted[row.id] > 0 and row.state != "published":  # withdrawn since it was read
            raise refuse("item-withdrawn")
        if row.taken + wanted[row.id] > row.places:
            raise refuse("no-free-place")
        count = max(wanted[row.id], -row.taken)
        unit.connection.execute(_CHANGE_ITEM, {"id": row.id, "more": count})
        unit.changes.live(tenant, PUBLIC, "bulletin_item", row.id)


def open_temporary(unit: Unit, tenant: int, group_id: int, today: date, until: date) -> int:
    """Return the id of a new temporary place: the place of a child that is away until a day."""
    values: dict[str, Any] = {"tenant": tenant, "group": group_id, "today": today, "until": until}
    place_id = int(unit.connection.execute(_OPEN_TEMPORARY, values).scalar_one())
    unit.changes.live(tenant, PUBLIC, "place", place_id)
    return place_id
