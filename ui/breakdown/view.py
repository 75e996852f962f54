"""The breakdown of charges: a month, its services with how each charge came about, its payments, paper and mailing."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView, QWidget

from models.contract.records import AccountView
from models.contract.sentences import sentence
from models.domain.period import Month
from models.domain.problems import Problem
from models.domain.statements import PaymentRow
from translations import _, formats
from ui import theme
from ui.accounts.table_model import payment_model
from ui.accounts.view_model import PaymentLine
from ui.breakdown.table_model import BreakdownTree, Part
from ui.breakdown.view_model import BreakdownModel
from ui.cabinet_page import CabinetPage
from ui.context import Context, Made
from ui.flow import flowing
from ui.kit.buttons import Button
from ui.kit.fields import PeriodPicker
from ui.kit.labels import Heading, Muted, Text
from ui.kit.surfaces import Banner, Card, Ribbon
from ui.kit.table import DataTable
from ui.preview.view import DocumentActs
from ui.preview.view_model import freshness
from ui.selection import cabinet_of, services_of


class _Tree(QTreeView):
    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override."""
        super().resizeEvent(event)
        self.resized.emit()


class BreakdownPage(CabinetPage):
    """How the charges of a month were made."""

    def __init__(self, context: Context, model: BreakdownModel, parent: QWidget | None = None) -> None:
        super().__init__(context, model.cabinet, _("Breakdown of charges"), parent=parent)
        self.view_model = model
        self.period = PeriodPicker(model.month, first=model.first_month, last=model.last_month, name=_("Month"))
        self.period.changed.connect(self._month_chosen)
        self.filters.addWidget(self.period)
        self.filters.addStretch(1)
        self.open_all = Button(_("Show how it was computed"), kind="quiet", icon="list-checks")
        self.open_all.setCheckable(True)
        self.open_all.toggled.connect(self._open_all)
        self.filters.addWidget(self.open_all)

        self.nothing = Muted("")
        self.nothing.hide()
        self.add(self.nothing)
        self._laying = False
        self._whole = 0
        self.tree_model = BreakdownTree(self)
        self.tree = _Tree()
        self.tree.setModel(self.tree_model)
        self.tree.setAccessibleName(_("Breakdown of charges"))
        self.tree.setAccessibleDescription(_("The right arrow opens a line and shows how it was computed."))
        self.tree.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.tree.setTabKeyNavigation(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setAllColumnsShowFocus(True)
        self.tree.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        header.sectionResized.connect(self._resized)
        self.tree.resized.connect(self._stretch)
        self.tree.expanded.connect(self._fit)
        self.tree.collapsed.connect(self._fit)
        self.tree.activated.connect(self._toggle)
        self.add(self.tree)

        self.payments_title = Heading(_("Payments of the month"))
        self.add(self.payments_title)
        self.payments_model = payment_model(self)
        self.payments = DataTable(
            self.payments_model, "breakdown-payments", label=_("Payments of the month"), settings=context.settings
        )
        self.add(self.payments)
        self.no_payments = Muted(_("No payments in this month."))
        self.add(self.no_payments)

        self.paper_acts = DocumentActs(context, model.document, model.paper, self._fresh)
        self.add(self.paper_acts)

        card = Card(_("Monthly mailing"), icon="mail")
        self.mailing = Text("", wrap=True)
        card.add(self.mailing)
        self.mailing_waiting = Ribbon("", "pending")
        card.add(self.mailing_waiting)
        buttons, row = flowing()
        self.subscribe = Button(
            _("&Subscribe to the mailing"), partial(model.set_mailing, active=True), icon="mail-plus"
        )
        self.stop = Button(_("S&top the mailing"), partial(model.set_mailing, active=False), icon="mail-x")
        row.addWidget(self.subscribe)
        row.addWidget(self.stop)
        card.add(buttons)
        self.mailing_problem = Banner("", "danger")
        self.mailing_problem.hide()
        card.add(self.mailing_problem)
        self.add(card)
        model.changed.connect(self.refresh)
        model.failed.connect(self._failed)
        self.refresh()

    def show_data(self, view: AccountView) -> None:
        """Override."""
        model = self.view_model
        self.period.limit(model.first_month, model.last_month)
        self.period.show_month(model.month)
        figures = model.breakdown()
        services = services_of(view)
        self.tree_model.show_month(figures, services, view.provider)
        for row in range(len(self.tree_model.lines)):
            parent = self.tree_model.index(row, 0)
            for at in range(self.tree_model.rowCount(parent)):
                self.tree.setFirstColumnSpanned(at, parent, True)
        self._columns()
        if self.open_all.isChecked():
            self.tree.expandAll()
        self._fit()
        empty = model.is_empty()
        self.nothing.setText(
            _("There are no charges and no payments in {month}; the balances are those of the month before.").format(
                month=formats.month(model.month.first)
            )
        )
        self.nothing.setVisible(empty)
        by_id = {service.id: service for service in services}
        payments = [
            PaymentLine(
                PaymentRow(m.business_date, -m.amount_minor, m.method, m.purpose, m.service_id),
                by_id.get(m.service_id),
                view.provider.currency,
            )
            for m in (figures.payments if figures else ())
        ]
        if tuple(self.payments_model.rows) != tuple(payments):
            self.payments_model.show_rows(payments)
            self.payments.fit_columns()
        self.payments.fit_height(10)
        self.payments.setVisible(bool(payments))
        self.no_payments.setVisible(not payments)
        self.paper_acts.refresh()
        self._show_mailing()

    def _show_mailing(self) -> None:
        active, waiting = self.view_model.mailing()
        address = self.view_model.document.address()
        change = _("Waiting to be sent: subscribe") if active else _("Waiting to be sent: stop the mailing")
        self.mailing_waiting.show_text(change if waiting else "", "pending")
        if active:
            text = _("The breakdown is sent to {email} every month.").format(email=address or "…")
        else:
            text = _("Get this breakdown by e-mail every month, by itself.")
        self.mailing.setText(text)
        self.mailing.setVisible(not waiting)
        self.subscribe.setEnabled(not active)
        self.stop.setEnabled(active)
        self.mailing_problem.show_text("")

    def _columns(self) -> None:
        header = self.tree.header()
        self._laying = True  # one stretch at the end instead of one a column
        present = {
            Part.SUBSCRIPTION: any(line.balance.subscription for line in self.tree_model.lines),
            Part.CORRECTION: any(line.balance.correction for line in self.tree_model.lines),
            Part.PENALTY: any(line.balance.penalty for line in self.tree_model.lines),
            Part.VAT: any(line.balance.vat for line in self.tree_model.lines),
        }
        for part in Part:
            # A column that is empty for the whole month says nothing and takes the room of those that do.
            header.setSectionHidden(part, not present.get(part, True))
            if part is not Part.SERVICE:
                header.setSectionResizeMode(part, QHeaderView.ResizeMode.ResizeToContents)
        header.setMinimumSectionSize(theme.grid(20))
        self._laying = False
        self._stretch()

    def _resized(self, section: int, _before: int, _after: int) -> None:
        if section != Part.SERVICE and not self._laying:
            self._stretch()

    def _stretch(self) -> None:
        """Give services the room that is left; where there is none their names stay whole and the table scrolls."""
        header = self.tree.header()
        metrics = self.tree.fontMetrics()
        names = (metrics.horizontalAdvance(line.name) for line in self.tree_model.lines)
        needed = max(names, default=0) + self.tree.indentation() + theme.grid(9)
        shown = [part for part in Part if part and not header.isSectionHidden(part)]
        others = sum(header.sectionSize(part) for part in shown)
        room = self.tree.viewport().width()
        if not self.tree_model.broken:
            self._whole = needed + others
        if self.tree.isVisible() and self.tree_model.broken != (self._whole > room):
            # Titles on two lines keep the closing balance in view where there is little room.
            self._laying = True
            self.tree_model.break_titles(self._whole > room)
            header.resizeSections(QHeaderView.ResizeMode.ResizeToContents)
            self._laying = False
            self._fit()
            others = sum(header.sectionSize(part) for part in shown)
        header.setSectionResizeMode(Part.SERVICE, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(Part.SERVICE, max(needed, room - others))

    def _fit(self, *_args: object) -> None:
        height = self.tree.header().sizeHint().height()
        row_height = max(self.tree.sizeHintForRow(0), theme.grid(7))
        rows = 0
        for row in range(len(self.tree_model.lines)):
            index = self.tree_model.index(row, 0)
            rows += 1 + (self.tree_model.rowCount(index) if self.tree.isExpanded(index) else 0)
        bar = self.tree.horizontalScrollBar().sizeHint().height()
        self.tree.setFixedHeight(height + rows * row_height + bar)

    def _toggle(self, index: QModelIndex) -> None:
        first = index.siblingAtColumn(0)
        self.tree.setExpanded(first, not self.tree.isExpanded(first))

    def _open_all(self, opened: bool) -> None:
        if opened:
            self.tree.expandAll()
        else:
            self.tree.collapseAll()
        self._fit()

    def _month_chosen(self, month: Month) -> None:
        self.view_model.choose_month(month)

    def _fresh(self) -> tuple[str, str]:
        view = self.view_model.view
        return freshness(self.cabinet, [view] if view else [], self.context_ports.clock())

    def _failed(self, problem: Problem) -> None:
        self.mailing_problem.show_text(sentence(problem), "danger")


def make(context: Context) -> Made:
    """Return the screen."""
    model = BreakdownModel(context, cabinet_of(context))
    return model, lambda: BreakdownPage(context, model)
