"""A month of charges, its mailing, and the paper of it."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import QObject, Signal

from models.contract.commands import SendDocument, SetMailing
from models.contract.records import AccountView
from models.domain.period import Month
from models.domain.problems import Problem
from models.domain.statements import Breakdown, breakdown
from translations import PSEUDO, _, current, formats
from ui.context import Context, problem_of
from ui.preview.view_model import DocumentModel, Paper, suggested
from ui.selection import Cabinet, last_month_with_figures, services_of, today_at


class BreakdownModel(QObject):
    """The chosen month, its figures, and whether they are mailed every month."""

    changed = Signal()
    failed = Signal(object)
    """A Problem: nothing was recorded."""

    def __init__(self, context: Context, cabinet: Cabinet, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.cabinet = cabinet
        self.document = DocumentModel(context, cabinet, self)
        self._month: Month | None = None
        cabinet.changed.connect(self.changed)

    @property
    def view(self) -> AccountView | None:
        """The chosen account."""
        return self.cabinet.view

    @property
    def today(self) -> date:
        """The provider's date."""
        return today_at(self.view, self._context) if self.view else self._context.clock().date()

    @property
    def month(self) -> Month:
        """The chosen month; when the screen is opened the previous one, or the newest before it that has figures."""
        return self._month or last_month_with_figures(self.view, self.today)

    @property
    def first_month(self) -> Month:
        """The earliest month that has movements."""
        periods = [entry.period for entry in self.view.entries if entry.period] if self.view else []
        return Month.from_number(min(periods)) if periods else self.month

    @property
    def last_month(self) -> Month:
        """The month now: there is nothing later."""
        return Month.of(self.today)

    def choose_month(self, month: Month) -> None:
        """Show another month."""
        if month != self.month:
            self._month = month
            self.document.forget()
            self.changed.emit()

    def breakdown(self) -> Breakdown | None:
        """Return the figures of the month, or ``None`` before there are data."""
        view = self.view
        return breakdown(view.entries, self.month, [s.id for s in services_of(view)]) if view else None

    def is_empty(self) -> bool:
        """Whether the month has neither charges nor payments."""
        figures = self.breakdown()
        return figures is None or not (figures.charges or figures.payments)

    def make(self) -> None:
        """Make the paper of the month in the language in force."""
        paper = self.paper()
        if paper is not None:
            self.document.make(paper)

    def paper(self) -> Paper | None:
        """Return the paper of the month."""
        view = self.view
        if view is None:
            return None
        from documents.breakdown import build

        language = "en" if current() == PSEUDO else current()
        month = self.month
        title = _("Breakdown of charges, {month}").format(month=formats.month(month.first))
        return Paper(
            partial(build, view, month, language, self._context.clock()),
            title,
            suggested(_("breakdown"), view, month),
            (SendDocument(account_id=view.account.id, document="breakdown", language=language, period=month.number),),
        )

    def mailing(self) -> tuple[bool, bool]:
        """Return whether the breakdown is mailed every month, and whether a change of that waits to be sent."""
        account_id = self.cabinet.account_id
        for item in reversed(self.cabinet.waiting):
            if (
                isinstance(item.payload, SetMailing)
                and item.payload.account_id == account_id
                and str(item.state) != "refused"
            ):
                return item.payload.active, True
        return any(m.account_id == account_id and m.active for m in self.cabinet.mailings), False

    def set_mailing(self, *, active: bool) -> None:
        """Begin or stop the monthly mailing; recorded here, sent when the line allows."""
        account_id = self.cabinet.account_id
        if account_id is None or self.mailing()[0] == active:
            return
        if active and self.cabinet.person is not None and not self.cabinet.person.email:
            self.failed.emit(Problem("no-email"))
            return
        language = "en" if current() == PSEUDO else current()
        command = SetMailing(account_id=account_id, active=active, language=language)
        self._context.submit(self, command, lambda _id: self.cabinet.refresh(), self._refused)

    def _refused(self, error: Exception) -> None:
        self.failed.emit(problem_of(error) or Problem("disk-failed"))
