"""Readings: reviewed by the domain's rules, kept with their history, and put into charges that were made before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import insert, select, update

from models.contract.records import Account, Meter, Provider, Reading
from models.domain.meters import ReadingReview, ReadingWindow, Register, UnusualLimits, past_of, review_reading
from models.domain.period import Month
from models.domain.problems import Problem
from provider.services.billing import recalculate
from provider.services.catalogue import Catalogue
from provider.store.changes import account_scope
from provider.store.database import Unit
from provider.store.rows import fetch, values_of
from provider.store.tables_utility import account, account_service, meter, reading

LATE_READING = "late or corrected reading"
STANDING_STATES = ("accepted", "next_period")


@dataclass(frozen=True, slots=True)
class NewReading:
    """A reading that somebody reports. ``read_on`` is a day in the provider's zone, ``received_at`` an instant."""

    account_id: int
    meter_id: int
    value: int
    read_on: date
    received_at: datetime
    source: str = "consumer"
    confirmed: Collection[str] = ()
    command_id: str = ""


def window_of(provider: Provider) -> ReadingWindow:
    """Return when a provider takes readings."""
    return ReadingWindow(provider.window_from, provider.window_to, provider.grace_days)


def limits_of(provider: Provider) -> UnusualLimits:
    """Return when a provider asks whether a volume is right."""
    return UnusualLimits(provider.unusual_factor, provider.unusual_minimum)


def review(
    catalogue: Catalogue,
    register: Register,
    history: Sequence[Reading],
    residents: int,
    *,
    value: int,
    read_on: date,
    today: date,
    confirmed: Collection[str],
    window: ReadingWindow | None = None,
) -> ReadingReview:
    """Return what the domain says about a reading, given the meter's standing readings of any period."""
    window = window or window_of(catalogue.provider)
    past = past_of(history, register, window.period_of(read_on, max(read_on, today)))
    return review_reading(
        value,
        read_on,
        register=register,
        last=past.last,
        volumes=past.volumes,
        residents=residents,
        window=window,
        today=today,
        confirmed=confirmed,
        limits=limits_of(catalogue.provider),
    )


def accept_reading(unit: Unit, catalogue: Catalogue, new: NewReading) -> dict[str, Any] | tuple[Problem, ...]:
    """Record a reading and return the provider's own figures, or the problems and unanswered questions.

    A reading of the same source in the same period is replaced and kept as history. When the period was charged
    before, its charges are put right by reversing entries. Recording the same again changes nothing.

    The result holds ``reading_id``, ``period``, ``next_period``, ``value``, ``volume`` (in the meter's last digit) and
    ``corrected_minor``, by how much the debt changed. Source: R-METER-3 to R-METER-10 in docs/rules.md.
    """
    connection = unit.connection
    owners = fetch(connection, Account, account.c.id == new.account_id, account.c.tenant_id == catalogue.tenant)
    if not owners:
        return (Problem("unknown-account", "account_id"),)
    if owners[0].status != "open":
        return (Problem("account-closed", "account_id"),)
    # one reading of a meter at a time: two devices must not both become the period's reading
    connection.execute(select(meter.c.id).where(meter.c.id == new.meter_id).with_for_update())
    meters = fetch(connection, Meter, meter.c.id == new.meter_id, meter.c.account_id == new.account_id)
    if not meters:
        return (Problem("meter-unknown", "meter_id"),)
    if meters[0].removed_on is not None:
        return (Problem("meter-removed", "meter_id", {"number": meters[0].number}),)
    register = Register(meters[0].integer_digits, meters[0].fraction_digits)
    history = fetch(connection, Reading, reading.c.meter_id == new.meter_id, reading.c.state.in_(STANDING_STATES))
    today = new.received_at.astimezone(ZoneInfo(catalogue.provider.zone)).date()
    reviewed = review(
        catalogue,
        register,
        history,
        owners[0].residents,
        value=new.value,
        read_on=new.read_on,
        today=today,
        confirmed=new.confirmed,
    )
    later = [one for one in history if one.period > reviewed.period.number]
    if later and not reviewed.problems:
        return (Problem("reading-before-last", "read_on", {"on": later[-1].read_on.isoformat()}),)
    if reviewed.problems or reviewed.questions:
        return (*reviewed.problems, *reviewed.questions)
    result: dict[str, Any] = {
        "period": reviewed.period.number,
        "next_period": reviewed.next_period,
        "value": new.value,
        "volume": reviewed.volume,
        "corrected_minor": 0,
    }
    same = [one for one in history if one.period == reviewed.period.number and one.source == new.source]
    if same and (same[-1].value, same[-1].read_on) == (new.value, new.read_on):
        return {**result, "reading_id": same[-1].id}
    result["reading_id"] = store_reading(unit, catalogue.tenant, new, reviewed, same)
    result["corrected_minor"] = recalculate(
        unit, catalogue, new.account_id, reviewed.period, today=today, reason=LATE_READING
    )
    return result


