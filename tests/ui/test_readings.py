"""Giving readings: what a person sees while typing, what is asked, what is recorded and what is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import msgspec
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

import translations
from models.contract.commands import SubmitReading
from models.contract.records import Reading
from models.domain.problems import Problem
from tests.samples import METER_KK, METER_UK_A, METER_UK_B, sample_view_kk, sample_view_uk
from tests.ui.resident import Item, Status, World, english, said, unnamed, world
from ui.kit.page import State
from ui.readings.table_model import history_model
from ui.readings.view import ReadingsPage
from ui.readings.view_model import ReadingsModel

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")


def model_of(here: World) -> ReadingsModel:
    return ReadingsModel(here.cabinet, here.context.tasks, here.client, here.context.clock)


def page_of(qtbot: QtBot, here: World, model: ReadingsModel | None = None) -> ReadingsPage:
    page = ReadingsPage(here.context, model or model_of(here))
    page.resize(1100, 800)
    qtbot.addWidget(page)
    page.show()
    return page


def type_into(qtbot: QtBot, page: ReadingsPage, meter: int, text: str, *, leave: bool = True) -> None:
    field = page.blocks[meter].field
    field.setFocus()
    field.selectAll()
    if text:
        qtbot.keyClicks(field, text)
    else:
        qtbot.keyClick(field, Qt.Key.Key_Delete)
    if leave:
        field.left.emit()


def submit(qtbot: QtBot, page: ReadingsPage) -> None:
    with qtbot.waitSignal(page.view_model.recorded):
        qtbot.mouseClick(page.submit, Qt.MouseButton.LeftButton)


def test_the_previous_value_and_its_day_stand_beside_the_field(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_kk()]))
    block = page.blocks[METER_KK]
    assert block.previous.text() == "00138,75"
    assert block.previous_note.text() == "20.01.2024, given by you"
    assert block.field.placeholderText() == "00000,00"


def test_difference_and_estimate_appear_while_typing(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_kk()]))
    type_into(qtbot, page, METER_KK, "152,20", leave=False)
    block = page.blocks[METER_KK]
    assert said(block.difference) == "13.45 m³"
    # 677,88 for water and 587,50 for the drainage that takes its volume from it, as in the worked example.
    assert said(block.cost) == "≈ 1,265.38 ₸"
    assert "estimate" in block.cost_note.text()


def test_leaving_the_field_fills_the_mask_with_zeros(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_kk()]))
    type_into(qtbot, page, METER_KK, "152,2")
    assert page.blocks[METER_KK].field.text() == "00152,20"


def test_the_mask_is_the_meters_own(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_uk()]))
    assert page.blocks[METER_UK_A].field.placeholderText() == "00000000"
    assert "00000125" in page.sample.text()


def test_letters_are_refused_in_a_sentence_and_never_become_zero(qtbot: QtBot) -> None:
    here = world([sample_view_kk()])
    page = page_of(qtbot, here)
    type_into(qtbot, page, METER_KK, "12a")
    assert "not a reading" in page.blocks[METER_KK].complaint.label.text()
    qtbot.mouseClick(page.submit, Qt.MouseButton.LeftButton)
    assert here.client.items == []
    assert page.blocks[METER_KK].field.text() == "12a"


def test_a_lower_reading_is_not_scolded_while_digits_are_missing(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_kk()]))
    type_into(qtbot, page, METER_KK, "15", leave=False)
    assert page.blocks[METER_KK].complaint.label.text() == ""
    type_into(qtbot, page, METER_KK, "15")
    assert "lower than the last one" in page.blocks[METER_KK].complaint.label.text()


def test_unusual_consumption_is_asked_in_the_row_and_yes_lets_it_pass(qtbot: QtBot) -> None:
    here = world([sample_view_kk()])
    page = page_of(qtbot, here)
    type_into(qtbot, page, METER_KK, "00999,00")
    block = page.blocks[METER_KK]
    assert list(block.questions) == ["reading-unusual"]
    qtbot.mouseClick(page.submit, Qt.MouseButton.LeftButton)
    assert here.client.items == []
    assert "Answer the question" in page.obstacle.text()
    qtbot.mouseClick(block.answers["reading-unusual"][0], Qt.MouseButton.LeftButton)
    assert block.questions == {}
    submit(qtbot, page)
    assert here.client.items[0].payload == SubmitReading(
        account_id=101001,
        meter_id=METER_KK,
        value=99900,
        read_on=date(2024, 2, 20),
        confirmed=["reading-unusual"],
    )


def test_no_to_a_question_empties_the_field(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_kk()]))
    type_into(qtbot, page, METER_KK, "00999,00")
    qtbot.mouseClick(page.blocks[METER_KK].answers["reading-unusual"][1], Qt.MouseButton.LeftButton)
    assert page.blocks[METER_KK].field.text() == ""


def test_a_meter_that_began_again_is_asked_about(qtbot: QtBot) -> None:
    view = sample_view_kk()
    last = msgspec.structs.replace(view.readings[-1], value=9_999_025)
    page = page_of(qtbot, world([msgspec.structs.replace(view, readings=[*view.readings[:-1], last])]))
    type_into(qtbot, page, METER_KK, "00012,40")
    assert "reading-rolled-over" in page.blocks[METER_KK].questions
    qtbot.mouseClick(page.blocks[METER_KK].answers["reading-rolled-over"][0], Qt.MouseButton.LeftButton)
    assert said(page.blocks[METER_KK].difference) == "22.15 m³"


def test_giving_one_of_two_meters_names_the_missing_one_and_cancel_records_nothing(qtbot: QtBot) -> None:
    here = world([sample_view_uk()])
    page = page_of(qtbot, here)
    type_into(qtbot, page, METER_UK_A, "51466800")
    qtbot.mouseClick(page.submit, Qt.MouseButton.LeftButton)
    assert "64046" in page.confirmation.label.text()
    assert "032264" not in page.confirmation.label.text()
    qtbot.mouseClick(page.cancel, Qt.MouseButton.LeftButton)
    assert not page.confirmation.isVisible()
    assert here.client.items == []
    assert page.blocks[METER_UK_A].field.text() == "51466800"


def test_giving_only_one_records_only_that_one(qtbot: QtBot) -> None:
    here = world([sample_view_uk()])
    page = page_of(qtbot, here)
    type_into(qtbot, page, METER_UK_A, "51466800")
    qtbot.mouseClick(page.submit, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.view_model.recorded):
        qtbot.mouseClick(page.only_these, Qt.MouseButton.LeftButton)
    assert [item.payload.meter_id for item in here.client.items] == [METER_UK_A]  # type: ignore[attr-defined]


def test_giving_all_meters_asks_nothing(qtbot: QtBot) -> None:
    here = world([sample_view_uk()])
    page = page_of(qtbot, here)
    type_into(qtbot, page, METER_UK_A, "51466800")
    type_into(qtbot, page, METER_UK_B, "52270200")
    submit(qtbot, page)
    assert len(here.client.items) == 2


def test_a_given_reading_waits_in_violet_with_a_glyph_and_then_shows_the_providers_figure(qtbot: QtBot) -> None:
    here = world([sample_view_kk()])
    page = page_of(qtbot, here)
    type_into(qtbot, page, METER_KK, "152,20")
    submit(qtbot, page)
    block = page.blocks[METER_KK]
    qtbot.waitUntil(lambda: block.state.isVisible())
    assert block.state.text() == "Waiting to be sent"
    assert block.state.property("tone") == "pending"
    assert "00152,20" in block.given.text()
    accepted = Reading(
        999, 101001, METER_KK, 15220, date(2024, 2, 20), 202402, "consumer", "accepted",
        datetime(2024, 2, 20, 7, tzinfo=UTC), "c1",
    )  # fmt: skip
    here.client.items.clear()
    here.views[0] = msgspec.structs.replace(here.views[0], readings=[*here.views[0].readings, accepted])
    here.show()
    assert block.state.text() == "With the provider"
    assert block.given.text() == "The provider has 00152,20 of 20.02.2024, given by you"
    assert block.previous.text() == "00138,75"


def test_a_waiting_reading_is_corrected_by_a_command_that_supersedes_it(qtbot: QtBot) -> None:
    here = world([sample_view_kk()])
    here.client.items.append(Item("c-old", SubmitReading(101001, METER_KK, 15000, date(2024, 2, 20))))
    here.show()
    page = page_of(qtbot, here)
    type_into(qtbot, page, METER_KK, "152,20")
    submit(qtbot, page)
    assert here.client.superseded == ["c-old"]


def test_a_waiting_reading_can_be_withdrawn(qtbot: QtBot) -> None:
    here = world([sample_view_kk()])
    here.client.items.append(Item("c-old", SubmitReading(101001, METER_KK, 15000, date(2024, 2, 20))))
    here.show()
    page = page_of(qtbot, here)
    qtbot.mouseClick(page.blocks[METER_KK].withdraw, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not page.blocks[METER_KK].state.isVisible())
    assert here.client.items == []


def test_a_reading_that_may_be_with_the_provider_is_not_offered_for_withdrawal(qtbot: QtBot) -> None:
    here = world([sample_view_kk()])
    reading = SubmitReading(101001, METER_KK, 15000, date(2024, 2, 20))
    here.client.items.append(Item("c-old", reading, stays=Problem("already-sent")))
    here.show()
    block = page_of(qtbot, here).blocks[METER_KK]
    assert not block.withdraw.isVisible()
    assert "can no longer be withdrawn" in block.given.text()


def test_a_refused_reading_says_why(qtbot: QtBot) -> None:
    here = world([sample_view_kk()])
    refused = SubmitReading(101001, METER_KK, 100, date(2024, 2, 20))
    here.client.items.append(Item("c-old", refused, "refused", (Problem("meter-removed"),)))
    here.show()
    page = page_of(qtbot, here)
    block = page.blocks[METER_KK]
    assert block.state.text() == "Not accepted"
    assert "This meter has been removed" in block.given.text()


def test_readings_are_given_without_a_connection_and_the_screen_says_so_honestly(qtbot: QtBot) -> None:
    here = world([sample_view_kk()])
    here.client.state = Status("offline")
    here.show()
    page = page_of(qtbot, here)
    assert "kept on this computer" in page.offline.label.text()
    type_into(qtbot, page, METER_KK, "152,20")
    submit(qtbot, page)
    assert len(here.client.items) == 1


def test_a_full_disk_says_that_nothing_was_recorded_and_keeps_what_was_typed(qtbot: QtBot) -> None:
    here = world([sample_view_kk()])
    here.client.refuse = Problem("disk-full")
    page = page_of(qtbot, here)
    type_into(qtbot, page, METER_KK, "152,20")
    with qtbot.waitSignal(page.view_model.failed):
        qtbot.mouseClick(page.submit, Qt.MouseButton.LeftButton)
    assert "not recorded" in page.result.label.text()
    assert page.blocks[METER_KK].field.text() == "00152,20"


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (20, "Give readings until 25.02.2024"),
        (3, "Readings are taken from 15.02.2024 to 25.02.2024. A reading given now counts for the next month."),
    ],
)
def test_the_window_is_said(qtbot: QtBot, day: int, sentence: str) -> None:
    page = page_of(qtbot, world([sample_view_kk()], now=datetime(2024, 2, day, 6, tzinfo=UTC)))
    assert page.window_text.text() == sentence


def test_what_was_typed_survives_a_change_of_language(qtbot: QtBot) -> None:
    here = world([sample_view_kk()])
    model = model_of(here)
    page = page_of(qtbot, here, model)
    type_into(qtbot, page, METER_KK, "152,2", leave=False)
    translations.use("uk")
    again = page_of(qtbot, here, model)
    assert again.blocks[METER_KK].field.text() == "152,2"
    assert again.title.text() == "Показники лічильників"


def test_drafts_come_back_but_never_over_newer_typing() -> None:
    here = world([sample_view_kk()])
    model = model_of(here)
    model.restore({f"101001:{METER_KK}": "140,00"})
    assert model.drafts == {f"101001:{METER_KK}": "140,00"}
    model.type(METER_KK, "141")
    model.restore({f"101001:{METER_KK}": "139"})
    assert model.drafts == {f"101001:{METER_KK}": "141"}


def test_enter_goes_to_the_next_meter_and_then_to_the_button(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_uk()]))
    with qtbot.waitActive(page):
        page.activateWindow()
    type_into(qtbot, page, METER_UK_A, "51466800")
    qtbot.keyClick(page.blocks[METER_UK_A].field, Qt.Key.Key_Return)
    assert page.blocks[METER_UK_B].field.hasFocus()
    qtbot.keyClick(page.blocks[METER_UK_B].field, Qt.Key.Key_Return)
    assert page.submit.hasFocus()


def test_an_account_without_meters_says_what_to_do(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([msgspec.structs.replace(sample_view_kk(), meters=[])]))
    assert page.state is State.EMPTY


def test_everything_that_takes_focus_has_a_name(qtbot: QtBot) -> None:
    here = world([sample_view_kk(), sample_view_uk()])
    page = page_of(qtbot, here)
    type_into(qtbot, page, METER_KK, "00999,00")
    assert unnamed(page) == []


def test_the_history_model_keeps_qts_rules(qtmodeltester: Callable[..., None], qtbot: QtBot) -> None:
    here = world([sample_view_kk()])
    page = page_of(qtbot, here)
    assert len(page.history_model.rows) == 14
    model = history_model()
    model.show_rows(page.history_model.rows)
    qtmodeltester.check(model)  # type: ignore[attr-defined]
