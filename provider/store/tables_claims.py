"""Whose child somebody in an imported queue is: for the day on which the parent comes into the cabinet."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Integer, Table, Text, text

from provider.store.base import metadata

child_claim: Final = Table(
    "child_claim",
    metadata,
    Column("child_id", BigInteger, primary_key=True, autoincrement=False),
    Column("tenant_id", Integer, nullable=False),
    Column("code_key", Text, nullable=False, index=True),  # keyed hash of the parent's IIN or document number
    Column("phone_key", Text, nullable=False, server_default=text("''")),
)
"""The parent whom an imported registry names; deleted once they have the child in their cabinet."""
