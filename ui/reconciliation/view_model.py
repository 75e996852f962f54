"""Settlements between two dates, for all services or one, in two printed forms."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import QObject, Signal

from models.contract.commands import SendDocument
from models.contract.records import AccountView
from models.domain.period import Month
from models.domain.problems import Problem
from models.domain.statements import (
    MonthlyReconciliationRow,
    Reconciliation,
    monthly_reconciliation,
    reconciliation,
)
from translations import PSEUDO, _, current, formats
from ui.context import Context
from ui.preview.view_model import DocumentModel, Paper, suggested
from ui.selection import Cabinet, last_month_with_figures, services_of, today_at

TWO_SIDED, MONTHLY = 1, 2
LONGEST_YEARS = 5


class ReconciliationModel(QObject):
    """The chosen dates, service and form, and what they give."""

    changed = Signal()

    def __init__(self, context: Context, cabinet: Cabinet, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.cabinet = cabinet
        self.document = DocumentModel(context, cabinet, self)
        self._from: date | None = None
        self._to: date | None = None
        self.service_id: int | None = None
        self._form: int | None = None
        cabinet.changed.connect(self._data_changed)

    @property
    def view(self) -> AccountView | None:
        """The chosen account."""
        return self.cabinet.view

    @property
    def today(self) -> date:
        """The provider's date."""
        return today_at(self.view, self._context) if self.view else self._context.clock().date()

    @property
    def date_from(self) -> date:
        """The first day; when the screen is opened that of the last month with figures."""
        return self._from or last_month_with_figures(self.view, self.today).first

    @property
    def date_to(self) -> date:
        """The last day, inclusive; when the screen is opened that of the last month with figures."""
        return self._to or last_month_with_figures(self.view, self.today).last

    @property
    def form(self) -> int:
        """The printed form: two-sided for legal entities, monthly for residents, unless the person chose."""
        if self._form is not None:
            return self._form
        return TWO_SIDED if self.view is not None and self.view.account.kind == "legal" else MONTHLY

    def choose_form(self, form: int) -> None:
        """Use this printed form."""
        if form != self.form:
            self._form = form
            self.document.forget()
            self.changed.emit()

    def choose_dates(self, date_from: date, date_to: date) -> None:
        """Take two days; they may be the wrong way round while they are being typed."""
        if (date_from, date_to) != (self.date_from, self.date_to):
            self._from, self._to = date_from, date_to
            self.document.forget()
            self.changed.emit()

    def choose_service(self, service_id: int | None) -> None:
        """Show one service, or all with ``None``."""
        if service_id != self.service_id:
            self.service_id = service_id
            self.document.forget()
            self.changed.emit()

    def ranges(self) -> list[tuple[str, str, date, date]]:
        """Return the quick ranges: key, words, first and last day."""
        today = self.today
        month = Month.of(today)
        quarter = Month(today.year, (today.month - 1) // 3 * 3 + 1)
        before = quarter.shift(-3)
        return [
            ("this-month", _("This month"), month.first, month.last),
            ("last-month", _("Last month"), month.previous().first, month.previous().last),
            ("this-quarter", _("This quarter"), quarter.first, quarter.shift(2).last),
            ("last-quarter", _("Last quarter"), before.first, before.shift(2).last),
            ("this-year", _("This year"), date(today.year, 1, 1), date(today.year, 12, 31)),
            ("last-year", _("Last year"), date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
        ]

    def problem(self) -> Problem | None:
        """Return why these dates give nothing."""
        if self.date_from > self.date_to:
            return Problem("dates-reversed")
        if (self.date_to - self.date_from).days > LONGEST_YEARS * 366:
            return Problem("dates-too-far-apart")
        return None

    def reconciliation(self) -> Reconciliation | None:
        """Return the settlements, or ``None`` without data or with wrong dates."""
        view = self.view
        if view is None or self.problem():
            return None
        return reconciliation(view.entries, self.date_from, self.date_to, self.service_id)

    def months(self) -> list[MonthlyReconciliationRow]:
        """Return the lines of the residents' form."""
        view = self.view
        if view is None or self.problem():
            return []
        return monthly_reconciliation(view.entries, self.date_from, self.date_to, self.service_id)

    def make(self) -> None:
        """Make the act in the language in force."""
        paper = self.paper()
        if paper is not None:
            self.document.make(paper)

    def paper(self) -> Paper | None:
        """Return the act of these dates."""
        view = self.view
        if view is None or self.problem():
            return None
        from documents.reconciliation import build

        language = "en" if current() == PSEUDO else current()
        dates = (self.date_from, self.date_to)
        command = SendDocument(
            account_id=view.account.id,
            document="reconciliation",
            language=language,
            date_from=dates[0],
            date_to=dates[1],
            form=self.form,
        )
        title = _("Reconciliation, {start} – {end}").format(start=formats.day(dates[0]), end=formats.day(dates[1]))
        return Paper(
            partial(build, view, *dates, self.form, language, self._context.clock(), self.service_id),
            title,
            suggested(_("reconciliation"), view, dates),
            # The provider sends acts of all services; sending another act than the one shown would mislead.
            () if self.service_id is not None else (command,),
        )

    def _data_changed(self) -> None:
        view = self.view
        if view is not None and self.service_id not in {s.id for s in services_of(view)}:
            self.service_id = None
        self.changed.emit()
