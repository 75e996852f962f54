"""What an account is to be charged for a month: the domain's rules over one account's data. Pure, without a database.

A month with a reading is charged by the meter; one without by the average of the months before, for some months, then
by norm. A reading that comes after such months is spread over them, and what was charged without it is put right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final

from models.contract.records import Service
from models.domain.averages import AverageRule, PastVolume, average_part, basis_without_reading, spread
from models.domain.billing import charge, drained
from models.domain.charges import ChargeLine, ChargeRequest, Part, metered
from models.domain.meters import Register, shown_volume
from models.domain.money import Rounding
from models.domain.period import Month
from models.domain.problems import Problem
from models.domain.tariffs import VOLUME_DIGITS, CannotCharge, PriceList, volume_units

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ReadValue:
    """An accepted reading."""

    value: int
    read_on: date
    period: int
    source: str


@dataclass(slots=True)
class ChargedMeter:
    """A meter with its accepted readings, oldest first. ``final`` is the last value of a removed one."""

    id: int
    service_id: int
    number: str
    register: Register
    initial: int
    installed_on: date | None
    removed_on: date | None
    final: int | None
    readings: list[ReadValue] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Standing:
    """A charge of a service and month that was posted and not reversed."""

    entry_id: int
    transaction_id: int
    service_id: int
    month: int
    kind: str
    amount_minor: int
    basis: str
    volume: str
    detail: dict[str, Any] | None


@dataclass(slots=True)
class ChargedAccount:
    """Everything about one account that decides its charges of a month."""

    id: int
    group: str
    residents: int
    services: dict[int, tuple[date | None, date | None]] = field(default_factory=dict)  # service → opened, closed
    meters: list[ChargedMeter] = field(default_factory=list)
    standing: list[Standing] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Tariffs:
    """What all accounts of a provider share in a run."""

    services: tuple[Service, ...]
    prices: PriceList
    average: AverageRule
    rounding: Rounding


@dataclass(frozen=True, slots=True)
class Wanted:
    """The lines that a service of an account should have for a month."""

    service_id: int
    month: Month
    lines: tuple[ChargeLine, ...]


@dataclass(frozen=True, slots=True)
class _Volume:
    """The parts of a metered service by month, or ``None`` for a month charged by norm."""

    by_month: dict[Month, tuple[Part, ...] | None]


def wanted_charges(account: ChargedAccount, month: Month, tariffs: Tariffs) -> tuple[list[Wanted], list[Problem]]:
    """Return the lines of ``month``, those of months before that a late reading puts right, and what cannot be charged.

    A problem concerns one service; the others are charged. Source: R-BILL-1 to R-BILL-11 in docs/rules.md.
    """
    wanted: list[Wanted] = []
    problems: list[Problem] = []
    volumes: dict[int, _Volume] = {}
    for service in tariffs.services:
        if service.id not in account.services:
            continue
        opened, closed = account.services[service.id]
        if (opened and opened > month.last) or (closed and closed < month.first):
            continue
        try:
            if not any(service.unit.values()):
                lines = charge(_request(account, service, month, tariffs, "fixed", ()))
                wanted.append(Wanted(service.id, month, lines))
                continue
            volume = _volume(account, service, month, tariffs, volumes)
            volumes[service.id] = volume
            for one, parts in volume.by_month.items():
                basis = "norm" if parts is None else "meter"
                request = _request(account, service, one, tariffs, basis, parts or (), fee=one == month)
                wanted.append(Wanted(service.id, one, charge(request)))
        except CannotCharge as refused:
            problems.append(refused.problem)
    return wanted, problems


def _request(
    account: ChargedAccount,
    service: Service,
    month: Month,
    tariffs: Tariffs,
    basis: str,
    parts: tuple[Part, ...],
    *,
    fee: bool = True,
) -> ChargeRequest:
    opened, closed = account.services[service.id]
    return ChargeRequest(
        service_id=service.id,
        period=month,
        prices=tariffs.prices,
        group=account.group,
        basis=basis,
        parts=parts,
        residents=account.residents,
        date_from=opened if opened and opened > month.first else None,
        date_to=closed if closed and closed < month.last else None,
        with_subscription=fee,
        rounding=tariffs.rounding,
    )


def _volume(
    account: ChargedAccount, service: Service, month: Month, tariffs: Tariffs, volumes: dict[int, _Volume]
) -> _Volume:
    meters = [one for one in account.meters if one.service_id == service.id and _counts_in(one, month)]
    if not meters and service.volume_from is not None and service.volume_from in volumes:
        source = volumes[service.volume_from]
        return _Volume({one: None if parts is None else drained(parts) for one, parts in source.by_month.items()})
    if not meters:
        return _Volume({month: None})
    by_month: dict[Month, list[Part]] = {month: []}
    by_norm = True
    for meter in meters:
        read = _read_in(meter, month)
        if read is not None:
            before = _before(meter, month)
            if shown_volume(before.value, read.value, meter.register) < 0:
                raise CannotCharge(
                    Problem(
                        "reading-went-down",
                        "value",
                        {"last": meter.register.format(before.value), "on": before.read_on.isoformat()},
                    )
                )
            unread = _unread_months(account, service.id, before.period, month)
            for one, part in _spread(meter, before.value, read.value, unread, month):
                by_month.setdefault(one, []).append(part)
            by_norm = False
        elif spread := [part for part in _kept_parts(account, service.id, month) if part.meter_number == meter.number]:
            by_month[month].extend(spread)  # a later reading was spread over this month
            by_norm = False
        elif (average := _average(account, service.id, meter, month, tariffs.average)) is not None:
            by_month[month].append(average)
            by_norm = False
    for one, parts in by_month.items():
        if one != month:  # other meters of the service keep what they were charged for in those months
            late = {part.meter_number for part in parts}
            parts.extend(kept for kept in _kept_parts(account, service.id, one) if kept.meter_number not in late)
    return _Volume({one: None if by_norm else tuple(parts) for one, parts in sorted(by_month.items())})


def _counts_in(meter: ChargedMeter, month: Month) -> bool:
    if meter.installed_on is not None and meter.installed_on > month.last:
        return False
    return meter.removed_on is None or meter.removed_on >= month.first


def _read_in(meter: ChargedMeter, month: Month) -> ReadValue | None:
    """Return the newest reading for the month; the final value of a meter removed in it."""
    if meter.removed_on is not None and meter.final is not None and Month.of(meter.removed_on) == month:
        return ReadValue(meter.final, meter.removed_on, month.number, "controller")
    inside = [one for one in meter.readings if one.period == month.number and one.source != "initial"]
    return inside[-1] if inside else None


def _before(meter: ChargedMeter, month: Month) -> ReadValue:
    """Return the reading before the month's: the newest of an earlier month, or the initial value."""
    earlier = [one for one in meter.readings if one.period < month.number or one.source == "initial"]
    if earlier:
        return earlier[-1]
    installed = meter.installed_on or month.first
    return ReadValue(meter.initial, installed, Month.of(installed).previous().number, "initial")


