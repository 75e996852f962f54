"""What messages of admissions say, in the language in force: one text for each notice of the machine's table.

Source of the wording: seeds 002, 003, 004 (R-ADM-21 in docs/rules.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from models.contract import collection_texts, department_texts, reasons
from models.contract.admission_texts_places import PLACE_TEXTS
from models.contract.admission_texts_queue import QUEUE_TEXTS
from translations import _, formats

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    **QUEUE_TEXTS,
    **PLACE_TEXTS,
    **department_texts.TEXTS,
    **collection_texts.TEXTS,
}
"""Subject and body of each notice, as source texts."""

NUMBERED: Final = frozenset({code for code, (_subject, body) in TEXTS.items() if "{position}" in body})
"""Notices that name the number in the queue."""


def text(code: str, values: Mapping[str, str | int]) -> tuple[str, str]:
    """Return subject and body of a message in the language in force.

    ``values`` are as plain as the machine gives them: deadlines as ISO instants of the last second in local time, days
    as ISO dates. Raises ``KeyError`` for an unknown code.
    """
    return render(code, shown(values))


def render(code: str, values: Mapping[str, str]) -> tuple[str, str]:
    """Return subject and body in the language in force from values that :func:`shown` made, once for all languages.

    A reason of a list is said in that language too. Source: R-ADM-33.
    """
    subject, body = TEXTS[code]
    listed = values.get("reason_code", "")
    if listed:
        values = _Values({**values, "reason": _ended(reasons.said(listed, values.get("reason", "")))})
    return _(subject), _(body).format_map(values)


class _Values(dict[str, str]):
    """What a text needs and nobody gave is a dash, so that a message always goes out."""

    def __missing__(self, key: str) -> str:
        return "—"


def _ended(text: str) -> str:
    """Return a reason as a sentence that another may follow."""
    return text if text.rstrip().endswith((".", "!", "?", "…")) else f"{text.rstrip()}."


def shown(values: Mapping[str, str | int]) -> Mapping[str, str]:
    """Return values as texts show them: ``due`` to the second, ``due_day`` the day, the same in all four languages."""
    found = _Values()
    for name, value in values.items():
        key = name.replace("-", "_")
        if key.endswith("due") and isinstance(value, str):
            moment = datetime.fromisoformat(value)
            found[key] = f"{moment:%d.%m.%Y %H:%M:%S}"
            found[f"{key}_day"] = formats.day(moment.date())
        elif key in ("until", "day", "start") and isinstance(value, str):
            found[key] = formats.day(date.fromisoformat(value))
        elif key == "reason" and isinstance(value, str):
            found[key] = _ended(value)
        elif key == "employee":
            found[key] = str(value).rstrip(".")  # initials end as the sentence does
        else:
            found[key] = str(value)
    return found
