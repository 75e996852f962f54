"""What families need beside their rows: answers of the register of persons, and who brought which document."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, DateTime, Index, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from provider.store.base import metadata

register_answer: Final = Table(
    "register_answer",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("code_key", Text, primary_key=True),  # keyed hash of the IIN
    Column("answer", JSONB, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_register_answer_at", "at"),
)
"""What the register of persons said about a child that a parent asked about and may enter; deleted after a month.

A command is carried out inside a transaction and must not wait for another machine, so the check comes before it.
"""

blob_owner: Final = Table(
    "blob_owner",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_blob_owner_user", "user_id"),
)
"""Who proved that they have a document by sending all of it. Knowing its hash is no proof."""

blob_no_room: Final = Table(
    "blob_no_room",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
)
"""Whose document found no room beside their others: what names it is refused, not held, until it is sent again."""
