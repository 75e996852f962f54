"""The overview: a card a service with the figure, when to pay and what to do; a year in bars below."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from models.contract.records import AccountView
from translations import _
from ui import icons, theme
from ui.cabinet_page import CabinetPage, ServiceSwitch
from ui.context import Context, Made
from ui.kit.buttons import Button
from ui.kit.labels import Heading, Muted, Rule, Text
from ui.kit.surfaces import Card, clear_layout
from ui.overview.chart import YearCard
from ui.overview.view_model import AccountGroup, OverviewModel, ServiceCard
from ui.selection import cabinet_of, named

CARD_WIDTH = 58
"""Least width of a card in grid steps; as many stand side by side as fit."""


class CardView(Card):
    """A service: balance in words, colour and sign; due date, readings, last payment. Enter or a click opens it."""

    opened = Signal(int, int)

    def __init__(self, card: ServiceCard, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.card = card
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(card.spoken)
        head = QHBoxLayout()
        head.setSpacing(theme.grid(2))
        head.addWidget(icons.Glyph(icons.SERVICES.get(card.kind, "receipt-text"), "accent", 5))
        self.heading = Heading(card.title)
        head.addWidget(self.heading, 1)
        self.add(head)
        tone, figure_tone = (card.tone, card.tone) if card.tone != "text" else ("muted", "")
        figure = QHBoxLayout()
        figure.setSpacing(theme.grid(2))
        self.balance = Text(card.balance, size=theme.Size.TITLE, bold=True, tone=figure_tone)
        figure.addWidget(self.balance)
        words = Text(card.balance_words, bold=True, tone=tone)
        # Both stand on one line of writing.
        words.setContentsMargins(0, 0, 0, self.balance.fontMetrics().descent() - words.fontMetrics().descent())
        figure.addWidget(words, 1, Qt.AlignmentFlag.AlignBottom)
        self.add(figure)
        for glyph, text, line_tone in (
            ("calendar", card.due, "danger" if card.due_is_past else ""),
            ("gauge", card.readings, "accent" if card.readings_open else "muted"),
            ("wallet", card.last_payment, "muted"),
        ):
            if text:
                row = QHBoxLayout()
                row.setSpacing(theme.grid(2))
                row.addWidget(icons.Glyph(glyph, line_tone or "muted", 4), 0, Qt.AlignmentFlag.AlignTop)
                row.addWidget(Text(text, tone=line_tone, wrap=True), 1)
                self.add(row)
        self.body.addStretch(1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit(self.card.account_id, self.card.service_id)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Override."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.opened.emit(self.card.account_id, self.card.service_id)


class GroupView(QWidget):
    """An account: its total, its acts and its cards."""

    def __init__(self, group: AccountGroup, page: OverviewPage) -> None:
        super().__init__()
        self.group = group
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.grid(2.5))
        head = QHBoxLayout()
        head.setSpacing(theme.grid(2))
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(Heading(_("{provider}, account {number}").format(provider=group.provider, number=group.number)))
        names.addWidget(Muted(group.address))
        head.addLayout(names, 1)
        total = Text(
            _("{words}: {amount}").format(words=group.total_words, amount=group.total),
            size=theme.Size.HEADING,
            bold=True,
            tone=group.tone if group.tone != "text" else "",
        )
        head.addWidget(total, 0, Qt.AlignmentFlag.AlignVCenter)
        self.invoice = Button(
            _("Invoice (PDF)"),
            lambda: page.open_invoice(group.account_id),
            icon="file-down",
            name=_("Invoice (PDF), account {number}").format(number=group.number),
        )
        head.addWidget(self.invoice)
        column.addLayout(head)
        self.cards = [CardView(card) for card in group.cards]
        for card in self.cards:
            card.opened.connect(page.open_service)
        self._grid = QGridLayout()
        self._grid.setSpacing(theme.grid(3))
        column.addLayout(self._grid)
        self._columns = 0

    def arrange(self, room: int) -> None:
        """Put as many cards side by side as fit into ``room``, in rows of equal length."""
        gap = self._grid.horizontalSpacing()
        widest = max((card.minimumSizeHint().width() for card in self.cards), default=1)
        most = max(1, min(len(self.cards), 4, (room + gap) // (max(widest, theme.grid(CARD_WIDTH)) + gap)))
        # Four cards stand in two rows of two, not three and a lonely one.
        columns = -(-len(self.cards) // -(-len(self.cards) // most)) if self.cards else 1
        if columns != self._columns:
            for at in range(self._columns):
                self._grid.setColumnStretch(at, 0)
            self._columns = columns
            for index, card in enumerate(self.cards):
                self._grid.addWidget(card, index // columns, index % columns)
            for at in range(columns):
                self._grid.setColumnStretch(at, 1)
        self._level((room - gap * (columns - 1)) // columns)

    def _level(self, width: int) -> None:
        """Give headings one height, so the figures below stand in a row though a name takes two lines."""
        for card in self.cards:
            card.heading.setMinimumHeight(0)
        margins = self.cards[0].body.contentsMargins() if self.cards else self.contentsMargins()
        inner = width - margins.left() - margins.right() - theme.grid(5 + 2)
        highest = max((card.heading.heightForWidth(inner) for card in self.cards), default=0)
        for card in self.cards:
            card.heading.setMinimumHeight(highest)


class OverviewPage(CabinetPage):
    """The first screen of a resident."""

    def __init__(self, context: Context, model: OverviewModel, parent: QWidget | None = None) -> None:
        super().__init__(context, model.cabinet, _("Overview"), parent=parent)
        self.view_model = model
        self.secondary(_("&Give readings"), lambda: context.go("readings"), icon="gauge")
        self.primary(_("&Pay"), lambda: context.go("pay"), icon="credit-card")
        self._groups = QVBoxLayout()
        self._groups.setSpacing(theme.grid(5))
        self.groups: list[GroupView] = []
        self._shown: list[AccountGroup] = []
        self.add(self._groups)
        self._rule = Rule()
        self.add(self._rule)
        self.services = ServiceSwitch(model.cabinet)
        self.add(self.services)
        self.chart = YearCard(context, model.choose_year)
        self.add(self.chart)
        model.changed.connect(self.refresh)
        self.refresh()

    def show_data(self, view: AccountView) -> None:
        """Override."""
        model = self.view_model
        groups = model.groups()
        if groups != self._shown:
            self._shown = groups
            clear_layout(self._groups)
            self.groups = [GroupView(group, self) for group in groups]
            for group in self.groups:
                self._groups.addWidget(group)
            self._arrange()
        service = model.cabinet.service
        title = _("Charges and payments of {year}").format(year=model.year)
        if service is not None:
            title = _("{service} (account {number}): charges and payments of {year}").format(
                service=named(service.name), number=view.account.number, year=model.year
            )
        self.chart.show_year(title, model.year, model.years(), model.chart(), view.provider.currency)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        layout = self.layout()
        margins = layout.contentsMargins() if layout is not None else self.contentsMargins()
        room = self.width() - margins.left() - margins.right() - theme.grid(6)
        for group in self.groups:
            group.arrange(room)

    def context_line(self, view: AccountView) -> str:
        """Override: the cards name their accounts."""
        person = self.cabinet.person
        return person.name if person is not None and person.name else view.account.holder

    def open_service(self, account_id: int, service_id: int) -> None:
        """Choose a service and open its tables."""
        self.cabinet.choose_service(service_id, account_id)
        self.context_ports.go("accounts")

    def open_invoice(self, account_id: int) -> None:
        """Open the invoice of an account."""
        self.cabinet.choose_account(account_id)
        self.context_ports.go("invoice")


def make(context: Context) -> Made:
    """Return the screen."""
    model = OverviewModel(cabinet_of(context), context.clock)
    return model, lambda: OverviewPage(context, model)
