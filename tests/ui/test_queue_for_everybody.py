"""The queue is public: whoever has no login reads it from the first page of the program."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from models.domain.admissions.states import State
from tests.fixtures.ports import Failed
from tests.samples import balabaqsha as sample
from tests.ui.resident import unnamed
from ui.kit import Button
from ui.public_queue.view import PublicQueueView
from ui.public_queue.view_model import PublicQueue

pytestmark = pytest.mark.usefixtures("speaks_english")


@pytest.fixture
def outside(parent):
    return parent(State.QUEUED, signed_in=False)


@pytest.fixture
def opened(outside, settle, qtbot):
    model = PublicQueue(outside)
    view = PublicQueueView(model)
    qtbot.addWidget(view)
    view.show()
    model.visited()
    qtbot.waitUntil(lambda: model.current and not model.busy)
    return model, view


def said(view) -> str:
    return "\n".join(label.text() for label in view.findChildren(QLabel) if label.isVisibleTo(view))


def reads(qtbot, view, text: str) -> None:
    """Wait until a text stands there: what a page adds is shown with the next turn of the loop."""
    qtbot.waitUntil(lambda: text in said(view))


def tries_again(view) -> list[Button]:
    return [button for button in view.banner.findChildren(Button) if button.isVisibleTo(view)]


def asked(model) -> list:
    return [call for call in model.context.families.calls if call[0] == "queue"]


def test_the_page_shows_the_first_places_of_the_first_department(opened, qtbot):
    model, view = opened
    assert view.table.model().rowCount() == 10
    reads(qtbot, view, "1–10 of 1,204")
    assert asked(model)[0][1][0] == sample.DEPARTMENT
    assert unnamed(view) == []


def test_filters_and_pages_ask_anew_and_one_chosen_meanwhile_is_asked_too(opened, qtbot):
    model, _view = opened
    model.turn(1)
    model.filter(language="ru")
    model.filter(year=model.years[2])
    qtbot.waitUntil(lambda: model.current and not model.busy)
    assert asked(model)[-1][1][1] == {
        "programme": "general", "offset": 0, "limit": 20, "language": "ru", "birth_year": model.years[2],
    }  # fmt: skip


def test_without_a_line_it_says_so_and_can_be_tried_again(outside, qtbot, monkeypatch):
    families = outside.families
    works = families.departments
    monkeypatch.setattr(families, "departments", lambda: (_ for _ in ()).throw(Failed("offline")))
    model = PublicQueue(outside)
    view = PublicQueueView(model)
    qtbot.addWidget(view)
    view.show()
    model.visited()
    qtbot.waitUntil(lambda: model.failure is not None)
    assert view.banner.isVisibleTo(view)
    assert not view.department.isEnabled()
    monkeypatch.setattr(families, "departments", works)
    qtbot.waitUntil(lambda: len(tries_again(view)) == 1)
    tries_again(view)[0].click()
    qtbot.waitUntil(lambda: model.current and not model.busy)
    assert view.table is not None


def test_without_a_line_what_was_looked_at_before_is_there_and_what_was_not_says_so(opened, qtbot, monkeypatch):
    model, view = opened
    works = model.context.families.queue
    monkeypatch.setattr(model.context.families, "queue", lambda *_a, **_f: (_ for _ in ()).throw(Failed("offline")))
    model.filter(programme="special")
    qtbot.waitUntil(lambda: not model.busy)
    assert view.table is None
    reads(qtbot, view, "what you chose now was not looked at before")
    assert "typed" not in said(view)
    qtbot.waitUntil(lambda: len(tries_again(view)) == 1)
    model.filter(programme="general")
    qtbot.waitUntil(lambda: not model.busy)
    assert view.table.model().rowCount() == 10
    reads(qtbot, view, "This is the page that you saw last")
    assert "was not looked at before" not in said(view)
    monkeypatch.setattr(model.context.families, "queue", works)
    model.fetch()
    qtbot.waitUntil(lambda: model.current and not model.busy)
    assert "This is the page that you saw last" not in said(view)


def test_an_installation_without_a_department_and_an_empty_queue_say_so(outside, qtbot, monkeypatch):
    monkeypatch.setattr(outside.families, "departments", list)
    model = PublicQueue(outside)
    view = PublicQueueView(model)
    qtbot.addWidget(view)
    model.visited()
    qtbot.waitUntil(lambda: not model.busy)
    view.show()
    reads(qtbot, view, "There is no education department here.")
    monkeypatch.undo()
    empty = SimpleNamespace(rows=[], total=0, queued=0, at=sample.NOW)
    monkeypatch.setattr(outside.families, "queue", lambda *_asked, **_filters: empty)
    model.visited()
    qtbot.waitUntil(lambda: model.current and not model.busy)
    reads(qtbot, view, "Nobody waits here.")


def test_the_way_leads_there_and_escape_back(outside, open_window, settle, qtbot):
    window = open_window(outside)
    assert window.key == "sign_in"
    button = next(
        one for one in window.findChildren(Button) if one.text() == "The queue for kindergartens, without signing in"
    )
    button.click()
    settle(outside)
    assert window.key == "public_queue"
    page = window.frame_.current.findChild(PublicQueueView) or window.frame_.current
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert window.key == "sign_in"


def test_the_keyboard_waits_at_the_way_back_until_a_department_can_be_chosen(outside, settle, qtbot):
    model = PublicQueue(outside)
    view = PublicQueueView(model)
    qtbot.addWidget(view)
    view.show()
    view.start_here()
    assert view.focusWidget() is view.back
    model.visited()
    qtbot.waitUntil(lambda: model.current and not model.busy)
    assert view.focusWidget() is view.department
