"""Registers of meters, what people read off them, and whether a reading may stand."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Register:
    """How many digits a meter shows; values are integers in the last digit (00125,30 with 5+2 digits is 12530)."""

    integer_digits: int
    fraction_digits: int

    @property
    def capacity(self) -> int:
        """The first value that no longer fits: after it the register begins at zero again."""
        return int(10 ** (self.integer_digits + self.fraction_digits))

    def format(self, value: int) -> str:
        """Return ``value`` zero-padded with a decimal comma, as it stands on the meter: ``00125,30``."""
        digits = f"{value:0{self.integer_digits + self.fraction_digits}d}"
        if not self.fraction_digits:
            return digits
        return f"{digits[: -self.fraction_digits]},{digits[-self.fraction_digits :]}"

    def quantity(self, value: int) -> Decimal:
        """Return ``value`` in the meter's unit (m³, kWh), exactly."""
        return Decimal(value).scaleb(-self.fraction_digits)


def volume_between(previous: int, current: int, register: Register) -> int:
    """Return what ran through the meter from one reading to a later one, in the last digit.

    A lower reading means that the register passed its highest value. Source: R-METER-4 in docs/rules.md.
    """
    return current - previous if current >= previous else register.capacity - previous + current


def may_have_rolled_over(previous: int, current: int, register: Register) -> bool:
    """Return whether a lower reading can be explained by the register having passed its highest value.

    The previous one stood at 90 % of the capacity or higher, and what ran through is at most a tenth of it.
    Source: R-METER-5.
    """
    return (
        current < previous
        and previous * 10 >= register.capacity * 9
        and (register.capacity - previous + current) * 10 <= register.capacity
    )


def shown_volume(previous: int, current: int, register: Register) -> int:
    """Return the difference of two accepted readings; negative if the later one corrected the earlier down."""
    if may_have_rolled_over(previous, current, register):
        return volume_between(previous, current, register)
    return current - previous
