"""An act that came late is shown with what an officer decided about it, once that is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from models.contract.admission_commands import TakeStep
from models.contract.admission_records import Appeal
from models.domain.admissions.states import State
from models.domain.problems import Problem
from sync.status import WaitingItem
from tests.fixtures.family import FamilyClient
from tests.samples import balabaqsha as sample
from tests.ui.resident import english
from ui.application.view import ApplicationPage
from ui.application.view_model import ApplicationModel

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")
LATE = Problem("late-offline", values={"due": sample.NOW.isoformat()})


@pytest.mark.parametrize(
    ("state", "says", "not_says"),
    [
        ("open", "an officer of the department looks at it", "count it."),
        ("refused", "an officer did not count it. The line was sound.", "an officer of the department looks at it"),
        ("granted", "an officer counted it. The line was sound.", "was refused"),
    ],
)
def test_what_an_officer_decided_stands_where_the_act_was_refused(
    parent: Callable[..., Any], settle: Callable[..., None], qtbot: QtBot, state: str, says: str, not_says: str
) -> None:
    step = TakeStep(sample.DEPARTMENT, sample.FIRST, "extend-referral", days=20)
    done = sample.NOW - timedelta(hours=3)
    item = WaitingItem("018e-9", "take-step", step, done, "refused", (LATE,), result={"appeal_id": 77})
    reason = "" if state == "open" else "The line was sound."
    appeal = Appeal(77, sample.FIRST, step.event, done, sample.NOW, sample.NOW, state, reason)
    rows = [*sample.family_rows(State.STOP_LIST), appeal]
    context = parent(State.STOP_LIST, client=FamilyClient(items=[item]), rows=rows)
    model = ApplicationModel(context)
    settle(context)
    model.show(application_id=sample.FIRST)
    view = ApplicationPage(model)
    qtbot.addWidget(view)
    view.show()
    settle(context)
    text = "\n".join(label.text() for label in view.findChildren(QLabel) if label.isVisibleTo(view))
    assert says in text
    assert not_says not in text


@pytest.mark.parametrize(("state", "warns"), [("open", True), ("refused", False)])
def test_restoring_says_that_an_officer_still_decides_about_a_late_act(
    parent: Callable[..., Any], settle: Callable[..., None], state: str, warns: bool
) -> None:
    done = sample.NOW - timedelta(hours=3)
    appeal = Appeal(77, sample.FIRST, "confirm-interest", done, sample.NOW, sample.NOW, state, "")
    context = parent(State.STOP_LIST, rows=[*sample.family_rows(State.STOP_LIST), appeal])
    model = ApplicationModel(context)
    settle(context)
    model.show(application_id=sample.FIRST)
    settle(context)
    (restore,) = (one for one in model.acts() if one.event == "restore")
    assert ("An officer still decides about your act that came late" in restore.consequence) is warns
    assert ("your only restoration is used up" in restore.consequence) is warns
