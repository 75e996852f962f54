"""``make bench``: measures the quality bars, prints a table and writes output/bench.json.

``python -m tests.benchmarks [--quick] [NAME …]`` measures a tenth of the size, or only the named groups.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.rows import Row, table

OUTPUT = Path(__file__).parents[2] / "output" / "bench.json"


def groups(quick: bool) -> dict[str, Callable[[], Iterable[Row]]]:
    """Return the groups of measurements by name."""
    from tests.benchmarks import admissions, exchange, papers, provider, screens, start

    share = 10 if quick else 1
    return {
        "start": lambda: start.measure(5 if quick else 9),
        "papers": lambda: papers.measure(10_000 // share),
        "provider": lambda: provider.measure(100_000 // share),
        "admissions": lambda: admissions.measure(200_000 // share, 5_000 // share, 50_000 // share),
        "exchange": lambda: exchange.measure(100_000 // share, 1_000_000 // share),
        "screens": screens.measure,
    }


def main(arguments: list[str]) -> int:
    """Measure and report; return 0 when every bar is met."""
    quick = "--quick" in arguments
    known = groups(quick)
    wanted = [argument for argument in arguments if not argument.startswith("-")] or list(known)
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        sys.stderr.write(f"There is no group {', '.join(unknown)}. Known: {', '.join(known)}.\n")
        return 2
    rows: list[Row] = []
    for name in wanted:
        sys.stderr.write(f"measuring: {name} …\n")
        rows += known[name]()
    print(table(rows))
    OUTPUT.parent.mkdir(exist_ok=True)
    about = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "quick": quick,
        "rows": [asdict(row) for row in rows],
    }
    OUTPUT.write_text(json.dumps(about, indent=1, ensure_ascii=False), encoding="utf-8")
    print(f"written to {OUTPUT}")
    return 1 if any(row.met is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
