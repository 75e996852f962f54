"""Start-up: the first paint of the program beside that of a bare window that imports the same Qt modules.

Wall time is what a person waits; processor time says the same on a machine that others use too. The last row is the
way on from the first paint: until the real window is painted with its first screen.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.rows import Row

ROOT = Path(__file__).parents[2]
BAR = 1.3

_PAINTED = """
class Painted(QtCore.QObject):
    wanted = "{wanted}"
    def eventFilter(self, watched, event):
        if event.type() == QtCore.QEvent.Type.Paint and watched.isWindow():
            if not self.wanted or type(watched).__name__ == self.wanted:
                import os, sys, time
                sys.stdout.write(f"{{time.time()}} {{time.process_time()}}\\n"); sys.stdout.flush()
                os._exit(0)
        return False
"""
BARE = (
    """
from PySide6 import QtCore, QtGui, QtNetwork, QtWidgets
"""
    + _PAINTED.format(wanted="")
    + """
app = QtWidgets.QApplication([])
app.setStyle("Fusion")
window = QtWidgets.QMainWindow()
watcher = Painted(); app.installEventFilter(watcher)
window.resize(1200, 800); window.show(); app.exec()
"""
)


def _ours(wanted: str) -> str:
    """Return a start of the program that ends when a window of the class ``wanted`` is painted; "" takes any."""
    watcher = "".join(f"    {line}\n" for line in _PAINTED.format(wanted=wanted).splitlines())
    return f"""
import sys
from desktop import __main__ as program

def watched(places, settings, typed, verbose=False):
    from desktop.opening import run
    from PySide6 import QtCore, QtWidgets
{watcher}
    app = QtWidgets.QApplication([])
    watcher = Painted(); app.installEventFilter(watcher)
    return run(places, settings, typed)

program._open_window = watched
program.main(["--data-dir", sys.argv[1]])
"""


@dataclass(frozen=True, slots=True)
class Start:
    """How long a start took, in milliseconds."""

    wall: float
    cpu: float


def measure(runs: int = 9) -> Iterator[Row]:
    """Start all in turn, so that a drift of the machine hits all of them, and compare the medians."""
    programs = {"bare": BARE, "frame": _ours(""), "window": _ours("Window")}
    found: dict[str, list[Start]] = {name: [] for name in programs}
    with tempfile.TemporaryDirectory() as folder:
        for program in programs.values():
            _start(program, folder)  # compiles and warms the disk's memory
        for _ in range(runs):
            for name, program in programs.items():
                found[name].append(_start(program, folder))
    for what, kind in (("first paint", "wall"), ("first paint, processor time", "cpu")):
        bare, ours = (statistics.median(getattr(one, kind) for one in found[name]) for name in ("bare", "frame"))
        yield Row(
            f"start-up: {what}",
            ours,
            "ms",
            f"≤ {BAR} × bare window",
            ours / bare <= BAR,
            f"bare window {bare:.0f} ms, ratio {ours / bare:.2f}",
        )
    usable = [statistics.median(getattr(one, kind) for one in found["window"]) for kind in ("wall", "cpu")]
    yield Row("start-up: the window with its first screen", usable[0], "ms", "", None, f"processor {usable[1]:.0f} ms")


def _start(program: str, folder: str) -> Start:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "qt.qpa.*=false"}
    begin = time.time()
    answer = subprocess.run(
        [sys.executable, "-c", program, folder],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    at, cpu = answer.stdout.split()[-2:]
    return Start((float(at) - begin) * 1000, float(cpu) * 1000)
