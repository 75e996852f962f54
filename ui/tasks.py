"""Work off the GUI thread, answered on it; and news from the client, brought to it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Condition
from typing import Any, Final, TypeVar

from PySide6.QtCore import QElapsedTimer, QObject, QRunnable, Qt, QThreadPool, QTimer, Signal, Slot
from shiboken6 import isValid

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Asked:
    """A question under way."""

    def __init__(
        self, owner: QObject, then: Callable[[Any], object], failed: Callable[[Exception], object] | None
    ) -> None:
        self._owner = owner
        self._then = then
        self._failed = failed
        self.cancelled = False

    def cancel(self) -> None:
        """Drop the answer; the work itself ends by its own."""
        self.cancelled = True

    @property
    def wanted(self) -> bool:
        """Whether anybody still waits for the answer."""
        return not self.cancelled and isValid(self._owner)


class _Certain:
    """Counts what has to be done even if the program ends now."""

    def __init__(self) -> None:
        self._open = 0
        self._changed = Condition()

    def begin(self) -> None:
        with self._changed:
            self._open += 1

    def end(self) -> None:
        with self._changed:
            self._open -= 1
            self._changed.notify_all()

    def wait(self, seconds: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: not self._open, seconds)


class _Work(QRunnable):
    def __init__(self, tasks: Tasks, asked: Asked, question: Callable[[], Any], certain: _Certain | None) -> None:
        super().__init__()
        self._tasks, self._asked, self._question, self._certain = tasks, asked, question, certain

    def run(self) -> None:
        """Override."""
        answer: Any = None
        problem: Exception | None = None
        try:
            # A question that nobody waits for any more is not asked, but still counted as answered.
            if self._certain is None and self._tasks.closing:
                self._asked.cancel()
            answer = None if self._asked.cancelled else self._question()
        except Exception as error:  # noqa: BLE001 - whatever fails there is told here
            problem = error
        finally:
            if self._certain is not None:
                self._certain.end()
        if isValid(self._tasks):
            self._tasks.answered.emit(self._asked, answer, problem)


class Tasks(QObject):
    """The only runner of slow work: disk, network, papers.

    ``failed`` is emitted with the exception when a question fails and its asker gave no ``failed`` of their own.
    """

    answered = Signal(object, object, object)
    failed = Signal(object)
    idle = Signal()

    def __init__(self, parent: QObject | None = None, threads: int = 4) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(threads)
        self._named: dict[tuple[int, str], Asked] = {}
        self._running = 0
        self._certain = _Certain()
        self.closing = False
        """Whether the program ends: questions that have not begun are not asked any more."""
        self.answered.connect(self._answer, Qt.ConnectionType.QueuedConnection)

    def ask(
        self,
        owner: QObject,
        question: Callable[[], T],
        then: Callable[[T], object],
        failed: Callable[[Exception], object] | None = None,
        *,
        name: str = "",
        certain: bool = False,
    ) -> Asked:
        """Run ``question`` in a worker thread and give its answer to ``then`` on this one.

        ``certain`` work is done even when the program ends meanwhile: something typed that is being written.

        The answer is dropped when ``owner`` is gone. Of questions of one owner with the same ``name`` only the latest
        is answered, so quick typing never shows an old answer.
        """
        asked = Asked(owner, then, failed)
        if name:
            earlier = self._named.get((id(owner), name))
            if earlier is not None:
                earlier.cancel()
            self._named[id(owner), name] = asked
        self._running += 1
        if certain:
            self._certain.begin()
        # What must be done goes before what is only read.
        self._pool.start(_Work(self, asked, question, self._certain if certain else None), int(certain))
        return asked

    @property
    def busy(self) -> bool:
        """Whether a question is unanswered."""
        return self._running > 0

    def close(self, milliseconds: int = 3000) -> bool:
        """Wait for running work at the end of the program; returns whether it ended in time."""
        self.closing = True
        return self._pool.waitForDone(milliseconds)

    def wait_for_certain(self, seconds: float = 3.0) -> bool:
        """Wait, on another thread than the GUI's, until all ``certain`` work is done; returns whether it is."""
        return self._certain.wait(seconds)

    @Slot(object, object, object)
    def _answer(self, asked: Asked, answer: Any, problem: Exception | None) -> None:
        self._running -= 1
        if self._named:
            self._named = {key: value for key, value in self._named.items() if value is not asked}
        if asked.wanted:
            if problem is None:
                asked._then(answer)
            elif asked._failed is not None:
                asked._failed(problem)
            else:
                _log.error("a task failed", exc_info=problem)
                self.failed.emit(problem)
        if not self._running:
            self.idle.emit()


_RARELY: Final = 4
"""How many pauses lie between two tellings at most."""


class Topics(QObject):
    """What changed in the cache or the outbox, merged over a moment and told on the GUI thread.

    The first news of a quiet time are told after ``milliseconds``. While they go on, as in a first exchange, the next
    ones follow after ``pause`` milliseconds and then ever more rarely, down to once in four pauses: each telling makes
    the screens read and draw, which is felt. What the person entered (``waiting``) is never held back longer than a
    pause. ``changed`` carries a frozenset of topics: names of tables, ``waiting``, ``status``.
    """

    changed = Signal(object)
    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None, milliseconds: int = 40, pause: int = 300) -> None:
        super().__init__(parent)
        self._gathered: set[str] = set()
        self._shortest, self._pause = milliseconds, max(milliseconds, pause)
        self._patience = self._pause
        self._told = QElapsedTimer()  # not started until something was told
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tell)
        self._arrived.connect(self._gather, Qt.ConnectionType.QueuedConnection)

    def publish(self, topics: frozenset[str]) -> None:
        """Take news from any thread: the listener to give to ``SyncClient.subscribe``."""
        if isValid(self):
            self._arrived.emit(topics)

    def listen(self, owner: QObject, topics: set[str] | frozenset[str], act: Callable[[], object]) -> None:
        """Call ``act`` when one of ``topics`` changed (every time when empty), until ``owner`` is gone."""

        def filtered(news: frozenset[str]) -> None:
            if not isValid(owner):
                self.changed.disconnect(filtered)
            elif not topics or topics & news:
                act()

        self.changed.connect(filtered)

    @Slot(object)
    def _gather(self, topics: frozenset[str]) -> None:
        self._gathered |= topics
        since = self._told.elapsed() if self._told.isValid() else self._pause * _RARELY
        if not self._timer.isActive():
            if since > 2 * self._patience:
                self._patience = self._pause
            self._timer.start(max(self._shortest, self._patience - since))
        if "waiting" in topics:
            soon = max(self._shortest, self._pause - since)
            if self._timer.remainingTime() > soon:
                self._timer.start(soon)

    @Slot()
    def _tell(self) -> None:
        news, self._gathered = frozenset(self._gathered), set()
        if self._told.isValid() and self._told.elapsed() <= 2 * self._patience:
            self._patience = min(2 * self._patience, _RARELY * self._pause)
        self._told.start()
        self.changed.emit(news)
