"""Prices while they are valid: a published price list cut into the spans of a month.

Volumes are whole ten-thousandths of a unit (0,0001 m³), so that charging is done in whole numbers only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from itertools import pairwise
from typing import Final, Protocol

from models.domain.money import scaled
from models.domain.problems import Problem

VOLUME_DIGITS: Final = 4
"""Decimals of a computed volume. Source: R-MONEY-5 in docs/rules.md."""
_STEP: Final = Decimal(1).scaleb(-VOLUME_DIGITS)
_DAY: Final = timedelta(days=1)


class TariffRow(Protocol):
    """A price while it is valid, ``[valid_from, valid_to)``; ``models.contract.records.Tariff`` is one."""

    @property
    def service_id(self) -> int: ...
    @property
    def consumer_group(self) -> str: ...
    @property
    def price(self) -> str: ...
    @property
    def vat_rate(self) -> str: ...
    @property
    def norm(self) -> str | None: ...
    @property
    def tiers(self) -> Sequence[tuple[str, str]]: ...
    @property
    def subscription_minor(self) -> int: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


class CannotCharge(Exception):
    """A charge cannot be computed; ``problem`` says why. It concerns one account, never a whole run."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code, problem.values)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Tier:
    """A step of a price list: up to ``limit`` ten-thousandths of the period, inclusive; ``None`` for the last."""

    limit: int | None
    price: str


@dataclass(frozen=True, slots=True)
class Span:
    """Days, inclusive, on which everything about the price is the same."""

    date_from: date
    date_to: date
    price: str
    vat_rate: str
    tiers: tuple[Tier, ...]
    norm: int | None  # ten-thousandths of a unit a person and month
    subscription_minor: int

    @property
    def days(self) -> int:
        """How many days the span has."""
        return (self.date_to - self.date_from).days + 1


def volume_units(text: str | Decimal) -> int:
    """Return a volume as ten-thousandths, halves up; raises ValueError for what is not a number."""
    try:
        return int(Decimal(text).quantize(_STEP, rounding=ROUND_HALF_UP).scaleb(VOLUME_DIGITS))
    except InvalidOperation as error:
        raise ValueError(f"not a volume: {text!r}") from error


def volume_text(units: int, digits: int = VOLUME_DIGITS) -> str:
    """Return ten-thousandths as decimal text with ``digits`` decimals, or all four where fewer would lose something."""
    cut = 10 ** (VOLUME_DIGITS - digits)
    if units % cut:
        cut, digits = 1, VOLUME_DIGITS
    whole, fraction = divmod(abs(units) // cut, 10**digits)
    sign = "-" if units < 0 else ""
    return f"{sign}{whole}.{fraction:0{digits}d}" if digits else f"{sign}{whole}"


def tariff_on(tariffs: Iterable[TariffRow], service_id: int, group: str, day: date) -> TariffRow | None:
    """Return the row valid on ``day``; where two overlap the later begun wins, as a later decision does.

    Source: R-TARIFF-1.
    """
    valid = [
        row
        for row in tariffs
        if row.service_id == service_id
        and row.consumer_group == group
        and row.valid_from <= day
        and (row.valid_to is None or day < row.valid_to)
    ]
    return max(valid, key=lambda row: row.valid_from, default=None)


def check_tariffs(tariffs: Iterable[TariffRow]) -> list[Problem]:
    """Return what is wrong with price lists: numbers, tiers that do not rise, validities that end early or overlap.

    Source: R-TARIFF-2.
    """
    problems = []
    lists: dict[tuple[int, str], list[TariffRow]] = {}
    for row in tariffs:
        lists.setdefault((row.service_id, row.consumer_group), []).append(row)
        problems.extend(_wrong_in(row))
    for rows in lists.values():
        rows.sort(key=lambda row: row.valid_from)
        for earlier, later in pairwise(rows):
            if earlier.valid_to is None or earlier.valid_to > later.valid_from:
                problems.append(Problem("tariff-overlap", "valid_from", {"from_day": later.valid_from.isoformat()}))
    return problems


class PriceList:
    """Prices of services for groups of consumers, cut into spans once and kept: thousands of accounts share them."""

    def __init__(self, tariffs: Iterable[TariffRow]) -> None:
        self._rows: dict[tuple[int, str], list[TariffRow]] = {}
        for row in sorted(tariffs, key=lambda row: row.valid_from):
            self._rows.setdefault((row.service_id, row.consumer_group), []).append(row)
        self._spans: dict[tuple[int, str, date, date], tuple[Span, ...]] = {}

    def services(self) -> list[int]:
        """Return the ids of the services that have a price, in ascending order."""
        return sorted({service for service, _ in self._rows})

    def spans(self, service_id: int, group: str, first: date, last: date) -> tuple[Span, ...]:
        """Return the spans that cover ``first`` to ``last``, inclusive, in order.

        Raises :class:`CannotCharge` when a day has no price: charging nothing for it would be a silent gift.
        Source: R-TARIFF-1.
        """
        key = (service_id, group, first, last)
        spans = self._spans.get(key)
        if spans is None:
            spans = self._spans[key] = self._cut(service_id, group, first, last)
        return spans

    def _cut(self, service_id: int, group: str, first: date, last: date) -> tuple[Span, ...]:
        rows = self._rows.get((service_id, group), [])
        cuts = {first}
        for row in rows:
            cuts.update(day for day in (row.valid_from, row.valid_to) if day is not None and first < day <= last)
        days = sorted(cuts)
        spans: list[Span] = []
        for index, begin in enumerate(days):
            valid = tariff_on(rows, service_id, group, begin)
            if valid is None:
                raise CannotCharge(
                    Problem("tariff-missing", "", {"service_id": service_id, "group": group, "day": begin.isoformat()})
                )
            end = days[index + 1] - _DAY if index + 1 < len(days) else last
            span = _span(valid, begin, end)
            before = replace(spans[-1], date_from=begin, date_to=end) if spans else None
            if before == span:
                spans[-1] = replace(spans[-1], date_to=end)
            else:
                spans.append(span)
        return tuple(spans)


def _span(row: TariffRow, begin: date, end: date) -> Span:
    return Span(
        date_from=begin,
        date_to=end,
        price=row.price,
        vat_rate=row.vat_rate,
        tiers=tuple(Tier(volume_units(limit) if limit else None, price) for limit, price in row.tiers),
        norm=None if row.norm is None else volume_units(row.norm),
        subscription_minor=row.subscription_minor,
    )


def _wrong_in(row: TariffRow) -> list[Problem]:
    values: dict[str, str | int] = {"from_day": row.valid_from.isoformat()}
    problems = []
    try:
        prices = [scaled(row.price), *(scaled(price) for _, price in row.tiers)]
        rate = scaled(row.vat_rate)
        limits = [volume_units(limit) if limit else None for limit, _ in row.tiers]
        norm = 0 if row.norm is None else volume_units(row.norm)
    except ValueError:
        return [Problem("tariff-not-a-number", "price", values)]
    if min(prices)[0] < 0 or rate[0] < 0 or norm < 0 or row.subscription_minor < 0:
        problems.append(Problem("tariff-negative", "price", values))
    if limits:
        closed = [limit for limit in limits[:-1] if limit is not None]
        if limits[-1] is not None or len(closed) != len(limits) - 1 or closed != sorted(set(closed)):
            problems.append(Problem("tariff-tiers", "tiers", values))
    if row.valid_to is not None and row.valid_to <= row.valid_from:
        problems.append(Problem("tariff-ends-early", "valid_to", values))
    return problems
