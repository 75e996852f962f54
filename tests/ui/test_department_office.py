"""Decisions, rounds, rules, calendar, categories, places, publications, figures: what is refused and what is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

import translations
from models.contract.admission_commands import (
    CancelIteration,
    CompleteCalendarYear,
    ConfirmChange,
    DecideAppeal,
    DecideReview,
    IssueIteration,
    PlanIteration,
    PublishItem,
    SaveGroup,
    SaveOrganisation,
    SetCalendarDay,
    SetCategory,
    SetProgramme,
    TakeStep,
    WithdrawItem,
)
from models.contract.admission_records import CalendarDay
from tests.samples import department as sample
from tests.samples.balabaqsha import CITY
from tests.ui.resident import english
from tests.ui.test_department_cases import sent, texts
from tests.ui.test_department_screens import Settle, opened
from ui.context import Context
from ui.department.statistics.view_model import as_csv
from ui.kit import DataTable, Radio

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")
Staff = Callable[..., Context]
WHAT = "What the edition changes"


# To decide


def test_an_appeal_is_decided_with_a_reason_either_way(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, _view = opened(qtbot, context, "office_decisions", settle)
    appeal, _line = model.found.appeals[0]
    model.begin_appeal(appeal)
    model.decide_appeal(appeal, True)
    assert [problem.code for problem in model.problems] == ["reason-missing"]
    model.type("reason", "The line of the village was down.")
    model.decide_appeal(appeal, True)
    settle(context)
    assert sent(context) == [DecideAppeal(500, 8101, True, "The line of the village was down.")]
    assert model.answered("appeal", 8101)


def test_a_reason_for_the_other_decision_is_not_taken(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_decisions", settle)
    appeal, _line = model.found.appeals[0]
    model.begin_appeal(appeal)
    (radio,) = [one for one in view.findChildren(Radio) if one.text() == "Nothing shows that it was done in time."]
    radio.click()
    model.decide_appeal(appeal, True)
    assert [problem.code for problem in model.problems] == ["reason-does-not-fit"]
    assert sent(context) == []
    model.decide_appeal(appeal, False)
    settle(context)
    assert sent(context) == [DecideAppeal(500, 8101, False, "", "late-unproved")]


def test_a_review_is_published_without_and_refused_only_with_an_answer(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_decisions", settle)
    (review,) = model.found.reviews
    model.begin_review(review)
    model.decide_review(review, False)
    assert [problem.field for problem in model.problems] == ["answer"]
    model.decide_review(review, True)
    settle(context)
    assert sent(context) == [DecideReview(500, 904, True, "")]
    assert any("Not sent yet" in text for text in texts(view))


def test_a_late_kindergarten_opens_the_card_of_the_child(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    went: list[tuple[str, dict[str, Any]]] = []
    context.bridge.go.connect(lambda key, arguments: went.append((key, arguments)))
    model, _view = opened(qtbot, context, "office_decisions", settle)
    model.look(model.found.late[0].application.id)
    assert went == [("office_queue", {"application_id": 31_003, "tab": ""})]


# Rounds


def test_the_planner_sees_why_another_has_to_issue(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_rounds", settle)
    model.open(sample.MINE)
    settle(context)
    assert not view.issue.isEnabled()
    assert any("another officer has to issue it" in text for text in texts(view))
    model.issue()
    settle(context)
    assert sent(context) == []


def test_a_colleagues_round_is_issued_after_one_more_question(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_rounds", settle)
    model.open(sample.THEIRS)
    settle(context)
    assert view.issue.isEnabled()
    model.begin_issue()
    assert any("5 vouchers are issued at once" in text for text in texts(view))
    model.issue()
    settle(context)
    assert sent(context) == [IssueIteration(500, sample.THEIRS)]


def test_a_plan_is_thrown_away(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, _view = opened(qtbot, context, "office_rounds", settle)
    model.open(sample.MINE)
    settle(context)
    model.throw_away()
    settle(context)
    assert sent(context) == [CancelIteration(500, sample.MINE)]


def test_a_round_is_planned_by_the_free_places_of_whom_it_is_for(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_rounds", settle)
    model.begin_plan()
    settle(context)
    everywhere = model.free
    model.set("language", "en")
    assert model.free == 6 < everywhere
    model.plan()
    assert [problem.field for problem in model.problems] == ["vouchers"]
    model.type("vouchers", "9")
    model.set("year", "2022")
    assert any("More vouchers than places, even with those expected by" in text for text in texts(view))
    model.type("vouchers", "4")
    model.plan()
    settle(context)
    assert sent(context) == [PlanIteration(500, "general", 4, None, 2022, "en")]


def test_the_protocol_of_a_round_is_a_paper(qtbot: QtBot, staff: Staff, settle: Settle, tmp_path: Path) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_rounds", settle)
    model.open(sample.MINE)
    settle(context)
    from ui.department.rounds.protocol import protocol_paper

    paper = protocol_paper(model)
    assert paper is not None
    model.document.make(paper, model.document.save)
    settle(context)
    saved = list(tmp_path.glob("*.pdf"))
    assert len(saved) == 1
    assert saved[0].read_bytes().startswith(b"%PDF")
    assert view.lines.source.rowCount() == 6


# Rules


def test_a_prepared_edition_shows_what_it_changes_and_a_second_officer_confirms(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_programmes", settle)
    edition = next(one for one in model.editions() if one.state == "prepared")
    assert not model.mine(edition)
    (changes,) = [table.source for table in view.findChildren(DataTable) if table.accessibleName() == WHAT]
    assert [(row.rule.key, row.value, row.other) for row in changes.rows] == [
        ("interest_days", "3 working days", "2 working days"),
        ("waitlist_entries", "5", "3"),
    ]
    model.decide(edition, True)
    settle(context)
    (payload,) = sent(context)
    assert isinstance(payload, ConfirmChange)
    assert (payload.programme_id, payload.accepted) == (41, True)


def test_who_prepared_an_edition_cannot_confirm_it(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_programmes", settle)
    model.choose("bulletin")
    assert any("another officer has to confirm it" in text for text in texts(view))


def test_an_edition_is_written_for_a_day_ahead_and_stores_what_differs(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff()
    model, _view = opened(qtbot, context, "office_programmes", settle)
    model.edit()
    model.type("interest_days", "0")
    model.valid_from = model.desk.today
    model.prepare()
    assert {problem.field for problem in model.problems} == {"interest_days", "valid_from"}
    model.type("interest_days", "3")
    model.valid_from = model.desk.today + timedelta(days=20)
    model.prepare()
    settle(context)
    assert sent(context) == [SetProgramme(500, "general", date(2026, 4, 29), {"interest_days": 3})]


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
    view.year.setFocus()
    qtbot.keyClick(view.year, Qt.Key.Key_Right)
    assert model.chosen == date(2026, 4, 10)
    assert "working day" in view.year.accessibleName()
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
    qtbot.waitUntil(lambda: any(table.isVisible() for table in view.findChildren(DataTable)), timeout=2000)
    table = next(table for table in view.findChildren(DataTable) if table.isVisible())
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


# Kindergartens and groups


def test_places_are_never_fewer_than_those_taken(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff("kindergarten")
    model, _view = opened(qtbot, context, "office_places", settle)
    model.open(101)
    model.edit_group(1012)
    model.type("capacity", "20")
    model.save_group()
    assert [(problem.code, problem.values) for problem in model.problems] == [("places-below-taken", {"count": 21})]
    model.type("capacity", "21")
    model.save_group()
    settle(context)
    (payload,) = sent(context)
    assert isinstance(payload, SaveGroup)
    assert (payload.group_id, payload.capacity, payload.valid_to) == (1012, 21, None)


def test_a_group_closes_only_when_everybody_in_it_is_decided_about(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_places", settle)
    model.open(101)
    model.begin_close(1012)
    settle(context)
    assert model.undecided()
    assert any("cannot close before" in text for text in texts(view))
    enrolled = next(line for line in model.attending if line.application.id == 31_009)
    model.move(enrolled, 1011)
    settle(context)
    (payload,) = sent(context)
    assert isinstance(payload, TakeStep)
    assert (payload.event, payload.application_id, payload.group_id) == ("group-close", 31_009, 1011)


def test_a_group_does_not_close_on_a_day_that_is_over(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_places", settle)
    model.open(101)
    model.begin_close(1012)
    settle(context)
    model.last_day = date(2020, 1, 1)
    model.close_group()
    settle(context)
    assert sent(context) == []
    assert any("This day is over" in text for text in texts(view)), "said at the field, before anything is sent"
    assert model.part == "close"


def test_an_officer_enters_a_kindergarten_and_its_bin_is_checked(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, _view = opened(qtbot, context, "office_places", settle)
    model.edit_organisation(new=True)
    for key, text in (("name", "«Күншуақ»"), ("address", "Абай к-сі, 1"), ("phone", "+7 7162 31-00-00")):
        model.type(key, text)
    model.type("bin", "190640100005")
    model.save_organisation()
    assert [problem.field for problem in model.problems] == ["place", "bin"]
    model.type("place", str(CITY))
    model.type("bin", "190640100004")
    model.save_organisation()
    settle(context)
    (payload,) = sent(context)
    assert isinstance(payload, SaveOrganisation)
    assert (payload.organisation_id, payload.name) == (None, "«Күншуақ»")


def test_a_kindergartens_person_changes_groups_but_enters_no_kindergarten(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    model, view = opened(qtbot, staff("kindergarten"), "office_places", settle)
    assert [one.id for one in model.organisations()] == [101]
    assert not view.new.isVisibleTo(view)


# Publications


def test_a_publication_names_its_opening_hour_and_is_asked_about_once_more(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff("kindergarten")
    model, view = opened(qtbot, context, "publications", settle)
    model.begin()
    model.set_group("1011")
    assert model.free == 1  # two are free, one of them is published
    assert any("Opens to the queue 09.04.2026 18:00:00" in text for text in texts(view))
    model.type("places", "2")
    model.review()
    assert [(problem.code, problem.values) for problem in model.problems] == [("more-than-free", {"free": 1})]
    model.type("places", "1")
    model.review()
    assert model.asking
    assert sent(context) == []
    model.publish()
    settle(context)
    (payload,) = sent(context)
    assert isinstance(payload, PublishItem)
    assert (payload.group_id, payload.places, payload.birth_years) == (1011, 1, [2022, 2021])
    assert not model.writing


def test_a_published_number_is_lowered_to_what_is_taken_at_most(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, _view = opened(qtbot, context, "publications", settle)
    model.begin_lower(801)
    model.type("number", "0")
    model.lower()
    assert {problem.code for problem in model.problems} == {"reason-missing", "places-below-taken"}
    model.type("number", "1")
    model.type("reason", "One place is being repaired.")
    model.lower()
    settle(context)
    assert sent(context) == [WithdrawItem(500, 801, "One place is being repaired.", 1)]


def test_a_publication_is_withdrawn_with_a_reason(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened(qtbot, context, "publications", settle)
    model.begin_lower(801)
    assert any("lose it, return into the queue" in text for text in texts(view))
    model.type("reason", "The group moves.")
    model.withdraw()
    settle(context)
    assert sent(context) == [WithdrawItem(500, 801, "The group moves.")]


def test_a_draft_of_a_publication_outlives_the_program(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff("kindergarten")
    model, _view = opened(qtbot, context, "publications", settle)
    model.begin()
    model.set_group("1011")
    model.type("responsible", "Асанова")
    model.drafts.save()
    settle(context)
    again, _second = opened(qtbot, context, "publications", settle)
    assert again.writing
    assert again.draft["responsible"] == "Асанова"


# Figures


def test_a_table_of_figures_is_copied_and_exported(qtbot: QtBot, staff: Staff, settle: Settle, tmp_path: Path) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_statistics", settle)
    view.copy.click()
    assert QGuiApplication.clipboard().text().startswith("State\t")
    model.choose("queue")
    settle(context)
    assert model.table().head[:2] == ("Locality", "In the queue")
    model.export()
    settle(context)
    (file,) = tmp_path.glob("*.csv")
    assert file.read_bytes().startswith(b"\xef\xbb\xbfLocality;In the queue")


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless() -> None:
    from ui.department.statistics.tables import Table

    assert "'=1+1" in as_csv(Table(("a",), (("=1+1",),))).decode("utf-8-sig")


def test_figures_are_divided_by_year_and_language(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, _view = opened(qtbot, context, "office_statistics", settle)
    model.choose("queue")
    settle(context)
    model.divide("year")
    assert [row[0] for row in model.table().rows] == ["2020", "2021", "2022", "2023"]
    translations.use("ru")
    model.divide("language")
    assert len(model.table().rows) == 3
    assert sum(row[3] for row in model.table().rows) == model.places[3]
