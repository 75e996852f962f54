"""The review of a doctor: what is shown, asked, refused and sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from models.domain.admissions.states import Event
from models.domain.problems import Problem
from tests.fixtures.ports import Failed
from tests.samples import department as sample
from tests.ui.resident import english
from tests.ui.test_department_cases import opened_case, sent, texts
from tests.ui.test_department_screens import Settle
from ui.context import Context

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")
Staff = Callable[..., Context]


# The doctor


def test_the_doctor_confirms_documents_with_one_question(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff("doctor")
    model, view = opened_case(qtbot, context, "doctor_review", settle, 31_000)
    assert set(view.buttons) == {Event.DOC_CONFIRM, Event.DOC_REJECT}
    assert list(view.tabs.buttons) == ["information", "documents"]  # the history is the office's
    model.ask(Event.DOC_CONFIRM)
    view.question.yes.click()
    settle(context)
    assert [(one.event, one.application_id, one.confirmed) for one in sent(context)] == [("doc-confirm", 31_000, True)]


def test_documents_are_not_rejected_without_a_reason(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff("doctor")
    model, view = opened_case(qtbot, context, "doctor_review", settle, 31_000)
    model.ask(Event.DOC_REJECT)
    view.question.yes.click()
    settle(context)
    assert sent(context) == []
    assert any(problem.code == "reason-missing" for problem in model.ask_question.problems)
    view.question.reasons["conclusion-expired"].click()
    model.ask_question.reason_text = "Мерзімі 01.02.2026 өтті."
    view.question.yes.click()
    settle(context)
    assert [(one.reason_code, one.reason) for one in sent(context)] == [
        ("conclusion-expired", "Мерзімі 01.02.2026 өтті.")
    ]


def test_a_document_that_came_while_a_reason_was_written_is_looked_at_first(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff("doctor")
    model, view = opened_case(qtbot, context, "doctor_review", settle, 31_000)
    model.ask(Event.DOC_REJECT)
    model.ask_question.reason_text = "Мөр жоқ."
    model._papers = []  # as when the question opened before the document was there
    view.question.yes.click()
    settle(context)
    assert sent(context) == []
    assert any("Another document has come meanwhile" in text for text in texts(view))
    view.question.yes.click()
    settle(context)
    assert [one.reason for one in sent(context)] == ["Мөр жоқ."]


def test_another_reason_has_to_be_written(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff("doctor")
    model, view = opened_case(qtbot, context, "doctor_review", settle, 31_000)
    model.ask(Event.DOC_REJECT)
    view.question.reasons["other"].click()
    model.confirm()
    assert sent(context) == []


def test_the_doctor_is_told_that_the_parent_reads_the_name(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    _model, view = opened_case(qtbot, staff("doctor"), "doctor_review", settle, 31_000)
    assert any(sample.DOCTOR in text for text in texts(view))


def test_a_document_is_opened_from_what_the_client_has(
    qtbot: QtBot, staff: Staff, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = staff("doctor")
    asked: list[str] = []

    def document(sha256: str) -> bytes:
        asked.append(sha256)
        raise Failed("offline", direct=1)

    monkeypatch.setattr(context.client, "document", document, raising=False)
    model, view = opened_case(qtbot, context, "doctor_review", settle, 31_000)
    model.open_paper(model.view.attachments[0])
    settle(context)
    assert asked == ["a1" * 32]
    assert model.paper_failure
    assert any(model.paper_failure in text for text in texts(view))


def test_an_application_that_another_doctor_decided_says_that_it_is_gone(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff("doctor")
    model, view = opened_case(qtbot, context, "doctor_review", settle, 31_000)
    with context.store.write() as connection:
        connection.execute("DELETE FROM application WHERE id = 31000")
    model.refresh()
    settle(context)
    assert model.gone
    assert any("no longer here" in text for text in texts(view))


def test_an_application_that_leaves_by_one_s_own_decision_leads_back_to_the_list(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff("doctor")
    model, view = opened_case(qtbot, context, "doctor_review", settle, 31_000)
    child = model.card.view.child.name
    model.ask(Event.DOC_CONFIRM)
    view.question.yes.click()
    settle(context)
    assert model.chosen == 31_000  # until the answer is here
    with context.store.write() as connection:
        connection.execute("DELETE FROM application WHERE id = 31000")
    with qtbot.waitSignal(context.bridge.toast) as told:
        model.refresh()
        settle(context)
    assert told.args[0] == f"Decided: {child}. The application has left your list."
    assert (model.chosen, model.gone) == (None, False)
    assert view.title.text() == "Documents to review"  # and no child's name stays over a list that is empty now


def test_a_decision_that_came_after_another_s_is_not_said_to_have_been_carried_out(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff("doctor")
    model, view = opened_case(qtbot, context, "doctor_review", settle, 31_000)
    child = model.card.view.child.name
    model.ask(Event.DOC_CONFIRM)
    view.question.yes.click()
    settle(context)
    late = Problem("review-over", values={"number": "2026-031000"})
    context.client.items = [replace(one, state="refused", problems=(late,)) for one in context.client.items]
    with context.store.write() as connection:
        connection.execute("DELETE FROM application WHERE id = 31000")
    with qtbot.waitSignal(context.bridge.toast) as told:
        model.refresh()
        settle(context)
    assert told.args[:2] == [
        f"{child}: your decision came too late, and the application has left your list.",
        "warning",
    ]
