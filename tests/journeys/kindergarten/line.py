"""Acting while the line is broken in one of the ways in which lines break, and mending it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.journeys.kindergarten.town import Town
from tests.journeys.program import Program
from tests.sync.wire import Wire

AWAY: Final = ("down", "html", "stall")
"""There is no line while somebody acts."""
SPOILT: Final = ("lost", "cut", "corrupt", "slow", "twice")
"""What was done goes out, and something happens to it or to its answer: on the way there or back it is lost, cut off,
changed, slow, or arrives two times."""
WAYS: Final = ("open", *AWAY, *SPOILT)
COMMANDS: Final = b"/sync/commands"
BLOBS: Final = b"/blobs/"
WAITS: Final = "Not sent yet"


class Line:
    """The line between a program and the provider, broken in one way at each step that is taken over it."""

    def __init__(self, program: Program, wire: Wire, town: Town, way: str = "open") -> None:
        self.program, self.wire, self.town, self.way = program, wire, town, way

    def step(self, act: Callable[[], object], waits: str = WAITS, only: bytes = COMMANDS) -> None:
        """Do something under the break; then mend the line and wait until the provider has it and all is read.

        ``waits`` is what the window says while it is not sent; ``only`` requests with this in their address are spoilt.
        """
        program, wire = self.program, self.wire
        before = self.town.commands()
        if self.way in AWAY:
            wire.break_(self.way)
            program.wake()
            program.reads("Offline since")
            act()
            program.until(program.client.waiting, "what was done, among what waits")
            program.reads(waits)
            wire.heal()
        elif self.way in SPOILT:
            wire.break_(self.way, count=1, after=120, only=only)
            act()
            program.until(lambda: wire.mode == "open", "the break")
        else:
            act()
        program.until(lambda: self.town.commands() > before and self._there(), "the provider’s answer")
        assert self.town.commands() == before + 1, "what was done arrived once"

    def plain(self, act: Callable[[], object]) -> None:
        """Do something over a sound line and wait until the provider has it and all is read."""
        way, self.way = self.way, "open"
        self.step(act)
        self.way = way

    def _there(self) -> bool:
        program = self.program
        if program.client.waiting():
            program.wake()
            return False
        status = program.client.status()
        return status.complete and not status.waiting and str(status.state) in {"online", "attention"}


def told(program: Program) -> None:
    """Wait until what happened at the provider has come here."""
    program.wake()
    program.settled()
