"""Which month, language, accounts and services the paper invoice is about."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial

import msgspec
from PySide6.QtCore import QObject, Signal

from models.contract.commands import SendDocument
from models.contract.records import AccountView
from models.domain.period import Month
from translations import LANGUAGES, PSEUDO, _, current, formats
from ui.context import Context
from ui.preview.view_model import DocumentModel, Paper, freshness, safe_name
from ui.selection import Cabinet, services_of, today_at

_ANY_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


class InvoiceModel(QObject):
    """The choices of the invoice; every change makes the document anew."""

    changed = Signal()

    def __init__(self, context: Context, cabinet: Cabinet, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.cabinet = cabinet
        self.document = DocumentModel(context, cabinet, self)
        self._month: Month | None = None
        self._language = ""
        self._left_out: set[tuple[int, int]] = set()
        self._shown: object = None
        cabinet.changed.connect(self._data_changed)

    @property
    def language(self) -> str:
        """The language of the paper: the chosen one, else the program's."""
        return self._language or (current() if current() != PSEUDO else "en")

    @property
    def month(self) -> Month:
        """The chosen month, else the newest that is billed."""
        if self._month is not None:
            return self._month
        periods = [e.period for view in self.cabinet.views for e in view.entries if e.kind == "charge" and e.period]
        return Month.from_number(max(periods)) if periods else Month.of(self.today).previous()

    @property
    def today(self) -> date:
        """The provider's date."""
        view = self.cabinet.view
        return today_at(view, self._context) if view else self._context.clock().date()

    @property
    def first_month(self) -> Month:
        """The earliest month that has movements."""
        periods = [entry.period for view in self.cabinet.views for entry in view.entries if entry.period]
        return Month.from_number(min(periods)) if periods else self.month

    @property
    def last_month(self) -> Month:
        """The month now."""
        return max(Month.of(self.today), self.month)

    def languages(self) -> tuple[str, ...]:
        """Return the languages a paper can be made in."""
        return LANGUAGES

    def choose_month(self, month: Month) -> None:
        """Make the invoice of another month."""
        if month != self.month:
            self._month = month
            self._again()

    def choose_language(self, language: str) -> None:
        """Make the invoice in another language; the program's own stays."""
        if language != self.language:
            self._language = language
            self._again()

    def includes(self, account_id: int, service_id: int) -> bool:
        """Whether this service of this account is on the invoice."""
        return (account_id, service_id) not in self._left_out

    def include(self, account_id: int, service_id: int, *, included: bool) -> None:
        """Put a service on the invoice or leave it out."""
        key = (account_id, service_id)
        if included == (key in self._left_out):
            (self._left_out.discard if included else self._left_out.add)(key)
            self._again()

    def include_account(self, view: AccountView, *, included: bool) -> None:
        """Put all services of an account on the invoice or leave them out."""
        for service in services_of(view):
            key = (view.account.id, service.id)
            (self._left_out.discard if included else self._left_out.add)(key)
        self._again()

    def chosen(self) -> list[AccountView]:
        """Return the accounts on the invoice, each reduced to its chosen services."""
        result = []
        for view in self.cabinet.views:
            wanted = {s.id for s in services_of(view) if self.includes(view.account.id, s.id)}
            if wanted == {s.id for s in services_of(view)}:
                result.append(view)
            elif wanted:
                result.append(only(view, wanted))
        return result

    def paper(self) -> Paper | None:
        """Return the invoice, or ``None`` when nothing is chosen."""
        views = self.chosen()
        if not views:
            return None
        from documents.invoice import build

        month, language = self.month, self.language
        numbers = "-".join(view.account.number for view in views)
        number = f"{numbers}/{month.number}"
        commands = tuple(
            SendDocument(account_id=view.account.id, document="invoice", language=language, period=month.number)
            for view in views
        )
        title = _("Invoice, {month}").format(month=formats.month(month.first))
        return Paper(
            partial(build, views, month, language, self._context.clock(), number),
            title,
            safe_name(_("invoice"), numbers, str(month)),
            # The provider sends whole invoices; sending another one than the one shown would mislead.
            () if self._is_reduced(views) else commands,
        )

    def _is_reduced(self, views: list[AccountView]) -> bool:
        whole = {view.account.id: view for view in self.cabinet.views}
        return any(view is not whole.get(view.account.id) for view in views)

    def make(self) -> None:
        """Make the document unless this very one is there."""
        paper = self.paper()
        if paper is None:
            self.document.forget()
            self._shown = None
            return
        # A newer cut with the same figures is no other document: the reader is not thrown back to its first page.
        cuts = [msgspec.structs.replace(v, as_of=_ANY_MOMENT, sequence=0, waiting=[]) for v in self.chosen()]
        shown = (paper.send, paper.name, cuts)
        if shown != self._shown:
            self._shown = shown
            self.document.make(paper)

    def ribbon(self) -> tuple[str, str]:
        """Return what the reader must know about the data, and its tone."""
        return freshness(self.cabinet, self.chosen(), self._context.clock())

    def _again(self) -> None:
        self.changed.emit()

    def _data_changed(self) -> None:
        self.changed.emit()


def only(view: AccountView, services: set[int]) -> AccountView:
    """Return the account reduced to some of its services, for a paper about them alone."""
    return msgspec.structs.replace(
        view,
        services=[s for s in view.services if s.id in services],
        account_services=[item for item in view.account_services if item.service_id in services],
        meters=[
            m
            for m in view.meters
            if m.service_id in services | {s.volume_from for s in view.services if s.id in services}
        ],
        entries=[e for e in view.entries if e.service_id in services],
        assertions=[item for item in view.assertions if item.service_id in services],
    )
