"""What a parent changes of an application that is filed: its content, contacts and documents, and what became of it."""

from __future__ import annotations

import pytest

from models.contract.admission_commands import AttachDocument, EditApplication
from models.domain.admissions.states import Event, State
from models.domain.admissions.table import TRANSITIONS
from models.domain.problems import Problem
from sync.status import WaitingItem
from tests.fixtures.family import FamilyClient
from tests.samples import balabaqsha as sample
from ui.kit import Banner, Button, Field, Form

pytestmark = pytest.mark.usefixtures("speaks_english")


def test_a_waiting_application_may_be_changed_and_keeps_its_date(open_son, settle):
    client = FamilyClient()
    model, _view, context = open_son(State.QUEUED, client=client)
    model.ask(Event.EDIT)
    assert model.editing
    model.toggle_language("ru", False)
    model.type("phone", "+7 (701) 555-77-77")
    model.save_edit()
    settle(context)
    payload = next(call for call in client.calls if call[0] == "submit")[1]
    assert payload == EditApplication(sample.DEPARTMENT, sample.FIRST, languages=["kk"], phone="+7 (701) 555-77-77")


def test_a_change_says_what_its_form_showed_and_shows_what_is_still_on_its_way(open_son, settle):
    earlier = EditApplication(sample.DEPARTMENT, sample.FIRST, phone="+7 (701) 555-00-00")
    client = FamilyClient([WaitingItem("018e-5", earlier.KIND, earlier, sample.at(9, 14), "waiting")])
    model, view, context = open_son(State.QUEUED, client=client)
    before = model.view.application
    model.ask(Event.EDIT)
    settle(context)
    (phone,) = [field for field in view.findChildren(Field) if field.accessibleName() == "Telephone"]
    assert phone.text() == "+7 (701) 555-00-00"
    model.toggle_language("ru", "ru" not in before.languages)
    model.type("phone", "+7 (701) 555-77-77")
    model.save_edit()
    settle(context)
    assert client.bases == [{"phone": "+7 (701) 555-00-00", "languages": before.languages}]


@pytest.mark.parametrize("state", [one for one in State if one is not State.DRAFT])
def test_contacts_are_changed_wherever_the_table_permits_it(open_son, settle, qtbot, state):
    client = FamilyClient()
    model, view, context = open_son(state, client=client)
    act = model.change
    permitted = {row.id for row in TRANSITIONS if row.event is Event.EDIT and state in row.sources}
    assert (act is not None) == bool(permitted)
    if act is None:
        assert "Change contacts" not in [button.text() for button in view.findChildren(Button)]
        return
    wanted = "Change the application" if "T05" in permitted else "Change contacts"
    assert act.verb == wanted
    (button,) = [one for one in view.findChildren(Button) if one.text() == wanted]
    button.click()
    settle(context)
    form = view.findChild(Form)
    qtbot.waitUntil(lambda: view.focusWidget() is not None and form.isAncestorOf(view.focusWidget()))
    assert ("languages" in form.fields) == ("T05" in permitted)
    model.type("phone", "")
    model.save_edit()
    assert [problem.field for problem in model.problems] == ["phone"]
    model.type("phone", "+7 (701) 555-77-77")
    model.save_edit()
    settle(context)
    payload = next(call for call in client.calls if call[0] == "submit")[1]
    assert payload == EditApplication(sample.DEPARTMENT, model.view.id, phone="+7 (701) 555-77-77")


def test_a_change_in_conflict_leads_to_both_versions(open_son, settle, qtbot):
    payload = EditApplication(sample.DEPARTMENT, sample.FIRST, phone="+7 (701) 555-77-77")
    item = WaitingItem("018e-6", payload.KIND, payload, sample.at(9, 14), "conflict", (Problem("changed-meanwhile"),))
    _model, view, context = open_son(State.QUEUED, client=FamilyClient([item]))
    banner = next(one for one in view.findChildren(Banner) if "changed the same data" in one.label.text())
    with qtbot.waitSignal(context.bridge.go) as went:
        banner.findChild(Button).click()
    assert went.args[0] == "waiting"


def test_a_document_is_kept_and_then_named_by_its_command(open_son, settle, tmp_path):
    client = FamilyClient()
    model, _view, context = open_son(State.QUEUED, client=client)
    object.__setattr__(context, "open_dialog", lambda _title, _kind: tmp_path / "027.pdf")
    model.attach("027")
    settle(context)
    settle(context)
    payload = next(call for call in client.calls if call[0] == "submit")[1]
    assert payload == AttachDocument(sample.DEPARTMENT, sample.FIRST, "027", "aa" * 32, "027.pdf", 1234)
