"""Search over everything (Ctrl+K): accounts, screens, acts. Typing narrows, arrows choose, Enter opens."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from translations import _
from ui import icons, theme
from ui.kit import Field, Muted
from ui.kit.labels import restyle

LIMIT: Final = 12
NOTE_ROLE: Final = Qt.ItemDataRole.UserRole
_GAPS: Final = re.compile(r"[\s\u00a0\u202f]+")


@dataclass(frozen=True, slots=True)
class Found:
    """Something to open: what it is called, what kind of thing it is, and how it is opened."""

    title: str
    note: str
    icon: str
    act: Callable[[], object]
    words: str = ""
    shortcut: str = ""

    def rank(self, text: str) -> int | None:
        """Return how well it answers ``text``, smaller is better; None when not at all."""
        title, line = self.title.casefold(), f"{self.title} {self.note} {self.words}".casefold()
        wanted = text.casefold().strip()
        squeezed = _GAPS.sub("", wanted)
        if title.startswith(wanted):
            return 0
        # An account number pasted with spaces is still that number.
        if squeezed.isdigit() and squeezed in _GAPS.sub("", line):
            return 1
        parts = wanted.split()
        words = line.split()
        if all(any(word.startswith(part) for word in words) for part in parts):
            return 2
        return 3 if all(part in line for part in parts) else None


class _Model(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.found: Sequence[Found] = ()

    def show(self, found: Sequence[Found]) -> None:
        """Show these."""
        self.beginResetModel()
        self.found = found
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own
        """Override."""
        return 0 if parent.isValid() else len(self.found)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Override."""
        if not index.isValid() or index.row() >= len(self.found):
            return None
        item = self.found[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return item.title
            case Qt.ItemDataRole.AccessibleTextRole:
                return ". ".join(part for part in (item.title, item.note, item.shortcut) if part)
            case _ if role == NOTE_ROLE:
                return " · ".join(part for part in (item.note, item.shortcut) if part)
            case Qt.ItemDataRole.DecorationRole:
                return icons.icon(item.icon, "muted")
        return None


class _Delegate(QStyledItemDelegate):
    """Draws what a thing is called at the leading side, and quietly at the trailing one what kind of thing it is."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Override."""
        drawn: Any = QStyleOptionViewItem(option)
        self.initStyleOption(drawn, index)
        note = str(index.data(NOTE_ROLE) or "")
        box = drawn.rect.adjusted(theme.grid(3), 0, -theme.grid(3), 0)
        note = drawn.fontMetrics.elidedText(note, Qt.TextElideMode.ElideRight, box.width() // 2)
        taken = drawn.fontMetrics.horizontalAdvance(note) + drawn.decorationSize.width() + theme.grid(8)
        drawn.text = drawn.fontMetrics.elidedText(drawn.text, Qt.TextElideMode.ElideRight, box.width() - taken)
        drawn.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, drawn, painter, drawn.widget)
        painter.save()
        painter.setFont(drawn.font)
        painter.setPen(theme.color("muted"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter), note)
        painter.restore()


class Palette(QFrame):
    """The search over the window. ``offer`` gives what is known at once, ``more`` the rest while typing."""

    closed = Signal()

    def __init__(
        self,
        parent: QWidget,
        offer: Callable[[], Sequence[Found]],
        more: Callable[[str, Callable[[Sequence[Found]], object]], object] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("part", "palette")
        restyle(self)
        self._known = tuple(offer())
        self._more = more
        self._extra: Sequence[Found] = ()
        self.field = Field(hint=_("Search account, person, action…"))
        self.field.setAccessibleName(_("Search everything"))
        self.field.addAction(icons.icon("search", "muted"), Field.ActionPosition.LeadingPosition)
        self.list = QListView()
        self.list.setAccessibleName(_("Found"))
        self.list.setIconSize(icons.size(4.5))
        self.list.setUniformItemSizes(True)
        self._model = _Model(self)
        self.list.setModel(self._model)
        self.list.setItemDelegate(_Delegate(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.nothing = Muted(
            _("Nothing is called that. Try an account number, a street, or a word such as “language”.")
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.grid(3), theme.grid(3), theme.grid(3), theme.grid(3))
        column.setSpacing(theme.grid(2))
        column.addWidget(self.field)
        column.addWidget(self.list)
        column.addWidget(self.nothing)
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.list.clicked.connect(lambda index: self._open(index.row()))
        self._search("")
        self.place()
        self.show()
        self.raise_()
        self.field.setFocus()

    @property
    def found(self) -> Sequence[Found]:
        """What is offered now, best first."""
        return self._model.found

    def place(self) -> None:
        """Stand in the upper middle of the parent."""
        parent = self.parentWidget()
        if parent is not None:
            width = min(parent.width() - theme.grid(8), theme.grid(150))
            self.setFixedWidth(width)
            self.adjustSize()
            self.move((parent.width() - width) // 2, theme.grid(14))

    def leave(self) -> None:
        """Close the search."""
        self.hide()
        self.closed.emit()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: arrows and Enter in the field work the list; leaving the field closes the search."""
        if event.type() == QEvent.Type.FocusOut and watched is self.field and self.isVisible():
            self.leave()
            return False
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        moves = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
        if event.key() in moves and self.found:
            row = (self.list.currentIndex().row() + moves[Qt.Key(event.key())]) % len(self.found)
            self.list.setCurrentIndex(self._model.index(row))
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.list.currentIndex().row())
            return True
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            return True
        return False

    def _search(self, text: str) -> None:
        self._extra = ()
        self._show()
        if text.strip() and self._more is not None:
            self._more(text, self._take)

    def _take(self, extra: Sequence[Found]) -> None:
        self._extra = extra
        self._show()

    def _show(self) -> None:
        text = self.field.text()
        ranked = [(rank, item) for item in self._known if (rank := item.rank(text)) is not None]
        ranked.sort(key=lambda pair: pair[0])
        known = [item for _rank, item in ranked]
        titles = {item.title for item in known}
        found = (known + [item for item in self._extra if item.title not in titles])[:LIMIT]
        self._model.show(found)
        if found:
            self.list.setCurrentIndex(self._model.index(0))
        self.list.setVisible(bool(found))
        self.nothing.setVisible(not found)
        row = self.list.sizeHintForRow(0) if found else 0
        self.list.setFixedHeight(row * len(found) + 2 * self.list.frameWidth())
        self.adjustSize()

    def _open(self, row: int) -> None:
        if 0 <= row < len(self.found):
            act = self.found[row].act
            self.leave()
            act()
