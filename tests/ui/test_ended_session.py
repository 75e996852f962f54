"""A session that the provider ended: the line says so and leads to signing in again."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

import translations
from sync.status import State, SyncStatus
from tests.fixtures.ports import WireClient
from tests.fixtures.window import make_context
from tests.samples.resident import NOW, waiting_items


@pytest.fixture
def ended(cabinet_store, tmp_path, qtbot):
    """Return the context of somebody whose session ended while two entries waited."""
    translations.use("en")
    client = WireClient(waiting_items(), SyncStatus(State.SIGNED_OUT, NOW, NOW))
    context = make_context(cabinet_store, client=client, folder=tmp_path)
    yield context
    context.tasks.close()


def said(window) -> str:
    return "\n".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


def test_the_line_of_an_ended_session_leads_to_signing_in_again(ended, open_window, settle, qtbot):
    window = open_window(ended)
    line = window.frame_.bottom.indicator
    qtbot.waitUntil(lambda: line.accessibleDescription() == "Sign in again")
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    settle(ended)
    assert window.key == "settings"
    qtbot.waitUntil(lambda: "Your session has ended" in said(window))
    assert "nothing is lost" not in said(window)
    again = window.frame_.current.leave
    assert again.text() == "Sign in again"
    qtbot.waitUntil(lambda: QApplication.focusWidget() is again)
    with qtbot.waitSignal(ended.bridge.go) as gone:
        again.click()
    assert ("sign_out", True) in ended.entrance.calls, "what waits is kept"
    assert gone.args[0] == "sign_in"
    assert gone.args[1]["login"] == ended.inside.login
    assert "news" not in gone.args[1]
