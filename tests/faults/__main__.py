"""Run seeds by hand: ``python -m tests.faults FIRST [COUNT] [STEPS] [PLANTED]``; a single one prints its trace."""

from __future__ import annotations

import logging
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path

from sqlalchemy import make_url

from provider.store.cluster import Cluster
from provider.store.database import Database, ensure_database
from provider.store.migrate import upgrade
from tests.faults.planted import PLANTED
from tests.faults.simulation import STEPS, Failed, Simulator
from tests.fixtures.provider import fast_folder


def main(first: int, count: int = 1, steps: int = STEPS, planted: str = "") -> int:
    """Run ``count`` seeds from ``first``; returns how many failed."""
    logging.disable(logging.CRITICAL if count > 1 else logging.NOTSET)
    failed = 0
    with tempfile.TemporaryDirectory(prefix="kabinet-pg-", dir=fast_folder(), ignore_cleanup_errors=True) as folder:
        cluster = Cluster(Path(folder) / "cluster", durable=False)
        url = make_url(cluster.url("kabinet_template"))
        ensure_database(url)
        database = Database(url)
        upgrade(database, Path(folder) / "template")
        database.close()
        simulator = Simulator(cluster, "kabinet_template")
        began = time.perf_counter()
        exchanges = commands = deaths = 0
        for seed in range(first, first + count):
            try:
                with PLANTED[planted]() if planted else nullcontext():
                    ran = simulator.run(seed, steps)
                exchanges += ran.exchanges
                commands += ran.commands
                deaths += ran.deaths
                if ran.seconds > 8:
                    print(f"seed {seed} took {ran.seconds:.1f} s", flush=True)
            except Failed as failure:
                failed += 1
                text = str(failure)
                print(text if count == 1 else "\n".join([text.splitlines()[0], *text.splitlines()[-6:]]), flush=True)
                if count == 1 and failure.__cause__ is not None:
                    logging.getLogger("tests").error("cause", exc_info=failure.__cause__)
        seconds = time.perf_counter() - began
        print(
            f"{count} seeds, {failed} failed, {seconds:.0f} s: "
            f"{commands} commands, {exchanges} exchanges, {deaths} deaths"
        )
        simulator.close()
        cluster.release()
    return failed


if __name__ == "__main__":
    words = sys.argv[1:]
    sys.exit(min(1, main(*(int(word) for word in words[:3]), *words[3:])))  # type: ignore[arg-type]
