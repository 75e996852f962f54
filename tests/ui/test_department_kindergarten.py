"""The work of a kindergarten: what its card shows, asks and sends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from models.cache.queries.admissions import Family
from models.contract.admission_commands import TakeStep
from models.contract.admission_records import Application
from models.domain.admissions.guards import LONGEST_LEAVE
from models.domain.admissions.states import Event
from models.domain.problems import Problem
from sync.status import WaitingItem
from tests.fixtures.family import FamilyClient
from tests.samples.balabaqsha import at
from tests.samples.department import office_rows
from tests.ui.resident import english
from tests.ui.test_department_cases import opened_case, sent, texts
from tests.ui.test_department_screens import Settle, opened
from translations import formats
from ui.context import Context
from ui.department.deeds import Deed
from ui.family.advice import what_now

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")
Staff = Callable[..., Context]


# The kindergarten


def test_a_kindergarten_sees_its_work_by_kind(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    _model, view = opened(qtbot, staff("kindergarten"), "to_act", settle)
    assert list(view.tables) == ["activate", "send", "sign", "referred", "returned", "temporary", "attending"]


def test_whoever_has_one_kindergarten_reads_the_groups_alone(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    def groups(context: Context) -> set[str]:
        _model, view = opened(qtbot, context, "to_act", settle)
        model = view.tables["send"].model()
        headers = [model.headerData(at, Qt.Orientation.Horizontal) for at in range(model.columnCount())]
        column = headers.index("Group")
        return {str(model.index(row, column).data()) for row in range(model.rowCount())}

    alone = groups(staff("kindergarten"))
    assert alone
    assert not any("«" in name or "group “" in name for name in alone)
    assert all("group “" in name for name in groups(staff()))


def test_an_officer_narrows_to_kindergartens_that_are_late(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    model, view = opened(qtbot, staff(), "to_act", settle)
    model.show_late(True)
    assert list(view.tables) == ["send"]


def test_papers_of_a_referral_are_ticked_before_the_contract(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff("kindergarten")
    model, view = opened_case(qtbot, context, "to_act", settle, 31_007)
    model.ask(Event.SIGN_CONTRACT)
    view.question.boxes["027"].click()
    model.confirm()
    settle(context)
    assert sent(context) == []  # the provider would be sure to refuse it
    assert [problem.code for problem in model.ask_question.problems] == ["documents-missing"]
    assert view.question.lacks.isHidden()  # it is said at the boxes; once is enough
    view.question.boxes["parent-id"].click()
    assert not view.question.lacks.isHidden()
    view.question.boxes["parent-id"].click()
    for kind in ("parent-id", "birth-certificate", "referral"):
        view.question.boxes[kind].click()
    view.question.yes.click()
    settle(context)
    (payload,) = sent(context)
    assert payload.event == "sign-contract"
    assert payload.ticked == ["027", "birth-certificate", "parent-id", "referral"]


def test_the_button_of_a_contract_names_the_papers_that_are_still_missing(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff("kindergarten")
    model, view = opened_case(qtbot, context, "to_act", settle, 31_007)
    model.ask(Event.SIGN_CONTRACT)
    missing = (
        "Not possible yet. Still missing: the parent's identity card, the birth certificate, the certificate 027/u, "
        "the printed referral."
    )
    assert not view.question.yes.isEnabled()
    assert view.question.yes.accessibleDescription() == missing
    assert missing in texts(view)
    for kind in ("parent-id", "birth-certificate", "027"):
        view.question.boxes[kind].click()
    model.data_changed.emit()  # news draw the page again: what was ticked stays ticked
    assert "Not possible yet. Still missing: the printed referral." in texts(view)
    view.question.boxes["referral"].click()
    assert view.question.yes.isEnabled()
    assert not any("Not possible yet" in text for text in texts(view))
    view.question.boxes["027"].click()
    assert not view.question.yes.isEnabled()


def test_a_refused_contract_asks_again_with_the_papers_that_were_ticked(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    papers = ["027", "birth-certificate", "parent-id"]
    payload = TakeStep(500, 31_007, Event.SIGN_CONTRACT.value, ticked=papers)  # and then the rules became stricter
    was = WaitingItem("018f-9", payload.KIND, payload, at(9, 14), "refused", (Problem("documents-missing"),))
    context = staff("kindergarten", client=FamilyClient([was]))
    model, view = opened_case(qtbot, context, "to_act", settle, 31_007)
    model.again(model.refused_here()[0])
    settle(context)
    assert {kind for kind, box in view.question.boxes.items() if box.isChecked()} == set(papers)
    assert "Not possible yet. Still missing: the printed referral." in texts(view)


def test_a_contract_is_signed_with_a_code_where_the_rules_want_one(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff("kindergarten")
    model, view = opened_case(qtbot, context, "to_act", settle, 31_004)
    model.ask(Event.SIGN_ORG)
    model.confirm()
    assert [problem.field for problem in model.ask_question.problems] == ["code"]
    view.question.signing.send.click()
    settle(context)
    assert view.question.signing.send.text() == "Send the code again"
    assert "seconds" in " ".join(texts(view)), "it counts down by itself"
    qtbot.keyClicks(view.question.signing.form.fields["code"], "482913")
    model.confirm()
    settle(context)
    (payload,) = sent(context)
    assert (payload.event, payload.signature, payload.code) == ("sign-org", "code", "482913")


def test_a_refused_child_gets_a_reason_of_the_list(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff("kindergarten")
    model, view = opened_case(qtbot, context, "to_act", settle, 31_002)
    model.ask(Event.REJECT)
    view.question.reasons["vaccination"].click()
    view.question.yes.click()
    settle(context)
    assert [(one.reason_code, one.reason) for one in sent(context)] == [("vaccination", "")]


def test_a_leave_that_would_end_today_is_refused_at_its_field(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    model, _view = opened_case(qtbot, staff("kindergarten"), "to_act", settle, 31_008)
    question = model.ask_question
    question.begin(Deed(Event.SANATORIUM_LEAVE, "Leave", "", "", "", until=True))
    question.until = model.desk.today
    assert [(problem.code, problem.field) for problem in question.missing()] == [("until-too-early", "until")]
    question.until = model.desk.today + timedelta(days=800)  # the year was mistyped
    assert [(problem.code, problem.field) for problem in question.missing()] == [("leave-too-long", "until")]
    question.until = model.desk.today + timedelta(days=1)
    assert question.missing() == []


def test_the_card_of_a_leave_says_until_when_it_may_last(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    model, view = opened_case(qtbot, staff("kindergarten"), "to_act", settle, 31_009)
    model.ask(Event.SANATORIUM_LEAVE)
    first, last = model.desk.today + timedelta(days=1), model.desk.today + LONGEST_LEAVE
    assert f"From {formats.day(first)} to {formats.day(last)};" in "\n".join(texts(view))


@pytest.mark.parametrize(("temp", "offered"), [("booked", True), ("attending", False)])
def test_the_first_day_in_a_temporary_place_is_noted_once(
    qtbot: QtBot, staff: Staff, settle: Settle, temp: str, offered: bool
) -> None:
    context = staff("kindergarten")
    with context.store.write() as connection:
        connection.execute("UPDATE application SET temp = ? WHERE id = 31008", (temp,))
    _model, view = opened_case(qtbot, context, "to_act", settle, 31_008)
    assert (Event.TEMP_ATTEND in view.buttons) is offered
    assert Event.TEMP_SET_UNTIL in view.buttons


def test_the_last_day_of_a_temporary_place_is_moved_with_a_day(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff("kindergarten")
    model, _view = opened_case(qtbot, context, "to_act", settle, 31_008)
    model.ask(Event.TEMP_SET_UNTIL)
    model.confirm()
    assert [problem.field for problem in model.ask_question.problems] == ["until"]
    model.ask_question.until = date(2026, 4, 24)
    model.confirm()
    settle(context)
    assert [one.until for one in sent(context)] == [date(2026, 4, 24)]


@pytest.mark.parametrize(
    ("place", "temporary", "offered"),
    [(1011, 1021, {Event.SEND_CONTRACT, Event.REJECT}), (1021, 1011, {Event.TEMP_ATTEND, Event.TEMP_SET_UNTIL})],
)
def test_a_kindergarten_is_offered_no_act_about_the_place_that_a_child_has_in_another_one(
    qtbot: QtBot, staff: Staff, settle: Settle, place: int, temporary: int, offered: set[Event]
) -> None:
    rows = office_rows(("kindergarten",))
    one = next(row for row in rows if isinstance(row, Application) and row.id == 31_002)
    between = {"temp": "booked", "temp_group_id": temporary, "temp_until": date(2026, 4, 30), "temp_voucher": "bound"}
    rows[rows.index(one)] = msgspec.structs.replace(one, group_id=place, **between)
    model, _view = opened_case(qtbot, staff("kindergarten", rows), "to_act", settle, 31_002)
    assert {deed.event for deed in model.deeds()} == offered


def test_until_when_a_child_is_away_is_read_by_the_kindergarten_and_the_parent(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff("kindergarten")
    model, view = opened_case(qtbot, context, "to_act", settle, 31_009)
    application = msgspec.structs.replace(
        model.view.application,
        flags=["on-leave"],
        terms={"leave": datetime(2026, 4, 30, 19, tzinfo=UTC).isoformat()},
        day_terms=["leave"],
    )
    away = replace(model.view, application=application)
    model.card = replace(model.card, view=away)
    view.refresh()
    assert "On leave until 30.04.2026" in texts(view)
    department: Any = SimpleNamespace(provider=SimpleNamespace(zone="Asia/Almaty"))
    said = what_now(away, department, Family(None, (), (), ()))
    assert said.endswith("It is away until 30.04.2026; the place stays its own.")
