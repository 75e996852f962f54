"""Reasons that are chosen from a list: a code, which everybody reads in their own language. Source: D-11, R-ADM-33.

A code means one thing wherever it stands, so what keeps it needs no note of the list that it was chosen from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from models.domain.admissions.states import ArchiveReason, Event

LONGEST: Final = 2_000
"""Characters of one's own words."""
_FIXES: Final = ("mend-027", "mend-birth-certificate", "mend-parent-id", "mend-052-2", "mend-065", "mend-signature")
ITEM: Final = ("item-mistake", "group-closed", "item-repair", "item-returning")
"""Why published places are lowered or withdrawn."""
OF_EVENT: Final[Mapping[Event, tuple[str, ...]]] = {
    Event.DOC_REJECT: (
        "conclusion-unreadable", "conclusion-expired", "conclusion-not-confirmed", "conclusion-other-child",
    ),
    Event.REJECT: ("documents-incomplete", "document-expired", "vaccination", "group-closed", "age", "language"),
    Event.RETURN_FOR_FIX: _FIXES,
    Event.RETURN_DOCUMENTS: _FIXES,
    Event.WITHDRAW_ITEM: ITEM,
    Event.EXPEL: ("absence", "wish", "health"),
    Event.REVOKE_VOUCHER: ("voucher-mistake", "voucher-untrue"),
    Event.REINSTATE: ("left-by-mistake", "line-was-down", "good-cause"),
    Event.ARCHIVE: (ArchiveReason.DUPLICATE, ArchiveReason.MOVED, ArchiveReason.WITHDRAWN),
}  # fmt: skip
"""The codes with which an event may be done."""

DOCUMENT: Final = ("document-unreadable", "document-expired", "document-other-kind", "document-other-child")
"""Why a document is refused."""

BENEFIT: Final = ("benefit-unproved", "benefit-ended", "document-expired", "document-other-child")
"""Why a claimed benefit is refused."""

GRANTED: Final = ("line-was-down", "good-cause")
"""Why a late click counts."""

NOT_GRANTED: Final = ("late-unproved", "late-clock", "late-own-choice")
"""Why a late click stays refused."""

LETTER: Final = ("letter-repeated", "letter-by-telephone", "letter-elsewhere", "letter-nothing-asked")
"""Why a letter is closed without an answer."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was decided: a code of a list, one's own words beside it or instead; empty for neither."""

    code: str = ""
    words: str = ""

    def __bool__(self) -> bool:
        return bool(self.code or self.words)


def listed(event: Event) -> tuple[str, ...]:
    """Return the codes that an event may be done with; none where only one's own words say why."""
    return OF_EVENT.get(event, ())
