"""Garbage is collected on the GUI thread only, and in portions that nobody notices.

Python may collect cycles on whichever thread allocates, and a cycle that holds widgets or timers must not end on
a worker's: Qt complains, and now and then the program dies. So automatic collection is off while a window lives,
and this object collects on its own thread by the same thresholds.

A collection stops every thread for as long as there are young objects to look at: 30 ms for the rows of an exchange
under way or for modules just imported, neither of which is garbage. So it waits while there are many, but not for
ever, and :meth:`Collector.keep` takes out of the count what came to stay.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QElapsedTimer, QObject, QTimer

EVERY_MS: Final = 200
MANY: Final = 10_000
"""Young objects that are looked at in some 3 ms."""
LONGEST_MS: Final = 10_000
"""How long collecting waits while there are many: their garbage must not grow without end."""


class Collector(QObject):
    """Collects as Python would, from a timer of the thread that made it, until :meth:`stop`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._since = QElapsedTimer()
        self._since.start()
        self._longest_ms = LONGEST_MS
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collect the oldest generation that is due, with those younger than it, or wait while that would be felt."""
        count = gc.get_count()
        due = [number > limit for number, limit in zip(count, gc.get_threshold(), strict=True)]
        if not any(due) or (count[0] > MANY and not self._since.hasExpired(self._longest_ms)):
            return
        gc.collect(max(generation for generation in (0, 1, 2) if due[generation]))
        self._since.start()

    def keep(self) -> None:
        """Look no more at what exists now: called when modules and screens that stay were just loaded.

        Nothing is lost by it but cycles among these that end later; :meth:`release` collects them too.
        """
        gc.freeze()

    def release(self) -> None:
        """Look at everything again: called when a person has left, so that nothing of theirs stays."""
        gc.unfreeze()
        gc.collect()
        self._since.start()

    def stop(self) -> None:
        """Give collection back to Python."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
