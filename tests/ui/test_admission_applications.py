"""The list of applications, and the form of a new one in three pages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from models.contract.admission_commands import FileApplication
from models.domain.admissions.states import State
from models.domain.problems import Problem
from tests.fixtures.family import FamilyClient, intentions
from tests.samples import balabaqsha as sample
from tests.ui.looking import said, submitted
from tests.ui.resident import unnamed
from ui.applications.view import ApplicationsView
from ui.applications.view_model import Applications
from ui.kit import Banner, Button
from ui.kit import State as Shown

pytestmark = pytest.mark.usefixtures("speaks_english")


@pytest.fixture
def applications(parent, settle, qtbot):
    def make(first=State.VOUCHER_ISSUED, **rest):
        context = parent(first, **rest)
        model = Applications(context)
        settle(context)
        view = ApplicationsView(model)
        qtbot.addWidget(view)
        view.show()
        return model, view, context

    return make


def test_applications_stand_in_the_order_of_their_terms(applications):
    model, view, _context = applications()
    assert model.rows[0].id == sample.FIRST
    assert unnamed(view) == []
    model.choose("archive")
    assert [row.id for row in model.rows] == [sample.OLD]
    assert "No contract was signed in time" in view.table.source.data(view.table.source.index(0, 2))


def test_an_application_opens_by_enter(applications, qtbot):
    _model, view, context = applications()
    view.table.choose(0)
    with qtbot.waitSignal(context.bridge.go) as went:
        view.table.activated_row.emit(view.table.current_row)
    assert went.args == ["application", {"application_id": sample.FIRST}]


def test_what_is_not_filed_says_so_and_can_be_withdrawn(applications, settle):
    client = FamilyClient(intentions())
    _model, view, context = applications(client=client)
    banner = next(one for one in view.findChildren(Banner) if "not yet filed" in one.label.text())
    assert banner.property("tone") == "pending"
    banner.findChild(Button).click()
    settle(context)
    assert ("withdraw", "018e-2") in client.calls


def test_what_may_have_arrived_cannot_be_withdrawn_and_says_so(applications):
    items = [replace(one, stays=Problem("already-sent")) for one in intentions()]
    _model, view, _context = applications(client=FamilyClient(items))
    banner = next(one for one in view.findChildren(Banner) if "not yet filed" in one.label.text())
    assert "can no longer be withdrawn" in banner.label.text()
    assert banner.findChild(Button) is None, "a button that does nothing is not offered"


def test_the_cursor_stays_on_the_button_that_attached_a_document(applications, qtbot, tmp_path, settle):
    model, view, context = applications()
    model.show(new=True)
    fill_general(model.form)
    model.form.back()
    model.form.choose("benefit", model.form.department.benefits[0].code)
    paper = tmp_path / "paper.png"
    object.__setattr__(context, "open_dialog", lambda _title, _kind: paper)
    button = next(one for one in view.findChildren(Button) if one.text() == "Attach a document")
    qtbot.waitUntil(lambda: (button.setFocus(), button.hasFocus())[1])
    QTest.keyClick(button, Qt.Key.Key_Space)
    settle(context)
    qtbot.waitUntil(lambda: getattr(QApplication.focusWidget(), "text", str)() == "Choose another file")


def fill_general(form) -> None:
    form.choose("child", str(sample.NIECE))
    form.choose("programme", "general")
    form.next()
    form.choose("locality", str(sample.CITY))
    form.toggle_language("kk", True)
    form.toggle_language("ru", True)
    form.next()


def test_the_form_files_a_general_application(applications, settle):
    client = FamilyClient()
    model, view, context = applications(client=client)
    model.show(new=True)
    form = model.form
    fill_general(form)
    assert form.page == "terms"
    assert "within 28 calendar days" in said(view)
    form.file()
    assert [problem.code for problem in form.problems] == ["consent-missing"]
    form.agree(True)
    form.file()
    settle(context)
    assert submitted(client) == [
        FileApplication(
            sample.DEPARTMENT, sample.NIECE, "general", sample.CITY, ["kk", "ru"], True, phone="+7 (701) 555-01-07"
        )
    ]
    assert model.part == "list"
    assert form.page == "child"


def test_a_page_is_left_only_when_it_is_complete(applications):
    model, _view, _context = applications()
    model.show(new=True)
    form = model.form
    form.next()
    assert [problem.field for problem in form.problems] == ["child"]
    form.choose("child", str(sample.NIECE))
    form.next()
    assert form.page == "place"
    form.next()
    assert {problem.field for problem in form.problems} == {"languages", "locality"}
    form.back()
    assert form.page == "child"


def test_a_child_that_is_queued_already_is_refused_at_once(applications):
    model, _view, _context = applications()
    form = model.form
    form.choose("child", str(sample.SON))
    form.choose("programme", "general")
    form.next()
    assert [problem.code for problem in form.problems] == ["already-queued"]


def test_the_special_queue_asks_for_correction_conclusion_and_a_fitting_kindergarten(applications, settle, tmp_path):
    client = FamilyClient()
    model, _view, context = applications(client=client)
    object.__setattr__(context, "open_dialog", lambda _title, _kind: tmp_path / "ПМПК.pdf")
    model.show(new=True)
    form = model.form
    form.choose("child", str(sample.SON))
    form.choose("programme", "special")
    form.next()
    assert [problem.code for problem in form.problems] == ["correction-missing"]
    form.choose("correction", "speech")
    form.next()
    assert [one.id for one in form.organisations] == [105]
    form.choose("locality", str(sample.CITY))
    form.toggle_language("kk", True)
    form.next()
    assert {problem.code for problem in form.problems} == {"organisation-missing", "pmpk-missing"}
    form.choose("organisation", "105")
    form.papers.choose("pmpk")
    settle(context)
    form.next()
    form.agree(True)
    form.file()
    settle(context)
    payload = submitted(client)[0]
    assert (payload.programme, payload.correction, payload.organisation_id) == ("special", "speech", 105)
    assert payload.blobs == [f"pmpk:{'aa' * 32}:ПМПК.pdf"]


def test_a_draft_outlives_the_program(parent, settle, family_store, qtbot):
    from tests.fixtures.family import family_context

    store = family_store()
    context = family_context(store)
    form = Applications(context).form
    settle(context)
    fill_general(form)
    form._drafts.save()
    settle(context)
    context.tasks.close()
    again = family_context(store)
    restored = Applications(again).form
    settle(again)
    assert restored.typed("child") == str(sample.NIECE)
    assert restored.languages == ("kk", "ru")
    again.tasks.close()


def test_without_children_the_form_leads_to_adding_one(applications, qtbot):
    rows = [sample.department(), sample.person(), *sample.localities(), *sample.rules()]
    model, view, context = applications(rows=rows)
    assert view.state is Shown.EMPTY
    model.show(new=True)
    button = next(one for one in view.findChildren(Button) if one.text() == "Add a child")
    with qtbot.waitSignal(context.bridge.go) as went:
        button.click()
    assert went.args == ["children", {"add": True}]


def test_when_every_application_has_ended_the_archive_is_one_step_away(applications):
    from models.contract.admission_records import Application

    rows = [row for row in sample.family_rows() if not isinstance(row, Application) or row.state == "archived"]
    model, view, _context = applications(rows=rows)
    assert view.state is Shown.CONTENT
    assert "No live application." in said(view)
    next(one for one in view.findChildren(Button) if one.text() == "Open the archive").click()
    assert [row.id for row in model.rows] == [sample.OLD]


def test_a_new_application_begins_in_its_first_field(applications, qtbot):
    _model, view, _context = applications()
    view.activateWindow()
    view.add_button.setFocus()
    view.add_button.click()
    qtbot.waitUntil(lambda: view.form is not None and view.form.form.fields["child"].hasFocus())


def test_who_goes_through_the_tabs_stays_on_them(applications, qtbot):
    model, view, _context = applications()
    view.activateWindow()
    tab = view.tabs.findChildren(QAbstractButton)[1]
    tab.setFocus()
    qtbot.waitUntil(tab.hasFocus)
    tab.click()
    assert model.part == "new"
    QApplication.processEvents()
    qtbot.waitUntil(tab.hasFocus)
