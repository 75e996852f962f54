"""The bulletin of free places: the hour of opening, the referral, its prolongation, the place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from models.domain.admissions.rules import DEFAULTS
from models.domain.admissions.states import Actor, Event, Programme
from tests.journeys.kindergarten.line import Line
from tests.journeys.kindergarten.steps import file_bulletin, make_papers, open_application, save_paper
from tests.journeys.kindergarten.town import MOTHER, Town
from tests.journeys.program import Program
from tests.sync.wire import Wire

LAST = date(2026, 9, 15)
"""Five working days after the activation on 8 September."""
NEEDS = frozenset(DEFAULTS[Programme.BULLETIN].referral_needs)


@pytest.mark.parametrize("way", ["open", "down", "lost", "cut", "twice"])
def test_a_child_gets_a_published_place_with_a_referral_that_was_prolonged(
    start: Callable[..., Program], town: Town, wire: Wire, tmp_path: Path, way: str
) -> None:
    program = start().enter(MOTHER)
    line = Line(program, wire, town, way)
    file_bulletin(program, line)
    open_application(program)
    program.reads("Look at the free places that suit your child and apply to one.")
    town.publish("Жұлдыз")
    program.wake()
    program.press("See the free places that suit")
    program.pick("Bulletin of free places", "Амина")
    program.reads("Applications are taken from 07.09.2026 18:00:00, by the server's clock.")
    assert not program.has_button("Apply")
    opening = town.at(date(2026, 9, 7), 18)
    town.clock.go(opening - timedelta(seconds=3))
    program.until(lambda: "Opens in 0 min" in str(program.table("Bulletin of free places")), "the countdown")
    program.until(lambda: program.has_button("Apply"), "the opening, by the second")
    # by the server's clock as the program knows it, which is as exact as half an exchange
    assert town.now >= opening - timedelta(milliseconds=500)
    program.press("Apply")
    program.reads("While it is looked at, you cannot apply to another place.")
    line.step(lambda: program.press("Yes, apply"))
    row = town.application()
    assert (row.state, town.counts("Жұлдыз")) == ("bulletin-applied", (1, 0))
    program.reads("Wait until Амина activates your application. The place is held for you.")
    town.at(date(2026, 9, 8), 11)
    town.act("kindergarten", Event.ACTIVATE, Actor.KINDERGARTEN, row.id)
    program.wake()
    program.reads("by 15.09.2026 23:59:59.")
    program.press("Download the referral")
    paper = save_paper(program, tmp_path)
    assert "Referral to a kindergarten" in paper
    assert "15.09.2026" in paper
    assert not program.has_button("Prolong the referral")
    town.at(LAST, 12)
    program.wake()
    program.until(lambda: program.has_button("Prolong the referral"), "the last day")
    program.press("Prolong the referral")
    program.write("By how many days", "20")
    program.opens = make_papers(tmp_path, "ill")["ill"]
    program.press("Attach a document")
    program.reads(program.opens.name)
    line.step(lambda: program.press("Prolong the referral"))
    program.reads("by 05.10.2026 23:59:59.")
    program.press("Download the referral")
    assert "The term was prolonged once already" in save_paper(program, tmp_path)
    town.at(date(2026, 10, 2), 10)
    town.act("kindergarten", Event.SIGN_CONTRACT, Actor.KINDERGARTEN, row.id, documents=NEEDS)
    program.wake()
    program.reads("Your child is enrolled: Амина, group “Жұлдыз”.")
    assert town.counts("Жұлдыз") == (0, 1)
    assert town.events() == ["submit", "apply-bulletin", "activate", "extend-referral", "sign-contract"]
    assert program.client.waiting() == []
