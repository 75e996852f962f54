"""What is wrong with a typed IIN, said as exactly as its digits allow."""

from __future__ import annotations

from datetime import date

from models.domain.identity import decode_iin
from models.domain.problems import Problem


def wrong_iin(text: str, field: str, today: date) -> list[Problem]:
    """Return what is wrong with an IIN, for its field; empty when it may be one. Spaces do not count."""
    code = "".join(text.split())
    if not code:
        return [Problem("field-required", field)]
    found = decode_iin(code, today)
    return [Problem(found.code, field, found.values)] if isinstance(found, Problem) else []
