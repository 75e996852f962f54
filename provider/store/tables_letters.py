"""Letters to departments and what stands under them, in PostgreSQL."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Index

from models.contract import letter_records as records
from provider.store.base import synced_table

letter: Final = synced_table(records.Letter, Index("ix_letter_author", "author_id"))
"""In scope ``user:<author>`` of tenant 0, and in ``staff`` of the department."""

letter_entry: Final = synced_table(
    records.LetterEntry, Column("author_id", BigInteger, nullable=False), Index("ix_letter_entry_letter", "letter_id")
)
