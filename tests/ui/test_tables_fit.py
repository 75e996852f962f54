"""Every table of admissions in a window of 1280 × 820 at the ordinary size of text: nothing to scroll sideways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea

from tests.fixtures.ports import MemorySettings
from tests.samples import balabaqsha
from ui import theme
from ui.context import Context
from ui.kit import Column, DataTable, Page

LANGUAGES = ("kk", "ru", "uk", "en")
Settle = Callable[[Context], None]

FAMILY: dict[str, tuple[str, dict[str, Any], Callable[[Any], object] | None]] = {
    "applications": ("applications", {}, None),
    "archive": ("applications", {}, lambda model: model.choose("archive")),
    "bulletin": ("bulletin", {}, None),
    "kindergartens": ("kindergartens", {}, None),
    "letters": ("letters", {}, None),
    "choose_place": ("choose_place", {"application_id": balabaqsha.FIRST}, None),
    "queue": ("queue", {}, lambda model: model.choose("queue")),
    "statistics": ("queue", {}, lambda model: model.choose("statistics")),
    "popular": ("queue", {}, lambda model: model.choose("popular")),
    "forecast": ("queue", {}, lambda model: model.choose("forecast")),
    "waiting_lists": ("waiting_lists", {}, None),
}
OFFICE = (
    "office_queue", "office_places", "office_rounds", "office_decisions", "office_letters", "publications", "to_act"
)  # fmt: skip
KINDERGARTEN = ("publications", "to_act", "office_places")


def tables(window: Any) -> list[DataTable]:
    return [table for table in window.findChildren(DataTable) if table.isVisible()]


def assert_fits(table: DataTable) -> None:
    name, model = table.accessibleName(), table.model()
    assert table.horizontalScrollBar().maximum() == 0, name
    metrics = QFontMetrics(theme.font(weight=QFont.Weight.DemiBold))
    for column in range(model.columnCount()):
        width = table.columnWidth(column)
        if table.isColumnHidden(column):
            continue
        title = str(model.headerData(column, Qt.Orientation.Horizontal))
        lines = title.split("\n")
        assert max(map(metrics.horizontalAdvance, lines)) + 2 * theme.grid(2) <= width + 2, (name, title)
        if table.horizontalHeader().sectionResizeMode(column) is table.horizontalHeader().ResizeMode.Fixed:
            if column_of(table, column).wraps:
                assert_whole(table, column)
            continue  # cut with an ellipsis where there is little room; read whole by pointing at it
        for row in range(model.rowCount()):
            index = model.index(row, column)
            assert table.sizeHintForIndex(index).width() <= width, (name, title, index.data())


def column_of(table: DataTable, number: int) -> Column[Any]:
    columns: tuple[Column[Any], ...] = getattr(table.source, "columns", ())
    return columns[number] if columns else Column("", str, str)


def assert_whole(table: DataTable, column: int) -> None:
    metrics, model = QFontMetrics(theme.font()), table.model()
    for row in range(model.rowCount()):
        index = model.index(row, column)
        width = table.columnWidth(column) - (table.sizeHintForIndex(index).width() - advance(metrics, index))
        needed = metrics.boundingRect(0, 0, width, 1000, Qt.TextFlag.TextWordWrap, str(index.data()))
        assert needed.height() <= table.rowHeight(row), (table.accessibleName(), index.data())


def advance(metrics: QFontMetrics, index: QModelIndex) -> int:
    return metrics.horizontalAdvance(str(index.data()))


def page_of(table: DataTable) -> Any:
    page: Any = table
    while not isinstance(page, Page):
        page = page.parentWidget()
    return page


def opened(context: Context, open_window: Callable[[Context], Any], width: int = 1280) -> Any:
    window = open_window(context)
    window.resize(width, 820)
    return window


def settled(context: Context, settle: Settle) -> None:
    settle(context)
    for _ in range(3):
        QApplication.processEvents()
    settle(context)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_parents_tables_need_no_scrolling_sideways(
    parent: Callable[..., Context], open_window: Callable[[Context], Any], settle: Settle, language: str
) -> None:
    context = parent(settings=MemorySettings(language=language))
    window = opened(context, open_window)
    window.switch_language(language)
    for name, (key, given, act) in FAMILY.items():
        window.go(key, given)
        settled(context, settle)
        if act is not None:
            act(window.model(key))
            settled(context, settle)
        found = tables(window)
        assert found or name in ("waiting_lists", "archive", "forecast"), name
        for table in found:
            assert_fits(table)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("role", "keys"), [("officer", OFFICE), ("kindergarten", KINDERGARTEN)])
def test_the_tables_of_the_department_need_no_scrolling_sideways(
    staff: Callable[..., Context],
    open_window: Callable[[Context], Any],
    settle: Settle,
    role: str,
    keys: tuple[str, ...],
    language: str,
) -> None:
    context = staff(role, settings=MemorySettings(language=language))
    window = opened(context, open_window)
    window.switch_language(language)
    for key in keys:
        window.go(key, {})
        settled(context, settle)
        found = tables(window)
        assert found, key
        for table in found:
            assert_fits(table)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_queue_has_its_filters_in_one_line_and_fills_the_page_without_scrolling_it(
    staff: Callable[..., Context], open_window: Callable[[Context], Any], settle: Settle, language: str
) -> None:
    context = staff("officer", settings=MemorySettings(language=language))
    window = opened(context, open_window)
    window.switch_language(language)
    window.go("office_queue", {})
    settled(context, settle)
    (table,) = tables(window)
    page = page_of(table)
    page.choices["state"].choose("queued")
    page.view_model.filter("state", "queued")
    QTest.qWait(50)
    settled(context, settle)
    shown = (page.search, page.choices["state"], page.choices["programme"], page.more, page.everything)
    middle = {widget.mapTo(window, widget.rect().center()).y() for widget in shown if widget.isVisible()}
    assert len([widget for widget in shown if widget.isVisible()]) == 5
    assert max(middle) - min(middle) <= 1
    (table,) = tables(window)
    area = next(one for one in page.findChildren(QScrollArea) if one.isAncestorOf(table))
    assert area.verticalScrollBar().maximum() == 0
    left = area.viewport().height() - area.widget().layout().totalSizeHint().height()
    assert left < 2 * table.verticalHeader().defaultSectionSize()


def test_the_button_of_more_filters_says_how_many_of_them_narrow_the_list(
    staff: Callable[..., Context], open_window: Callable[[Context], Any], settle: Settle
) -> None:
    context = staff("officer", settings=MemorySettings(language="en"))
    window = opened(context, open_window)
    window.switch_language("en")
    window.go("office_queue", {})
    settled(context, settle)
    (table,) = tables(window)
    page = page_of(table)
    assert page.more.text() == "More filters"
    assert not page.everything.isVisible()
    page.more.click()
    assert page.more.panel.isVisible()
    language = page.choices["language"]
    language.choose("ru")
    language.chosen.emit("ru")
    page.more.panel.close()
    settled(context, settle)
    assert page.more.text() == "More filters: 1"
    assert window.model("office_queue").wanted.language == "ru"
    page.everything.click()
    settled(context, settle)
    assert page.more.text() == "More filters"
    assert not window.model("office_queue").narrowed
