"""Work off the GUI thread, answered on it; and news from the client, brought to it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Condition, Lock
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


class _Job:
    """A question with all that belongs to it, and then its answer.

    Whoever asked, what they asked and what they do with the answer often hold a QObject, which may end on the GUI
    thread only. So the worker holds the job and nothing of what is in it; the GUI thread empties it.
    """

    def __init__(self, asked: Asked, question: Callable[[], Any], certain: _Certain | None) -> None:
        self.asked: Asked | None = asked
        self.question: Callable[[], Any] | None = question
        self.certain = certain
        self.answer: Any = None
        self.problem: Exception | None = None

    def do(self, closing: bool) -> None:
        """Ask the question; one that nobody waits for any more is not asked, but still counted as answered."""
        assert self.asked is not None
        assert self.question is not None
        try:
            if self.certain is None and closing:
                self.asked.cancel()
            if not self.asked.cancelled:
                self.answer = self.question()
        except Exception as error:  # noqa: BLE001 - whatever fails there is told to whoever asked
            self.problem = error
        finally:
            if self.certain is not None:
                self.certain.end()

    def empty(self) -> tuple[Asked, Any, Exception | None]:
        """Return who asked, the answer and what went wrong, and let go of everything."""
        assert self.asked is not None
        found = (self.asked, self.answer, self.problem)
        self.asked = self.question = self.answer = self.problem = None
        return found


_left: Final[list[_Job]] = []
"""What was answered when nobody was there any more to take it: it must not end on the worker's thread."""


class _Work(QRunnable):
    def __init__(self, tasks: Tasks, job: _Job) -> None:
        super().__init__()
        self._tasks, self._job = tasks, job

    def run(self) -> None:
        """Override."""
        self._job.do(self._tasks.closing)
        self._tasks.hand_over(self._job)


class Tasks(QObject):
    """The only runner of slow work: disk, network, papers.

    ``failed`` is emitted with the exception when a question fails and its asker gave no ``failed`` of their own.
    """

    answered = Signal(object)
    failed = Signal(object)
    idle = Signal()

    def __init__(self, parent: QObject | None = None, threads: int = 4) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(threads)
        self._named: dict[tuple[int, str], Asked] = {}
        self._running = 0
        self._certain = _Certain()
        self._handing_over = Lock()
        self._over = False
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
        self._pool.start(_Work(self, _Job(asked, question, self._certain if certain else None)), int(certain))
        return asked

    @property
    def busy(self) -> bool:
        """Whether a question is unanswered."""
        return self._running > 0

    def close(self, milliseconds: int = 3000) -> bool:
        """Wait for running work at the end of the program; returns whether it ended in time.

        What has not ended by then is not answered any more.
        """
        self.closing = True
        in_time = self._pool.waitForDone(milliseconds)
        if not in_time:
            with self._handing_over:
                self._over = True
        return in_time

    def hand_over(self, job: _Job) -> None:
        """Bring an answer from a worker to the thread of whoever asked."""
        with self._handing_over:
            if not self._over and isValid(self):
                self.answered.emit(job)
                return
        _left.append(job)

    def wait_for_certain(self, seconds: float = 3.0) -> bool:
        """Wait, on another thread than the GUI's, until all ``certain`` work is done; returns whether it is."""
        return self._certain.wait(seconds)

    @Slot(object)
    def _answer(self, job: _Job) -> None:
        asked, answer, problem = job.empty()
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
