"""A step being put together: the application's new fields and terms, and what follows outside it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from models.domain.admissions.case import Case, Effect, EffectKind, Moment
from models.domain.admissions.states import Flag, TimerKind
from models.domain.working_days import Deadline


class Draft:
    """A step being put together."""

    def __init__(self, moment: Moment) -> None:
        self.moment = moment
        self.case: Case = moment.case
        self.timers: dict[TimerKind, Deadline] = dict(moment.case.timers)
        self.effects: list[Effect] = []
        self.started: dict[TimerKind, Deadline] = {}

    def set(self, **fields: Any) -> None:
        """Change fields of the application."""
        self.case = dataclasses.replace(self.case, **fields)

    def start(self, kind: TimerKind, deadline: Deadline) -> None:
        """Let a term run."""
        self.timers[kind] = deadline
        self.started[kind] = deadline

    def stop(self, *kinds: TimerKind) -> None:
        """End terms."""
        for kind in kinds:
            self.timers.pop(kind, None)
            self.started.pop(kind, None)

    def then(self, kind: EffectKind, **fields: Any) -> None:
        """Add something that follows outside."""
        self.effects.append(Effect(kind, **fields))

    def flag(self, *flags: Flag) -> None:
        """Show the application to the officer."""
        self.set(flags=self.case.flags | frozenset(flags))

    def unflag(self, *flags: Flag) -> None:
        """Settle what the officer had to look at."""
        self.set(flags=self.case.flags - frozenset(flags))


Change = Callable[[Draft], None]
