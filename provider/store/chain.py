"""Looking whether the history of applications and the audit table are as they were written: the chain, link by link.

Whoever owns the database can switch triggers off and rewrite everything, the chain too; only a head that is kept
elsewhere shows that. Without one, an alteration, a removal and an insertion are found as long as the chain itself was
not computed anew. Source: R-AUDIT-2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, text

from provider.store.chain_guard import HASH_AUDIT, HASH_HISTORY, HEAD

_BATCH: Final = 500  # links
_HASH: Final = 32  # bytes
_RANGE: Final = re.compile(r"\[(\d+),(\d+)\)")
_WRITTEN: Final = re.compile(r"(\d{1,18}):([0-9a-f]{64})")
_LINKS: Final = text(
    f"SELECT n, history::text AS history, audit::text AS audit, hashes, head, {HEAD} AS computed "  # noqa: S608
    "FROM (SELECT *, coalesce(lag(head) OVER (ORDER BY n), :before) AS before FROM chain_link WHERE n > :after "
    "ORDER BY n LIMIT :batch) AS l ORDER BY n"
)
_ROWS: Final = {
    "history_entry": text(
        f"SELECT h.id, {HASH_HISTORY} AS hash FROM chain_link AS l "  # noqa: S608
        "CROSS JOIN LATERAL unnest(l.history) AS r(ids) "
        "JOIN history_entry AS h ON h.id >= lower(r.ids) AND h.id < upper(r.ids) WHERE l.n > :after AND l.n <= :last"
    ),
    "audit": text(
        f"SELECT a.id, {HASH_AUDIT} AS hash FROM chain_link AS l "  # noqa: S608
        "CROSS JOIN LATERAL unnest(l.audit) AS r(ids) "
        "JOIN audit AS a ON a.id >= lower(r.ids) AND a.id < upper(r.ids) WHERE l.n > :after AND l.n <= :last"
    ),
}
_CHAINED: Final = {
    "history_entry": text("SELECT history::text FROM chain_link"),
    "audit": text("SELECT audit::text FROM chain_link"),
}
_COUNT: Final = {
    "history_entry": text("SELECT count(*) FROM history_entry"),
    "audit": text("SELECT count(*) FROM audit"),
}
_IDS: Final = {
    "history_entry": text("SELECT id FROM history_entry ORDER BY id"),
    "audit": text("SELECT id FROM audit ORDER BY id"),
}
_ERASED: Final = text(
    "SELECT h.id, a.detail->>'hash' AS hash FROM audit AS a JOIN history_entry AS h ON h.id::text = a.detail->>'entry' "
    "WHERE a.action = 'history-erased' AND h.actor_name = '' AND h.reason = '' AND h.detail = '{}' ORDER BY a.id"
)
"""Records of rows that were emptied, and are empty."""
_LAST: Final = text("SELECT n, head FROM chain_link ORDER BY n DESC LIMIT 1")
_AT: Final = text("SELECT head FROM chain_link WHERE n = :n")


@dataclass(frozen=True, slots=True)
class Head:
    """A place in the chain: how many links there are up to it, and the hash over all of them."""

    n: int = 0
    hash: bytes = b""

    def __str__(self) -> str:
        return f"{self.n}:{self.hash.hex()}"


@dataclass(frozen=True, slots=True)
class Broken:
    """The first thing that is not as it was written. ``what`` is altered | missing | unchained | link | head.

    ``row`` is the row's id in ``table``; of a link its number, of a head that number too.
    """

    what: str
    row: int
    table: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """What looking at the whole chain gave."""

    head: Head
    rows: int
    erased: int
    broken: Broken | None = None


def parse_head(written: str) -> Head:
    """Return a head as it was printed; raises ``ValueError`` for anything else."""
    match = _WRITTEN.fullmatch(written.strip())
    if match is None:
        raise ValueError(written)
    return Head(int(match[1]), bytes.fromhex(match[2]))


def head(connection: Connection) -> Head:
    """Return the end of the chain."""
    row = connection.execute(_LAST).first()
    return Head() if row is None else Head(row.n, bytes(row.head))


def verify(connection: Connection, earlier: Sequence[Head] = ()) -> Verified:
    """Look at every link and row, on one cut, and whether the chain goes through ``earlier`` heads; stop at the first
    thing that is wrong.

    A row that was emptied, with a record of it in the audit table, counts as it is now.
    """
    erased = {row.id: str(row.hash) for row in connection.execute(_ERASED)}
    last, rows, emptied = Head(), dict.fromkeys(_ROWS, 0), 0
    while links := connection.execute(_LINKS, {"before": last.hash, "after": last.n, "batch": _BATCH}).all():
        found = {
            table: {
                row.id: bytes(row.hash) for row in connection.execute(asked, {"after": last.n, "last": links[-1].n})
            }
            for table, asked in _ROWS.items()
        }
        for link in links:
            if link.n != last.n + 1 or bytes(link.head) != bytes(link.computed):
                return Verified(last, sum(rows.values()), emptied, Broken("link", last.n + 1))
            for table, row_id, written in _rows(link):
                now = found[table].get(row_id)
                if now is None:
                    return Verified(last, sum(rows.values()), emptied, Broken("missing", row_id, table))
                if now != written:
                    if table != "history_entry" or erased.get(row_id) != now.hex():
                        return Verified(last, sum(rows.values()), emptied, Broken("altered", row_id, table))
                    emptied += 1
                rows[table] += 1
            last = Head(link.n, bytes(link.head))
    broken = _unchained(connection, rows) or _not_through(connection, earlier)
    return Verified(last, sum(rows.values()), emptied, broken)


def _rows(link: Any) -> Iterator[tuple[str, int, bytes]]:
    """Yield the rows of a link with the hashes that they had: table, id, hash."""
    at = 0
    for table, ids in (("history_entry", link.history), ("audit", link.audit)):
        for low, high in _RANGE.findall(ids):
            for row_id in range(int(low), int(high)):
                yield table, row_id, bytes(link.hashes[at : at + _HASH])
                at += _HASH


def _unchained(connection: Connection, rows: Mapping[str, int]) -> Broken | None:
    """Return the first row that came in without a link."""
    for table, count in rows.items():
        if connection.execute(_COUNT[table]).scalar_one() == count:
            continue
        known = {
            row_id
            for ids in connection.execute(_CHAINED[table]).scalars()
            for low, high in _RANGE.findall(ids)
            for row_id in range(int(low), int(high))
        }
        for row_id in connection.execute(_IDS[table]).scalars():
            if row_id not in known:
                return Broken("unchained", row_id, table)
    return None


def _not_through(connection: Connection, earlier: Sequence[Head]) -> Broken | None:
    for one in earlier:
        now = connection.execute(_AT, {"n": one.n}).scalar() if one.n else b""
        if now is None or bytes(now) != one.hash:
            return Broken("head", one.n)
    return None
