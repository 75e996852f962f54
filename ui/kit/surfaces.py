"""Surfaces that hold things: cards, banners, ribbons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QSizePolicy, QVBoxLayout, QWidget

from ui import icons, theme
from ui.kit.buttons import Button
from ui.kit.labels import Heading, Muted, Text, restyle

GLYPHS: Final = {
    "": "info",
    "muted": "info",
    "accent": "info",
    "positive": "circle-check",
    "warning": "triangle-alert",
    "danger": "circle-alert",
    "pending": "hourglass",
}
"""The sign that goes with each tone, so colour is never the only signal."""


class Card(QFrame):
    """A raised surface with an optional title line; add to ``body``."""

    def __init__(self, title: str = "", *, icon: str = "", note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(theme.grid(4), theme.grid(3.5), theme.grid(4), theme.grid(4))
        self.body.setSpacing(theme.grid(2))
        self.header = QHBoxLayout()
        self.header.setSpacing(theme.grid(2))
        self.title: Heading | None = None
        if title:
            if icon:
                self.header.addWidget(icons.Glyph(icon, "accent", 5))
            self.title = Heading(title)
            self.header.addWidget(self.title, 1)
            self.body.addLayout(self.header)
            self.setAccessibleName(title)
        if note:
            self.body.addWidget(Muted(note))

    def add(self, item: QWidget | QLayout, stretch: int = 0) -> None:
        """Add a widget or a layout below."""
        if isinstance(item, QWidget):
            self.body.addWidget(item, stretch)
        else:
            self.body.addLayout(item, stretch)


class Banner(QFrame):
    """A sentence in place, with the act that helps. ``tone``: accent, positive, warning, danger, pending."""

    _part = "banner"

    def __init__(
        self,
        text: str = "",
        tone: str = "accent",
        *,
        verb: str = "",
        act: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("part", self._part)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.grid(3), theme.grid(2), theme.grid(3), theme.grid(2))
        row.setSpacing(theme.grid(2.5))
        self._glyph = icons.Glyph("info", "accent", 5)
        self.label = Text("", wrap=True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.label, 1)
        self._row = row
        self._buttons: list[Button] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.show_text(text, tone)
        if verb and act is not None:
            self.offer(verb, act)

    def show_text(self, text: str, tone: str = "") -> None:
        """Show another sentence; hidden when empty."""
        if tone:
            self.setProperty("tone", tone)
            self._glyph.show_icon(GLYPHS[tone], tone if tone != "muted" else "muted")
            restyle(self)
        self.label.setText(text)
        self.setAccessibleName(text)
        if not text:
            self.hide()
        elif self.parent() is not None:  # one without a place yet would stand on the desktop for a moment, and take
            self.show()  # the keyboard from the window; the layout that it joins shows it

    def offer(self, verb: str, act: Callable[[], object]) -> Button:
        """Add a button."""
        button = Button(verb, act)
        self._row.addWidget(button)
        self._buttons.append(button)
        return button

    def clear(self) -> None:
        """Say nothing and offer nothing."""
        for button in self._buttons:
            button.hide()  # it goes only when the program has time again
            button.deleteLater()
        self._buttons.clear()
        self.show_text("")


class Ribbon(Banner):
    """A narrow band over content that is not quite what it seems: an estimate, old data, a draft."""

    _part = "ribbon"

    def __init__(
        self,
        text: str = "",
        tone: str = "warning",
        *,
        verb: str = "",
        act: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, tone, verb=verb, act=act, parent=parent)
        self._row.setContentsMargins(theme.grid(3), theme.grid(1), theme.grid(3), theme.grid(1))


def clear_layout(layout: QLayout) -> None:
    """Take everything out of a layout and delete it."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear_layout(inner)
            inner.deleteLater()
