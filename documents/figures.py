"""The figures of an invoice, taken from the ledger's statements before anything is drawn.

Nothing here decides an amount: turnovers and balances are those of ``models.domain.statements``; what is to pay is the
closing balance where the consumer owes, service by service, since an overpayment of one recipient never pays another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from models.contract.records import AccountView, Entry, Meter, Reading, Recipient, Service, Tariff
from models.domain import statements
from models.domain.meters import Register, shown_volume
from models.domain.movements import basis_of, price_of, volume_of
from models.domain.period import Month


@dataclass(frozen=True, slots=True)
class MeterFigures:
    """A meter in a month; ``current`` is ``None`` when nobody read it."""

    meter: Meter
    register: Register
    previous: int | None
    previous_on: date | None
    current: int | None
    current_on: date | None
    source: str
    difference: Decimal | None


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """A service in a month: turnovers of the ledger, and what the charges were computed from."""

    service: Service
    basis: str
    volume: Decimal | None
    prices: tuple[str, ...]
    balance: statements.ServiceBalance

    @property
    def to_pay(self) -> int:
        """What is owed; 0 for an overpayment."""
        return max(0, self.balance.closing)

    @property
    def overpaid(self) -> int:
        """What is there for later charges."""
        return max(0, -self.balance.closing)


@dataclass(frozen=True, slots=True)
class Payment:
    """One transfer to make: all services of a recipient together."""

    recipient: Recipient | None
    services: tuple[Service, ...]
    amount: int


@dataclass(frozen=True, slots=True)
class InvoiceFigures:
    """Everything an invoice of one account says in figures."""

    view: AccountView
    month: Month
    due: date
    meters: tuple[MeterFigures, ...]
    services: tuple[ServiceFigures, ...]
    total: statements.ServiceBalance
    to_pay: int
    overdue: int  # debt of earlier periods that payments of the month did not cover
    vat: tuple[tuple[str, int], ...]  # rate, sum
    payments: tuple[Payment, ...]
    coming_prices: tuple[tuple[Service, Tariff], ...]


def invoice_figures(view: AccountView, month: Month) -> InvoiceFigures:
    """Return the figures of an account's invoice for ``month``, minor units, services in order of priority."""
    services = ordered_services(view)
    found = statements.breakdown(view.entries, month, [service.id for service in services])
    balances = {balance.service_id: balance for balance in found.services}
    lines = tuple(
        line for service in services if _shown(line := _service(view, service, month, balances[service.id]), view)
    )
    to_pay = sum(line.to_pay for line in lines)
    following = month.next()
    return InvoiceFigures(
        view=view,
        month=month,
        due=date(following.year, following.month, min(max(view.provider.due_day, 1), following.days)),
        meters=meter_figures(view, month),
        services=lines,
        total=found.total,
        to_pay=to_pay,
        overdue=sum(max(0, line.balance.opening - line.balance.paid) for line in lines),
        vat=vat_by_rate(view, month),
        payments=_payments(view, lines),
        coming_prices=_coming_prices(view, lines, month),
    )


def ordered_services(view: AccountView) -> list[Service]:
    """Return the services of an account in the provider's order."""
    mine = {link.service_id for link in view.account_services} | {entry.service_id for entry in view.entries}
    return sorted((one for one in view.services if one.id in mine), key=lambda one: (one.priority, one.id))


def meter_figures(view: AccountView, month: Month) -> tuple[MeterFigures, ...]:
    """Return the meters that stood in ``month``, each with its last reading before the month and the last of it."""
    by_meter: dict[int, list[Reading]] = {}
    for reading in view.readings:
        if reading.state == "accepted" and reading.period <= month.number:
            by_meter.setdefault(reading.meter_id, []).append(reading)
    figures = []
    for meter in view.meters:
        if meter.installed_on is not None and meter.installed_on > month.last:
            continue
        if meter.removed_on is not None and meter.removed_on < month.first:
            continue
        register = Register(meter.integer_digits, meter.fraction_digits)
        readings = sorted(by_meter.get(meter.id, ()), key=lambda one: (one.period, one.read_on, one.id))
        before = [one for one in readings if one.period < month.number]
        inside = [one for one in readings if one.period == month.number and one.source != "initial"]
        previous, previous_on = (
            (before[-1].value, before[-1].read_on) if before else (meter.initial, meter.installed_on)
        )
        current = inside[-1] if inside else None
        figures.append(
            MeterFigures(
                meter=meter,
                register=register,
                previous=previous,
                previous_on=previous_on,
                current=current.value if current else None,
                current_on=current.read_on if current else None,
                source=current.source if current else "",
                difference=register.quantity(shown_volume(previous, current.value, register)) if current else None,
            )
        )
    return tuple(figures)


