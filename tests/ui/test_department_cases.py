"""The officer's queue and card: what is shown, asked, refused and sent; helpers for every card of the office."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

import translations
from models.contract.admission_commands import CheckDocument, EditApplication, TakeStep, VerifyBenefit
from models.domain.admissions.states import Event
from tests.fixtures.department import offline_client
from tests.fixtures.family import FamilyClient
from tests.samples.department import ME
from tests.ui.resident import english
from tests.ui.test_department_screens import Settle, opened
from ui.context import Context
from ui.kit import Button, Radio

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")
Staff = Callable[..., Context]


def client_of(context: Context) -> FamilyClient:
    return context.client  # type: ignore[return-value]


def sent(context: Context) -> list[Any]:
    return [payload for name, payload in client_of(context).calls if name == "submit"]


def opened_case(qtbot: QtBot, context: Context, key: str, settle: Settle, application_id: int) -> tuple[Any, Any]:
    model, view = opened(qtbot, context, key, settle)
    model.open(application_id)
    settle(context)
    return model, view


# The officer


def test_the_queue_is_searched_and_its_card_opened_with_enter(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_queue", settle)
    view.search.setFocus()
    view.search.setText("Қайратова Раяна")
    view.search.textEdited.emit("Қайратова Раяна")
    qtbot.waitUntil(lambda: 0 < model.page.total < 30)
    settle(context)
    assert view.search.text() == "Қайратова Раяна"
    view.rows.setFocus()
    found = [line.application.id for line in model.page.lines]
    view.rows.setCurrentIndex(view.rows.model().index(found.index(31_003), 0))
    qtbot.keyClick(view.rows, Qt.Key.Key_Return)
    settle(context)
    assert model.view.id == 31_003
    assert view.title.text() == "Қайратова Раяна"
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    settle(context)
    assert model.chosen is None


def test_pages_turn_and_the_last_has_no_next(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_queue", settle)
    assert not view.back.isEnabled()
    view.on.click()
    settle(context)
    assert model.offset == 100
    assert view.back.isEnabled()
    assert not view.on.isEnabled()


def test_the_queue_begins_with_what_has_not_ended_and_looks_for_a_name_among_all(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_queue", settle)
    assert view.choices["state"].currentText() == "Live applications"
    live = model.page.total
    assert all(line.application.state != "archived" for line in model.page.lines)
    view.choices["state"].choose("archived")
    model.filter("state", "archived")
    settle(context)
    ended = model.page.lines[0]
    view._clear()
    settle(context)
    assert model.page.total > live
    model.filter("state", "live")
    model.filter("text", ended.application.number)
    qtbot.waitUntil(lambda: [line.application.id for line in model.page.lines] == [ended.application.id])


def test_filters_that_fit_nothing_offer_to_show_everything(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_queue", settle)
    model.filter("flag", "on-leave")
    qtbot.waitUntil(lambda: model.page.total == 0)
    settle(context)
    assert "Nothing fits these filters." in texts(view)
    view._clear()
    settle(context)
    assert model.page.total > 100


def test_an_officer_acts_for_a_silent_kindergarten_only(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened_case(qtbot, context, "office_queue", settle, 31_003)
    assert view.buttons[Event.SEND_CONTRACT].isEnabled()
    model.open(31_002)
    settle(context)
    assert not view.buttons[Event.SEND_CONTRACT].isEnabled()
    assert any("still has time" in text for text in texts(view))
    assert "Possible once the kindergarten's own term has ended." in texts(view), "nothing was done, so nothing is told"


def test_putting_back_wants_a_reason_and_a_document(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened_case(qtbot, context, "office_queue", settle, 31_011)
    model.ask(Event.REINSTATE)
    model.confirm()
    codes = {(problem.code, problem.field) for problem in model.ask_question.problems}
    assert codes == {("reason-missing", "reason"), ("documents-missing", "document")}
    model.ask_question.reason_text = "Line was down."
    model.ask_question.papers.found = [("other", type("Kept", (), {"sha256": "ab" * 32, "name": "act.pdf"}))]
    view.question.yes.click()
    settle(context)
    (payload,) = sent(context)
    assert isinstance(payload, TakeStep)
    assert (payload.event, payload.reason) == ("reinstate", "Line was down.")
    assert payload.blobs == [f"other:{'ab' * 32}:act.pdf"]


def test_closing_an_application_says_which_kind_of_end_it_is(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened_case(qtbot, context, "office_queue", settle, 31_010)
    model.ask(Event.ARCHIVE)
    assert list(view.question.reasons) == ["duplicate", "moved", "withdrawn", "other"]
    view.question.reasons["moved"].click()
    model.ask_question.papers.found = [("other", type("Kept", (), {"sha256": "ab" * 32, "name": "act.pdf"}))]
    view.question.yes.click()
    settle(context)
    (payload,) = sent(context)
    assert isinstance(payload, TakeStep)
    assert (payload.event, payload.reason_code, payload.reason) == ("archive", "moved", "")


def test_a_step_that_is_on_its_way_is_shown_and_no_second_one_offered(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff(client=offline_client())
    model, view = opened_case(qtbot, context, "office_queue", settle, 31_002)
    assert model.deeds() == []
    assert any("is not sent yet" in text for text in texts(view))
    model.take_back(model.on_its_way()[0])
    settle(context)
    model.desk.refresh()
    settle(context)
    assert model.deeds()


def test_a_benefit_counts_or_is_refused_with_a_reason(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, _view = opened_case(qtbot, context, "office_queue", settle, 31_010)
    model.decide_benefit(False)
    assert [problem.field for problem in model.problems] == ["benefit-reason"]
    model.type("benefit-reason", "The certificate is of another family.")
    model.decide_benefit(False)
    settle(context)
    (payload,) = sent(context)
    assert isinstance(payload, VerifyBenefit)
    assert (payload.accepted, payload.reason) == (False, "The certificate is of another family.")
    assert model.benefit_pending()


def test_a_benefit_is_found_proved_by_two_officers(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened_case(qtbot, context, "office_queue", settle, 31_010)
    assert any("It counts once two officers have." in text for text in texts(view))
    name = model.desk.desk.person.name
    for by, said in ((ME + 1, f"{name} found the benefit proved."), (ME, "You found it proved.")):  # a namesake first
        with context.store.write() as connection:
            changed = "UPDATE application SET benefit_by = ?, benefit_by_id = ? WHERE id = 31010"
            connection.execute(changed, (name, by))
        model.refresh()
        settle(context)
        assert any(said in text for text in texts(view))
    assert not any(button.text() == "The benefit counts" for button in view.findChildren(Button))
    assert any(button.text().startswith("Refuse:") for button in view.findChildren(Button))


def test_a_document_is_accepted_or_refused_with_a_reason(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, _view = opened_case(qtbot, context, "office_queue", settle, 31_010)
    paper = model.view.attachments[0]
    model.check_paper(paper, True)
    settle(context)
    assert sent(context) == [CheckDocument(500, 8004, True)]
    assert model.paper_pending(paper)


def test_a_document_is_refused_with_a_reason_of_the_list(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened_case(qtbot, context, "office_queue", settle, 31_010)
    model.tab = "documents"
    model.refuse_paper(model.view.attachments[0])
    model.check_paper(model.checking, False)
    assert [(problem.code, problem.field) for problem in model.problems] == [("reason-missing", "paper-reason")]
    *_drawn_before, radio = [one for one in view.findChildren(Radio) if "cannot be read" in one.text()]
    radio.click()
    model.check_paper(model.checking, False)
    settle(context)
    assert sent(context) == [CheckDocument(500, 8004, False, reason_code="document-unreadable")]


def test_rules_that_cannot_be_read_are_said_where_acts_would_stand(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened_case(qtbot, context, "office_queue", settle, 31_010)
    assert view.buttons
    department = model.desk.desk.department
    newer = [msgspec.structs.replace(one, settings={"of_a_newer_program": 1}) for one in department.editions]
    known = dataclasses.replace(department, editions=tuple(newer))
    model.desk.desk = dataclasses.replace(model.desk.desk, department=known)
    model.data_changed.emit()
    assert view.buttons == {}
    shown = " ".join(texts(view))
    assert "cannot read the rules of the queue" in shown
    assert "There is nothing for you to do" not in shown


def test_an_officer_changes_an_application_and_only_what_changed_travels(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff()
    model, _view = opened_case(qtbot, context, "office_queue", settle, 31_010)
    before = model.view.application.phone
    model.edit()
    model.type("phone", "+7 (702) 555-44-33")
    # News of another place to live come while the form is open: the form knows nothing of them, and changes nothing.
    news = msgspec.structs.replace(model.view.application, locality_id=model.view.application.locality_id + 1)
    model.card = dataclasses.replace(model.card, view=dataclasses.replace(model.view, application=news))
    model.save_edit()
    settle(context)
    (payload,) = sent(context)
    assert context.client.bases == [{"phone": before}]
    assert isinstance(payload, EditApplication)
    assert (payload.languages, payload.locality_id, payload.phone) == (None, None, "+7 (702) 555-44-33")
    assert not model.editing


@pytest.mark.parametrize(("role", "key"), [("officer", "office_queue"), ("kindergarten", "to_act")])
def test_an_application_is_printed_from_its_card(
    qtbot: QtBot, staff: Staff, settle: Settle, role: str, key: str
) -> None:
    context = staff(role)
    model, view = opened_case(qtbot, context, key, settle, 31_004)
    with qtbot.waitSignal(model.paper_made) as made:
        model.print()
    assert bytes(made.args[0]).startswith(b"%PDF")
    assert view.printed is not None
    view.printed.close()
    settle(context)


def test_a_question_begins_at_its_first_field_never_at_its_verb(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff("doctor")
    model, view = opened_case(qtbot, context, "doctor_review", settle, 31_000)
    view.raise_()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.buttons[Event.DOC_REJECT].setFocus()
    qtbot.waitUntil(view.buttons[Event.DOC_REJECT].hasFocus)
    view.buttons[Event.DOC_REJECT].click()
    qtbot.waitUntil(lambda: view.focusWidget() is view.question.reasons["conclusion-unreadable"])
    assert model.ask_question.reason_code == ""
    before = view.question
    model.data_changed.emit()  # news while somebody reads the question
    assert view.question is not before
    qtbot.waitUntil(lambda: view.focusWidget() is view.question.reasons["conclusion-unreadable"])


def test_refusing_a_document_begins_at_its_first_reason(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened_case(qtbot, context, "office_queue", settle, 31_010)
    model.tab = "documents"
    model.data_changed.emit()
    view.raise_()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)

    def refusals() -> list[Button]:
        return [one for one in view.findChildren(Button) if one.text() == "Refuse…" and one.isVisible()]

    qtbot.waitUntil(lambda: bool(refusals()))
    refuse = refusals()[-1]
    refuse.setFocus()
    qtbot.waitUntil(refuse.hasFocus)
    refuse.click()

    def at_reason() -> bool:
        focus = view.focusWidget()
        return isinstance(focus, Radio) and focus.text() == "The document cannot be read."

    qtbot.waitUntil(at_reason)
    qtbot.waitUntil(lambda: not view.focusWidget().visibleRegion().isEmpty())


def test_a_reason_that_is_too_long_is_said_at_its_field_before_it_is_sent(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff("doctor")
    model, view = opened_case(qtbot, context, "doctor_review", settle, 31_000)
    model.ask(Event.DOC_REJECT)
    model.ask_question.reason_text = "Ж" * 2_001
    model.confirm()
    settle(context)
    assert sent(context) == []
    assert any("at most 2000 characters fit" in text.replace("\u00a0", "") for text in texts(view))
    assert model.ask_question.reason_text == "Ж" * 2_001


def texts(view: Any) -> list[str]:
    """Return what is written on a page."""
    QCoreApplication.processEvents()  # what has just been put into a layout is shown with the next events
    return [label.text() for label in view.findChildren(QLabel) if label.isVisibleTo(view)]


def test_an_open_question_is_asked_in_the_language_that_is_chosen_meanwhile(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    model, view = opened_case(qtbot, staff(), "office_queue", settle, 31_013)
    model.ask(Event.REVOKE_VOUCHER)
    assert view.question.yes.text() == "Revoke the voucher: the application goes to the archive"
    translations.use("ru")
    again = type(view)(model)
    qtbot.addWidget(again)
    again.show()
    assert again.question.yes.text() == "Отозвать ваучер: заявление уйдёт в архив"
    assert any("родитель прочтёт причину" in text for text in texts(again))
