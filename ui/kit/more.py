"""Filters that are needed less often: behind one button, which says how many of them narrow the list."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from translations import _, formats
from ui import theme
from ui.kit.buttons import Button
from ui.kit.choice import Choice
from ui.kit.forms import Form


class MoreFilters(Button):
    """Opens a panel with the filters that are added; Escape or a click elsewhere closes it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", self.open, icon="filter", parent=parent)
        self._anything: dict[str, Any] = {}
        self.choices: dict[str, Choice] = {}
        self.panel = QFrame(self, Qt.WindowType.Popup)
        self.panel.setProperty("part", "popup")
        self.panel.setAccessibleName(_("More filters"))
        layout = QVBoxLayout(self.panel)
        layout.setContentsMargins(theme.grid(4), theme.grid(3), theme.grid(4), theme.grid(4))
        self.form = Form()
        layout.addWidget(self.form)
        self.count()

    def add(self, key: str, label: str, choice: Choice) -> None:
        """Add a filter; its first value is the one that does not narrow."""
        choice.setMinimumWidth(theme.grid(70))
        self._anything[key] = choice.itemData(0)
        self.choices[key] = choice
        choice.chosen.connect(lambda _value: self.count())
        self.form.add(key, label, choice)
        self.count()

    def count(self) -> None:
        """Say how many of the filters narrow the list now."""
        narrowing = sum(choice.value != self._anything[key] for key, choice in self.choices.items())
        text = _("More filters: {count}").format(count=formats.number(narrowing)) if narrowing else _("More filters")
        self.setText(text)

    def open(self) -> None:
        """Open the panel below the button, inside the screen."""
        self.panel.adjustSize()
        place = self.mapToGlobal(QPoint(0, self.height() + theme.grid(1)))
        screen = self.screen() or QGuiApplication.primaryScreen()
        most = screen.availableGeometry().right() - self.panel.width()
        self.panel.move(min(place.x(), most), place.y())
        self.panel.show()
        first = next(iter(self.choices.values()), None)
        if first is not None:
            first.setFocus()
