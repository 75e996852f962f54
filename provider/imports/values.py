"""Values as people and old programs write them, read exactly: money, dates, months, yes and no, decimals.

Every function raises ValueError for what it cannot read; a caller reports the row, the column and the text.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from models.domain.period import Month

_SPACES: Final = re.compile(r"[\s\u00a0\u202f\u2009'’]+")
_PLAIN: Final = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?")
_AMOUNT: Final = re.compile(r"(-?[0-9]{1,13})[.,]([0-9]{2})")
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_GROUPED: Final = re.compile(r"\d{1,3}(?:[.,]\d{3})+[.,]\d{1,2}")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})")
_YEAR_FIRST: Final = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:[ T].*)?")
_SERIAL: Final = re.compile(r"\d{5}(?:\.\d+)?")
_MONTHS: Final = (
    ("січ", "янв", "қаң", "jan"),
    ("лют", "фев", "ақп", "feb"),
    ("бер", "мар", "нау", "mar"),
    ("квіт", "апр", "сәу", "apr"),
    ("трав", "май", "мам", "may", "мая"),
    ("черв", "июн", "мау", "jun"),
    ("лип", "июл", "шіл", "jul"),
    ("серп", "авг", "там", "aug"),
    ("вер", "сен", "қыр", "sep"),
    ("жовт", "окт", "қаз", "oct"),
    ("лист", "ноя", "қар", "nov"),
    ("груд", "дек", "жел", "dec"),
)
_YES: Final = frozenset({"1", "t", "y", "true", "yes", "т", "да", "так", "иә", "ия", "+", "є", "есть", "бар"})
_NO: Final = frozenset({"0", "f", "n", "false", "no", "ф", "нет", "ні", "жоқ", "-", "", "немає"})
EMPTY: Final = frozenset({"", "-", "–", "—"})


def parse_decimal(text: str) -> Decimal:
    """Return a number written with a comma or a dot, spaces between thousands, a sign before, after or as brackets."""
    if _PLAIN.fullmatch(text):
        return Decimal(text.replace(",", "."))
    plain = _SPACES.sub("", text).replace("\u2212", "-")
    negative = False
    if plain.startswith("(") and plain.endswith(")"):
        negative, plain = True, plain[1:-1]
    elif plain.startswith(("-", "+")):
        negative, plain = plain[0] == "-", plain[1:]
    elif plain.endswith("-"):
        negative, plain = True, plain[:-1]
    if _GROUPED.fullmatch(plain) and len(set(re.findall(r"[.,]", plain))) == 2:
        mark = plain[-3] if plain[-3] in ".," else plain[-2]
        plain = plain.replace("," if mark == "." else ".", "")
    plain = plain.replace(",", ".")
    if not plain.isascii() or not _NUMBER.fullmatch(plain):
        raise ValueError(f"not a number: {text!r}")
    value = Decimal(plain)
    return -value if negative else value


def parse_money(text: str, *, in_minor: bool = False) -> int:
    """Return an amount in minor units. More than two decimals are refused rather than rounded away."""
    plain = _AMOUNT.fullmatch(text)
    if plain is not None and not in_minor:
        return int(plain[1] + plain[2])
    value = parse_decimal(text)
    minor = value if in_minor else value * 100
    if minor != minor.to_integral_value() or abs(minor) > 10**15:
        raise ValueError(f"not an amount: {text!r}")
    return int(minor)


def parse_whole(text: str) -> int:
    """Return a whole number that is not negative; 3.0 is 3."""
    value = parse_decimal(text)
    if value != value.to_integral_value() or value < 0:
        raise ValueError(f"not a whole number: {text!r}")
    return int(value)


def parse_day(text: str) -> date:
    """Return a date written dd.mm.yyyy, dd.mm.yy, dd/mm/yyyy, yyyy-mm-dd, yyyymmdd or as an Excel serial number."""
    plain = text.strip()
    if match := _DAY_FIRST.fullmatch(plain):
        day, month, year = (int(part) for part in match.groups())
        return date(year + (2000 if year < 70 else 1900) if year < 100 else year, month, day)
    if match := _YEAR_FIRST.fullmatch(plain):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if _SERIAL.fullmatch(plain):
        return date(1899, 12, 30) + timedelta(days=int(plain.split(".")[0]))
    raise ValueError(f"not a date: {text!r}")


def parse_month(text: str) -> Month:
    """Return a month written «квітень 2019», 04.2019, 2019-04 or 201904; raises ValueError for anything else."""
    plain = text.strip().casefold()
    if match := re.fullmatch(r"(\d{1,2})[./](\d{4})", plain):
        return Month(int(match[2]), int(match[1]))
    if match := re.fullmatch(r"(\d{4})-?(\d{2})(?:-?01)?", plain):
        return Month(int(match[1]), int(match[2]))
    year = re.search(r"\b(\d{4})\b", plain)
    word = re.search(r"[^\W\d_]{3,}", plain)
    if year and word:
        for number, beginnings in enumerate(_MONTHS, start=1):
            if word[0].startswith(beginnings):
                return Month(int(year[1]), number)
    raise ValueError(f"not a month: {text!r}")


def parse_flag(text: str) -> bool:
    """Return yes or no as dBase, Excel and people write it."""
    plain = text.strip().casefold()
    if plain in _YES:
        return True
    if plain in _NO:
        return False
    raise ValueError(f"neither yes nor no: {text!r}")


def parse_number(text: str) -> str:
    """Return an account or meter number as text: leading zeros stay, 101.0 is 101, an apostrophe before it goes."""
    if text.isascii() and text.isdigit() and len(text) <= 20:
        return text
    plain = text.strip().lstrip("'’`").strip()
    if re.fullmatch(r"\d+\.0+", plain):
        plain = plain.split(".")[0]
    if len(plain) > 20 or not re.fullmatch(r"[\w/.-]*", plain):
        raise ValueError(f"not a number of an account: {text!r}")
    return plain


def decimal_text(value: Decimal) -> str:
    """Return a decimal as the wire writes it: plain digits with a dot, at least two places."""
    places = max(2, -int(value.as_tuple().exponent))
    return f"{value:.{places}f}"
