"""What a transaction changed for clients, and how it gets its place in the order of commits."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from models.contract.codec import row_hash
from models.contract.records import NUMBER
from provider.store.bulk import array, copy_text
from provider.store.failpoints import reach

PUBLIC: Final = "public"
OFFICE: Final = "office"

_TAKE: Final = text(
    "INSERT INTO sync_counter AS c (tenant, value) VALUES (:tenant, :count) "
    "ON CONFLICT (tenant) DO UPDATE SET value = c.value + :count RETURNING value"
)
_WRITE: Final = text(
    "SELECT sync_write(:tenant, :sequence, :tag, CAST(:causes AS text[]), CAST(:scopes AS text[]), "
    "CAST(:numbers AS smallint[]), CAST(:ids AS bigint[]), CAST(:sequences AS bigint[]), "
    "CAST(:lives AS boolean[]), CAST(:hashes AS bigint[]))"
)

_COUNT: Final = text(
    "SELECT sync_count(:tenant, CAST(:numbers AS smallint[]), CAST(:counts AS bigint[]), CAST(:totals AS numeric[]))"
)

_Key = tuple[str, int, int]  # scope key, table number, row id
_BY_PLACE: Final = itemgetter(1, 2)
_MANY: Final = 500  # new rows from which a COPY is worth its two more statements
_INDEXED: Final = (
    "tenant", "scope", "table_number", "row_id", "sequence", "live", "wide", "hash", "changed_by"
)  # fmt: skip


def account_scope(account_id: int) -> str:
    """Return the scope key of an account's rows."""
    return f"account:{account_id}"


def child_scope(child_id: int) -> str:
    """Return the scope key of a child's rows, in the tenant of its education department."""
    return f"child:{child_id}"


def organisation_scope(organisation_id: int) -> str:
    """Return the scope key of the rows that a kindergarten works with; they are in a child's scope too."""
    return f"organisation:{organisation_id}"


DOCTOR: Final = "doctor"
"""The scope of applications whose documents a doctor reviews; they are in a child's scope too."""


STAFF: Final = "staff"
"""The scope of a department's own rows that no family may see. Nobody is granted it: ``office`` contains it."""


def user_scope(user_id: int) -> str:
    """Return the scope key of a person's own rows, in tenant 0."""
    return f"user:{user_id}"


def device_scope(device_id: int) -> str:
    """Return the scope key of a device's outcomes."""
    return f"device:{device_id}"


class ChangeSet:
    """The changed records of one transaction; ``flush`` gives them their sequences as its last statements.

    The counters' rows are locked from the flush to the commit, in ascending order of tenants, so two transactions never
    wait for each other in a circle and a lower sequence is never committed after a higher one.
    """

    def __init__(self) -> None:
        self.changed_by = ""
        """Id of the command that causes the changes noted from now on, "" for other work."""
        self.sequences: dict[int, int] = {}
        """The last sequence taken in each tenant, after ``flush``."""
        self._tenants: dict[int, dict[_Key, tuple[bool, str]]] = {}
        self._new: dict[int, list[_New]] = {}

    def live(self, tenant: int, scope_key: str, table: str, row_id: int) -> None:
        """Note that a row was inserted or changed and belongs to a scope."""
        self._tenants.setdefault(tenant, {})[scope_key, NUMBER[table], row_id] = (True, self.changed_by)

    def live_many(self, tenant: int, table: str, rows: Iterable[tuple[str, int]]) -> None:
        """Note many rows of one table, each as (scope key, id)."""
        number = NUMBER[table]
        mark = (True, self.changed_by)
        self._tenants.setdefault(tenant, {}).update(((scope, number, row_id), mark) for scope, row_id in rows)

    def new_many(self, tenant: int, table: str, rows: Sequence[tuple[str, int]]) -> None:
        """Note many rows, each as (scope key, id), that this transaction inserted under ids never used before.

        The index cannot know them, so it is written without asking what it holds: half the time of ``live_many``.
        Raises IntegrityError at the flush when it does know one, or one is noted twice.
        """
        if len(rows) < _MANY:
            self.live_many(tenant, table, rows)
        else:
            self._new.setdefault(tenant, []).append(_New(NUMBER[table], self.changed_by, rows))

    def gone(self, tenant: int, scope_key: str, table: str, row_id: int) -> None:
        """Note that a row left a scope: deleted, or moved to another one (then also call ``live`` for that)."""
        self._tenants.setdefault(tenant, {})[scope_key, NUMBER[table], row_id] = (False, self.changed_by)

    def clear(self) -> None:
        """Forget everything noted."""
        self._tenants.clear()
        self._new.clear()

    def __len__(self) -> int:
        new = sum(len(part.rows) for parts in self._new.values() for part in parts)
        return new + sum(len(changes) for changes in self._tenants.values())

    def flush(self, connection: Connection) -> None:
        """Take sequences and write the index, the digests and the commit tags. Nothing may be written after it."""
        for tenant in sorted(self._tenants.keys() | self._new.keys()):
            changes, new = self._tenants.get(tenant, {}), self._new.get(tenant, [])
            if changes or new:
                self.sequences[tenant] = _flush_tenant(connection, tenant, changes, new)
        self.clear()


