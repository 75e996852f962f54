"""The simulator, made once a session."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from provider.store.cluster import Cluster
    from tests.faults.simulation import Simulator


@pytest.fixture(scope="session")
def simulator(cluster: Cluster, template: str) -> Iterator[Simulator]:
    """Runs seeds over the session's PostgreSQL."""
    from tests.faults.simulation import Simulator

    made = Simulator(cluster, template)
    yield made
    made.close()
