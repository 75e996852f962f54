"""Paying: amounts with recipients and commission, then one hand-over for each provider."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from models.contract.records import AccountView
from models.contract.sentences import sentence
from translations import _, formats
from ui import icons, theme
from ui.accounts.view_model import service_title
from ui.cabinet_page import CabinetPage, tab_as_read
from ui.context import Context, Made
from ui.drafts import Drafts
from ui.flow import flowing
from ui.kit.buttons import Button
from ui.kit.fields import AmountField
from ui.kit.labels import Heading, Muted, Text
from ui.kit.surfaces import Banner, Card, clear_layout
from ui.pay.view_model import HandOver, PayLine, PayModel, code_text, requisites
from ui.selection import cabinet_of, named, provider_words


class LineView(Card):
    """One service: whom the money goes to, and how much."""

    typed = Signal(int, int, str)

    def __init__(self, line: PayLine, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.key = line.key
        title = service_title(line.service, line.view)
        row = QHBoxLayout()
        row.setSpacing(theme.grid(6))
        facts = QVBoxLayout()
        facts.setSpacing(theme.grid(1))
        head = QHBoxLayout()
        head.setSpacing(theme.grid(2))
        head.addWidget(icons.Glyph(icons.SERVICES.get(line.service.kind, "receipt-text"), "accent", 5))
        head.addWidget(Heading(title), 1)
        facts.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.grid(3))
        grid.setVerticalSpacing(theme.grid(0.5))
        grid.setColumnStretch(1, 1)
        recipient = line.recipient
        if recipient is None:
            facts.addWidget(Text(_("The provider has not said where money for this goes."), tone="warning", wrap=True))
        else:
            for at, (name, value) in enumerate(
                (
                    (_("Recipient"), recipient.name),
                    (_("Bank account"), line.bank_account),
                    (_("Bank"), recipient.bank),
                    (_("Purpose"), line.purpose),
                )
            ):
                label = Text(name, tone="muted")
                grid.addWidget(label, at, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(Text(value or "-", wrap=True, selectable=True), at, 1)
            facts.addLayout(grid)
        row.addLayout(facts, 1)
        pay = QVBoxLayout()
        pay.setSpacing(theme.grid(1))
        self.amount = AmountField(currency=line.provider.currency)
        self.amount.setFont(theme.font(theme.Size.HEADING))
        self.amount.setFixedWidth(theme.grid(44))
        self.amount.setText(line.text)
        label = Text(_("Amount to pay"), size=theme.Size.SMALL, tone="muted")
        label.setBuddy(self.amount)
        self.amount.setAccessibleName(_("Amount to pay, {service}").format(service=title))
        field = QHBoxLayout()
        field.setSpacing(theme.grid(1.5))
        field.addWidget(self.amount)
        field.addWidget(Text(formats.sign(line.provider.currency)))
        self.note = Text("", size=theme.Size.SMALL, tone="muted", wrap=True)
        self.note.setMinimumWidth(theme.grid(56))
        self.note.setMaximumWidth(theme.grid(64))
        pay.addWidget(label)
        pay.addLayout(field)
        pay.addWidget(self.note)
        pay.addStretch(1)
        row.addLayout(pay)
        self.add(row)
        self.amount.textEdited.connect(self._typed)
        self.show_line(line)

    def show_line(self, line: PayLine) -> None:
        """Show what the typed amount means."""
        if not self.amount.hasFocus() and self.amount.text() != line.text:
            self.amount.setText(line.text)
        if line.problem is not None:
            text, tone = sentence(line.problem), "danger"
        elif not line.amount_minor:
            text, tone = _("Nothing is paid for this service now."), "muted"
        else:
            text = _("Transfer commission: {amount}").format(
                amount=formats.money(line.commission_minor, line.provider.currency)
            )
            tone = "muted"
        self.note.setText(text)
        self.note.tone(tone)
        self.amount.mark(line.problem is not None)
        self.amount.setAccessibleDescription(text)

    def _typed(self, text: str) -> None:
        self.typed.emit(*self.key, text)


class HandOverView(Card):
    """One payment: the provider's page, or what to type in a bank's program."""

    def __init__(self, model: PayModel, item: HandOver, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(
            _("{provider}, account {number}").format(
                provider=provider_words(item.provider), number=item.view.account.number
            ),
            icon="building",
            parent=parent,
        )
        self._model, self.item, self._context = model, item, context
        currency = item.provider.currency
        self.amount = Text(formats.money(item.amount_minor, currency), size=theme.Size.TITLE, bold=True)
        self.add(self.amount)
        for line in item.lines:
            self.add(
                Muted(
                    _("{what}: {amount}").format(
                        what=named(line.service.name), amount=formats.money(line.amount_minor, currency)
                    )
                )
            )
        self.open: Button | None = None
        self.codes: list[Button] = []
        buttons, row = flowing()
        if item.link:
            opened = model.opened(item.view.account.id)
            self.open = Button(
                _("Open the payment page again") if opened else _("Open the payment page"),
                self._open,
                kind="" if opened else "primary",
                icon="external-link",
                name=_("Open the payment page of {provider}").format(provider=provider_words(item.provider)),
            )
            row.addWidget(self.open)
            if opened:
                row.addWidget(Text(_("✓ Opened in the browser"), tone="positive"))
        else:
            self.add(
                Text(
                    _(
                        "This provider has no payment page. Pay in your bank's program or at a cash desk by these "
                        "details:"
                    ),
                    wrap=True,
                )
            )
            self.details = Text(requisites(item, model.period(item.view)), wrap=True, selectable=True)
            self.details.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.details.setAccessibleName(_("Payment details"))
            self.add(self.details)
        self.copy = Button(_("Copy the details"), self._copy, icon="copy")
        row.addWidget(self.copy)
        period = model.period(item.view)
        for transfer in item.transfers:
            code = code_text(item, transfer, period)
            if code:
                services = ", ".join(named(service.name) for service in transfer.services)
                button = Button(_("Copy the QR text: {service}").format(service=services), icon="qr-code")
                button.setProperty("code", code)
                button.clicked.connect(self._copy_code)
                self.codes.append(button)
                row.addWidget(button)
        self.add(buttons)

    def _open(self) -> None:
        self._model.open(self.item.view.account.id)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(requisites(self.item, self._model.period(self.item.view)))
        self._context.toast(_("Copied."))

    def _copy_code(self) -> None:
        sender = self.sender()
        if sender is not None:
            QGuiApplication.clipboard().setText(str(sender.property("code")))
            self._context.toast(_("Copied."))


class PayPage(CabinetPage):
    """Payment for services."""

    def __init__(self, context: Context, model: PayModel, parent: QWidget | None = None) -> None:
        super().__init__(context, model.cabinet, _("Payment for services"), scroll=False, parent=parent)
        self.view_model = model
        self.lines: dict[tuple[int, int], LineView] = {}
        self.hand_overs: list[HandOverView] = []
        self._shown: tuple[object, ...] = ()
        self._handed: list[object] = []
        self._steps = QStackedWidget()
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.grid(3))
        self._payments = QVBoxLayout()
        self._payments.setSpacing(theme.grid(3))
        for column in (self._lines, self._payments):
            self._steps.addWidget(scrolled(column))
        self.add(self._steps, 1)

        foot = Card()
        self.totals = QGridLayout()
        self.totals.setHorizontalSpacing(theme.grid(4))
        self.totals.setVerticalSpacing(theme.grid(0.5))
        self.totals_texts: list[str] = []
        self.obstacle = Banner("", "danger")
        self.obstacle.hide()
        self.note = Muted(
            _("The payment appears here after the provider has received it and this program has synchronised.")
        )
        self.back = Button(_("&Back"), self._back, icon="arrow-left")
        self.proceed = Button(_("&Continue"), self._proceed, kind="primary", icon="arrow-right")
        acts = QHBoxLayout()
        acts.setSpacing(theme.grid(2))
        acts.addLayout(self.totals, 1)
        acts.addWidget(self.back, 0, Qt.AlignmentFlag.AlignBottom)
        acts.addWidget(self.proceed, 0, Qt.AlignmentFlag.AlignBottom)
        foot.add(self.obstacle)
        foot.add(acts)
        foot.add(self.note)
        self.add(foot)
        model.changed.connect(self.refresh)
        model.amounts_changed.connect(self.show_amounts)
        model.step_changed.connect(self.show_step)
        self.refresh()

    def show_data(self, view: AccountView) -> None:
        """Override."""
        lines = self.view_model.lines()
        shown = tuple((line.key, line.service, line.recipient) for line in lines)
        if shown != self._shown:
            self._shown = shown
            clear_layout(self._lines)
            self.lines = {}
            provider = None
            for line in lines:
                if line.view is not provider:
                    provider = line.view
                    self._lines.addWidget(Heading(provider_words(line.provider)))
                card = LineView(line)
                card.typed.connect(self.view_model.type)
                self.lines[line.key] = card
                self._lines.addWidget(card)
            self._lines.addStretch(1)
        self.show_amounts()
        self.show_step()

    def context_line(self, view: AccountView) -> str:
        """Override."""
        if self.view_model.handing_over:
            return _("Step 2 of 2: make each payment on its provider's page.")
        return _("Step 1 of 2: check the amounts. You may pay less, more, or only some services.")

    def show_amounts(self) -> None:
        """Show what the amounts come to."""
        for line in self.view_model.lines():
            if line.key in self.lines:
                self.lines[line.key].show_line(line)
        clear_layout(self.totals)
        self.totals_texts = []
        trailing = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
        for row, total in enumerate(self.view_model.totals()):
            # One heading for every currency: figures of one kind stand below each other.
            for column, (name, minor, loud) in enumerate(
                (
                    (_("To pay"), total.amount_minor, True),
                    (_("Commission"), total.commission_minor, False),
                    (_("With commission"), total.whole_minor, False),
                )
            ):
                money = formats.money(minor, total.currency)
                if not row:
                    self.totals.addWidget(Text(name, size=theme.Size.SMALL, tone="muted"), 0, column, trailing)
                size = theme.Size.TITLE if loud else theme.Size.HEADING
                self.totals.addWidget(Text(money, size=size, bold=True), row + 1, column, trailing)
                self.totals_texts.append(money)
            self.totals.setColumnStretch(3, 1)
        if self.obstacle.label.text():
            self.obstacle.show_text(self.view_model.obstacle(), "danger")

    def show_step(self) -> None:
        """Show the amounts, or the hand-over."""
        model = self.view_model
        handing = model.handing_over
        items = model.hand_overs() if handing else []
        shown: list[object] = [
            (item.view.account.id, item.link, item.transfers, item.amount_minor, model.opened(item.view.account.id))
            for item in items
        ]
        if handing and shown != self._handed:
            # Only when something is different: news from the provider must not take the focus away.
            self._handed = shown
            clear_layout(self._payments)
            self.hand_overs = [HandOverView(model, item, self.context_ports) for item in items]
            for card in self.hand_overs:
                self._payments.addWidget(card)
            self._payments.addStretch(1)
        self._steps.setCurrentIndex(1 if handing else 0)
        tab_as_read(self)
        self.proceed.setVisible(not handing)
        view = self.cabinet.view
        if view is not None:
            self.show_context(self.context_line(view))

    def _proceed(self) -> None:
        obstacle = self.view_model.obstacle()
        self.obstacle.show_text(obstacle, "danger")
        self.proceed.setAccessibleDescription(obstacle)
        if self.view_model.proceed() and self.hand_overs:
            first = self.hand_overs[0]
            (first.open or first.copy).setFocus()
        elif obstacle:
            wrong = next((line for line in self.view_model.lines() if line.problem), None)
            if wrong is not None:
                self.lines[wrong.key].amount.setFocus()

    def _back(self) -> None:
        if self.view_model.handing_over:
            self.view_model.back()
        else:
            self.context_ports.go("overview")


def scrolled(column: QVBoxLayout) -> QScrollArea:
    """Return a scrolling area around a column of cards."""
    column.setContentsMargins(0, 0, theme.grid(2), 0)
    inside = QWidget()
    inside.setProperty("part", "scrolled")
    inside.setLayout(column)
    area = QScrollArea()
    area.setWidget(inside)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def make(context: Context) -> Made:
    """Return the screen."""
    model = PayModel(cabinet_of(context), context.open_link, context.clock)
    Drafts(context, "pay", lambda: model.drafts, model.restore, (model.amounts_changed,), model)
    return model, lambda: PayPage(context, model)
