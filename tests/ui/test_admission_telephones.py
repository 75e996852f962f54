"""Telephones are read as people write them, and a field takes every spelling."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtWidgets import QApplication, QLabel

from models.cache.queries.conflicts import Names
from models.contract.admission_records import Application
from models.contract.records import Person
from models.domain.admissions.states import Event, State
from tests.fixtures.family import FamilyClient
from tests.samples import balabaqsha as sample
from ui.application.view import ApplicationPage
from ui.application.view_model import ApplicationModel
from ui.applications.view_model import Applications
from ui.kit import Field
from ui.profile.view import ProfileView
from ui.profile.view_model import Profile
from ui.waiting.conflict import said_value

pytestmark = pytest.mark.usefixtures("speaks_english")

BARE, READ = "+77055550319", "+7 (705) 555-03-19"


@pytest.fixture
def bare(parent, settle):
    """Return a function that makes a context in which every telephone is bare digits."""

    def make(first=State.QUEUED, **rest):
        def told(row):
            if isinstance(row, Application):
                return msgspec.structs.replace(row, phone=BARE)
            if isinstance(row, Person):
                return msgspec.structs.replace(row, phone=BARE, extra_phone=BARE)
            return row

        return parent(first, rows=[told(row) for row in sample.family_rows(first)], **rest)

    return make


def said(view) -> str:
    QApplication.processEvents()
    found = "\n".join(label.text() for label in view.findChildren(QLabel) if label.isVisibleTo(view))
    return found.replace("\u00a0", " ").replace("\u2011", "-")


def field(view, name) -> Field:
    return next(one for one in view.findChildren(Field) if one.accessibleName() == name)


def test_the_information_of_an_application_and_its_form_write_it_out(bare, settle, qtbot):
    client = FamilyClient()
    context = bare(client=client)
    model = ApplicationModel(context)
    settle(context)
    model.show(application_id=sample.FIRST)
    view = ApplicationPage(model)
    qtbot.addWidget(view)
    view.show()
    assert READ in said(view)
    assert BARE not in said(view)
    model.ask(Event.EDIT)
    assert field(view, "Telephone").text() == READ
    model.save_edit()
    settle(context)
    assert not any(call[0] == "submit" for call in client.calls), "another spelling is no change"


def test_what_is_no_telephone_is_said_at_once_and_what_was_there_before_stays(bare, settle):
    client = FamilyClient()
    context = bare(client=client)
    model = ApplicationModel(context)
    settle(context)
    model.show(application_id=sample.FIRST)
    model.ask(Event.EDIT)
    model.type("phone", "12")
    model.save_edit()
    assert [(one.code, one.field) for one in model.problems] == [("phone-invalid", "phone")]
    assert model.editing
    assert not any(call[0] == "submit" for call in client.calls)
    form = Applications(context)
    settle(context)
    form.show(new=True)
    form.form.type("phone", "12")
    assert ("phone-invalid", "phone") in [(one.code, one.field) for one in form.form.wrong()]


def test_both_versions_of_a_telephone_are_read_as_people_write_them():
    assert said_value("phone", BARE, Names()) == READ


def test_a_new_application_begins_with_it_written_out(bare, settle):
    context = bare()
    model = Applications(context)
    settle(context)
    model.show(new=True)
    assert model.form.typed("phone") == READ


def test_the_second_telephone_of_the_profile_is_written_out_and_another_spelling_changes_nothing(bare, settle, qtbot):
    client = FamilyClient()
    context = bare(client=client)
    model = Profile(context)
    settle(context)
    view = ProfileView(model)
    qtbot.addWidget(view)
    view.show()
    assert field(view, "Additional telephone").text() == READ
    model.type("extra_phone", "8 705 555 03 19")
    model.save()
    settle(context)
    assert not any(call[0] == "submit" for call in client.calls)


@pytest.mark.parametrize(("state", "needed"), [(State.CONTRACT_PARENT, True), (State.ENROLLED, False)])
def test_documents_for_a_contract_are_named_only_while_one_is_to_be_signed(parent, settle, qtbot, state, needed):
    context = parent(state)
    model = ApplicationModel(context)
    settle(context)
    model.show(application_id=sample.FIRST, tab="documents")
    view = ApplicationPage(model)
    qtbot.addWidget(view)
    view.show()
    assert ("Needed for the contract" in said(view)) is needed
