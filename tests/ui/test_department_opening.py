"""What is seen of a page of the department when it opens something: the question, the tab it was opened for."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QScrollArea, QStyle, QStyleOptionComboBox
from pytestqt.qtbot import QtBot

import translations
from tests.ui.resident import english
from tests.ui.test_department_cases import Staff
from tests.ui.test_department_keyboard import button, focused, press
from tests.ui.test_department_screens import Settle, opened

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")


def test_the_question_before_publishing_takes_the_cursor_at_its_way_back(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff()
    model, view = opened(qtbot, context, "publications", settle)
    view.activateWindow()
    model.begin()
    settle(context)
    model.published_on = date(2026, 4, 10)
    model.type("places", "1")
    button(view, "Check and publish…").setFocus()
    press(qtbot, Qt.Key.Key_Space)
    settle(context)
    assert model.asking, model.problems
    qtbot.waitUntil(lambda: focused() is button(view, "Leave everything as it is"))
    press(qtbot, Qt.Key.Key_Space)
    settle(context)
    assert not model.asking
    assert model.writing
    assert button(view, "Forget the draft").isVisible()


@pytest.mark.parametrize("language", ["kk", "ru", "uk", "en"])
def test_what_the_queue_is_narrowed_to_at_first_is_read_whole(
    qtbot: QtBot, staff: Staff, settle: Settle, language: str
) -> None:
    translations.use(language)
    context = staff()
    _model, view = opened(qtbot, context, "office_queue", settle)
    view.resize(1010, 640)
    QApplication.processEvents()
    for key in ("state", "programme"):
        choice = view.choices[key]
        option = QStyleOptionComboBox()
        choice.initStyleOption(option)
        room = choice.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, choice
        )
        assert choice.fontMetrics().horizontalAdvance(choice.currentText()) <= room.width(), choice.currentText()


def test_an_application_that_is_opened_for_its_documents_shows_them(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_queue", settle)
    view.resize(1010, 500)
    model.show(31_010, "documents")
    settle(context)

    def high() -> bool:
        area = view._stack.widget(0)
        assert isinstance(area, QScrollArea)
        bar = area.verticalScrollBar()
        top = view.tabs.mapTo(area.viewport(), view.tabs.rect().topLeft()).y()
        return bool(bar.maximum() and (0 <= top < 40 or bar.value() == bar.maximum()))

    qtbot.waitUntil(high)
    area = view._stack.widget(0)
    area.verticalScrollBar().setValue(0)
    model.refresh()
    settle(context)
    assert area.verticalScrollBar().value() == 0, "news leave the page where it was scrolled to"
