"""A voucher that nobody confirmed: the stop list, restoring once, and what follows the second time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.journeys.kindergarten.line import WAYS, Line, told
from tests.journeys.kindergarten.steps import file_general, open_application, take_voucher
from tests.journeys.kindergarten.town import MOTHER, Town
from tests.journeys.program import Program
from tests.sync.wire import Wire

RESTORE = "Restore the place in the queue"


def stopped(program: Program, town: Town) -> None:
    """Let the term of the voucher pass without an answer."""
    town.vouchers()
    told(program)
    program.reads("Voucher issued: confirm your interest")
    town.at(date(2026, 9, 11), 0, 1)
    assert town.state() == "stop-list"
    told(program)
    program.reads("Restore your place in the queue by")


@pytest.mark.parametrize("way", WAYS)
def test_who_let_the_voucher_lapse_is_restored_with_the_first_date(
    start: Callable[..., Program], town: Town, wire: Wire, way: str
) -> None:
    program = start().enter(MOTHER)
    line = Line(program, wire, town, way)
    file_general(program, line)
    filed = town.application()
    town.later(days=1)
    town.file("neighbour")
    open_application(program)
    stopped(program, town)
    assert town.application().restore_used == 0
    # Counted from the missed term of 10.09 (28 calendar days), not from when somebody looked.
    program.reads("Restore your place in the queue by 08.10.2026 23:59:59. Otherwise the application is archived.")
    program.press(RESTORE)
    program.reads("This can be done once.")
    line.step(lambda: program.press(RESTORE))
    row = town.application()
    assert (row.state, row.rank_date, row.restore_used) == ("queued", filed.rank_date, 1)
    program.reads("Your number in the queue")
    assert town.column("SELECT number FROM queue_position WHERE application_id = :id", id=row.id) in ([1], [])
    town.at(date(2026, 9, 14))
    town.vouchers()
    assert (town.state(), town.state("neighbour")) == ("voucher-issued", "queued"), "who came later is not ahead"
    told(program)
    take_voucher(program, line)
    assert town.state() == "voucher-active"
    assert town.events() == ["submit", "issue-voucher", "interest-expires", "restore", "issue-voucher",
                             "confirm-interest"]  # fmt: skip
    assert program.client.waiting() == []


def test_the_second_lapse_archives_at_once(start: Callable[..., Program], town: Town, wire: Wire) -> None:
    program = start().enter(MOTHER)
    line = Line(program, wire, town)
    file_general(program, line)
    town.later(days=1)
    open_application(program)
    stopped(program, town)
    program.press(RESTORE)
    line.step(lambda: program.press(RESTORE))
    town.at(date(2026, 9, 14))
    town.vouchers()
    told(program)
    program.reads("Voucher issued: confirm your interest")
    town.at(date(2026, 9, 17), 0, 1)
    assert (town.state(), town.application().archive) == ("archived", "restore-limit")
    told(program)
    program.reads("The application is archived.")
    assert not program.has_button(RESTORE)


def test_who_is_not_restored_in_time_is_archived(start: Callable[..., Program], town: Town, wire: Wire) -> None:
    program = start().enter(MOTHER)
    line = Line(program, wire, town)
    file_general(program, line)
    town.later(days=1)
    open_application(program)
    stopped(program, town)
    town.at(date(2026, 10, 9), 0, 1)
    assert (town.state(), town.application().archive) == ("archived", "stoplist-expired")
    told(program)
    program.reads("The application is archived.")


@pytest.mark.parametrize("way", ["down", "html"])
def test_restoring_without_a_line_in_time_that_comes_late_is_put_before_an_officer(
    start: Callable[..., Program], town: Town, wire: Wire, way: str
) -> None:
    program = start().enter(MOTHER)
    line = Line(program, wire, town)
    file_general(program, line)
    filed = town.application()
    town.later(days=1)
    open_application(program)
    stopped(program, town)
    town.at(date(2026, 10, 8), 22, 0)
    told(program)
    wire.break_(way)
    program.wake()
    program.reads("Offline since")
    program.press(RESTORE)
    program.press(RESTORE)
    program.reads("is not sent yet: it counts only when the department receives it")
    program.reads("The term may end before the line returns: find a connection now.")
    town.at(date(2026, 10, 9), 0, 1)
    assert town.state() == "archived"
    wire.heal()
    program.wake()
    program.reads("Your act was in time here and came late to the department. An officer decides about it.")
    town.grant()
    told(program)
    row = town.application()
    assert (row.state, row.rank_date) == ("queued", filed.rank_date)
    program.reads("Your number in the queue")
