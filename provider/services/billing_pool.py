"""Processes that charge batches of accounts beside each other, each with its own connection.

They are started as ``python -m provider.services.billing_worker``: nothing of the starting program runs again in them.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct, field

from models.domain.period import Month
from models.domain.problems import Problem

_ROOT: Final = Path(__file__).resolve().parents[2]


class BatchResult(Struct):
    """What charging a batch of accounts did."""

    accounts: int = 0
    entries: int = 0
    amount_minor: int = 0
    corrections: int = 0
    problems: list[tuple[int, Problem]] = field(default_factory=list)  # account id, why a service was not charged


class Job(Struct, frozen=True):
    """What all batches of a worker share; sent as its first line, because it may hold a password."""

    url: str
    tenant: int
    period: int


class WorkerFailed(RuntimeError):
    """A worker ended early; batches that it finished are kept, and the next run does the rest."""


def run_workers(
    url: str, tenant: int, month: Month, batches: Sequence[Sequence[int]], processes: int
) -> Iterator[BatchResult]:
    """Yield the results of the batches as they are done. Raises WorkerFailed when a worker ends early."""
    waiting: queue.SimpleQueue[Sequence[int]] = queue.SimpleQueue()
    for batch in batches:
        waiting.put(batch)
    done: queue.SimpleQueue[BatchResult | Exception | None] = queue.SimpleQueue()
    job = Job(url, tenant, month.number)
    count = min(processes, len(batches))
    threads = [threading.Thread(target=_drive, args=(job, waiting, done), daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    running = count
    failure: Exception | None = None
    while running:
        result = done.get()
        if result is None:
            running -= 1
        elif isinstance(result, Exception):
            failure = failure or result
        else:
            yield result
    if failure is not None:
        raise failure


def _drive(
    job: Job,
    waiting: queue.SimpleQueue[Sequence[int]],
    done: queue.SimpleQueue[BatchResult | Exception | None],
) -> None:
    """Give one worker batch after batch until none waits."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "provider.services.billing_worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
    )
    assert worker.stdin is not None
    assert worker.stdout is not None
    try:
        worker.stdin.write(msgspec.json.encode(job) + b"\n")
        while True:
            try:
                batch = waiting.get_nowait()
            except queue.Empty:
                break
            worker.stdin.write(msgspec.json.encode(batch) + b"\n")
            worker.stdin.flush()
            line = worker.stdout.readline()
            if not line:
                raise WorkerFailed("a charging process ended early; run the charges again to finish them")
            done.put(msgspec.json.decode(line, type=BatchResult))
    except (OSError, WorkerFailed, msgspec.MsgspecError) as failure:
        done.put(failure)
    finally:
        worker.stdin.close()
        worker.stdout.close()
        worker.wait()
        done.put(None)
