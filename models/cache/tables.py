"""The cache's tables, generated from the records of the feed, and how values go in and out of them."""

# ruff: noqa: S608 - names of tables and columns come from our own record classes, never from data

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from hashlib import sha256
from typing import Any, Final, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from models.contract.records import BY_TABLE, RECORDS, Record, columns
from models.contract.version import SCHEMA

R = TypeVar("R", bound=Record)

LAYOUT: Final = 2
"""Number of the layout of the tables that are not records; a cache of another one is rebuilt."""

_OWN: Final = (
    # One row a scope that is kept here. ``state`` is new | loading | ready; ``loading`` holds where a bootstrap stands.
    """CREATE TABLE scope (
        id INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, key TEXT NOT NULL, sequence INTEGER NOT NULL DEFAULT 0,
        tag TEXT NOT NULL DEFAULT '', state TEXT NOT NULL DEFAULT 'new', loading TEXT NOT NULL DEFAULT '',
        complete_at TEXT NOT NULL DEFAULT '', lease_until TEXT NOT NULL DEFAULT '', UNIQUE (tenant, key))""",
    "CREATE TABLE history (scope INTEGER NOT NULL, sequence INTEGER NOT NULL, tag TEXT NOT NULL,"
    " PRIMARY KEY (scope, sequence)) WITHOUT ROWID",
    "CREATE TABLE digest (scope INTEGER NOT NULL, tbl TEXT NOT NULL, count INTEGER NOT NULL, digest TEXT NOT NULL,"
    " PRIMARY KEY (scope, tbl)) WITHOUT ROWID",
    # A row that two scopes hold at once has its second membership here.
    "CREATE TABLE extra (tbl TEXT NOT NULL, id INTEGER NOT NULL, scope INTEGER NOT NULL, seq INTEGER NOT NULL,"
    " PRIMARY KEY (tbl, id, scope)) WITHOUT ROWID",
    "CREATE TABLE local (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE outbox (
        position INTEGER PRIMARY KEY, command_id TEXT NOT NULL UNIQUE, account_id INTEGER, entry TEXT NOT NULL,
        device INTEGER, n INTEGER, signed TEXT NOT NULL DEFAULT '', outcome TEXT NOT NULL DEFAULT '',
        settled INTEGER NOT NULL DEFAULT 0, ended TEXT NOT NULL DEFAULT '', ended_at TEXT NOT NULL DEFAULT '',
        attempts INTEGER NOT NULL DEFAULT 0, last_error TEXT NOT NULL DEFAULT '',
        next_attempt_at TEXT NOT NULL DEFAULT '')""",
    "CREATE INDEX outbox_open ON outbox (position) WHERE ended = '' AND settled = 0",
    # finished commands stay for months, and each run asks what is unsent and what was answered
    "CREATE INDEX outbox_unsettled ON outbox (command_id) WHERE ended <> 'withdrawn' AND settled = 0",
    "CREATE INDEX outbox_account ON outbox (account_id) WHERE ended = ''",
    "CREATE VIRTUAL TABLE account_search USING fts5(number, holder, address, content='', contentless_delete=1,"
    " prefix='2 3 4 5', tokenize='unicode61 remove_diacritics 0', detail=none)",
)

INDEXES: Final[dict[str, tuple[str, ...]]] = {
    "account": ("CREATE INDEX IF NOT EXISTS account_number ON account (number)",),
    "account_service": ("CREATE INDEX IF NOT EXISTS account_service_account ON account_service (account_id)",),
    "meter": ("CREATE INDEX IF NOT EXISTS meter_account ON meter (account_id)",),
    "reading": ("CREATE INDEX IF NOT EXISTS reading_account ON reading (account_id, meter_id, read_on)",),
    "entry": ("CREATE INDEX IF NOT EXISTS entry_account ON entry (account_id, service_id)",),
    "assertion": ("CREATE INDEX IF NOT EXISTS assertion_account ON assertion (account_id)",),
    "tariff": ("CREATE INDEX IF NOT EXISTS tariff_service ON tariff (service_id)",),
    "outcome": ("CREATE INDEX IF NOT EXISTS outcome_command ON outcome (command_id)",),
    "message": (
        # an office keeps everybody's messages; its people are shown their own
        "CREATE INDEX IF NOT EXISTS message_scope ON message (_scope)",
        "CREATE INDEX IF NOT EXISTS message_general ON message (at)"
        " WHERE account_id IS NULL AND child_id IS NULL AND application_id IS NULL",
        "CREATE INDEX IF NOT EXISTS message_organisation ON message (organisation_id, at)"
        " WHERE organisation_id IS NOT NULL",
    ),
    "request": ("CREATE INDEX IF NOT EXISTS request_account ON request (account_id)",),
    "guardian": (
        "CREATE INDEX IF NOT EXISTS guardian_user ON guardian (user_id)",
        "CREATE INDEX IF NOT EXISTS guardian_child ON guardian (child_id)",
    ),
    "application": (
        "CREATE INDEX IF NOT EXISTS application_child ON application (child_id)",
        # the office's list: the order of the queue with every column that it is narrowed by, so the table is not read
        "CREATE INDEX IF NOT EXISTS application_queue ON application"
        " (category_rank, rank_date, id, state, programme, locality_id, category_id, child_id, languages)",
        "CREATE INDEX IF NOT EXISTS application_counts ON application (state, programme, voucher, archive)",
        "CREATE INDEX IF NOT EXISTS application_number ON application (number)",
        "CREATE INDEX IF NOT EXISTS application_group ON application (group_id) WHERE group_id IS NOT NULL",
        "CREATE INDEX IF NOT EXISTS application_attended ON application (placement_group_id)"
        " WHERE placement_group_id IS NOT NULL",
        "CREATE INDEX IF NOT EXISTS application_temporary ON application (temp_group_id)"
        " WHERE temp_group_id IS NOT NULL",
        "CREATE INDEX IF NOT EXISTS application_flagged ON application (state_since) WHERE flags <> '[]'",
        "CREATE INDEX IF NOT EXISTS application_benefits ON application (rank_date)"
        " WHERE benefit_state = 'claimed' OR benefit_doubt_by <> ''",
        "CREATE INDEX IF NOT EXISTS application_terms ON application (id) WHERE terms <> '{}'",
    ),
    "child": (
        "CREATE INDEX IF NOT EXISTS child_surname ON child (surname, given_name, patronymic)",
        "CREATE INDEX IF NOT EXISTS child_given_name ON child (given_name, surname, patronymic)",
        "CREATE INDEX IF NOT EXISTS child_iin ON child (iin)",
        "CREATE INDEX IF NOT EXISTS child_born ON child (born)",
    ),
    "iteration_line": ("CREATE INDEX IF NOT EXISTS iteration_line_round ON iteration_line (iteration_id, position)",),
    "wish_list": (
        "CREATE INDEX IF NOT EXISTS wish_list_application ON wish_list (application_id)",
        "CREATE INDEX IF NOT EXISTS wish_list_collection ON wish_list (collection_id, state)",
    ),
    "forming_line": ("CREATE INDEX IF NOT EXISTS forming_line_forming ON forming_line (forming_id, position)",),
    "letter": (
        "CREATE INDEX IF NOT EXISTS letter_changed ON letter (state, changed_at)",
        "CREATE INDEX IF NOT EXISTS letter_author ON letter (author_id)",
    ),
    "letter_entry": ("CREATE INDEX IF NOT EXISTS letter_entry_letter ON letter_entry (letter_id)",),
    "bulletin_item": ("CREATE INDEX IF NOT EXISTS bulletin_item_group ON bulletin_item (group_id)",),
    "queue_position": ("CREATE INDEX IF NOT EXISTS queue_position_application ON queue_position (application_id)",),
    "waiting_entry": ("CREATE INDEX IF NOT EXISTS waiting_entry_application ON waiting_entry (application_id)",),
    "referral": ("CREATE INDEX IF NOT EXISTS referral_application ON referral (application_id)",),
    "placement": ("CREATE INDEX IF NOT EXISTS placement_application ON placement (application_id)",),
    "attachment": (
        "CREATE INDEX IF NOT EXISTS attachment_application ON attachment (application_id)",
        "CREATE INDEX IF NOT EXISTS attachment_unchecked ON attachment (at) WHERE state = 'received'",
    ),
    "history_entry": ("CREATE INDEX IF NOT EXISTS history_entry_application ON history_entry (application_id)",),
    "appeal": ("CREATE INDEX IF NOT EXISTS appeal_application ON appeal (application_id)",),
    "kindergarten_group": (
        "CREATE INDEX IF NOT EXISTS kindergarten_group_organisation ON kindergarten_group (organisation_id)",
    ),
    "place": ("CREATE INDEX IF NOT EXISTS place_group ON place (group_id)",),
}

ADDRESS: Final = "trim(settlement || ' ' || street || ' ' || house || ' ' || prefix || ' ' || flat)"
SEARCH_ALL: Final = (
    f"INSERT INTO account_search (rowid, number, holder, address) SELECT id, number, holder, {ADDRESS} FROM account"
)
SEARCH_SOME: Final = f"{SEARCH_ALL} WHERE id IN (SELECT value FROM json_each(?))"
UNSEARCH_SOME: Final = "DELETE FROM account_search WHERE rowid IN (SELECT value FROM json_each(?))"


def fingerprint() -> str:
    """Return a text that changes whenever the layout or a record's columns do: such a cache is rebuilt."""
    shape = [LAYOUT, SCHEMA, [(record.TABLE, columns(record)) for record in RECORDS]]
    return sha256(json.dumps(shape).encode()).hexdigest()[:16]


