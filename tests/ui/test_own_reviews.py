"""A review that is not published: its family reads that it waits, or why it was not let through, and writes it anew."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from models.contract.admission_records import Review
from models.domain.admissions.states import State
from tests.samples import balabaqsha as sample
from tests.ui.looking import said_and_offered
from tests.ui.resident import english
from ui.context import Context
from ui.kindergartens.view import KindergartensView
from ui.kindergartens.view_model import Kindergartens

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")
OWN = Review(950, 101, 2, "Телефон жауап бермейді.", "Айгүл С.", sample.at(8, 10), "submitted")


Opened = tuple[Kindergartens, KindergartensView]


@pytest.fixture
def opened(
    parent: Callable[..., Context], settle: Callable[[Context], None], qtbot: QtBot
) -> Callable[[Review], Opened]:
    def make(own: Review) -> Opened:
        context = parent(State.ENROLLED, rows=[*sample.family_rows(State.ENROLLED), own])
        model = Kindergartens(context)
        settle(context)
        model.show(organisation_id=101)
        model.visited()
        settle(context)
        view = KindergartensView(model)
        qtbot.addWidget(view)
        view.show()
        return model, view

    return make


def test_a_review_that_nobody_has_read_yet_is_said_to_wait(opened: Callable[[Review], Opened]) -> None:
    _model, view = opened(OWN)
    assert "Телефон жауап бермейді." in said_and_offered(view)
    assert "Only your family sees it: the department reads it first." in said_and_offered(view)


def test_why_a_review_was_not_published_is_read_by_its_family(opened: Callable[[Review], Opened]) -> None:
    model, view = opened(replace(OWN, state="refused", answer="Not about the kindergarten."))
    assert "The department did not publish it and writes: Not about the kindergarten." in said_and_offered(view)
    assert "Write the review anew" in said_and_offered(view)
    model.write("review")
    assert (model.draft["review"], model.stars) == ("Телефон жауап бермейді.", 2)


def test_a_text_that_is_missing_has_the_edge_of_a_wrong_value(opened: Callable[[Review], Opened]) -> None:
    model, view = opened(replace(OWN, organisation_id=103))
    model.write("review")
    model.send()
    QApplication.processEvents()
    (field,) = [one for one in view.findChildren(QPlainTextEdit) if one.isVisibleTo(view)]
    assert field.property("wrong")
