"""A parent at the keyboard: where the cursor is when a question opens, what Enter and Escape do, what news leave."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QScrollArea

import translations
from desktop.app import MANUAL
from models.domain.admissions.states import Event, State
from tests.samples import balabaqsha as sample
from ui.application.view import ApplicationPage
from ui.application.view_model import ApplicationModel
from ui.applications.form import FormView
from ui.applications.form_model import ApplicationForm
from ui.applications.view import ApplicationsView
from ui.applications.view_model import Applications
from ui.children.view import ChildrenView
from ui.children.view_model import Children
from ui.family.papers import Paper
from ui.family_entry.view import FamilyEntryView
from ui.family_entry.view_model import FamilyEntry
from ui.iin import wrong_iin
from ui.kit import Button
from ui.settings.view import SettingsView
from ui.settings.view_model import SettingsModel
from ui.sign_in.view import SignInView
from ui.sign_in.view_model import SignIn
from ui.waiting_lists.view import WaitingListsView
from ui.waiting_lists.view_model import WaitingLists

pytestmark = pytest.mark.usefixtures("speaks_english")


@pytest.fixture
def seen(qtbot, settle):
    """Return a function that shows a view in an active window."""

    def show(view, context):
        qtbot.addWidget(view)
        view.show()
        view.activateWindow()
        qtbot.waitUntil(view.isActiveWindow)
        settle(context)
        return view

    return show


def at(view) -> str:
    """Return on what the cursor is: the words of a button, the name of a field."""
    focused = QApplication.focusWidget()
    if focused is None:
        return ""
    assert focused is view or view.isAncestorOf(focused)
    return focused.text() if isinstance(focused, Button) else focused.accessibleName()


def press(qtbot, key) -> None:
    qtbot.keyClick(QApplication.focusWidget(), key)


@pytest.fixture
def application(parent, settle, seen):
    def make(first=State.VOUCHER_ISSUED):
        context = parent(first)
        model = ApplicationModel(context)
        settle(context)
        model.show(application_id=sample.FIRST)
        return model, seen(ApplicationPage(model), context), context

    return make


def test_a_question_about_an_end_waits_on_leaving_all_as_it_is(application, settle, qtbot):
    model, view, context = application()
    model.ask(Event.REFUSE_VOUCHER)
    settle(context)
    qtbot.waitUntil(lambda: at(view) == "Leave everything as it is")
    press(qtbot, Qt.Key.Key_Return)
    settle(context)
    assert model.asking is None
    assert not [call for call in context.client.calls if call[0] == "submit"]
    qtbot.waitUntil(lambda: at(view).startswith("No, I refuse"))


def test_enter_answers_a_question_about_what_is_meant(application, settle, qtbot):
    model, view, context = application()
    model.ask(Event.CONFIRM_INTEREST)
    qtbot.waitUntil(lambda: at(view) == "Yes, I take the voucher")
    press(qtbot, Qt.Key.Key_Return)
    settle(context)
    assert [call[1].event for call in context.client.calls if call[0] == "submit"] == ["confirm-interest"]


def test_escape_leaves_a_question_and_its_field(application, settle, qtbot):
    model, view, context = application(State.REFERRAL_ISSUED)
    model.ask(Event.EXTEND_REFERRAL)
    qtbot.waitUntil(lambda: "days" in at(view))
    press(qtbot, Qt.Key.Key_Escape)
    settle(context)
    assert model.asking is None


def test_escape_leads_back_to_the_act_whose_question_it_left(application, settle, qtbot):
    model, view, context = application()
    model.ask(Event.REFUSE_VOUCHER)
    settle(context)
    qtbot.waitUntil(lambda: at(view) == "Leave everything as it is")
    press(qtbot, Qt.Key.Key_Escape)
    settle(context)
    assert model.asking is None
    qtbot.waitUntil(lambda: at(view).startswith("No, I refuse"))


def test_escape_leads_back_to_the_button_whose_form_it_left(application, settle, qtbot):
    model, view, context = application()
    change = view.findChild(Button, "change")
    change.setFocus()
    words = change.text()
    press(qtbot, Qt.Key.Key_Return)
    settle(context)
    assert model.editing
    qtbot.waitUntil(lambda: at(view) == "Telephone")
    press(qtbot, Qt.Key.Key_Escape)
    settle(context)
    assert not model.editing
    qtbot.waitUntil(lambda: at(view) == words)


def test_news_leave_the_cursor_where_it_was(application, settle, qtbot):
    model, view, context = application()
    view.decision.buttons[Event.REFUSE_VOUCHER].setFocus()
    model.data_changed.emit()
    settle(context)
    qtbot.waitUntil(lambda: at(view).startswith("No, I refuse"))


def test_the_next_page_of_an_application_begins_with_its_first_field(parent, settle, seen, qtbot):
    context = parent()
    model = ApplicationForm(context)
    settle(context)
    model.show(child_id=sample.NIECE)
    view = seen(FormView(model), context)
    view.ahead.setFocus()
    model.next()
    assert model.page == "place"
    qtbot.waitUntil(lambda: at(view) == "Locality")


def test_escape_leaves_the_form_for_a_child_and_the_question_of_its_removal(parent, settle, seen, qtbot):
    context = parent()
    model = Children(context)
    settle(context)
    view = seen(ChildrenView(model), context)
    model.begin_adding()
    settle(context)
    qtbot.waitUntil(lambda: at(view) == "IIN of the child")
    press(qtbot, Qt.Key.Key_Escape)
    assert not model.adding
    model.home.family = replace(model.home.family, applications=())
    model.ask_removing(model.rows[0])
    qtbot.waitUntil(lambda: at(view) == "Keep")
    press(qtbot, Qt.Key.Key_Escape)
    assert model.removing is None


def test_the_question_before_a_waiting_list_is_left_waits_on_staying(parent, settle, seen, qtbot):
    context = parent()
    model = WaitingLists(context)
    settle(context)
    view = seen(WaitingListsView(model), context)
    model.ask(model.lines[0])
    qtbot.waitUntil(lambda: at(view) == "Leave everything as it is")
    press(qtbot, Qt.Key.Key_Escape)
    assert model.leaving is None


def test_escape_stays_signed_in(parent, settle, seen, qtbot):
    context = parent()
    model = SettingsModel(context)
    settle(context)
    view = seen(SettingsView(model), context)
    model.ask_sign_out()
    qtbot.waitUntil(lambda: at(view) == "Stay signed in")
    assert model.signing_out
    press(qtbot, Qt.Key.Key_Escape)
    assert not model.signing_out
    assert not [call for call in context.entrance.calls if call[0] == "sign_out"]


def test_another_way_of_signing_in_takes_the_cursor_to_its_first_field(parent, seen, qtbot):
    context = parent(signed_in=False)
    model = SignIn(context)
    view = seen(SignInView(model), context)
    view.login.setFocus()
    model.choose("code")
    qtbot.waitUntil(lambda: at(view) == "Telephone")


def test_the_wizard_is_named_after_what_it_is_for(parent, seen):
    context = parent(signed_in=False)
    model = FamilyEntry(context)
    view = seen(FamilyEntryView(model), context)
    assert view.title.text() == "Registration of a parent"
    model.show(purpose="recover")
    assert view.title.text() == "Password recovery"


def test_the_policy_that_one_accepts_can_be_read_before(parent, seen):
    context, opened = parent(signed_in=False), []
    object.__setattr__(context, "manual", opened.append)
    view = seen(FamilyEntryView(FamilyEntry(context)), context)
    next(one for one in view.findChildren(Button) if one.text() == "Read the policy").click()
    assert opened == ["policy"]
    for language in translations.LANGUAGES:
        assert '<h3 id="policy">' in (MANUAL / f"{language}.html").read_text(encoding="utf-8")


def test_a_telephone_that_is_none_is_said_to_be_none(parent, seen, settle):
    context = parent(signed_in=False)
    model = FamilyEntry(context)
    model.type("phone", "+7 701 555")
    model.agree(True)
    model.send_code()
    assert [(problem.field, problem.code) for problem in model.problems] == [("phone", "phone-invalid")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "field-required"),
        ("94022540180", "iin-invalid"),
        ("940225401807", "iin-check-digit"),
        ("940225910004", "iin-century"),
        ("940225 401 806", ""),
    ],
)
def test_what_is_wrong_with_an_iin_is_said_exactly(text, code):
    found = wrong_iin(text, "iin", sample.NOW.date())
    assert [problem.code for problem in found] == ([code] if code else [])


def test_another_page_of_an_application_begins_at_its_beginning(parent, settle, seen, qtbot):
    context = parent()
    model = Applications(context)
    settle(context)
    model.show(new=True, child_id=sample.NIECE)
    view = seen(ApplicationsView(model), context)
    view.resize(700, 260)
    bar = view.findChild(QScrollArea).verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    model.form.next()
    assert model.form.page == "place"
    settle(context)
    qtbot.waitUntil(lambda: at(view) == "Locality")
    assert bar.value() == 0


def test_what_is_missing_in_an_application_takes_the_cursor_and_is_no_longer_said_once_it_is_there(
    parent, settle, seen, qtbot, monkeypatch
):
    context = parent()
    model = ApplicationForm(context)
    monkeypatch.setattr(model, "already", lambda _child: False)
    settle(context)
    model.show(child_id=sample.NIECE)
    model.choose("programme", "special")
    view = seen(FormView(model), context)
    view.ahead.setFocus()
    view.ahead.click()
    qtbot.waitUntil(lambda: at(view) == "Type of correction")
    model.choose("correction", "speech")
    model.next()
    qtbot.waitUntil(lambda: at(view) == "Locality")
    view.ahead.setFocus()
    view.ahead.click()
    qtbot.waitUntil(lambda: at(view) == "Locality")
    assert {"locality", "languages", "documents"} <= {problem.field for problem in model.problems}
    next(box for box in view.findChildren(QCheckBox) if box.text() == "Kazakh").click()
    assert view.form.wrong() is view.form.fields["locality"]
    model.choose("locality", "1")
    model.papers.found = [("pmpk", Paper("aa" * 32, "pmpk.pdf", 3))]
    model.papers.changed.emit()
    qtbot.waitUntil(lambda: not {"languages", "documents"} & {problem.field for problem in model.problems})
    wrong = view.form.wrong()
    assert wrong is view.form.fields["organisation"] or view.form.fields["organisation"].isAncestorOf(wrong)


def test_a_correction_that_no_kindergarten_offers_is_said_to_be_offered_by_none(parent, settle, seen, qtbot):
    context = parent()
    model = ApplicationForm(context)
    settle(context)
    model.show(child_id=sample.NIECE)
    model.choose("programme", "special")
    model.choose("correction", "other")
    view = seen(FormView(model), context)
    assert model.organisations == []
    model._open("place")
    qtbot.waitUntil(lambda: any("No kindergarten offers" in label.text() for label in view.findChildren(QLabel)))
