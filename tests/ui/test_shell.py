"""The window: rail, status line, search, languages, colours, what survives."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea, QWidget

import translations
from models.domain.problems import Problem
from sync.status import State, SyncStatus
from tests.fixtures.ports import MemorySettings, WireClient
from tests.fixtures.window import make_context
from tests.samples.resident import NOW, waiting_items
from ui import theme
from ui.actions import ACTS
from ui.kit import Button, Choice, Text
from ui.shell.frame import InsideFrame, OutsideFrame
from ui.shell.placing import raise_window
from ui.shell.screens import SCREENS


@pytest.fixture
def client():
    return WireClient(waiting_items())


@pytest.fixture
def busy_context(cabinet_store, client, tmp_path, qtbot):
    made = make_context(cabinet_store, client=client, folder=tmp_path)
    yield made
    made.tasks.close()


def spoken(window) -> str:
    return window.frame_.bottom.indicator.accessibleName()


def test_the_rail_shows_only_what_the_role_has(context, open_window):
    window = open_window(context)
    allowed = {spec.key for spec in SCREENS if spec.place == "rail" and spec.allowed(("resident",))}
    assert set(window.frame_.rail.buttons) == allowed


def test_the_status_line_says_state_waiting_and_age(busy_context, client, open_window, settle, qtbot):
    window = open_window(busy_context)
    assert "Online" in spoken(window)
    assert "2 waiting to be sent" in spoken(window)
    assert "1 needs your attention" in spoken(window)
    assert "data as of 15:02" in spoken(window)
    client.base = SyncStatus(State.OFFLINE, NOW, NOW, problem=Problem("offline"))
    client.tell("status")
    qtbot.waitUntil(lambda: "Offline since 15:02" in spoken(window))
    assert window.frame_.bottom.state.property("tone") == "warning"
    client.base = SyncStatus(State.ATTENTION, NOW, NOW)
    client.tell("status")
    qtbot.waitUntil(lambda: "Needs your attention" in spoken(window))
    client.base = SyncStatus(State.ATTENTION, NOW, NOW, problem=Problem("offline"))
    client.tell("status")
    qtbot.waitUntil(lambda: "Offline since 15:02" in spoken(window))  # not hidden by what was refused


def test_the_sum_of_waiting_money_stands_in_the_status_line(cabinet_store, open_window, qtbot, tmp_path):
    from models.contract.commands import PaidLine, TakePayment
    from sync.status import WaitingItem

    taken = TakePayment(123456, "KZT", [PaidLine(11, 126470)], "cash", "1")
    item = WaitingItem("p1", "take-payment", taken, NOW, "waiting", amount_minor=126470, currency="KZT")
    context = make_context(cabinet_store, client=WireClient([item]))
    window = open_window(context)
    assert "1 waiting to be sent (1,264.70\u00a0₸)" in spoken(window)


def test_a_click_on_the_status_line_opens_what_waits(busy_context, open_window, settle, qtbot):
    window = open_window(busy_context)
    qtbot.mouseClick(window.frame_.bottom.indicator, Qt.MouseButton.LeftButton)
    assert window.key == "waiting"


@pytest.mark.parametrize("language", ["kk", "ru", "uk", "en"])
def test_a_language_switches_at_once_and_keeps_screen_and_draft(context, open_window, settle, language):
    window = open_window(context)
    window.go("my_data", {"item": "area", "proposed": "55,1", "explanation": "кадастр"})
    settle(context)
    window.frame_.bottom.languages[language].click()
    settle(context)
    assert translations.current() == language
    assert context.settings.get("language") == language
    assert window.key == "my_data"
    form = window.frame_.current.form
    assert form.text("proposed") == "55,1"
    assert form.text("explanation") == "кадастр"


def test_colours_switch_at_once_and_keep_the_screen(context, open_window, settle, qtbot):
    window = open_window(context)
    window.go("settings", {})
    colours = window.frame_.current.findChildren(Choice)[1]
    colours.chosen.emit("dark")
    qtbot.waitUntil(lambda: theme.tokens() is theme.DARK)
    assert window.key == "settings"
    assert QApplication.instance().palette().window().color().name() == theme.DARK.surface
    window.act("dark")
    qtbot.waitUntil(lambda: theme.tokens() is theme.LIGHT)
    assert context.settings.get("theme") == "light"


def test_text_grows_and_shrinks(context, open_window):
    window = open_window(context)
    window.act("larger")
    assert context.settings.get("text_size") == 115
    window.act("smaller")
    window.act("smaller")
    window.act("smaller")
    assert context.settings.get("text_size") == 90


def test_the_search_finds_an_account_pasted_with_spaces(context, open_window, settle):
    window = open_window(context)
    palette = window.search()
    palette.field.setText("12 34 56")
    settle(context)
    assert palette.found
    assert palette.found[0].title.startswith("123456")


def test_the_search_finds_screens_acts_and_languages(context, open_window, qtbot):
    window = open_window(context)
    palette = window.search()
    palette.field.setText("settings")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.key == "settings"
    palette = window.search()
    palette.field.setText("пароль")
    assert [found.title for found in palette.found] == ["Settings"]
    palette.field.setText("українська")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert translations.current() == "uk"


def test_the_search_is_worked_by_arrows_and_closed_by_escape(context, open_window, qtbot):
    window = open_window(context)
    palette = window.search()
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.list.currentIndex().row() == 1
    palette.field.setText("zzzz")
    assert not palette.found
    assert palette.nothing.isVisibleTo(palette)
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert window.search() is not palette


def test_the_search_finds_by_surname_through_the_index(context, open_window, settle):
    window = open_window(context)
    palette = window.search()
    palette.field.setText("кожемяка")
    settle(context)
    assert any("101" in found.title for found in palette.found)


def test_screen_and_place_of_the_window_are_remembered(context, open_window, settle):
    window = open_window(context)
    window.go("settings", {})
    window.resize(QSize(760, 700))
    window.close()
    assert context.settings.get("last_screen") == "settings"
    again = open_window(context)
    assert again.key == "settings"
    assert again.size() == QSize(760, 700)


def test_a_window_saved_on_a_screen_that_is_gone_comes_back_into_view(context, open_window):
    window = open_window(context)
    window.move(QPoint(90_000, 90_000))
    window.close()
    again = open_window(context)
    area = again.screen().availableGeometry()
    assert area.intersects(again.geometry())


def test_a_minimised_window_comes_back_to_the_front(context, open_window, qtbot):
    window = open_window(context)
    window.showMinimized()
    assert window.isMinimized()
    raise_window(window)
    assert not window.isMinimized()
    qtbot.waitUntil(window.isActiveWindow)


def test_going_back_opens_the_screen_before(context, open_window):
    window = open_window(context)
    window.go("messages", {})
    window.go("settings", {})
    window.back()
    assert window.key == "messages"


def test_signing_out_closes_what_was_shown(context, open_window, settle, qtbot):
    context.settings.set("last_screen", "settings")
    window = open_window(context)
    window.go("settings", {"part": "sign_out"})
    settle(context)
    model = window.model("settings")
    assert model.signing_out == "ask"
    model.sign_out()
    qtbot.waitUntil(lambda: isinstance(window.frame_, OutsideFrame))
    assert window.key == "sign_in"
    assert window.context.inside is None
    assert window.model("sign_in").news == "signed_out"
    assert context.settings.get("last_screen") == "", "whoever signs in next begins at the beginning"


def test_signing_out_asks_about_what_waits(busy_context, open_window, settle, qtbot):
    window = open_window(busy_context)
    window.go("settings", {"part": "sign_out"})
    settle(busy_context)
    model = window.model("settings")
    assert model.signing_out == "waiting"
    texts = [label.text() for label in window.frame_.current.findChildren(Text)]
    assert any("2 entries have not been sent" in text for text in texts)
    page = window.frame_.current
    area = page.findChild(QScrollArea)
    leave = next(one for one in page.findChildren(Button) if one.text().startswith("Sign out and"))
    qtbot.waitUntil(lambda: area.viewport().rect().contains(leave.rect().translated(leave.mapTo(area, QPoint(0, 0)))))
    model.sign_out()
    qtbot.waitUntil(lambda: isinstance(window.frame_, OutsideFrame))
    assert busy_context.entrance.calls[-1] == ("sign_out", True)


def test_a_failure_that_nobody_expected_is_said_and_not_swallowed(context, open_window, qtbot):
    window = open_window(context)
    context.tasks.ask(window, lambda: 1 / 0, lambda _answer: None)
    qtbot.waitUntil(lambda: window.frame_._toast is not None)
    assert "Something went wrong" in window.frame_._toast.label.text()


def test_a_toast_offers_its_act_once(context, open_window, qtbot):
    window, done = open_window(context), []
    context.toast("Withdrawn.", "positive", "Undo", lambda: done.append(1))
    toast = window.frame_._toast
    button = next(b for b in toast.findChildren(QAbstractButton) if b.text() == "Undo")
    button.click()
    assert done == [1]
    assert not toast.isVisible()


def test_a_refused_entry_is_notified_once(busy_context, client, open_window, settle, qtbot):
    from dataclasses import replace

    open_window(busy_context)
    told = busy_context.notifier.shown
    assert told == [], "what was known at the start is no news"
    client.items[1] = replace(client.items[1], state="refused", problems=(Problem("no-email"),))
    client.tell("waiting")
    qtbot.waitUntil(lambda: len(told) == 1)
    client.tell("waiting")
    settle(busy_context)
    assert len(told) == 1
    assert told[0][2] == "waiting"


def test_no_shortcut_is_used_twice(context, open_window):
    window = open_window(context)
    shortcuts = [action.shortcut().toString() for action in window.actions() if not action.shortcut().isEmpty()]
    assert not [keys for keys, count in Counter(shortcuts).items() if count > 1]
    assert QKeySequence("Ctrl+K").toString() in shortcuts
    assert len({act.key for act in ACTS}) == len(ACTS)


def test_a_narrow_window_shows_only_icons_in_the_rail(context, open_window, qtbot):
    window = open_window(context)
    window.resize(theme.grid(300), theme.grid(180))
    wide = window.frame_.rail.width()
    assert window.frame_.rail.buttons["messages"].text()
    window.resize(theme.grid(200), theme.grid(180))
    qtbot.waitUntil(lambda: window.frame_.rail.width() < wide)
    button = window.frame_.rail.buttons["messages"]
    assert button.text() == ""
    assert button.accessibleName()


def test_before_signing_in_only_the_ways_in_can_be_opened(outside, open_window):
    window = open_window(outside)
    assert window.key == "sign_in"
    window.go("settings", {})
    assert window.key == "sign_in"


def test_without_a_provider_the_first_start_asks_for_it(cabinet_store, open_window):
    context = make_context(cabinet_store, signed_in=False, settings=MemorySettings(provider_url=""))
    window = open_window(context)
    assert window.key == "first_run"


def keys_of(spec_place: str) -> list[str]:
    return [spec.key for spec in SCREENS if (spec.place == "outside") == (spec_place == "outside")]


MINE = ("waiting", "messages", "settings", "my_data", "sign_in", "register", "recover", "find_account", "first_run")


@pytest.mark.parametrize("key", MINE)
def test_every_focusable_widget_has_a_name_for_screen_readers(key, context, outside, open_window, settle):
    given = outside if key in keys_of("outside") else context
    window = open_window(given)
    window.go(key, {})
    settle(given)
    nameless = []
    for widget in window.findChildren(QWidget):
        if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or not widget.isVisibleTo(window):
            continue
        if widget.objectName().startswith("qt_") or widget.focusProxy() is not None:
            continue
        interface = QAccessible.queryAccessibleInterface(widget)
        if not interface.text(QAccessible.Text.Name):
            nameless.append(f"{type(widget).__name__} {widget.parent()}")
    assert not nameless


@pytest.mark.parametrize("language", ["kk", "ru", "uk", "en"])
@pytest.mark.parametrize("key", MINE)
def test_mnemonics_are_unique_on_a_screen(key, language, context, outside, open_window, settle):
    given = outside if key in keys_of("outside") else context
    window = open_window(given)
    window.switch_language(language)
    window.go(key, {"item": "area"} if key == "my_data" else {})
    settle(given)
    found: dict[str, list[str]] = {}
    for widget in window.frame_.current.findChildren(QWidget):
        if isinstance(widget, QAbstractButton) or (isinstance(widget, QLabel) and widget.buddy() is not None):
            text = widget.text().replace("&&", "")
            if "&" in text and widget.isVisibleTo(window):
                found.setdefault(text[text.index("&") + 1].casefold(), []).append(text)
    assert not {letter: texts for letter, texts in found.items() if len(texts) > 1}


@pytest.mark.parametrize("key", MINE)
def test_labels_show_data_as_plain_text(key, context, outside, open_window, settle):
    given = outside if key in keys_of("outside") else context
    window = open_window(given)
    window.go(key, {})
    settle(given)
    for label in window.frame_.findChildren(QLabel):
        if label.pixmap().isNull():
            assert label.textFormat() == Qt.TextFormat.PlainText, label.text()


def test_tab_walks_a_form_in_reading_order(outside, open_window, settle, qtbot):
    window = open_window(outside)
    window.activateWindow()
    view = window.frame_.current
    view.login.setFocus()
    seen = [window.focusWidget()]
    for _ in range(8):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        seen.append(window.focusWidget())
    assert seen == [
        view.login,
        view.password,
        view.enter,
        view.forgot,
        view.register,
        view.parent_button,
        view.look_up,
        view.queue,
        view.other,
    ]


def test_the_frame_inside_is_the_one_with_the_rail(context, open_window):
    assert isinstance(open_window(context).frame_, InsideFrame)


def test_closing_goes_to_the_tray_only_when_chosen_and_there_is_one(context, open_window):
    window = open_window(context)
    context.settings.set("close_to_tray", True)
    context.notifier.present = True
    window.close()
    assert window.isHidden()
    assert window.context.inside is not None
    assert window.model("settings") is not None
    window.act("quit")
    assert context.settings.get("last_screen")


def test_the_user_s_menu_works_after_a_change_of_language(context, open_window, qtbot):
    window = open_window(context)
    window.switch_language("uk")
    QApplication.sendPostedEvents(None, 0)
    entries = [action for action in window.frame_.header.user.menu().actions() if action.text()]
    assert "Налаштування" in [action.text() for action in entries]
    next(action for action in entries if action.text() == "Налаштування").trigger()
    assert window.key == "settings"
