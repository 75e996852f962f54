"""Readings: reviewed by the domain's rules, kept with their history, and put into charges that were made before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import func, insert, select, update

from models.contract.entry_reasons import LATE_READING, METER_REPLACED
from models.contract.records import Account, Meter, Provider, Reading
from models.domain.meters import ReadingReview, ReadingWindow, Register, UnusualLimits, past_of, review_reading
from models.domain.period import Month
from models.domain.problems import Problem
from provider.services.billing import recalculate
from provider.services.catalogue import Catalogue
from provider.store.bulk import copy_rows, reserve_ids
from provider.store.changes import account_scope
from provider.store.database import Unit
from provider.store.rows import fetch, values_of
from provider.store.tables_utility import account, account_service, entry, meter, reading

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


Accepted = dict[str, Any] | tuple[Problem, ...]


def accept_reading(unit: Unit, catalogue: Catalogue, new: NewReading) -> Accepted:
    """Record a reading and return the provider's own figures, or the problems and unanswered questions.

    A reading of the same source in the same period is replaced and kept as history. When the period was charged
    before, its charges are put right by reversing entries. Recording the same again changes nothing.

    The result holds ``reading_id``, ``period``, ``next_period``, ``value``, ``volume`` (in the meter's last digit) and
    ``corrected_minor``, by how much the debt changed. Source: R-METER-3 to R-METER-10 in docs/rules.md.
    """
    return accept_readings(unit, catalogue, [new])[0]


def accept_readings(unit: Unit, catalogue: Catalogue, news: Sequence[NewReading]) -> list[Accepted]:
    """Record readings in the order given, as ``accept_reading`` does each, in a few statements."""
    results: list[Accepted] = []
    part: list[NewReading] = []
    for new in news:
        if any(new.meter_id == one.meter_id for one in part):  # it is judged by what the one before it recorded
            results += _accept_distinct(unit, catalogue, part)
            part = []
        part.append(new)
    return results + _accept_distinct(unit, catalogue, part)


def _accept_distinct(unit: Unit, catalogue: Catalogue, news: Sequence[NewReading]) -> list[Accepted]:
    """Record readings of different meters."""
    connection = unit.connection
    meter_ids = sorted({new.meter_id for new in news})
    account_ids = {new.account_id for new in news}
    # one reading of a meter at a time: two devices must not both become the period's reading
    connection.execute(select(meter.c.id).where(meter.c.id.in_(meter_ids)).order_by(meter.c.id).with_for_update())
    owners = {
        one.id: one
        for one in fetch(connection, Account, account.c.id.in_(account_ids), account.c.tenant_id == catalogue.tenant)
    }
    meters = {one.id: one for one in fetch(connection, Meter, meter.c.id.in_(meter_ids))}
    histories: dict[int, list[Reading]] = {}
    for one in fetch(connection, Reading, reading.c.meter_id.in_(meter_ids), reading.c.state.in_(STANDING_STATES)):
        histories.setdefault(one.meter_id, []).append(one)
    charged: dict[int, int] = {
        row.account_id: row.newest
        for row in connection.execute(
            select(entry.c.account_id, func.max(entry.c.belongs_to).label("newest"))
            .where(entry.c.account_id.in_(account_ids), entry.c.kind == "charge")
            .group_by(entry.c.account_id)
        )
    }
    results: list[Accepted] = []
    fresh: list[tuple[dict[str, Any], NewReading, ReadingReview, Sequence[Reading]]] = []
    for new in news:
        owner, register = owners.get(new.account_id), meters.get(new.meter_id)
        judged = _judge(catalogue, owner, register, histories.get(new.meter_id, ()), new)
        if isinstance(judged, ReadingReview):
            result, same = _result(judged, histories.get(new.meter_id, ()), new)
            if "reading_id" not in result:
                fresh.append((result, new, judged, same))
            results.append(result)
        else:
            results.append(judged)
    numbers = _store(unit, catalogue.tenant, [(new, judged, same) for _, new, judged, same in fresh])
    for number, (result, new, judged, _) in zip(numbers, fresh, strict=True):
        result["reading_id"] = number
        if charged.get(new.account_id, 0) >= judged.period.number:
            today = new.received_at.astimezone(ZoneInfo(catalogue.provider.zone)).date()
            result["corrected_minor"] = recalculate(
                unit, catalogue, new.account_id, judged.period, today=today, reason=LATE_READING
            )
    return results


def _judge(
    catalogue: Catalogue,
    owner: Account | None,
    register: Meter | None,
    history: Sequence[Reading],
    new: NewReading,
) -> ReadingReview | tuple[Problem, ...]:
    """Return the review of a reading that may be recorded, or why it may not."""
    if owner is None:
        return (Problem("unknown-account", "account_id"),)
    if owner.status != "open":
        return (Problem("account-closed", "account_id"),)
    if register is None or register.account_id != new.account_id:
        return (Problem("meter-unknown", "meter_id"),)
    if register.removed_on is not None:
        return (Problem("meter-removed", "meter_id", {"number": register.number}),)
    reviewed = review(
        catalogue,
        Register(register.integer_digits, register.fraction_digits),
        history,
        owner.residents,
        value=new.value,
        read_on=new.read_on,
        today=new.received_at.astimezone(ZoneInfo(catalogue.provider.zone)).date(),
        confirmed=new.confirmed,
    )
    later = [one for one in history if one.period > reviewed.period.number]
    if later and not reviewed.problems:
        return (Problem("reading-before-last", "read_on", {"on": later[-1].read_on.isoformat()}),)
    if reviewed.problems or reviewed.questions:
        return (*reviewed.problems, *reviewed.questions)
    return reviewed


def _result(
    reviewed: ReadingReview, history: Sequence[Reading], new: NewReading
) -> tuple[dict[str, Any], Sequence[Reading]]:
    """Return a reading's figures and what it replaces; with a ``reading_id`` when it was recorded before."""
    result: dict[str, Any] = {
        "period": reviewed.period.number,
        "next_period": reviewed.next_period,
        "value": new.value,
        "volume": reviewed.volume,
        "corrected_minor": 0,
    }
    same = [one for one in history if one.period == reviewed.period.number and one.source == new.source]
    if same and (same[-1].value, same[-1].read_on) == (new.value, new.read_on):
        result["reading_id"] = same[-1].id
    return result, same


def store_reading(
    unit: Unit, tenant: int, new: NewReading, reviewed: ReadingReview, replaced: Sequence[Reading]
) -> int:
    """Write a reviewed reading over those it replaces, which stay as history; return its id."""
    return _store(unit, tenant, [(new, reviewed, replaced)])[0]


def _store(unit: Unit, tenant: int, items: Sequence[tuple[NewReading, ReadingReview, Sequence[Reading]]]) -> list[int]:
    """Write reviewed readings over those they replace; return their ids."""
    if not items:
        return []
    old = [(account_scope(new.account_id), one.id) for new, _, replaced in items for one in replaced]
    if old:
        unit.connection.execute(
            update(reading).where(reading.c.id.in_([row_id for _, row_id in old])).values(state="replaced")
        )
        unit.changes.live_many(tenant, "reading", old)
    numbers = reserve_ids(unit.connection, reading, len(items))
    columns = ("id", "tenant_id", *(name for name in Reading.__struct_fields__ if name != "id"))
    rows = [
        (
            number, tenant, new.account_id, new.meter_id, new.value, new.read_on, reviewed.period.number, new.source,
            "next_period" if reviewed.next_period else "accepted", new.received_at, new.command_id,
        )
        for number, (new, reviewed, _) in zip(numbers, items, strict=True)
    ]  # fmt: skip
    copy_rows(unit.connection, reading, columns, rows)
    unit.changes.new_many(
        tenant,
        "reading",
        [(account_scope(new.account_id), number) for number, (new, _, _) in zip(numbers, items, strict=True)],
    )
    return numbers


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
    recalculate(unit, catalogue, old.account_id, Month.of(day), today=day, reason=METER_REPLACED)
    return number