def vat_by_rate(view: AccountView, month: Month) -> tuple[tuple[str, int], ...]:
    """Return VAT included in what was charged in ``month``, by rate in percent; empty if there is none."""
    sums: dict[str, int] = {}
    for entry in view.entries:
        if entry.period == month.number and entry.vat_minor:
            rate = vat_rate(view, entry)
            sums[rate] = sums.get(rate, 0) + entry.vat_minor
    return tuple(sorted(sums.items()))


def vat_rate(view: AccountView, entry: Entry) -> str:
    """Return the rate in percent that an entry's VAT was included at; "" if nothing says it."""
    stated = (entry.detail or {}).get("vat_rate")
    if stated:
        return str(stated)
    tariff = tariff_of(view, entry.service_id, Month.from_number(entry.belongs_to).last)
    return tariff.vat_rate if tariff else ""


def tariff_of(view: AccountView, service_id: int, day: date) -> Tariff | None:
    """Return the tariff of the account's group that is valid on ``day``."""
    for tariff in view.tariffs:
        if (
            tariff.service_id == service_id
            and tariff.consumer_group == view.account.consumer_group
            and tariff.valid_from <= day
            and (tariff.valid_to is None or day < tariff.valid_to)
        ):
            return tariff
    return None


def _service(view: AccountView, service: Service, month: Month, balance: statements.ServiceBalance) -> ServiceFigures:
    charges = [
        entry
        for entry in view.entries
        if entry.service_id == service.id and entry.period == month.number and entry.kind == "charge"
    ]
    measured = [entry for entry in charges if (entry.detail or {}).get("volume")]
    bases = list(dict.fromkeys(basis for entry in charges if (basis := basis_of(entry))))
    if not bases:
        bases = [link.basis for link in view.account_services if link.service_id == service.id][:1]
    prices = tuple(dict.fromkeys(price for entry in charges if (price := price_of(entry))))
    if not prices:
        tariff = tariff_of(view, service.id, month.last)
        prices = (tariff.price,) if tariff else ()
    return ServiceFigures(
        service=service,
        basis=bases[0] if bases else "",
        volume=sum((volume_of(entry, {}) for entry in measured), Decimal(0)) if measured else None,
        prices=prices,
        balance=balance,
    )


def _shown(line: ServiceFigures, view: AccountView) -> bool:
    balance = line.balance
    moved = any((balance.opening, balance.charged, balance.subscription, balance.correction, balance.penalty))
    active = any(link.active for link in view.account_services if link.service_id == line.service.id)
    return active or moved or balance.paid != 0 or balance.closing != 0


def _payments(view: AccountView, lines: Sequence[ServiceFigures]) -> tuple[Payment, ...]:
    recipients = {recipient.id: recipient for recipient in view.recipients}
    grouped: dict[int | None, list[ServiceFigures]] = {}
    for line in lines:
        recipient_id = line.service.recipient_id if line.service.recipient_id in recipients else None
        grouped.setdefault(recipient_id, []).append(line)
    return tuple(
        Payment(
            recipient=recipients[recipient_id] if recipient_id is not None else None,
            services=tuple(line.service for line in group),
            amount=sum(line.to_pay for line in group),
        )
        for recipient_id, group in grouped.items()
    )


def _coming_prices(
    view: AccountView, lines: Sequence[ServiceFigures], month: Month
) -> tuple[tuple[Service, Tariff], ...]:
    soon = month.shift(2).last
    return tuple(
        (line.service, tariff)
        for line in lines
        for tariff in view.tariffs
        if tariff.service_id == line.service.id
        and tariff.consumer_group == view.account.consumer_group
        and month.first < tariff.valid_from <= soon
    )
