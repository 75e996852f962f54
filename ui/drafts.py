"""Keeps what is typed on a screen over a restart, in the encrypted cache of this computer."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, SignalInstance

from ui.context import Context

PAUSE = 600
"""Milliseconds of rest before what was typed is written."""
LONGEST = 3000
"""Milliseconds after which it is written although somebody types on and on."""
_log = logging.getLogger(__name__)


class Drafts(QObject):
    """Writes what ``collect`` gives a moment after a signal, and gives what was kept to ``restore`` once.

    It is written at once when the window says so (``Bridge.keep``).

    Both speak plain values. A draft that cannot be read is left alone: it is a convenience, never a reason to fail.
    """

    def __init__(
        self,
        context: Context,
        key: str,
        collect: Callable[[], Any],
        restore: Callable[[Any], object],
        signals: tuple[SignalInstance, ...],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._context, self._key, self._collect, self._restore = context, key, collect, restore
        self._kept = ""
        self._unwritten = QElapsedTimer()  # since the first signal that is not written yet
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self.save)
        context.tasks.destroyed.connect(self._timer.stop)  # nobody is left to write it then
        context.bridge.keep.connect(self._now)
        for signal in signals:
            signal.connect(self._later)

        def question(connection: Any) -> str:
            from models.cache.queries.drafts import load

            return load(connection, key)

        context.read(self, question, self._take, self._not_read)

    def save(self) -> None:
        """Write the draft now, if it is another one than what is kept."""
        self._timer.stop()
        self._unwritten.invalidate()
        value = self._collect()
        text = json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
        if text == self._kept:
            return
        self._kept = text

        def change(connection: Any) -> None:
            from models.cache.queries.drafts import save

            save(connection, self._key, self._kept)  # the newest: two of these may run in any order

        self._context.note(self, change)

    def _later(self, *_values: object) -> None:
        if not self._unwritten.isValid():
            self._unwritten.start()
        elif self._unwritten.hasExpired(LONGEST - PAUSE):
            return  # the pause that runs is the last
        self._timer.start()

    def _now(self) -> None:
        if self._unwritten.isValid():
            self.save()

    def _take(self, text: str) -> None:
        self._kept = text
        if text:
            try:
                value = json.loads(text)
            except ValueError:
                return
            self._restore(value)

    def _not_read(self, error: Exception) -> None:
        _log.warning("a draft could not be read: %s", error)
