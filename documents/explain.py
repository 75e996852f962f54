"""How a line was computed, in plain sentences: for the breakdown on paper and for the rows of the screen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from documents import labels
from translations import _, c_, formats, n_


def explain(detail: Mapping[str, Any] | None, unit: str = "", currency: str = "") -> list[str]:
    """Return sentences, in the language in force, that say how a charge came about; [] when nothing is recorded.

    ``detail`` is ``Entry.detail``; ``unit`` follows volumes and ``currency`` amounts. Every figure is the recorded one.
    """
    if not detail:
        return []
    sentences: list[str] = []
    told: set[tuple[Any, ...]] = set()
    for segment in _list(detail.get("segments")):
        origin = (segment.get("meter_number"), segment.get("previous"), segment.get("current"), segment.get("basis"))
        if origin not in told or segment.get("basis") in ("norm", "average"):
            told.add(origin)
            sentences += _origin(segment, unit, int(detail.get("unit_digits") or 0))
        sentences.append(_product(segment, unit, currency, str(detail.get("rule") or "")))
    for days in _list(detail.get("days")):
        sentences.append(_penalty(days, currency))
    rate = str(detail.get("vat_rate") or "")
    if rate.strip("0."):
        sentences.append(_("VAT of {rate} % is included.").format(rate=formats.plain(rate)))
    return sentences


def _list(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, (list, tuple)) else []


def _origin(segment: Mapping[str, Any], unit: str, digits: int) -> list[str]:
    """Return where a segment's volume comes from."""
    basis, volume = segment.get("basis"), str(segment.get("volume") or "")
    if basis == "meter" and segment.get("previous") is not None and segment.get("current") is not None:
        return [
            _("Meter No. {number} went from {previous} to {current}.").format(
                number=segment.get("meter_number") or labels.DASH,
                previous=formats.number(Decimal(int(segment["previous"])).scaleb(-digits), digits),
                current=formats.number(Decimal(int(segment["current"])).scaleb(-digits), digits),
            )
        ]
    if basis == "norm" and segment.get("persons") is not None and segment.get("norm"):
        persons = int(segment["persons"])
        return [
            n_(
                "By norm: {count} resident × {norm} × {days} of {month_days} days = {volume}.",
                "By norm: {count} residents × {norm} × {days} of {month_days} days = {volume}.",
                persons,
            ).format(
                count=persons,
                norm=formats.plain(str(segment["norm"])),
                days=segment.get("days"),
                month_days=segment.get("month_days"),
                volume=_volume(volume, unit),
            )
        ]
    if basis == "average":
        return [
            n_(
                "No reading was given: the average for {count} day is {volume}.",
                "No reading was given: the average for {count} days is {volume}.",
                int(segment.get("days") or 0),
            ).format(count=segment.get("days") or 0, volume=_volume(volume, unit))
        ]
    return []


def _product(segment: Mapping[str, Any], unit: str, currency: str, rule: str) -> str:
    """Return what was multiplied by what."""
    volume, price = str(segment.get("volume") or ""), str(segment.get("price") or "")
    amount = _money(int(segment.get("amount_minor") or 0), currency)
    dates = _dates(segment)
    if volume and price:
        if segment.get("tier"):
            return _("{dates}, step {tier}: {volume} × {price} = {amount}.").format(
                dates=dates,
                tier=segment["tier"],
                volume=_volume(volume, unit),
                price=labels.price(price),
                amount=amount,
            )
        return _("{dates}: {volume} × {price} = {amount}.").format(
            dates=dates, volume=_volume(volume, unit), price=labels.price(price), amount=amount
        )
    if rule == "import":
        return _("{dates}: {amount} as the provider’s register states it; tariff {price}.").format(
            dates=dates, amount=amount, price=labels.price(price) if price else labels.DASH
        )
    days, month_days = int(segment.get("days") or 0), int(segment.get("month_days") or 0)
    if price and days != month_days:
        return _("{dates}: {price} a month, {days} of {month_days} days: {amount}.").format(
            dates=dates, price=labels.price(price), days=days, month_days=month_days, amount=amount
        )
    if price:
        return _("{dates}: {price} a month: {amount}.").format(dates=dates, price=labels.price(price), amount=amount)
    return c_("paper", "{dates}: {amount}.").format(dates=dates, amount=amount)


def _penalty(days: Mapping[str, Any], currency: str) -> str:
    count = int(days.get("days") or 0)
    return n_(
        "Penalty on {base}: {count} day × {percent} % a day ({dates}).",
        "Penalty on {base}: {count} days × {percent} % a day ({dates}).",
        count,
    ).format(
        base=_money(int(days.get("base_minor") or 0), currency),
        count=count,
        percent=formats.plain(str(days.get("percent_per_day") or "0")),
        dates=_dates(days),
    )


def _dates(segment: Mapping[str, Any]) -> str:
    first, last = segment.get("date_from"), segment.get("date_to")
    if not first or not last:
        return labels.DASH
    begin, end = _day(first), _day(last)
    return formats.day(begin) if begin == end else f"{formats.day(begin)}–{formats.day(end)}"


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _volume(text: str, unit: str) -> str:
    shown = formats.plain(text)
    return f"{shown}\u00a0{unit}" if unit else shown


def _money(minor: int, currency: str) -> str:
    return formats.money(minor, currency) if currency else formats.amount(minor)
