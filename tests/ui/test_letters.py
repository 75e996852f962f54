"""A parent's letters: written, on their way, answered, closed, refused, and written on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from models.contract.admission_commands import SendFeedback
from models.contract.letter_records import Letter, LetterEntry
from models.domain.admissions.states import State
from models.domain.problems import Problem
from sync.status import State as Line
from sync.status import SyncStatus, WaitingItem
from tests.fixtures.family import FamilyClient
from tests.samples import balabaqsha as sample
from tests.samples import letters
from tests.ui.looking import said_and_offered, submitted
from tests.ui.resident import english
from ui.context import Context
from ui.kit.page import State as Shown
from ui.letters.view import LettersView
from ui.letters.view_model import NEW, ON, Letters

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")
Settle = Callable[[Context], None]
Opened = Callable[..., tuple[Any, Any, Context]]


def item(payload: SendFeedback, state: str = "waiting", *problems: Problem) -> WaitingItem:
    return WaitingItem("018e-9", payload.KIND, payload, sample.at(9, 14, 20), state, problems=problems)


@pytest.fixture
def opened(parent: Callable[..., Context], settle: Settle, qtbot: QtBot) -> Opened:
    """Return a function that opens the screen."""

    def make(rows: list[Any] | None = None, **rest: Any) -> tuple[Any, Any, Context]:
        context = parent(State.QUEUED, **({"rows": rows} if rows is not None else {}), **rest)
        model = Letters(context)
        settle(context)
        model.visited()
        settle(context)
        view = LettersView(model)
        qtbot.addWidget(view)
        view.resize(1100, 700)
        view.show()
        view.activateWindow()
        qtbot.waitUntil(view.isActiveWindow)
        settle(context)
        return model, view, context

    return make


def no_letters() -> list[Any]:
    return [row for row in sample.family_rows(State.QUEUED) if not isinstance(row, Letter | LetterEntry)]


def test_a_letter_is_written_and_sent_once_it_says_something(opened: Opened, settle: Settle, qtbot: QtBot) -> None:
    client = FamilyClient()
    model, view, context = opened(no_letters(), client=client)
    assert view.state is Shown.EMPTY
    view.begin_button.click()
    qtbot.waitUntil(lambda: view.form is not None and view.form.fields["subject"].hasFocus())
    view.send.click()
    assert {problem.field for problem in model.problems} == {"subject", "text"}
    qtbot.waitUntil(lambda: view.form.fields["text"].isVisible())
    QTest.keyClicks(view.form.fields["subject"], "Vouchers")
    QTest.keyClick(view.form.fields["subject"], Qt.Key.Key_Tab)
    assert view.form.fields["text"].hasFocus()
    QTest.keyClicks(view.form.fields["text"], "When?")
    view.send.click()
    settle(context)
    assert submitted(client) == [SendFeedback(sample.DEPARTMENT, "Vouchers", "When?")]
    assert model.writing == ""
    assert not model.draft


def test_too_many_words_stay_in_the_field_and_say_how_many_fit(opened: Opened) -> None:
    model, view, _context = opened()
    model.write(NEW)
    model.type("subject", "s" * 201)
    model.type("text", "t" * 4_001)
    model.send()
    assert {(problem.field, problem.values["maximum"]) for problem in model.problems} == {
        ("subject", 200),
        ("text", 4_000),
    }
    assert len(view.form.fields["text"].toPlainText()) == 4_001


def test_the_answer_stands_under_the_letter_with_who_and_when(opened: Opened) -> None:
    model, view, _context = opened()
    model.show(letter_id=letters.ANSWERED)
    assert "Жақсылықов Нұрлан Әлібекұлы" in said_and_offered(view)
    assert "03.04.2026 11:40" in said_and_offered(view)
    assert "Кезекке тұрған күн сақталады." in said_and_offered(view)
    model.show(letter_id=letters.CLOSED)
    assert "Closed without an answer. Reason: The same was asked in another letter." in said_and_offered(view)


def test_one_writes_on_under_a_letter_and_the_words_wait_there(opened: Opened, settle: Settle) -> None:
    client = FamilyClient()
    model, view, context = opened(client=client)
    model.show(letter_id=letters.CLOSED)
    view.on_button.click()
    view.form.fields["text"].setPlainText("Still a question")
    view.send.click()
    settle(context)
    assert submitted(client) == [SendFeedback(sample.DEPARTMENT, "", "Still a question", letters.CLOSED)]


def test_what_is_on_its_way_stands_in_the_thread_until_it_has_arrived(opened: Opened, settle: Settle) -> None:
    payload = SendFeedback(sample.DEPARTMENT, "", "And where?", letters.ANSWERED)
    client = FamilyClient([item(payload)], SyncStatus(Line.OFFLINE, sample.NOW, sample.NOW, problem=Problem("offline")))
    model, view, context = opened(client=client)
    assert model.row.key == str(letters.ANSWERED)
    assert said_and_offered(view).count("And where?") == 1
    assert "Waiting to be sent" in said_and_offered(view)
    model.take_back(client.waiting()[0])
    settle(context)
    assert ("withdraw", "018e-9") in client.calls
    arrived = LetterEntry(8399, letters.ANSWERED, "question", "And where?", letters.AUTHOR, sample.NOW, "", "018e-9")
    model, view, context = opened([*sample.family_rows(State.QUEUED), arrived], client=FamilyClient([item(payload)]))
    model.show(letter_id=letters.ANSWERED)
    assert said_and_offered(view).count("And where?") == 1
    assert "Waiting to be sent" not in said_and_offered(view)


def test_how_a_letter_stands_is_read_whole_also_when_it_changes(opened: Opened, settle: Settle) -> None:
    client = FamilyClient()
    one = [row for row in letters.own_letters() if letters.ANSWERED in (row.id, getattr(row, "letter_id", 0))]
    model, view, context = opened([*no_letters(), *one], client=client)
    payload = SendFeedback(sample.DEPARTMENT, "", "And where?", letters.ANSWERED)
    client.items = [item(payload)]
    model.home.refresh()
    settle(context)
    assert view.table.model().index(0, 1).data() == "Waiting to be sent"
    assert view.table.columnWidth(1) >= view.table.sizeHintForColumn(1)


def test_a_new_letter_that_waits_is_a_row_of_its_own(opened: Opened) -> None:
    model, view, _context = opened(client=FamilyClient([item(SendFeedback(sample.DEPARTMENT, "Vouchers", "When?"))]))
    assert model.rows[0].subject == "Vouchers"
    assert "When?" in said_and_offered(view)
    assert "Write on under this letter" not in said_and_offered(view)


def test_a_refused_letter_says_why_and_its_words_are_taken_into_the_field_again(opened: Opened, settle: Settle) -> None:
    payload = SendFeedback(sample.DEPARTMENT, "Vouchers", "When?")
    client = FamilyClient([item(payload, "refused", Problem("too-many-attempts", values={"retry_after": 3600}))])
    model, view, context = opened(client=client)
    assert model.row.state == "refused"
    assert "Refused" in said_and_offered(view)
    model.again(client.waiting()[0])
    settle(context)
    assert (model.draft["subject"], model.draft["text"]) == ("Vouchers", "When?")
    assert ("acknowledge", "018e-9") in client.calls


def test_each_letter_keeps_what_was_begun_under_it(opened: Opened, qtbot: QtBot) -> None:
    model, view, _context = opened()
    model.show(letter_id=letters.ANSWERED)
    model.write(ON)
    qtbot.waitUntil(lambda: view.form is not None and view.form.fields["text"].hasFocus())
    QTest.keyClicks(view.form.fields["text"], "Begun")
    QTest.keyClick(view.form.fields["text"], Qt.Key.Key_Escape)
    assert model.writing == ""
    model.show(letter_id=letters.CLOSED)
    model.write(ON)
    assert view.form.fields["text"].toPlainText() == ""
    model.show(letter_id=letters.ANSWERED)
    model.write(ON)
    assert view.form.fields["text"].toPlainText() == "Begun"
