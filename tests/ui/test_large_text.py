"""Text of 150 % in a window of 1280 × 800: the rail of icons is whole, and names are whole beside an open card."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QScrollArea

from tests.fixtures.ports import MemorySettings
from tests.samples import balabaqsha
from tests.ui.test_tables_fit import Settle, settled, tables
from ui.context import Context

LARGE = 150
OpenWindow = Callable[[Context], Any]


def opened(context: Context, open_window: OpenWindow, height: int = 800) -> Any:
    window = open_window(context)
    window.resize(1280, height)
    return window


def bar(window: Any) -> Any:
    for _ in range(3):
        QApplication.processEvents()
    return window.frame_.rail.findChild(QScrollArea).verticalScrollBar()


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_an_officers_rail_of_icons_needs_no_scroll_bar(
    staff: Callable[..., Context], open_window: OpenWindow, settle: Settle, language: str
) -> None:
    window = opened(staff(settings=MemorySettings(language=language, text_size=LARGE)), open_window)
    settle(window.context)
    assert len(window.frame_.rail.buttons) > 10
    assert bar(window).maximum() == 0


def test_a_rail_that_has_to_scroll_gives_the_bar_its_own_place(
    staff: Callable[..., Context], open_window: OpenWindow, settle: Settle
) -> None:
    window = opened(staff(settings=MemorySettings(language="ru", text_size=LARGE)), open_window)
    settle(window.context)
    bar(window)
    icons = {key: button.width() for key, button in window.frame_.rail.buttons.items()}
    window.resize(1280, 560)
    assert bar(window).maximum() > 0
    assert {key: button.width() for key, button in window.frame_.rail.buttons.items()} == icons


@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize("key", ["kindergartens", "choose_place"])
def test_names_are_whole_beside_the_open_card(
    parent: Callable[..., Context], open_window: OpenWindow, settle: Settle, key: str, language: str
) -> None:
    context = parent(settings=MemorySettings(language=language, text_size=LARGE))
    window = opened(context, open_window)
    window.switch_language(language)
    window.go(key, {"application_id": balabaqsha.FIRST} if key == "choose_place" else {})
    settled(context, settle)
    (table,) = tables(window)
    assert table.horizontalScrollBar().maximum() == 0
    for row in range(table.model().rowCount()):
        index = table.model().index(row, 0)
        assert table.sizeHintForIndex(index).width() <= table.columnWidth(0), index.data()
