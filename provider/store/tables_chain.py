"""The chain over decisions: one link a commit, each bound to the one before (provider.store.chain)."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, DateTime, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import INT8MULTIRANGE

from provider.store.base import metadata

chain_link: Final = Table(
    "chain_link",
    metadata,
    Column("n", BigInteger, primary_key=True, autoincrement=False),  # 1, 2, 3 … without a gap
    Column("at", DateTime(timezone=True), nullable=False),
    Column("history", INT8MULTIRANGE, nullable=False),  # ids of history_entry that the commit wrote
    Column("audit", INT8MULTIRANGE, nullable=False),
    Column("hashes", LargeBinary, nullable=False),  # SHA-256 of each row: history by id, then audit by id
    Column("head", LargeBinary, nullable=False),  # SHA-256 of the head before and of this link
)
"""Only ever appended, by the database itself."""

chain_dirty: Final = Table(
    "chain_dirty",
    metadata,
    Column("transaction", Text, primary_key=True),
    prefixes=["UNLOGGED"],
)
"""A row for each running transaction that has written decisions; a deferred trigger makes its link at commit."""
