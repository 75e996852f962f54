"""The client against a real provider: first load, small deltas, entries, search, from tests.sync.figures."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from contextlib import redirect_stdout
from typing import Any

from tests.benchmarks.rows import Row
from tests.sync import figures


def measure(accounts: int = 100_000, searched: int = 1_000_000) -> Iterator[Row]:
    """Take the figures and hold them against the bars."""
    said = io.StringIO()
    with redirect_stdout(said):
        figures.main(accounts, searched)
    found: dict[str, Any] = json.loads(said.getvalue())
    commit = found["bare_commit"]
    load = found["first_load"]
    about = f"{load['rows']:,} rows in {load['seconds']} s; load {os.getloadavg()[0]:.1f}"
    yield Row(
        f"first sync of {accounts:,} accounts, end to end",
        load["rows_per_s"],
        "rows/s",
        "≥ 50,000 rows/s",
        load["rows_per_s"] >= 50_000,
        about,
    )
    usable = load["accounts_searchable_s"]
    yield Row("… accounts searchable after", usable, "s", "≤ 3 s", usable <= 3)
    for rows in (1, 100):
        delta = found[f"delta_{rows}"]
        yield Row(
            f"delta of {rows} rows, pull and apply, p50 / p95 {delta['p95_ms']:.1f} ms",
            delta["p50_ms"],
            "ms",
            "p50 ≤ 10, p95 ≤ 25 ms",
            delta["p50_ms"] <= 10 and delta["p95_ms"] <= 25,
            f"nothing new {found['delta_0']['p50_ms']:.1f} ms",
        )
    entry = found["entry"]
    yield Row(
        "command recorded (journal and cache), p99",
        entry["p99_ms"],
        "ms",
        "≤ 10 ms",
        entry["p99_ms"] <= 10,
        f"bare durable commit p50 {commit['p50_ms']:.2f}, p99 {commit['p99_ms']:.2f} ms",
    )
    yield Row(
        "drain of 500 waiting commands", found["drain"]["per_s"], "commands/s", "≥ 300", found["drain"]["per_s"] >= 300
    )
    search = found["search"]["all"]
    yield Row(
        f"search as you type over {searched:,} accounts, p95",
        search["p95_ms"],
        "ms",
        "≤ 16 ms",
        search["p95_ms"] <= 16,
        f"p50 {search['p50_ms']:.2f} ms; index built in {found['search']['index_s']} s",
    )
