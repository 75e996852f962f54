"""What the program itself books says why in the reader's language; what a person wrote stays as it was."""

from __future__ import annotations

import pytest

from models.contract.entry_reasons import CORRECTED_REGISTRY, LATE_READING, METER_REPLACED, entry_reason
from translations import LANGUAGES, using


@pytest.mark.parametrize("code", [LATE_READING, METER_REPLACED, CORRECTED_REGISTRY])
def test_a_code_has_words_in_every_language(code: str) -> None:
    said = set()
    for language in LANGUAGES:
        with using(language):
            said.add(entry_reason(code))
    assert len(said) == len(LANGUAGES)
    assert code not in said


def test_what_was_booked_before_there_were_codes_is_said_too() -> None:
    with using("ru"):
        assert entry_reason("late or corrected reading") == entry_reason(LATE_READING)
        assert entry_reason("meter replaced") == "Счётчик заменён"


@pytest.mark.parametrize("words", ["", "Қате көрсеткіш"])
def test_a_persons_words_stay(words: str) -> None:
    with using("ru"):
        assert entry_reason(words) == words
