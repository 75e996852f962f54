"""Words of the admissions as they stand in lists and in sentences."""

from __future__ import annotations

import pytest

from models.contract.admission_words import languages
from translations import using


@pytest.mark.parametrize(
    ("language", "alone", "inside"),
    [
        ("kk", "Қазақша, орысша", "қазақша, орысша"),
        ("ru", "Казахский, русский", "казахский, русский"),
        ("uk", "Казахська, російська", "казахська, російська"),
        ("en", "Kazakh, Russian", "Kazakh, Russian"),
    ],
)
def test_only_the_first_language_of_a_list_begins_with_a_capital(language: str, alone: str, inside: str) -> None:
    with using(language):
        assert languages(["kk", "ru"]) == alone
        assert languages(["kk", "ru"], inside=True) == inside
