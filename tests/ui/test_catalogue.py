"""What pages of things on offer have in common: filters, the question in the card, Escape, an empty department."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

import translations
from models.domain.admissions.states import State
from tests.fixtures.family import FamilyClient
from tests.samples import balabaqsha as sample
from ui.context import Context
from ui.kit.page import State as Shown
from ui.shell.screens import screen

KEYS = ("bulletin", "choose_place", "kindergartens")
Settle = Callable[[Context], None]


@pytest.fixture
def opened(parent: Callable[..., Context], settle: Settle, qtbot: QtBot) -> Callable[..., tuple[Any, Any]]:
    """Return a function that opens one of these pages."""
    translations.use("en")

    def make(key: str, **rest: Any) -> tuple[Any, Any]:
        context = parent(State.VOUCHER_ACTIVE, **rest)
        model: Any
        model, build = screen(key).make(context)
        settle(context)
        model.visited()
        settle(context)
        view: Any = build()
        qtbot.addWidget(view)
        view.resize(1000, 700)
        view.show()
        view.activateWindow()
        qtbot.waitUntil(view.isActiveWindow)
        settle(context)
        return model, view

    return make


@pytest.mark.parametrize("key", KEYS)
def test_the_first_row_is_looked_at_and_words_narrow_the_table(opened: Callable[..., Any], key: str) -> None:
    model, view = opened(key)
    assert view.state is Shown.CONTENT
    assert model.row == model.rows[0]
    view.search.textEdited.emit("амина")
    assert {row.organisation.name for row in named(model.rows)} == {"Амина"}
    assert model.row == model.rows[0]
    assert view.search.text() == "амина"
    view.search.textEdited.emit("nowhere")
    assert any(label.text() == "Nothing suits these filters." for label in view.card.findChildren(QLabel))


def named(rows: list[Any]) -> list[Any]:
    return [getattr(row, "offer", row) for row in rows]


def test_the_question_of_a_place_takes_the_cursor_and_escape_gives_it_back(
    opened: Callable[..., Any], qtbot: QtBot
) -> None:
    client = FamilyClient()
    client.now = sample.NOW + timedelta(hours=3, minutes=20)
    model, view = opened("bulletin", client=client)
    view.table.choose(next(at for at, row in enumerate(model.rows) if row.item.id == 802))
    view.apply.click()
    qtbot.waitUntil(view.yes.hasFocus)
    QTest.keyClick(view.yes, Qt.Key.Key_Escape)
    assert not model.asking
    assert view.table.hasFocus()


@pytest.mark.parametrize("key", ["choose_place", "kindergartens"])
def test_without_kindergartens_the_page_says_so_instead_of_an_empty_table(opened: Callable[..., Any], key: str) -> None:
    rows = [sample.department(), sample.person(), *sample.localities(), *sample.rules()]
    _model, view = opened(key, rows=rows)
    assert view.state is Shown.EMPTY
