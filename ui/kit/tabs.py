"""Parts of a screen of which one is shown."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy

from ui.flow import Flow
from ui.kit.buttons import Button


class Tabs(QFrame):
    """A button a part, one of them pressed; Left and Right go along them."""

    chosen = Signal(str)

    def __init__(self, parts: Sequence[tuple[str, str]], current: str, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        row = Flow(1, self)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, Button] = {}
        for key, title in parts:
            button = Button(title, None, kind="quiet")
            button.setCheckable(True)
            button.setChecked(key == current)
            button.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            self._group.addButton(button)
            self.buttons[key] = button
            row.addWidget(button)

    def choose(self, key: str) -> None:
        """Press a tab without telling."""
        if key in self.buttons:
            self.buttons[key].setChecked(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        keys = list(self.buttons)
        now = next((number for number, key in enumerate(keys) if self.buttons[key].hasFocus()), None)
        if step is None or now is None:
            super().keyPressEvent(event)
            return
        key = keys[(now + step) % len(keys)]
        self.buttons[key].setFocus()
        self.buttons[key].click()
