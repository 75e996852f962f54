"""Papers: one invoice in a warm process, ten thousand in one file, each beside a plain reportlab canvas."""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
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
    """Make the batch in a process of its own: what measured before in this one would count as memory in use."""
    reference = timed(partial(canvas_file, REFERENCE)) * many / REFERENCE
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.benchmarks.papers", "batch", str(many), str(Path(folder) / "all.pdf")]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as maker:
            seconds, memory = _watched(maker)
    bar = 12 * many / MANY
    yield Row(
        f"{many:,} invoices with QR and words",
        seconds,
        "s",
        f"≤ {bar:g} s",
        seconds <= bar,
        f"reportlab canvas, text only, {reference:.1f} s; load {os.getloadavg()[0]:.1f}",
    )
    if memory:
        peak, above = max(memory), max(memory).megabytes - memory[0].megabytes
        yield Row(
            "… memory above idle, all processes",
            above,
            "MB",
            "≤ 150 MB",
            above <= 150,
            f"from {memory[0].megabytes:.0f} MB to {peak.megabytes:.0f} MB in {peak.processes} processes",
        )


@dataclass(frozen=True, order=True)
class Memory:
    """The proportional memory of a process with everything below it, and how many processes that is."""

    megabytes: float
    processes: int


def make_batch(many: int, path: Path) -> None:
    """Make the batch when told to over standard input, and say how many seconds it took; a process of its own."""
    invoice.build([sample_view_kk()], JANUARY, "kk", MADE, "warm")  # idle means: fonts and texts are loaded
    gc.collect()
    print("ready", flush=True)
    sys.stdin.readline()
    print(timed(lambda: batch.one_file(jobs(many), JANUARY, "kk", MADE, path)), flush=True)


def _watched(maker: subprocess.Popen[str]) -> tuple[float, list[Memory]]:
    """Start the batch of a ready process; returns its seconds and its memory: idle first, then ten times a second.

    No memory where the system does not tell it.
    """
    assert maker.stdin is not None
    assert maker.stdout is not None
    maker.stdout.readline()
    idle = _memory(maker.pid)
    answers: list[str] = []
    listener = threading.Thread(target=lambda: answers.append(maker.stdout.readline() if maker.stdout else ""))
    maker.stdin.write("\n")
    maker.stdin.flush()
    listener.start()
    samples = [] if idle is None else [idle]
    while listener.is_alive():
        if samples and (now := _memory(maker.pid)):
            samples.append(now)
        listener.join(0.1)
    return float(answers[0]), samples


def _memory(process: int) -> Memory | None:
    """Return what a process and those below it use; ``None`` when it has ended or the system does not tell."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        children = [int(child) for task in _tasks(process) for child in task.split()]
    except OSError:
        return None
    own = sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    below = [memory for child in children if (memory := _memory(child))]
    return Memory(own + sum(one.megabytes for one in below), 1 + sum(one.processes for one in below))


def _tasks(process: int) -> Iterator[str]:
    """Yield the children of each thread; one that ended meanwhile has none."""
    for task in Path(f"/proc/{process}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):
            yield (task / "children").read_text()


if __name__ == "__main__":
    from tests.benchmarks.rows import table

    if sys.argv[1:2] == ["batch"]:
        make_batch(int(sys.argv[2]), Path(sys.argv[3]))
    else:
        print(table(measure(*map(int, sys.argv[1:]))))
