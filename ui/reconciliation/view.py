"""The reconciliation: two dates, opening above, turnovers and closing below, documents or months between."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from models.contract.records import AccountView
from models.contract.sentences import sentence
from translations import _, formats
from ui import theme
from ui.cabinet_page import CabinetPage
from ui.context import Context, Made
from ui.flow import flowing
from ui.kit.choice import Choice
from ui.kit.fields import DateField
from ui.kit.labels import Muted, Text
from ui.kit.surfaces import Banner, Card
from ui.kit.table import DataTable
from ui.overview.view_model import balance_text, balance_words, tone
from ui.preview.view import DocumentActs
from ui.preview.view_model import freshness
from ui.reconciliation.table_model import monthly_model, two_sided_model
from ui.reconciliation.view_model import MONTHLY, TWO_SIDED, ReconciliationModel
from ui.selection import cabinet_of, named, services_of


class Figures(Card):
    """Figures in a row that stay in view while the table scrolls."""

    def __init__(self, labels: list[str], parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.body.setContentsMargins(theme.grid(4), theme.grid(2), theme.grid(4), theme.grid(2))
        holder, row = flowing(6)
        self.values: list[Text] = []
        for label in labels:
            cell = QWidget()
            pair = QHBoxLayout(cell)
            pair.setContentsMargins(0, 0, 0, 0)
            pair.setSpacing(theme.grid(2))
            name = Muted(label)
            name.setWordWrap(False)
            value = Text("", bold=True, selectable=True)
            pair.addWidget(name)
            pair.addWidget(value)
            self.values.append(value)
            row.addWidget(cell)
        self.add(holder)

    def show_values(self, *values: tuple[str, str]) -> None:
        """Show texts with their tones."""
        for label, (text, label_tone) in zip(self.values, values, strict=True):
            label.setText(text)
            label.tone(label_tone if label_tone != "text" else "")


class ReconciliationPage(CabinetPage):
    """Mutual settlements between two dates."""

    def __init__(self, context: Context, model: ReconciliationModel, parent: QWidget | None = None) -> None:
        super().__init__(context, model.cabinet, _("Reconciliation of settlements"), scroll=False, parent=parent)
        self.view_model = model
        today = model.today
        self.date_from = DateField(model.date_from, today=today, name=_("First day of the period"))
        self.date_to = DateField(model.date_to, today=today, name=_("Last day of the period"))
        self.date_from.changed.connect(self._dates)
        self.date_to.changed.connect(self._dates)
        self.ranges = Choice(name=_("Quick period"))
        self.ranges.chosen.connect(self._range)
        self.service = Choice(name=_("Service"))
        self.service.chosen.connect(model.choose_service)
        self.form = Choice(
            [(MONTHLY, _("By months")), (TWO_SIDED, _("By documents"))], model.form, name=_("Form of the act")
        )
        self.form.chosen.connect(model.choose_form)
        fields, flow = flowing(3)
        for text, field in (
            (_("From"), self.date_from),
            (_("To"), self.date_to),
            (_("Quick period"), self.ranges),
            (_("Service"), self.service),
            (_("Form of the act"), self.form),
        ):
            cell = QWidget()
            column = QVBoxLayout(cell)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(theme.grid(0.5))
            label = QLabel(text)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setProperty("tone", "muted")
            label.setFont(theme.font(theme.Size.SMALL))
            label.setBuddy(field)
            column.addWidget(label)
            column.addWidget(field)
            flow.addWidget(cell)
        self.date_from.name(_("First day of the period"))
        self.date_to.name(_("Last day of the period"))
        self.add(fields)
        self.problem = Banner("", "danger")
        self.swap = self.problem.offer(_("Exchange the days"), self._swap)
        self.problem.hide()
        self.add(self.problem)

        self.opening = Figures([_("Opening balance")])
        self.closing = Figures([_("Debit turnover"), _("Credit turnover"), _("Closing balance")])
        self._tables = QStackedWidget()
        self.documents: DataTable | None = None
        self.months: DataTable | None = None
        self._made_for: tuple[str, str] | None = None
        self.add(self.opening)
        self.add(self._tables, 1000)
        self.add(self.closing)
        self.paper_acts = DocumentActs(context, model.document, model.paper, self._fresh)
        self.add(self.paper_acts)
        self.body.addStretch(1)
        model.changed.connect(self.refresh)
        self.refresh()

    def show_data(self, view: AccountView) -> None:
        """Override."""
        model = self.view_model
        provider = view.provider
        self._make_tables(provider.currency, provider.debt_sign)
        with QSignalBlocker(self.date_from), QSignalBlocker(self.date_to):
            if model.problem() is None or self.date_from.value is not None:
                self.date_from.show_day(model.date_from)
            self.date_to.show_day(model.date_to)
        ranges = model.ranges()
        fitting = next((key for key, _w, a, b in ranges if (a, b) == (model.date_from, model.date_to)), "own")
        own = [("own", _("Own dates"))] if fitting == "own" else []
        self.ranges.offer([*own, *((key, words) for key, words, _a, _b in ranges)], fitting)
        self.service.offer(
            [(None, _("All services")), *((s.id, named(s.name)) for s in services_of(view))], model.service_id
        )
        self.form.choose(model.form)
        problem = model.problem()
        self.problem.show_text(sentence(problem) if problem else "", "danger")
        self.swap.setVisible(problem is not None and problem.code == "dates-reversed")
        act = model.reconciliation()
        for widget in (self.opening, self._tables, self.closing):
            widget.setVisible(act is not None)
        self.paper_acts.refresh()
        if act is None or self.documents is None or self.months is None:
            return

        def balance(minor: int) -> tuple[str, str]:
            return f"{balance_text(minor, provider)} ({balance_words(minor).lower()})", tone(minor)

        self.opening.show_values(balance(act.opening))
        self.closing.show_values(
            (formats.money(act.debit, provider.currency), ""),
            (formats.money(act.credit, provider.currency), ""),
            balance(act.closing),
        )
        self._show(self.documents, act.rows)
        self._show(self.months, model.months())
        shown = self.documents if model.form == TWO_SIDED else self.months
        self._tables.setCurrentWidget(shown)
        # Sums stand right below a short table, and at the foot of the page below a long one.
        self._limit_height()

    def _limit_height(self) -> None:
        shown = self._tables.currentWidget()
        if isinstance(shown, DataTable):
            self._tables.setMaximumHeight(shown.whole_height())

    def _make_tables(self, currency: str, debt_sign: str) -> None:
        if self._made_for == (currency, debt_sign):
            return
        self._made_for = (currency, debt_sign)
        for table in (self.documents, self.months):
            if table is not None:
                self._tables.removeWidget(table)
                table.deleteLater()
        settings = self.context_ports.settings
        self.documents = DataTable(
            two_sided_model(currency, self), "reconciliation-documents", label=_("Documents"), settings=settings
        )
        self.months = DataTable(
            monthly_model(currency, debt_sign, self), "reconciliation-months", label=_("Months"), settings=settings
        )
        for table in (self.documents, self.months):
            table.horizontalHeader().setResizeContentsPrecision(24)
            self._tables.addWidget(table)
            table.fitted.connect(self._limit_height)

    @staticmethod
    def _show(table: DataTable, rows: Any) -> None:
        source: Any = table.source
        if tuple(source.rows) != tuple(rows):
            source.show_rows(rows)

    def _dates(self, _value: date | None = None) -> None:
        start, end = self.date_from.value, self.date_to.value
        if start is not None and end is not None:
            self.view_model.choose_dates(start, end)

    def _range(self, key: str) -> None:
        for name, _words, start, end in self.view_model.ranges():
            if name == key:
                self.view_model.choose_dates(start, end)

    def _swap(self) -> None:
        self.view_model.choose_dates(self.view_model.date_to, self.view_model.date_from)

    def _fresh(self) -> tuple[str, str]:
        view = self.view_model.view
        return freshness(self.cabinet, [view] if view else [], self.context_ports.clock())


def make(context: Context) -> Made:
    """Return the screen."""
    model = ReconciliationModel(context, cabinet_of(context))
    return model, lambda: ReconciliationPage(context, model)
