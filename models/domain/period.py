"""A billing month."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month; on the wire and in tables the integer ``yyyymm`` (202401)."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 1 <= self.year <= 9999):
            raise ValueError(f"no such month: {self.year}-{self.month}")

    @classmethod
    def from_number(cls, number: int) -> Month:
        """Return the month of ``yyyymm``."""
        return cls(number // 100, number % 100)

    @classmethod
    def parse(cls, text: str) -> Month:
        """Return the month of ``2024-01``; raises ValueError for anything else."""
        year, separator, month = text.strip().partition("-")
        if (
            not separator
            or len(year) != 4
            or len(month) != 2
            or not ((year + month).isascii() and (year + month).isdigit())
        ):
            raise ValueError(f"not a month: {text!r}")
        return cls(int(year), int(month))

    @classmethod
    def of(cls, day: date) -> Month:
        """Return the month that ``day`` lies in."""
        return cls(day.year, day.month)

    @property
    def number(self) -> int:
        """The integer ``yyyymm``."""
        return self.year * 100 + self.month

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return date(self.year, self.month, self.days)

    @property
    def days(self) -> int:
        """How many days the month has."""
        return calendar.monthrange(self.year, self.month)[1]

    def next(self) -> Month:
        """Return the month after."""
        return Month.of(self.last + timedelta(days=1))

    def previous(self) -> Month:
        """Return the month before."""
        return Month.of(self.first - timedelta(days=1))

    def shift(self, months: int) -> Month:
        """Return the month ``months`` later (earlier when negative)."""
        index = self.year * 12 + self.month - 1 + months
        return Month(index // 12, index % 12 + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"
