"""A row that goes on in the next line where it no longer fits: for large text, long words and narrow windows."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget

from ui import theme


class Flow(QLayout):
    """Items side by side, each as wide as it likes, wrapped like words. ``gap`` is in grid steps."""

    def __init__(self, gap: float = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = theme.grid(gap)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Override."""
        self._items.append(item)

    def count(self) -> int:
        """Override."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Override."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Override."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Override."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Override."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Override."""
        return self._arrange(QRect(0, 0, width, 0), place=False)

    def setGeometry(self, rectangle: QRect) -> None:
        """Override."""
        super().setGeometry(rectangle)
        self._arrange(rectangle, place=True)

    def sizeHint(self) -> QSize:
        """Override: all in one line."""
        hints = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(hint.width() for hint in hints) + self._gap * max(0, len(hints) - 1)
        return QSize(width, max((hint.height() for hint in hints), default=0))

    def minimumSize(self) -> QSize:
        """Override: the widest item."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _arrange(self, rectangle: QRect, *, place: bool) -> int:
        """Place the items, or only find out how high they are together."""
        parent = self.parentWidget()
        mirrored = parent is not None and parent.layoutDirection() is Qt.LayoutDirection.RightToLeft
        x, y, line = rectangle.x(), rectangle.y(), 0
        beside: list[tuple[QLayoutItem, QRect]] = []  # those of one line, centred in it once its height is known
        for item in self._items:
            if item.isEmpty():
                continue
            hint = item.sizeHint()
            if line and x + hint.width() > rectangle.right() + 1:
                _centre(beside, line)
                x, y, line = rectangle.x(), y + line + min(self._gap, theme.grid(2)), 0
            width = min(hint.width(), rectangle.width()) if rectangle.width() > 0 else hint.width()
            if place:
                left = rectangle.right() + 1 - (x - rectangle.x()) - width if mirrored else x
                beside.append((item, QRect(QPoint(left, y), QSize(width, hint.height()))))
            x += hint.width() + self._gap
            line = max(line, hint.height())
        _centre(beside, line)
        return y + line - rectangle.y()


def _centre(beside: list[tuple[QLayoutItem, QRect]], line: int) -> None:
    """Place the items of a line: a box to tick stands level with the words of a button beside it."""
    for item, place in beside:
        item.setGeometry(place.translated(0, (line - place.height()) // 2))
    beside.clear()


def flowing(gap: float = 2) -> tuple[QWidget, Flow]:
    """Return a widget with a flow in it, as high as its lines need."""
    widget = QWidget()
    flow = Flow(gap, widget)
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    widget.setSizePolicy(policy)
    return widget, flow
