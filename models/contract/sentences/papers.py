"""Sentences about papers: which can be made, for which period, and where they go."""

from __future__ import annotations

from typing import Final

from models.contract.sentences.values import Sentence
from translations import N_

SENTENCES: Final[dict[str, Sentence]] = {
    "no-email": N_(
        "Your e-mail address is not confirmed, so nothing can be sent to it. Confirm the address in your profile, then "
        "try again."
    ),
    "document-unknown": N_("The provider does not make this kind of document. Nothing was sent."),
    "period-invalid": N_("This is not a month. Choose a month from the list."),
    "period-in-future": N_("There are no data for this month yet. Choose an earlier month."),
    "dates-reversed": N_("The first day of the period is after the last one. Exchange them and try again."),
    "dates-too-far-apart": N_("The period is too long. Choose at most five years."),
    "no-data": N_("There are no data for this period. Choose another one."),
    "document-not-made": N_(
        "The document could not be made. Your data are safe; try again, and if it repeats, tell support."
    ),
    "document-deleted": N_(
        "This document is no longer kept: it was refused or its application ended long ago. What was decided about it "
        "stays."
    ),
    "document-damaged": N_(
        "This document is damaged where the provider keeps it, so it is not shown. Tell support; whoever sent it can "
        "send it again."
    ),
    "disk-full-file": N_(
        "There is no free space on this disk, so the document was not saved. Free some space or choose another folder."
    ),
}
