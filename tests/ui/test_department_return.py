"""Where the cursor and the choice of rows are after a page is drawn anew, and what is said of what is not possible."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from PySide6.QtWidgets import QApplication

from models.contract.admission_commands import TakeStep
from models.domain.admissions.states import Event
from models.domain.problems import Problem
from sync.status import WaitingItem
from tests.fixtures.department import offline_client
from tests.fixtures.family import FamilyClient
from tests.samples.balabaqsha import at
from tests.ui.resident import english
from tests.ui.test_admission_notices import notice
from tests.ui.test_department_cases import opened_case, texts
from tests.ui.test_department_screens import opened
from ui.kit import Button

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")


def shown(view, qtbot):
    with qtbot.waitActive(view):
        view.show()
        view.activateWindow()


def chosen(table):
    return {table.row_at(index).application.id for index in table.selectionModel().selectedRows()}


def test_news_leave_the_rows_chosen_that_were_chosen_for_several(staff, settle, qtbot):
    context = staff("kindergarten")
    model, view = opened(qtbot, context, "to_act", settle)
    view.tables["send"].selectAll()
    wanted = {line.application.id for line in model.work_found.send}
    assert len(wanted) > 1
    model.data_changed.emit()
    assert chosen(view.tables["send"]) == wanted
    assert {line.application.id for line in model.several} == wanted
    assert f"{len(wanted)} children are chosen." in texts(view)


def test_the_question_for_several_names_the_term_of_each_where_they_differ(staff, settle, qtbot):
    model, view = opened(qtbot, staff("kindergarten"), "to_act", settle)
    first, second = model.work_found.send[:2]
    terms = {"contract": at(20, 12, 30).isoformat()}
    other = replace(second, application=msgspec.structs.replace(second.application, terms=terms, day_terms=[]))
    model.several = (first, other)
    model.ask_for_several(Event.SEND_CONTRACT)
    said = [text for text in texts(view) if text.startswith("The parent signs it until")]
    assert len(said) == len(set(said)) == 2


def test_without_a_line_several_steps_are_kept_and_not_on_their_way(staff, open_window, settle, qtbot):
    context = staff("kindergarten", client=offline_client())
    window = open_window(context)
    model, _view = opened(qtbot, context, "to_act", settle)
    model.several = model.work_found.send
    model.ask_for_several(Event.SEND_CONTRACT)
    model.confirm_for_several()
    settle(context)
    assert notice(window) == "Kept on this computer: it counts when the department's server receives it."


def test_a_group_that_was_changed_has_the_cursor_again_in_its_table(staff, settle, qtbot):
    context = staff("kindergarten")
    model, view = opened(qtbot, context, "office_places", settle)
    shown(view, qtbot)
    model.open(101)
    settle(context)
    qtbot.waitUntil(lambda: view.groups.isVisible())
    view.groups.setFocus()
    qtbot.waitUntil(lambda: view.groups.hasFocus())
    view.groups.setCurrentIndex(view.groups.model().index(1, 0))
    changed = view.groups.current_row
    model.edit_group(changed.group.id)
    qtbot.waitUntil(lambda: view.form.isAncestorOf(QApplication.focusWidget()))
    model.close_card()
    qtbot.waitUntil(lambda: view.groups.hasFocus())
    assert view.groups.current_row.group.id == changed.group.id


def test_a_publication_that_was_sent_leaves_the_cursor_in_the_table(staff, settle, qtbot):
    context = staff("kindergarten")
    model, view = opened(qtbot, context, "publications", settle)
    shown(view, qtbot)
    view.new.setFocus()
    view.new.click()
    qtbot.waitUntil(lambda: view.form.isAncestorOf(QApplication.focusWidget()))
    model.close_card()
    qtbot.waitUntil(lambda: view.rows.hasFocus())


@pytest.mark.parametrize(("event", "again"), [("activate", False), ("temporary-attend", True)])
def test_what_is_possible_no_more_is_not_offered_to_be_changed_and_sent_again(staff, settle, qtbot, event, again):
    payload = TakeStep(500, 31_008, event)
    was = WaitingItem("018f-9", payload.KIND, payload, at(9, 14), "refused", (Problem("step-not-possible"),))
    context = staff("kindergarten", client=FamilyClient([was]))
    _model, view = opened_case(qtbot, context, "to_act", settle, 31_008)
    words = [one.text() for one in view.findChildren(Button)]
    assert ("Change and send again" in words) == again


def test_an_officer_reads_that_a_signature_is_the_kindergartens_alone(staff, settle, qtbot):
    _model, view = opened_case(qtbot, staff(), "to_act", settle, 31_004)
    assert any("the signature is the kindergarten's alone" in text for text in texts(view))
