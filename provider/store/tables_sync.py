"""Tables of the protocol itself: counters, the change index, devices, commands and their outcomes, grants, leases."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from models.contract.records import Outcome
from provider.store.base import metadata, synced_table

installation: Final = Table(
    "installation",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""Facts about this installation: ``epoch``, ``secret`` of signed tokens."""

sync_counter: Final = Table(
    "sync_counter",
    metadata,
    Column("tenant", Integer, primary_key=True, autoincrement=False),
    Column("value", BigInteger, nullable=False),
    Column("floor", BigInteger, nullable=False, server_default=text("0")),
    postgresql_with={
        "fillfactor": "10",
        "autovacuum_vacuum_threshold": "200",
        "autovacuum_vacuum_scale_factor": "0",
    },
)
"""The last sequence of each tenant. Its row is locked from a transaction's last statements to its commit, so order of
numbers is order of commits. ``floor`` is the oldest cursor from which deletions are still known."""

sync_index: Final = Table(
    "sync_index",
    metadata,
    Column("tenant", Integer, nullable=False),
    Column("scope", Text, nullable=False),
    Column("table_number", SmallInteger, nullable=False),
    Column("row_id", BigInteger, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("live", Boolean, nullable=False),
    Column("wide", Boolean, nullable=False),
    Column("hash", BigInteger, nullable=False),
    Column("changed_by", Text, nullable=False, server_default=text("''")),
    PrimaryKeyConstraint("tenant", "scope", "table_number", "row_id"),
    Index("ix_sync_index_delta", "tenant", "scope", "sequence"),
    Index("ix_sync_index_wide_delta", "tenant", "sequence", postgresql_where=text("wide")),
    Index(
        "ix_sync_index_wide_row",
        "tenant",
        "table_number",
        "row_id",
        unique=True,
        postgresql_where=text("wide AND live"),
    ),
    postgresql_with={"fillfactor": "80"},
)
"""Where each record stands in its scope: the newest sequence, alive or gone. A record is alive in at most one scope of
those that ``office`` sees (``wide``), so the office needs no rows of its own."""

sync_commit: Final = Table(
    "sync_commit",
    metadata,
    Column("tenant", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("tag", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    PrimaryKeyConstraint("tenant", "sequence"),
)
"""A random tag for the last sequence of each commit: a restored provider cannot know the tags it has lost."""

sync_digest: Final = Table(
    "sync_digest",
    metadata,
    Column("tenant", Integer, nullable=False),
    Column("table_number", SmallInteger, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("total", Numeric(20, 0), nullable=False),  # 0 ≤ total < 2**64
    PrimaryKeyConstraint("tenant", "table_number"),
    postgresql_with={"fillfactor": "20"},
)
"""Count and digest of what ``office`` sees, kept with each commit."""

sync_dirty: Final = Table(
    "sync_dirty",
    metadata,
    Column("transaction", Text, primary_key=True),
    prefixes=["UNLOGGED"],
)
"""A row for each running transaction that has changed a synced table; a deferred trigger judges it at commit."""

device: Final = Table(
    "device",
    metadata,
    Column("id", BigInteger, Identity(always=False), primary_key=True),
    Column("user_id", BigInteger, nullable=False, index=True),
    Column("public_key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("enrolled_at", DateTime(timezone=True), nullable=False),
    Column("last_seen", DateTime(timezone=True), nullable=False),
    Column("last_n", BigInteger, nullable=False, server_default=text("0")),
    Column("last_hash", Text, nullable=False, server_default=text("''")),
    Column("schema", Integer, nullable=False, server_default=text("1")),
    Column("cursors", JSONB, nullable=False, server_default=text("'[]'")),
    Column("waiting", Integer, nullable=False, server_default=text("0")),
    Column("waiting_minor", JSONB, nullable=False, server_default=text("'{}'")),
    Column("quarantined_at", DateTime(timezone=True)),
    Column("quarantine_reason", Text, nullable=False, server_default=text("''")),
    postgresql_with={"fillfactor": "50"},
)
"""A profile on a computer: its key, how far it has sent (``last_n``) and read, what it has not sent yet."""

command: Final = Table(
    "command",
    metadata,
    Column("id", Text, primary_key=True),
    Column("device_id", BigInteger, ForeignKey("device.id"), nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("signature", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("kind", Text, nullable=False),
    Column("actor", BigInteger, nullable=False),
    Column("tenant", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("problems", JSONB, nullable=False),
    Column("result", JSONB, nullable=False),
    Column("depends_on", ARRAY(Text), nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("decided_at", DateTime(timezone=True)),
    UniqueConstraint("device_id", "n"),
    Index("ix_command_held", "device_id", "n", postgresql_where=text("status = 'held'")),
)
"""Every well-signed command for ever, with what became of it. Inserted first in the transaction of its effects."""

outcome: Final = synced_table(
    Outcome,
    UniqueConstraint("command_id"),
    Index("ix_outcome_device_id", "device_id"),
)
"""What a device is told about its commands, in scope ``device:<id>`` of the command's tenant."""

alarm: Final = Table(
    "alarm",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("kind", Text, nullable=False),
    Column("device_id", BigInteger),
    Column("command_id", Text),
    Column("detail", JSONB, nullable=False, server_default=text("'{}'")),
)
"""What a person at the provider must look at: a reused id, a forked device, a bad signature."""

scope_grant: Final = Table(
    "scope_grant",
    metadata,
    Column("user_id", BigInteger, nullable=False),
    Column("tenant", Integer, nullable=False),
    Column("key", Text, nullable=False),
    Column("lease_seconds", Integer, nullable=False),
    Column("granted_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("revoked_at", DateTime(timezone=True)),
    PrimaryKeyConstraint("user_id", "tenant", "key"),
)
"""What a user may read and act on: ``account:<id>`` or ``office`` of a tenant, until revoked."""

receipt_series: Final = Table(
    "receipt_series",
    metadata,
    Column("tenant", Integer, nullable=False),
    Column("series", Text, nullable=False),
    Column("next_number", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant", "series"),
)

receipt_lease: Final = Table(
    "receipt_lease",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("tenant", Integer, nullable=False),
    Column("device_id", BigInteger, ForeignKey("device.id"), nullable=False, index=True),
    Column("series", Text, nullable=False),
    Column("first_number", BigInteger, nullable=False),
    Column("last_number", BigInteger, nullable=False),
    Column("leased_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("tenant", "series", "first_number"),
)
"""Ranges of receipt numbers given to a device, inclusive. A number is leased once and never given again."""

receipt: Final = Table(
    "receipt",
    metadata,
    Column("tenant", Integer, nullable=False),
    Column("series", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("command_id", Text, nullable=False),
    PrimaryKeyConstraint("tenant", "series", "number"),
)
"""Receipt numbers that payments came with; a number that comes twice sends its payment to suspense."""
