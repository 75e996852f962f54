"""Applying what the provider sends: rows, deletions, cursors and digests, all inside the caller's transaction.

A row belongs to one scope (``_scope``); when a second scope holds the same row, or a row moves and the news of its
leaving comes later, the other membership waits in the table ``extra``. So the order in which scopes arrive is free.
"""

# ruff: noqa: S608 - names of tables come from our own record classes, never from data

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from models.cache import tables
from models.cache.driver import Connection
from models.cache.tables import WireError
from models.contract.codec import add_digest, row_hash
from models.contract.messages import Deletions, ScopePage, TableDigest, TableRows
from models.contract.records import BY_TABLE, NUMBER

HISTORY = 64
"""Pairs of (sequence, tag) kept a scope, to find where a restored provider and we last agreed."""


def apply_page(
    connection: Connection, scope: int, page: ScopePage, passing: Callable[[str], None] = lambda _point: None
) -> set[str]:
    """Apply a page and move the scope's cursor; returns the names of the tables that changed.

    A page that ends before the cursor is an old one and changes nothing: the cursor never goes back. Raises
    :class:`models.cache.tables.WireError` for rows in an unknown form; the caller's transaction then has to be undone.
    ``passing`` is told the names of the points that fault tests use.
    """
    if page.sequence < cursor(connection, scope)[0]:
        return set()
    changed: set[str] = set()
    for rows in page.rows:
        if rows.table in BY_TABLE and apply_rows(connection, scope, rows):
            changed.add(rows.table)
        passing("A1")
    for deletions in page.deletions:
        if deletions.table in BY_TABLE and apply_deletions(connection, scope, deletions):
            changed.add(deletions.table)
    passing("A2")
    set_cursor(connection, scope, page.sequence, page.tag)
    return changed


def apply_rows(connection: Connection, scope: int, rows: TableRows, *, force: bool = False) -> int:
    """Put rows into their table; returns how many changed. Rows that we have as new or newer are left alone.

    ``force`` takes the rows whatever version is here: for repairs.
    """
    decoded = tables.rows_decoder(rows.table, tuple(rows.columns))(rows.rows)
    if len(decoded) != len(rows.sequences):
        raise WireError(f"{rows.table}: {len(decoded)} rows and {len(rows.sequences)} sequences")
    if not decoded:
        return 0
    table = rows.table
    number = NUMBER[table]
    ids = [row[0] for row in decoded]
    here = _existing(connection, table, ids)
    count = digest = 0
    fresh: list[tuple[Any, ...]] = []
    moved: list[tuple[str, int, int, int]] = []
    for row, sequence in zip(decoded, rows.sequences, strict=True):
        row_id = row[0]
        old = here.get(row_id)
        here[row_id] = (sequence, scope)
        if old is None:
            count += 1
            digest += row_hash(number, row_id, sequence)
        elif old[1] == scope:
            if old[0] >= sequence and not force:
                here[row_id] = old
                continue
            digest += row_hash(number, row_id, sequence) - row_hash(number, row_id, old[0])
        else:
            known = _drop_extra(connection, table, row_id, scope)
            if known is not None and known >= sequence and not force:
                moved.append((table, row_id, scope, known))
                here[row_id] = old
                continue
            count += known is None
            digest += row_hash(number, row_id, sequence) - (0 if known is None else row_hash(number, row_id, known))
            if old[0] > sequence:
                moved.append((table, row_id, scope, sequence))
                here[row_id] = old
                continue
            moved.append((table, row_id, old[1], old[0]))
        fresh.append((*row, sequence, scope))
    if moved:
        connection.executemany("INSERT OR REPLACE INTO extra (tbl, id, scope, seq) VALUES (?, ?, ?, ?)", moved)
    if fresh:
        connection.executemany(tables.layout(BY_TABLE[table]).upsert, fresh)
        if table == "account":
            _search_again(connection, [row[0] for row in fresh])
    change_digest(connection, scope, table, count, digest)
    return len(fresh)


def load_rows(connection: Connection, scope: int, rows: TableRows) -> int:
    """Put rows into a table that holds nothing of this scope beyond them: the fast path of a bootstrap.

    Returns how many. The search index is left to :func:`index_search`.
    """
    decoded = tables.rows_decoder(rows.table, tuple(rows.columns))(rows.rows)
    if len(decoded) != len(rows.sequences):
        raise WireError(f"{rows.table}: {len(decoded)} rows and {len(rows.sequences)} sequences")
    number = NUMBER[rows.table]
    tail = [(sequence, scope) for sequence in rows.sequences]
    connection.executemany(
        tables.layout(BY_TABLE[rows.table]).upsert, [row + end for row, end in zip(decoded, tail, strict=True)]
    )
    digest = sum(row_hash(number, row[0], end[0]) for row, end in zip(decoded, tail, strict=True))
    change_digest(connection, scope, rows.table, len(decoded), digest)
    return len(decoded)


