"""Many invoices at once: into one file or a file each, on several processes, with progress and a way to stop.

Accounts travel to the workers as bytes and come back as finished pages, so the process that asked only writes; whole
accounts are read from the iterable as they are needed, never all at once.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec

from documents import invoice, labels
from documents.kit.pdf import Page, PdfWriter
from models.contract.records import AccountView
from models.domain.period import Month
from translations import _, using

CHUNK: Final = 100
"""Invoices a worker makes at a time; progress is told after each chunk."""
_WORTH_PROCESSES: Final = 400  # starting a worker costs as much as some hundred invoices

_encode: Final = msgspec.msgpack.Encoder().encode
_decoder: Final = msgspec.msgpack.Decoder(list[tuple[str, list[AccountView]]])


@dataclass(frozen=True, slots=True)
class Job:
    """One invoice to make: the accounts of a cabinet address, and the number the document gets."""

    number: str
    views: Sequence[AccountView]


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What became of a batch; a cancelled one leaves no file of one-file batches and only whole files of others."""

    made: int
    pages: int
    cancelled: bool
    files: tuple[Path, ...]


Progress = Callable[[int], None]
Cancelled = Callable[[], bool]


def one_file(
    jobs: Iterable[Job],
    period: Month,
    language: str,
    made_at: datetime,
    path: Path,
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    processes: int | None = None,
) -> BatchReport:
    """Write the invoices of ``jobs`` one after another into ``path`` and return what was made.

    ``progress`` is called with how many are done; ``cancelled`` is asked after every chunk. The file appears only when
    it is complete. The same jobs give the same bytes whatever the number of ``processes`` (all cores by default).
    Raises OSError when the file cannot be written.
    """
    part = path.with_name(path.name + ".part")
    made = pages = 0
    stopped = False
    try:
        with part.open("wb", buffering=1 << 20) as file:
            with using(language):
                writer = PdfWriter(file.write, title=_batch_title(period), language=language, made_at=made_at)
            for chunk in _chunks(jobs, period, language, made_at, processes):
                for _number, found in chunk:
                    for page in found:
                        writer.add(page)
                    made += 1
                    pages += len(found)
                if progress is not None:
                    progress(made)
                if cancelled is not None and cancelled():
                    stopped = True
                    break
            if not stopped:
                writer.close()
        if not stopped:
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return BatchReport(made, pages, stopped, () if stopped else (path,))


def separate_files(
    jobs: Iterable[Job],
    period: Month,
    language: str,
    made_at: datetime,
    folder: Path,
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    processes: int | None = None,
) -> BatchReport:
    """Write each invoice of ``jobs`` into its own file in ``folder``, named after its number; see :func:`one_file`."""
    files: list[Path] = []
    pages = 0
    taken: set[str] = set()
    with using(language):
        title = invoice.title(period)
    for chunk in _chunks(jobs, period, language, made_at, processes):
        for number, found in chunk:
            path = folder / f"{_file_name(number, taken)}.pdf"
            part = path.with_name(path.name + ".part")
            with part.open("wb") as file:
                writer = PdfWriter(file.write, title=title, language=language, made_at=made_at)
                for page in found:
                    writer.add(page)
                writer.close()
            part.replace(path)
            files.append(path)
            pages += len(found)
        if progress is not None:
            progress(len(files))
        if cancelled is not None and cancelled():
            return BatchReport(len(files), pages, True, tuple(files))
    return BatchReport(len(files), pages, False, tuple(files))


def _batch_title(period: Month) -> str:
    return _("Payment invoices for {month}").format(month=labels.month_name(period))


def _file_name(number: str, taken: set[str]) -> str:
    """Return a name that no file system refuses and no other file of the batch has."""
    safe = "".join(character if character.isalnum() or character in "-_" else "-" for character in number)[:80]
    name, count = safe or "invoice", 1
    while name.casefold() in taken:
        count += 1
        name = f"{safe}-{count}"
    taken.add(name.casefold())
    return name


Made = list[tuple[str, list[Page]]]


def _make(encoded: bytes, period: int, language: str, made_at: datetime) -> Made:
    """Return the pages of a chunk; runs in a worker."""
    month = Month.from_number(period)
    with using(language):
        return [(number, invoice.pages(views, month, made_at, number)) for number, views in _decoder.decode(encoded)]


def _chunks(
    jobs: Iterable[Job], period: Month, language: str, made_at: datetime, processes: int | None
) -> Iterator[Made]:
    """Yield chunks of finished invoices in the order of ``jobs``."""
    rest = iter(jobs)
    first = list(islice(rest, _WORTH_PROCESSES))
    count = processes if processes is not None else min(os.cpu_count() or 1, 8)
    if count < 2 or len(first) < _WORTH_PROCESSES:
        with using(language):
            for group in _groups(first, rest):
                # Made as the workers make them, so that one process and many give the same bytes.
                yield [(job.number, invoice.pages(list(job.views), period, made_at, job.number)) for job in group]
        return
    yield from _parallel(_groups(first, rest), period, language, made_at, count)


def _groups(first: list[Job], rest: Iterator[Job]) -> Iterator[list[Job]]:
    waiting = iter(first)
    while group := list(islice(waiting, CHUNK)):
        yield group
    while group := list(islice(rest, CHUNK)):
        yield group


def _parallel(
    groups: Iterator[list[Job]], period: Month, language: str, made_at: datetime, count: int
) -> Iterator[Made]:
    # A fresh process, not a fork: the one that asks may be a window with threads.
    context = multiprocessing.get_context("spawn")
    with ExitStack() as stack:
        pool = ProcessPoolExecutor(count, mp_context=context)
        stack.callback(pool.shutdown, wait=True, cancel_futures=True)
        running: deque[Future[Made]] = deque()
        for group in groups:
            encoded = _encode([(job.number, list(job.views)) for job in group])
            running.append(pool.submit(_make, encoded, period.number, language, made_at))
            if len(running) > count * 2:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
