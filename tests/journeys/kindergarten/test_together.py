"""Two devices of one parent, two parents of one child, and a click that was in time here and late there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from tests.fixtures.provider import ProviderServer
from tests.journeys.kindergarten.line import Line, told
from tests.journeys.kindergarten.steps import begin_application, file_general, fill_place, open_application
from tests.journeys.kindergarten.town import CODES, FATHER, MOTHER, SON, Town
from tests.journeys.program import Program
from tests.sync.wire import Wire


@pytest.fixture
def second_wire(provider_server: ProviderServer) -> Iterator[Wire]:
    """The line of a second computer."""
    line = Wire(provider_server.url)
    yield line
    line.close()


def test_a_click_in_time_that_came_late_is_looked_at_by_an_officer(parent: Program, town: Town, wire: Wire) -> None:
    program = parent
    file_general(program, Line(program, wire, town))
    filed = town.application()
    open_application(program)
    town.vouchers()
    program.wake()
    program.reads("09.09.2026 23:59:59")
    wire.break_("down")
    town.at(date(2026, 9, 9), 23, 50)
    program.wake()
    program.reads("There is no connection, and the term may end before it returns: find a connection now.")
    program.press("Yes, I take the voucher")
    program.press("Yes, I take the voucher")
    program.reads("it counts only when the department receives it. The term may end before the line returns")
    town.at(date(2026, 9, 10), 8, 30)
    assert (town.state(), town.application().stop) == ("stop-list", "interest")
    wire.heal()
    program.wake()
    program.reads("You did this in time, but it reached the provider after the term had ended at 09.09.2026 23:59")
    program.reads("Your act was in time here and came late to the department. An officer decides about it.")
    town.later(hours=2)
    town.grant()
    assert "Байланыс болмады" in " ".join(town.column("SELECT reason FROM appeal"))
    told(program)
    row = town.application()
    assert row.state in ("queued", "voucher-active")
    assert row.rank_date == filed.rank_date
    assert row.restore_used == 0
    program.until(lambda: "An officer decides about it." not in program.words(), "the decision")
    program.press("Put away")
    program.until(lambda: not program.client.waiting(), "nothing waits")


def test_the_same_click_on_two_devices_counts_once(
    start: Callable[..., Program], town: Town, wire: Wire, second_wire: Wire
) -> None:
    first = start(place="first").enter(MOTHER)
    file_general(first, Line(first, wire, town))
    second = start(place="second", provider_url=second_wire.url).enter(MOTHER)
    town.vouchers()
    for program in (first, second):
        told(program)
        open_application(program)
        program.reads("Voucher issued: confirm your interest")
    second_wire.break_("down")
    second.wake()
    second.until(lambda: second.client.status().problem, "the break")
    second.press("Yes, I take the voucher")
    second.press("Yes, I take the voucher")
    second.reads("Not sent yet")
    first.press("Yes, I take the voucher")
    first.press("Yes, I take the voucher")
    first.reads("Voucher active: choose a kindergarten")
    due = town.application().terms["contract"]
    second_wire.heal()
    second.wake()
    second.reads("Voucher active: choose a kindergarten")
    second.reads("This was done already: ")
    second.press("Put away")
    second.until(lambda: not second.client.waiting(), "nothing waits")
    assert town.events() == ["submit", "issue-voucher", "confirm-interest"]
    assert town.application().terms["contract"] == due


def test_a_child_of_two_parents_is_entered_once_and_entrusted(
    start: Callable[..., Program], town: Town, wire: Wire, second_wire: Wire
) -> None:
    mother = start(place="mother").enter(MOTHER)
    file_general(mother, Line(mother, wire, town))
    father = start(place="father", provider_url=second_wire.url).enter(FATHER)
    father.go("children")
    father.press("Add a child")
    father.write("IIN of the child", SON.code)
    father.press("Check the IIN")
    father.reads("has entered this child already")
    assert SON.given_name not in father.words()
    mother.go("children")
    mother.press("Entrust Алыбай Алдияр Қуандықұлы to somebody")
    mother.write("IIN or document number of the other person", CODES[FATHER])
    mother.tick("May also act: file applications, choose, confirm")
    mother.press("Entrust")
    mother.reads("Алыбай Қуандық Серікұлы")
    told(father)
    father.press("Entrusted children")
    father.reads("You may act")
    father.reads("In the queue")
    begin_application(father, "Bulletin of free places (referral)")
    father.press("Next")
    fill_place(father)
    father.press("Next")
    father.tick("Consent")
    Line(father, second_wire, town).step(lambda: father.press("File the application"))
    assert town.application(programme="bulletin").applicant_id == town.users[FATHER]
    told(mother)
    open_application(mother, town.application(programme="general").number)
    town.vouchers()
    told(mother)
    told(father)
    open_application(father, town.application(programme="general").number)
    mother.reads("Voucher issued: confirm your interest")
    mother.press("Yes, I take the voucher")
    mother.press("Yes, I take the voucher")
    mother.reads("Voucher active: choose a kindergarten")
    told(father)
    father.reads("Voucher active: choose a kindergarten")
    assert town.events().count("confirm-interest") == 1
