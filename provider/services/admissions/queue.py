"""The queue as it stands, read at once: for a round of vouchers and for the yearly forming of groups."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from models.domain.admissions.categories import EXTRAORDINARY, FIRST, ORDINARY, months_old
from models.domain.admissions.ranking import INTERLEAVE, LANGUAGES, Entry
from models.domain.admissions.states import Programme
from provider.services.admissions.department import Department
from provider.store.bulk import array

_MATCHES: Final = (
    "a.tenant_id = :tenant AND a.programme = :programme AND a.state = 'queued' "
    "AND (CAST(:localities AS bigint[]) IS NULL OR a.locality_id = ANY(CAST(:localities AS bigint[]))) "
    "AND (CAST(:year AS integer) IS NULL OR extract(year FROM a.born) = :year) "
    "AND (:mask = 0 OR a.language_mask & :mask <> 0) AND (:correction = '' OR a.correction = :correction)"
)
_COLUMNS: Final = (
    "a.id, a.number, a.category_rank, a.rank_date, a.language_mask, a.locality_id, a.born, a.bundle_id, a.child_id"
)
_ORDER: Final = 'a.category_rank, a.rank_date, length(a.number), a.number COLLATE "C"'
_QUEUE: Final = text(f"SELECT {_COLUMNS} FROM application a WHERE {_MATCHES} ORDER BY {_ORDER} LIMIT :limit")  # noqa: S608
_LINE: Final = text(
    f"SELECT {_COLUMNS} FROM application a WHERE {_MATCHES} "  # noqa: S608
    "AND (a.category_rank = ANY(CAST(:ranks AS integer[]))) = :among "
    f"ORDER BY {_ORDER} LIMIT :limit"
)
_BUNDLES: Final = text(
    f"SELECT DISTINCT a.bundle_id FROM application a WHERE {_MATCHES} AND a.bundle_id IS NOT NULL"  # noqa: S608
)
_TWINS: Final = text(
    f"SELECT {_COLUMNS} FROM application a WHERE a.tenant_id = :tenant AND a.programme = :programme "  # noqa: S608
    "AND a.state = 'queued' AND a.bundle_id = ANY(CAST(:bundles AS bigint[])) "
    "AND NOT a.id = ANY(CAST(:ids AS bigint[]))"
)
_WITH_VOUCHER: Final = text("SELECT child_id FROM application WHERE tenant_id = :tenant AND voucher <> ''")
_FREE: Final = text(
    "SELECT DISTINCT o.locality_id FROM place p JOIN kindergarten_group g ON g.id = p.group_id "
    "JOIN organisation o ON o.id = g.organisation_id WHERE p.tenant_id = :tenant AND p.mode = 'permanent' "
    "AND o.opened AND (g.valid_to IS NULL OR g.valid_to > :today) AND p.valid_from <= :today "
    "AND (p.valid_to IS NULL OR p.valid_to >= :today) AND p.occupied + p.held < p.capacity"
)
_UNBORN: Final = date.max


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """Whom of the queue is meant; what is ``None`` or empty does not matter."""

    programme: Programme
    localities: frozenset[int] | None = None
    birth_year: int | None = None
    language: str = ""
    correction: str = ""
    district: bool = False  # a district is served over its localities that have free places

    @property
    def is_narrow(self) -> bool:
        """Whether not everybody of the programme's queue is meant."""
        return self.localities is not None or self.birth_year is not None or bool(self.language or self.correction)


@dataclasses.dataclass(frozen=True, slots=True)
class Front:
    """The queue as it was read: ``whole`` tells that nobody meant stands behind it.

    ``twins`` are those whom only their twins brought in; what stands between may be missing when it is not whole.
    """

    entries: list[Entry]
    whole: bool
    twins: frozenset[int] = frozenset()


