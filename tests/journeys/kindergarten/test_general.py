"""The general queue: from the application to the place, with the line broken at each step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.kindergarten.line import WAYS, Line
from tests.journeys.kindergarten.steps import (
    CONTRACT_PAPERS,
    choose_group,
    conclude,
    file_general,
    make_papers,
    open_application,
    take_voucher,
)
from tests.journeys.kindergarten.town import MOTHER, Town
from tests.journeys.program import Program
from tests.sync.wire import Wire


@pytest.mark.parametrize("way", WAYS)
def test_a_child_gets_a_place_through_a_voucher(
    start: Callable[..., Program], town: Town, wire: Wire, tmp_path: Path, way: str
) -> None:
    program = start().enter(MOTHER)
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
    conclude(program, line, make_papers(tmp_path, *CONTRACT_PAPERS))
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
