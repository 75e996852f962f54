"""The protocol of groups formed from wishes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from documents import forming_protocol
from documents.admission_views import DataState
from documents.forming_protocol import FormingView
from models.contract.admission_records import Category, Group, Organisation
from models.contract.collection_records import Collection, Forming, FormingLine
from models.contract.records import Provider
from tests.documents.reader import text
from tests.samples import balabaqsha, department

MADE = datetime(2026, 4, 9, 9, 40, tzinfo=UTC)


def flat(data: bytes) -> str:
    return " ".join(text(data).split())


def view(state: str = "planned") -> FormingView:
    rows, family = department.collected(), balabaqsha.family_rows()
    houses = {one.id: one.name for one in family if isinstance(one, Organisation)}
    names = {one.id: (houses[one.organisation_id], one.name) for one in family if isinstance(one, Group)}
    (forming,) = [one for one in rows if isinstance(one, Forming)]
    return FormingView(
        next(one for one in family if isinstance(one, Provider)),
        next(one for one in rows if isinstance(one, Collection) and one.id == forming.collection_id),
        replace(forming, state=state),
        [one for one in rows if isinstance(one, FormingLine)],
        [one for one in family if isinstance(one, Category)],
        names,
        DataState(MADE, offline=False),
    )


@pytest.mark.parametrize("language", ["kk", "ru", "uk", "en"])
def test_the_protocol_names_every_line_and_is_the_same_each_time(language: str) -> None:
    data = forming_protocol.build(view(), language, MADE)
    assert data == forming_protocol.build(view(), language, MADE)
    found = flat(data)
    for line in view().lines:
        assert line.number in found
        assert line.child.split()[0] in found
    assert department.COLLEAGUE.split()[0] in found


def test_who_gets_nothing_is_told_why_and_a_sibling_is_marked() -> None:
    found = flat(forming_protocol.build(view(), "en", MADE))
    assert "no place" in found
    assert "A brother or sister is in the house." in found
    assert "the application does not ask for its language." in found


def test_labels_in_the_head_are_read_whole() -> None:
    assert "Тілектерді жинау рәсімі" in flat(forming_protocol.build(view(), "kk", MADE))


def test_only_an_issued_protocol_is_no_draft() -> None:
    assert "DRAFT" in flat(forming_protocol.build(view(), "en", MADE))
    assert "DRAFT" not in flat(forming_protocol.build(view("issued"), "en", MADE))
    assert "VOID" in flat(forming_protocol.build(view("stale"), "en", MADE))
