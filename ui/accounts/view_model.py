"""The four tables of a service and the charts of a year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Signal

from models.contract.records import AccountView, Service
from models.domain.statements import (
    ChargedRow,
    ChartMonth,
    ConsumptionRow,
    PaymentRow,
    StateRow,
    charged_rows,
    consumption_rows,
    display_balance,
    payment_rows,
    state_rows,
    year_chart,
)
from translations import _, formats
from ui.overview.view_model import newest_year, years_of
from ui.selection import Cabinet, named


class Tab(StrEnum):
    """The tabs, in their order."""

    STATE = "state"
    SERVICES = "services"
    PAYMENTS = "payments"
    CONSUMPTION = "consumption"


@dataclass(frozen=True, slots=True)
class StateLine:
    """A month of the state of accounts with what a screen adds: currency, sign, and why it does not follow."""

    row: StateRow
    currency: str
    debt_sign: str
    expected_minor: int | None  # what the closing balance should have been; None when it follows

    @property
    def closing(self) -> int:
        """The closing balance with the provider's sign."""
        return display_balance(self.row.closing, self.debt_sign)

    @property
    def explanation(self) -> str:
        """Why the closing balance does not follow, in a sentence; empty when it does."""
        if self.expected_minor is None:
            return ""
        return _(
            "The closing balance does not follow from the month before: by the charges and payments it would be "
            "{expected}. The provider's figure is shown unchanged."
        ).format(expected=formats.money(display_balance(self.expected_minor, self.debt_sign), self.currency))


@dataclass(frozen=True, slots=True)
class ChargedLine:
    """A charge with its service's name and currency."""

    row: ChargedRow
    service: Service
    currency: str

    @property
    def name(self) -> str:
        """Service and what kind of charge it is, in the language in force."""
        service = named(self.service.name)
        match self.row.kind, self.row.basis:
            case "subscription", _basis:
                return _("{service}, subscription fee").format(service=service)
            case "penalty", _basis:
                return _("{service}, penalty").format(service=service)
            case "correction", _basis:
                return _("{service}, correction").format(service=service)
            case _kind, "meter":
                return _("{service} by meter").format(service=service)
            case _kind, "norm":
                return _("{service} by norm").format(service=service)
            case _kind, "average":
                return _("{service} by average").format(service=service)
        return service


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """A payment with its currency."""

    row: PaymentRow
    service: Service | None
    currency: str

    @property
    def purpose(self) -> str:
        """The purpose as written, else the service's name."""
        return self.row.purpose or (named(self.service.name) if self.service else "")


@dataclass(frozen=True, slots=True)
class ConsumptionLine:
    """A reading with its service."""

    row: ConsumptionRow
    service: Service | None


class AccountsModel(QObject):
    """Which tab and year are shown; the data are the selection's."""

    changed = Signal()

    def __init__(self, cabinet: Cabinet, clock: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.cabinet = cabinet
        self._clock = clock
        self._year: int | None = None
        self.tab = Tab.STATE
        cabinet.changed.connect(self.changed)

    def title(self) -> str:
        """Return the service and the account as the cabinet's heading writes them: «ВОДОПОСТАЧАННЯ (О/Р: 101)»."""
        view, service = self.cabinet.view, self.cabinet.service
        return service_title(service, view) if view and service else _("State of accounts")

    def years(self) -> list[int]:
        """Return the years that have data, newest first."""
        view = self.cabinet.view
        return years_of(view, self._today(view)) if view else []

    @property
    def year(self) -> int:
        """The chosen year, else the newest that has data."""
        years = self.years()
        if self._year in years:
            return self._year
        view = self.cabinet.view
        return newest_year(view, self.cabinet.service_id, years) if view else self._clock().year

    def choose_year(self, year: int) -> None:
        """Show this year in the charts."""
        if year != self._year:
            self._year = year
            self.changed.emit()

    def chart(self) -> list[ChartMonth]:
        """Return the twelve months of the chosen service and year."""
        view = self.cabinet.view
        return year_chart(view.entries, self.year, self.cabinet.service_id) if view else []

    def states(self) -> list[StateLine]:
        """Return the months of the chosen service, newest first."""
        view, service_id = self.cabinet.view, self.cabinet.service_id
        if view is None or service_id is None:
            return []
        wrong = {
            item.period: item.expected_minor
            for item in view.assertions
            if item.service_id == service_id
            and item.expected_minor is not None
            and item.expected_minor != item.closing_minor
        }
        provider = view.provider
        stated = {item.period: item.closing_minor for item in view.assertions if item.service_id == service_id}
        return [
            StateLine(
                row,
                provider.currency,
                provider.debt_sign,
                # A month that the ledger has its own movements for shows the ledger's figures, which always follow.
                wrong.get(row.month.number) if stated.get(row.month.number) == row.closing else None,
            )
            for row in state_rows(view.entries, service_id, view.assertions)
        ]

    def charges(self) -> list[ChargedLine]:
        """Return the charges of the chosen service, newest first."""
        view, service = self.cabinet.view, self.cabinet.service
        if view is None or service is None:
            return []
        rows = [row for row in charged_rows(view.entries) if row.service_id == service.id]
        rows.sort(key=lambda row: row.month, reverse=True)
        return [ChargedLine(row, service, view.provider.currency) for row in rows]

    def payments(self) -> list[PaymentLine]:
        """Return the payments of the chosen service, newest first."""
        view, service = self.cabinet.view, self.cabinet.service
        if view is None or service is None:
            return []
        rows = [row for row in payment_rows(view.entries) if row.service_id == service.id]
        rows.sort(key=lambda row: row.day, reverse=True)
        return [PaymentLine(row, service, view.provider.currency) for row in rows]

    def consumption(self) -> list[ConsumptionLine]:
        """Return the readings of the meters of the chosen service, newest first.

        A service that takes its volume from another one (drainage from water) shows that one's meters.
        """
        view, service = self.cabinet.view, self.cabinet.service
        if view is None or service is None:
            return []
        wanted = {service.id, service.volume_from}
        services = {s.id: s for s in view.services}
        meters = [meter for meter in view.meters if meter.service_id in wanted]
        return [ConsumptionLine(row, services.get(row.service_id)) for row in consumption_rows(meters, view.readings)]

    def unit(self) -> str:
        """Return the unit of the chosen service, "" when it has none."""
        service = self.cabinet.service
        return named(service.unit) if service else ""

    def _today(self, view: AccountView) -> date:
        return self._clock().astimezone(ZoneInfo(view.provider.zone)).date()


def service_title(service: Service, view: AccountView) -> str:
    """Return service and account number in the form of the cabinet's headings, the service in capitals."""
    return _("{service} (account {number})").format(service=named(service.name).upper(), number=view.account.number)


def method_words(method: str) -> str:
    """Return how a payment was made."""
    return {"cash": _("cash"), "card": _("card"), "bank": _("bank"), "online": _("online")}.get(method, method)
