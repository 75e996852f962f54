"""Tables: what they show, sort, copy, remember and break."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

import translations
from tests.fixtures.ports import MemorySettings
from ui import theme
from ui.kit import (
    Column,
    DataTable,
    TableModel,
)
from ui.kit.table_order import alphabetic


@pytest.fixture(autouse=True)
def _english(qapp):
    translations.use("en")
    theme.apply(qapp, theme.Scheme.LIGHT, 100)


def columns():
    return [
        Column("day", lambda: "Day", lambda row: f"{row[0]:%d.%m.%Y}", sort=lambda row: row[0]),
        Column("what", lambda: "What", lambda row: row[1]),
        Column("sum", lambda: "Sum", lambda row: str(row[2]), figures=True, sort=lambda row: row[2]),
    ]


ROWS = [(date(2024, 1, 5), "Water", 900), (date(2023, 12, 5), "Drainage", 1000), (date(2024, 2, 5), "Refuse", 80)]


def test_the_table_model_keeps_the_rules_of_item_models(qtmodeltester):
    model = TableModel(columns(), ROWS)
    qtmodeltester.check(model)


@pytest.mark.parametrize("percent", [100, 150])
def test_a_text_that_would_be_cut_takes_a_second_line_while_there_is_no_room(qtbot, qapp, percent):
    theme.apply(qapp, theme.Scheme.LIGHT, percent)
    name = Column("name", lambda: "Name", lambda row: row, stretch=True, wraps=True)
    table = DataTable(
        TableModel([name], ["The kindergarten with the longest name of them all", "Amina"]), "t", label="T"
    )
    qtbot.addWidget(table)
    table.resize(1000, 300)
    table.show()
    low = table.rowHeight(1)
    assert low == theme.grid(7.5)
    assert not table.wordWrap()
    table.resize(220, 300)
    assert table.wordWrap()
    assert {table.rowHeight(row) for row in (0, 1)} == {low + table.fontMetrics().lineSpacing()}
    table.resize(1000, 300)
    assert table.rowHeight(0) == low


def test_a_table_sorts_by_value_and_copies_what_is_seen(qtbot):
    table = DataTable(TableModel(columns(), ROWS), "t", label="Rows")
    qtbot.addWidget(table)
    table.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    text = table.copy()
    assert text.splitlines() == [
        "Day\tWhat\tSum",
        "05.02.2024\tRefuse\t80",
        "05.01.2024\tWater\t900",
        "05.12.2023\tDrainage\t1000",
    ]
    assert QGuiApplication.clipboard().text() == text
    table.selectRow(0)
    assert table.copy().splitlines()[1:] == ["05.02.2024\tRefuse\t80"]
    assert table.current_row == ROWS[2]


def test_texts_stand_in_the_order_of_the_alphabet_and_of_their_numbers():
    names = ["Яна", "Әлия", "Бота", "Айша", "№14 «Ертегі»", "№2 «Балдырған»", "№101 «Айгөлек»"]
    with translations.using("kk"):
        ordered = sorted(names, key=alphabetic)
        assert (alphabetic("Бота"), 2) > (alphabetic("Бота"), 1)
    assert [name for name in ordered if name[0] != "№"] == ["Айша", "Әлия", "Бота", "Яна"]
    assert [name for name in ordered if name[0] == "№"] == ["№2 «Балдырған»", "№14 «Ертегі»", "№101 «Айгөлек»"]


def test_a_table_remembers_widths_and_sorting(qtbot):
    settings = MemorySettings()
    table = DataTable(TableModel(columns(), ROWS), "t", label="Rows", settings=settings)
    qtbot.addWidget(table)
    table.show()
    table.horizontalHeader().resizeSection(1, theme.grid(60))
    table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    again = DataTable(TableModel(columns(), ROWS), "t", label="Rows", settings=settings)
    qtbot.addWidget(again)
    assert again.horizontalHeader().sectionSize(1) == pytest.approx(theme.grid(60), abs=2)
    assert again.copy().splitlines()[1].startswith("05.02.2024")


def test_tab_leaves_a_table(qtbot):
    table = DataTable(TableModel(columns(), ROWS), "t", label="Rows")
    qtbot.addWidget(table)
    assert not table.tabKeyNavigation()


def test_twenty_thousand_rows_open_at_once(qtbot):
    table = DataTable(TableModel(columns(), ROWS * 7000), "t", label="Rows")
    qtbot.addWidget(table)
    table.show()
    assert table.model().rowCount() == 21000
    table.filter_words("refuse 05.02")
    assert table.model().rowCount() == 7000


def test_words_in_the_filter_are_found_in_any_column(qtbot):
    table = DataTable(TableModel(columns(), ROWS), "t", label="Rows")
    qtbot.addWidget(table)
    table.filter_words("dra 2023")
    assert table.model().rowCount() == 1


def test_a_table_breaks_titles_only_where_there_is_no_room(qtbot):
    columns = [Column[str](str(at), lambda: "Closing balance of the period", str, figures=True) for at in range(5)]
    table = DataTable(TableModel(columns, ["1", "2"]), "narrow", label="narrow")
    qtbot.addWidget(table)
    table.fit_height()
    table.resize(1600, 300)
    table.show()
    across = Qt.Orientation.Horizontal
    high = table.height()
    assert table.model().headerData(0, across) == "Closing balance of the period"
    table.resize(700, 300)
    assert table.model().headerData(0, across) == "Closing balance\nof the period"
    assert table.model().headerData(0, across, Qt.ItemDataRole.AccessibleTextRole) == "Closing balance of the period"
    assert table.height() > high
    assert table.copy(whole=True).startswith("Closing balance of the period\t")
