"""The general queue: from the application to the place, with the line broken at each step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from models.domain.admissions.states import Actor, Event
from tests.journeys.kindergarten.line import WAYS, Line
from tests.journeys.kindergarten.steps import (
    attach_papers,
    choose_group,
    file_general,
    make_papers,
    open_application,
    sign,
    take_voucher,
)
from tests.journeys.kindergarten.town import MOTHER, Town
from tests.journeys.program import Program
from tests.sync.wire import Wire

PAPERS = (
    "Medical certificate 027/u",
    "Birth certificate",
    "Identity card of a parent",
    "Child's health passport 052-2/u",
    "Vaccination card 065/u",
)


@pytest.mark.parametrize("way", WAYS)
def test_a_child_gets_a_place_through_a_voucher(
    start: Callable[..., Program], town: Town, wire: Wire, tmp_path: Path, way: str
) -> None:
    program = start(stall=2.0 if way == "stall" else 10.0).enter(MOTHER)
    line = Line(program, wire, town, way)
    file_general(program, line)
    assert town.state() == "queued"
    open_application(program)
    program.reads("Your number in the queue")
    town.later(days=1)
    town.vouchers()
    program.wake()
    program.reads("10.09.2026 23:59:59")
    take_voucher(program, line)
    assert town.state() == "voucher-active"
    program.reads("Choose a kindergarten and sign the contract with it by 15.09.2026 11:0")
    choose_group(program, line, "Kazakh", "Жұлдыз")
    assert town.state() == "contract-org"
    assert town.counts("Жұлдыз") == (1, 0)
    program.reads("Wait for the contract from Амина. The place is held for you.")
    town.later(hours=3)
    town.act("kindergarten", Event.SEND_CONTRACT, Actor.KINDERGARTEN, town.application().id)
    program.wake()
    program.reads("Fill in the contract, attach the documents and sign it by 15.09.2026 11:0")
    attach_papers(program, line, make_papers(tmp_path, *PAPERS))
    program.press("Information")
    sign(program, line, "Sign the contract", town.code)
    assert town.state() == "contract-org-sign"
    program.reads("Wait until Амина signs. Then your child is enrolled.")
    town.later(hours=1)
    town.act("kindergarten", Event.SIGN_ORG, Actor.KINDERGARTEN, town.application().id, signature="code")
    program.wake()
    program.reads("Your child is enrolled: Амина, group “Жұлдыз”.")
    assert town.counts("Жұлдыз") == (0, 1)
    assert town.events() == [
        "submit",
        "issue-voucher",
        "confirm-interest",
        "choose-place",
        "send-contract",
        "sign-parent",
        "sign-org",
    ]
    assert program.client.waiting() == []
