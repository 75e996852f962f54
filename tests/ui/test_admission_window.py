"""What stands around the parent's screens: roles, regions, support, messages, the profile, what waits."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

import translations
from models.contract.admission_commands import UpdateProfile
from models.contract.records import Provider
from models.domain.admissions.states import State
from sync.status import WaitingItem
from tests.fixtures.family import FamilyClient, intentions
from tests.samples import balabaqsha as sample
from tests.ui.looking import fill, said, wrong
from tests.ui.resident import unnamed
from ui.messages.view import MessagesView
from ui.messages.view_model import Messages
from ui.profile.view import ProfileView
from ui.profile.view_model import Profile
from ui.region.view import RegionView
from ui.region.view_model import Region
from ui.shell.screens import SCREENS, screens_for
from ui.shell.window import Window
from ui.waiting.view import WaitingView
from ui.waiting.view_model import Waiting

pytestmark = pytest.mark.usefixtures("speaks_english")

# Roles, regions, support


def test_a_parent_sees_the_parent_s_screens_only(parent, open_window):
    window = open_window(parent())
    keys = [spec.key for spec in window.specs]
    assert "children" in keys
    assert "applications" in keys
    assert "overview" not in keys
    assert next(spec.key for spec in window.specs if spec.place == "rail") == "children"


def test_who_has_two_roles_switches_between_them(parent, open_window, settle):
    context = parent(roles=("resident", "parent"))
    window: Window = open_window(context)
    assert window.role == "resident"
    labels = [action.text() for action in window.frame_.header.user.menu().actions()]
    assert "Show as: Parent" in labels
    window.switch_role("parent")
    settle(context)
    assert window.key == "children"
    assert context.settings.get("role") == "parent"
    assert set(window.frame_.rail.buttons) >= {"children", "applications", "messages"}
    window.switch_role("resident")
    assert window.key == "overview"


def test_every_screen_of_a_parent_opens(parent, open_window, settle):
    context = parent()
    window = open_window(context)
    for spec in screens_for(("parent",)):
        window.go(spec.key)
        settle(context)
        assert window.key == spec.key
    assert {spec.key for spec in SCREENS if "parent" in spec.roles} <= {spec.key for spec in window.specs}


def test_the_menu_reaches_the_support_service(parent, open_window, settle):
    context = parent()
    links: list[str] = []
    context = replace(context, open_link=links.append)
    window = open_window(context)
    menu = window.frame_.header.user.menu()
    menu.aboutToShow.emit()
    actions = {action.text(): action for action in menu.actions()}
    actions["Support service: 8 (727) 339-72-22"].trigger()
    assert QApplication.clipboard().text() == "8 (727) 339-72-22"
    actions["Write to the support service"].trigger()
    assert links == ["https://wa.me/77473397222"]


def test_regions_are_shown_with_their_support_and_others_can_be_added(parent, settle, shown):
    context = parent()
    model = Region(context)
    settle(context)
    model.visited()
    settle(context)
    view = shown(RegionView(model))
    assert "Shown now" in said(view)
    assert model.others == []
    model.offered = (*model.offered, type("D", (), {"id": 900, "name": "Орал", "settlement": "Орал қ."})())
    model.changed.emit()
    assert "Орал" in said(view)
    model.add(900)
    settle(context)
    assert ("open_department", (900,)) in context.families.calls
    assert unnamed(view) == []


def test_the_town_of_a_department_is_said_once_where_its_address_has_it(parent, settle, shown):
    rows = [
        msgspec.structs.replace(row, address="020000, Көкшетау қ., Абай к-сі, 89") if isinstance(row, Provider) else row
        for row in sample.family_rows()
    ]
    context = parent(rows=rows)
    model = Region(context)
    settle(context)
    model.visited()
    settle(context)
    assert said(shown(RegionView(model))).count("Көкшетау қ.") == 1


# Messages, profile, waiting


def test_messages_name_the_child_and_open_its_application(parent, settle, qtbot, shown):
    context = parent()
    model = Messages(context)
    settle(context)
    settle(context)
    view = shown(MessagesView(model))
    rows = [str(view.list_model.index(row).data()) for row in range(view.list_model.rowCount())]
    assert any("Алыбай Алдияр" in row for row in rows)  # of several children each is told apart before it is opened
    model.open(7001)
    assert "Алыбай Алдияр Қуандықұлы" in said(view)
    with qtbot.waitSignal(context.bridge.go) as went:
        model.follow()
    assert went.args == ["application", {"application_id": sample.FIRST}]


@pytest.mark.parametrize(
    ("roles", "chosen", "screen"),
    [
        (("parent",), "", "application"),
        (("resident", "parent"), "resident", "application"),
        (("parent", "officer"), "parent", "application"),
        (("parent", "officer"), "officer", "office_queue"),
        (("doctor",), "", "doctor_review"),
        (("kindergarten",), "", "to_act"),
    ],
)
def test_a_message_leads_to_where_one_works_on_its_application(parent, settle, qtbot, roles, chosen, screen):
    context = parent(roles=roles)
    context.settings.set("role", chosen)
    model = Messages(context)
    settle(context)
    first = model.everything[0]
    message = msgspec.structs.replace(first.message, link="applications", application_id=8)
    model.everything = (type(first)(message, True),)
    model.open(message.id)
    with qtbot.waitSignal(context.bridge.go) as went:
        model.follow()
    assert went.args == [screen, {"application_id": 8}]


def test_a_message_to_a_parent_opens_the_parent_s_screens_to_whoever_reads_it_as_a_consumer(
    parent, open_window, settle
):
    context = parent(roles=("resident", "parent"))
    window = open_window(context)
    settle(context)
    assert window.role == "resident"
    window.go("application", {"application_id": sample.FIRST})
    settle(context)
    assert window.role == "parent"
    assert window.key == "application"
    window.go("office_queue", {})
    assert window.key == "application", "a screen of nobody's role here"


def test_the_journal_shows_one_s_own_acts_with_what_is_not_sent(parent, settle, shown):
    context = parent(client=FamilyClient(intentions()))
    model = Messages(context)
    settle(context)
    settle(context)
    view = shown(MessagesView(model))
    view.tabs.buttons["journal"].click()
    deeds = model.journal
    assert [deed.title for deed in deeds[:2]] == ["File an application", "Confirm interest in the voucher"]
    assert deeds[0].state == "waiting"
    assert {deed.event for deed in deeds[2:]} == {"submit", "join-waitlist"}
    assert view.journal.isVisible()
    view.tabs.buttons["inbox"].click()
    assert view.list.isVisible()


def test_a_resident_s_messages_have_no_journal(context, settle, shown):
    model = Messages(context)
    settle(context)
    assert shown(MessagesView(model)).tabs is None


def test_the_profile_changes_the_second_telephone_and_address(parent, settle, shown):
    client = FamilyClient()
    context = parent(client=client)
    model = Profile(context)
    settle(context)
    view = shown(ProfileView(model))
    assert "940225401806" in said(view)
    fill(model, extra_phone="12")
    model.save()
    assert wrong(model) == {"extra_phone": "phone-invalid"}
    fill(model, extra_phone="+7 702 555 00 11")
    model.save()
    settle(context)
    assert client.calls[-1][1] == UpdateProfile(sample.PARENT, extra_phone="+7 702 555 00 11")
    assert unnamed(view) == []


def test_a_profile_says_what_was_there_when_its_writing_began(parent, settle):
    earlier = UpdateProfile(sample.PARENT, address="Абай к-сі, 5")
    client = FamilyClient([WaitingItem("018e-7", earlier.KIND, earlier, sample.at(9, 14), "waiting")])
    context = parent(client=client)
    model = Profile(context)
    settle(context)
    assert model.value("address") == "Абай к-сі, 5", "what is on its way is what one wrote"
    model.type("address", "Абай к-сі, 7")
    client.items = []
    model.home.refresh()
    settle(context)
    model.save()
    settle(context)
    assert client.calls[-1][1] == UpdateProfile(sample.PARENT, address="Абай к-сі, 7")
    assert client.bases == [{"address": "Абай к-сі, 5"}]


def test_what_waits_is_described_in_words(parent, settle, shown):
    context = parent(client=FamilyClient(intentions()))
    model = Waiting(context)
    settle(context)
    view = shown(WaitingView(model))
    text = said(view)
    assert "Confirm interest in the voucher" in text
    assert "File an application" in text
    assert "General queue (voucher)" in text


@pytest.mark.parametrize("language", ["kk", "ru", "uk"])
def test_the_screens_speak_every_language_whole(parent, settle, shown, language):
    from ui.application.view import ApplicationPage
    from ui.application.view_model import ApplicationModel

    context = parent(State.VOUCHER_ISSUED)
    model = ApplicationModel(context)
    settle(context)
    translations.use(language)
    view = shown(ApplicationPage(model))
    text = said(view)
    assert "voucher" not in text.casefold()
    assert {"kk": "Эталондық сервер уақыты", "ru": "Эталонное время", "uk": "Еталонний час"}[language] in text
    verbs = {"kk": "Иә, ваучерді аламын", "ru": "Да, беру ваучер", "uk": "Так, беру ваучер"}
    assert verbs[language] in [button.text() for button in view.decision.buttons.values()]


def test_the_rail_says_how_many_applications_wait_for_their_parent(parent, open_window, settle):
    context = parent()
    window = open_window(context)
    settle(context)
    assert window.frame_.rail.buttons["applications"].accessibleName() == "Applications  1"


def test_an_attached_document_opens_from_the_provider(parent, settle, qtbot, shown):
    from ui.application.view import ApplicationPage
    from ui.application.view_model import ApplicationModel

    client = FamilyClient()
    context = parent(client=client)
    model = ApplicationModel(context)
    settle(context)
    model.show(application_id=sample.FIRST, tab="documents")
    shown(ApplicationPage(model))
    paper = next(one for one in model.view.attachments if one.kind == "027")
    with qtbot.waitSignal(model.picture_read) as read:
        model.open_document(paper)
    assert read.args[1] == "027у.jpg"
    assert ("document", "ef" * 32) in client.calls


@pytest.mark.parametrize("language", ["kk", "ru", "uk", "en"])
def test_mnemonics_are_unique_and_everything_is_named(parent, open_window, settle, language):
    context = parent()
    window = open_window(context)
    window.switch_language(language)
    shapes = {
        "children": [{}, {"add": True}],
        "applications": [{}, {"new": True}],
        "application": [{"tab": part} for part in ("information", "history", "documents")],
        "queue": [{"part": part} for part in ("queue", "statistics", "forecast")],
        "kindergartens": [{}, {"write": "review"}],
        "letters": [{}, {"write": True}, {"letter_id": 8201}],
    }
    for spec in screens_for(("parent",)):
        for shape in shapes.get(spec.key, [{}]):
            window.go(spec.key, shape)
            settle(context)
            QApplication.processEvents()
            view = window.frame_.current
            found: dict[str, list[str]] = {}
            for widget in view.findChildren(QWidget):
                named = isinstance(widget, QAbstractButton) or (
                    isinstance(widget, QLabel) and widget.buddy() is not None
                )
                text = widget.text().replace("&&", "") if named else ""
                if "&" in text and widget.isVisibleTo(window):
                    found.setdefault(text[text.index("&") + 1].casefold(), []).append(text)
            twice = {letter: texts for letter, texts in found.items() if len(texts) > 1}
            assert not twice, (spec.key, shape)
            assert unnamed(view) == [], (spec.key, shape)


def test_the_search_finds_applications_by_child_and_number(parent, open_window, settle):
    context = parent()
    window = open_window(context)
    settle(context)
    found = {one.title: one for one in window._findable()}
    found["Алыбай Аружан · ОДО-2026-249"].act()
    settle(context)
    assert window.key == "application"
    assert window.model("application").view.id == sample.SECOND
