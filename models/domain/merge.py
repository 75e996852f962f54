"""Two people change one record: what becomes of each field, from what the later one saw when they changed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


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
    other = {name: value for name, value in wanted.items() if value != now[name]}
    clashes = tuple(name for name in other if name in seen and seen[name] != now[name])
    return Merged({name: value for name, value in other.items() if name not in clashes}, clashes)
