"""Collections of wishes, the families' lists, and results of forming groups, in PostgreSQL."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Table, Text, UniqueConstraint, text

from models.contract import collection_records as records
from provider.store.base import metadata, synced_table

collection: Final = synced_table(
    records.Collection,
    UniqueConstraint("tenant_id", "number"),
    Index("ix_collection_closing", "closes_at", postgresql_where=text("state = 'collecting'")),
)

wish_list: Final = synced_table(
    records.WishList,
    UniqueConstraint("collection_id", "application_id"),
    Index("ix_wish_list_application", "application_id"),
)
"""One row an application and collection: filing again changes it."""

forming: Final = synced_table(
    records.Forming,
    UniqueConstraint("tenant_id", "number"),
    Index("ix_forming_collection", "collection_id"),
)

forming_line: Final = synced_table(records.FormingLine, Index("ix_forming_line_forming", "forming_id"))

collection_told: Final = Table(
    "collection_told",
    metadata,
    Column("collection_id", BigInteger, primary_key=True, autoincrement=False),
    Column("notice", Text, primary_key=True, server_default=text("'wishes-open'")),
    Column("tenant_id", BigInteger, nullable=False),
    Column("after", BigInteger, nullable=False, server_default=text("0")),
    Column("done", Boolean, nullable=False, server_default=text("false")),
)
"""How far families have been told of a collection, and reminded of its end: the last application, by id."""