def create_sql() -> list[str]:
    """Return the statements that make an empty cache."""
    statements = []
    for record in RECORDS:
        table = layout(record)
        body = ", ".join(f'"{name}" {kind}' for name, kind in zip(table.columns[1:], table.affinities[1:], strict=True))
        statements.append(
            f'CREATE TABLE "{record.TABLE}" (id INTEGER PRIMARY KEY, {body}, _seq INTEGER NOT NULL,'
            " _scope INTEGER NOT NULL)"
        )
    statements.extend(_OWN)
    for record in RECORDS:
        statements.extend(INDEXES.get(record.TABLE, ()))
    return statements


def drop_index_sql(table: str) -> list[str]:
    """Return the statements that take a table's secondary indexes away before a large load."""
    return [f"DROP INDEX IF EXISTS {sql.split()[5]}" for sql in INDEXES.get(table, ())]


@dataclass(frozen=True, slots=True)
class Layout:
    """How one record lies in its table."""

    record: type[Record]
    columns: tuple[str, ...]
    affinities: tuple[str, ...]
    wire: tuple[Any, ...]  # type of each column as it arrives: structures stay raw JSON
    structured: tuple[int, ...]  # positions of columns kept as JSON text
    readers: tuple[tuple[int, Callable[[Any], Any]], ...]
    defaults: dict[str, Any]
    upsert: str
    select: str


