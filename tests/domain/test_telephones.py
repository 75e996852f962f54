"""Telephones as they are compared and as people write them."""

from __future__ import annotations

import pytest

from models.domain.telephones import phone_key, written


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        ("+77055550319", "+7 (705) 555-03-19"),
        ("8 705 555 03 19", "8 705 555 03 19"),
        ("+380441234567", "+380441234567"),
        ("", ""),
    ],
)
def test_bare_digits_are_written_as_people_write_them_and_anything_else_as_it_is(kept: str, read: str) -> None:
    assert written(kept) == read
    assert phone_key(written(kept)) == phone_key(kept)
