"""Whatever goes wrong with people, lines, disks and programs: nothing is lost, doubled or stuck."""

from __future__ import annotations

from typing import Final

import pytest

from tests.faults.planted import PLANTED
from tests.faults.simulation import Failed, Simulator
from tests.faults.watch import Violation

SLICE: Final = 5
CHUNK: Final = 10
SEEDS: Final = 1_000
FOUND_WITHIN: Final = 40
"""Seeds within which each planted bug has to be found."""


@pytest.mark.parametrize("first", range(0, 25, SLICE))
def test_nothing_is_lost_doubled_or_stuck(simulator: Simulator, first: int) -> None:
    for seed in range(first, first + SLICE):
        simulator.run(seed)


@pytest.mark.long
@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
def test_nothing_is_lost_doubled_or_stuck_in_a_thousand_runs(simulator: Simulator, first: int) -> None:
    for seed in range(first, first + CHUNK):
        simulator.run(seed)


@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_found(simulator: Simulator, bug: str) -> None:
    for seed in range(FOUND_WITHIN):
        found = _failure(simulator, bug, seed)
        if found is not None:
            assert isinstance(found.__cause__, Violation), found
            print(f"{bug} was found by seed {seed}: {str(found).splitlines()[0]}")
            return
    pytest.fail(f"{bug} was not found in {FOUND_WITHIN} seeds")


def _failure(simulator: Simulator, bug: str, seed: int) -> Failed | None:
    try:
        with PLANTED[bug]():
            simulator.run(seed)
    except Failed as found:
        return found
    return None
