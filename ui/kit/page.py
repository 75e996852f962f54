"""A page: title, one line of context, actions, content, and what it shows instead while there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QProgressBar,
    QScrollArea,
    QScrollBar,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from translations import _
from ui import icons, theme
from ui.kit.buttons import Button
from ui.kit.labels import Heading, Muted, Title
from ui.kit.surfaces import Banner, clear_layout


class State(StrEnum):
    """What a page shows."""

    CONTENT = "content"
    EMPTY = "empty"
    LOADING = "loading"
    OFFLINE = "offline"
    ERROR = "error"


_GLYPHS: Final = {
    State.EMPTY: ("inbox", "muted"),
    State.LOADING: ("hourglass", "muted"),
    State.OFFLINE: ("wifi-off", "warning"),
    State.ERROR: ("circle-alert", "danger"),
}
PATIENCE = 300
"""Milliseconds before a page admits that it is loading."""


class Page(QWidget):
    """A screen's frame. Put things with ``add``; switch with ``show_state``; a banner stands between head and content.

    Args:
        title: The screen's name.
        context: One line below: account, address, as of when.
        scroll: Whether the content scrolls as a whole (pages of cards) or fills the page (a table).
        width: Greatest width of the content in grid steps; 0 for all there is.
    """

    def __init__(
        self, title: str, context: str = "", *, scroll: bool = True, width: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self.title = Title(title)
        self.context = Muted(context)
        if not context:
            self.context.hide()
        self.acts = QHBoxLayout()
        self.acts.setSpacing(theme.grid(2))
        self.banner = Banner()
        self.banner.hide()
        self.state = State.CONTENT
        self._leave: Callable[[], bool] | None = None

        heads = QVBoxLayout()
        heads.setSpacing(theme.grid(0.5))
        heads.addWidget(self.title)
        heads.addWidget(self.context)
        head = QHBoxLayout()
        head.setSpacing(theme.grid(4))
        head.addLayout(heads, 1)
        head.addLayout(self.acts)
        head.setAlignment(self.acts, Qt.AlignmentFlag.AlignTop)

        self.filters = QHBoxLayout()
        self.filters.setSpacing(theme.grid(3))

        bar = _Bar(Qt.Orientation.Vertical)
        gap = theme.grid(1)
        gutter = gap + bar.sizeHint().width()  # the bar stands beside the page: what it scrolls ends where heads end
        content = QWidget()
        content.setProperty("part", "scrolled")
        self._outer = QVBoxLayout(content)
        self._outer.setContentsMargins(0, 0, gap if scroll else gutter, theme.grid(4) if scroll else 0)
        self.body = QVBoxLayout()
        self.body.setSpacing(theme.grid(4))
        self._outer.addLayout(self.body, 0 if scroll else 1)
        if width:
            content.setMaximumWidth(theme.grid(width) + (gap if scroll else gutter))
        self._stack = QStackedWidget()
        if scroll:
            area = QScrollArea()
            area.setWidgetResizable(True)
            area.setFrameShape(QFrame.Shape.NoFrame)
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            area.setVerticalScrollBar(bar)
            area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
            self._outer.addStretch(1)
            area.setWidget(content)
            if width:
                area.setAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTop)
            self._stack.addWidget(area)
        else:
            self._stack.addWidget(content)
        self._placeholder = _Placeholder()
        self._stack.addWidget(self._placeholder)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.grid(6), theme.grid(5), max(0, theme.grid(6) - gutter), theme.grid(3))
        layout.setSpacing(theme.grid(3))
        layout.addLayout(_limited(head, width, gutter))
        layout.addLayout(_limited(self.banner, width, gutter))
        self.filters.setContentsMargins(0, 0, gutter, 0)
        layout.addLayout(self.filters)
        layout.addWidget(self._stack, 1)

        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE)
        self._patience.timeout.connect(lambda: self._stack.setCurrentWidget(self._placeholder))

    def on_escape(self, leave: Callable[[], bool]) -> None:
        """Let Escape leave what is open; ``leave`` returns whether anything was."""
        self._leave = leave

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override."""
        if event.key() == Qt.Key.Key_Escape and self._leave is not None and self._leave():
            return
        super().keyPressEvent(event)

    def add(self, item: QWidget | QLayout, stretch: int = 0) -> None:
        """Add a widget or layout to the content, below what is there."""
        if stretch:
            self._outer.setStretch(0, 1000)
        if isinstance(item, QWidget):
            self.body.addWidget(item, stretch)
        else:
            self.body.addLayout(item, stretch)

    def primary(self, text: str, act: Callable[[], object], icon: str = "") -> Button:
        """Add the page's one primary action; returns its button."""
        button = Button(text, act, kind="primary", icon=icon)
        self.acts.addWidget(button)
        return button

    def secondary(self, text: str, act: Callable[[], object], icon: str = "") -> Button:
        """Add an action before the primary one; returns its button."""
        button = Button(text, act, icon=icon)
        at = self.acts.count()
        for index in range(self.acts.count()):
            item = self.acts.itemAt(index)
            widget = item.widget() if item is not None else None
            if widget is not None and widget.property("kind") == "primary":
                at = index
                break
        self.acts.insertWidget(at, button)
        return button

    def offer_acts(self, offered: bool) -> None:
        """Show the actions and filters, or none of them while there is nothing they could be about."""
        for row in (self.acts, self.filters):
            for index in range(row.count()):
                item = row.itemAt(index)
                widget = item.widget() if item is not None else None
                if widget is not None:
                    widget.setVisible(offered)

    def filter(self, widget: QWidget, *, last: bool = False) -> None:
        """Add a control to the line over the content; ``last`` ends the line with a stretch."""
        self.filters.addWidget(widget)
        if last:
            self.filters.addStretch(1)

    def go_up(self) -> None:
        """Scroll to the beginning of the content."""
        area = self._stack.widget(0)
        if isinstance(area, QScrollArea):
            area.verticalScrollBar().setValue(0)

    def reveal(self, widget: QWidget) -> None:
        """Scroll to a widget of the content, once it has its place."""
        area = self._stack.widget(0)
        if isinstance(area, QScrollArea):
            QTimer.singleShot(0, widget, lambda: _scroll_so_far(area, widget, 5))

    @contextmanager
    def line_kept(self) -> Iterator[None]:
        """Scroll back, after the content was put in anew, to where it had been scrolled."""
        area = self._stack.widget(0)
        line = area.verticalScrollBar().value() if isinstance(area, QScrollArea) else 0
        yield
        if line and isinstance(area, QScrollArea):
            QTimer.singleShot(0, area, lambda: _scroll_back(area, line, 5))

    def bring_up(self, widget: QWidget, done: Callable[[], None]) -> None:
        """Scroll so that a widget of the content stands at the top, as far as there is enough below it; then tell.

        When the widget is put away before, nothing is told: the one in its place has to be brought up.
        """
        area = self._stack.widget(0)
        if isinstance(area, QScrollArea):
            QTimer.singleShot(0, widget, lambda: _scroll_to(area, widget, done, 5))

    def room_for(self, widget: QWidget) -> int:
        """Return how high, in pixels, a widget of a scrolling page can be before the page scrolls."""
        area = self._stack.widget(0)
        inner = area.widget() if isinstance(area, QScrollArea) else None
        layout = inner.layout() if inner is not None else None
        if not isinstance(area, QScrollArea) or layout is None:
            return widget.height()
        layout.activate()  # what has just been put into it counts
        width, high = area.viewport().width(), layout.totalSizeHint().height()
        whole = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else high
        return area.viewport().height() - whole + widget.minimumHeight()

    def show_context(self, text: str) -> None:
        """Show another line of context."""
        self.context.setText(text)
        self.context.setVisible(bool(text))

    def show_state(
        self,
        state: State,
        sentence: str = "",
        *,
        detail: str = "",
        verb: str = "",
        act: Callable[[], object] | None = None,
        icon: str = "",
        at_once: bool = False,
    ) -> None:
        """Show the content, or instead of it a sentence with the next step.

        Loading appears only after ``PATIENCE`` unless ``at_once``; whatever was shown stays until then.
        """
        self.state = state
        self._patience.stop()
        if state is State.CONTENT:
            self._stack.setCurrentIndex(0)
            return
        glyph, tint = _GLYPHS[state]
        text = (
            sentence
            or {
                State.EMPTY: _("There is nothing here yet."),
                State.LOADING: _("Loading…"),
                State.OFFLINE: _("This needs a connection, and there is none now."),
                State.ERROR: _("This could not be shown."),
            }[state]
        )
        self._placeholder.show_text(icon or glyph, tint, text, detail, verb, act, busy=state is State.LOADING)
        if state is State.LOADING and not at_once:
            self._patience.start()
        else:
            self._stack.setCurrentWidget(self._placeholder)


