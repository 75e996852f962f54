"""The four tables of the cabinet, exactly as the seed has them, and what is marked in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.qtbot import QtBot

import translations
from models.domain.period import Month
from tests.samples import UK_DRAINAGE, WATER, sample_view_uk
from tests.ui.resident import World, english, unnamed, world
from ui.accounts.table_model import charged_model, consumption_model, payment_model, state_model
from ui.accounts.view import AccountsPage
from ui.accounts.view_model import AccountsModel, Tab
from ui.kit import TableModel
from ui.kit.table import DataTable

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")


def page_of(qtbot: QtBot, here: World) -> AccountsPage:
    page = AccountsPage(here.context, AccountsModel(here.cabinet, here.context.clock))
    page.resize(1100, 900)
    qtbot.addWidget(page)
    page.show()
    return page


def ukrainian(qtbot: QtBot) -> AccountsPage:
    translations.use("uk")
    return page_of(qtbot, world([sample_view_uk()]))


def heads(page: AccountsPage, tab: Tab) -> list[str]:
    model = page.models[tab]
    return [model.headerData(at, Qt.Orientation.Horizontal) for at in range(model.columnCount())]


def cells(page: AccountsPage, tab: Tab, row: int) -> list[str]:
    model = page.models[tab]
    return [
        str(model.index(row, at).data()).replace("\u00a0", " ").replace("\u2212", "-")
        for at in range(model.columnCount())
    ]


def test_the_tabs_and_columns_are_those_of_the_seed(qtbot: QtBot) -> None:
    page = ukrainian(qtbot)
    assert [page.tabs.tabText(at) for at in range(4)] == ["Стан рахунків", "Послуги", "Оплата", "Споживання"]
    assert heads(page, Tab.STATE) == [
        "Період", "Тариф", "Нараховано", "Пеня", "Корекція", "Абон. плата", "Сплачено", "Сальдо на кінець",
    ]  # fmt: skip
    assert heads(page, Tab.SERVICES) == ["Назва", "Період", "Тариф", "Нараховано", "Кількість мешканців"]
    assert heads(page, Tab.PAYMENTS) == ["Дата", "Сума", "Спосіб оплати", "Призначення платежу"]
    assert heads(page, Tab.CONSUMPTION) == [
        "Назва послуги", "Модель лічильника", "№ лічильника", "Одиниці виміру", "Дата показань", "Показання",
        "Спожито за період",
    ]  # fmt: skip


def test_the_title_is_the_service_and_the_account(qtbot: QtBot) -> None:
    assert ukrainian(qtbot).heading.text() == "ВОДОПОСТАЧАННЯ (О/Р: 101)"


def test_a_month_reads_as_in_the_seed_newest_first_with_dashes_for_nothing(qtbot: QtBot) -> None:
    page = ukrainian(qtbot)
    rows = [cells(page, Tab.STATE, at) for at in range(page.models[Tab.STATE].rowCount())]
    april = next(row for row in rows if row[0] == "квітень 2019")
    assert april == ["квітень 2019", "13,21 грн", "48,90 грн", "-", "-", "-", "124,93 грн", "-1 366,52 грн"]
    months = [row.row.month for row in page.models[Tab.STATE].rows]
    assert months == sorted(months, reverse=True)


def test_services_payments_and_consumption_read_as_in_the_seed(qtbot: QtBot) -> None:
    page = ukrainian(qtbot)
    page.cabinet.choose_service(UK_DRAINAGE)
    rows = [cells(page, Tab.SERVICES, at) for at in range(page.models[Tab.SERVICES].rowCount())]
    assert ["Водовідведення по лічильнику", "лютий 2023", "30,40 грн", "200,20 грн", "2"] in rows
    assert ["Водовідведення, абонентська плата", "лютий 2023", "15,00 грн", "15,00 грн", "-"] in rows
    assert cells(page, Tab.PAYMENTS, 0)[:3] == ["12.03.2023", "130,62 грн", "картка"]
    page.cabinet.choose_service(page.cabinet.view.services[0].id)  # type: ignore[union-attr]
    consumption = [cells(page, Tab.CONSUMPTION, at) for at in range(page.models[Tab.CONSUMPTION].rowCount())]
    assert any(row[1:3] == ["НІК 2102", "032264"] and row[5:] == ["51466357", "452"] for row in consumption)


def test_a_closing_balance_that_does_not_follow_is_marked_in_glyph_hint_and_speech(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_uk()]))
    model = page.models[Tab.STATE]
    row = next(at for at, line in enumerate(model.rows) if line.row.month == Month(2019, 4))
    index = model.index(row, 7)
    assert index.data(Qt.ItemDataRole.DecorationRole) is not None
    assert "does not follow" in index.data(Qt.ItemDataRole.ToolTipRole)
    assert "does not follow" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert page.note.label.text().startswith("10 closing balances")
    page.show_tab(Tab.PAYMENTS)
    assert page.note.label.text() == ""


def test_the_first_month_and_months_that_follow_are_not_marked(qtbot: QtBot) -> None:
    model = page_of(qtbot, world([sample_view_uk()])).models[Tab.STATE]
    row = next(at for at, line in enumerate(model.rows) if line.row.month == Month(2018, 6))
    assert model.index(row, 7).data(Qt.ItemDataRole.DecorationRole) is None


def test_the_service_switch_and_the_year_change_tables_and_charts(qtbot: QtBot) -> None:
    here = world()
    page = page_of(qtbot, here)
    page.view_model.choose_year(2023)
    assert page.chart.chart.table()[1][1] == "493.92"
    assert page.consumption_chart.chart.table()[1][1] == "9.80"
    qtbot.mouseClick(list(page.services.buttons.values())[1], Qt.MouseButton.LeftButton)
    assert page.chart.chart.table()[1][1] == "428.06"
    assert page.heading.text() == "DRAINAGE (account 123456)"


def test_drainage_shows_the_meter_its_volume_comes_from(qtbot: QtBot) -> None:
    here = world()
    page = page_of(qtbot, here)
    here.cabinet.choose_service(here.views[0].services[1].id)
    assert {line.row.service_id for line in page.models[Tab.CONSUMPTION].rows} == {WATER}


def test_a_table_without_rows_says_so(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_uk()]))
    page.cabinet.choose_service(page.cabinet.view.services[2].id)  # type: ignore[union-attr]
    page.show_tab(Tab.CONSUMPTION)
    assert not page.table(Tab.CONSUMPTION).isVisible()


def test_tab_and_year_stay_when_the_view_is_built_again(qtbot: QtBot) -> None:
    here = world()
    model = AccountsModel(here.cabinet, here.context.clock)
    first = AccountsPage(here.context, model)
    qtbot.addWidget(first)
    first.show_tab(Tab.CONSUMPTION)
    model.choose_year(2023)
    translations.use("kk")
    second = AccountsPage(here.context, model)
    qtbot.addWidget(second)
    assert second.tabs.currentIndex() == 3
    assert second.chart.year.value == 2023


def test_of_twenty_thousand_rows_only_those_in_sight_are_read(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    here = world([sample_view_uk()])
    line = AccountsModel(here.cabinet, here.context.clock).states()[0]
    rows = [
        replace(line, row=replace(line.row, month=Month(1990, 1).shift(at % 400), charged=at)) for at in range(20_000)
    ]
    read: set[int] = set()
    model = state_model()
    data = type(model).data

    def noted(self: TableModel[Any], index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        read.add(index.row())
        return data(self, index, role)

    monkeypatch.setattr(type(model), "data", noted)
    table = DataTable(model, "many", label="many")
    table.horizontalHeader().setResizeContentsPrecision(24)
    qtbot.addWidget(table)
    table.resize(1000, 700)
    model.show_rows(rows)
    table.show()
    table.grab()
    assert 0 < len(read) < 200


def test_the_models_keep_qts_rules(qtbot: QtBot, qtmodeltester: Callable[..., None]) -> None:
    page = page_of(qtbot, world([sample_view_uk()]))
    for tab, make in (
        (Tab.STATE, state_model),
        (Tab.SERVICES, charged_model),
        (Tab.PAYMENTS, payment_model),
        (Tab.CONSUMPTION, consumption_model),
    ):
        model = make(None)  # type: ignore[operator]
        model.show_rows(page.models[tab].rows)
        qtmodeltester.check(model)  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", ["kk", "ru", "uk", "en"])
def test_everything_that_takes_focus_has_a_name(qtbot: QtBot, language: str) -> None:
    translations.use(language)
    assert unnamed(page_of(qtbot, world())) == []
