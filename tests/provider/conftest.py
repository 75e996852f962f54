"""The education department that most tests of admissions begin with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from provider.store.database import Database
from tests.provider.admissions_world import Admissions, make_admissions


@pytest.fixture
def town(database: Database) -> Admissions:
    """A department with two kindergartens, seen from its office."""
    return make_admissions(database)


@pytest.fixture
def edu(town: Admissions) -> Admissions:
    """The same department, seen from its families."""
    return town


@pytest.fixture
def whole_sentences(edu: Admissions) -> Iterator[None]:
    """Whatever was told to anybody in the test must be whole sentences."""
    yield
    for row in edu.all("SELECT subject, body FROM message"):
        for text in (*row.subject.values(), *row.body.values()):
            assert "—" not in text
            assert "{" not in text