@cache
def layout(record: type[Record]) -> Layout:
    """Return the layout of ``record``'s table."""
    hints = get_type_hints(record)
    names = columns(record)
    affinities: list[str] = []
    wire: list[Any] = []
    structured: list[int] = []
    readers: list[tuple[int, Callable[[Any], Any]]] = []
    for position, name in enumerate(names):
        base, optional = _plain(hints[name])
        if base in (int, bool):
            affinities.append("INTEGER")
            wire.append(base | None if optional else base)
            if base is bool:
                readers.append((position, bool))
        elif base in (str, date, datetime):
            affinities.append("TEXT")
            wire.append(str | None if optional else str)
            if base is date:
                readers.append((position, date.fromisoformat))
            elif base is datetime:
                readers.append((position, datetime.fromisoformat))
        else:
            affinities.append("TEXT")
            wire.append(msgspec.Raw)
            structured.append(position)
            decoder = msgspec.json.Decoder(hints[name])
            readers.append((position, decoder.decode))
    stored = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join("?" for _ in range(len(names) + 2))
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in (*names[1:], "_seq", "_scope"))
    return Layout(
        record=record,
        columns=names,
        affinities=tuple(affinities),
        wire=tuple(wire),
        structured=tuple(structured),
        readers=tuple(readers),
        defaults=_defaults(record),
        upsert=f'INSERT INTO "{record.TABLE}" ({stored}, _seq, _scope) VALUES ({marks})'
        f" ON CONFLICT (id) DO UPDATE SET {changes}",
        select=f'SELECT {stored} FROM "{record.TABLE}"',
    )


