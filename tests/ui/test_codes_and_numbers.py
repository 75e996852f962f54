"""Codes on the telephone and the numbers of people: what is said when they are not taken, and where one goes on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

import translations
from tests.fixtures.family import WireFamilies
from tests.fixtures.ports import Failed
from tests.ui.looking import fill, said
from ui.family.telephone import RECOVER, REGISTER
from ui.family_entry.view import FamilyEntryView
from ui.family_entry.view_model import FamilyEntry
from ui.iin import wrong_number
from ui.profile.view import ProfileView
from ui.profile.view_model import Profile
from ui.sign_in.view import SignInView
from ui.sign_in.view_model import SignIn

TAKEN = "Somebody else's cabinet has this telephone too."


@pytest.fixture(autouse=True)
def _english():
    before = translations.current()
    translations.use("en")
    yield
    translations.use(before)


def field(view, name: str) -> QLineEdit:
    return next(one for one in view.findChildren(QLineEdit) if one.accessibleName() == name and one.isVisibleTo(view))


def sent(model, context, settle, phone: str = "8 (701) 555-01-07") -> None:
    fill(model, phone=phone)
    model.agree(True)
    model.send_code()
    settle(context)


def proved(model, context, settle) -> None:
    fill(model, one_time="123456")
    model.prove()
    settle(context)


@pytest.fixture
def entry(parent, settle, qtbot):
    """Return the wizard of somebody who registers, with its window."""
    context = parent()
    model = FamilyEntry(context)
    model.show(REGISTER)
    view = FamilyEntryView(model)
    qtbot.addWidget(view)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    return model, view, context


def test_a_code_that_works_no_more_does_not_arrive_any_longer(entry, settle):
    model, view, context = entry
    sent(model, context, settle)
    assert "The code arrives within" in said(view)
    context.families.fail = Failed("code-spent", "one_time")
    proved(model, context, settle)
    assert "Ask for a new one" in said(view)
    assert "The code arrives within" not in said(view)
    assert "A new code can be asked for in" in said(view)
    context.families.fail = None
    model.send_code()
    settle(context)
    assert "The code arrives within" in said(view)


def test_for_another_code_the_field_is_empty_and_has_the_cursor(entry, settle, qtbot):
    model, view, context = entry
    sent(model, context, settle)
    context.families.fail = Failed("code-spent", "one_time")
    proved(model, context, settle)
    context.families.fail = None
    view.steps.again.setFocus()
    model.send_code()
    settle(context)
    assert field(view, "Code from the SMS").text() == ""
    assert "Ask for a new one" not in said(view)
    qtbot.waitUntil(lambda: field(view, "Code from the SMS").hasFocus())


def test_a_number_is_corrected_where_the_cursor_is(entry, settle, qtbot):
    model, view, context = entry
    sent(model, context, settle)
    proved(model, context, settle)
    fill(model, code="940225401806")
    model.look_up()
    settle(context)
    assert "Is that you?" in said(view)
    number = field(view, "IIN or document number")
    number.setFocus()
    number.setCursorPosition(4)
    QTest.keyClick(number, Qt.Key.Key_Backspace)
    assert "Is that you?" not in said(view)
    qtbot.waitUntil(lambda: field(view, "IIN or document number").hasFocus())
    QTest.keyClick(field(view, "IIN or document number"), Qt.Key.Key_3)
    assert field(view, "IIN or document number").text() == "940325401806"


def test_whoever_registers_with_somebody_s_telephone_is_told(entry, settle):
    model, view, context = entry
    sent(model, context, settle)
    context.families.shared = True
    proved(model, context, settle)
    assert TAKEN in said(view)


def test_a_new_telephone_that_somebody_has_is_said_before_it_is_taken(parent, settle, qtbot):
    context = parent()
    context.families.shared = True
    model = Profile(context)
    settle(context)
    view = ProfileView(model)
    qtbot.addWidget(view)
    view.show()
    model.phone.start()
    sent(model.phone, context, settle, model.person.phone)
    proved(model.phone, context, settle)
    assert TAKEN not in said(view), "it is one's own"
    model.phone.start()
    sent(model.phone, context, settle, "8 (702) 111-22-33")
    proved(model.phone, context, settle)
    assert TAKEN in said(view)
    model.phone.leave()
    assert TAKEN not in said(view)


def test_a_document_number_signs_in_and_recovers_as_an_iin_does(outside, settle, qtbot):
    model = SignIn(outside)
    view = SignInView(model)
    qtbot.addWidget(view)
    view.show()
    model.show(login="N1234567", news="confirmed", way="iin")
    assert "Sign in with your document number and password." in said(view)
    fill(model, password="guess")
    model.sign_in()
    settle(outside)
    assert "The document number or the password is wrong." in said(view)
    fill(model, login="n 1234567", password="kabinet-demo")
    with qtbot.waitSignal(outside.bridge.entered) as entered:
        model.sign_in()
    assert entered.args[0] is not None
    assert outside.settings.get("login") == "n1234567"
    fill(model, login="940225401807", password="kabinet-demo")
    model.sign_in()
    assert [problem.code for problem in model.problems] == ["iin-check-digit"]


def test_for_another_code_to_sign_in_with_the_field_is_empty(outside, settle, qtbot):
    outside.entrance.wire_families = WireFamilies()
    model = SignIn(outside)
    view = SignInView(model)
    qtbot.addWidget(view)
    view.show()
    model.choose("code")
    fill(model, phone="8 (701) 555-01-07", code="940225401806", one_time="111111")
    view.password.setText("111111")
    model.send_code()
    settle(outside)
    assert (view.password.text(), model.typed("one_time")) == ("", "")
    assert "The code arrives within" in said(view)


def test_a_recovery_says_nothing_of_who_has_the_telephone(entry, settle):
    model, view, context = entry
    model.show(RECOVER)
    fill(model, code="940225401806")
    sent(model, context, settle)
    proved(model, context, settle)
    assert model.step == "password"
    assert TAKEN not in said(view)


def test_a_corrected_number_is_not_said_to_get_the_code_that_is_on_its_way_for_another(entry, settle):
    model, view, context = entry
    model.show(RECOVER)
    fill(model, code="940225401806")
    sent(model, context, settle)
    assert "It comes only if this telephone and number" in said(view)
    model.begin()
    context.families.fail = Failed("code-wait", seconds=55)
    model.send_code()
    settle(context)
    assert model.step == "code", "it is the very code that is on its way"
    model.begin()
    fill(model, code="N1234567")
    model.send_code()
    settle(context)
    assert model.step == "phone"
    assert "55" in said(view)


def test_half_a_code_costs_no_try(entry, settle):
    model, view, context = entry
    sent(model, context, settle)
    calls = len(context.families.calls)
    fill(model, one_time="12 34 5")
    model.prove()
    assert "has 6 digits" in said(view)
    assert len(context.families.calls) == calls


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("N123", "document-number-short"),
        ("88070730904", "iin-invalid"),  # eleven digits: one of an IIN was left out
        ("8807073090499", "iin-invalid"),
        ("4509123456", ""),  # the number of a passport of another country
        ("N12345678", ""),
    ],
)
def test_a_number_that_was_not_typed_whole_is_said_to_be_so(number, code):
    assert [found.code for found in wrong_number(number, "code", date(2026, 11, 22))] == ([code] if code else [])


def test_seconds_are_counted_in_the_right_form(entry, settle):
    model, _view, context = entry
    translations.use("ru")
    sent(model, context, settle)
    model.wait.spend()
    for left, words in ((21, "21 секунду"), (22, "22 секунды"), (25, "25 секунд.")):
        model.wait._until = context.clock() + timedelta(seconds=left)
        assert words in model.wait.text


def test_who_begins_again_after_the_code_was_used_is_not_told_that_one_is_on_its_way(entry, settle):
    model, view, context = entry
    sent(model, context, settle)
    proved(model, context, settle)
    assert model.step == "person"
    model.show(REGISTER)
    context.families.fail = Failed("code-wait", "phone", seconds=55)
    model.send_code()
    settle(context)
    assert model.step == "phone"
    assert "The code arrives within" not in said(view)
    assert "55" in said(view)


def test_whoever_signed_in_by_iin_is_offered_that_again(parent):
    context = parent()
    assert SignIn(context).way == "login"
    context.settings.set("login", "920308409016")
    assert SignIn(context).way == "iin", "the password is then recovered by telephone, too"
