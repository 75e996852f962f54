"""The office's letters: listed by how they stand, answered, closed with a reason, and what a colleague did first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from models.contract.admission_commands import AnswerLetter, CloseLetter
from models.contract.letter_records import Letter, LetterEntry
from models.domain.problems import Problem
from sync.status import WaitingItem
from tests.fixtures.family import FamilyClient
from tests.samples import department as sample
from tests.samples import letters
from tests.samples.balabaqsha import at
from tests.ui.looking import said_and_offered, submitted
from tests.ui.resident import english
from ui.context import Context
from ui.department.letters.view import LettersPage
from ui.department.letters.view_model import LettersModel
from ui.department.shell import Office
from ui.kit.page import State

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")
Settle = Callable[[Context], None]
Opened = Callable[..., tuple[Any, Any, Context]]


def item(payload: Any, state: str, *problems: Problem) -> WaitingItem:
    return WaitingItem("018f-9", payload.KIND, payload, at(9, 14, 20), state, problems=problems)


@pytest.fixture
def opened(staff: Callable[..., Context], settle: Settle, qtbot: QtBot) -> Opened:
    """Return a function that opens the screen."""

    def make(rows: list[Any] | None = None, **rest: Any) -> tuple[Any, Any, Context]:
        context = staff("officer", rows, **rest)
        model = LettersModel(context)
        settle(context)
        view = LettersPage(model)
        qtbot.addWidget(view)
        view.resize(1100, 700)
        view.show()
        view.activateWindow()
        qtbot.waitUntil(view.isActiveWindow)
        settle(context)
        return model, view, context

    return make


def test_those_that_wait_longest_come_first_and_the_others_are_a_choice_away(opened: Opened, settle: Settle) -> None:
    model, view, context = opened()
    assert [one.id for one in model.listed.letters] == [letters.OLDER, letters.NEW, letters.LATER]
    assert "3 letters wait for an answer" in said_and_offered(view)
    view.states.chosen.emit("closed")
    settle(context)
    assert [one.id for one in model.listed.letters] == [letters.CLOSED]
    view.states.chosen.emit("")
    settle(context)
    assert len(model.listed.letters) == 5


def test_words_find_a_letter_by_author_and_subject(opened: Opened, settle: Settle, qtbot: QtBot) -> None:
    model, view, context = opened()
    QTest.keyClicks(view.search, "027")
    qtbot.waitUntil(lambda: [one.id for one in model.listed.letters] == [letters.OLDER])
    model.search("қайратов туған")
    qtbot.waitUntil(lambda: [one.id for one in model.listed.letters] == [letters.LATER])
    settle(context)
    model.search("nobody")
    qtbot.waitUntil(lambda: not model.listed.letters)
    assert "Nothing fits these filters." in said_and_offered(view)


def test_an_office_without_letters_says_so(opened: Opened) -> None:
    rows = [row for row in sample.office_rows() if not isinstance(row, Letter | LetterEntry)]
    _model, view, _context = opened(rows)
    assert view.state is State.EMPTY


def test_a_letter_is_opened_by_the_keyboard_read_from_its_top_and_answered(
    opened: Opened, settle: Settle, qtbot: QtBot
) -> None:
    client = FamilyClient()
    model, view, context = opened(client=client)
    view.rows.setFocus()
    QTest.keyClick(view.rows, Qt.Key.Key_Return)
    settle(context)
    qtbot.waitUntil(lambda: view.back.hasFocus())
    assert "Поликлиника тогда закрыта." in said_and_offered(view)
    QTest.keyClick(view.back, Qt.Key.Key_Tab)
    field = view.form.fields["answer"]
    assert field.hasFocus()
    view.form.fields["answer"].setPlainText(" ")
    model.answer()
    assert [problem.code for problem in model.problems] == ["field-required"]
    view.form.fields["answer"].setPlainText("The next working day counts.")
    model.answer()
    settle(context)
    expected = AnswerLetter(model.department_id, letters.OLDER, "The next working day counts.", 8308)
    assert submitted(client) == [expected]
    assert not model.draft.get(f"answer:{letters.OLDER}")


def test_a_long_answer_stays_in_the_field_and_says_how_much_fits(opened: Opened, settle: Settle) -> None:
    model, view, context = opened()
    model.open(letters.NEW)
    settle(context)
    view.form.fields["answer"].setPlainText("a" * 4_001)
    model.answer()
    assert [(one.code, one.values["maximum"]) for one in model.problems] == [("text-too-long", 4_000)]
    assert len(view.form.fields["answer"].toPlainText()) == 4_001


def test_news_leave_the_cursor_in_the_answer_where_it_was(opened: Opened, settle: Settle, qtbot: QtBot) -> None:
    model, view, context = opened()
    model.open(letters.NEW)
    settle(context)
    field = view.form.fields["answer"]
    field.setFocus()
    QTest.keyClicks(field, "On Monday")
    field.setCursorPosition(3)
    view.refresh()
    qtbot.waitUntil(lambda: view.form.fields["answer"] is not field and view.form.fields["answer"].hasFocus())
    assert view.form.fields["answer"].toPlainText() == "On Monday"
    assert view.form.fields["answer"].cursorPosition() == 3


def test_a_letter_is_closed_for_a_reason(opened: Opened, settle: Settle) -> None:
    client = FamilyClient()
    model, _view, context = opened(client=client)
    model.open(letters.LATER)
    settle(context)
    model.begin_closing()
    model.close()
    assert [problem.code for problem in model.problems] == ["reason-missing"]
    model.type("reason-code", "letter-elsewhere")
    model.close()
    settle(context)
    assert submitted(client) == [CloseLetter(model.department_id, letters.LATER, "", "letter-elsewhere", 8309)]


def test_escape_goes_from_the_reason_to_the_letter_and_to_the_list(opened: Opened, settle: Settle) -> None:
    model, view, context = opened()
    model.open(letters.LATER)
    settle(context)
    model.begin_closing()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert (model.closing, model.chosen) == (False, letters.LATER)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert model.chosen is None


def test_while_an_answer_is_on_its_way_no_second_one_is_offered(opened: Opened, settle: Settle) -> None:
    payload = AnswerLetter(500, letters.NEW, "On Monday", 8305)
    model, view, context = opened(client=FamilyClient([item(payload, "waiting")]))
    assert "Not sent yet" in [view.rows.model().index(row, 3).data() for row in range(3)]
    model.open(letters.NEW)
    settle(context)
    assert view.form is None
    assert "is not sent yet" in said_and_offered(view)
    assert "On Monday" in said_and_offered(view)


def test_who_was_second_reads_who_was_first_and_keeps_the_words(opened: Opened, settle: Settle, qtbot: QtBot) -> None:
    payload = AnswerLetter(500, letters.ANSWERED, "On Friday", 8301)
    refused = item(payload, "refused", Problem("letter-answered", values={"by": letters.COLLEAGUE}))
    client = FamilyClient([refused])
    model, view, context = opened(client=client)
    assert f"{letters.COLLEAGUE} answered this letter before you." in said_and_offered(view)
    view.rows.setFocus()
    model.again(refused)
    settle(context)
    assert model.chosen == letters.ANSWERED
    assert view.form.fields["answer"].toPlainText() == "On Friday"
    qtbot.waitUntil(lambda: view.form.fields["answer"].hasFocus())
    assert f"{letters.COLLEAGUE} has written under this letter already." in said_and_offered(view)
    assert ("acknowledge", "018f-9") in client.calls


def test_nobody_is_offered_to_answer_a_letter_of_their_own(opened: Opened, settle: Settle) -> None:
    mine = Letter(8290, 500, sample.ME, sample.OFFICER, "Mine", "new", at(9, 9), at(9, 9))
    words = LetterEntry(8390, 8290, "question", "Mine?", sample.OFFICER, at(9, 9))
    model, view, context = opened([*sample.office_rows(), mine, words])
    model.open(8290)
    settle(context)
    assert view.form is None
    assert "You wrote this letter yourself" in said_and_offered(view)


def test_the_rail_counts_the_letters_that_wait(staff: Callable[..., Context], settle: Settle) -> None:
    context = staff("officer")
    office = Office(context, context.bridge)
    settle(context)
    assert office.counts["office_letters"] == 3
