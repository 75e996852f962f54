"""Names in four languages as an officer enters them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from provider.services.logins import clean
from provider.services.refusals import refuse
from translations import LANGUAGES

_LONGEST: Final = 200


def names(given: Mapping[str, str], field: str, *, required: bool = True) -> dict[str, str]:
    """Return a name by language, cleaned; a language that lacks it gets the first that was given.

    Raises ``Refusal``: ``language-unknown``, ``field-required``, ``text-too-long``, ``text-not-allowed``.
    """
    if set(given) - set(LANGUAGES):
        raise refuse("language-unknown", field)
    cleaned = {language: clean(text, field, _LONGEST, required=False) for language, text in given.items()}
    first = next((cleaned[language] for language in LANGUAGES if cleaned.get(language)), "")
    if not first and required:
        raise refuse("field-required", field)
    return {language: cleaned.get(language) or first for language in LANGUAGES}
