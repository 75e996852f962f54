"""Buttons: the verb in words, an icon where it helps."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from ui import icons


class Button(QPushButton):
    """A button with a verb. ``kind``: "" ordinary, "primary", "danger", "link", "quiet"."""

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
            self.setIcon(icons.icon(icon, tint))
            self.setIconSize(icons.size(4))
        if name:
            self.setAccessibleName(name)
        if act is not None:
            self.clicked.connect(lambda _checked=False: act())


class IconButton(QToolButton):
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
