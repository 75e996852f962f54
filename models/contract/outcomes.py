"""What the provider answers to a command."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct, field

from models.domain.problems import Problem


class Status(StrEnum):
    """How a command ended, or why it has not yet."""

    APPLIED = "applied"
    SUSPENSE = "suspense"  # money accepted, a person at the provider decides where it belongs
    REFUSED = "refused"  # a rule forbids it; stays with the person until they act
    CONFLICT = "conflict"  # somebody changed the same thing; both versions in the result
    HELD = "held"  # waits for a command that it depends on

    @property
    def final(self) -> bool:
        """Whether the provider will not change this by itself."""
        return self is not Status.HELD


class CommandOutcome(Struct, frozen=True):
    """The stored answer to one command; the same for every retry."""

    command_id: str
    status: Status
    problems: list[Problem] = field(default_factory=list)
    result: dict[str, Any] = field(default_factory=dict)
    at: datetime | None = None
