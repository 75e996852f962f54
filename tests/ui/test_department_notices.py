"""Notices of a department's screens about what is on its way go when the department has answered."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from PySide6.QtCore import Qt

from models.cache.apply import load_rows
from models.contract.messages import TableRows
from models.contract.records import columns
from models.domain.admissions.states import Event
from models.domain.problems import Problem
from tests.fixtures.family import FamilyClient
from tests.samples import department as sample
from tests.ui.resident import english
from tests.ui.test_admission_notices import notice
from tests.ui.test_department_cases import opened_case, texts
from tests.ui.test_department_screens import opened
from ui.department.queue.view_model import QueueModel
from ui.department.rounds.view_model import RoundsModel
from ui.department.to_act.view_model import ToActModel
from ui.kit import Button, DataTable, Radio

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")


def rows_of(rows):
    record = type(rows[0])
    encoded = msgspec.Raw(msgspec.json.encode(rows))
    return TableRows(record.TABLE, list(columns(record)), encoded, list(range(101, 101 + len(rows))))


ON_ITS_WAY = "On its way; the answer will appear here."


def test_a_notice_goes_when_the_round_it_speaks_of_is_answered(staff, open_window, settle, qtbot):
    client = FamilyClient()
    context = staff(client=client)
    window = open_window(context)
    client.subscribe(context.topics.publish)
    model = RoundsModel(context)
    settle(context)
    model.open(sample.MINE)
    settle(context)
    model.throw_away()
    settle(context)
    settle(context)
    assert notice(window) == ON_ITS_WAY, "nothing has been answered yet"
    client.tell("status")
    settle(context)
    assert notice(window) == ON_ITS_WAY
    client.items.clear()
    client.tell("waiting")
    qtbot.waitUntil(lambda: notice(window) == "")


def test_a_notice_about_several_children_goes_when_all_are_answered(staff, open_window, settle, qtbot):
    client = FamilyClient()
    context = staff("kindergarten", client=client)
    window = open_window(context)
    client.subscribe(context.topics.publish)
    model = ToActModel(context)
    settle(context)
    model.several = model.work_found.send
    model.ask_for_several(Event.SEND_CONTRACT)
    model.confirm_for_several()
    settle(context)
    settle(context)
    assert len(client.items) > 1
    client.items.pop()
    client.tell("waiting")
    settle(context)
    settle(context)
    assert notice(window) == ON_ITS_WAY, "one of them has not been answered yet"
    client.items.clear()
    client.tell("waiting")
    qtbot.waitUntil(lambda: notice(window) == "")


def test_the_question_about_a_document_is_left_when_a_colleague_has_decided(staff, open_window, settle):
    context = staff()
    window = open_window(context)
    model = QueueModel(context)
    settle(context)
    model.show(application_id=31_010)
    settle(context)
    paper = model.view.attachments[0]
    model.refuse_paper(paper)
    model.type("paper-reason", "Cannot be re")
    other = msgspec.structs.replace(paper, id=1, state="accepted", checked_by="Somebody")
    mine = msgspec.structs.replace(paper, state="accepted", checked_by="Жақыпов Нұрлан")
    for row in (other, mine):
        assert model.checking is not None
        with context.store.write() as connection:
            load_rows(connection, 1, rows_of([row]))
        model.news()
        settle(context)
    assert model.checking is None
    assert "Жақыпов Нұрлан decided about this document before you" in notice(window)


def test_a_document_that_was_decided_keeps_the_cursor_for_the_next_one(qtbot, staff, settle):
    context = staff()
    model, view = opened_case(qtbot, context, "office_queue", settle, 31_010)
    model.tab = "documents"
    model.data_changed.emit()
    view.raise_()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)

    def shown(verb):
        return [one for one in view.findChildren(Button) if one.text() == verb and one.isVisible()]

    for decide in ("Leave everything as it is", "Accept"):
        if decide != "Accept":
            model.refuse_paper(model.view.attachments[0])
            qtbot.waitUntil(lambda: isinstance(view.focusWidget(), Radio))
        qtbot.waitUntil(lambda verb=decide: len(shown(verb)) == 1)
        (button,) = shown(decide)
        button.setFocus()
        qtbot.waitUntil(button.hasFocus)
        button.click()
        settle(context)
        qtbot.waitUntil(lambda: view.focusWidget().accessibleName().startswith("Open the document: "))


def test_what_is_opened_from_a_list_below_takes_the_cursor(qtbot, staff, settle):
    context = staff()
    for key, table, name in (
        ("office_categories", "categories", "rank"),
        ("office_calendar", "calendar-days", "name_kk"),
    ):
        _model, view = opened(qtbot, context, key, settle)
        view.raise_()
        view.activateWindow()
        qtbot.waitUntil(view.isActiveWindow)
        listed = view._tables[table]
        listed.setFocus()
        listed.setCurrentIndex(listed.model().index(listed.model().rowCount() - 1, 0))
        qtbot.waitUntil(listed.hasFocus)
        qtbot.keyClick(listed, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda view=view, name=name: view.focusWidget() is view.form.fields[name])
        qtbot.waitUntil(lambda view=view: not view.focusWidget().visibleRegion().isEmpty())


def test_an_edition_that_was_confirmed_stands_before_the_rules_in_force_until_its_day(qtbot, staff, settle):
    context = staff()
    model, view = opened(qtbot, context, "office_programmes", settle)
    edition = next(one for one in model.editions() if one.state == "prepared")
    with context.store.write() as connection:
        load_rows(connection, 1, rows_of([msgspec.structs.replace(edition, state="confirmed", confirmed_by="Officer")]))
    model.desk.refresh()
    settle(context)
    shown = texts(view)
    assert shown.index("Comes into force") < next(at for at, text in enumerate(shown) if text.startswith("In force"))
    assert "Comes into force" not in shown[shown.index("Comes into force") + 1 :]
    tables = [table.accessibleName() for table in view.findChildren(DataTable)]
    assert "What the edition changes" in tables


def test_what_was_wrong_with_a_refusal_is_not_said_of_a_benefit_that_was_proved(qtbot, staff, settle):
    context = staff()
    model, _view = opened_case(qtbot, context, "office_queue", settle, 31_010)
    model.decide_benefit(False)
    assert model.problems
    model.decide_benefit(True)
    settle(context)
    assert model.problems == ()


def test_an_officer_reads_how_a_benefit_stands(qtbot, staff, settle):
    context = staff()
    model, view = opened_case(qtbot, context, "office_queue", settle, 31_010)
    for state, said in (("claimed", "being checked"), ("refused", "not confirmed"), ("verified", ": confirmed")):
        row = msgspec.structs.replace(model.view.application, benefit_state=state)
        with context.store.write() as connection:
            load_rows(connection, 1, rows_of([row]))
        model.refresh()
        settle(context)
        assert any(said in text for text in texts(view)), state


def test_what_came_of_several_names_the_child_that_is_gone_and_the_question_takes_the_cursor(staff, settle, qtbot):
    client = FamilyClient()
    context = staff("kindergarten", client=client)
    model, view = opened(qtbot, context, "to_act", settle)
    with qtbot.waitActive(view):
        view.show()
        view.activateWindow()
    next(iter(view.tables.values())).setFocus()
    model.several = lines = model.work_found.send
    model.ask_for_several(Event.SEND_CONTRACT)
    qtbot.waitUntil(lambda: view.asked is not None and view.asked.no.hasFocus())
    model.confirm_for_several()
    settle(context)
    gone, other = lines[0], 999_999
    first = client.items[0]
    away = (Problem("not-found"),)
    client.items[:] = [
        replace(first, state="refused", problems=away),
        replace(
            first, command_id="2", state="refused", problems=away,
            payload=msgspec.structs.replace(first.payload, application_id=other),
        ),
    ]  # fmt: skip
    with context.store.write() as connection:
        connection.execute("DELETE FROM application")
    model.desk.refresh()
    model.refresh()
    settle(context)
    said = texts(view)
    why = "refused. It is not with you any more: the family or the department changed that. Nothing was changed."
    assert f"{gone.child.name}: {why}" in said, "also when nothing else is left to do"
    assert f"An application that you no longer see: {why}" in said


def test_where_what_had_the_cursor_is_gone_the_page_shows_its_beginning_with_the_answer(qtbot, staff, settle):
    context = staff()
    model, view = opened(qtbot, context, "office_categories", settle)
    view.resize(900, 420)
    view.raise_()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    bar = view._stack.widget(0).verticalScrollBar()
    last = model.categories()[-1]
    many = [msgspec.structs.replace(last, id=900 + n, code=f"other-{n}", rank=last.rank + n) for n in range(40)]
    with context.store.write() as connection:
        load_rows(connection, 1, rows_of(many))
    model.desk.refresh()
    settle(context)
    qtbot.waitUntil(lambda: bar.maximum() > 300)
    bar.setValue(bar.maximum())  # where Qt goes to when the widget with the cursor is put away
    view._focus_again(("Hand over to a second officer", 0))
    qtbot.waitUntil(lambda: bar.value() == 0)


def test_all_reasons_to_refuse_a_document_are_in_sight(qtbot, staff, settle):
    model, view = opened_case(qtbot, staff(), "office_queue", settle, 31_010)
    model.tab = "documents"
    model.data_changed.emit()
    view.resize(1000, 560)
    view.raise_()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    model.refuse_paper(model.view.attachments[0])
    qtbot.waitUntil(lambda: isinstance(view.focusWidget(), Radio))

    def in_sight():
        asked = [one for one in view.findChildren(Radio) if one.isVisible()]
        asked += [one for one in view.findChildren(Button) if one.text() == "Refuse the document" and one.isVisible()]
        return len(asked) > 5 and all(one.visibleRegion().boundingRect() == one.rect() for one in asked)

    qtbot.waitUntil(in_sight)
