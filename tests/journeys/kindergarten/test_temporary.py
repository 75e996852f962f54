"""A temporary place in a sanatorium's shadow: taken with a voucher, ended by the clock; the queue is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from models.domain.admissions.states import Actor, Event
from tests.journeys.kindergarten.line import Line
from tests.journeys.kindergarten.steps import file_general, open_application, save_paper, take_voucher
from tests.journeys.kindergarten.town import MOTHER, Town
from tests.journeys.program import Program
from tests.sync.wire import Wire

UNTIL = date(2026, 9, 30)


@pytest.mark.parametrize("way", ["open", "down", "lost", "cut", "twice"])
def test_a_temporary_place_ends_by_itself_and_the_queue_is_kept(
    start: Callable[..., Program], town: Town, wire: Wire, tmp_path: Path, way: str
) -> None:
    town.lend("Жұлдыз", UNTIL)
    program = start().enter(MOTHER)
    line = Line(program, wire, town, way)
    file_general(program, line)
    filed = town.application()
    open_application(program)
    town.later(days=1)
    town.vouchers()
    program.wake()
    take_voucher(program, line)
    program.press("Take a temporary place")
    program.pick("Kindergartens with free places", "Temporary stay")
    program.press("Take this temporary place: Жұлдыз")
    program.reads("Note: this is a temporary place. The child may attend it until 30.09.2026.")
    program.press("Send the code")
    program.reads("The code arrives within")
    program.write("Code from the SMS", town.code())
    line.step(lambda: program.press("Sign and send"))
    row = town.application()
    assert (row.state, row.temp, row.temp_until, row.rank_date) == ("queued", "booked", UNTIL, filed.rank_date)
    assert town.counts("Жұлдыз", "temporary") in {(1, 0), (0, 1)}
    program.reads("Temporary place until 30.09.2026: Амина, group “Жұлдыз”.")
    program.press("Download the referral")
    paper = save_paper(program, tmp_path)
    assert "Attention: this is a temporary place." in paper
    assert "30.09.2026" in paper
    town.at(date(2026, 9, 9), 8, 30)
    town.act("kindergarten", Event.TEMP_ATTEND, Actor.KINDERGARTEN, row.id)
    program.wake()
    program.press("History")
    program.reads("First day in the temporary place")
    town.at(date(2026, 10, 1), 0, 1)
    program.wake()
    program.reads("The temporary place ended")
    row = town.application()
    assert (row.state, row.temp, row.temp_end) == ("queued", "ended", "expelled-auto")
    assert row.rank_date == filed.rank_date
    town.vouchers()
    program.wake()
    program.reads("Voucher issued: confirm your interest")
    assert program.client.waiting() == []