class _Bar(QScrollBar):
    """A bar that keeps its place and is drawn only where there is something to scroll: pages do not jump."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Override."""
        if self.maximum() > self.minimum():
            super().paintEvent(event)


def _limited(part: QWidget | QLayout, width: int, gutter: int) -> QHBoxLayout:
    """Return a row that holds ``part`` to the width of the content, so heads and cards end at one line."""
    row = QHBoxLayout()
    row.setSpacing(0)
    row.setContentsMargins(0, 0, gutter, 0)
    if isinstance(part, QWidget):
        holder = part
    else:
        holder = QWidget()
        part.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(part)
    if width:
        holder.setMaximumWidth(theme.grid(width))
    row.addWidget(holder, 1)
    if width:
        row.addStretch(0)
    return row


class _Placeholder(QWidget):
    """A sentence in the middle with the next step."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout()
        self._column.setSpacing(theme.grid(3))
        self._shown: tuple[object, ...] = ()
        holder = QWidget()
        holder.setLayout(self._column)
        holder.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        holder.setMaximumWidth(theme.grid(130))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(holder, 10)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addLayout(row)
        layout.addStretch(3)

    def show_text(
        self, glyph: str, tint: str, text: str, detail: str, verb: str, act: Callable[[], object] | None, busy: bool
    ) -> None:
        """Show this instead, unless it stands there: a page says its state again with every piece of news."""
        shown = (glyph, tint, text, detail, verb, act, busy)
        if shown == self._shown:
            return
        self._shown = shown
        clear_layout(self._column)
        centre = Qt.AlignmentFlag.AlignHCenter
        self._column.addWidget(icons.Glyph(glyph, tint, 10), 0, centre)
        heading = Heading(text)
        heading.setAlignment(centre)
        self._column.addWidget(heading)
        if detail:
            note = Muted(detail)
            note.setAlignment(centre)
            self._column.addWidget(note)
        if busy:
            bar = QProgressBar()
            bar.setRange(0, 0)
            bar.setTextVisible(False)
            bar.setFixedWidth(theme.grid(50))
            bar.setAccessibleName(text)
            self._column.addWidget(bar, 0, centre)
        if verb and act is not None:
            self._column.addWidget(Button(verb, act, kind="primary"), 0, centre)


def _scroll_back(area: QScrollArea, line: int, tries: int) -> None:
    inner, bar = area.widget(), area.verticalScrollBar()
    layout = inner.layout() if inner is not None else None
    if layout is not None:
        layout.activate()
    bar.setValue(line)
    if bar.value() < line and tries:  # what has just been put into it comes with events
        QTimer.singleShot(0, area, lambda: _scroll_back(area, line, tries - 1))


def _scroll_so_far(area: QScrollArea, widget: QWidget, tries: int) -> None:
    inner = area.widget()
    layout = inner.layout() if inner is not None else None
    if layout is not None:
        layout.activate()
    area.ensureWidgetVisible(widget, 0, theme.grid(20))
    if tries:  # wrapped texts that have just been put into it get their height with events
        QTimer.singleShot(0, widget, lambda: _scroll_so_far(area, widget, tries - 1))


def _scroll_to(area: QScrollArea, widget: QWidget, done: Callable[[], None], tries: int) -> None:
    inner, bar = area.widget(), area.verticalScrollBar()
    if inner is None:
        return
    layout = inner.layout()
    if layout is not None:
        layout.activate()
    wanted = widget.mapTo(inner, QPoint(0, 0)).y() - theme.grid(2)
    bar.setValue(wanted)
    if (not widget.isVisible() or bar.value() < wanted) and tries:  # what has just been put into it comes with events
        QTimer.singleShot(0, widget, lambda: _scroll_to(area, widget, done, tries - 1))
    else:
        done()
