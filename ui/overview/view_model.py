"""What the overview says about each service: figures as values, words made when they are shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Signal

from models.contract.records import AccountView, Provider, Service
from models.domain.period import Month
from models.domain.statements import ChartMonth, display_balance, year_chart
from translations import _, formats
from ui.selection import Cabinet, address_of, named, provider_words, services_of

CHARGES = frozenset({"charge", "subscription", "correction", "penalty"})


@dataclass(frozen=True, slots=True)
class ServiceCard:
    """One service of one account, ready to be shown in the language in force."""

    account_id: int
    service_id: int
    kind: str
    title: str
    provider: str
    balance: str
    balance_words: str
    tone: str  # danger | positive | text
    due: str
    due_is_past: bool
    readings: str
    readings_open: bool
    last_payment: str

    @property
    def spoken(self) -> str:
        """The whole card as sentences, for a screen reader."""
        parts = (self.title, self.provider, f"{self.balance_words}: {self.balance}", self.due, self.readings)
        return ". ".join(part.rstrip(".") for part in (*parts, self.last_payment) if part) + "."


@dataclass(frozen=True, slots=True)
class AccountGroup:
    """An account with its cards and its total."""

    account_id: int
    number: str
    provider: str
    address: str
    total: str
    total_words: str
    tone: str
    cards: tuple[ServiceCard, ...]


class OverviewModel(QObject):
    """State of the overview: which year the chart shows; the rest is the selection's."""

    changed = Signal()

    def __init__(self, cabinet: Cabinet, clock: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.cabinet = cabinet
        self._clock = clock
        self._year: int | None = None
        cabinet.changed.connect(self.changed)

    def today(self, provider: Provider) -> date:
        """Return the provider's date."""
        return self._clock().astimezone(ZoneInfo(provider.zone)).date()

    def groups(self) -> list[AccountGroup]:
        """Return the accounts with their cards, as sentences of the language in force."""
        return [self._group(view) for view in self.cabinet.views]

    def years(self) -> list[int]:
        """Return the years the chosen account has movements in, newest first."""
        view = self.cabinet.view
        return years_of(view, self.today(view.provider)) if view else []

    @property
    def year(self) -> int:
        """The year of the chart: the chosen one, else the newest that has movements."""
        years = self.years()
        if self._year in years:
            return self._year
        view = self.cabinet.view
        return newest_year(view, self.cabinet.service_id, years) if view else self._clock().year

    def choose_year(self, year: int) -> None:
        """Show this year in the chart."""
        if year != self._year:
            self._year = year
            self.changed.emit()

    def chart(self) -> list[ChartMonth]:
        """Return the twelve months of the chosen service, or nothing before there are data."""
        view = self.cabinet.view
        return year_chart(view.entries, self.year, self.cabinet.service_id) if view else []

    def _group(self, view: AccountView) -> AccountGroup:
        provider = view.provider
        balances = {item.service_id: item.balance_minor for item in view.account_services}
        total = sum(balances.values())
        return AccountGroup(
            view.account.id,
            view.account.number,
            provider_words(provider),
            address_of(view),
            balance_text(total, provider),
            balance_words(total),
            tone(total),
            tuple(self._card(view, service, balances.get(service.id, 0)) for service in services_of(view)),
        )

    def _card(self, view: AccountView, service: Service, balance: int) -> ServiceCard:
        provider = view.provider
        today = self.today(provider)
        due, past = due_sentence(view, service.id, balance, today)
        metered = any(m.service_id == service.id and m.status != "removed" for m in view.meters)
        window, is_open = window_sentence(provider, today) if metered else ("", False)
        return ServiceCard(
            view.account.id,
            service.id,
            service.kind,
            named(service.name),
            provider_words(provider),
            balance_text(balance, provider),
            balance_words(balance),
            tone(balance),
            due,
            past,
            window,
            is_open,
            last_payment_sentence(view, service.id),
        )


def balance_words(minor: int) -> str:
    """Return the word for a balance: the colour and the sign never stand alone."""
    if minor > 0:
        return _("Debt")
    return _("Overpayment") if minor < 0 else _("Nothing to pay")


def tone(minor: int) -> str:
    """Return the theme token of a balance."""
    if minor > 0:
        return "danger"
    return "positive" if minor < 0 else "text"


def balance_text(minor: int, provider: Provider) -> str:
    """Return a balance with the sign this provider uses and its currency."""
    shown = abs(minor) if provider.debt_sign == "two_columns" else display_balance(minor, provider.debt_sign)
    return formats.money(shown, provider.currency)


def years_of(view: AccountView, today: date) -> list[int]:
    """Return the years that charts have bars for, newest first; this year when there are none."""
    years = {entry.period // 100 for entry in view.entries} | {entry.belongs_to // 100 for entry in view.entries}
    return sorted((year for year in years if year > 1900), reverse=True) or [today.year]


def newest_year(view: AccountView, service_id: int | None, years: Sequence[int]) -> int:
    """Return the newest of ``years`` in which the service was charged or paid, so a chart does not open empty."""
    with_figures = {
        entry.period // 100 for entry in view.entries if entry.service_id == service_id and entry.kind != "opening"
    }
    return next((year for year in years if year in with_figures), years[0])


def due_day(provider: Provider, billed: Month) -> date:
    """Return the day by which a billed month is to be paid: ``due_day`` of the month after."""
    after = billed.next()
    return date(after.year, after.month, min(max(provider.due_day, 1), after.days))


def due_sentence(view: AccountView, service_id: int, balance: int, today: date) -> tuple[str, bool]:
    """Return when the debt is to be paid, and whether that day is over; an empty sentence when nothing is owed."""
    if balance <= 0:
        return "", False
    billed = max(
        (e.belongs_to for e in view.entries if e.service_id == service_id and e.kind in CHARGES and e.belongs_to),
        default=0,
    )
    if not billed:
        return "", False
    day = due_day(view.provider, Month.from_number(billed))
    if day < today:
        return _("Was to be paid by {day}").format(day=formats.day(day)), True
    return _("To be paid by {day}").format(day=formats.day(day)), False


def reading_window(provider: Provider, today: date) -> tuple[date, date]:
    """Return the first and last day of the window that is open on ``today``, or of the next one.

    A window may run over the end of a month (25 to 5).
    """
    first, last = provider.window_from, provider.window_to
    months = [Month.of(today).shift(shift) for shift in (-1, 0, 1)]
    for month in months:
        end_month = month if first <= last else month.next()
        start = date(month.year, month.month, min(first, month.days))
        end = date(end_month.year, end_month.month, min(last, end_month.days))
        if end >= today:
            return start, end
    raise AssertionError("next month's window is never over")


def window_sentence(provider: Provider, today: date) -> tuple[str, bool]:
    """Return until when, or from when, readings are taken, and whether the window is open."""
    start, end = reading_window(provider, today)
    if start <= today:
        return _("Give readings until {day}").format(day=formats.day(end)), True
    return (
        _("Readings are taken from {start} to {end}").format(start=formats.day(start), end=formats.day(end)),
        False,
    )


def last_payment_sentence(view: AccountView, service_id: int) -> str:
    """Return the latest payment that was not taken back, in a sentence."""
    reversed_ids = {e.reversal_of for e in view.entries if e.reversal_of}
    payments = [
        e
        for e in view.entries
        if e.service_id == service_id
        and e.kind == "payment"
        and e.id not in reversed_ids
        and e.transaction_id not in reversed_ids
    ]
    if not payments:
        return _("No payments yet")
    last = max(payments, key=lambda e: (e.business_date, e.id))
    amount = sum(e.amount_minor for e in payments if e.transaction_id == last.transaction_id)
    return _("Last payment {amount} on {day}").format(
        amount=formats.money(-amount, view.provider.currency), day=formats.day(last.business_date)
    )
