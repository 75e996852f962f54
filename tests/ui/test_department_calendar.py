"""The working calendar and the categories: what is refused and what is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from models.contract.admission_commands import (
    CompleteCalendarYear,
    SetCalendarDay,
    SetCategory,
)
from models.contract.admission_records import CalendarDay
from tests.ui.resident import english
from tests.ui.test_department_cases import sent, texts
from tests.ui.test_department_screens import Settle, opened
from ui.context import Context
from ui.kit import DataTable

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")
Staff = Callable[..., Context]


# Calendar


def test_a_day_off_is_added_with_its_name_and_the_warning_what_it_moves(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_calendar", settle)
    model.look(date(2026, 4, 13))
    assert model.moved() > 0
    assert any("end later" in text for text in texts(view))
    model.set(False)
    assert [problem.field for problem in model.problems] == ["name_kk"]
    model.type("name_kk", "Көшірілген демалыс")
    model.set(False)
    settle(context)
    assert sent(context) == [SetCalendarDay(500, date(2026, 4, 13), False, {"kk": "Көшірілген демалыс"})]


def test_days_are_walked_with_arrows_and_said(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_calendar", settle)
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.year.setFocus()
    qtbot.keyClick(view.year, Qt.Key.Key_Right)
    assert model.chosen == date(2026, 4, 10)
    assert "working day" in view.year.accessibleName()
    settle(context)
    qtbot.waitUntil(lambda: not view._focusing.isActive())
    qtbot.waitUntil(view.year.hasFocus)  # the next arrow walks on
    qtbot.keyClick(view.year, Qt.Key.Key_Down)
    qtbot.keyClick(view.year, Qt.Key.Key_PageDown)
    assert model.chosen == date(2026, 5, 17)
    qtbot.keyClick(view.year, Qt.Key.Key_Left)
    assert "worked day off: Moved working day" in view.year.accessibleName()


def test_a_day_that_has_passed_is_not_changed(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_calendar", settle)
    model.look(date(2026, 3, 2))
    assert model.moved() == 0
    assert any("changed no more" in text for text in texts(view))


def test_a_special_day_becomes_as_its_weekday_again(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, _view = opened(qtbot, context, "office_calendar", settle)
    model.look(date(2026, 5, 16))
    model.set(None)
    settle(context)
    assert sent(context) == [SetCalendarDay(500, date(2026, 5, 16), None, {})]


def test_a_year_that_is_not_complete_says_what_follows_and_is_completed_after_a_question(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_calendar", settle)
    year = model.next_year
    model.look(date(year, 1, 3))
    assert any(f"near the end of {year - 1} waits" in text for text in texts(view))
    model.begin_complete()
    assert any("terms would run through every holiday" in text for text in texts(view))
    model.type("source", "Decree 12")
    model.look(date(year, 1, 4))
    assert view.yes.text() == "Complete the year without days off"
    view.yes.click()
    settle(context)
    assert sent(context) == [CompleteCalendarYear(500, year, "Decree 12", confirmed=True)]
    assert not model.may_complete
    assert any("Complete a year of the calendar” is not sent yet" in text for text in texts(view))


def test_days_that_are_on_their_way_count_as_entered(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_calendar", settle)
    year = model.next_year
    model.look(date(year, 1, 3))
    model.type("name_kk", "Жаңа жыл")
    model.set(False)
    settle(context)
    model.begin_complete()
    assert any(f"1 day off is entered for {year}" in text for text in texts(view))
    model.complete()
    settle(context)
    assert sent(context) == [
        SetCalendarDay(500, date(year, 1, 3), False, {"kk": "Жаңа жыл"}),
        CompleteCalendarYear(500, year),
    ]


def test_a_year_with_days_off_needs_no_second_thought(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_calendar", settle)
    year = model.next_year
    model.turn(year - model.year)
    row = CalendarDay(7999, 500, date(year, 3, 8), False, {"kk": "Мереке"})
    model.calendar = replace(model.calendar, days=(*model.calendar.days, row))
    model.begin_complete()
    assert any(f"1 day off is entered for {year}" in text for text in texts(view))
    model.complete()
    settle(context)
    assert sent(context) == [CompleteCalendarYear(500, year)]


def test_later_years_are_prepared_but_completed_one_after_another(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_calendar", settle)
    first = model.next_year
    model.turn(first + 1 - model.year)
    assert not model.may_complete
    assert any(f"Complete {first} first" in text for text in texts(view))
    model.begin_complete()
    assert not model.completing


# Categories


def test_the_name_of_a_category_is_as_wide_as_its_benefit(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    _model, view = opened(qtbot, staff(), "office_categories", settle)
    named = [table for table in view.findChildren(DataTable) if table.accessibleName() == "Priority categories"]
    qtbot.waitUntil(lambda: any(table.isVisible() for table in named))
    table = next(table for table in named if table.isVisible())
    wide = {str(table.model().headerData(at, Qt.Orientation.Horizontal)): table.columnWidth(at) for at in range(5)}
    assert wide["Name"] >= 0.8 * wide["Benefit"]


def test_a_category_is_changed_from_a_day_on(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, _view = opened(qtbot, context, "office_categories", settle)
    model.open(model.categories()[0])
    model.type("rank", "x")
    model.save()
    assert [problem.field for problem in model.problems] == ["rank"]
    model.type("rank", "12")
    model.save()
    settle(context)
    (payload,) = sent(context)
    assert isinstance(payload, SetCategory)
    assert (payload.code, payload.rank, payload.valid_from) == ("large-3", 12, date(2026, 4, 10))
