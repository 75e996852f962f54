"""The reconciliation: dates, ranges, both forms, figures that stay in view, the act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from models.contract.commands import SendDocument
from tests.samples import WATER, sample_view_kk, sample_view_legal, sample_view_uk
from tests.ui.resident import World, english, said, unnamed, world
from ui.reconciliation.table_model import monthly_model, two_sided_model
from ui.reconciliation.view import ReconciliationPage
from ui.reconciliation.view_model import MONTHLY, TWO_SIDED, ReconciliationModel

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")


def page_of(qtbot: QtBot, here: World) -> ReconciliationPage:
    page = ReconciliationPage(here.context, ReconciliationModel(here.context, here.cabinet))
    page.resize(1100, 800)
    qtbot.addWidget(page)
    page.show()
    return page


def figures(page: ReconciliationPage) -> list[str]:
    return [said(value) for value in (*page.opening.values, *page.closing.values)]


def test_the_previous_month_is_shown_on_opening(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_kk()]))
    assert page.date_from.value == date(2024, 1, 1)
    assert page.date_to.value == date(2024, 1, 31)
    assert figures(page) == ["854.90 ₸ (debt)", "1,265.38 ₸", "1,000.00 ₸", "1,120.28 ₸ (debt)"]


def test_a_quick_range_fills_both_dates(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_kk()]))
    page.ranges.chosen.emit("last-year")
    assert (page.date_from.value, page.date_to.value) == (date(2023, 1, 1), date(2023, 12, 31))
    assert page.ranges.value == "last-year"
    assert figures(page)[0] == "0.00 ₸ (nothing to pay)"
    assert figures(page)[3] == "854.90 ₸ (debt)"


def test_dates_are_typed_as_people_write_them(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_kk()]))
    page.date_from.field.setText("15.1.2024")
    page.date_from.field.left.emit()
    assert page.view_model.date_from == date(2024, 1, 15)
    assert page.ranges.value == "own"


def test_dates_the_wrong_way_round_are_said_and_exchanged(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_kk()]))
    page.view_model.choose_dates(date(2024, 2, 1), date(2024, 1, 1))
    assert "after the last one" in page.problem.label.text()
    assert not page.paper_acts.download.isEnabled()
    qtbot.mouseClick(page.swap, Qt.MouseButton.LeftButton)
    assert page.problem.label.text() == ""
    assert page.date_from.value == date(2024, 1, 1)


def test_an_endless_period_is_refused(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_kk()]))
    page.view_model.choose_dates(date(2000, 1, 1), date(2024, 1, 1))
    assert "too long" in page.problem.label.text()


def test_one_service_or_all(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_kk()]))
    page.service.chosen.emit(WATER)
    assert figures(page) == ["383.25 ₸ (debt)", "677.88 ₸", "383.25 ₸", "677.88 ₸ (debt)"]


def test_a_service_of_another_account_is_forgotten(qtbot: QtBot) -> None:
    here = world()
    page = page_of(qtbot, here)
    page.service.chosen.emit(WATER)
    here.cabinet.choose_account(here.views[1].account.id)
    assert page.view_model.service_id is None
    assert figures(page)[3] == "−3,154.97 ₴ (debt)"


def test_residents_get_months_and_firms_get_documents(qtbot: QtBot) -> None:
    resident = page_of(qtbot, world([sample_view_kk()]))
    assert resident.form.value == MONTHLY
    firm = page_of(qtbot, world([sample_view_legal()]))
    assert firm.form.value == TWO_SIDED
    firm.view_model.choose_dates(date(2024, 1, 1), date(2024, 3, 31))
    assert figures(firm) == ["12,450.00 ₸ (debt)", "53,853.88 ₸", "41,170.55 ₸", "25,133.33 ₸ (debt)"]
    assert firm.documents is not None
    storno = [row for row in firm.documents.source.rows if (row.debit or 0) < 0]  # type: ignore[attr-defined]
    assert [row.debit for row in storno] == [-120410]


def test_both_forms_close_alike(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_kk()]))
    before = figures(page)
    page.form.chosen.emit(TWO_SIDED)
    assert figures(page) == before
    assert page.documents is not None
    assert page.documents.isVisible()


def test_the_act_is_saved_in_the_chosen_form(qtbot: QtBot, tmp_path: Path) -> None:
    here = world([sample_view_kk()])
    here.paths.append(tmp_path / "act.pdf")
    page = page_of(qtbot, here)
    page.form.chosen.emit(TWO_SIDED)
    with qtbot.waitSignal(page.view_model.document.saved):
        qtbot.mouseClick(page.paper_acts.download, Qt.MouseButton.LeftButton)
    assert (tmp_path / "act.pdf").read_bytes().startswith(b"%PDF")
    assert here.suggested == ["reconciliation_123456_2024-01-01_2024-01-31.pdf"]


def test_the_act_is_sent_with_its_dates_and_form(qtbot: QtBot) -> None:
    here = world([sample_view_kk()])
    page = page_of(qtbot, here)
    with qtbot.waitSignal(page.view_model.document.sent):
        qtbot.mouseClick(page.paper_acts.send, Qt.MouseButton.LeftButton)
    assert here.client.items[0].payload == SendDocument(
        account_id=101001,
        document="reconciliation",
        language="en",
        date_from=date(2024, 1, 1),
        date_to=date(2024, 1, 31),
        form=2,
    )


def test_the_models_keep_qts_rules(qtbot: QtBot, qtmodeltester: Callable[..., None]) -> None:
    here = world([sample_view_uk()])
    model = ReconciliationModel(here.context, here.cabinet)
    model.choose_dates(date(2023, 1, 1), date(2023, 12, 31))
    act = model.reconciliation()
    assert act is not None
    sides, months = two_sided_model("UAH"), monthly_model("UAH", "debt_negative")
    sides.show_rows(act.rows)
    months.show_rows(model.months())
    for one in (sides, months):
        qtmodeltester.check(one)  # type: ignore[attr-defined]


def test_everything_that_takes_focus_has_a_name(qtbot: QtBot) -> None:
    assert unnamed(page_of(qtbot, world())) == []


def test_an_act_of_one_service_is_not_sent_as_something_else(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_kk()]))
    page.service.chosen.emit(WATER)
    assert not page.paper_acts.send.isEnabled()
    assert "all services only" in page.paper_acts.note.label.text()
    assert page.paper_acts.download.isEnabled()
