"""What a command is answered whose fields somebody else changed meanwhile: both versions of each, and whose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct, field


class Clash(Struct, frozen=True):
    """A field with the version of the person, that of the provider, and what the person had seen.

    ``by`` is who made the provider's version (of one's own record: on which device), ``actor`` in which part
    (``models.domain.admissions.states.Actor``; "self" for oneself), ``at`` when; "" and None when it is not known.
    """

    field: str
    mine: Any
    theirs: Any
    seen: Any = None
    by: str = ""
    actor: str = ""
    at: datetime | None = None


class Conflict(Struct, frozen=True):
    """The result of a command in conflict; ``stored`` are its fields that nobody else had changed and that count."""

    clashes: list[Clash]
    stored: list[str] = field(default_factory=list)

    def values(self) -> dict[str, Any]:
        """Return the result as it is stored and travels."""
        found: dict[str, Any] = msgspec.to_builtins(self)
        return found


def conflict_of(result: Mapping[str, Any]) -> Conflict | None:
    """Return the conflict that a result tells, None when it tells none that this version understands."""
    try:
        found = msgspec.convert(dict(result), Conflict)
    except msgspec.ValidationError:
        return None
    return found if found.clashes else None
