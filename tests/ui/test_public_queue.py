"""The public queue on the screen: the rows that are shown are those that were asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest
from pytestqt.qtbot import QtBot

from tests.fixtures.family import WireFamilies
from tests.fixtures.ports import Failed
from tests.ui.looking import said_and_offered
from tests.ui.resident import english
from ui.context import Context
from ui.kit import IconButton
from ui.queue.view import QueueView
from ui.queue.view_model import Queue

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")
Settle = Callable[[Context], None]
Opened = tuple[Queue, QueueView, Context]


@pytest.fixture
def queue(parent: Callable[..., Context], settle: Settle, qtbot: QtBot) -> Opened:
    context = parent()
    model = Queue(context)
    settle(context)
    model.visited()
    view = QueueView(model)
    qtbot.addWidget(view)
    view.show()
    settle(context)
    return model, view, context


def families(context: Context) -> WireFamilies:
    found: Any = context.families
    return cast(WireFamilies, found)


def shows_a_table(view: QueueView) -> bool:
    return view.table is not None


def asked(context: Context) -> list[dict[str, Any]]:
    return [values[1] for name, values in families(context).calls if name == "queue"]


def test_a_filter_that_is_set_while_another_page_comes_is_asked_for_too(queue: Opened, settle: Settle) -> None:
    model, _view, context = queue
    model.filter(year=2020)
    assert model.busy
    model.filter(language="ru")
    settle(context)
    assert asked(context)[-1]["language"] == "ru"
    assert asked(context)[-1]["birth_year"] == 2020
    assert model.current


def test_a_filter_that_is_set_elsewhere_counts_when_one_returns_to_the_queue(queue: Opened, settle: Settle) -> None:
    model, _view, context = queue
    model.choose("statistics")
    model.filter(language="ru")
    settle(context)
    assert "language" not in asked(context)[-1]
    model.choose("queue")
    settle(context)
    assert asked(context)[-1]["language"] == "ru"


def test_rows_of_other_filters_are_not_shown_where_theirs_could_not_be_fetched(queue: Opened, settle: Settle) -> None:
    model, view, context = queue
    assert shows_a_table(view)
    families(context).fail = Failed("offline", direct=1)
    model.filter(language="ru")
    settle(context)
    assert not shows_a_table(view)
    assert "Try again" in said_and_offered(view)
    assert "what you chose now was not looked at before" in said_and_offered(view)
    model.filter(language="")
    settle(context)
    assert shows_a_table(view)  # the page that was seen before
    assert "was not looked at before" not in said_and_offered(view)
    families(context).fail = None


def test_each_page_that_was_seen_stays_readable_without_a_line(queue: Opened, settle: Settle) -> None:
    model, view, context = queue
    model.filter(language="ru")
    settle(context)
    families(context).fail = Failed("offline", direct=1)
    for language in ("", "ru"):
        model.filter(language=language)
        settle(context)
        assert shows_a_table(view)
        assert model.current is (language == "ru"), "the last one fetched is as new as it was"
        assert ("This is the page that you saw last" in said_and_offered(view)) is not model.current
        assert "Try again" in said_and_offered(view)
    families(context).fail = None


def test_statistics_that_no_filter_leaves_are_not_said_to_be_unpublished(queue: Opened, settle: Settle) -> None:
    model, view, context = queue
    model.choose("statistics")
    model.filter(year=1999)
    settle(context)
    assert "Nothing suits these filters." in said_and_offered(view)
    assert "published no statistics" not in said_and_offered(view)


def test_nobody_is_counted_twice_in_the_sums_of_the_statistics(queue: Opened, settle: Settle) -> None:
    model, view, context = queue
    model.choose("statistics")
    settle(context)
    assert len({row.language for row in model.rows}) > 1
    assert (model.waiting_together, model.free_together) == (None, None)
    assert "Choose a language to see how many wait together" in said_and_offered(view)
    language, year = model.rows[0].language, model.rows[0].birth_year
    model.filter(language=language, year=year)
    assert model.waiting_together == sum(
        row.queued for row in model.statistics if (row.language, row.birth_year) == (language, year)
    )
    assert model.free_together is not None
    assert "Choose a language" not in said_and_offered(view)


def test_news_leave_the_cursor_in_its_row_of_the_queue(queue: Opened, settle: Settle, qtbot: QtBot) -> None:
    model, view, context = queue
    view.activateWindow()
    assert view.table is not None
    before = view.table
    before.setFocus()
    before.setCurrentIndex(before.model().index(5, 0))
    qtbot.waitUntil(before.hasFocus)
    model.fetch()
    settle(context)
    assert view.table is not before
    qtbot.waitUntil(lambda: view.table is not None and view.table.hasFocus())
    assert view.table.currentIndex().row() == 5


def test_reading_again_what_is_the_same_tells_nobody(queue: Opened, settle: Settle) -> None:
    model, _view, context = queue
    told: list[None] = []
    model.home.state_changed.connect(lambda: told.append(None))
    model.home.refresh()
    settle(context)
    assert told == []


def test_the_cursor_stays_at_the_button_by_which_pages_are_turned(queue: Opened, settle: Settle, qtbot: QtBot) -> None:
    model, view, context = queue

    def turns() -> IconButton:
        found = [one for one in view.findChildren(IconButton) if one.accessibleName() == "Next page"]
        return found[-1]

    view.activateWindow()
    turns().setFocus()
    qtbot.waitUntil(turns().hasFocus)
    model.turn(1)
    assert not turns().isEnabled()  # while a page comes
    settle(context)
    qtbot.waitUntil(lambda: turns().hasFocus())
