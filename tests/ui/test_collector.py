"""Cycles with Qt objects in them are collected on the GUI thread, whoever allocates."""

from __future__ import annotations

import gc
import threading
from typing import Any

from PySide6.QtCore import QObject, QTimer

from ui.collector import Collector


class Knot(QObject):
    """A cycle with a running timer in it; tells on which thread it went."""

    gone: list[int] = []  # noqa: RUF012 - shared by the test on purpose

    def __init__(self) -> None:
        super().__init__()
        self.me = self
        self.timer = QTimer(self)
        self.timer.start(1000)

    def __del__(self) -> None:
        self.gone.append(threading.get_ident())


def test_a_worker_that_allocates_much_collects_no_qt_object(qtbot: Any) -> None:
    Knot.gone.clear()
    collector = Collector()
    try:
        Knot()
        worker = threading.Thread(target=lambda: [[] for _ in range(200_000)])
        worker.start()
        worker.join()
        assert Knot.gone == []
        gc.collect()
        assert set(Knot.gone) == {threading.get_ident()}
    finally:
        collector.stop()
        gc.disable()


def test_the_collector_collects_by_itself(qtbot: Any) -> None:
    Knot.gone.clear()
    collector = Collector()
    try:
        Knot()
        keep = [[] for _ in range(100_000)]
        qtbot.waitUntil(lambda: bool(Knot.gone), timeout=5000)
        assert keep
    finally:
        collector.stop()
        gc.disable()
