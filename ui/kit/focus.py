"""The cursor of the keyboard stays where it is although what is around it is drawn anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QTableView, QWidget

TRIES = 10
"""Rounds of events until what was put into a layout is shown and can take the cursor."""


@contextmanager
def kept_focus(holder: QWidget) -> Iterator[None]:
    """While everything in ``holder`` is made anew: the cursor goes back to what has the same name as what had it, a
    table's to its row. What took the cursor in ``holder`` meanwhile keeps it."""
    before = QApplication.focusWidget()
    if before is None or not holder.isAncestorOf(before):
        yield
        return
    kind, name = type(before), _name(before)
    row = before.currentIndex().row() if isinstance(before, QTableView) else -1
    yield

    def again(tries: int = TRIES) -> None:
        now = QApplication.focusWidget()
        if now is not None and holder.isAncestorOf(now):
            return
        for widget in holder.findChildren(QWidget):
            if type(widget) is kind and _name(widget) == name and widget.isVisible() and widget.isEnabled():
                widget.setFocus()
                if isinstance(widget, QTableView) and row >= 0:
                    widget.setCurrentIndex(widget.model().index(min(row, widget.model().rowCount() - 1), 0))
                return
        if tries:
            QTimer.singleShot(0, holder, partial(again, tries - 1))

    QTimer.singleShot(0, holder, again)


def _name(widget: QWidget) -> str:
    return widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
