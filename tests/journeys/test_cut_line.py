"""The line breaks in every way at each step of giving a reading: nothing is lost, nothing doubled, a sentence shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.contract.sentences import sentence
from tests.fixtures.provider import ProviderServer
from tests.journeys.program import Program
from tests.journeys.surroundings import readings_at
from tests.sync.wire import Wire

WATER = "Water supply, meter 04518237, reading now"
METER = "04518237"
MODES = ("down", "lost", "cut", "corrupt", "html", "stall")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("step", ["opening", "typing", "giving", "answer"])
def test_a_broken_line_loses_nothing_and_doubles_nothing(
    start: Callable[..., Program], wire: Wire, provider_server: ProviderServer, mode: str, step: str
) -> None:
    program = start().sign_in("123456")
    before = readings_at(provider_server, METER)

    def break_at(at: str) -> None:
        if at == step:
            wire.break_(mode, count=1 if step == "answer" else 0, after=120)
            if at != "answer":
                program.wake()
                program.until(lambda: program.client.status().problem, "the break")

    break_at("opening")
    program.go("readings")
    break_at("typing")
    program.write(WATER, "147,5")
    break_at("giving")
    break_at("answer")
    program.press("Give readings")
    program.reads("00147,50 of 20.02.2024")
    if step != "answer":
        program.reads("1 waiting to be sent")
        program.reads("Offline since")
        program.go("waiting")
        program.until(lambda: why(program) in program.words(), "why it waits")
        wire.heal()
        program.press("Send now")
    else:
        program.wake()
    program.settled()
    program.go("readings")
    program.reads("The provider has 00147,50 of 20.02.2024, given by you")
    assert readings_at(provider_server, METER) == [*before, 14_750]
    assert program.client.waiting() == []


def why(program: Program) -> str:
    """Return the sentence that tells why the one entry waits."""
    (item,) = program.client.waiting()
    return sentence(item.last_error) if item.last_error else "It is safe on this computer"
