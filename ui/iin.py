"""What is wrong with a typed IIN, document number or one-time code, said as exactly as its digits allow."""

from __future__ import annotations

from datetime import date

from models.domain.identity import decode_iin
from models.domain.problems import Problem

_IIN = 12
_SHORTEST = 5
"""Signs of a document number; the provider takes no shorter one."""


CODE_DIGITS = 6
"""How many a one-time code has: one that is shorter was not typed to its end, and is not worth a try of the few."""


def wrong_one_time(text: str) -> list[Problem]:
    """Return what is wrong with a typed one-time code; spaces do not count."""
    code = "".join(text.split())
    right = len(code) == CODE_DIGITS and code.isdigit()
    return [] if right else [Problem("code-digits", "one_time", {"digits": CODE_DIGITS})]


def wrong_number(text: str, field: str, today: date) -> list[Problem]:
    """Return what is wrong with a grown-up's IIN or document number, for its field. Source: 004-05."""
    code = "".join(text.split())
    if not code or is_iin(code):
        return wrong_iin(code, field, today)
    if code.isdigit() and len(code) in (_IIN - 1, _IIN + 1):  # a digit of an IIN was left out, or typed twice
        return [Problem("iin-invalid", field)]
    return [] if len(code) >= _SHORTEST else [Problem("document-number-short", field)]


def is_iin(code: str) -> bool:
    """Return whether a number is written as IINs are, and not as those of documents."""
    return len(code) == _IIN and code.isdigit()


def wrong_iin(text: str, field: str, today: date) -> list[Problem]:
    """Return what is wrong with an IIN, for its field; empty when it may be one. Spaces do not count."""
    code = "".join(text.split())
    if not code:
        return [Problem("field-required", field)]
    found = decode_iin(code, today)
    return [Problem(found.code, field, found.values)] if isinstance(found, Problem) else []
