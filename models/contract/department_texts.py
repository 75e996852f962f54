"""What messages say of an officer's decisions that are no step of the machine, in the form of ``admission_texts``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from translations import N_

_BENEFIT: Final = N_("Benefit")
_DOCUMENT: Final = N_("Document not accepted")
_LATE: Final = N_("An action that came late")
_TERM: Final = N_("A term ends later")

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "term-moved": (
        _TERM,
        N_(
            "{day} has become a day off, so a term of application {number} for {child} ends later: on {due}. Nothing "
            "else changes."
        ),
    ),
    "benefit-verified": (
        _BENEFIT,
        N_("The benefit in application {number} for {child} is confirmed and counts in the queue from today."),
    ),
    "benefit-refused": (
        _BENEFIT,
        N_(
            "The benefit in application {number} for {child} was not confirmed by the employee: {employee}. Reason: "
            "{reason} The application stays in the queue with its first date, without the benefit."
        ),
    ),
    "document-refused": (
        _DOCUMENT,
        N_(
            "The document “{document}” of application {number} for {child} was not accepted by the employee: "
            "{employee}. Reason: {reason} Attach a new one; the application stays where it is."
        ),
    ),
    "appeal-granted": (
        _LATE,
        N_(
            "What you did in time without a connection for {child} (application {number}) counts as done in time. The "
            "department writes: {reason}"
        ),
    ),
    "appeal-refused": (
        _LATE,
        N_(
            "What came late for {child} (application {number}) stays refused. The department writes: {reason} The "
            "application stands as it did."
        ),
    ),
    "letter-answered": (
        N_("The department answered your letter"),
        N_("{employee} answered your letter “{subject}”: {text}"),
    ),
    "letter-closed": (
        N_("The department closed your letter"),
        N_(
            "{employee} closed your letter “{subject}” without an answer. Reason: {reason} If a question is left, "
            "write on under the letter."
        ),
    ),
}
"""Subject and body of each notice, as source texts."""
