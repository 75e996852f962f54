"""The monthly routine: a reading is typed, judged, kept, sent, and comes back as the provider's own figure."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt

from models.contract.commands import SubmitReading
from tests.fixtures.provider import ProviderServer
from tests.journeys.program import Program
from tests.journeys.surroundings import readings_at
from tests.sync.wire import Wire

WATER = "Water supply, meter 04518237, reading now"


def test_a_reading_waits_while_the_line_is_cut_and_becomes_the_providers_own_figure(
    resident: Program, wire: Wire, provider_server: ProviderServer
) -> None:
    program = resident
    program.go("readings")
    program.reads("00138,75")
    wire.break_("down")
    program.wake()
    program.reads("There is no connection now. Readings are kept on this computer and sent by themselves later.")
    program.write(WATER, "147,5")
    program.key(Qt.Key.Key_Return)
    assert program.value(WATER) == "00147,50"
    program.reads("8.75 m³")
    program.press("Give readings")
    program.reads("00147,50 of 20.02.2024 is waiting to be sent")
    program.reads("1 waiting to be sent")
    program.reads("Offline")
    assert readings_at(provider_server, "04518237")[-1] != 14_750
    wire.heal()
    program.wake()
    program.reads("The provider has 00147,50 of 20.02.2024, given by you")
    program.settled()
    program.until(lambda: "waiting to be sent" not in program.words(), "an empty queue")
    assert readings_at(provider_server, "04518237").count(14_750) == 1
    assert program.value(WATER) == ""


def test_a_reading_is_corrected_within_its_month_by_a_later_one(
    resident: Program, provider_server: ProviderServer
) -> None:
    program = resident
    program.go("readings")
    give(program, "147,5")
    program.reads("The provider has 00147,50 of 20.02.2024, given by you")
    give(program, "148,25")
    program.reads("The provider has 00148,25 of 20.02.2024, given by you")
    program.settled()
    view = program.view("123456")
    standing = [r.value for r in view.readings if r.state == "accepted" and r.read_on >= date(2024, 2, 1)]
    assert standing == [14_825]


def test_a_waiting_reading_is_replaced_by_the_next_and_only_that_is_sent(
    resident: Program, wire: Wire, provider_server: ProviderServer
) -> None:
    program = resident
    wire.vanish()
    program.go("readings")
    give(program, "147,5")
    program.reads("00147,50 of 20.02.2024 is waiting to be sent")
    program.reads("Offline since")
    give(program, "148,25")
    program.reads("00148,25 of 20.02.2024 is waiting to be sent")
    (item,) = program.client.waiting()
    assert isinstance(item.payload, SubmitReading)
    assert item.payload.value == 14_825
    wire.heal()
    program.wake()
    program.reads("The provider has 00148,25 of 20.02.2024, given by you")
    assert 14_750 not in readings_at(provider_server, "04518237")


def test_a_waiting_reading_can_be_withdrawn(resident: Program, wire: Wire, provider_server: ProviderServer) -> None:
    program = resident
    wire.vanish()
    program.go("readings")
    before = readings_at(provider_server, "04518237")
    give(program, "147,5")
    program.reads("00147,50 of 20.02.2024 is waiting to be sent")
    program.reads("Offline since")
    program.press("Withdraw the reading of Water supply, meter 04518237")
    program.until(lambda: "waiting to be sent" not in program.words(), "the withdrawal")
    wire.heal()
    program.wake()
    program.settled()
    assert readings_at(provider_server, "04518237") == before


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("12a,5", "This is not a reading. Type the digits that the meter shows; nothing was recorded."),
        ("-5", "This is not a reading. Type the digits that the meter shows; nothing was recorded."),
        ("1234567", "The reading has more digits than the meter. Check it and type it again; nothing was recorded."),
        ("138,755", "The reading has more digits than the meter. Check it and type it again; nothing was recorded."),
        ("100", "The reading is lower than the last one, 00138,75 on 20.01.2024."),
    ],
)
def test_a_wrong_reading_is_refused_in_words_and_nothing_is_recorded(
    resident: Program, typed: str, sentence: str
) -> None:
    program = resident
    program.go("readings")
    program.write(WATER, typed)
    program.key(Qt.Key.Key_Return)
    program.press("Give readings")
    assert f"Water supply, meter 04518237: {sentence}" in program.words()
    assert program.value(WATER) in {typed, "00100,00"}
    assert program.client.waiting() == []


def test_an_unusual_reading_asks_and_goes_with_the_answer(resident: Program, provider_server: ProviderServer) -> None:
    program = resident
    program.go("readings")
    program.write(WATER, "990")
    program.press("Give readings")
    program.reads("Answer the question at Water supply, meter 04518237 first.")
    assert program.client.waiting() == []
    program.press("Water supply, meter 04518237: Yes, it is right")
    program.press("Give readings")
    program.reads("The provider has 00990,00 of 20.02.2024, given by you")
    assert readings_at(provider_server, "04518237")[-1] == 99_000


def test_one_of_two_meters_asks_and_cancel_records_nothing(resident: Program, provider_server: ProviderServer) -> None:
    program = resident
    program.choose("Account shown", "101")
    program.go("readings")
    view = program.view("101")
    meter = next(meter for meter in view.meters if meter.number == "64046")
    first = next(name for name in program.fields() if "64046" in name)
    assert [r.value for r in view.readings if r.meter_id == meter.id][-1] == 52_277_257
    typed, before = "52279,125", readings_at(provider_server, "64046")
    program.write(first, typed)
    program.press("Give readings")
    program.reads("Give only the others?")
    assert "meter 032264" in program.words()
    program.press("Cancel")
    program.until(lambda: "Give only the others?" not in program.words())
    assert program.client.waiting() == []
    assert program.value(first) == typed
    program.press("Give readings")
    program.press("Give only these")
    program.reads("The provider has " + typed)
    assert readings_at(provider_server, "64046") == [*before, 52_279_125]


def give(program: Program, typed: str) -> None:
    """Type a reading of the water meter and give it."""
    program.write(WATER, typed)
    program.press("Give readings")
