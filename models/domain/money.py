"""Money as integer minor units with a currency, and the few operations a ledger needs.

Amounts are kopiyky (UAH) or tiyn (KZT): one hundredth of the unit on paper. ``Decimal`` appears only inside a
calculation and leaves it through :func:`round_minor`; ``float`` never appears.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from enum import StrEnum


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
