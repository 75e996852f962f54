"""The keys of the office's pages, where the cursor goes, and what was refused: nothing that was written is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from models.contract.admission_commands import (
    PlanIteration,
    PublishItem,
    SaveGroup,
    SaveOrganisation,
    SetCalendarDay,
    SetCategory,
    SetProgramme,
    TakeStep,
)
from models.contract.collection_commands import OpenCollection
from models.contract.payload import Payload
from models.contract.records import Message
from models.domain.admissions.states import Event
from models.domain.problems import Problem
from sync.status import WaitingItem
from tests.fixtures.family import FamilyClient
from tests.samples import department as sample
from tests.samples.balabaqsha import CITY, NOW, at
from tests.samples.rows import words
from tests.ui.resident import english
from tests.ui.test_department_cases import opened_case, sent, texts
from tests.ui.test_department_screens import Settle, opened
from ui.context import Context
from ui.kit import Button

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")
Staff = Callable[..., Context]


def focused() -> QWidget | None:
    QApplication.processEvents()
    return QApplication.focusWidget()


def press(qtbot: QtBot, key: Qt.Key) -> None:
    widget = focused()
    assert widget is not None
    qtbot.keyClick(widget, key)


def button(view: Any, text: str) -> Button:
    QApplication.processEvents()  # what has just been put into a layout is shown with the next events
    found = [one for one in view.findChildren(Button) if one.text() == text and one.isVisibleTo(view)]
    assert len(found) == 1, [one.text() for one in view.findChildren(Button)]
    return found[0]


def refused(payload: Payload, code: str = "number-out-of-range", **values: Any) -> FamilyClient:
    problem = Problem(code, values=values or {"low": 1, "high": 20_000})
    return FamilyClient([WaitingItem("018f-9", payload.KIND, payload, at(9, 14), "refused", problems=(problem,))])


# Enter and Escape


def test_enter_in_a_field_does_what_the_card_is_for(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_rounds", settle)
    view.activateWindow()
    view.plan_button.setFocus()
    press(qtbot, Qt.Key.Key_Return)
    settle(context)
    field = focused()
    assert field is not None
    assert field.accessibleName() == "Kind of queue", "the first field of what has just opened takes the cursor"
    number = next(one for one in view.findChildren(QWidget) if one.accessibleName() == "Number of vouchers")
    number.setFocus()
    qtbot.keyClicks(number, "4")
    press(qtbot, Qt.Key.Key_Return)
    settle(context)
    assert sent(context) == [PlanIteration(500, "general", 4)]
    assert not model.planning


def test_what_is_wrong_takes_the_cursor(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_places", settle)
    view.activateWindow()
    view.new.setFocus()
    press(qtbot, Qt.Key.Key_Return)
    model.type("name", "Күншуақ")
    save = button(view, "Save the kindergarten")
    save.setFocus()
    press(qtbot, Qt.Key.Key_Return)
    field = focused()
    assert field is not None
    assert field.accessibleName() == "Locality"
    assert sent(context) == []


def test_enter_never_chooses_where_a_card_offers_something_against_too(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_decisions", settle)
    view.activateWindow()
    model.begin_appeal(model.found.appeals[0][0])
    model.type("reason", "The line was down.")
    field = next(one for one in view.findChildren(QWidget) if one.accessibleName() == "In your own words")
    field.setFocus()
    press(qtbot, Qt.Key.Key_Return)
    settle(context)
    assert sent(context) == []
    press(qtbot, Qt.Key.Key_Escape)
    assert model.open_appeal is None


def test_escape_goes_back_one_step_at_a_time(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened_case(qtbot, context, "office_queue", settle, 31_010)
    view.activateWindow()
    model.ask(Event.ARCHIVE)
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert model.ask_question.deed is None
    assert model.chosen == 31_010
    model.edit()
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert not model.editing
    assert model.chosen == 31_010
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert model.chosen is None


def test_escape_leaves_a_question_then_a_result_then_its_collection(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_collections", settle)
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    model.open(9202)
    settle(context)
    model.begin_give_up()
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert not model.giving_up
    assert model.chosen == 9202
    model.read(9301)
    settle(context)
    model.begin_issue()
    qtbot.waitUntil(lambda: getattr(view.focusWidget(), "text", str)() == "Leave everything as it is")
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert not model.issuing
    assert model.reading == 9301
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert (model.chosen, model.reading) == (9202, None)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert model.chosen is None
    model.begin()
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert not model.opening
    assert sent(context) == []


def test_the_end_of_a_collection_is_at_least_an_hour_away_before_it_is_sent(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff()
    model, _view = opened(qtbot, context, "office_collections", settle)
    model.begin()
    soon = model.desk.server_now().astimezone(ZoneInfo(model.desk.zone)) + timedelta(minutes=50)
    for key, text in (("ends", f"{soon:%Y-%m-%d}"), ("hour", f"{soon:%H:%M}"), ("starts", "2027-09-01")):
        model.type(key, text)
    model.send_opening()
    assert [(one.code, one.field) for one in model.problems] == [("collection-end", "ends")]
    assert sent(context) == []


def test_a_refused_collection_can_be_changed_and_sent_again(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_collections", settle)
    model.begin()
    first, left = model.matching[0].group.id, model.matching[1].group.id
    model.close_card()
    groups = sorted({one.group.id for one in model.desk.desk.offers.values()} - {left})
    ends = datetime(2027, 5, 20, 13, tzinfo=UTC)
    model.reopen(OpenCollection(model.department_id, "general", groups, ends, date(2027, 9, 1)))
    settle(context)
    assert model.opening
    assert (model.draft["ends"], model.draft["hour"], model.draft["starts"]) == ("2027-05-20", "18:00", "2027-09-01")
    assert left in model.left_out
    assert first in {one.group.id for one in model.groups}
    assert button(view, "Open the collection").isEnabled()


def test_escape_throws_away_neither_a_draft_nor_rules_that_are_being_written(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff()
    model, view = opened(qtbot, context, "publications", settle)
    model.begin()
    model.type("responsible", "Айгүл")
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert model.writing
    assert model.draft["responsible"] == "Айгүл"
    rules, page = opened(qtbot, context, "office_programmes", settle)
    rules.edit()
    rules.type("interest_days", "4")
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert rules.editing
    assert rules.draft["interest_days"] == "4"


def test_what_was_asked_about_is_asked_again_when_the_draft_changes(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened(qtbot, context, "publications", settle)
    model.begin()
    model.published_on = date(2026, 4, 10)
    model.type("places", "1")
    model.review()
    assert any("1 place of" in text for text in texts(view))
    model.type("places", "2")
    assert not model.asking
    assert not any("1 place of" in text for text in texts(view))
    assert any(one.text() == "Check and publish…" for one in view.findChildren(Button))


# Rounds


def test_a_round_larger_than_the_places_expected_is_warned_about_while_its_number_is_typed(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_rounds", settle)
    model.begin_plan()
    settle(context)
    assert [day.isoformat() for day, _count in model.expected(model.drafted)] == ["2026-05-01", "2026-09-01"]
    number = next(one for one in view.findChildren(QWidget) if one.accessibleName() == "Number of vouchers")
    qtbot.keyClicks(number, "5")
    assert not view.warning.isVisibleTo(view)
    qtbot.keyClicks(number, "00")
    assert "More vouchers than places, even with those expected by" in view.warning.label.text()
    model.plan()
    settle(context)
    assert sent(context) == [PlanIteration(500, "general", 500)], "a warning forbids nothing"


@pytest.mark.parametrize("typed", ["0", "1000000", "-5", "many", "1,5"])
def test_a_round_of_no_possible_size_gets_one_sentence_and_keeps_what_was_typed(
    qtbot: QtBot, staff: Staff, settle: Settle, typed: str
) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_rounds", settle)
    model.begin_plan()
    settle(context)
    model.type("vouchers", typed)
    model.plan()
    assert [text for text in texts(view) if text.startswith("Enter a number")] == [
        "Enter a number from 1 to 20000. Nothing was changed."
    ]
    assert model.draft["vouchers"] == typed
    assert sent(context) == []


def test_a_round_of_the_special_queue_counts_places_of_special_groups_only(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff()
    model, _view = opened(qtbot, context, "office_rounds", settle)
    model.begin_plan()
    ordinary = model.free
    model.set("programme", "special")
    assert model.free == 3, "of every correction"
    assert ordinary == 19
    model.set("correction", "vision")
    assert model.free <= 3


def test_whoever_issues_a_round_sees_the_places_there_are_for_it(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_rounds", settle)
    model.open(sample.THEIRS)
    settle(context)
    assert any(text.startswith("Free now: ") for text in texts(view))


# What was refused


@pytest.mark.parametrize(
    ("key", "payload", "kept"),
    [
        ("office_rounds", PlanIteration(500, "special", 40, CITY, 2022, "kk", "vision"), {"vouchers": "40"}),
        ("office_programmes", SetProgramme(500, "general", date(2026, 5, 1), {"interest_days": 4}),
         {"interest_days": "4"}),
        ("office_categories", SetCategory(500, "large-3", 23, "first", {"kk": "Көп балалы"}, "large", 36, 48,
                                          date(2026, 5, 1)), {"name_kk": "Көп балалы"}),
        ("office_places", SaveOrganisation(500, 101, "Амина", "kindergarten", "private", CITY, "Әуезов к-сі, 15",
                                           "+7 7162 31-11-01"), {"address": "Әуезов к-сі, 15"}),
        ("office_places", SaveGroup(500, None, 101, "Балапан", 3, 4, "kk", 20), {"name": "Балапан"}),
        ("publications", PublishItem(500, 1041, 1, [2022], date(2026, 4, 10), date(2026, 4, 10), "Айгүл"),
         {"responsible": "Айгүл"}),
        ("office_calendar", SetCalendarDay(500, date(2026, 5, 4), False, {"kk": "Мереке"}), {"name_kk": "Мереке"}),
    ],
)  # fmt: skip
def test_what_was_refused_is_taken_into_its_form_again(
    qtbot: QtBot, staff: Staff, settle: Settle, key: str, payload: Payload, kept: dict[str, str]
) -> None:
    context = staff(client=refused(payload))
    model, view = opened(qtbot, context, key, settle)
    button(view, "Change and send again").click()
    settle(context)
    assert {name: model.draft[name] for name in kept} == kept
    written = {one.text() for one in view.findChildren(QWidget) if hasattr(one, "cursorPosition")}
    assert set(kept.values()) <= written
    assert ("acknowledge", "018f-9") in context.client.calls  # type: ignore[attr-defined]


def test_a_refused_act_is_asked_about_again_with_its_reason(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    payload = TakeStep(500, 31_000, "doc-reject", confirmed=True, reason="Жаңасын алыңыз.")
    context = staff("doctor", client=refused(payload, "offline"))
    model, view = opened_case(qtbot, context, "doctor_review", settle, 31_000)
    button(view, "Change and send again").click()
    settle(context)
    assert model.ask_question.deed is not None
    assert model.ask_question.reason_text == "Жаңасын алыңыз."


# What a kindergarten was told


def told(organisation_id: int | None) -> Sequence[Message]:
    subject = words("Шарт күтілуде", "Ожидается договор", "Очікується договір", "A contract is awaited")
    body = words("Мәтін", "Текст", "Текст", "Send the contract by tomorrow.")
    return [
        Message(7701, 500, None, "notification", subject, body, NOW, "applications", 10_001, 31_002, organisation_id)
    ]


def test_the_office_sees_on_the_card_what_a_kindergarten_was_told(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff(rows=[*sample.office_rows(), *told(101)])
    went: list[tuple[str, dict[str, Any]]] = []
    context.bridge.go.connect(lambda key, arguments: went.append((key, arguments)))
    model, view = opened(qtbot, context, "office_places", settle)
    model.open(101)
    settle(context)
    assert [one.id for one in model.written] == [7701]
    assert "Sent to the kindergarten" in texts(view)
    model.look(model.written[0])
    assert went == [("office_queue", {"application_id": 31_002})]
    model.close_card()
    model.open(102)
    settle(context)
    assert model.written == ()
    assert "Nothing has been sent to it yet." in texts(view)


def test_a_kindergarten_reads_its_own_messages_in_its_own_inbox_only(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff("kindergarten", rows=[*sample.office_rows(("kindergarten",), sample.DIRECTOR), *told(101)])
    model, view = opened(qtbot, context, "office_places", settle)
    model.open(101)
    settle(context)
    assert "Sent to the kindergarten" not in texts(view)
