"""Registration codes and names of people and firms: checking, hiding, comparing.

The codes are IIN and BIN (Kazakhstan, 12 digits), EDRPOU (8) and RNOKPP (10) of Ukraine, and IBAN.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from operator import mul
from typing import Final

from stdnum import iban
from stdnum.ua import edrpou, rntrc

from models.domain.problems import Problem

_FIRST_WEIGHTS: Final = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
_SECOND_WEIGHTS: Final = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
_CENTURIES: Final = {
    digit: (1800 + (number - 1) // 2 * 100, "male" if number % 2 else "female")
    for number, digit in enumerate("123456", start=1)
}
_BIN_KINDS: Final = {"4": "resident", "5": "non-resident", "6": "joint-entrepreneur"}
_BIN_UNITS: Final = {"0": "head", "1": "branch", "2": "office", "3": "farm"}
_APOSTROPHES: Final = dict.fromkeys(map(ord, "’ʼ‘`´′ʹ"), "'")
_HYPHENS: Final = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
_CYRILLIC: Final = re.compile(r"[Ѐ-ӿ]")
_LOOK_ALIKES: Final = str.maketrans("ABCEHIKMOPTXYaceiopxyhÏï", "АВСЕНІКМОРТХУасеіорхуһЇї")
"""Latin letters that DOS files and mixed keyboards leave inside Cyrillic words."""


@dataclass(frozen=True, slots=True)
class Iin:
    """What an IIN says of its person. ``sex`` is "male" or "female"."""

    code: str
    born: date
    sex: str


@dataclass(frozen=True, slots=True)
class Bin:
    """What a BIN says of its organisation.

    ``kind`` is "resident", "non-resident" or "joint-entrepreneur"; ``unit`` "head", "branch", "office" or "farm".
    """

    code: str
    year: int
    month: int
    kind: str
    unit: str


def decode_iin(text: str, today: date) -> Iin | Problem:
    """Return the birth date and sex in an IIN, or what is wrong with it.

    Problems: ``iin-invalid`` (not 12 digits), ``iin-check-digit``, ``iin-century``, ``iin-date``, ``iin-future``.
    A true code may still be another's: compare it with the form or the register. Source: R-ID-1, R-ID-7.
    """
    code = text.strip()
    if not _twelve_digits(code):
        return Problem("iin-invalid", "code")
    if not _kz_code_holds(code):
        return Problem("iin-check-digit", "code")
    century = _CENTURIES.get(code[6])
    if century is None:
        return Problem("iin-century", "code", {"digit": int(code[6])})
    first_year, sex = century
    try:
        born = date(first_year + int(code[:2]), int(code[2:4]), int(code[4:6]))
    except ValueError:
        return Problem("iin-date", "code")
    if born > today:
        return Problem("iin-future", "code", {"day": born.isoformat()})
    return Iin(code, born, sex)


def decode_bin(text: str, today: date) -> Bin | Problem:
    """Return the month of registration and the kind of organisation in a BIN, or what is wrong with it.

    Problems: ``bin-invalid`` (not 12 digits), ``bin-check-digit``, ``bin-date``, ``bin-kind``. Source: R-ID-1, R-ID-8.
    """
    code = text.strip()
    if not _twelve_digits(code):
        return Problem("bin-invalid", "code")
    if not _kz_code_holds(code):
        return Problem("bin-check-digit", "code")
    kind, unit = _BIN_KINDS.get(code[4]), _BIN_UNITS.get(code[5])
    if kind is None or unit is None:
        return Problem("bin-kind", "code")
    month = int(code[2:4])
    if not 1 <= month <= 12:
        return Problem("bin-date", "code")
    year = 2000 + int(code[:2])
    return Bin(code, year if (year, month) <= (today.year, today.month) else year - 100, month, kind, unit)


def check_iin(text: str) -> Problem | None:
    """Return why ``text`` is no individual identification number of Kazakhstan; ``None`` if it is one.

    Source: R-ID-1 in docs/rules.md.
    """
    return None if _kz_code_holds(text) else Problem("iin-invalid", "code")


def check_bin(text: str) -> Problem | None:
    """Return why ``text`` is no business identification number of Kazakhstan; ``None`` if it is one.

    Source: R-ID-1.
    """
    return None if _kz_code_holds(text) else Problem("bin-invalid", "code")


def check_edrpou(text: str) -> Problem | None:
    """Return why ``text`` is no EDRPOU code of a Ukrainian organisation; ``None`` if it is one. Source: R-ID-2."""
    code = text.strip()
    return None if code.isascii() and edrpou.is_valid(code) else Problem("edrpou-invalid", "code")


def check_rnokpp(text: str) -> Problem | None:
    """Return why ``text`` is no tax number of a person in Ukraine; ``None`` if it is one. Source: R-ID-3."""
    code = text.strip()
    return None if code.isascii() and rntrc.is_valid(code) else Problem("rnokpp-invalid", "code")


def check_iban(text: str) -> Problem | None:
    """Return why ``text`` is no IBAN of any country; ``None`` if it is one. Source: R-ID-4."""
    code = text.strip()
    return None if code.isascii() and iban.is_valid(code) else Problem("iban-invalid", "iban")


def mask_code(text: str) -> str:
    """Return a code with its middle hidden: the first third and the last two signs stay (``8501******24``).

    Source: R-ID-5.
    """
    code = text.strip()
    first = len(code) // 3
    if len(code) < 6:
        return "*" * len(code)
    return f"{code[:first]}{'*' * (len(code) - first - 2)}{code[-2:]}"


def normalise_name(text: str) -> str:
    """Return a name in the form in which names are compared, never shown.

    Case, doubled spaces, the kind of apostrophe and hyphen, ё for е, and Latin letters that look like Cyrillic ones
    inside a Cyrillic word make no difference. Source: R-ID-6.
    """
    plain = unicodedata.normalize("NFC", text).translate(_APOSTROPHES).translate(_HYPHENS)
    words = [word.translate(_LOOK_ALIKES) if _CYRILLIC.search(word) else word for word in plain.split()]
    return unicodedata.normalize("NFC", " ".join(words).casefold()).replace("ё", "е")


def same_surname(a: str, b: str) -> bool:
    """Return whether two people wrote the same surname; an empty one equals nothing. Source: R-ID-6."""
    name = normalise_name(a)
    return name != "" and name == normalise_name(b)


def _kz_code_holds(text: str) -> bool:
    code = text.strip()
    if not _twelve_digits(code):
        return False
    digits = [*map(int, code)]
    rest: int = sum(map(mul, _FIRST_WEIGHTS, digits)) % 11  # whole registries pass here
    if rest == 10:
        rest = sum(map(mul, _SECOND_WEIGHTS, digits)) % 11
    return rest == digits[11]


def _twelve_digits(code: str) -> bool:
    return len(code) == 12 and code.isascii() and code.isdigit() and code != "0" * 12
