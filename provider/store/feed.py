"""Reading the change feed: where tenants stand, what came after a cursor, whole scopes in chunks, digests.

Every function reads through a connection of ``Database.read()``, so whatever one answer is made of is from one instant.
Rows are built as JSON by PostgreSQL and passed on as bytes: no row is ever taken apart here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import Connection, TextClause, text

from models.contract.messages import Cursor, Deletions, ScopeRef, TableDigest, TableRows
from models.contract.records import BY_TABLE, NUMBER, RECORDS, columns
from provider.store.bulk import array
from provider.store.changes import OFFICE
from provider.store.direct import fetch

_MASK: Final = (1 << 64) - 1
_NAME: Final = {number: name for name, number in NUMBER.items()}
BUCKETS: Final = 256


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cursor's tenant stands. ``tag`` belongs to the commit that contains the cursor's sequence."""

    head: int
    head_tag: str
    floor: int
    tag: str


class Change(NamedTuple):
    """An entry of the index: a row that is alive or gone since ``sequence``."""

    table_number: int
    row_id: int
    sequence: int
    live: bool


_PLACES_SQL: Final = (
    "SELECT coalesce(k.value, 0) AS head, coalesce(k.floor, 0) AS floor, "
    "coalesce((SELECT c.tag FROM sync_commit c WHERE c.tenant = a.tenant AND c.sequence >= a.sequence "
    "ORDER BY c.sequence LIMIT 1), '') AS tag, "
    "coalesce((SELECT c.tag FROM sync_commit c WHERE c.tenant = a.tenant AND c.sequence = k.value), '') AS head_tag, "
    "a.position "
    "FROM unnest(CAST(%(tenants)s AS integer[]), CAST(%(sequences)s AS bigint[])) "
    "WITH ORDINALITY AS a(tenant, sequence, position) "
    "LEFT JOIN sync_counter k ON k.tenant = a.tenant"
)
_PLACES: Final = f"{_PLACES_SQL} ORDER BY a.position"
_STANDING: Final = (
    "SELECT (SELECT value FROM installation WHERE name = 'epoch'), "  # noqa: S608  # names of this module
    "(SELECT json_agg(json_build_array(tenant, key, lease_seconds, revoked_at IS NULL) ORDER BY tenant, key) "
    "FROM scope_grant WHERE user_id = %(user)s), "
    "(SELECT json_agg(json_build_array(p.head, p.head_tag, p.floor, p.tag) ORDER BY p.position) "
    f"FROM ({_PLACES_SQL}) AS p)"
)
# A record that moved from one account to another is gone there and alive here: to the office it has only changed.
# Asked by a scalar subquery, because PostgreSQL would answer NOT EXISTS by reading the whole index table once.
_CHANGES: Final = (
    "SELECT a.position, i.table_number, i.row_id, i.sequence, i.live "
    "FROM unnest(CAST(%(tenants)s AS integer[]), CAST(%(keys)s AS text[]), CAST(%(sequences)s AS bigint[]), "
    "CAST(%(places)s AS integer[])) AS a(tenant, key, sequence, position) "
    "CROSS JOIN LATERAL (SELECT i.table_number, i.row_id, i.sequence, i.live FROM sync_index i "
    "WHERE i.tenant = a.tenant AND i.scope = a.key AND i.sequence > a.sequence ORDER BY i.sequence LIMIT %(limit)s) i "
    "UNION ALL SELECT a.position, i.table_number, i.row_id, i.sequence, i.live "
    "FROM unnest(CAST(%(wide_tenants)s AS integer[]), CAST(%(wide_sequences)s AS bigint[]), "
    "CAST(%(wide_places)s AS integer[])) AS a(tenant, sequence, position) "
    "CROSS JOIN LATERAL (SELECT i.table_number, i.row_id, i.sequence, i.live FROM sync_index i "
    "WHERE i.tenant = a.tenant AND i.wide AND i.sequence > a.sequence AND (i.live OR ("
    "SELECT o.live FROM sync_index o WHERE o.tenant = i.tenant AND o.table_number = i.table_number "
    "AND o.row_id = i.row_id AND o.wide AND o.live) IS NULL) ORDER BY i.sequence LIMIT %(limit)s) i "
    "ORDER BY 1, 4"
)
_BOUNDARY: Final = text(
    "SELECT max(sequence) FROM sync_commit WHERE tenant = :tenant AND sequence <= :last AND sequence >= :first"
)
_DIGESTS: Final = (
    "SELECT a.position, i.table_number, count(*) AS size, sum(i.hash) AS total "
    "FROM unnest(CAST(%(tenants)s AS integer[]), CAST(%(keys)s AS text[]), CAST(%(places)s AS integer[])) "
    "AS a(tenant, key, position) "
    "JOIN sync_index i ON i.tenant = a.tenant AND i.scope = a.key AND i.live "
    "GROUP BY a.position, i.table_number "
    "UNION ALL SELECT a.position, d.table_number, d.count, d.total "
    "FROM unnest(CAST(%(wide_tenants)s AS integer[]), CAST(%(wide_places)s AS integer[])) AS a(tenant, position) "
    "JOIN sync_digest d ON d.tenant = a.tenant AND d.count <> 0 ORDER BY 1, 2"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What an answer to a pull begins with: epoch, grants as (tenant, key, lease, held now), places of the cursors."""

    epoch: str
    grants: list[tuple[int, str, int, bool]]
    places: list[Place]


def standing(connection: Connection, user: int, cursors: Sequence[Cursor]) -> Standing:
    """Return how things stand for a user and their cursors, by one statement."""
    values = {
        "user": user,
        "tenants": array(c.scope.tenant for c in cursors),
        "sequences": array(c.sequence for c in cursors),
    }
    ((epoch, grants, places),) = fetch(connection, _STANDING, values)
    return Standing(
        str(epoch or ""), [tuple(grant) for grant in grants or ()], [Place(*place) for place in places or ()]
    )


def places(connection: Connection, cursors: Sequence[Cursor]) -> list[Place]:
    """Return where the tenants of cursors stand, in the order of the cursors."""
    values = {
        "tenants": array(c.scope.tenant for c in cursors),
        "sequences": array(c.sequence for c in cursors),
    }
    rows = fetch(connection, _PLACES, values)
    return [Place(head, head_tag, floor, tag) for head, floor, tag, head_tag, _position in rows]


def changes(connection: Connection, cursors: Sequence[Cursor], limit: int) -> list[list[Change]]:
    """Return at most ``limit + 1`` changes after each cursor, oldest first."""
    found: list[list[Change]] = [[] for _ in cursors]
    narrow = [(index, c) for index, c in enumerate(cursors) if c.scope.key != OFFICE]
    wide = [(index, c) for index, c in enumerate(cursors) if c.scope.key == OFFICE]
    values = {
        "tenants": array(c.scope.tenant for _, c in narrow),
        "keys": [c.scope.key for _, c in narrow],
        "sequences": array(c.sequence for _, c in narrow),
        "places": array(index for index, _ in narrow),
        "wide_tenants": array(c.scope.tenant for _, c in wide),
        "wide_sequences": array(c.sequence for _, c in wide),
        "wide_places": array(index for index, _ in wide),
        "limit": limit + 1,
    }
    for place, *change in fetch(connection, _CHANGES, values):
        found[place].append(Change._make(change))
    return found


def boundary(connection: Connection, tenant: int, first: int, last: int) -> int | None:
    """Return the last end of a commit within ``first … last``, ``None`` when a single commit is longer than that."""
    found = connection.execute(_BOUNDARY, {"tenant": tenant, "first": first, "last": last}).scalar()
    return None if found is None else int(found)


def digests(connection: Connection, scopes: Sequence[ScopeRef]) -> list[list[TableDigest]]:
    """Return count and digest of each non-empty table of scopes: kept ready for an office, summed up for the others."""
    found: list[list[TableDigest]] = [[] for _ in scopes]
    narrow = [index for index, scope in enumerate(scopes) if scope.key != OFFICE]
    wide = [index for index, scope in enumerate(scopes) if scope.key == OFFICE]
    values = {
        "tenants": array(scopes[index].tenant for index in narrow),
        "keys": [scopes[index].key for index in narrow],
        "places": array(narrow),
        "wide_tenants": array(scopes[index].tenant for index in wide),
        "wide_places": array(wide),
    }
    for place, number, size, total in fetch(connection, _DIGESTS, values):
        found[place].append(_digest(_NAME[number], size, total))
    return found


def _digest(table: str, count: int, total: Any) -> TableDigest:
    return TableDigest(table, count, str(int(total or 0) & _MASK))


def _row(table: str) -> str:
    named = ", ".join(f't."{name}"' for name in columns(BY_TABLE[table]))
    return f"json_build_array({named})::text"


_BODIES: Final[dict[str, str]] = {
    record.TABLE: (
        f"SELECT string_agg({_row(record.TABLE)}, ',' ORDER BY t.id), array_agg(t.id ORDER BY t.id) "  # noqa: S608
        f'FROM "{record.TABLE}" t WHERE t.id = ANY(CAST(%(ids)s AS bigint[]))'
    )
    for record in RECORDS
}


def bodies(connection: Connection, table: str, sequences: dict[int, int]) -> TableRows:
    """Return the rows with these ids (to their sequences), ordered by id."""
    ((rows, found),) = fetch(connection, _BODIES[table], {"ids": array(sequences)})
    ids: list[int] = found or []
    return TableRows(
        table,
        list(columns(BY_TABLE[table])),
        msgspec.Raw(f"[{rows or ''}]".encode()),
        [sequences[row_id] for row_id in ids],
    )


def page(connection: Connection, found: Sequence[Change]) -> tuple[list[TableRows], list[Deletions]]:
    """Return changes as rows and deletions, by table in the order of a bootstrap."""
    live: dict[int, dict[int, int]] = {}
    gone: dict[int, list[Change]] = {}
    for change in found:
        if change.live:
            live.setdefault(change.table_number, {})[change.row_id] = change.sequence
        else:
            gone.setdefault(change.table_number, []).append(change)
    return (
        [bodies(connection, _NAME[number], live[number]) for number in sorted(live)],
        [
            Deletions(_NAME[number], [item.row_id for item in gone[number]], [item.sequence for item in gone[number]])
            for number in sorted(gone)
        ],
    )


_NARROW_KEYS: Final = "i.tenant = :tenant AND i.scope = :key AND i.table_number = :number AND i.live"
_WIDE_KEYS: Final = "i.tenant = :tenant AND i.table_number = :number AND i.wide AND i.live"


def _chunk_query(table: str, keys: str) -> TextClause:
    return text(
        f"WITH k AS (SELECT i.row_id, i.sequence FROM sync_index i WHERE {keys} AND i.row_id > :after "  # noqa: S608
        "ORDER BY i.row_id LIMIT :limit) "
        f"SELECT count(*), (SELECT max(row_id) FROM k), (SELECT count(*) FROM k), "
        f"string_agg({_row(table)}, ',' ORDER BY k.row_id), string_agg(k.sequence::text, ',' ORDER BY k.row_id) "
        f'FROM k JOIN "{table}" t ON t.id = k.row_id'
    )


_CHUNKS: Final[dict[tuple[str, bool], TextClause]] = {
    (record.TABLE, wide): _chunk_query(record.TABLE, _WIDE_KEYS if wide else _NARROW_KEYS)
    for record in RECORDS
    for wide in (False, True)
}


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows of one table after an id: ``rows`` and ``sequences`` are JSON arrays."""

    count: int
    last_id: int
    last: bool
    rows: bytes
    sequences: bytes


def chunk(connection: Connection, scope: ScopeRef, table: str, after: int, limit: int) -> Chunk:
    """Return the next ``limit`` rows of a scope's table by id."""
    row = connection.execute(
        _CHUNKS[table, scope.key == OFFICE],
        {"tenant": scope.tenant, "key": scope.key, "number": NUMBER[table], "after": after, "limit": limit},
    ).one()
    count, last_id, taken, rows, sequences = row
    return Chunk(count, last_id or after, taken < limit, f"[{rows or ''}]".encode(), f"[{sequences or ''}]".encode())


def counts(connection: Connection, scope: ScopeRef) -> dict[str, int]:
    """Return the number of rows of each non-empty table of a scope, in the order of a bootstrap."""
    return {digest.table: digest.count for digest in digests(connection, [scope])[0]}


def buckets(connection: Connection, scope: ScopeRef, table: str) -> list[TableDigest]:
    """Return count and digest of each of the 256 buckets (id modulo 256) of a scope's table."""
    keys = _WIDE_KEYS if scope.key == OFFICE else _NARROW_KEYS
    rows = connection.execute(
        text(
            f"SELECT i.row_id % {BUCKETS} AS bucket, count(*) AS size, sum(i.hash) AS total "  # noqa: S608
            f"FROM sync_index i WHERE {keys} GROUP BY 1"
        ),
        {"tenant": scope.tenant, "key": scope.key, "number": NUMBER[table]},
    )
    found = {row.bucket: _digest(table, row.size, row.total) for row in rows}
    return [found.get(bucket, TableDigest(table, 0, "0")) for bucket in range(BUCKETS)]


def bucket_rows(connection: Connection, scope: ScopeRef, table: str, wanted: Collection[int]) -> TableRows:
    """Return all rows of buckets of a scope's table."""
    keys = _WIDE_KEYS if scope.key == OFFICE else _NARROW_KEYS
    rows = connection.execute(
        text(
            f"SELECT i.row_id, i.sequence FROM sync_index i WHERE {keys} "  # noqa: S608
            f"AND i.row_id % {BUCKETS} = ANY(:buckets)"
        ),
        {"tenant": scope.tenant, "key": scope.key, "number": NUMBER[table], "buckets": list(wanted)},
    )
    return bodies(connection, table, {row.row_id: row.sequence for row in rows})
