"""State of accounts, services, payments, consumption: four tables of one service, and its year."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QTabBar, QVBoxLayout, QWidget

from models.contract.records import AccountView
from translations import _, n_
from ui import theme
from ui.accounts.table_model import charged_model, consumption_model, payment_model, state_model
from ui.accounts.view_model import AccountsModel, Tab
from ui.cabinet_page import CabinetPage, ServiceSwitch, tab_as_read
from ui.context import Context, Made
from ui.kit.labels import Heading, Muted
from ui.kit.surfaces import Ribbon
from ui.kit.table import DataTable
from ui.kit.table_model import TableModel
from ui.overview.chart import YearCard
from ui.selection import cabinet_of

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
        self._tables: dict[Tab, DataTable] = {}
        self._titles = titles
        makers: tuple[tuple[Tab, Callable[[QObject], TableModel[Any]]], ...] = (
            (Tab.STATE, state_model),
            (Tab.SERVICES, charged_model),
            (Tab.PAYMENTS, payment_model),
            (Tab.CONSUMPTION, consumption_model),
        )
        for tab, make in makers:
            self.tabs.addTab(titles[tab])
            self.models[tab] = make(self)
        self.tabs.currentChanged.connect(self._tab_chosen)
        self.note = Ribbon("", "warning")
        self.note.hide()
        self.add(self.tabs)
        self.add(self.note)
        self._place = QVBoxLayout()
        self.add(self._place)
        self._empty = Muted("")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setMinimumHeight(theme.grid(24))
        self._place.addWidget(self._empty)

        self.chart = YearCard(context, model.choose_year)
        self.consumption_chart = YearCard(context, model.choose_year, volumes=True)
        self.add(self.chart)
        self.add(self.consumption_chart)
        self.tabs.setCurrentIndex(list(Tab).index(model.tab))
        model.changed.connect(self.refresh)
        self.refresh()

    def show_data(self, view: AccountView) -> None:
        """Override."""
        model = self.view_model
        self.heading.setText(model.title())
        states = model.states()
        self._fill(Tab.STATE, states)
        self._fill(Tab.SERVICES, model.charges())
        self._fill(Tab.PAYMENTS, model.payments())
        self._fill(Tab.CONSUMPTION, model.consumption())
        self._marked = sum(bool(line.explanation) for line in states)
        self._show_table()
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

    def table(self, tab: Tab) -> DataTable:
        """Return a tab's table, made when it is first looked at: four at once would hold up the opening."""
        if tab not in self._tables:
            table = DataTable(
                self.models[tab], f"accounts-{tab}", label=self._titles[tab], settings=self.context_ports.settings
            )
            table.horizontalHeader().setResizeContentsPrecision(24)
            table.hide()
            self._place.addWidget(table)
            self._tables[tab] = table
        return self._tables[tab]

    def _fill(self, tab: Tab, rows: Sequence[Any]) -> None:
        model = self.models[tab]
        if tuple(model.rows) != tuple(rows):
            model.show_rows(rows)

    def _tab_chosen(self, index: int) -> None:
        self.view_model.tab = list(Tab)[index]
        self._show_table()
        tab_as_read(self)

    def _show_table(self) -> None:
        chosen = self.view_model.tab
        nothing = not self.models[chosen].rows
        self._empty.setText(
            {
                Tab.STATE: _("This service has no charges or payments yet."),
                Tab.SERVICES: _("Nothing has been charged for this service yet."),
                Tab.PAYMENTS: _("No payment for this service has arrived yet."),
                Tab.CONSUMPTION: _("This service has no meter on this account."),
            }[chosen]
            if nothing
            else ""
        )
        self._empty.setVisible(nothing)
        if not nothing:
            self.table(chosen).fit_height(MOST_ROWS)
        for tab, table in self._tables.items():
            table.setVisible(tab is chosen and not nothing)
        self._show_note()

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


def make(context: Context) -> Made:
    """Return the screen."""
    model = AccountsModel(cabinet_of(context), context.clock)
    return model, lambda: AccountsPage(context, model)
