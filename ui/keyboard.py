"""What the keyboard keeps while a page is drawn anew: its place, and what a question that opens is answered with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from weakref import WeakKeyDictionary

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from shiboken6 import isValid

Goal = Callable[[], bool]
"""Puts the cursor somewhere; returns whether it could."""
_goals: WeakKeyDictionary[QWidget, tuple[Goal, object]] = WeakKeyDictionary()
"""Where the cursor of a page is on its way to: a page that is drawn once more meanwhile must not forget it."""


@contextmanager
def place_kept(page: QWidget) -> Iterator[None]:
    """Put the cursor back, after the page was drawn anew, on the control that says the same as the one that had it.

    Without this the focus of a control that goes would move to the next one of the window, far from the work.
    """
    before = QApplication.focusWidget()
    within = before is not None and page.isAncestorOf(before)
    name = _name(before) if within and before is not None else ""
    at = before.cursorPosition() if isinstance(before, QLineEdit) else 0
    yield
    if page in _goals:
        _aim(page, _goals[page][0])
    elif within and (before is None or not isValid(before) or not before.isVisible()):
        _aim(page, partial(_back, page, name, at))


def start_in(page: QWidget, *wanted: QWidget | Callable[[], QWidget | None] | None) -> None:
    """Put the cursor on the first of these that can take it; a page that is not seen keeps what it has.

    What news may draw anew before that is given as a function.
    """
    if page.isVisible():
        otherwise = _goals[page][0] if page in _goals else None
        _aim(page, lambda: _start(page, wanted) or (otherwise is not None and otherwise()))


def takes_focus(widget: QWidget, page: QWidget) -> bool:
    """Whether the keyboard can come to a widget of a page now."""
    return widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isEnabled() and widget.isVisibleTo(page)


def _aim(page: QWidget, goal: Goal) -> None:
    # What has just been put into a layout is shown with the next events, and can take the cursor only then.
    turn = object()
    _goals[page] = (goal, turn)
    QTimer.singleShot(0, page, partial(_reach, page, turn))


def _reach(page: QWidget, turn: object) -> None:
    if page in _goals and _goals[page][1] is turn:  # else the page has been drawn again
        _goals.pop(page)[0]()


def _start(page: QWidget, wanted: tuple[QWidget | Callable[[], QWidget | None] | None, ...]) -> bool:
    for one in wanted:
        widget = one if one is None or isinstance(one, QWidget) else one()
        if widget is not None and isValid(widget) and takes_focus(widget, page):
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
    return False


def _back(page: QWidget, name: str, at: int) -> bool:
    for widget in page.findChildren(QWidget):
        if name and takes_focus(widget, page) and _name(widget) == name:
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
            if isinstance(widget, QLineEdit):
                widget.setCursorPosition(at)
            return True
    page.setFocus(Qt.FocusReason.OtherFocusReason)
    return True


def _name(widget: QWidget) -> str:
    """Return by what a control is known again: what it keeps when its words change, its name, or the words on it."""
    return (
        str(widget.property("keeps") or "")
        or widget.accessibleName()
        or (widget.text() if isinstance(widget, QAbstractButton) else "")
    )
