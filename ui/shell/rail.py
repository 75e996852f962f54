"""The rail: the screens of this person's role, in words; only icons when the window is narrow."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui import theme
from ui.kit import Button
from ui.kit.labels import restyle
from ui.shell.screens import ScreenSpec


class Rail(QFrame):
    """One checkable button a screen. ``mark(key)`` shows which is open, ``badge`` a number beside one."""

    def __init__(self, specs: Sequence[ScreenSpec], go: Callable[[str], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "rail")
        self._specs = {spec.key: spec for spec in specs}
        self._badges: dict[str, int] = {}
        self._scrolls = False
        self._narrow = self._close = False
        self.buttons: dict[str, QPushButton] = {}
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(theme.grid(2), theme.grid(3), theme.grid(2), theme.grid(3))
        column.setSpacing(theme.grid(0.5))
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        for spec in specs:
            button = Button("", partial(go, spec.key), icon=spec.icon)
            button.setCheckable(True)
            self._group.addButton(button)
            column.addWidget(button)
            self.buttons[spec.key] = button
        column.addStretch(1)
        # Short windows bring the entries closer together, and shorter ones scroll the rail.
        self._area = area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._show()

    def mark(self, key: str) -> None:
        """Show that this screen is open; one that is not in the rail leaves none marked."""
        self._group.setExclusive(False)
        for name, button in self.buttons.items():
            button.setChecked(name == key)
        self._group.setExclusive(True)

    def badge(self, counts: Mapping[str, int]) -> None:
        """Show how many new things are behind screens."""
        self._badges = dict(counts)
        self._show()

    def narrow(self, on: bool) -> None:
        """Show icons only, or words too."""
        if on != self._narrow:
            self._narrow = on
            self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override."""
        super().resizeEvent(event)
        self._fit(event.size().height())

    def _fit(self, room: int) -> None:
        """Bring the entries closer where they would not fit; where even so they do not, the bar has its own place."""
        loose, close = (self._height(padding) for padding in (theme.grid(1), 0))
        if self._close != (loose > room):
            self._close = loose > room
            for button in self.buttons.values():
                button.setProperty("close", self._close)
                restyle(button)
        self._scrolls = close > room
        self._show()

    def _height(self, padding: int) -> int:
        """Return how high all entries are, as the style sheet has them, with this much above and below each."""
        each = theme.grid(7) + 2 * padding + 2 + theme.grid(0.5)
        return len(self.buttons) * each + 2 * theme.grid(3)

    def _show(self) -> None:
        widest = 0
        for key, button in self.buttons.items():
            title = self._specs[key].title()
            count = self._badges.get(key, 0)
            words = f"{title}  {count}" if count else title
            button.setText("" if self._narrow else words)
            button.setAccessibleName(words)
            button.setToolTip(words if self._narrow else "")
            widest = max(widest, button.fontMetrics().horizontalAdvance(words))
        wide = theme.grid(17) if self._narrow else max(theme.grid(48), widest + theme.grid(20))
        self.setFixedWidth(wide + (self._area.verticalScrollBar().sizeHint().width() if self._scrolls else 0))