def _spread(
    meter: ChargedMeter, previous: int, current: int, late: Sequence[Month], month: Month
) -> Iterator[tuple[Month, Part]]:
    """Yield the volume between two readings by month: whole, or split by days where months had no reading."""
    months = [*late, month]
    first, last = _days_in(meter, months[0]), _days_in(meter, month)
    whole = metered(meter.register, meter.number, previous, current, first[0], last[1])
    if len(months) == 1:
        yield month, whole
        return
    spans = [_days_in(meter, one) for one in months]
    yield from zip(months, spread(whole, spans), strict=True)


def _days_in(meter: ChargedMeter, month: Month) -> tuple[date, date]:
    """Return the days of the month on which the meter was installed."""
    first, last = month.first, month.last
    if meter.installed_on is not None and first < meter.installed_on <= last:
        first = meter.installed_on + _DAY if meter.installed_on < last else last
    if meter.removed_on is not None and first <= meter.removed_on < last:
        last = meter.removed_on
    return first, last


def _unread_months(account: ChargedAccount, service_id: int, read_period: int, month: Month) -> list[Month]:
    """Return the months after the last reading that were charged without one, oldest first."""
    numbers = {
        one.month
        for one in account.standing
        if one.service_id == service_id and one.kind != "subscription" and read_period < one.month < month.number
    }
    return [Month.from_number(number) for number in sorted(numbers)]


def _average(
    account: ChargedAccount, service_id: int, meter: ChargedMeter, month: Month, rule: AverageRule
) -> Part | None:
    """Return the volume of a month without a reading, ``None`` where the norm must do."""
    earlier = [one for one in meter.readings if one.period < month.number or one.source == "initial"]
    if not earlier:
        return None
    history = list(_history(meter, earlier))
    estimated = len(_unread_months(account, service_id, earlier[-1].period, month))
    if basis_without_reading(estimated, history, rule) != "average":
        return None
    first, last = _days_in(meter, month)
    return replace(average_part(history, rule, first, last), meter_number=meter.number)


def _history(meter: ChargedMeter, readings: Sequence[ReadValue]) -> Iterator[PastVolume]:
    """Yield what was consumed between readings of different periods, oldest first, in ten-thousandths."""
    scale = 10 ** (VOLUME_DIGITS - meter.register.fraction_digits)
    before = readings[0]
    for one in readings[1:]:
        volume = shown_volume(before.value, one.value, meter.register)
        days = (one.read_on - before.read_on).days
        if volume >= 0 and days > 0:
            yield PastVolume(volume * scale, days)
        before = one


def _kept_parts(account: ChargedAccount, service_id: int, month: Month) -> Iterator[Part]:
    """Yield the metered parts in a month's standing charge."""
    for one in account.standing:
        if one.service_id != service_id or one.month != month.number or one.kind == "subscription":
            continue
        for segment in (one.detail or {}).get("segments", []):
            if segment["basis"] == "meter":
                yield Part(
                    "meter",
                    volume_units(segment["volume"]),
                    date.fromisoformat(segment["date_from"]),
                    date.fromisoformat(segment["date_to"]),
                    int((one.detail or {}).get("unit_digits", VOLUME_DIGITS)),
                    segment["meter_number"],
                    segment["previous"],
                    segment["current"],
                )