def index_search(connection: Connection, after: int, limit: int = 20_000) -> int | None:
    """Put the next accounts after id ``after`` into the search index; returns the last id, None at the end."""
    row = connection.execute(
        "SELECT max(id) FROM (SELECT id FROM account WHERE id > ? ORDER BY id LIMIT ?)", (after, limit)
    ).fetchone()
    if row[0] is None:
        return None
    connection.execute("DELETE FROM account_search WHERE rowid > ? AND rowid <= ?", (after, row[0]))
    connection.execute(f"{tables.SEARCH_ALL} WHERE id > ? AND id <= ?", (after, row[0]))
    return int(row[0])


def apply_deletions(connection: Connection, scope: int, deletions: Deletions) -> int:
    """Take rows out of a scope; returns how many were here. A row that another scope still holds stays."""
    if len(deletions.ids) != len(deletions.sequences):
        raise WireError(f"{deletions.table}: {len(deletions.ids)} deletions and {len(deletions.sequences)} sequences")
    return _remove(connection, scope, deletions.table, zip(deletions.ids, deletions.sequences, strict=True))


def remove_rows(connection: Connection, scope: int, table: str, ids: Sequence[int]) -> int:
    """Take rows out of a scope whatever their version; returns how many were here."""
    return _remove(connection, scope, table, ((row_id, None) for row_id in ids))


def _remove(connection: Connection, scope: int, table: str, what: Iterable[tuple[int, int | None]]) -> int:
    number = NUMBER[table]
    wanted = list(what)
    here = _existing(connection, table, [row_id for row_id, _sequence in wanted])
    count = digest = 0
    gone: list[int] = []
    for row_id, sequence in wanted:
        old = here.get(row_id)
        if old is None:
            continue
        if old[1] == scope:
            if sequence is not None and old[0] >= sequence:
                continue
            count += 1
            digest += row_hash(number, row_id, old[0])
            other = connection.execute(
                "SELECT scope, seq FROM extra WHERE tbl = ? AND id = ? ORDER BY seq DESC LIMIT 1", (table, row_id)
            ).fetchone()
            if other is None:
                gone.append(row_id)
                here.pop(row_id)
            else:
                connection.execute(
                    "DELETE FROM extra WHERE tbl = ? AND id = ? AND scope = ?", (table, row_id, other[0])
                )
                connection.execute(
                    f'UPDATE "{table}" SET _scope = ?, _seq = ? WHERE id = ?', (other[0], other[1], row_id)
                )
                here[row_id] = (other[1], other[0])
        else:
            known = _drop_extra(connection, table, row_id, scope, before=sequence)
            if known is not None:
                count += 1
                digest += row_hash(number, row_id, known)
    if gone:
        listed = msgspec.json.encode(gone).decode()
        connection.execute(f'DELETE FROM "{table}" WHERE id IN (SELECT value FROM json_each(?))', (listed,))
        if table == "account":
            connection.execute(tables.UNSEARCH_SOME, (listed,))
    change_digest(connection, scope, table, -count, -digest)
    return count


def wipe_scope(connection: Connection, scope: int) -> set[str]:
    """Delete every row of a scope, its cursor and its digests; returns the names of the tables that changed."""
    changed = set()
    for table in BY_TABLE:
        connection.execute("DELETE FROM extra WHERE tbl = ? AND scope = ?", (table, scope))
        ids = [row[0] for row in connection.execute(f'SELECT id FROM "{table}" WHERE _scope = ?', (scope,))]
        for start in range(0, len(ids), 5_000):
            remove_rows(connection, scope, table, ids[start : start + 5_000])
            changed.add(table)
    connection.execute("DELETE FROM digest WHERE scope = ?", (scope,))
    connection.execute("DELETE FROM history WHERE scope = ?", (scope,))
    connection.execute("DELETE FROM scope WHERE id = ?", (scope,))
    return changed


def cursor(connection: Connection, scope: int) -> tuple[int, str]:
    """Return how far a scope has been read: sequence and tag."""
    row = connection.execute("SELECT sequence, tag FROM scope WHERE id = ?", (scope,)).fetchone()
    return (0, "") if row is None else (int(row[0]), str(row[1]))


