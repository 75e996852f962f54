"""A box to tick beside a sentence that is longer than a line."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui import theme
from ui.kit.buttons import Check
from ui.kit.labels import Text


class Agree(QWidget):
    """The box with its sentence; a click on either ticks it."""

    toggled = Signal(bool)

    def __init__(self, text: str, checked: bool = False) -> None:
        super().__init__()
        self.box = Check("")
        self.box.setChecked(checked)
        self.box.setAccessibleName(text)
        self.box.toggled.connect(self.toggled)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.grid(2))
        row.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Text(text, wrap=True), 1)
        self.setFocusProxy(self.box)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Override: the sentence belongs to the box."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.box.toggle()