class _New(NamedTuple):
    """Rows of one table that the index does not know yet, and the command that caused them."""

    number: int
    cause: str
    rows: Sequence[tuple[str, int]]  # scope key, row id


def _flush_tenant(
    connection: Connection, tenant: int, changes: dict[_Key, tuple[bool, str]], new: Sequence[_New]
) -> int:
    # What is gone goes first: a row that moves must leave its old scope before it may live in the new one.
    ordered = sorted(changes, key=_BY_PLACE)
    if not all(live for live, _ in changes.values()):
        ordered.sort(key=lambda key: changes[key][0])
    count = len(ordered) + sum(len(part.rows) for part in new)
    last = int(connection.execute(_TAKE, {"tenant": tenant, "count": count}).scalar_one())
    reach("after_counter")
    first = last - len(ordered) + 1
    if new:  # before the others, which may change a new row once more
        _write_new(connection, tenant, new, last - count + 1)
    marks = [changes[key] for key in ordered]
    causes = {cause for _, cause in marks}
    hashes = [signed(row_hash(key[1], key[2], sequence)) for sequence, key in enumerate(ordered, first)]
    connection.execute(
        _WRITE,
        {
            "tenant": tenant,
            "sequence": last,
            "tag": secrets.token_hex(8),
            # one cause for all rows goes as a list of one: a driver's list of thousands costs more than the query
            "causes": list(causes) if len(causes) == 1 else [cause for _, cause in marks],
            "scopes": "{" + ",".join([key[0] for key in ordered]) + "}",  # need no quoting; see the functions above
            "numbers": array([key[1] for key in ordered]),
            "ids": array([key[2] for key in ordered]),
            "sequences": array(range(first, last + 1)),
            "lives": "{" + ",".join(["t" if live else "f" for live, _ in marks]) + "}",
            "hashes": array(hashes),
        },
    )
    return last


def _write_new(connection: Connection, tenant: int, new: Sequence[_New], sequence: int) -> None:
    """Copy rows into the index from ``sequence`` on, and add them to the digests."""
    lines: list[str] = []
    counts: dict[int, int] = {}
    totals: dict[int, int] = {}
    for part in sorted(new, key=itemgetter(0)):
        number = part.number
        counts.setdefault(number, 0)
        totals.setdefault(number, 0)
        cause = part.cause.translate(_ESCAPED)
        for scope, row_id in part.rows:
            weight = signed(row_hash(number, row_id, sequence))
            wide = scope in (PUBLIC, STAFF) or scope.startswith(("account:", "child:"))
            if wide:
                counts[number] += 1
                totals[number] += weight
            lines.append(
                f"{tenant}\t{scope}\t{number}\t{row_id}\t{sequence}\tt\t{'t' if wide else 'f'}\t{weight}\t{cause}\n"
            )
            sequence += 1
    copy_text(connection, "sync_index", _INDEXED, "".join(lines))
    connection.execute(
        _COUNT,
        {
            "tenant": tenant,
            "numbers": array(counts),
            "counts": array(counts.values()),
            "totals": array(totals.values()),
        },
    )


