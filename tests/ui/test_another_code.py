"""An act whose one-time code was not taken asks for another one where its refusal is read; nothing is chosen twice."""

from __future__ import annotations

from datetime import date

import pytest

from models.contract.admission_commands import AttachDocument, TakeStep
from models.domain.admissions.states import Event, State
from models.domain.problems import Problem
from sync.status import WaitingItem
from tests.fixtures.family import FamilyClient
from tests.samples import balabaqsha as sample
from tests.ui.looking import said
from ui.application.view import ApplicationPage
from ui.application.view_model import ApplicationModel
from ui.kit import Banner

pytestmark = pytest.mark.usefixtures("speaks_english")

WRONG = Problem("code-wrong", "code", {"left": 3})
UNTIL = date(2026, 5, 31)


def temporary(*problems: Problem) -> WaitingItem:
    """Return a temporary place that was signed by a code and refused."""
    payload = TakeStep(
        sample.DEPARTMENT, sample.FIRST, "choose-temporary", group_id=1032, until=UNTIL, confirmed=True,
        signature="code", code="000000",
    )  # fmt: skip
    return WaitingItem("018e-7", payload.KIND, payload, sample.at(9, 14), "refused", problems)


@pytest.fixture
def opened(parent, settle, qtbot):
    """Return a function that opens the son's application, a step of which was refused."""

    def make(*items, state=State.VOUCHER_ACTIVE):
        client = FamilyClient(items)
        context = parent(state, client=client)
        model = ApplicationModel(context)
        settle(context)
        model.show(application_id=sample.FIRST)
        view = ApplicationPage(model)
        qtbot.addWidget(view)
        view.show()
        return model, view, client, context

    return make


def test_a_wrong_code_opens_its_question_again_with_the_reason_and_the_place(opened):
    model, view, _client, _context = opened(temporary(WRONG))
    assert model.asking is Event.CHOOSE_TEMPORARY
    words = said(view)
    assert "This is not the code that was sent. 3 tries are left" in words
    assert "A temporary place until 31.05.2026, as you chose it" in words
    assert not [one for one in view.findChildren(Banner) if "was refused" in one.label.text()]
    assert view.decision.signing.form.fields["code"].text() == ""


def test_another_code_sends_what_was_chosen_before_in_place_of_the_refused_act(opened, settle):
    refused = temporary(Problem("code-spent", "code"))
    model, view, client, context = opened(refused)
    view.decision.yes.click()
    assert [problem.code for problem in model.problems] == ["field-required"]
    model.signing.type("654 321")
    view.decision.yes.click()
    settle(context)
    sent = [call[1] for call in client.calls if call[0] == "submit"]
    assert [(one.group_id, one.until, one.code) for one in sent] == [(1032, UNTIL, "654321")]
    assert refused not in client.items
    assert model.asking is None


def test_leaving_the_question_puts_the_refusal_away(opened, settle):
    model, view, client, context = opened(temporary(WRONG))
    view.decision.no.click()
    settle(context)
    assert ("acknowledge", "018e-7") in client.calls
    assert model.asking is None
    model.home.changed.emit()
    assert model.asking is None


def test_what_was_refused_for_more_than_its_code_is_a_refusal_as_any_other(opened):
    model, view, _client, _context = opened(temporary(WRONG, Problem("no-places", "group_id")))
    assert model.asking is None
    assert [one for one in view.findChildren(Banner) if "was refused" in one.label.text()]


def test_a_refused_document_is_named(opened):
    payload = AttachDocument(sample.DEPARTMENT, sample.FIRST, "other", "aa" * 32, "027.png", 700)
    problem = Problem("file-not-readable", "file")
    _model, view, _client, _context = opened(
        WaitingItem("018e-8", payload.KIND, payload, sample.at(9, 14), "refused", (problem,))
    )
    (banner,) = [one for one in view.findChildren(Banner) if "was refused" in one.label.text()]
    assert banner.label.text().startswith("“027.png” was refused.")


def test_a_code_that_is_under_way_is_counted_on_after_it_was_used(opened, settle):
    model, _view, _client, context = opened()
    model.signing.begin("code")
    model.signing.wait.begin(80)
    model._sent("018e-9")
    settle(context)
    assert (model.signing.code, model.signing.wait.sent) == ("", True)
