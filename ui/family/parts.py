"""Widgets that screens of a family share: facts in pairs, tabs, the block of a deadline, the server's clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from translations import _
from ui import icons, theme
from ui.family import words
from ui.family.acts import deadline_words
from ui.family.advice import Term, term_words
from ui.family.model import FamilyModel
from ui.kit import Page, Text
from ui.kit.page import State
from ui.kit.tabs import Tabs as Tabs


class Facts(QWidget):
    """Names in muted letters with their values beside; empty values are left out."""

    def __init__(self, pairs: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.grid(4))
        grid.setVerticalSpacing(theme.grid(1.5))
        grid.setColumnStretch(1, 1)
        shown = [pair for pair in pairs if pair[1]]
        widest = max((self.fontMetrics().horizontalAdvance(name) for name, _value in shown), default=0)
        for row, (name, value) in enumerate(shown):
            label = Text(name, tone="muted", wrap=True)
            label.setFixedWidth(min(widest + theme.grid(1), theme.grid(34)))
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Text(value, wrap=True, selectable=True), row, 1, Qt.AlignmentFlag.AlignTop)


class Seen(QWidget):
    """A widget that ticks each second while it is seen, and rests otherwise."""

    def __init__(self, home: FamilyModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.home = home
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self.tick)

    def tick(self) -> None:
        """Show another second."""

    def showEvent(self, event: QShowEvent) -> None:
        """Override."""
        super().showEvent(event)
        self._second.start()
        self.tick()

    def hideEvent(self, event: QHideEvent) -> None:
        """Override."""
        super().hideEvent(event)
        self._second.stop()


class ServerClock(Seen):
    """The department's clock, ticking, or honestly this computer's before the first contact."""

    def __init__(self, home: FamilyModel, *, prominent: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(home, parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.grid(1.5))
        row.addWidget(icons.Glyph("clock", "muted", 4))
        size = theme.Size.BODY if prominent else theme.Size.SMALL
        self.label = Text("", size=size, bold=prominent, tone="" if prominent else "muted")
        row.addWidget(self.label)
        row.addStretch(1)
        self.tick()

    def tick(self) -> None:
        """Override."""
        moment = words.exact(self.home.server_now(), self.home.zone)
        text = (
            _("Reference server time: {moment}") if self.home.clock_is_known else _("Time of this computer: {moment}")
        )
        self.label.setText(text.format(moment=moment))


class DeadlineBlock(Seen):
    """How much time is left in large figures, until when, and by whose clock."""

    passed = Signal()
    """While somebody looked the term ended or another day began: what is possible may be something else."""

    def __init__(self, home: FamilyModel, term: Term, zone: str, parent: QWidget | None = None) -> None:
        super().__init__(home, parent)
        self._term, self._zone = term, zone
        self._over = term.deadline.passed(home.server_now())
        self._day = self._today()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.grid(0.5))
        column.addWidget(Text(term_words(term), tone="muted", wrap=True))
        self.left = Text("", size=theme.Size.TITLE, bold=True)
        column.addWidget(self.left)
        self.until = Text(_("until {due}").format(due=deadline_words(term.deadline, zone)), bold=True)
        column.addWidget(self.until)
        column.addWidget(ServerClock(home))
        self.tick()

    def tick(self) -> None:
        """Override."""
        now = self.home.server_now()
        before, self._over = (self._over, self._day), self._term.deadline.passed(now)
        self._day, over = self._today(), self._over
        rest = self._term.left(now)
        self.left.setText(_("The term is over") if over else words.left(max(rest, timedelta(0))))
        self.left.tone("danger" if over and self._term.mine else self._term.tone(now).replace("muted", ""))
        self.setAccessibleName(f"{self.left.text()}, {self.until.text()}")
        if (over, self._day) != before:
            self.passed.emit()

    def _today(self) -> date:
        return self.home.server_now().astimezone(ZoneInfo(self._zone)).date()


def show_why_empty(page: Page, home: FamilyModel) -> None:
    """Show on a family's page why there is nothing to show yet."""
    page.offer_acts(False)
    if home.problem is not None and not home.ready:
        from models.contract.sentences import sentence

        page.show_state(State.ERROR, sentence(home.problem), verb=_("Try again"), act=home.refresh)
    elif not home.ready:
        page.show_state(State.LOADING)
    elif home.department is None and home.offline:
        page.show_state(
            State.OFFLINE, _("There are no data on this computer yet, and there is no connection to fetch them.")
        )
    elif home.department is None:
        page.show_state(
            State.EMPTY,
            _("No education department is connected with your login yet."),
            detail=_("Its kindergartens and queues appear here with the next exchange of data."),
            icon="building",
        )
