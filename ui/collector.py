"""Garbage is collected on the GUI thread only.

Python may collect cycles on whichever thread allocates, and a cycle that holds widgets or timers must not end on
a worker's: Qt complains, and now and then the program dies. So automatic collection is off while a window lives,
and this object collects on its own thread by the same thresholds.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 400


class Collector(QObject):
    """Collects as Python would, from a timer of the thread that made it, until :meth:`stop`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collect the oldest generation that is due, with those younger than it."""
        due = [count > limit for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        for generation in (2, 1, 0):
            if due[generation]:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Give collection back to Python."""
        self._timer.stop()
        gc.enable()
