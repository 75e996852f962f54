"""The overview: figures in words, colour and sign; when to pay; what to do; the year as bars and as a table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

import translations
from models.contract.commands import SetMailing
from models.domain.problems import Problem
from tests.samples import DRAINAGE, UK_DRAINAGE, UK_REFUSE, UK_WATER, WATER, sample_view_kk
from tests.ui.resident import EntryRefused, Item, Status, World, english, said, unnamed, world
from ui.kit.page import State
from ui.overview.view import CardView, OverviewPage
from ui.overview.view_model import OverviewModel, due_day, reading_window

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")


def page_of(qtbot: QtBot, here: World) -> OverviewPage:
    page = OverviewPage(here.context, OverviewModel(here.cabinet, here.context.clock))
    page.resize(1100, 900)
    qtbot.addWidget(page)
    page.show()
    return page


def card(page: OverviewPage, service: int) -> CardView:
    return next(card for group in page.groups for card in group.cards if card.card.service_id == service)


def texts(card: CardView) -> str:
    return card.accessibleName().replace("\u00a0", " ")


def test_a_debt_has_word_sign_and_colour_of_its_provider(qtbot: QtBot) -> None:
    page = page_of(qtbot, world())
    kk, uk = card(page, WATER), card(page, UK_WATER)
    assert said(kk.balance) == "677.88 ₸"
    assert said(uk.balance) == "−1,264.70 ₴"
    assert kk.balance.property("tone") == uk.balance.property("tone") == "danger"
    assert "Debt" in texts(kk)
    assert "Debt" in texts(uk)


def test_nothing_to_pay_is_said(qtbot: QtBot) -> None:
    assert "Nothing to pay: 0.00 ₴" in texts(card(page_of(qtbot, world()), UK_REFUSE))


def test_an_overpayment_is_positive(qtbot: QtBot) -> None:
    view = sample_view_kk()
    paid = [msgspec.structs.replace(item, balance_minor=-10_00) for item in view.account_services]
    page = page_of(qtbot, world([msgspec.structs.replace(view, account_services=paid)]))
    assert said(card(page, WATER).balance) == "−10.00 ₸"
    assert card(page, WATER).balance.property("tone") == "positive"
    assert "Overpayment" in texts(card(page, WATER))


def test_due_date_readings_and_last_payment_stand_on_the_card(qtbot: QtBot) -> None:
    words = texts(card(page_of(qtbot, world()), WATER))
    assert "To be paid by 25.02.2024" in words
    assert "Give readings until 25.02.2024" in words
    assert "Last payment 383.25 ₸ on 31.01.2024" in words


def test_a_day_that_is_over_is_said_to_be_over(qtbot: QtBot) -> None:
    page = page_of(qtbot, world(now=datetime(2024, 2, 26, 6, tzinfo=UTC)))
    assert "Was to be paid by 25.02.2024" in texts(card(page, DRAINAGE))
    assert "Was to be paid by 20.03.2023" in texts(card(page, UK_DRAINAGE))


def test_every_account_of_every_provider_has_its_cards_and_total(qtbot: QtBot) -> None:
    page = page_of(qtbot, world())
    assert [len(group.cards) for group in page.groups] == [2, 4]
    assert [group.group.total.replace("\u00a0", " ") for group in page.groups] == ["1,120.28 ₸", "−3,154.97 ₴"]


def test_one_tap_leads_to_the_invoice_of_that_account(qtbot: QtBot) -> None:
    here = world()
    page = page_of(qtbot, here)
    qtbot.mouseClick(page.groups[1].invoice, Qt.MouseButton.LeftButton)
    assert here.went == [("invoice", {})]
    assert here.cabinet.account_id == here.views[1].account.id


def test_enter_on_a_card_opens_the_tables_of_its_service(qtbot: QtBot) -> None:
    here = world()
    page = page_of(qtbot, here)
    qtbot.keyClick(card(page, UK_DRAINAGE), Qt.Key.Key_Return)
    assert here.went == [("accounts", {})]
    assert here.selection.service_id == UK_DRAINAGE
    assert here.selection.account_id == here.views[1].account.id


def test_the_chart_opens_on_the_newest_year_with_figures(qtbot: QtBot) -> None:
    view = sample_view_kk()
    reading = msgspec.structs.replace(view.readings[-1], id=999_999, period=202611, read_on=date(2026, 11, 20))
    page = page_of(qtbot, world([msgspec.structs.replace(view, readings=[*view.readings, reading])]))
    assert page.view_model.year == 2024
    assert any(month.charged for month in page.view_model.chart())


def test_the_chart_follows_service_and_year_and_has_a_table_twin(qtbot: QtBot) -> None:
    here = world()
    page = page_of(qtbot, here)
    page.view_model.choose_year(2023)
    rows = page.chart.chart.table()
    assert rows[0] == ["", "Charges", "Payments"]
    assert rows[1][1:] == ["493.92", "0.00"]
    qtbot.mouseClick(page.chart.as_table, Qt.MouseButton.LeftButton)
    assert page.chart.table.isVisible()
    assert len(page.chart.model.rows) == 12
    here.cabinet.choose_service(DRAINAGE)
    assert page.chart.chart.table()[1][1] == "428.06"


def test_the_chart_is_saved_as_a_picture(qtbot: QtBot, tmp_path: Path) -> None:
    here = world()
    here.paths.append(tmp_path / "chart")
    page = page_of(qtbot, here)
    qtbot.mouseClick(page.chart.picture, Qt.MouseButton.LeftButton)
    assert not QImage(str(tmp_path / "chart.png")).isNull()
    assert here.suggested[0].endswith("2024.png")


def test_keeping_the_kind_of_service_when_another_account_is_chosen() -> None:
    here = world()
    here.cabinet.choose_service(DRAINAGE)
    here.cabinet.choose_account(here.views[1].account.id)
    assert here.cabinet.service_id == UK_DRAINAGE


@pytest.mark.parametrize(
    ("first", "last", "today", "expected"),
    [
        (15, 25, (2024, 2, 20), ((2024, 2, 15), (2024, 2, 25))),
        (15, 25, (2024, 2, 26), ((2024, 3, 15), (2024, 3, 25))),
        (20, 31, (2024, 2, 29), ((2024, 2, 20), (2024, 2, 29))),
        (25, 5, (2024, 3, 3), ((2024, 2, 25), (2024, 3, 5))),
        (25, 5, (2024, 3, 10), ((2024, 3, 25), (2024, 4, 5))),
    ],
)
def test_the_window_that_is_open_or_comes_next(
    first: int, last: int, today: tuple[int, int, int], expected: tuple[tuple[int, int, int], tuple[int, int, int]]
) -> None:
    from datetime import date

    provider = msgspec.structs.replace(sample_view_kk().provider, window_from=first, window_to=last)
    assert reading_window(provider, date(*today)) == (date(*expected[0]), date(*expected[1]))


def test_the_due_day_fits_a_short_month() -> None:
    from models.domain.period import Month

    provider = msgspec.structs.replace(sample_view_kk().provider, due_day=31)
    assert due_day(provider, Month(2024, 1)).day == 29


def test_before_data_the_screen_says_that_it_loads_and_then_shows_them(qtbot: QtBot) -> None:
    here = world(load=False)
    page = page_of(qtbot, here)
    assert page.state is State.LOADING
    with qtbot.waitSignal(here.cabinet.changed):
        here.cabinet.refresh()
    assert page.state is State.CONTENT


def test_a_cabinet_without_accounts_says_what_to_do(qtbot: QtBot) -> None:
    assert page_of(qtbot, world([])).state is State.EMPTY


def test_without_data_and_line_it_says_so(qtbot: QtBot) -> None:
    here = world([], load=False)
    here.client.state = Status("offline")
    here.show()
    assert page_of(qtbot, here).state is State.OFFLINE


def test_while_the_very_first_exchange_goes_on_it_loads_and_says_nothing_else(qtbot: QtBot) -> None:
    here = world([], load=False)
    here.client.state = Status("syncing", as_of=None, last_contact=None)
    here.show()
    page = page_of(qtbot, here)
    assert page.state is State.LOADING
    here.client.state = Status("online")
    here.show()
    assert page.state is State.EMPTY


def test_trouble_keeps_the_old_data_and_offers_to_try_again(qtbot: QtBot) -> None:
    here = world()
    page = page_of(qtbot, here)
    here.fail = EntryRefused(Problem("cache-damaged"))
    with qtbot.waitSignals([here.cabinet.state_changed, here.cabinet.state_changed]):
        here.cabinet.refresh()
    assert page.state is State.CONTENT
    assert "damaged" in page.banner.label.text()


def test_trouble_without_data_is_an_error_with_a_next_step(qtbot: QtBot) -> None:
    here = world(load=False)
    here.fail = EntryRefused(Problem("cache-damaged"))
    page = page_of(qtbot, here)
    here.cabinet.refresh()
    qtbot.waitUntil(lambda: page.state is State.ERROR)


def test_news_that_come_while_it_reads_are_read_once_more(qtbot: QtBot) -> None:
    here = world()
    begun: list[None] = []
    here.cabinet.state_changed.connect(lambda: begun.append(None) if here.cabinet.loading else None)
    here.cabinet.refresh()
    here.views[0] = msgspec.structs.replace(here.views[0], sequence=9999)
    for _news in range(50):
        here.cabinet.refresh()
    qtbot.waitUntil(lambda: not here.cabinet.loading)
    assert len(begun) == 2
    assert here.cabinet.views[0].sequence == 9999


def test_news_that_change_nothing_shown_redraw_nothing(qtbot: QtBot) -> None:
    here = world()
    shown: list[None] = []
    here.cabinet.changed.connect(lambda: shown.append(None))

    def reload() -> int:
        before = len(shown)
        here.cabinet.refresh()
        qtbot.waitUntil(lambda: not here.cabinet.loading)
        return len(shown) - before

    here.views[:] = [msgspec.structs.replace(view) for view in here.views]
    assert reload() == 0
    here.views[0] = msgspec.structs.replace(here.views[0], sequence=9999)
    assert reload() == 1
    here.client.items.append(Item("c1", SetMailing(account_id=101001, active=True)))
    assert reload() == 1
    here.client.state = Status(state="offline")
    assert reload() == 1
    assert reload() == 0


@pytest.mark.parametrize("language", ["kk", "ru", "uk", "en", "en_XA"])
def test_everything_that_takes_focus_has_a_name_in_each_language(qtbot: QtBot, language: str) -> None:
    translations.use(language)
    assert unnamed(page_of(qtbot, world())) == []


def test_the_chart_table_keeps_qts_rules(qtbot: QtBot, qtmodeltester: Callable[..., None]) -> None:
    qtmodeltester.check(page_of(qtbot, world()).chart.model)  # type: ignore[attr-defined]
