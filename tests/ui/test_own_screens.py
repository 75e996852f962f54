"""Waiting and attention, messages, my data, settings."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from models.contract.commands import RequestDataCorrection, SetMailing, UpdateContact
from models.domain.problems import Problem
from tests.fixtures.ports import Failed, WireClient
from tests.fixtures.window import make_context
from tests.samples import sample_view_kk
from tests.samples.resident import waiting_items
from ui.kit import Button, State, Text
from ui.messages.view import MessageList, MessagesView
from ui.messages.view_model import Messages
from ui.my_data.view import MyDataView
from ui.my_data.view_model import MyData
from ui.settings.view import SettingsView
from ui.settings.view_model import SettingsModel
from ui.waiting.view import WaitingView
from ui.waiting.view_model import Waiting

pytestmark = pytest.mark.usefixtures("speaks_english")

ACCOUNT = sample_view_kk().account.id


@pytest.fixture
def client():
    return WireClient(waiting_items(ACCOUNT))


@pytest.fixture
def loaded(cabinet_store, client, tmp_path, qtbot, settle):
    context = make_context(cabinet_store, client=client, folder=tmp_path)
    from ui.shell.accounts import Accounts

    keeper = Accounts(context)
    client.subscribe(context.topics.publish)
    settle(context)
    context.selection.choose(ACCOUNT)
    settle(context)
    yield context
    context.tasks.close()
    keeper.deleteLater()


def words(view) -> str:
    return "\n".join(label.text() for label in view.findChildren(Text) if label.isVisibleTo(view))


def test_each_waiting_entry_says_what_when_and_why(loaded, settle, qtbot):
    model = Waiting(loaded)
    view = WaitingView(model)
    qtbot.addWidget(view)
    settle(loaded)
    said = words(view)
    assert "Reading of a meter" in said
    assert "Refused" in said
    assert "00122,10" in said or "00122.10" in said
    assert "lower than the last" in said
    assert "Entered 20.02.2024 14:22" in said
    assert "There is no connection" in said
    assert "2 attempts so far." in said
    assert said.index("Needs your attention") < said.index("Waiting to be sent")


def test_an_entry_offers_exactly_the_acts_that_are_possible(loaded, settle):
    model = Waiting(loaded)
    settle(loaded)
    refused, waiting = model.attention[0], model.queue[0]
    assert (model.acts(refused).correct, model.acts(refused).resend, model.acts(refused).dismiss) == (True, True, True)
    assert not model.acts(refused).withdraw
    assert model.acts(waiting).withdraw
    assert not model.acts(waiting).dismiss


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("already-sent", "It may already have reached the provider, so it can no longer be withdrawn."),
        ("money-stays", "reverse the payment instead"),
        ("others-depend", "withdraw that one first"),
    ],
)
def test_an_entry_that_cannot_be_withdrawn_says_why_instead_of_offering_it(loaded, client, settle, code, why):
    from dataclasses import replace

    client.items = [replace(item, stays=Problem(code)) if item.state == "waiting" else item for item in client.items]
    model = Waiting(loaded)
    settle(loaded)
    waiting = model.queue[0]
    assert not model.acts(waiting).withdraw
    assert why in model.why(waiting)


def test_an_entry_is_withdrawn_put_away_and_sent_again(loaded, client, settle):
    model = Waiting(loaded)
    settle(loaded)
    model.withdraw(model.queue[0])
    settle(loaded)
    model.dismiss(model.attention[0])
    settle(loaded)
    model.send()
    settle(loaded)
    assert [call[0] for call in client.calls] == ["withdraw", "acknowledge", "sync"]
    assert model.items == ()


def test_correcting_opens_the_screen_with_what_was_entered(loaded, client, settle, qtbot):
    from dataclasses import replace

    client.items = [replace(client.items[1], state="refused")]
    model = Waiting(loaded)
    settle(loaded)
    with qtbot.waitSignal(loaded.bridge.go) as went:
        model.correct(model.attention[0])
    key, arguments = went.args
    assert key == "my_data"
    assert arguments["proposed"] == "4"
    assert arguments["supersedes"] == "018d-2"


def test_an_entry_is_copied_as_text(loaded, settle, qtbot):
    model = Waiting(loaded)
    view = WaitingView(model)
    qtbot.addWidget(view)
    settle(loaded)
    next(button for button in view.findChildren(Button) if button.text() == "Copy").click()
    text = QApplication.clipboard().text()
    assert "Reading of a meter" in text
    assert "018d-1" in text


def test_when_nothing_waits_the_screen_says_so(cabinet_store, settle, qtbot):
    context = make_context(cabinet_store)
    model = Waiting(context)
    view = WaitingView(model)
    qtbot.addWidget(view)
    settle(context)
    assert view.state is State.EMPTY
    assert not view.send.isEnabled()


def test_opening_a_message_marks_it_as_read_and_stays_so(loaded, settle, qtbot):
    model = Messages(loaded)
    view = MessagesView(model)
    qtbot.addWidget(view)
    settle(loaded)
    assert model.unread == 3
    view.list.setCurrentIndex(view.list_model.index(0))
    settle(loaded)
    assert model.opened is not None
    assert "No water" in words(view)
    again = Messages(loaded)
    settle(loaded)
    assert again.unread == 2


def test_messages_are_listed_newest_first_and_by_kind(loaded, settle, qtmodeltester, qtbot):
    model = Messages(loaded)
    view = MessagesView(model)
    qtbot.addWidget(view)
    settle(loaded)
    qtmodeltester.check(MessageList(model, view))
    assert [row.message.id for row in model.rows] == [1, 2, 3]
    model.choose_kind("invoice")
    assert [row.message.id for row in model.rows] == [3]


def test_all_messages_are_marked_as_read_at_once(loaded, settle):
    model = Messages(loaded)
    settle(loaded)
    model.read_all()
    assert model.unread == 0
    settle(loaded)
    again = Messages(loaded)
    settle(loaded)
    assert again.unread == 0


def test_a_message_leads_to_the_screen_it_is_about(loaded, settle, qtbot):
    model = Messages(loaded)
    settle(loaded)
    model.open(2)
    with qtbot.waitSignal(loaded.bridge.go) as went:
        model.follow()
    assert went.args[0] == "readings"


def test_my_data_shows_what_the_provider_charges_by(loaded, settle, qtbot):
    model = MyData(loaded)
    view = MyDataView(model)
    qtbot.addWidget(view)
    settle(loaded)
    said = words(view)
    account = sample_view_kk().account
    for text in ("Number of residents", account.holder, "Water supply", "charged by the meter"):
        assert text in said


def test_a_correction_is_entered_as_a_command_and_listed_at_once(loaded, client, settle, qtbot):
    client.items = []
    model = MyData(loaded)
    view = MyDataView(model)
    qtbot.addWidget(view)
    settle(loaded)
    model.ask("residents")
    model.type("proposed", "5")
    model.type("explanation", "Бала туды")
    model.submit()
    settle(loaded)
    qtbot.waitUntil(lambda: bool(model.requests()) and model.requests()[0].text.startswith("Number"))
    assert client.calls[-1] == ("submit", RequestDataCorrection(ACCOUNT, "residents", "5", "Бала туды"))
    assert model.requests()[0].status == "Waiting to be sent"
    assert model.requests()[1].status == "Corrected"
    assert not model.open


def test_a_correction_without_reason_is_refused_at_the_field(loaded, client, settle):
    model = MyData(loaded)
    settle(loaded)
    model.ask("residents")
    model.type("proposed", "many")
    model.submit()
    assert {problem.field: problem.code for problem in model.problems} == {
        "explanation": "field-required",
        "proposed": "field-invalid",
    }
    assert not [call for call in client.calls if call[0] == "submit"]


def test_the_e_mail_is_changed_with_the_password_and_confirmed_by_letter(loaded, settle, qtbot):
    model = SettingsModel(loaded)
    view = SettingsView(model)
    qtbot.addWidget(view)
    settle(loaded)
    model.change_email()
    assert {problem.field for problem in model.problems} == {"new_email", "email_password"}
    model.type("new_email", "new@example.kz")
    model.type("email_password", "kabinet-demo")
    loaded.people.fail = Failed("current-password-wrong", "password")
    model.change_email()
    settle(loaded)
    assert [(problem.code, problem.field) for problem in model.problems] == [
        ("profile-wrong-password", "email_password")
    ], "that the password was not changed is no news here"
    loaded.people.fail = None
    model.change_email()
    settle(loaded)
    assert loaded.people.calls[-1] == ("change_email", ("new@example.kz", "kabinet-demo"))
    assert view.confirm_email.isVisibleTo(view)
    model.type("email_token", "https://x/email/abc")
    model.confirm_email()
    settle(loaded)
    assert loaded.people.calls[-1] == ("confirm_email", ("abc",))
    assert not view.confirm_email.isVisibleTo(view)


def test_a_wrong_current_password_stands_at_its_field(loaded, settle, qtbot):
    model = SettingsModel(loaded)
    settle(loaded)
    loaded.people.fail = Failed("current-password-wrong", "current")
    for key, text in (("current", "x"), ("new", "a new password"), ("again", "a new password")):
        model.type(key, text)
    model.change_password()
    settle(loaded)
    assert [problem.field for problem in model.problems] == ["current"]
    loaded.people.fail = Failed("password-common", "new_password")
    model.change_password()
    settle(loaded)
    assert [problem.field for problem in model.problems] == ["new"]
    loaded.people.fail = None
    model.change_password()
    settle(loaded)
    assert loaded.people.calls[-1] == ("change_password", ("x", "a new password"))
    assert "new" not in model.draft


def test_mailing_and_telephone_are_commands(loaded, client, settle, qtbot):
    model = SettingsModel(loaded)
    view = SettingsView(model)
    qtbot.addWidget(view)
    settle(loaded)
    assert (ACCOUNT, True) in [(row[0], row[2]) for row in model.mailings()]
    model.set_mailing(ACCOUNT, False)
    settle(loaded)
    assert client.calls[-1] == ("submit", SetMailing(ACCOUNT, False, "en"))
    model.type("phone", "+7 701 111 22 33")
    model.save_phone()
    settle(loaded)
    assert client.calls[-1] == ("submit", UpdateContact(7, "+7 701 111 22 33"))
    model.type("phone", "12")
    model.save_phone()
    assert [problem.code for problem in model.problems] == ["phone-invalid"]


def test_a_half_written_request_survives_closing(loaded, client, settle, qtbot):
    client.items = []
    model = MyData(loaded)
    settle(loaded)
    model.ask("area")
    model.type("proposed", "55,1")
    qtbot.waitUntil(lambda: _kept(loaded))
    again = MyData(loaded)
    qtbot.waitUntil(lambda: again.typed("proposed") == "55,1")
    assert again.item == "area"
    assert again.open


def _kept(context) -> bool:
    from models.cache.queries.drafts import load

    return "55,1" in context.store.read(lambda connection: load(connection, "my_data"))
