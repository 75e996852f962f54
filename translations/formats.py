"""Numbers, money, dates and months as the language in force writes them, and reading them back.

Babel supplies the locale data; what it lacks (signs of UAH and KZT, trailing zeros) is set here once.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton

from translations import PSEUDO, current

MINUS: Final = "\u2212"
NBSP: Final = "\u00a0"
_SIGNS: Final = {"UAH": "₴", "KZT": "₸"}
_SIGNS_BY_LANGUAGE: Final = {("UAH", "uk"): "грн"}
_SPACES: Final = re.compile(r"[\s\u00a0\u202f\u2009'’]")
_AMOUNT: Final = re.compile(r"\d+(?:[.,]\d{1,2})?")
_GROUPED: Final = re.compile(r"\d{1,3}(?:,\d{3})+\.\d{1,2}")


@cache
def _locale(language: str) -> Locale:
    return Locale.parse({"kk": "kk_KZ", "ru": "ru_KZ", "uk": "uk_UA"}.get(language, "en_GB"))


def locale() -> Locale:
    """Return the Babel locale of the language in force."""
    return _locale("en" if current() == PSEUDO else current())


def sign(currency: str) -> str:
    """Return the sign or short name of a currency as the language writes it after an amount."""
    return _SIGNS_BY_LANGUAGE.get((currency, current())) or _SIGNS.get(currency, currency)


def number(value: Decimal | int, places: int = 0) -> str:
    """Return ``value`` with grouping and exactly ``places`` decimals; the minus is U+2212."""
    group, point = _separators("en" if current() == PSEUDO else current())
    # Python's own formatting groups as all four languages do and is ten times faster than a locale's pattern.
    text = f"{abs(Decimal(value)):,.{places}f}"
    text = text.replace(",", "\0").replace(".", point).replace("\0", group)
    return f"{MINUS}{text}" if value < 0 else text


@cache
def _separators(language: str) -> tuple[str, str]:
    """Return what stands between thousands and before decimals; spaces of any width are no-break ones."""
    symbols = _locale(language).number_symbols["latn"]
    group = str(symbols["group"]).replace("\u202f", NBSP).replace(" ", NBSP)
    return group, str(symbols["decimal"])


def amount(minor: int) -> str:
    """Return minor units as ``1 264,70``, without a currency."""
    return number(Decimal(minor).scaleb(-2), 2)


def money(minor: int, currency: str) -> str:
    """Return minor units with their currency: ``1 264,70 ₸``; both stay on one line."""
    return f"{amount(minor)}{NBSP}{sign(currency)}"


def parse_amount(text: str) -> int:
    """Return typed text as minor units; comma or dot, spaces allowed. Raises ValueError for anything else."""
    cleaned = _SPACES.sub("", text).replace(MINUS, "-")
    negative = cleaned.startswith("-")
    digits = cleaned[1:] if negative else cleaned
    if _GROUPED.fullmatch(digits):  # as English writes it: what a field shows must be readable in the same field
        digits = digits.replace(",", "")
    if not digits.isascii() or not _AMOUNT.fullmatch(digits):
        raise ValueError(f"not an amount: {text!r}")
    minor = int(Decimal(digits.replace(",", ".")) * 100)
    return -minor if negative else minor


def decimal(text: str) -> Decimal:
    """Return decimal text of the wire (dot) as a Decimal; raises ValueError."""
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"not a number: {text!r}") from error


def plain(value: str) -> str:
    """Return decimal text of the wire (``50.40``) with the language's decimal mark, places kept."""
    places = len(value.partition(".")[2])
    return number(decimal(value), places)


def day(value: date) -> str:
    """Return ``05.03.2024``, the short date of all four languages."""
    return f"{value:%d.%m.%Y}"


def long_day(value: date) -> str:
    """Return the date with the month in words."""
    return format_date(value, "long", locale=locale())


def month(first: date) -> str:
    """Return the month of a day and its year in words, standing alone: «лютий 2023», «2023 ж. ақпан»."""
    if locale().language == "kk":
        return format_skeleton("yMMMM", first, locale=locale())
    return format_date(first, "LLLL y", locale=locale())


def short_month(first: date) -> str:
    """Return the short standalone name of the month, for a chart axis."""
    return format_date(first, "LLL", locale=locale()).rstrip(".")


def moment(value: datetime, zone: str) -> str:
    """Return an instant as date and time in ``zone``: ``05.03.2024 14:20``."""
    return f"{value.astimezone(ZoneInfo(zone)):%d.%m.%Y %H:%M}"


def clock(value: datetime, zone: str) -> str:
    """Return the time of day of an instant in ``zone``: ``14:20``."""
    return format_datetime(value.astimezone(ZoneInfo(zone)), "HH:mm", locale=locale())
