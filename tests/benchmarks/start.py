"""Start-up: the first paint of the program beside that of a bare window that imports the same Qt modules."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.rows import Row

ROOT = Path(__file__).parents[2]
BAR = 1.3

_PAINTED = """
class Painted(QtCore.QObject):
    def eventFilter(self, watched, event):
        if event.type() == QtCore.QEvent.Type.Paint and watched.isWindow():
            import os, sys, time
            sys.stdout.write(f"{time.time()}\\n"); sys.stdout.flush()
            os._exit(0)
        return False
"""
BARE = (
    """
from PySide6 import QtCore, QtGui, QtNetwork, QtPrintSupport, QtSvg, QtWidgets
"""
    + _PAINTED
    + """
app = QtWidgets.QApplication([])
app.setStyle("Fusion")
window = QtWidgets.QMainWindow()
watcher = Painted(); app.installEventFilter(watcher)
window.resize(1200, 800); window.show(); app.exec()
"""
)
OURS = (
    """
import sys
from desktop import __main__ as program

def watched(places, settings, typed, verbose=False):
    from desktop.opening import run
    from PySide6 import QtCore, QtWidgets
"""
    + "".join(f"    {line}\n" for line in _PAINTED.splitlines())
    + """
    app = QtWidgets.QApplication([])
    watcher = Painted(); app.installEventFilter(watcher)
    return run(places, settings, typed)

program._open_window = watched
program.main(["--data-dir", sys.argv[1]])
"""
)


def measure(runs: int = 9) -> Iterator[Row]:
    """Start both in turn, so that a drift of the machine hits both, and compare the medians."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        environment |= {"QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "qt.qpa.*=false"}

        def painted(program: str) -> float:
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
            return (float(answer.stdout.split()[-1]) - begin) * 1000

        for program in (BARE, OURS):
            painted(program)
        bare, ours = [], []
        for _ in range(runs):
            bare.append(painted(BARE))
            ours.append(painted(OURS))
    ratio = statistics.median(ours) / statistics.median(bare)
    yield Row(
        "start-up: first paint",
        statistics.median(ours),
        "ms",
        f"≤ {BAR} × bare window",
        ratio <= BAR,
        f"bare window {statistics.median(bare):.0f} ms, ratio {ratio:.2f}",
    )
