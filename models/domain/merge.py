"""Two people change one record: what becomes of each field, from what the later one saw when they changed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from models.domain.telephones import phone_key

TELEPHONES: Final = frozenset({"phone", "extra_phone"})
"""Fields that hold a telephone number, whatever record they are of."""


@dataclass(frozen=True, slots=True)
class Merged:
    """``changes`` become the record's; of ``clashes`` somebody has to choose one side."""

    changes: Mapping[str, Any]
    clashes: tuple[str, ...]


def merge(wanted: Mapping[str, Any], seen: Mapping[str, Any], now: Mapping[str, Any]) -> Merged:
    """Return what becomes of each wanted field. Source: R-MERGE-1.

    ``seen`` is what the person had before them, ``now`` what the record says. A field that says what was wanted is
    left alone; one that still says what was seen, or of which nothing is known, changes; any other is a clash.
    """
    other = {name: value for name, value in wanted.items() if not same(name, value, now[name])}
    clashes = tuple(name for name in other if name in seen and not same(name, seen[name], now[name]))
    return Merged({name: value for name, value in other.items() if name not in clashes}, clashes)


def same(name: str, value: Any, other: Any) -> bool:
    """Return whether two values of a field mean the same: a telephone number in any spelling. Source: R-MERGE-1."""
    if name in TELEPHONES and isinstance(value, str) and isinstance(other, str):
        return phone_key(value) == phone_key(other)
    return bool(value == other)
