"""Papers: one invoice in a warm process, ten thousand in one file, each beside a plain reportlab canvas."""

from __future__ import annotations

import os
import statistics
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path

import msgspec
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

import resources
from documents import batch, invoice
from models.domain.period import Month
from tests.benchmarks.rows import Row, repeated, timed
from tests.samples import sample_view_kk

MADE = datetime(2024, 2, 5, 9, 0, tzinfo=UTC)
JANUARY = Month(2024, 1)
STRINGS = 125  # what our invoice of one provider shows
MANY = 10_000
REFERENCE = 500
replace = msgspec.structs.replace


def jobs(count: int) -> Iterator[batch.Job]:
    """Yield invoices that differ in account, name and amount, so that no code and no words are made twice."""
    view = sample_view_kk()
    for number in range(count):
        account = replace(view.account, number=str(100_000 + number), holder=f"Тұтынушы {number} Серікқызы")
        entries = [
            replace(entry, amount_minor=entry.amount_minor + number) if entry.id == 1411 else entry
            for entry in view.entries
        ]
        yield batch.Job(f"2024-01/{100_000 + number}", [replace(view, account=account, entries=entries)])


def canvas_page(canvas: Canvas) -> None:
    """Draw as many strings as an invoice has, without codes, tables or measuring."""
    canvas.setFont("Reference", 8)
    for line in range(STRINGS):
        canvas.drawString(40 + line % 5 * 100, 800 - line * 6, f"Сумен жабдықтау {line} 1 264,70")
    canvas.showPage()


def canvas_file(pages: int) -> bytes:
    """Return a file of ``pages`` such pages."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    for _ in range(pages):
        canvas_page(canvas)
    canvas.save()
    return buffer.getvalue()


def measure(many: int = MANY) -> Iterator[Row]:
    """Measure one invoice and ``many``."""
    font = Path(resources.__file__).parent / "fonts" / "IBMPlexSans-Regular.ttf"
    pdfmetrics.registerFont(TTFont("Reference", str(font)))
    yield _one()
    yield from _many(many)


def _one() -> Row:
    view = sample_view_kk()
    for language in ("kk", "uk"):
        invoice.build([view], JANUARY, language, MADE, "warm")
    canvas_file(1)
    ours = statistics.median(repeated(lambda: invoice.build([view], JANUARY, "kk", MADE, "1"), 60))
    plain = statistics.median(repeated(partial(canvas_file, 1), 60))
    return Row("one invoice PDF, warm", ours, "ms", "≤ 15 ms", ours <= 15, f"reportlab canvas {plain:.1f} ms")


def _many(many: int) -> Iterator[Row]:
    reference = timed(partial(canvas_file, REFERENCE)) * many / REFERENCE
    with tempfile.TemporaryDirectory() as folder, _watched() as peak:
        path = Path(folder) / "all.pdf"
        seconds = timed(lambda: batch.one_file(jobs(many), JANUARY, "kk", MADE, path))
    bar = 12 * many / MANY
    yield Row(
        f"{many:,} invoices with QR and words",
        seconds,
        "s",
        f"≤ {bar:g} s",
        seconds <= bar,
        f"reportlab canvas, text only, {reference:.1f} s; load {os.getloadavg()[0]:.1f}",
    )
    if peak:
        above = max(peak) - peak[0]
        yield Row("… memory above idle, all processes", above, "MB", "≤ 150 MB", above <= 150)


@contextmanager
def _watched() -> Iterator[list[float]]:
    """Collect the proportional memory of this process and its children in MB, ten times a second; [] where unknown."""
    samples: list[float] = []
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            if total := _memory(os.getpid()):
                samples.append(total)
            over.wait(0.1)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield samples
    finally:
        over.set()
        watcher.join()


def _memory(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        children = [
            int(child)
            for task in Path(f"/proc/{process}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:
        return 0
    own = sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return own + sum(_memory(child) for child in children)


if __name__ == "__main__":
    from tests.benchmarks.rows import table

    print(table(measure()))
