"""Working calendars of countries: days off with their names, worked Saturdays, and the years that are complete.

A department starts with these; from then on its officer keeps its own edition. ``python -m resources.calendars.make``
writes the files anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
COUNTRIES: Final = ("KZ", "UA")


@dataclass(frozen=True, slots=True)
class CalendarData:
    """A country's calendar. Names are by language (kk, ru, uk, en); ``sources`` says where a year is from."""

    country: str
    zone: str
    days_off: Mapping[date, Mapping[str, str]]
    extra: Mapping[date, Mapping[str, str]]
    years: frozenset[int]
    sources: Mapping[int, str]


@cache
def load(country: str) -> CalendarData:
    """Return the calendar of a country; raises ``LookupError`` for one that is not kept."""
    if country.upper() not in COUNTRIES:
        raise LookupError(f"no calendar of {country}")
    kept = json.loads((FOLDER / f"{country.lower()}.json").read_text(encoding="utf-8"))
    names: dict[str, dict[str, str]] = kept["names"]
    days_off: dict[date, Mapping[str, str]] = {}
    extra: dict[date, Mapping[str, str]] = {}
    for year in kept["years"].values():
        for day, key in year["days_off"].items():
            days_off[date.fromisoformat(day)] = _name(names, key)
        for day, key in year["extra"].items():
            extra[date.fromisoformat(day)] = _name(names, key)
    return CalendarData(
        country=kept["country"],
        zone=kept["zone"],
        days_off=days_off,
        extra=extra,
        years=frozenset(map(int, kept["years"])),
        sources={int(year): values["source"] for year, values in kept["years"].items()},
    )


def _name(names: Mapping[str, Mapping[str, str]], key: str) -> Mapping[str, str]:
    """Return a day's name; ``nauryz+moved`` is the holiday's name with what is special about this day of it."""
    holiday, _plus, special = key.partition("+")
    if not special:
        return names[holiday]
    return {language: f"{text} ({names[special][language]})" for language, text in names[holiday].items()}
