"""Sentences for what the provider's service of admissions refuses; those of the machine are in ``admissions``."""

from __future__ import annotations

from models.contract.sentences.values import Sentence
from translations import N_

SENTENCES: dict[str, Sentence] = {
    "no-place-for-twins": N_(
        "This kindergarten has not enough free places for all {count} children who are served together. Nothing was "
        "taken; choose another one, or end the joint service in the application and choose for each child."
    ),
    "application-archived": N_(
        "The application is in the archive, so nothing can be added to it. Nothing was changed; you may file a new one."
    ),
    "signature-not-offered": N_(
        "Signing with a digital signature key is not offered yet. Nothing was changed; sign with a code from a text "
        "message."
    ),
    "language-of-education-unknown": N_(
        "One of the languages of education is not known. Nothing was changed; choose languages from the list."
    ),
}
