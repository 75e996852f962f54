"""The special queue: a doctor confirms the commission's conclusion first; with the line broken at each step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from models.domain.admissions.states import Actor, Event
from tests.journeys.kindergarten.line import Line
from tests.journeys.kindergarten.steps import (
    CONTRACT_PAPERS,
    choose_group,
    conclude,
    file_special,
    make_papers,
    open_application,
    take_voucher,
)
from tests.journeys.kindergarten.town import MOTHER, Town
from tests.journeys.program import Program
from tests.sync.wire import Wire


@pytest.mark.parametrize("way", ["open", "down", "lost", "cut", "twice"])
def test_a_child_that_needs_correction_gets_a_place(
    start: Callable[..., Program], town: Town, wire: Wire, tmp_path: Path, way: str
) -> None:
    program = start().enter(MOTHER)
    line = Line(program, wire, town, way)
    (conclusion,) = make_papers(tmp_path, "pmpk").values()
    file_special(program, line, conclusion)
    filed = town.application()
    assert filed.state == "docs-review"
    assert town.column("SELECT kind FROM attachment WHERE application_id = :id", id=filed.id) == ["pmpk"]
    open_application(program)
    program.reads("A doctor checks the documents. You need do nothing now; a message will come.")
    town.later(days=1)
    town.act("doctor", Event.DOC_CONFIRM, Actor.DOCTOR, filed.id)
    program.wake()
    program.reads("Wait for your turn. When a voucher is issued, a message will come.")
    assert town.application().rank_date == filed.submitted_at  # a slow doctor costs nobody their place
    town.later(days=1)
    town.vouchers(programme="special")
    program.wake()
    take_voucher(program, line)
    choose_group(program, line, "Тілашар", "Бұлбұл")
    assert town.counts("Бұлбұл") == (1, 0)
    conclude(program, line, make_papers(tmp_path, *CONTRACT_PAPERS))
    program.reads("Your child is enrolled: Тілашар, group “Бұлбұл”.")
    assert town.counts("Бұлбұл") == (0, 1)
    assert town.events()[:3] == ["submit", "doc-confirm", "issue-voucher"]
    assert program.client.waiting() == []


def test_documents_that_a_doctor_does_not_confirm_end_the_application_with_a_name_and_a_reason(
    start: Callable[..., Program], town: Town, wire: Wire, tmp_path: Path
) -> None:
    program = start().enter(MOTHER)
    (conclusion,) = make_papers(tmp_path, "pmpk").values()
    file_special(program, Line(program, wire, town), conclusion)
    open_application(program)
    town.later(hours=2)
    number = town.application().id
    town.act("doctor", Event.DOC_REJECT, Actor.DOCTOR, number, reason="Қорытындының мерзімі өтіп кеткен")
    program.wake()
    program.reads("The application is archived. The documents were not confirmed.")
    program.press("History")
    program.reads("Reason: Қорытындының мерзімі өтіп кеткен")
    program.reads("Тілеуова Айман · Doctor")
    program.go("messages")
    program.open_row("Messages", "Application not accepted")
    program.reads("was not accepted by the employee: Тілеуова Айман")
