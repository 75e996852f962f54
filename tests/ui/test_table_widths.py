"""How a table shares its room: plain figures first, then the same on a table that is drawn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

import translations
from tests.fixtures.ports import MemorySettings
from ui.kit import Column, DataTable, TableModel
from ui.kit.table_widths import Wish, share

TEXT = Wish(300, 60, 60, narrowest=40, stretch=True, comfort=200, least=120, floor=120)
FIGURE = Wish(80, 70, 70, narrowest=40)
LONG_TITLE = Wish(50, 180, 100, narrowest=40)


def test_with_much_room_nothing_is_cut_and_the_stretching_column_takes_the_rest() -> None:
    shares = share({0: TEXT, 1: FIGURE, 2: LONG_TITLE}, 1000, 12)
    assert shares.widths == {0: 1000 - 92 - 192, 1: 92, 2: 192}
    assert (shares.broken, shares.left_out) == (frozenset(), frozenset())


def test_a_long_heading_stands_on_two_lines_before_a_text_is_cut() -> None:
    shares = share({0: TEXT, 1: FIGURE, 2: LONG_TITLE}, 400, 12)
    assert shares.broken == {2}
    assert shares.widths == {0: 220, 1: 80, 2: 100}


def test_a_long_text_is_cut_before_a_column_is_left_out() -> None:
    shares = share({0: TEXT, 1: FIGURE, 2: Wish(80, 70, 70, spare=1)}, 290, 12)
    assert shares.widths == {0: 130, 1: 80, 2: 80}
    assert not shares.left_out


def test_columns_are_left_out_in_their_order_and_no_more_of_them_than_needed() -> None:
    columns = {0: TEXT, 1: Wish(80, 70, 70, spare=1), 2: Wish(80, 70, 70, spare=3), 3: Wish(80, 70, 70, spare=2)}
    assert share(columns, 350, 12).left_out == {2}
    assert share(columns, 270, 12).left_out == {2, 3}
    assert share(columns, 130, 12).left_out == {1, 2, 3}
    assert share(columns, 130, 12).widths == {0: 130}


def test_texts_are_cut_short_before_the_table_scrolls() -> None:
    text = replace(TEXT, floor=70)
    shares = share({0: text, 1: FIGURE, 2: Wish(80, 70, 70, spare=1)}, 170, 12)
    assert shares.widths == {0: 90, 1: 80}
    assert share({0: text, 1: FIGURE}, 100, 12).widths == {0: 70, 1: 80}


def test_what_cannot_be_left_out_is_scrolled() -> None:
    shares = share({0: TEXT, 1: FIGURE}, 100, 12)
    assert shares.widths == {0: 120, 1: 80}


def test_a_width_that_a_person_chose_stays() -> None:
    shares = share({0: TEXT, 1: Wish(80, 70, 70, given=150, spare=1)}, 600, 12)
    assert shares.widths == {0: 450, 1: 150}


def test_sorting_by_a_column_throws_none_out() -> None:
    titles = {at: Wish(30, 90, 90, arrow=20, narrowest=20, spare=at) for at in range(4)}
    for room in range(200, 400, 5):
        before = share(titles, room, 0).left_out
        for at in titles:
            if at not in before:
                told = Wish(30, 90, 90, narrowest=20, spare=at)
                assert share({**titles, at: told}, room, 0).left_out == before


@pytest.mark.parametrize("room", range(150, 900, 37))
def test_the_room_is_used_to_the_last_pixel(room: int) -> None:
    columns = {0: TEXT, 1: TEXT, 2: Wish(80, 70, 70, spare=1), 3: Wish(50, 180, 100, arrow=18, spare=2)}
    shares = share(columns, room, 12)
    assert sum(shares.widths.values()) == max(room, 240)


def columns() -> list[Column[tuple[str, ...]]]:
    return [
        Column("name", lambda: "Name", lambda row: row[0], stretch=True, least=20),
        Column("kind", lambda: "Kind", lambda row: row[1], hint=lambda row: f"about {row[1]}"),
        Column("town", lambda: "Town", lambda row: row[2], spare=1),
        Column("phone", lambda: "Telephone", lambda row: row[3], spare=2),
    ]


ROWS = [("A kindergarten with an uncommonly long name of its own", "Nursery", "Kökshetau", "+7 7162 31-07-70")] * 3


@pytest.fixture
def table(qtbot: QtBot) -> DataTable:
    translations.use("en")
    made = DataTable(TableModel(columns(), ROWS), "places", label="Places", settings=MemorySettings())
    qtbot.addWidget(made)
    made.resize(900, 200)
    made.show()
    return made


def shown(table: DataTable) -> list[str]:
    return [column.key for at, column in enumerate(columns()) if not table.isColumnHidden(at)]


def test_a_narrow_table_leaves_columns_out_and_brings_them_back(table: DataTable) -> None:
    assert shown(table) == ["name", "kind", "town", "phone"]
    table.resize(300, 200)
    assert shown(table) == ["name", "kind", "town"]
    assert table.horizontalScrollBar().maximum() == 0
    table.resize(200, 200)
    assert shown(table) == ["name", "kind"]
    table.resize(900, 200)
    assert shown(table) == ["name", "kind", "town", "phone"]


def test_what_is_cut_is_read_whole_by_pointing_and_by_a_screen_reader(table: DataTable) -> None:
    name, kind = table.model().index(0, 0), table.model().index(0, 1)
    assert table.whole_text(name) == ""
    table.resize(300, 200)
    assert table.whole_text(name) == ROWS[0][0]
    assert table.whole_text(kind) == "about Nursery"
    assert name.data(Qt.ItemDataRole.AccessibleTextRole) == ROWS[0][0]


def test_a_column_that_is_asked_for_is_shown_however_little_room_there_is(table: DataTable) -> None:
    table.resize(300, 200)
    table.columns_menu.aboutToShow.emit()
    acts: dict[str, Any] = {act.text(): act for act in table.columns_menu.actions()}
    assert [text for text, act in acts.items() if act.isChecked()] == ["Name", "Kind", "Town"]
    acts["Telephone"].trigger()
    acts["Town"].trigger()
    assert shown(table) == ["name", "kind", "phone"]
    again = DataTable(TableModel(columns(), ROWS), "places", label="Places", settings=table._settings, parent=table)
    assert shown(again) == ["name", "kind", "phone"]
    acts["&Usual columns and widths"].trigger()
    assert shown(table) == ["name", "kind", "town"]


def test_what_only_the_window_leaves_out_is_copied_and_what_a_person_hid_is_not(table: DataTable) -> None:
    table.resize(300, 200)
    assert table.copy().splitlines()[0] == "Name\tKind\tTown\tTelephone"
    table.show_column(1, False)
    assert table.copy().splitlines()[0] == "Name\tTown\tTelephone"


def test_the_last_column_cannot_be_hidden(table: DataTable) -> None:
    for at in (1, 2, 3):
        table.show_column(at, False)
    table.columns_menu.aboutToShow.emit()
    assert [act.text() for act in table.columns_menu.actions() if act.isChecked() and act.isEnabled()] == []


def test_pulling_a_column_wider_takes_from_the_one_that_stretches(table: DataTable) -> None:
    before = table.columnWidth(0)
    table.horizontalHeader().resizeSection(1, table.columnWidth(1) + 50)
    assert table.columnWidth(0) < before
    assert table.horizontalScrollBar().maximum() == 0