def _plain(hint: Any) -> tuple[Any, bool]:
    """Return a type without its ``None``, and whether it had one."""
    if get_origin(hint) in (types.UnionType, typing.Union):
        members = [member for member in get_args(hint) if member is not type(None)]
        if len(members) == 1:
            return members[0], True
    return hint, False


def _defaults(record: type[Record]) -> dict[str, Any]:
    """Return the stored form of the default of each column that has one."""
    found: dict[str, Any] = {}
    for item in msgspec.structs.fields(record):
        value = item.default
        if value is msgspec.NODEFAULT and item.default_factory is not msgspec.NODEFAULT:
            value = item.default_factory()
        if value is not msgspec.NODEFAULT:
            found[item.encode_name] = (
                value if value is None or isinstance(value, int | str) else msgspec.json.encode(value).decode()
            )
    return found


class WireError(ValueError):
    """Rows arrived in a form that cannot be kept."""


@lru_cache(maxsize=128)
def rows_decoder(table: str, header: tuple[str, ...]) -> Callable[[bytes | msgspec.Raw], list[tuple[Any, ...]]]:
    """Return a function from a JSON array of rows under ``header`` to tuples in the order of our own columns.

    Columns that we do not know are left out, columns that an older provider lacks get their default. Structures stay
    JSON text. The function raises :class:`WireError`.
    """
    record = BY_TABLE.get(table)
    if record is None:
        raise WireError(f"unknown table {table}")
    own = layout(record)
    kinds = dict(zip(own.columns, own.wire, strict=True))
    missing = [name for name in own.columns if name not in header]
    if any(name not in own.defaults for name in missing):
        raise WireError(f"{table} lacks {missing}")
    shape: Any = tuple.__class_getitem__(tuple(kinds.get(name, msgspec.Raw) for name in header))
    decoder: Any = msgspec.json.Decoder(list.__class_getitem__(shape))
    structured = {own.columns[position] for position in own.structured}
    same = header == own.columns
    raw_positions = own.structured if same else tuple(i for i, name in enumerate(header) if name in structured)
    order = tuple(header.index(name) if name in header else -1 for name in own.columns)
    fill = tuple(own.defaults.get(name) for name in own.columns)

    def decode(data: bytes | msgspec.Raw) -> list[tuple[Any, ...]]:
        try:
            rows: list[tuple[Any, ...]] = decoder.decode(data)
        except msgspec.DecodeError as error:
            raise WireError(str(error)) from error
        if raw_positions:
            rows = [_with_text(row, raw_positions) for row in rows]
        if same:
            return rows
        return [tuple(row[source] if source >= 0 else fill[i] for i, source in enumerate(order)) for row in rows]

    return decode


def _with_text(row: tuple[Any, ...], positions: Sequence[int]) -> tuple[Any, ...]:
    """Return a row whose raw JSON at ``positions`` is text, and None where the JSON is null."""
    values = list(row)
    for position in positions:
        data = bytes(values[position])
        values[position] = None if data == b"null" else data.decode()
    return tuple(values)


def read_records(record: type[R], rows: Iterable[Sequence[Any]]) -> list[R]:
    """Return rows selected with ``layout(record).select`` as records."""
    readers = layout(record).readers
    if not readers:
        return [record(*row) for row in rows]
    found = []
    for row in rows:
        values = list(row)
        for position, reader in readers:
            if values[position] is not None:
                values[position] = reader(values[position])
        found.append(record(*values))
    return found
