"""What was typed in the last moment before the window closes, hides, speaks another language or is left."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from pytestqt.qtbot import QtBot

from models.cache.queries.drafts import load
from models.cache.store import CacheStore
from tests.fixtures.window import make_context
from ui.context import Context
from ui.drafts import Drafts
from ui.my_data.view_model import MyData
from ui.settings.view_model import SettingsModel
from ui.shell.window import Window
from ui.tasks import Tasks


def kept(store: CacheStore, key: str = "my_data") -> str:
    """Return what is on the disk of a screen's draft."""
    return store.read(lambda connection: load(connection, key))


@pytest.fixture
def window(context: Context, open_window: Callable[[Context], Window], settle: Callable[[Context], None]) -> Window:
    """The window at the request to correct data, with something half-typed in it."""
    opened = open_window(context)
    opened.go("my_data", {"item": "area"})
    settle(context)
    model = opened.model("my_data")
    assert isinstance(model, MyData)
    model.type("proposed", "55,1")
    return opened


LEAVING: dict[str, Callable[[Window], Any]] = {
    "close": lambda window: window.close(),
    "hide": lambda window: window.hide(),
    "language": lambda window: window.switch_language("uk"),
    "colours": lambda window: window.switch_theme("dark"),
    "another program": lambda window: window._keep(Qt.ApplicationState.ApplicationInactive),
}


@pytest.mark.parametrize("way", LEAVING)
def test_what_was_typed_last_is_written_at_once(
    qtbot: QtBot, window: Window, context: Context, cabinet_store: CacheStore, way: str
) -> None:
    assert "55,1" not in kept(cabinet_store)
    LEAVING[way](window)
    assert context.tasks.wait_for_certain(60.0), "without the pause after typing"
    assert "55,1" in kept(cabinet_store)
    qtbot.waitUntil(lambda: context.tasks.closing or not context.tasks.busy)


def open_when_closing(tasks: Tasks, gate: threading.Event) -> None:
    """Open a gate as soon as the program ends, and not before."""

    def wait() -> None:
        while not tasks.closing:
            threading.Event().wait(0.01)
        gate.set()

    threading.Thread(target=wait, daemon=True).start()


def test_a_window_that_closes_writes_even_when_everything_else_is_slow(
    window: Window, context: Context, cabinet_store: CacheStore
) -> None:
    gate, owner = threading.Event(), QObject()
    asked: list[int] = []
    for _thread in range(4):
        context.tasks.ask(owner, lambda: gate.wait(60), lambda _answer: None)
    for number in range(20):
        context.tasks.ask(owner, partial(asked.append, number), lambda _answer: None)
    open_when_closing(context.tasks, gate)
    window.close()
    assert context.tasks.wait_for_certain(60.0)
    assert "55,1" in kept(cabinet_store)
    assert asked == [], "questions that had not begun are not asked any more"


def test_what_was_typed_is_written_before_the_files_are_closed(
    qtbot: QtBot, window: Window, context: Context, cabinet_store: CacheStore
) -> None:
    found: list[str] = []
    sign_out = context.entrance.sign_out

    def leave(*, force: bool = False) -> None:
        found.append(kept(cabinet_store))
        sign_out(force=force)

    context.entrance.sign_out = leave  # type: ignore[method-assign]
    model = window.model("settings")
    assert isinstance(model, SettingsModel)
    model.sign_out()
    qtbot.waitUntil(lambda: bool(found))
    assert "55,1" in found[0]
    qtbot.waitUntil(lambda: window.key == "sign_in" and not context.tasks.busy)


class Typist(QObject):
    """Somebody who types on and on."""

    typed = Signal()


def test_who_types_on_and_on_is_written_all_the_same(
    qtbot: QtBot, context: Context, cabinet_store: CacheStore, settle: Callable[[Context], None]
) -> None:
    owner, texts = Typist(), ["a"]
    drafts = Drafts(context, "story", lambda: texts[-1], texts.append, (owner.typed,), owner)
    settle(context)

    def key() -> bool:
        texts.append(texts[-1] + "a")
        owner.typed.emit()
        return bool(kept(cabinet_store, "story"))

    qtbot.waitUntil(key)
    texts.append("the end")
    owner.typed.emit()
    drafts.save()
    settle(context)
    assert kept(cabinet_store, "story") == '"the end"'


def test_a_draft_that_was_not_read_yet_is_not_written_over(
    cabinet_store: CacheStore, settle: Callable[[Context], None]
) -> None:
    from models.cache.queries.drafts import save

    with cabinet_store.write() as connection:
        save(connection, "story", '"kept"')
    context, owner = make_context(cabinet_store), Typist()
    taken: list[str] = []
    Drafts(context, "story", lambda: "what a screen begins with", taken.append, (owner.typed,), owner)
    context.bridge.keep.emit()
    settle(context)
    assert (taken, kept(cabinet_store, "story")) == (["kept"], '"kept"')
    context.tasks.close()


def test_certain_work_is_done_when_the_program_ends_and_questions_are_not(qtbot: QtBot) -> None:
    tasks, owner, gate, done = Tasks(threads=1), QObject(), threading.Event(), []
    tasks.ask(owner, lambda: gate.wait(60), lambda _answer: None)
    tasks.ask(owner, lambda: done.append("question"), lambda _answer: None)
    tasks.ask(owner, lambda: done.append("draft"), lambda _answer: None, certain=True)
    assert not tasks.wait_for_certain(0.0)
    open_when_closing(tasks, gate)
    assert tasks.close(60_000)
    assert done == ["draft"]
