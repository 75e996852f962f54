"""Where the cursor is while something is under way, and after it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.kit import Button, IconButton


@pytest.fixture
def three(qtbot):
    """Return a part of a window with two buttons, and a button outside of the part."""
    window, part = QWidget(), QWidget()
    outer, inner = QVBoxLayout(window), QVBoxLayout(part)
    first, second, outside = Button("Send"), IconButton("x", "Close"), Button("en")
    inner.addWidget(first)
    inner.addWidget(second)
    outer.addWidget(part)
    outer.addWidget(outside)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield part, first, second
    window.close()


def test_a_button_that_waits_gives_the_cursor_to_no_other_button_and_takes_it_back(three, qtbot):
    part, first, second = three
    for button in (first, second):
        button.setFocus()
        button.setEnabled(False)
        assert part.hasFocus()  # the space bar, pressed once more, does nothing
        button.setEnabled(True)
        assert button.hasFocus()


def test_who_has_gone_elsewhere_meanwhile_stays_there(three, qtbot):
    part, first, second = three
    first.setFocus()
    first.setEnabled(False)
    qtbot.keyClick(part, Qt.Key.Key_Tab)
    assert second.hasFocus()
    first.setEnabled(True)
    assert second.hasFocus()
    first.setEnabled(False)
    part.setFocus()
    first.setEnabled(True)
    assert part.hasFocus()  # it was not this button that the cursor was on
