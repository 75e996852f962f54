"""The values of a problem as its sentence shows them: money, instants, days and months as the language writes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final

from translations import formats

Values = Mapping[str, str | int]
Sentence = str | Callable[[Values], str]
"""English with ``{named}`` values, marked with ``N_``, or a function of the values where a number counts."""

_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_ISO_INSTANT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}.*")
_ISO_MONTH: Final = re.compile(r"\d{4}-\d{2}")


def shown(key: str, values: Values) -> str:
    """Return the value under ``key`` as a sentence shows it, "…" when it is missing."""
    value = values.get(key)
    if value is None:
        return "…"
    if key.endswith("_minor") and isinstance(value, int):
        currency = values.get("currency")
        return formats.money(value, str(currency)) if currency else formats.amount(value)
    text = str(value)
    try:
        if _ISO_INSTANT.fullmatch(text):
            return _moment(datetime.fromisoformat(text))
        if _ISO_DAY.fullmatch(text):
            return formats.day(date.fromisoformat(text))
        if _ISO_MONTH.fullmatch(text):
            return formats.month(date.fromisoformat(f"{text}-01"))
    except ValueError:
        pass  # It only looked like a date: show it as it came.
    return text


def _moment(local: datetime) -> str:
    """Return an instant as its own zone's clocks show it; seconds only where a term ends within a minute."""
    clock = f"{local:%H:%M}" if local.second in (0, 59) else f"{local:%H:%M:%S}"
    return f"{formats.day(local.date())} {clock}"


class Shown(dict[str, str]):
    """Values of a problem, formatted when a sentence asks for them."""

    def __init__(self, values: Values) -> None:
        super().__init__()
        self._values = values

    def __missing__(self, key: str) -> str:
        return shown(key, self._values)


def counted(values: Values, key: str, otherwise: int = 0) -> int:
    """Return the number under ``key`` for a plural form, ``otherwise`` when there is no number."""
    value = values.get(key, otherwise)
    return value if isinstance(value, int) else otherwise
