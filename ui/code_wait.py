"""How long a one-time code is under way: it works, and no other is sent, for so many seconds."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from translations import n_
from ui.context import Context


class CodeWait(QObject):
    """Counts the seconds until another code may be asked for."""

    changed = Signal()

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.turn = 0
        """How many codes were sent: a field for one that was sent before is typed into anew."""
        self._until: datetime | None = None
        self._spent = False
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._tick)

    @property
    def left(self) -> int:
        """Whole seconds that are left, 0 when another code may be asked for."""
        if self._until is None:
            return 0
        return max(0, round((self._until - self._context.clock()).total_seconds()))

    @property
    def sent(self) -> bool:
        """Whether a code has been sent since the beginning."""
        return self._until is not None

    @property
    def text(self) -> str:
        """What a person reads while it counts, "" when another code may be asked for."""
        left = self.left
        if not left:
            return ""
        if self._spent:
            again = n_(
                "A new code can be asked for in {count} second.",
                "A new code can be asked for in {count} seconds.",
                left,
            )
            return again.format(count=left)
        arrives = n_("The code arrives within {count} second.", "The code arrives within {count} seconds.", left)
        return arrives.format(count=left)

    def begin(self, seconds: int) -> None:
        """Begin to count."""
        self.turn += 1
        self._spent = False
        self._until = self._context.clock() + timedelta(seconds=seconds)
        self._timer.start()
        self.changed.emit()

    def spend(self) -> None:
        """Know that the code that was sent works no more, though no other is sent yet."""
        self._spent = True
        self.changed.emit()

    def end(self) -> None:
        """Forget that a code was sent."""
        self._until, self._spent = None, False
        self._timer.stop()

    def _tick(self) -> None:
        if not self.left:
            self._timer.stop()
        self.changed.emit()
