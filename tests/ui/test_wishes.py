"""A parent ranks groups at the keyboard: the cursor stays with the work, and what is filed is what it comes to."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from models.contract.collection_records import Collection
from models.domain.admissions.states import State
from tests.fixtures.family import FamilyClient
from tests.samples import balabaqsha as sample
from ui.kit.table_order import alphabetic
from ui.wishes.view import WishesPage
from ui.wishes.view_model import WishesModel

pytestmark = pytest.mark.usefixtures("speaks_english")

GROUPS = [1011, 1012, 1013, 1021, 1022, 1031, 1041]


@pytest.fixture
def opened(parent, settle, qtbot):
    """Return a function that opens the wishes of the son, in a collection that goes on."""

    def make(client=None, groups=GROUPS):
        one = Collection(
            9201, sample.DEPARTMENT, "W2026-000003", "general", groups, date(2026, 9, 1), sample.at(8, 9),
            sample.at(24, 18), "collecting",
        )  # fmt: skip
        rows = [*sample.family_rows(State.QUEUED), one]
        context = parent(State.QUEUED, rows=rows, client=client or FamilyClient())
        model = WishesModel(context)
        settle(context)
        model.show(application_id=sample.FIRST)
        settle(context)
        view = WishesPage(model)
        qtbot.addWidget(view)
        view.show()
        view.activateWindow()
        qtbot.waitUntil(view.isActiveWindow)
        settle(context)
        return model, view, context

    return make


def test_groups_are_listed_by_the_number_of_their_kindergarten_as_people_count(opened):
    model, _view, _context = opened()
    names = [offer.organisation.name for offer in model.offers]
    assert names == sorted(names, key=alphabetic)


def test_after_filing_the_cursor_is_on_the_list_that_was_filed(opened, settle, qtbot):
    client = FamilyClient()
    model, view, context = opened(client)
    model.add(model.offers[0].group.id)
    settle(context)
    qtbot.waitUntil(view.file.isEnabled)
    view.file.setFocus()
    qtbot.keyClick(view.file, Qt.Key.Key_Space)
    settle(context)
    qtbot.waitUntil(lambda: bool(client.calls) and not model.busy)
    qtbot.waitUntil(lambda: model.coming is not None and view.list is not None and view.list.hasFocus())


def test_a_group_that_is_added_leaves_the_cursor_at_its_row(opened, settle, qtbot):
    model, view, context = opened()
    view.offers.setFocus()
    view.offers.setCurrentIndex(view.offers.model().index(1, 0))
    added = view.offers.current_row.group.id
    qtbot.keyClick(view.offers, Qt.Key.Key_Return)
    settle(context)
    assert model.ranked == (added,)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is view.offers)
    assert view.offers.currentIndex().row() == 1


def test_that_no_group_suits_is_said(opened):
    model, view, _context = opened(groups=[])
    assert not model.offers
    said = [label.text() for label in view.findChildren(QLabel) if label.isVisible()]
    assert any(text.startswith("No group of this collection suits the child") for text in said)
    assert not any("Add groups from the table" in text for text in said)
