"""Short notices over the foot of the window: what has happened, with an act to undo or to look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from translations import _
from ui import icons, theme
from ui.kit import Button, IconButton, Text, restyle
from ui.kit.surfaces import GLYPHS

SECONDS: Final = 6


class Toast(QFrame):
    """One notice, shown over ``parent`` and gone after some seconds; it stays under the pointer."""

    def __init__(
        self, parent: QWidget, text: str, tone: str, verb: str = "", act: Callable[[], object] | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("part", "toast")
        restyle(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.grid(3), theme.grid(2), theme.grid(2), theme.grid(2))
        row.setSpacing(theme.grid(2))
        row.addWidget(icons.Glyph(GLYPHS.get(tone, "info"), tone or "accent", 5))
        self.label = Text(text, wrap=True)
        row.addWidget(self.label, 1)
        if verb and act is not None:
            button = Button(verb, act, kind="link")
            button.clicked.connect(self.leave)
            row.addWidget(button)
        row.addWidget(IconButton("x", _("Close the notice"), self.leave))
        self.setAccessibleName(text)
        self._timer = QTimer(self)
        self._timer.setInterval(SECONDS * 1000)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self.place()
        self.show()
        self.raise_()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def place(self) -> None:
        """Stand at the foot of the parent, in the middle."""
        parent = self.parentWidget()
        if parent is None:
            return
        margin = theme.grid(4)
        wished = self.label.fontMetrics().horizontalAdvance(self.label.text()) + theme.grid(50)
        width = min(parent.width() - 2 * margin, wished, theme.grid(150))
        self.setFixedWidth(width)
        self.adjustSize()
        self.move((parent.width() - width) // 2, parent.height() - self.height() - margin - theme.grid(9))

    def leave(self) -> None:
        """Go away."""
        self.hide()
        self.deleteLater()

    def _tick(self) -> None:
        focus = self.focusWidget()
        if not self.underMouse() and not (focus is not None and focus.hasFocus()):
            self.leave()
