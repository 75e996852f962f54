"""Thousands of things go wrong, and nothing is lost, doubled or stuck (sync.md, section 5, as one seeded run)."""

from __future__ import annotations

import pytest

from tests.faults.simulation import Simulator

CHUNK = 20


@pytest.mark.parametrize("first", range(0, 25, 5))
def test_nothing_is_lost_doubled_or_stuck(simulator: Simulator, first: int) -> None:
    for seed in range(first, first + 5):
        simulator.run(seed)
