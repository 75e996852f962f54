"""What of a form becomes a change of an application."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs

from models.contract.admission_records import Application
from models.contract.record import Record
from models.domain.admissions.states import Event, State
from tests.fixtures.family import FamilyClient
from tests.samples import balabaqsha as family
from tests.samples import department as sample
from ui.application.view import ApplicationPage
from ui.application.view_model import ApplicationModel
from ui.family import changes
from ui.family.model import Cut
from ui.kit import Banner

pytestmark = pytest.mark.usefixtures("speaks_english")


def application() -> Application:
    rows: list[Record] = [row for row in sample.office_rows() if isinstance(row, Application)]
    found = rows[0]
    assert isinstance(found, Application)
    return found


def test_another_spelling_of_the_telephone_is_no_change_and_another_number_is() -> None:
    before = {"phone": "+77015550107", "languages": ["kk", "ru"]}
    same = {"phone": "8 (701) 555-01-07", "languages": ["ru", "kk"]}
    assert changes.change(application(), before, same) is None
    sent = changes.change(application(), before, same | {"phone": "8 701 555 01 08"})
    assert sent is not None
    assert (sent.phone, sent.languages) == ("8 701 555 01 08", None)


def test_a_voucher_that_comes_while_the_form_is_open_is_said_with_what_is_no_longer_sent(parent, settle, qtbot) -> None:
    client = FamilyClient()
    context = parent(State.QUEUED, client=client)
    model = ApplicationModel(context)
    settle(context)
    model.show(application_id=family.FIRST)
    view = ApplicationPage(model)
    qtbot.addWidget(view)
    view.show()
    model.ask(Event.EDIT)
    model.toggle_language("ru", "ru" not in model.edited_languages)
    model.type("phone", "+7 (701) 555-77-77")
    (one,) = [one for one in model.home.family.applications if one.id == family.FIRST]
    issued = replace(one, application=structs.replace(one.application, state="voucher-issued"))
    others = tuple(other for other in model.home.family.applications if other.id != family.FIRST)
    after = replace(model.home.family, applications=(issued, *others))
    model.home.take(Cut(after, model.home.waiting, model.home.status))
    assert model.overtaken == ["languages"]
    told = [banner.label.text() for banner in view.findChildren(Banner)]
    assert any("can no longer be changed and is not sent: Language of education" in text for text in told)
    model.save_edit()
    settle(context)
    (sent,) = [call[1] for call in client.calls if call[0] == "submit"]
    assert (sent.languages, sent.phone) == (None, "+7 (701) 555-77-77")


def test_what_was_not_yet_said_to_be_lost_is_said_before_anything_is_sent(parent, settle, monkeypatch) -> None:
    client = FamilyClient()
    context = parent(State.QUEUED, client=client)
    model = ApplicationModel(context)
    settle(context)
    model.show(application_id=family.FIRST)
    model.ask(Event.EDIT)
    model.type("phone", "+7 (701) 555-77-77")
    model.toggle_language("ru", "ru" not in model.edited_languages)
    monkeypatch.setattr(ApplicationModel, "contacts_only", True)
    model.save_edit()
    settle(context)
    assert not [call for call in client.calls if call[0] == "submit"]
    model.told()
    model.save_edit()
    settle(context)
    assert [call[1].phone for call in client.calls if call[0] == "submit"] == ["+7 (701) 555-77-77"]
