"""Where the cursor is while something is under way, and after it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QVBoxLayout, QWidget

import translations
from models.domain.problems import Problem
from tests.fixtures.ports import Failed
from ui.kit import Button, Form, IconButton, Radio
from ui.messages.view import MessagesView
from ui.messages.view_model import Messages
from ui.profile.view import ProfileView
from ui.profile.view_model import Profile
from ui.region.view import RegionView
from ui.region.view_model import Region
from ui.settings.view import SettingsView
from ui.settings.view_model import SettingsModel


@pytest.fixture
def three(qtbot):
    """Return a part of a window with two buttons, and a button outside of the part."""
    window, part = QWidget(), QWidget()
    outer, inner = QVBoxLayout(window), QVBoxLayout(part)
    first, second, outside = Button("Send"), IconButton("x", "Close"), Button("en")
    inner.addWidget(first)
    inner.addWidget(second)
    outer.addWidget(part)
    outer.addWidget(outside)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield part, first, second
    window.close()


def test_a_button_that_waits_gives_the_cursor_to_no_other_button_and_takes_it_back(three, qtbot):
    part, first, second = three
    for button in (first, second):
        button.setFocus()
        button.setEnabled(False)
        assert part.hasFocus()  # the space bar, pressed once more, does nothing
        button.setEnabled(True)
        assert button.hasFocus()


def test_who_has_gone_elsewhere_meanwhile_stays_there(three, qtbot):
    part, first, second = three
    first.setFocus()
    first.setEnabled(False)
    qtbot.keyClick(part, Qt.Key.Key_Tab)
    assert second.hasFocus()
    first.setEnabled(True)
    assert second.hasFocus()
    first.setEnabled(False)
    part.setFocus()
    first.setEnabled(True)
    assert part.hasFocus()  # it was not this button that the cursor was on


@pytest.fixture
def loaded(parent):
    return parent()


@pytest.fixture
def settings(loaded, settle, qtbot):
    """Return the settings of a parent in a window of their own."""
    translations.use("en")
    model = SettingsModel(loaded)
    view = SettingsView(model)
    qtbot.addWidget(view)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    settle(loaded)
    return view


def test_after_the_letter_for_a_new_address_its_code_is_typed_and_after_that_the_next_address(settings, loaded, settle):
    model = settings._model
    model.type("new_email", "new@example.kz")
    model.type("email_password", "kabinet-demo")
    settings.change_email.setFocus()
    settings.change_email.click()
    settle(loaded)
    assert at(settings) == "Code from the letter"
    model.type("email_token", "https://x/email/abc")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    settle(loaded)
    assert at(settings) == "New e-mail"


def test_a_letter_that_was_asked_for_elsewhere_leaves_the_cursor_alone(settings):
    settings.change_password.setFocus()
    settings._model.letter_to = "new@example.kz"
    settings._model.changed.emit()
    assert settings.confirm_email.isVisible()
    assert at(settings) == settings.change_password.text()


def test_news_do_not_move_the_cursor_in_the_question_of_signing_out_and_escape_brings_it_back(
    settings, loaded, settle, qtbot
):
    settings.leave.setFocus()
    settings.leave.click()
    settle(loaded)
    qtbot.waitUntil(lambda: at(settings) == "Stay signed in")
    settings.leave.setFocus()
    settings._model.changed.emit()
    settle(loaded)
    assert at(settings) == "Sign out"
    qtbot.keyClick(settings.leave, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: at(settings) == "Sign &out…")


def test_how_long_a_password_may_be_is_said_to_parents_and_to_others(settings, loaded, qtbot):
    alone = loaded.entered(replace(loaded.inside, roles=("consumer",)))
    other = SettingsView(SettingsModel(alone))
    qtbot.addWidget(other)
    for view, most in ((settings, 40), (other, 64)):
        assert f"From 8 to {most} characters." in "\n".join(label.text() for label in view.findChildren(QLabel))


def at(view: QWidget) -> str:
    """Return on what the cursor is: the words of a button, the name of a field."""
    focused = QApplication.focusWidget()
    assert focused is not None
    assert view.isAncestorOf(focused)
    return focused.accessibleName() or (focused.text() if isinstance(focused, QAbstractButton) else "")


def test_the_steps_to_another_telephone_are_walked_without_the_mouse(loaded, settle, qtbot):
    translations.use("en")
    model = Profile(loaded)
    settle(loaded)
    view = ProfileView(model)
    qtbot.addWidget(view)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.phone.change.click()
    qtbot.waitUntil(lambda: at(view) == "New telephone")
    model.phone.type("phone", "8 (702) 111-22-33")
    model.phone.send_code()
    qtbot.waitUntil(lambda: at(view) == "Consent")  # it is what is missing
    view._draw()  # news
    model.phone.leave()
    view._draw()
    qtbot.waitUntil(lambda: at(view) == "Change the telephone")


def test_a_region_that_could_not_be_added_is_said_to_be_so_and_the_cursor_stays(loaded, settle, qtbot):
    translations.use("en")
    model = Region(loaded)
    settle(loaded)
    model.visited()
    settle(loaded)
    model.offered = (*model.offered, SimpleNamespace(id=900, name="Орал", settlement=""))
    view = RegionView(model)
    qtbot.addWidget(view)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    add = next(one for one in view.findChildren(Button) if one.accessibleName() == "Add Орал")
    add.setFocus()
    loaded.families.fail = Failed("offline")
    add.click()
    settle(loaded)
    qtbot.waitUntil(lambda: at(view) == "Add Орал")
    said = "\n".join(label.text() for label in view.findChildren(QLabel))
    assert "The region was not added" in said
    assert "could not be fetched" not in said
    loaded.families.fail = None
    again = next(one for one in view.findChildren(Button) if one.text() == "Try again")
    again.setFocus()
    again.click()
    settle(loaded)
    assert loaded.families.calls[-1] == ("open_department", (900,))
    qtbot.waitUntil(lambda: QApplication.focusWidget() is view or view.isAncestorOf(QApplication.focusWidget()))


def test_no_message_is_read_by_coming_to_the_list_of_them(loaded, settle, qtbot):
    model = Messages(loaded)
    settle(loaded)
    unread = model.unread
    assert unread
    view = MessagesView(model)
    qtbot.addWidget(view)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.start_here()
    qtbot.waitUntil(view.list.hasFocus)
    assert (model.open_id, model.unread) == (None, unread)
    QTest.keyClick(view.list, Qt.Key.Key_Return)
    assert model.open_id == model.everything[0].message.id
    assert [index.row() for index in view.list.selectedIndexes()] == [0]
    QTest.keyClick(view.list, Qt.Key.Key_Down)
    assert model.open_id == model.everything[1].message.id


def test_a_choice_of_boxes_that_is_missing_has_the_cursor_on_its_first_box(qtbot):
    form, stars = Form(), QWidget()
    row = QVBoxLayout(stars)
    boxes = [Radio("★"), Radio("★★")]
    for box in boxes:
        row.addWidget(box)
    form.add("stars", "Your rating", stars)
    qtbot.addWidget(form)
    form.show()
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    form.show_problems([Problem("field-required", "stars")])
    assert boxes[0].hasFocus()
