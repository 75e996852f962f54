"""Money as integer minor units with a currency, and the few operations a ledger needs.

Amounts are kopiyky (UAH) or tiyn (KZT): one hundredth of the unit on paper. ``Decimal`` appears only inside a
calculation and leaves it through :func:`round_minor`; ``float`` never appears.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache


class Rounding(StrEnum):
    """How a line is rounded to the minor unit."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"


_MODES = {Rounding.HALF_UP: ROUND_HALF_UP, Rounding.HALF_EVEN: ROUND_HALF_EVEN}
_HUNDRED = Decimal(100)
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount: ``minor`` hundredths of ``currency`` (ISO 4217)."""

    minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise ValueError(f"cannot combine {self.currency} with {other.currency}")
        return other.minor


def round_minor(units: Decimal, mode: Rounding = Rounding.HALF_UP) -> int:
    """Return ``units`` (hryvnias, tenge) as minor units, rounded once; halves go away from zero by default.

    Source: R-MONEY-1 in docs/rules.md.
    """
    return int((units * _HUNDRED).quantize(_ONE, rounding=_MODES[mode]))


def to_units(minor: int) -> Decimal:
    """Return minor units as an exact decimal of units, always with two places."""
    return Decimal(minor).scaleb(-2)


def split_by_weight(whole: int, weights: Sequence[int]) -> list[int]:
    """Split ``whole`` minor units by ``weights`` so that the parts sum exactly (largest remainder).

    Ties go to the earlier part, so the split is reproducible. Weights are non-negative and not all zero.

    Source: R-MONEY-3 in docs/rules.md.
    """
    total = sum(weights)
    if total <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("weights must be non-negative and not all zero")
    sign, size = (1, whole) if whole >= 0 else (-1, -whole)
    parts = [size * weight // total for weight in weights]
    remainders = [size * weight % total for weight in weights]
    missing = size - sum(parts)
    for index in sorted(range(len(weights)), key=lambda i: (-remainders[i], i))[:missing]:
        parts[index] += 1
    return [sign * part for part in parts]


def round_ratio(numerator: int, denominator: int, mode: Rounding = Rounding.HALF_UP) -> int:
    """Return ``numerator / denominator`` rounded once to a whole number; ``denominator`` is positive.

    The same rule as :func:`round_minor` in whole numbers, for charging many lines a second. Source: R-MONEY-1.
    """
    size = -numerator if numerator < 0 else numerator
    whole, rest = divmod(size, denominator)
    rest *= 2
    if rest > denominator or (rest == denominator and (mode is Rounding.HALF_UP or whole % 2)):
        whole += 1
    return -whole if numerator < 0 else whole


@lru_cache(maxsize=4096)
def scaled(text: str) -> tuple[int, int]:
    """Return decimal text as a whole number and how many of its digits are decimals: ``50.40`` is (5040, 2).

    Raises ValueError for what is not a plain decimal number.
    """
    whole, dot, fraction = text.removeprefix("-").partition(".")
    digits = whole + fraction
    if not digits.isascii() or not digits.isdigit() or not whole or bool(dot) != bool(fraction):
        raise ValueError(f"not a decimal number: {text!r}")
    return (-int(digits) if text.startswith("-") else int(digits)), len(fraction)


def vat_included(gross: int, rate: str, mode: Rounding = Rounding.HALF_UP) -> int:
    """Return the VAT inside ``gross`` minor units at ``rate`` percent, rounded once: ``gross × r / (100 + r)``.

    Source: R-BILL-8 in docs/rules.md.
    """
    percent, places = scaled(rate)
    if not percent:
        return 0
    return round_ratio(gross * percent, 100 * 10**places + percent, mode)


def round_cash(minor: int, step: int) -> tuple[int, int]:
    """Return what is handed over for ``minor`` in coins of ``step`` minor units, and the difference to book.

    Nearest step, halves up: 50 kopiyky since 1 October 2025 in Ukraine, whole tenge in Kazakhstan. The account is
    credited with the exact amount; the difference is a ledger line of its own. Source: R-PAY-6.
    """
    if step <= 1:
        return minor, 0
    handed = round_ratio(minor, step) * step
    return handed, handed - minor
