"""Letters between a family and its department: how they stand, what their entries are, how long they may be."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

SUBJECT: Final = 200
"""Characters of a subject."""
LONGEST: Final = 4_000
"""Characters of one entry."""


class LetterState(StrEnum):
    """How a letter stands: whoever writes on makes it new again."""

    NEW = "new"
    ANSWERED = "answered"
    CLOSED = "closed"


class EntryKind(StrEnum):
    """What stands under a letter: the family's words, the department's, or why it gives none."""

    QUESTION = "question"
    ANSWER = "answer"
    CLOSING = "closing"
