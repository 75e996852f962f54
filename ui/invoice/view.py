"""The invoice: what it is about on the leading side, the very paper beside it."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from models.contract.records import AccountView
from models.domain.period import Month
from translations import _
from ui import theme
from ui.cabinet_page import CabinetPage, account_words
from ui.context import Context, Made
from ui.invoice.view_model import InvoiceModel
from ui.kit.buttons import Check
from ui.kit.choice import Choice
from ui.kit.fields import LANGUAGE_NAMES, PeriodPicker
from ui.kit.forms import Form
from ui.kit.labels import Text
from ui.kit.page import State
from ui.kit.surfaces import Card, clear_layout
from ui.preview.view import DocumentView
from ui.selection import cabinet_of, named, services_of


class InvoicePage(CabinetPage):
    """Making the paper invoice."""

    def __init__(self, context: Context, model: InvoiceModel, parent: QWidget | None = None) -> None:
        super().__init__(context, model.cabinet, _("Invoice"), scroll=False, parent=parent)
        self.view_model = model
        self.secondary(_("Pa&y"), lambda: context.go("pay"), icon="credit-card")
        self.period = PeriodPicker(model.month, first=model.first_month, last=model.last_month, name=_("Month"))
        self.period.changed.connect(self._month_chosen)
        self.language = Choice(
            [(key, LANGUAGE_NAMES[key]) for key in model.languages()], model.language, name=_("Language of the paper")
        )
        self.language.chosen.connect(self._language_chosen)
        form = Form()
        form.add("month", _("Month"), self.period)
        form.add("language", _("Language of the paper"), self.language)
        side = Card()
        side.setMinimumWidth(theme.grid(62))
        side.setMaximumWidth(theme.grid(78))
        side.add(form)
        self._boxes = QVBoxLayout()
        self._boxes.setSpacing(theme.grid(1))
        boxes = QWidget()
        boxes.setLayout(self._boxes)
        area = QScrollArea()
        area.setWidget(boxes)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.viewport().setAutoFillBackground(False)
        boxes.setAutoFillBackground(False)
        side.add(area, 1)
        self.boxes: dict[tuple[int, int], Check] = {}
        self._offered: tuple[object, ...] = ()
        self.nothing = Text("", tone="warning", wrap=True)
        side.add(self.nothing)
        self.document = DocumentView(context, model.document, model.ribbon)
        row = QHBoxLayout()
        row.setSpacing(theme.grid(3))
        row.addWidget(side)
        row.addWidget(self.document, 1)
        self.add(row, 1)
        model.changed.connect(self.refresh)
        self.refresh()

    def show_data(self, view: AccountView) -> None:
        """Override."""
        model = self.view_model
        self.period.limit(model.first_month, model.last_month)
        self.period.show_month(model.month)
        self.language.choose(model.language)
        self._offer(model.cabinet.views)
        for (account_id, service_id), box in self.boxes.items():
            with QSignalBlocker(box):
                box.setChecked(model.includes(account_id, service_id))
        nothing = not model.chosen()
        self.nothing.setText(_("Choose at least one service.") if nothing else "")
        self.nothing.setVisible(nothing)
        self.document.setEnabled(not nothing)
        model.make()
        self.document.refresh()

    def context_line(self, view: AccountView) -> str:
        """Override: the boxes name the accounts."""
        return _("The paper is made on this computer, also without a connection.")

    def show_content_state(self, view: AccountView) -> None:
        """Override."""
        self.show_state(State.CONTENT)

    def _offer(self, views: list[AccountView]) -> None:
        offered = tuple(
            (view.account.id, account_words(view), tuple((s.id, named(s.name)) for s in services_of(view)))
            for view in views
        )
        if offered == self._offered:
            return
        self._offered = offered
        clear_layout(self._boxes)
        self.boxes = {}
        for account_id, words, services in offered:
            self._boxes.addWidget(Text(words, bold=True, wrap=True))
            for service_id, name in services:
                box = Check(name)
                box.setAccessibleName(_("{service}, account {account}").format(service=name, account=words))
                box.toggled.connect(self._toggled)
                self.boxes[account_id, service_id] = box
                self._boxes.addWidget(box)
        self._boxes.addStretch(1)

    def _toggled(self, checked: bool) -> None:
        sender = self.sender()
        for (account_id, service_id), box in self.boxes.items():
            if box is sender:
                self.view_model.include(account_id, service_id, included=checked)
                return

    def _month_chosen(self, month: Month) -> None:
        self.view_model.choose_month(month)

    def _language_chosen(self, language: str) -> None:
        self.view_model.choose_language(language)


def make(context: Context) -> Made:
    """Return the screen."""
    model = InvoiceModel(context, cabinet_of(context))
    return model, lambda: InvoicePage(context, model)
