"""Requests and answers of the sync end points (docs/sync.md). Bodies are JSON, compressed with zstd level 1 or gzip."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct, field

from models.contract.commands import Signed
from models.contract.outcomes import CommandOutcome
from models.domain.problems import Problem

MAX_COMMANDS = 200
MAX_PUSH_BYTES = 1_000_000
MAX_PAGE_ROWS = 1_000
CHUNK_ROWS = 5_000


class ScopeRef(Struct, frozen=True):
    """A part of the world a client may keep: rows of one tenant under one scope key.

    Keys: ``public`` (reference data), ``account:<id>``, ``child:<id>``, ``user:<id>``, ``device:<id>``, ``office`` (the
    whole tenant), ``organisation:<id>`` and ``doctor`` (what a kindergarten and a doctor work with).
    """

    tenant: int
    key: str


class Cursor(Struct, frozen=True):
    """How far a client has read a scope: a sequence and the random tag of the commit that ended there."""

    scope: ScopeRef
    sequence: int = 0
    tag: str = ""


class PushRequest(Struct, frozen=True):
    """Commands, oldest first."""

    epoch: str
    device: int
    commands: list[Signed]
    waiting: int = 0  # still waiting after these
    waiting_minor: dict[str, int] = field(default_factory=dict)  # unsent cash by currency


class PushAnswer(Struct, frozen=True):
    """One outcome a command, in the order sent."""

    outcomes: list[CommandOutcome]
    epoch: str
    server_time: datetime


class PullRequest(Struct, frozen=True):
    """Ask for what came after the cursors."""

    epoch: str
    schema: int
    device: int
    cursors: list[Cursor]
    limit: int = MAX_PAGE_ROWS


class TableRows(Struct, frozen=True):
    """Live rows of one table: column header, arrays in that order, and the sequence of each row."""

    table: str
    columns: list[str]
    rows: msgspec.Raw  # one JSON array of row arrays
    sequences: list[int]


class Deletions(Struct, frozen=True):
    """Rows that left the scope."""

    table: str
    ids: list[int]
    sequences: list[int]


class TableDigest(Struct, frozen=True):
    """Number of live rows and sum modulo 2**64 of ``row_hash(table, id, sequence)``, as decimal text."""

    table: str
    count: int
    digest: str


class ScopePage(Struct, frozen=True):
    """What came after one cursor. ``complete`` means that nothing more was there at the moment of reading."""

    scope: ScopeRef
    rows: list[TableRows]
    deletions: list[Deletions]
    sequence: int
    tag: str
    head: int
    complete: bool
    digests: list[TableDigest] = field(default_factory=list)


class GrantedScope(Struct, frozen=True):
    """A scope that this user may keep on this device, and for how long without contact."""

    scope: ScopeRef
    lease_seconds: int


class PullAnswer(Struct, frozen=True):
    """Pages for the scopes asked about, what is granted now, and what has been revoked."""

    epoch: str
    pages: list[ScopePage]
    granted: list[GrantedScope]
    revoked: list[ScopeRef]
    server_time: datetime


class SnapshotRequest(Struct, frozen=True):
    """Begin a bootstrap of one scope."""

    epoch: str
    schema: int
    device: int
    scope: ScopeRef


class SnapshotAnswer(Struct, frozen=True):
    """Where the following delta starts, and a signed token for the chunks; the provider keeps no state."""

    epoch: str
    token: str
    sequence: int
    tag: str
    tables: list[str]
    counts: dict[str, int]


class ChunkHeader(Struct, frozen=True):
    """First JSON line of a chunk; the second line is a JSON array of rows, then one of sequences.

    The response header ``X-Body-SHA256`` holds the digest of the uncompressed bytes.
    """

    table: str
    columns: list[str]
    count: int
    last_id: int
    last: bool


class VerifyRequest(Struct, frozen=True):
    """Ask for the digests of 256 buckets (id modulo 256) of a table."""

    epoch: str
    device: int
    scope: ScopeRef
    table: str


class VerifyAnswer(Struct, frozen=True):
    """Count and digest of each bucket at ``sequence``."""

    sequence: int
    buckets: list[TableDigest]


class RepairRequest(Struct, frozen=True):
    """Ask for the rows of the buckets that differ."""

    epoch: str
    device: int
    scope: ScopeRef
    table: str
    buckets: list[int]


class LeaseRequest(Struct, frozen=True):
    """Ask for a range of receipt numbers of a provider for this device."""

    device: int
    tenant: int
    count: int = 500


class LeaseAnswer(Struct, frozen=True):
    """Numbers ``first`` to ``last`` of ``series``, inclusive, for this device alone; they are never given again."""

    series: str
    first: int
    last: int


class SignInRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Prove who one is and enrol this device, or return to it."""

    login: str
    password: str
    device_key: str  # Ed25519 public key, hex
    device_name: str
    device_id: int | None = None
    schema: int = 1


class Session(Struct, frozen=True):
    """The answer to signing in or refreshing. Tokens are opaque; the access token lives ten minutes."""

    user_id: int
    device_id: int
    access_token: str
    refresh_token: str
    expires_in: int
    epoch: str
    scopes: list[GrantedScope]
    roles: list[str]
    server_time: datetime
    last_n: int = 0  # the last ordinal the provider has from this device
    last_hash: str = ""


class Failure(Struct, frozen=True):
    """Body of every answer that is not 2xx: never an echo of the input."""

    problem: Problem
    request_id: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