def store_reading(
    unit: Unit, tenant: int, new: NewReading, reviewed: ReadingReview, replaced: Sequence[Reading]
) -> int:
    """Write a reviewed reading over those it replaces, which stay as history; return its id."""
    scope = account_scope(new.account_id)
    for one in replaced:
        unit.connection.execute(update(reading).where(reading.c.id == one.id).values(state="replaced"))
        unit.changes.live(tenant, scope, "reading", one.id)
    number = unit.connection.execute(
        insert(reading)
        .values(
            tenant_id=tenant,
            account_id=new.account_id,
            meter_id=new.meter_id,
            value=new.value,
            read_on=new.read_on,
            period=reviewed.period.number,
            source=new.source,
            state="next_period" if reviewed.next_period else "accepted",
            received_at=new.received_at,
            command_id=new.command_id,
        )
        .returning(reading.c.id)
    ).scalar_one()
    unit.changes.live(tenant, scope, "reading", number)
    return int(number)


def install_meter(unit: Unit, catalogue: Catalogue, new: Meter, *, received_at: datetime) -> int:
    """Install a meter (its ``id`` is ignored) with its initial reading and return its id.

    A service that was charged by norm is charged by the meter from now on.
    """
    tenant = catalogue.tenant
    scope = account_scope(new.account_id)
    number = int(
        unit.connection.execute(
            insert(meter).values(tenant_id=tenant, **values_of(new)).returning(meter.c.id)
        ).scalar_one()
    )
    unit.changes.live(tenant, scope, "meter", number)
    day = new.installed_on or received_at.astimezone(ZoneInfo(catalogue.provider.zone)).date()
    first = NewReading(new.account_id, number, new.initial, day, received_at, source="initial")
    store_reading(unit, tenant, first, ReadingReview((), (), Month.of(day), False, 0), ())
    metered = [new.service_id, *(one.id for one in catalogue.dependants(new.service_id))]
    by_norm = list(
        unit.connection.execute(
            select(account_service.c.id).where(
                account_service.c.account_id == new.account_id,
                account_service.c.service_id.in_(metered),
                account_service.c.basis == "norm",
            )
        ).scalars()
    )
    if by_norm:
        unit.connection.execute(update(account_service).where(account_service.c.id.in_(by_norm)).values(basis="meter"))
    unit.changes.live_many(tenant, "account_service", [(scope, row_id) for row_id in by_norm])
    return number


def replace_meter(
    unit: Unit,
    catalogue: Catalogue,
    meter_id: int,
    *,
    final: int,
    successor: Meter,
    day: date,
    received_at: datetime,
) -> int:
    """Remove a meter with its final value and install its successor the same day; return the new meter's id.

    Both stay in history: the month is charged (final - previous) of the old one plus (current - initial) of the new.
    Raises LookupError when the meter is not installed. Source: R-METER-6.
    """
    connection = unit.connection
    tenant = catalogue.tenant
    found = fetch(connection, Meter, meter.c.id == meter_id, meter.c.removed_on.is_(None))
    if not found:
        raise LookupError(f"no installed meter {meter_id}")
    old = found[0]
    scope = account_scope(old.account_id)
    connection.execute(
        update(meter).where(meter.c.id == meter_id).values(status="removed", removed_on=day, final=final)
    )
    unit.changes.live(tenant, scope, "meter", meter_id)
    installed = msgspec.structs.replace(
        successor,
        account_id=old.account_id,
        service_id=old.service_id,
        installed_on=day,
        removed_on=None,
        status="working",
        place=successor.place or old.place,
    )
    number = install_meter(unit, catalogue, installed, received_at=received_at)
    recalculate(unit, catalogue, old.account_id, Month.of(day), today=day, reason="meter replaced")
    return number
