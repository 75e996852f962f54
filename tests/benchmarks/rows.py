"""What a measurement says, and how measurements are taken."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A measured figure beside its bar and a reference taken in the same run."""

    what: str
    measured: float
    unit: str
    bar: str
    met: bool | None
    """None when the row has no bar of its own."""
    reference: str = ""


def timed(act: Callable[[], object]) -> float:
    """Return how many seconds ``act`` took."""
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def repeated(act: Callable[[], object], times: int) -> list[float]:
    """Return the durations of ``times`` runs in milliseconds, garbage collected before and not during."""
    gc.collect()
    gc.disable()
    try:
        return [timed(act) * 1000 for _ in range(times)]
    finally:
        gc.enable()


def percentile(values: Iterable[float], share: int) -> float:
    """Return the ``share``-th percentile; at least two values."""
    return statistics.quantiles(list(values), n=100)[share - 1]


def table(rows: Iterable[Row]) -> str:
    """Return rows as an aligned text table."""
    cells = [("what", "measured", "bar", "", "reference")]
    cells += [(row.what, f"{row.measured:,.1f} {row.unit}", row.bar, _mark(row.met), row.reference) for row in rows]
    widths = [max(len(line[index]) for line in cells) for index in range(5)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells
    )


def _mark(met: bool | None) -> str:
    return {True: "met", False: "MISSED", None: ""}[met]
