"""Buttons: the verb in words, an icon where it helps."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QPushButton,
    QRadioButton,
    QStyle,
    QStyleOptionButton,
    QToolButton,
    QWidget,
)

from ui import icons, theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton as _Base
else:
    _Base = object  # no class can have two of Qt's as its bases


class _Yielding(_Base):
    """A button that is not offered for a while lends the cursor to what is around it, and takes it back after that.

    Qt would send it on to whatever comes next in the window: a second press of the space bar would do that.
    """

    _lent: QWidget | None = None

    def setEnabled(self, on: bool) -> None:
        """Override."""
        around = self.parentWidget()
        if not on and around is not None and self.window().focusWidget() == self:
            around.setFocus()
            self._lent = around
        super().setEnabled(on)
        if on and self._lent is not None:
            if self._lent == around and self.isVisible() and self.window().focusWidget() == around:
                self.setFocus()
            self._lent = None


class Button(_Yielding, QPushButton):
    """A button with a verb. ``kind``: "" ordinary, "primary", "danger", "link", "quiet", "search"."""

    def __init__(
        self,
        text: str,
        act: Callable[[], object] | None = None,
        *,
        kind: str = "",
        icon: str = "",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setProperty("kind", kind)
        self.setAutoDefault(False)
        if kind == "link":
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        if icon:
            tint = {"primary": "on_accent", "danger": "danger", "link": "accent"}.get(kind, "text")
            self.setIcon(icons.beside(icon, tint))
            self.setIconSize(icons.beside_size())
        if name:
            self.setAccessibleName(name)
        if act is not None:
            self.clicked.connect(lambda _checked=False: act())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: Enter presses it too, as everywhere where somebody answers a question."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)


class IconButton(_Yielding, QToolButton):
    """A button without words; ``name`` is what it does, for the tooltip and for screen readers."""

    def __init__(
        self,
        icon: str,
        name: str,
        act: Callable[[], object] | None = None,
        *,
        tint: str = "text",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setIcon(icons.icon(icon, tint))
        self.setIconSize(icons.size(4.5))
        self.setToolTip(name)
        self.setAccessibleName(name)
        if act is not None:
            self.clicked.connect(lambda _checked=False: act())


class Check(QCheckBox):
    """A box to take or leave."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Override: the sign in the box comes from our icons."""
        super().paintEvent(event)
        if self.isChecked():
            _mark(self, "check", QStyle.SubElement.SE_CheckBoxIndicator)


class Radio(QRadioButton):
    """One of several to choose."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Override: the dot is drawn here."""
        super().paintEvent(event)
        if self.isChecked():
            _mark(self, "", QStyle.SubElement.SE_RadioButtonIndicator)


def _mark(button: QCheckBox | QRadioButton, name: str, part: QStyle.SubElement) -> None:
    option = QStyleOptionButton()
    button.initStyleOption(option)
    box = button.style().subElementRect(part, option, button)
    painter = QPainter(button)
    if name:
        side = min(box.width(), box.height())
        painter.drawPixmap(box, icons.pixmap(name, "on_accent", side / theme.grid(1), button.devicePixelRatioF()))
    else:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("on_accent"))
        inset = box.width() * 3 // 10
        painter.drawEllipse(box.adjusted(inset, inset, -inset, -inset))
    painter.end()


def button_row(*buttons: QWidget) -> QHBoxLayout:
    """Return buttons, and what belongs beside them, in a row from the leading edge on."""
    row = QHBoxLayout()
    row.setSpacing(theme.grid(2))
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return row
