"""A decision of an officer that the provider refused: the thing is open again with the answer, until decided anew."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from models.contract.admission_commands import CheckDocument, DecideAppeal, DecideReview, VerifyBenefit
from models.contract.payload import Payload
from models.domain.problems import Problem
from sync.status import WaitingItem
from tests.fixtures.family import FamilyClient
from tests.samples.balabaqsha import at
from tests.ui.resident import english
from tests.ui.test_department_cases import sent, texts
from tests.ui.test_department_keyboard import button
from tests.ui.test_department_screens import Settle, opened
from ui.context import Context
from ui.kit import Button, Radio

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")
Staff = Callable[..., Context]
REFUSED = "018f-9"


def refused(payload: Payload, code: str = "reason-does-not-fit") -> FamilyClient:
    problem = Problem(code, "reason", {"by": "Бекова А. С."})
    return FamilyClient([WaitingItem(REFUSED, payload.KIND, payload, at(9, 14), "refused", (problem,))])


def waits(context: Context) -> list[str]:
    return [item.command_id for item in context.client.waiting()]


def answers(view: QWidget) -> list[str]:
    return [text for text in texts(view) if "was refused." in text]


def test_a_refused_decision_about_a_late_act_is_taken_again(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff(client=refused(DecideAppeal(500, 8101, False, "Nothing was sent.", "late-unproved")))
    model, view = opened(qtbot, context, "office_decisions", settle)
    assert not model.answered("appeal", 8101)
    assert len(answers(view)) == 1  # on its card alone
    appeal, _line = model.found.appeals[0]
    model.begin_appeal(appeal)
    assert model.draft["reason"] == "Nothing was sent."
    chosen = [one.text() for one in view.findChildren(Radio) if one.isChecked()]
    assert "Nothing shows that it was done in time." in chosen
    assert len(answers(view)) == 1  # it stays to be read while the reason is mended
    model.decide_appeal(appeal, False)
    settle(context)
    assert [type(one) for one in sent(context)] == [DecideAppeal]
    assert REFUSED not in waits(context)
    assert answers(view) == []
    assert model.answered("appeal", 8101)


def test_a_refused_decision_about_a_review_is_taken_again(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff(client=refused(DecideReview(500, 904, False, "Not about the kindergarten.")))
    model, view = opened(qtbot, context, "office_decisions", settle)
    assert len(answers(view)) == 1
    (review,) = model.found.reviews
    model.begin_review(review)
    assert model.draft["answer"] == "Not about the kindergarten."
    model.decide_review(review, False)
    settle(context)
    assert sent(context) == [DecideReview(500, 904, False, "Not about the kindergarten.")]
    assert (REFUSED in waits(context), answers(view)) == (False, [])


def test_a_refused_decision_about_a_benefit_leads_to_its_card_and_is_taken_again(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff(client=refused(VerifyBenefit(500, 31_010, False, "The paper is of another child.")))
    _model, view = opened(qtbot, context, "office_decisions", settle)
    went: list[tuple[str, dict[str, object]]] = []
    context.bridge.go.connect(lambda key, arguments: went.append((key, arguments)))
    assert len(answers(view)) == 1
    button(view, "Change and send again").click()
    assert went == [("office_queue", {"application_id": 31_010, "tab": "information"})]
    card, page = opened(qtbot, context, "office_queue", settle)
    card.open(31_010)
    settle(context)
    assert len(answers(page)) == 1
    button(page, "Change and send again").click()
    assert card.draft["benefit-reason"] == "The paper is of another child."
    assert len(answers(page)) == 1
    card.decide_benefit(False)
    settle(context)
    assert sent(context) == [VerifyBenefit(500, 31_010, False, "The paper is of another child.")]
    assert (REFUSED in waits(context), answers(page)) == (False, [])


def test_a_refused_decision_about_a_document_leads_to_its_card_and_is_taken_again(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    decision = CheckDocument(500, 8004, False, "The paper is of another child.")
    context = staff(client=refused(decision))
    model, view = opened(qtbot, context, "office_decisions", settle)
    went: list[tuple[str, dict[str, object]]] = []
    context.bridge.go.connect(lambda key, arguments: went.append((key, arguments)))
    assert model.refused("document", 8004) is not None
    assert len(answers(view)) == 1
    button(view, "Change and send again").click()
    assert went == [("office_queue", {"application_id": 31_010, "tab": "documents"})]
    card, page = opened(qtbot, context, "office_queue", settle)
    card.open(31_010)
    settle(context)
    assert len(answers(page)) == 1
    button(page, "Change and send again").click()
    assert card.tab == "documents"
    assert card.draft["paper-reason"] == "The paper is of another child."
    assert len(answers(page)) == 1  # it stays to be read while the reason is mended
    card.check_paper(card.checking, False)
    settle(context)
    assert sent(context) == [decision]
    assert (REFUSED in waits(context), answers(page)) == (False, [])


def test_a_refused_decision_about_a_document_that_waits_no_more_stays_to_be_read(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff(client=refused(CheckDocument(500, 9999, True)))
    _model, view = opened(qtbot, context, "office_decisions", settle)
    button(view, "Change and send again").click()
    assert len(answers(view)) == 1
    assert REFUSED in waits(context)


def test_a_refused_decision_about_what_waits_no_more_stays_to_be_read(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff(client=refused(DecideAppeal(500, 9999, True, "The line was down.")))
    _model, view = opened(qtbot, context, "office_decisions", settle)
    assert len(answers(view)) == 1
    assert not any(one.text() == "Change and send again" for one in view.findChildren(QWidget) if hasattr(one, "text"))


def test_what_a_colleague_decided_before_is_not_offered_to_be_decided_anew(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff(client=refused(CheckDocument(500, 8004, True), "document-decided"))
    _model, view = opened(qtbot, context, "office_decisions", settle)
    assert len(answers(view)) == 1
    offered = {one.text() for one in view.findChildren(Button) if one.isVisible()}
    assert "Put away" in offered
    assert "Change and send again" not in offered
