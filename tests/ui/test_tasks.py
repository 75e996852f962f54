"""Work off the GUI thread, and news brought to it."""

from __future__ import annotations

import threading
from itertools import pairwise

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QObject, Qt

from ui import tasks as tasks_module
from ui.tasks import Tasks, Topics


def test_an_answer_comes_back_on_the_gui_thread(qtbot):
    tasks, owner, seen = Tasks(), QObject(), []
    tasks.ask(owner, threading.get_ident, lambda worker: seen.append((worker, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(seen))
    worker, here = seen[0]
    assert worker != here == threading.get_ident()
    tasks.close()


def test_an_answer_is_dropped_when_its_asker_is_gone(qtbot):
    tasks, owner, seen, gate = Tasks(), QObject(), [], threading.Event()
    tasks.ask(owner, lambda: gate.wait(60), seen.append)
    owner.deleteLater()
    qtbot.waitSignal(owner.destroyed).wait()
    gate.set()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert seen == []
    tasks.close()


def test_only_the_latest_question_of_a_name_is_answered(qtbot):
    tasks, owner, seen, gate = Tasks(), QObject(), [], threading.Event()
    tasks.ask(owner, lambda: gate.wait(60) and "old", seen.append, name="search")
    tasks.ask(owner, lambda: "new", seen.append, name="search")
    gate.set()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert seen == ["new"]
    tasks.close()


def test_a_failure_nobody_waits_for_is_told_once(qtbot):
    tasks, owner = Tasks(), QObject()
    with qtbot.waitSignal(tasks.failed) as told:
        tasks.ask(owner, lambda: 1 / 0, lambda _answer: None)
    assert isinstance(told.args[0], ZeroDivisionError)
    tasks.close()


def test_a_failure_goes_to_its_asker(qtbot):
    tasks, owner, seen = Tasks(), QObject(), []
    tasks.ask(owner, lambda: 1 / 0, lambda _answer: None, seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert isinstance(seen[0], ZeroDivisionError)
    tasks.close()


def test_what_asked_ends_on_the_gui_thread_however_late_the_worker_is(qtbot):
    ended, seen, late = [], [], threading.Event()

    class Owner(QObject):
        def question(self):
            return "answer"

        def take(self, answer):
            seen.append(answer)

        def __del__(self):
            ended.append(threading.get_ident())

    tasks = Tasks()
    # The worker goes on only when the answer has been taken, so it would be the last to hold whoever asked.
    tasks.answered.connect(lambda _job: late.wait(60), Qt.ConnectionType.DirectConnection)
    tasks.ask(owner := Owner(), owner.question, owner.take)
    del owner
    qtbot.waitUntil(lambda: bool(seen))
    late.set()
    assert tasks.close(60_000)
    assert ended == [threading.get_ident()]


def test_what_is_answered_after_the_end_is_kept_from_ending_on_the_worker(qtbot):
    ended, gate = [], threading.Event()

    class Owner(QObject):
        def question(self):
            return gate.wait(60)

        def __del__(self):
            ended.append(threading.get_ident())

    tasks, before = Tasks(), len(tasks_module._left)
    tasks.ask(owner := Owner(), owner.question, lambda _answer: None)
    del owner
    assert not tasks.close(0)
    gate.set()
    assert tasks.close(60_000)
    assert ended == []
    assert len(tasks_module._left) == before + 1
    del tasks_module._left[before:]
    assert ended == [threading.get_ident()]


def test_a_burst_of_news_is_told_once(qtbot):
    topics, seen = Topics(milliseconds=5), []
    topics.changed.connect(seen.append)

    def publish():
        for number in range(50):
            topics.publish(frozenset({f"table{number % 3}"}))

    with qtbot.waitSignal(topics.changed):
        thread = threading.Thread(target=publish)
        thread.start()
        thread.join()
    assert len(seen) <= 2
    assert frozenset().union(*seen) == {"table0", "table1", "table2"}


def test_news_that_go_on_are_told_at_longer_intervals(qtbot):
    topics, told = Topics(milliseconds=1, pause=120), []
    clock = QElapsedTimer()
    clock.start()
    topics.changed.connect(lambda _news: told.append(clock.elapsed()))
    while len(told) < 3:
        topics.publish(frozenset({"entry"}))
        qtbot.wait(2)
    assert all(later - earlier >= 110 for earlier, later in pairwise(told))


def test_news_without_end_are_told_ever_more_rarely_but_what_was_entered_is_not_held_back(qtbot):
    topics, told = Topics(milliseconds=1, pause=150), []
    clock = QElapsedTimer()
    clock.start()
    topics.changed.connect(lambda news: told.append((clock.elapsed(), news)))
    # Four pauses, and what a coarse timer may take from them.
    while len(told) < 2 or told[-1][0] - told[-2][0] < 540:
        topics.publish(frozenset({"entry"}))
        qtbot.wait(2)
    before = len(told)
    topics.publish(frozenset({"entry"}))
    topics.publish(frozenset({"waiting"}))
    QCoreApplication.processEvents()
    assert len(told) > before or topics._timer.remainingTime() <= 300
    qtbot.waitUntil(lambda: len(told) > before)
    assert "waiting" in told[before][1]


def test_a_listener_hears_only_its_topics_and_stops_with_its_owner(qtbot):
    topics, owner, heard = Topics(milliseconds=1), QObject(), []
    topics.listen(owner, {"entry"}, lambda: heard.append(1))
    with qtbot.waitSignal(topics.changed):
        topics.publish(frozenset({"meter"}))
    with qtbot.waitSignal(topics.changed):
        topics.publish(frozenset({"entry", "meter"}))
    assert heard == [1]
    owner.deleteLater()
    qtbot.waitSignal(owner.destroyed).wait()
    with qtbot.waitSignal(topics.changed):
        topics.publish(frozenset({"entry"}))
    assert heard == [1]
