"""Cycles with Qt objects in them are collected on the GUI thread, whoever allocates."""

from __future__ import annotations

import gc
import threading
from typing import Any

from PySide6.QtCore import QObject, QTimer

from ui.collector import MANY, Collector


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
    gc.collect()  # what tests before this one left young would make the collector wait longer than this test does
    collector = Collector()
    try:
        Knot()
        keep = [[] for _ in range(MANY // 2)]
        qtbot.waitUntil(lambda: bool(Knot.gone))
        assert keep
    finally:
        collector.stop()
        gc.disable()


def test_rows_on_their_way_are_not_looked_at_but_garbage_among_them_goes_in_the_end(qtbot: Any) -> None:
    Knot.gone.clear()
    gc.collect()
    collector = Collector()
    collector._timer.stop()
    try:
        rows = [[] for _ in range(MANY * 2)]
        Knot()
        collector.collect()
        assert Knot.gone == []
        del rows[MANY // 2 :]
        collector.collect()
        assert len(Knot.gone) == 1
        rows += [[] for _ in range(MANY * 2)]
        Knot()
        collector.collect()
        assert len(Knot.gone) == 1
        collector._longest_ms = 1
        qtbot.wait(3)
        collector.collect()
        assert len(Knot.gone) == 2
    finally:
        collector.stop()
        gc.disable()


def test_what_is_kept_costs_nothing_and_is_collected_when_its_person_left(qtbot: Any) -> None:
    Knot.gone.clear()
    collector = Collector()
    collector._timer.stop()
    try:
        Knot()
        collector.keep()
        assert len(gc.get_objects()) < 1000
        gc.collect()
        assert Knot.gone == []
        collector.release()
        assert len(Knot.gone) == 1
    finally:
        collector.stop()
        gc.disable()
