"""The cursor of the keyboard stays where it is although what is around it is drawn anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from weakref import WeakKeyDictionary

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QTableView, QWidget

TRIES = 10
"""Rounds of events until what was put into a layout is shown and can take the cursor."""


@dataclass(frozen=True, slots=True)
class _Place:
    """What had the cursor: a widget of a kind by its name, and in a table the row."""

    kind: type[QWidget]
    name: str
    row: int = -1

    def is_(self, widget: QWidget) -> bool:
        return type(widget) is self.kind and _name(widget) == self.name and widget.isVisible() and widget.isEnabled()


_lent: WeakKeyDictionary[QWidget, tuple[_Place, _Place]] = WeakKeyDictionary()
"""By what is drawn anew: where the cursor belongs, as soon as it can be there again, and where it waits meanwhile."""


@contextmanager
def kept_focus(holder: QWidget) -> Iterator[None]:
    """While everything in ``holder`` is made anew: the cursor goes back to what has the same name as what had it, a
    table's to its row. What took the cursor in ``holder`` meanwhile keeps it. Where the former place cannot have it,
    as a button that is not offered while something loads, it waits in the table that is there."""
    before = QApplication.focusWidget()
    if before is None or not holder.isAncestorOf(before):
        yield
        return
    place = _place(before)
    belongs, waits = _lent.pop(holder, (place, place))
    wanted = belongs if (waits.kind, waits.name) == (place.kind, place.name) else place
    yield
    QTimer.singleShot(0, holder, partial(_again, holder, wanted, TRIES))


def _again(holder: QWidget, wanted: _Place, tries: int) -> None:
    now = QApplication.focusWidget()
    if now is not None and holder.isAncestorOf(now):
        return
    found = next((one for one in holder.findChildren(QWidget) if wanted.is_(one)), None)
    if found is None and tries:
        QTimer.singleShot(0, holder, partial(_again, holder, wanted, tries - 1))
        return
    if found is None:
        found = next((one for one in holder.findChildren(QTableView) if one.isVisible()), None)
        if found is not None:
            _lent[holder] = wanted, _place(found)
    if found is None:
        return
    found.setFocus()
    if isinstance(found, QTableView) and wanted.row >= 0:
        found.setCurrentIndex(found.model().index(min(wanted.row, found.model().rowCount() - 1), 0))


def _place(widget: QWidget) -> _Place:
    row = widget.currentIndex().row() if isinstance(widget, QTableView) else -1
    return _Place(type(widget), _name(widget), row)


def _name(widget: QWidget) -> str:
    return widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
