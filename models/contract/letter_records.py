"""Rows of letters to a department: their author sees their own ones, its office sees all of them."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from models.contract.record import Record


class Letter(Record, frozen=True, array_like=True):
    """A letter with its author as they could be reached when they wrote last."""

    TABLE: ClassVar[str] = "letter"

    department_id: int
    author_id: int
    author: str
    subject: str
    state: str  # new | answered | closed: models.domain.admissions.letters.LetterState
    at: datetime
    changed_at: datetime  # when its last entry was written
    phone: str = ""
    email: str = ""


class LetterEntry(Record, frozen=True, array_like=True):
    """What was written under a letter, in the order of the ids; nobody changes it any more."""

    TABLE: ClassVar[str] = "letter_entry"

    letter_id: int
    kind: str  # question | answer | closing: models.domain.admissions.letters.EntryKind
    text: str
    author: str
    at: datetime
    reason_code: str = ""  # why a letter was closed, of models.domain.admissions.reasons.LETTER
    command_id: str = ""


LETTER_RECORDS: tuple[type[Record], ...] = (Letter, LetterEntry)
