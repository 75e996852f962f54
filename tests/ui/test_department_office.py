"""Decisions, rounds, rules and figures of the office: what is refused and what is sent."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

import translations
from models.contract.admission_commands import (
    CancelIteration,
    ConfirmChange,
    DecideAppeal,
    DecideReview,
    IssueIteration,
    PlanIteration,
    SetProgramme,
)
from tests.samples import department as sample
from tests.ui.resident import english
from tests.ui.test_department_cases import sent, texts
from tests.ui.test_department_screens import Settle, opened
from ui.context import Context
from ui.department.statistics.tables import places
from ui.department.statistics.view_model import as_csv
from ui.kit import DataTable, Radio

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")
Staff = Callable[..., Context]
WHAT = "What the edition changes"


# To decide


def test_an_appeal_is_decided_with_a_reason_either_way(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_decisions", settle)
    appeal, _line = model.found.appeals[0]
    model.begin_appeal(appeal)
    assert any("otherwise the application returns to the queue" in text for text in texts(view))
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


def test_a_table_that_cannot_be_saved_there_says_so(
    qtbot: QtBot, staff: Staff, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _data: bytes) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ui.department.statistics.view_model.write", full)
    context = staff()
    model, _view = opened(qtbot, context, "office_statistics", settle)
    told: list[str] = []
    context.bridge.toast.connect(lambda text, _tone, _verb, _act: told.append(text))
    model.export()
    settle(context)
    assert told == ["The document could not be saved there: No space left on device. Choose another folder."]


def test_kindergartens_stand_in_the_order_of_their_numbers(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    model, _view = opened(qtbot, staff(), "office_statistics", settle)
    offer = model.offers[0]
    named = [
        dataclasses.replace(
            offer, organisation=msgspec.structs.replace(offer.organisation, id=number, name=f"№{number}")
        )
        for number in (10, 2, 100)
    ]
    assert [row[0] for row in places(named).rows] == ["№2", "№10", "№100"]


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