def front(connection: Connection, department: Department, wanted: Wanted, now: datetime, limit: int | None) -> Front:
    """Return the first ``limit`` queued applications that are meant, or all of them, with their twins.

    The first ones are those of the strict order; where sides take turns, those of each side, so that the first
    ``limit`` of the whole order are among them in either case.
    """
    today = department.calendar.local_day(now)
    lines = {row.rank: row.line for row in department.categories_on(today)}
    values: dict[str, Any] = {
        "tenant": department.tenant,
        "programme": wanted.programme.value,
        "localities": None if wanted.localities is None else sorted(wanted.localities),
        "year": wanted.birth_year,
        "mask": 1 << LANGUAGES.index(wanted.language) if wanted.language else 0,
        "correction": wanted.correction,
        "limit": limit,
    }
    if limit is not None and department.rules(wanted.programme, now).order == INTERLEAVE:
        rows, whole = _sides(connection, values, lines, limit)
    else:
        rows = list(connection.execute(_QUEUE, values).all())
        whole = limit is None or len(rows) < limit
    twins: list[Any] = []
    bundles = {row.bundle_id for row in rows if row.bundle_id is not None}
    if not whole and wanted.is_narrow:
        # Somebody who is meant only because of a twin behind may stand anywhere, in front of all who were read.
        bundles.update(connection.execute(_BUNDLES, values).scalars())
    if bundles:
        known = {"bundles": array(bundles), "ids": array(row.id for row in rows if row.bundle_id is not None)}
        twins = list(connection.execute(_TWINS, {**values, **known}).all())
    served = set(connection.execute(_WITH_VOUCHER, {"tenant": department.tenant}).scalars())
    ages: dict[date | None, tuple[int, int]] = {}
    found = []
    for row_id, number, rank, rank_date, mask, locality, born, bundle, child in (*rows, *twins):
        age = ages.get(born)
        if age is None:
            day = born or _UNBORN
            age = ages[born] = (day.year, months_old(day, today))
        found.append(
            Entry(
                row_id, number, rank, rank_date, lines.get(rank, ORDINARY), mask, locality, age[0], age[1], bundle,
                child in served,
            )
        )  # fmt: skip
    return Front(found, whole, frozenset(row.id for row in twins))


def _sides(
    connection: Connection, values: dict[str, Any], lines: Mapping[int, str], limit: int
) -> tuple[list[Any], bool]:
    """Return the first ``limit`` of each side of the interleaving order, and whether nobody stands behind them."""
    rows: list[Any] = []
    whole = True
    for line in (EXTRAORDINARY, FIRST, ORDINARY):
        # A rank that the table of categories does not have counts as an ordinary one.
        ranks = [rank for rank, side in lines.items() if (side == line if line != ORDINARY else side != ORDINARY)]
        own = connection.execute(_LINE, {**values, "ranks": array(ranks), "among": line != ORDINARY}).all()
        rows += own
        whole = whole and len(own) < limit
    return rows, whole


def inside(department: Department, locality_id: int) -> frozenset[int]:
    """Return a locality and every one in it."""
    children: dict[int, list[int]] = defaultdict(list)
    for row in department.localities:
        if row.parent_id is not None:
            children[row.parent_id].append(row.id)
    found: set[int] = set()
    waiting = [locality_id]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            waiting += children[current]
    return frozenset(found)


def without_full_villages(connection: Connection, department: Department, wanted: Wanted, now: datetime) -> Wanted:
    """Return who is meant without the villages of a district that have no free place: a voucher would lead nowhere.

    A city is served as a whole. Source: order of 23.09.2025 as published (zakon.kz/pravo/6493449).
    """
    villages = {row.id for row in department.localities if row.kind == "village"}
    meant = wanted.localities or frozenset()
    values = {"tenant": department.tenant, "today": department.calendar.local_day(now)}
    free = set(connection.execute(_FREE, values).scalars())
    full = {row_id for row_id in meant & villages if not inside(department, row_id) & free}
    return dataclasses.replace(wanted, localities=frozenset(meant - full)) if full else wanted