def set_cursor(connection: Connection, scope: int, sequence: int, tag: str) -> None:
    """Move a scope's cursor and remember where it was; a lower sequence is ignored, the same one changes nothing."""
    known = cursor(connection, scope)
    if sequence < known[0] or known == (sequence, tag):
        return
    connection.execute("UPDATE scope SET sequence = ?, tag = ? WHERE id = ?", (sequence, tag, scope))
    connection.execute("INSERT OR REPLACE INTO history (scope, sequence, tag) VALUES (?, ?, ?)", (scope, sequence, tag))
    connection.execute(
        "DELETE FROM history WHERE scope = ? AND sequence <= (SELECT sequence FROM history"
        " WHERE scope = ? ORDER BY sequence DESC LIMIT 1 OFFSET ?)",
        (scope, scope, HISTORY),
    )


def change_digest(connection: Connection, scope: int, table: str, count: int, digest: int) -> None:
    """Add to a table's count and digest in a scope; negative values take away."""
    if count == 0 and digest == 0:
        return
    row = connection.execute("SELECT count, digest FROM digest WHERE scope = ? AND tbl = ?", (scope, table)).fetchone()
    before = (0, 0) if row is None else (int(row[0]), int(row[1]))
    connection.execute(
        "INSERT OR REPLACE INTO digest (scope, tbl, count, digest) VALUES (?, ?, ?, ?)",
        (scope, table, before[0] + count, str(add_digest(before[1], digest))),
    )


def digests(connection: Connection, scope: int) -> dict[str, TableDigest]:
    """Return the kept count and digest of each table of a scope that has rows."""
    found = connection.execute("SELECT tbl, count, digest FROM digest WHERE scope = ?", (scope,))
    return {row[0]: TableDigest(row[0], row[1], row[2]) for row in found if row[1] or row[2] != "0"}


def bucket_digests(connection: Connection, scope: int, table: str) -> dict[int, tuple[int, int]]:
    """Return count and digest of each bucket (id modulo 256) of a table, summed anew from the rows themselves."""
    number = NUMBER[table]
    buckets: dict[int, tuple[int, int]] = {}
    query = (
        f'SELECT id, _seq FROM "{table}" WHERE _scope = ?'
        " UNION ALL SELECT id, seq FROM extra WHERE tbl = ? AND scope = ?"
    )
    for row_id, sequence in connection.execute(query, (scope, table, scope)):
        count, digest = buckets.get(row_id % 256, (0, 0))
        buckets[row_id % 256] = (count + 1, add_digest(digest, row_hash(number, row_id, sequence)))
    return buckets


def sum_again(connection: Connection, scope: int, table: str) -> TableDigest:
    """Put a table's count and digest right from its rows and return them."""
    buckets = bucket_digests(connection, scope, table).values()
    count = sum(bucket[0] for bucket in buckets)
    digest = add_digest(0, *(bucket[1] for bucket in buckets))
    connection.execute(
        "INSERT OR REPLACE INTO digest (scope, tbl, count, digest) VALUES (?, ?, ?, ?)",
        (scope, table, count, str(digest)),
    )
    return TableDigest(table, count, str(digest))


def _existing(connection: Connection, table: str, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return (sequence, scope) of the rows that are here."""
    listed = msgspec.json.encode(ids).decode()
    found = connection.execute(
        f'SELECT id, _seq, _scope FROM "{table}" WHERE id IN (SELECT value FROM json_each(?))', (listed,)
    )
    return {row[0]: (row[1], row[2]) for row in found}


def _drop_extra(
    connection: Connection, table: str, row_id: int, scope: int, *, before: int | None = None
) -> int | None:
    """Remove a second membership and return its sequence; one that is not older than ``before`` stays."""
    row = connection.execute(
        "SELECT seq FROM extra WHERE tbl = ? AND id = ? AND scope = ?", (table, row_id, scope)
    ).fetchone()
    if row is None or (before is not None and row[0] >= before):
        return None
    connection.execute("DELETE FROM extra WHERE tbl = ? AND id = ? AND scope = ?", (table, row_id, scope))
    return int(row[0])


def _search_again(connection: Connection, ids: Sequence[int]) -> None:
    """Bring the search index up to date for some accounts."""
    listed = msgspec.json.encode(ids).decode()
    connection.execute(tables.UNSEARCH_SOME, (listed,))
    connection.execute(tables.SEARCH_SOME, (listed,))
