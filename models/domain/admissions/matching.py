"""Places given to many children at once: deferred acceptance, children propose.

Used for the yearly forming of groups, where kindergartens may put some children first (a sibling in the house). With
one common order it gives what the first-come order gives; a stable result always exists for single children, and
naming one's true wishes is never worse. Twins may break stability: no rule always has a stable answer with them.
Source: R-ADM-19 in docs/rules.md.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from models.domain.admissions.ranking import OrderKey

Points = Mapping[tuple[int, int], int]
"""(application, group) → points by which the group puts the child before others; 0 where nothing is said."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """An application with its groups, best first. ``bundle_id`` is the same for twins, who name the same groups."""

    id: int
    key: OrderKey
    preferences: tuple[int, ...]
    bundle_id: int | None = None


@dataclass(frozen=True, slots=True)
class Matching:
    """Who goes where; who found no place is in ``unmatched``, in the order of the queue."""

    groups: Mapping[int, int]
    unmatched: tuple[int, ...]


@dataclass(slots=True)
class _Unit:
    """One child, or twins who go together and stand where the first of them stands."""

    members: tuple[Applicant, ...]
    preferences: tuple[int, ...]
    key: OrderKey
    next: int = 0
    ranks: dict[int, tuple[int, OrderKey]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return len(self.members)

    def rank(self, group: int) -> tuple[int, OrderKey]:
        return self.ranks[group]


def deferred_acceptance(
    applicants: Sequence[Applicant], capacities: Mapping[int, int], points: Points | None = None, limit: int = 0
) -> Matching:
    """Return the places by deferred acceptance; ``limit`` is how many wishes count, 0 for all.

    A group keeps those with most points, then those who stand first in the queue. Afterwards a place that twins gave
    up while it was refused to others goes to the first of those: nobody loses by it. Source: R-ADM-19.
    """
    units = _units(applicants, points or {}, limit)
    held: dict[int, list[tuple[tuple[int, OrderKey], int]]] = {}
    taken: dict[int, int] = {}
    waiting = list(range(len(units) - 1, -1, -1))
    while waiting:
        index = waiting[-1]
        unit = units[index]
        if unit.next >= len(unit.preferences):
            waiting.pop()
            continue
        group = unit.preferences[unit.next]
        unit.next += 1
        capacity = capacities.get(group, 0)
        if unit.size > capacity:
            continue
        waiting.pop()
        kept = held.setdefault(group, [])
        insort(kept, (unit.rank(group), index))
        taken[group] = taken.get(group, 0) + unit.size
        while taken[group] > capacity:
            _rank, dropped = kept.pop()
            taken[group] -= units[dropped].size
            waiting.append(dropped)
    given = {index: group for group, kept in held.items() for _rank, index in kept}
    _fill(units, given, dict(capacities))
    return _matching(units, given)


def serial_dictatorship(applicants: Sequence[Applicant], capacities: Mapping[int, int], limit: int = 0) -> Matching:
    """Return the places when everybody in the order of the queue takes the best that is left. Source: R-ADM-19."""
    units = _units(applicants, {}, limit)
    left = dict(capacities)
    given: dict[int, int] = {}
    for index, unit in enumerate(units):
        group = next((wish for wish in unit.preferences if left.get(wish, 0) >= unit.size), None)
        if group is not None:
            left[group] -= unit.size
            given[index] = group
    return _matching(units, given)


def blocking_pairs(
    applicants: Iterable[Applicant], capacities: Mapping[int, int], matching: Matching, points: Points | None = None
) -> list[tuple[int, int]]:
    """Return (application, group) where the child would rather go and the group has room or a lower-ranked child.

    Empty for a stable matching of single children. Source: R-ADM-19.
    """
    units = _units(tuple(applicants), points or {}, 0)
    groups: dict[int, list[_Unit]] = {}
    for unit in units:
        group = matching.groups.get(unit.members[0].id)
        if group is not None:
            groups.setdefault(group, []).append(unit)
    found = []
    for unit in units:
        own = matching.groups.get(unit.members[0].id)
        for group in unit.preferences:
            if group == own:
                break
            inside = groups.get(group, [])
            lower = sum(other.size for other in inside if unit.rank(group) < other.rank(group))
            free = capacities.get(group, 0) - sum(other.size for other in inside)
            if free + lower >= unit.size:
                found += [(member.id, group) for member in unit.members]
    return found


def _units(applicants: Sequence[Applicant], points: Points, limit: int) -> list[_Unit]:
    bundles: dict[tuple[str, int], list[Applicant]] = {}
    for applicant in applicants:
        name = ("child", applicant.id) if applicant.bundle_id is None else ("bundle", applicant.bundle_id)
        bundles.setdefault(name, []).append(applicant)
    units = []
    for members in bundles.values():
        members.sort(key=lambda member: member.key)
        first = members[0]
        wishes = tuple(dict.fromkeys(first.preferences[: limit or None]))
        unit = _Unit(tuple(members), wishes, first.key)
        unit.ranks = {
            group: (-max(points.get((member.id, group), 0) for member in members), first.key) for group in wishes
        }
        units.append(unit)
    return sorted(units, key=lambda unit: unit.key)


def _fill(units: Sequence[_Unit], given: dict[int, int], capacities: dict[int, int]) -> None:
    """Give places that stayed free to the first who would rather have them, until nobody would."""
    left = capacities
    for index, group in given.items():
        left[group] -= units[index].size
    moved = True
    while moved:
        moved = False
        for index, unit in enumerate(units):
            own = given.get(index)
            for group in unit.preferences:
                if group == own:
                    break
                if left.get(group, 0) >= unit.size:
                    left[group] -= unit.size
                    if own is not None:
                        left[own] += unit.size
                    given[index] = group
                    moved = True
                    break


def _matching(units: Sequence[_Unit], given: Mapping[int, int]) -> Matching:
    groups = {member.id: group for index, group in given.items() for member in units[index].members}
    unmatched = tuple(member.id for unit in units for member in unit.members if member.id not in groups)
    return Matching(groups, unmatched)
