"""Icons: one outlined set, tinted by a token, sharp at every scale."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QLabel, QWidget

from resources import FOLDER
from ui import theme

_STEPS: Final = (4, 4.5)
"""Sizes of icons on buttons and in lists, in grid steps."""
SERVICES: Final = {
    "water": "droplet",
    "drainage": "waves",
    "refuse": "trash-2",
    "housing": "house",
    "heating": "sun",
    "electricity": "house-plug",
    "other": "receipt-text",
}
"""Icon of a service by ``records.Service.kind``."""


def icon(name: str, tint: str = "text") -> QIcon:
    """Return the icon ``name`` of resources/icons in a token's colour, grey when disabled; OSError if there is none."""
    return _made(name, tint, _draw)


def _made(name: str, tint: str, draw: Callable[[str, str, int], QPixmap]) -> QIcon:
    tokens = theme.tokens()
    result = QIcon()
    for side in _sides():
        result.addPixmap(draw(name, getattr(tokens, tint), side))
        result.addPixmap(draw(name, tokens.muted, side), QIcon.Mode.Disabled)
        if tint == "text":
            lit = tokens.on_accent if tokens.line == tokens.edge else tokens.accent  # high contrast turns them round
            result.addPixmap(draw(name, lit, side), QIcon.Mode.Normal, QIcon.State.On)
    return result


def _sides() -> list[int]:
    """Return the sides in pixels that the screens of this computer need: drawing an icon takes half a millisecond."""
    ratios = {screen.devicePixelRatio() for screen in QGuiApplication.screens()} | {1.0}
    return sorted({round(theme.grid(steps) * ratio) for steps in _STEPS for ratio in ratios})


@lru_cache(maxsize=2048)
def _draw(name: str, colour: str, size: int) -> QPixmap:
    source = (FOLDER / "icons" / f"{name}.svg").read_text("utf-8").replace("currentColor", colour)
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap


def pixmap(name: str, tint: str = "text", steps: float = 4.5, ratio: float = 1.0) -> QPixmap:
    """Return an icon as a picture ``steps`` of the grid wide, for a screen of ``ratio`` pixels a unit."""
    result = QPixmap(_draw(name, getattr(theme.tokens(), tint), round(theme.grid(steps) * ratio)))
    result.setDevicePixelRatio(ratio)
    return result


def beside(name: str, tint: str = "text") -> QIcon:
    """Return an icon to stand before a text: with a gap at its end, for :func:`beside_size`."""
    return _made(name, tint, _gapped)


@lru_cache(maxsize=512)
def _gapped(name: str, colour: str, side: int) -> QPixmap:
    result = QPixmap(side * 5 // 4, side)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.drawPixmap(0, 0, _draw(name, colour, side))
    painter.end()
    return result


def beside_size(steps: float = 4) -> QSize:
    """Return the size of an icon before a text, its gap included."""
    return QSize(theme.grid(steps) * 5 // 4, theme.grid(steps))


def size(steps: float = 4.5) -> QSize:
    """Return the icon size of buttons beside text."""
    return QSize(theme.grid(steps), theme.grid(steps))


class Glyph(QLabel):
    """An icon beside a text that says the same; silent for screen readers because the text speaks."""

    def __init__(self, name: str, tint: str = "text", steps: float = 4.5, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps = steps
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFixedSize(size(steps))
        self.show_icon(name, tint)

    def show_icon(self, name: str, tint: str = "text") -> None:
        """Show another icon."""
        self.setPixmap(pixmap(name, tint, self._steps, self.devicePixelRatioF()))
