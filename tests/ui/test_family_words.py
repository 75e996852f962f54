"""Short words about time and papers as the screens of admissions say them."""

from __future__ import annotations

from datetime import timedelta

import pytest

import translations
from ui.family import words


@pytest.mark.parametrize(
    ("time", "said"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=1), "1 h 0 min"),
        (timedelta(days=2, hours=15), "2 d 15 h"),
    ],
)
def test_how_long_something_has_waited_is_never_said_in_seconds(time, said):
    translations.use("en")
    assert words.passed(time) == said
