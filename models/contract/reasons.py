"""Reasons of a list in the words of whoever reads them. The codes are models.domain.admissions.reasons'. R-ADM-33."""

from __future__ import annotations

from typing import Final, Protocol

from models.domain.admissions.states import ArchiveReason
from translations import N_, _

WORDS: Final = {
    "documents-incomplete": N_("The documents are incomplete."),
    "document-expired": N_("A document has expired."),
    "document-unreadable": N_("The document cannot be read."),
    "document-other-kind": N_("It is another document than the one that is needed."),
    "document-other-child": N_("The document is about another child or another family."),
    "vaccination": N_("The share of unvaccinated children is exceeded."),
    "group-closed": N_("The group is closed."),
    "age": N_("The child's age does not fit the group."),
    "language": N_("The language of education does not fit the group."),
    "mend-027": N_("Medical certificate 027/u: to be mended."),
    "mend-birth-certificate": N_("Birth certificate: to be mended."),
    "mend-parent-id": N_("Identity card of a parent: to be mended."),
    "mend-052-2": N_("Child's health passport 052-2/u: to be mended."),
    "mend-065": N_("Vaccination card 065/u: to be mended."),
    "mend-signature": N_("The signature does not fit."),
    "conclusion-unreadable": N_("The conclusion cannot be read."),
    "conclusion-expired": N_("The conclusion has expired."),
    "conclusion-not-confirmed": N_("The conclusion does not confirm the need for this correction."),
    "conclusion-other-child": N_("The conclusion is about another child."),
    "absence": N_("Long absence without a reason."),
    "wish": N_("By the parent's wish."),
    "health": N_("By a medical conclusion."),
    "voucher-mistake": N_("The voucher was issued by mistake."),
    "voucher-untrue": N_("What the application or its documents say turned out not to be true."),
    "left-by-mistake": N_("The application left the queue by a mistake of the department or the kindergarten."),
    "line-was-down": N_("The connection was down, so it could not be done in time."),
    "good-cause": N_("There was a good cause, which a document proves."),
    ArchiveReason.DUPLICATE: N_("There was another application for this child."),
    ArchiveReason.MOVED: N_("The family moved to another region."),
    ArchiveReason.WITHDRAWN: N_("The application was withdrawn."),
    "benefit-unproved": N_("No document proves the benefit."),
    "benefit-ended": N_("The right to the benefit has ended."),
    "item-mistake": N_("The places were published by mistake."),
    "item-repair": N_("The group is being repaired."),
    "item-returning": N_("A child returns to this place."),
    "late-unproved": N_("Nothing shows that it was done in time."),
    "late-clock": N_("The clock of the device was wrong: the term had already ended."),
    "late-own-choice": N_("The connection worked; it was done too late."),
    "letter-repeated": N_("The same was asked in another letter."),
    "letter-by-telephone": N_("It was answered by telephone."),
    "letter-elsewhere": N_("Another office deals with this."),
    "letter-nothing-asked": N_("The letter asks nothing."),
}
"""What each code says, as source texts."""


class Reasoned(Protocol):
    """A row or a command that carries a reason."""

    @property
    def reason_code(self) -> str: ...

    @property
    def reason(self) -> str: ...


def said(code: str, words: str = "") -> str:
    """Return a reason in the language in force: of its list, then in its author's own words, which stay as written.

    A code that a newer provider knows and this program does not is "another reason", where nothing else says why.
    """
    known = _(WORDS[code]) if code in WORDS else ""
    found = " ".join(part for part in (known, words.strip()) if part)
    return found or (_("Another reason") if code and code != ArchiveReason.OFFICER else "")


def reason_of(row: Reasoned) -> str:
    """Return why a row or a command says that something was decided; "" for no reason. Old rows have words only."""
    return said(row.reason_code, row.reason)
