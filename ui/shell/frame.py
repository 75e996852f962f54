"""What fills the window: head, rail, the open screen, bottom line; built again after a change of language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from ui import icons, theme
from ui.context import Context
from ui.kit import Text
from ui.shell.bottom import Bottom
from ui.shell.header import Header
from ui.shell.line import Line
from ui.shell.rail import Rail
from ui.shell.screens import ScreenSpec, have_accounts
from ui.shell.toasts import Toast


class Frame(QWidget):
    """The common part of both frames: a stack of views by key, and notices over it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stack = QStackedWidget()
        self._views: dict[str, QWidget] = {}
        self._toast: Toast | None = None

    @property
    def current(self) -> QWidget | None:
        """The view that is open."""
        return self.stack.currentWidget()

    def show_view(self, key: str, build: Callable[[], QWidget]) -> QWidget:
        """Open the view of a screen, building it the first time."""
        if key not in self._views:
            view = build()
            self._views[key] = view
            self.stack.addWidget(view)
        self.stack.setCurrentWidget(self._views[key])
        return self._views[key]

    def toast(self, text: str, tone: str, verb: str, act: Callable[[], object] | None) -> Toast:
        """Show a notice in place of the one before."""
        if self._toast is not None and self._toast.isVisible():
            self._toast.leave()
        self._toast = Toast(self, text, tone, verb, act)
        self._toast.destroyed.connect(self._forget)
        return self._toast

    def settled(self, text: str) -> None:
        """Let the notice of this text go; any other stays its time."""
        if self._toast is not None and self._toast.label.text() == text:
            self._toast.leave()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override."""
        super().resizeEvent(event)
        if self._toast is not None:
            self._toast.place()

    def _forget(self) -> None:
        self._toast = None


class InsideFrame(Frame):
    """After signing in."""

    narrowed = Signal(bool)

    def __init__(
        self,
        context: Context,
        line: Line,
        specs: Sequence[ScreenSpec],
        *,
        go: Callable[..., object],
        find: Callable[[], object],
        menu: Callable[[QObject], Sequence[QAction | None]],
        switch: Callable[[str], object],
    ) -> None:
        super().__init__()
        self.header = Header(context, find, lambda: go("messages"), menu, accounts=have_accounts(specs))
        self.rail = Rail([spec for spec in specs if spec.place == "rail"], go)
        self.bottom = Bottom(line, partial(_answer, line, go), switch)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addWidget(self.stack, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addLayout(middle, 1)
        layout.addWidget(self.bottom)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override."""
        super().resizeEvent(event)
        self.rail.narrow(event.size().width() < theme.grid(230))


class OutsideFrame(Frame):
    """Before signing in: the name of the program over one card in the middle."""

    def __init__(self, switch: Callable[[str], object]) -> None:
        super().__init__()
        self.bottom = Bottom(None, lambda: None, switch)
        brand = QHBoxLayout()
        brand.setSpacing(theme.grid(2))
        brand.addStretch(1)
        brand.addWidget(icons.Glyph("droplets", "accent", 9))
        brand.addWidget(Text("Kabinet", size=theme.Size.TITLE, bold=True))
        brand.addStretch(1)
        inner = QWidget()
        inner.setProperty("part", "scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(theme.grid(4), theme.grid(8), theme.grid(4), theme.grid(6))
        column.setSpacing(theme.grid(5))
        column.addLayout(brand)
        column.addWidget(self.stack, 0)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(area, 1)
        layout.addWidget(self.bottom)

    def show_view(self, key: str, build: Callable[[], QWidget]) -> QWidget:
        """Open a view in place of the one before: a stack is as high as its highest page, so only one is kept."""
        for name, view in list(self._views.items()):
            if name != key:
                self.stack.removeWidget(view)
                view.deleteLater()
                del self._views[name]
        return super().show_view(key, build)


def _answer(line: Line, go: Callable[..., object]) -> None:
    """Open what the line speaks about: what waits, or the way to sign in again when the session has ended."""
    if line.state == "signed_out":
        go("settings", part="sign_out")
    else:
        go("waiting")
