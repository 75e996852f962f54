"""A full group: waiting in its list, the offer of the place that becomes free, and what follows an answer or none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from models.domain.admissions.states import Actor, Event
from tests.journeys.kindergarten.line import WAYS, Line, told
from tests.journeys.kindergarten.steps import (
    CONTRACT_PAPERS,
    conclude,
    file_general,
    make_papers,
    open_application,
    take_voucher,
)
from tests.journeys.kindergarten.town import MOTHER, NEWCOMER, Town
from tests.journeys.program import Program
from tests.sync.wire import Wire

GROUP = "Жұлдыз"
ANSWERS = ("open", "down", "stall", "lost", "cut", "twice")


@pytest.fixture
def full(town: Town) -> int:
    """Let the neighbour's child hold the only place of the group; returns its application."""
    one = town.file("neighbour")
    town.vouchers()
    town.choose("neighbour", GROUP)
    return one


def wait_in_list(program: Program, line: Line) -> None:
    """File, take the voucher, and join the list of the full group."""
    town = line.town
    file_general(program, line)
    open_application(program)
    town.later(days=1)
    town.vouchers()
    program.wake()
    take_voucher(program, line)
    join(program, line)


def join(program: Program, line: Line) -> None:
    """Join the list of the full group."""
    program.press("Join a waiting list")
    program.pick("Kindergartens with free places", "Kazakh")
    program.press(f"Join the waiting list: {GROUP}")
    program.reads("Your term stands still meanwhile.")
    line.step(lambda: program.press("Join the waiting list"))
    assert line.town.state() == "voucher-waitlisted"
    program.reads(
        "Wait until a place becomes free in your waiting lists. Your term stands still; 5 working days remain."
    )


def offered(program: Program, town: Town, holder: int) -> None:
    """Let the place become free: it is offered to the child of the window."""
    town.later(hours=2)
    town.act("father", Event.REFUSE_VOUCHER, Actor.PARENT, holder)
    assert town.state() == "place-offered"
    assert town.counts(GROUP) == (1, 0), "held for who is first, for nobody else"
    program.wake()
    program.go("waiting_lists")
    program.press("Answer the offer")
    program.reads("A place is offered to you: Амина, group “Жұлдыз”. Take it or decline by")


@pytest.mark.parametrize("way", WAYS)
def test_the_place_that_becomes_free_is_offered_and_taken(
    start: Callable[..., Program], town: Town, full: int, wire: Wire, tmp_path: Path, way: str
) -> None:
    program = start().enter(MOTHER)
    line = Line(program, wire, town, way)
    wait_in_list(program, line)
    program.go("waiting_lists")
    program.reads("Place in the list")
    offered(program, town, full)
    assert "place" in town.text_messages()[-1], "the telephone is told with its whole number"
    program.press("Yes, I take the place")
    program.reads("The kindergarten prepares the contract. You have until 15.09.2026")
    line.step(lambda: program.press("Yes, I take the place"))
    assert town.state() == "contract-org"
    assert town.counts(GROUP) == (1, 0)
    program.reads("Wait for the contract from Амина. The place is held for you.")
    program.go("waiting_lists")
    program.reads("You stand in no waiting list.")
    open_application(program)
    line.way = "open"
    conclude(program, line, make_papers(tmp_path, *CONTRACT_PAPERS))
    assert town.counts(GROUP) == (0, 1)
    assert program.client.waiting() == []


@pytest.mark.parametrize("way", ANSWERS)
def test_a_declined_place_goes_to_the_next_in_line(
    start: Callable[..., Program], town: Town, full: int, wire: Wire, way: str
) -> None:
    program = start().enter(MOTHER)
    line = Line(program, wire, town, way)
    wait_in_list(program, line)
    town.newcomer_waits(GROUP)
    offered(program, town, full)
    program.press("No, the place goes to another child")
    program.reads("The place goes to the next child, and your term runs again until")
    line.step(lambda: program.press("No, the place goes to another child"))
    assert (town.state(), town.state("dana")) == ("voucher-active", "place-offered")
    assert town.counts(GROUP) == (1, 0)
    program.reads("Choose a kindergarten and sign the contract with it by")
    program.go("waiting_lists")
    program.reads("You stand in no waiting list.")


@pytest.mark.parametrize("way", ANSWERS)
def test_an_offer_that_nobody_answers_lapses_and_the_next_in_line_has_it(
    start: Callable[..., Program], town: Town, full: int, wire: Wire, way: str
) -> None:
    program = start().enter(MOTHER)
    line = Line(program, wire, town, way)
    wait_in_list(program, line)
    town.newcomer_waits(GROUP)
    offered(program, town, full)
    town.at(date(2026, 9, 11), 0, 1)
    assert (town.state(), town.state("dana")) == ("voucher-active", "place-offered")
    told(program)
    program.reads("Choose a kindergarten and sign the contract with it by")
    program.press("History")
    program.reads("The offer ended")
    program.press("Information")
    # The list may be joined again, and there the order is that of the queue: she stands first once more.
    join(program, line)
    town.at(date(2026, 9, 16), 0, 1)
    assert (town.state(), town.state("dana")) == ("place-offered", "voucher-active")
    told(program)
    program.press("Yes, I take the place")
    line.step(lambda: program.press("Yes, I take the place"))
    assert town.state() == "contract-org"


@pytest.mark.parametrize("way", ["down", "html"])
def test_an_answer_that_comes_too_late_takes_no_place_from_the_next_in_line(
    start: Callable[..., Program], town: Town, full: int, wire: Wire, way: str
) -> None:
    program = start().enter(MOTHER)
    line = Line(program, wire, town)
    wait_in_list(program, line)
    town.newcomer_waits(GROUP)
    offered(program, town, full)
    wire.break_(way)
    program.wake()
    program.reads("Offline since")
    program.press("Yes, I take the place")
    program.press("Yes, I take the place")
    program.reads("is not sent yet: it counts only when the department receives it")
    town.at(date(2026, 9, 11), 0, 1)
    assert town.state("dana") == "place-offered"
    wire.heal()
    program.wake()
    program.reads("Your act was in time here and came late to the department. An officer decides about it.")
    assert (town.state(), town.state("dana")) == ("voucher-active", "place-offered")
    assert town.counts(GROUP) == (1, 0)
    town.act(NEWCOMER, Event.ACCEPT_OFFER, Actor.PARENT, town.application("dana").id)
    assert town.state("dana") == "contract-org"


@pytest.mark.parametrize("way", ANSWERS)
def test_leaving_the_list_lets_the_term_run_again(
    start: Callable[..., Program], town: Town, full: int, wire: Wire, way: str
) -> None:
    program = start().enter(MOTHER)
    line = Line(program, wire, town, way)
    wait_in_list(program, line)
    program.go("waiting_lists")
    program.press(f"Leave this list: Амина, group “{GROUP}”")
    program.reads("It is your last list: your term runs again, until")
    line.step(lambda: program.press("Leave this list"), "Leaving: not sent yet")
    assert town.state() == "voucher-active"
    program.reads("You stand in no waiting list.")
    town.later(hours=1)
    town.act("father", Event.REFUSE_VOUCHER, Actor.PARENT, full)
    assert town.state() == "voucher-active", "nothing is offered to who left"
    assert town.counts(GROUP) == (0, 0)
