"""State of accounts, services, payments, consumption: four tables of one service, and its year."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from models.contract.records import AccountView
from translations import _, n_
from ui import theme
from ui.accounts.table_model import charged_model, consumption_model, payment_model, state_model
from ui.accounts.view_model import AccountsModel, Tab
from ui.cabinet_page import CabinetPage, ServiceSwitch
from ui.context import Context
from ui.kit.labels import Heading, Muted
from ui.kit.surfaces import Ribbon
from ui.kit.table import DataTable, TableModel
from ui.overview.chart import YearCard

MOST_ROWS = 14
"""A table is as high as its rows up to this many; more are scrolled."""


class AccountsPage(CabinetPage):
    """The four tabs of the cabinet."""

    def __init__(self, context: Context, model: AccountsModel, parent: QWidget | None = None) -> None:
        super().__init__(context, model.cabinet, _("Accounts and history"), parent=parent)
        self.view_model = model
        self.secondary(_("&Breakdown of charges"), lambda: context.go("breakdown"), icon="list-checks")
        self.primary(_("&Pay"), lambda: context.go("pay"), icon="credit-card")
        self.services = ServiceSwitch(model.cabinet)
        self.filters.addWidget(self.services, 1)
        self.heading = Heading("")
        self.add(self.heading)

        self.tabs = QTabBar()
        self.tabs.setAccessibleName(_("Tables of the service"))
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(True)
        titles = {
            Tab.STATE: _("State of accounts"),
            Tab.SERVICES: _("Services"),
            Tab.PAYMENTS: _("Payment"),
            Tab.CONSUMPTION: _("Consumption"),
        }
        self.models: dict[Tab, TableModel[Any]] = {}
        self.tables: dict[Tab, DataTable] = {}
        self._empty: dict[Tab, Muted] = {}
        self._stack = QStackedWidget()
        makers: tuple[tuple[Tab, Callable[[QObject], TableModel[Any]]], ...] = (
            (Tab.STATE, state_model),
            (Tab.SERVICES, charged_model),
            (Tab.PAYMENTS, payment_model),
            (Tab.CONSUMPTION, consumption_model),
        )
        for tab, make in makers:
            self.tabs.addTab(titles[tab])
            table_model = make(self)
            table = DataTable(table_model, f"accounts-{tab}", label=titles[tab], settings=context.settings)
            table.horizontalHeader().setResizeContentsPrecision(24)
            empty = Muted("")
            empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
            empty.hide()
            holder = QWidget()
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(table)
            column.addWidget(empty, 1)
            self.models[tab], self.tables[tab], self._empty[tab] = table_model, table, empty
            self._stack.addWidget(holder)
        self.tabs.currentChanged.connect(self._tab_chosen)
        self.note = Ribbon("", "warning")
        self.note.hide()
        self.add(self.tabs)
        self.add(self.note)
        self.add(self._stack)

        self.chart = YearCard(context, model.choose_year)
        self.consumption_chart = YearCard(context, model.choose_year, volumes=True)
        charts = QHBoxLayout()
        charts.setSpacing(theme.grid(3))
        charts.addWidget(self.chart, 1)
        self.add(charts)
        self.add(self.consumption_chart)
        self.tabs.setCurrentIndex(list(Tab).index(model.tab))
        model.changed.connect(self.refresh)
        self.refresh()

    def show_data(self, view: AccountView) -> None:
        """Override."""
        model = self.view_model
        self.heading.setText(model.title())
        states = model.states()
        self._fill(Tab.STATE, states, _("This service has no charges or payments yet."))
        self._fill(Tab.SERVICES, model.charges(), _("Nothing has been charged for this service yet."))
        self._fill(Tab.PAYMENTS, model.payments(), _("No payment for this service has arrived yet."))
        self._fill(Tab.CONSUMPTION, model.consumption(), _("This service has no meter on this account."))
        self._marked = sum(bool(line.explanation) for line in states)
        self._fit()
        self._show_note()
        number, year = view.account.number, model.year
        self.chart.show_year(
            _("Charges and payments of {year}").format(year=year),
            year,
            model.years(),
            model.chart(),
            view.provider.currency,
        )
        self.consumption_chart.setVisible(bool(model.unit()))
        self.consumption_chart.show_year(
            _("Consumption of {year}").format(year=year), year, model.years(), model.chart(), model.unit()
        )
        self.setAccessibleDescription(_("Account {number}").format(number=number))

    def show_tab(self, tab: Tab) -> None:
        """Open a tab."""
        self.tabs.setCurrentIndex(list(Tab).index(tab))

    def _fill(self, tab: Tab, rows: Sequence[Any], nothing: str) -> None:
        model = self.models[tab]
        if tuple(model.rows) != tuple(rows):
            model.show_rows(rows)
        self.tables[tab].setVisible(bool(rows))
        self.tables[tab].fit_height(MOST_ROWS)
        self._empty[tab].setText(nothing)
        self._empty[tab].setVisible(not rows)

    def _tab_chosen(self, index: int) -> None:
        self.view_model.tab = list(Tab)[index]
        self._stack.setCurrentIndex(index)
        self._fit()
        self._show_note()

    def _fit(self) -> None:
        table = self.tables[self.view_model.tab]
        self._stack.setFixedHeight(table.height() if self.models[self.view_model.tab].rows else theme.grid(24))

    def _show_note(self) -> None:
        marked = getattr(self, "_marked", 0) if self.view_model.tab is Tab.STATE else 0
        text = n_(
            "{count} closing balance, marked in the table, does not follow from the month before. The provider's "
            "figures are shown unchanged; ask the provider to explain them.",
            "{count} closing balances, marked in the table, do not follow from the months before. The provider's "
            "figures are shown unchanged; ask the provider to explain them.",
            marked,
        ).format(count=marked)
        self.note.show_text(text if marked else "", "warning")
