"""A resident who becomes a parent, a new telephone, twins, and the kindergartens that many wait for."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from PySide6.QtWidgets import QApplication

from models.contract.admission_commands import EditApplication
from models.domain.admissions.states import State
from sync.status import WaitingItem
from tests.fixtures.family import FamilyClient, WireFamilies
from tests.fixtures.ports import Failed
from tests.fixtures.window import make_context, make_store
from tests.samples import balabaqsha as sample
from tests.samples import resident, sample_view_kk
from tests.ui.looking import fill, said, submitted, wrong
from tests.ui.resident import unnamed
from ui.application.view import ApplicationPage
from ui.application.view_model import ApplicationModel
from ui.kit import Button
from ui.profile.view import ProfileView
from ui.profile.view_model import Profile
from ui.queue.view import QueueView
from ui.queue.view_model import Queue
from ui.settings.view import SettingsView
from ui.settings.view_model import SettingsModel

pytestmark = pytest.mark.usefixtures("speaks_english")


def buttons(view) -> list[str]:
    QApplication.processEvents()
    return [button.text() for button in view.findChildren(Button) if button.isVisibleTo(view)]


# A resident becomes a parent


@pytest.fixture
def neighbour(tmp_path, qtbot):
    """Return a function that makes the context of a resident; ``roles`` are those that the cache tells."""
    made = []

    def make(roles=("resident",), **rest):
        folder = tmp_path / f"neighbour-{len(made)}"
        folder.mkdir()
        someone = replace_person(roles)
        store = make_store(folder, [sample_view_kk()], [someone, sample.department()])
        context = make_context(store, client=FamilyClient(), folder=tmp_path, **rest)
        families = WireFamilies()
        made.append((replace(context, inside=replace(context.inside, families=families)), store))
        return made[-1][0]

    yield make
    for context, store in made:
        context.tasks.close()
        store.close()


def replace_person(roles):
    return msgspec.structs.replace(resident.person(), roles=list(roles))


def prove(model, context, settle) -> None:
    fill(model, phone="8 (701) 555-01-07")
    model.agree(True)
    model.send_code()
    settle(context)
    fill(model, one_time="123456")
    model.prove()
    settle(context)


def test_a_resident_adds_kindergarten_to_the_cabinet(neighbour, settle, qtbot):
    context = neighbour()
    model = SettingsModel(context)
    view = SettingsView(model)
    qtbot.addWidget(view)
    view.show()
    settle(context)
    model.show(part="join")
    assert "Step 1 of 3: Telephone" in said(view)
    assert unnamed(view) == []
    joining = model.joining
    prove(joining, context, settle)
    assert "Step 3 of 3: Who you are" in said(view)
    fill(joining, code="940225401806")
    joining.look_up()
    settle(context)
    assert "Сейтқали" in said(view)
    with qtbot.waitSignal(joining.joined):
        joining.accept_person()
    assert context.families.calls[-1] == (
        "join",
        ({"ticket": "ticket-1", "phone": "+77015550107", "code": "940225401806", "department": "kokshetau-edu"},),
    )
    assert [call[0] for call in context.client.calls].count("sync") == 1
    assert model.joining is None
    assert "Kindergarten" not in said(view)


def test_consent_is_asked_for_before_a_code_goes_out(neighbour, settle):
    context = neighbour()
    joining = SettingsModel(context).joining
    joining.start()
    fill(joining, phone="8 (701) 555-01-07")
    joining.send_code()
    assert wrong(joining) == {"consent": "consent-required"}
    assert context.families.calls == []


def test_a_ticket_that_is_over_leads_back_to_the_telephone(neighbour, settle, qtbot):
    context = neighbour()
    model = SettingsModel(context)
    view = SettingsView(model)
    qtbot.addWidget(view)
    view.show()
    joining = model.joining
    joining.start()
    prove(joining, context, settle)
    fill(joining, code="940225401806")
    joining.look_up()
    settle(context)
    context.families.fail = Failed("code-spent", "ticket")
    joining.accept_person()
    settle(context)
    assert joining.step == "phone"
    assert "Ask for a new one" in said(view)


def test_who_has_kindergarten_or_works_at_a_department_is_not_offered_it(neighbour):
    for roles in (("resident", "parent"), ("officer",), ("doctor",)):
        context = neighbour()
        context = replace(context, inside=replace(context.inside, roles=roles))
        assert SettingsModel(context).joining is None


def test_the_role_of_a_parent_appears_with_the_data_and_nothing_typed_is_lost(neighbour, open_window, settle):
    context = neighbour(roles=("resident", "parent"))
    window = open_window(context)
    settle(context)
    assert window.roles == ["resident", "parent"]
    assert window.role == "resident"
    menu = [action.text() for action in window._menu(window) if action is not None]
    assert "Show as: Parent" in menu
    assert "Kindergarten is in your cabinet: choose “Parent”" in said(window)
    assert "Add kindergarten to my cabinet" not in menu
    numbers = [summary.account.number for summary in context.selection.accounts]
    header = window.frame_.header
    assert numbers
    assert header.account.isVisibleTo(header)
    assert "Search account" in header._search_words
    window.switch_role("parent")
    assert window.key == "children"
    header = window.frame_.header
    assert not header.account.isVisibleTo(header), "a parent's screens have no account"
    assert "Search child" in header._search_words
    assert "Search child" in window.search().field.placeholderText()
    window.search().close()
    assert "account" not in window._acts
    assert not [one for one in window._findable() if any(number in one.title for number in numbers)]
    window.switch_role("resident")
    assert window.frame_.header.account.isVisibleTo(window.frame_.header)
    assert [one for one in window._findable() if any(number in one.title for number in numbers)]


def test_the_menu_of_a_resident_leads_to_it(neighbour, open_window, settle):
    context = neighbour()
    window = open_window(context)
    settle(context)
    action = next(one for one in window._menu(window) if one and one.text() == "Add kindergarten to my cabinet")
    action.trigger()
    settle(context)
    assert window.key == "settings"
    assert window.model("settings").joining.open


# Twins


def twins(third: bool = False) -> list:
    """Return the rows of the family, the son's and the daughter's applications served together."""
    mine = {sample.FIRST, sample.SECOND} | ({sample.FOURTH} if third else set())
    rows = sample.family_rows(State.QUEUED)
    return [
        msgspec.structs.replace(row, bundle_id=sample.FIRST)
        if type(row).TABLE == "application" and row.id in mine
        else row
        for row in rows
    ]


@pytest.fixture
def twin(open_son):
    return lambda client=None, third=False: open_son(State.QUEUED, rows=twins(third), client=client)


def test_twins_are_shown_as_served_together_and_parted_after_a_question(twin, settle):
    client = FamilyClient()
    model, view, context = twin(client)
    assert "Алдияр, Аружан are served together" in said(view)
    assert "Serve them separately" in buttons(view)
    model.ask_apart()
    assert "different kindergartens" in said(view)
    assert "This cannot be undone." in said(view)
    assert submitted(client) == []
    model.close()
    assert "This cannot be undone." not in said(view)
    model.ask_apart()
    model.serve_apart()
    settle(context)
    assert submitted(client) == [EditApplication(sample.DEPARTMENT, sample.FIRST, bundle=False)]
    assert unnamed(view) == []


def test_of_three_only_the_one_shown_leaves(twin):
    model, view, _context = twin(third=True)
    model.ask_apart()
    assert "The others stay together." in said(view)


def test_a_parting_on_its_way_is_not_asked_for_again(twin):
    waits = WaitingItem(
        "018e-9",
        "edit-application",
        EditApplication(sample.DEPARTMENT, sample.SECOND, bundle=False),
        sample.at(9, 14, 20),
        "waiting",
    )
    _model, view, _context = twin(FamilyClient([waits]))
    assert "Not sent yet" in said(view)
    assert "Serve them separately" not in buttons(view)


def test_an_application_that_stands_alone_speaks_of_no_twins(parent, settle, qtbot):
    context = parent(State.QUEUED)
    model = ApplicationModel(context)
    settle(context)
    model.show(application_id=sample.FIRST)
    view = ApplicationPage(model)
    qtbot.addWidget(view)
    view.show()
    assert "Twins" not in said(view)


# A new telephone


@pytest.fixture
def profile(parent, settle, qtbot):
    context = parent()
    model = Profile(context)
    settle(context)
    view = ProfileView(model)
    qtbot.addWidget(view)
    view.show()
    return model, view, context


def test_the_main_telephone_is_changed_with_a_code_and_the_password(profile, settle):
    model, view, context = profile
    assert "Codes and urgent messages go to +7 (7" in said(view).replace("\u00a0", " ")
    model.phone.start()
    prove(model.phone, context, settle)
    assert "The telephone +7 (701) 555‑01‑07 is proved." in said(view).replace("\u00a0", " ")
    model.phone.change()
    assert wrong(model.phone) == {"password": "field-required"}
    fill(model.phone, password="kabinet-demo")
    model.phone.change()
    settle(context)
    assert context.families.calls[-1] == (
        "change_phone",
        ({"ticket": "ticket-1", "phone": "+77015550107", "password": "kabinet-demo"},),
    )
    assert not model.phone.open
    assert "password" not in model.phone.draft
    assert "Change the telephone" in buttons(view)
    assert unnamed(view) == []


def test_a_wrong_password_leaves_the_proved_telephone_to_be_tried_again(profile, settle):
    model, view, context = profile
    model.phone.start()
    prove(model.phone, context, settle)
    context.families.fail = Failed("current-password-wrong", "password")
    fill(model.phone, password="no")
    model.phone.change()
    settle(context)
    assert "nothing was changed" in said(view)
    assert model.phone.step == "done"
    context.families.fail = Failed("code-spent", "ticket")
    model.phone.change()
    settle(context)
    assert model.phone.step == "phone"
    assert "Ask for a new one" in said(view)


# Popular kindergartens


@pytest.fixture
def popular(parent, settle, qtbot):
    def make(fail=None):
        context = parent()
        context.families.fail = fail
        model = Queue(context)
        settle(context)
        model.show(part="popular")
        settle(context)
        view = QueueView(model)
        qtbot.addWidget(view)
        view.show()
        return model, view, context

    return make


def cells(view, row: int) -> list[str]:
    model = view.table.model()
    return [model.index(row, column).data() for column in range(model.columnCount())]


def test_kindergartens_that_many_wait_for_come_first_and_few_are_not_told(popular):
    model, view, _context = popular()
    assert [row.organisation.id for row in model.popular[:4]] == [103, 102, 101, 105]
    assert cells(view, 0)[3:] == ["48", "4.8", "57"]
    assert cells(view, 3)[3:] == ["fewer than 5", "4.7", "22"]
    assert cells(view, 6)[3:] == ["fewer than 5", "–", "0"]
    model.filter(locality=sample.VILLAGE)
    assert [row.organisation.id for row in model.popular] == [107]
    assert unnamed(view) == []


def test_without_a_line_the_ratings_are_shown_and_the_numbers_are_not(popular, settle):
    model, view, context = popular(Failed("offline", direct=1))
    assert cells(view, 0)[3] == "–"
    assert [row.organisation.id for row in model.popular[:2]] == [103, 105]
    assert "Try again" in buttons(view)
    context.families.fail = None
    model.fetch_interest()
    settle(context)
    assert cells(view, 0)[3] == "48"
    assert "Try again" not in buttons(view)


def test_settings_send_a_parent_to_the_profile_for_another_telephone(parent, settle, qtbot):
    context = parent()
    model = SettingsModel(context)
    settle(context)
    view = SettingsView(model)
    qtbot.addWidget(view)
    view.show()
    settle(context)
    assert "Codes and urgent messages go to +7" in said(view)
    assert "Change the telephone" in buttons(view)
    assert not any("Save the telephone" in words for words in buttons(view))
    assert unnamed(view) == []