_ESCAPED: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})  # in the text form of COPY


def signed(number: int) -> int:
    """Return an unsigned 64-bit number as PostgreSQL's signed bigint; sums stay the same modulo 2**64."""
    return number - (1 << 64) if number >= 1 << 63 else number


COUNT_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION sync_count(the_tenant integer, numbers smallint[], counts bigint[], totals numeric[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    modulus CONSTANT numeric := 18446744073709551616;
BEGIN
    INSERT INTO sync_digest AS d (tenant, table_number, count, total)
    SELECT the_tenant, number, size, mod(mod(total, modulus) + modulus, modulus)
    FROM unnest(numbers, counts, totals) AS a(number, size, total) WHERE size <> 0
    ON CONFLICT (tenant, table_number) DO UPDATE
    SET count = d.count + excluded.count, total = mod(d.total + excluded.total, modulus);
    PERFORM set_config('kabinet.indexed', coalesce(current_setting('kabinet.indexed', true), '') ||
        (SELECT string_agg(DISTINCT ',' || n || ',', '') FROM unnest(numbers) AS n), true);
END $$
"""
"""Adds new rows to the digests and tells the guard that they are indexed."""

FUNCTION: Final = """
CREATE OR REPLACE FUNCTION sync_write(
    the_tenant integer, the_sequence bigint, the_tag text, causes text[],
    scopes text[], numbers smallint[], ids bigint[], sequences bigint[], lives boolean[], hashes bigint[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    modulus CONSTANT numeric := 18446744073709551616;
    pass boolean;
BEGIN
    -- Digests lose what the changed rows were and gain what they are.
    INSERT INTO sync_digest AS d (tenant, table_number, count, total)
    SELECT the_tenant, number, sum(more), mod(mod(sum(weight), modulus) + modulus, modulus)
    FROM (
        SELECT o.table_number AS number, -count(*) AS more, -sum(o.hash) AS weight
        FROM unnest(scopes, numbers, ids) AS c(scope, number, id)
        JOIN sync_index o
            ON o.tenant = the_tenant AND o.scope = c.scope AND o.table_number = c.number AND o.row_id = c.id
        WHERE o.wide AND o.live GROUP BY 1
        UNION ALL
        SELECT c.number, count(*), sum(c.hash)
        FROM unnest(scopes, numbers, lives, hashes) AS c(scope, number, live, hash)
        WHERE c.live
            AND (c.scope IN ('public', 'staff') OR left(c.scope, 8) = 'account:' OR left(c.scope, 6) = 'child:')
        GROUP BY 1
    ) AS moved
    GROUP BY number
    ON CONFLICT (tenant, table_number) DO UPDATE
    SET count = d.count + excluded.count, total = mod(d.total + excluded.total, modulus);

    FOREACH pass IN ARRAY ARRAY[false, true] LOOP
        CONTINUE WHEN NOT pass = ANY (lives);
        INSERT INTO sync_index AS i (tenant, scope, table_number, row_id, sequence, live, wide, hash, changed_by)
        SELECT the_tenant, c.scope, c.number, c.id, c.sequence, c.live,
            c.scope IN ('public', 'staff') OR left(c.scope, 8) = 'account:' OR left(c.scope, 6) = 'child:', c.hash,
            coalesce(c.cause, causes[1])
        FROM unnest(scopes, numbers, ids, sequences, lives, hashes, causes)
            AS c(scope, number, id, sequence, live, hash, cause)
        WHERE c.live = pass
        ON CONFLICT (tenant, scope, table_number, row_id) DO UPDATE
        SET sequence = excluded.sequence, live = excluded.live, hash = excluded.hash, changed_by = excluded.changed_by;
    END LOOP;

    INSERT INTO sync_commit (tenant, sequence, tag) VALUES (the_tenant, the_sequence, the_tag);
    PERFORM set_config('kabinet.indexed', coalesce(current_setting('kabinet.indexed', true), '') ||
        coalesce((SELECT string_agg(DISTINCT ',' || n || ',', '') FROM unnest(numbers) AS n), ''), true);
END $$
"""
