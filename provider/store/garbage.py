"""Collecting reference cycles less often while a lot of rows pass through."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_SELDOM: Final = 200_000  # new containers between two looks, instead of 700


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Let the collector look at new objects seldom inside the block.

    Rows are freed by their reference counts. Looking for cycles among the tens of thousands that a batch keeps alive
    took a third of the processor time of an import.
    """
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], _SELDOM), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
