"""What a handler is given and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.contract.commands import Command
from models.contract.conflicts import Conflict
from models.contract.outcomes import Status
from models.domain.problems import Problem
from provider.store.database import Unit
from provider.store.grants import Access


@dataclass(frozen=True, slots=True)
class HandlerContext:
    """One command being carried out inside ``unit``'s transaction.

    ``occurred_at`` is when the person acted, as far as the provider believes the device's clock: never later than
    ``received_at``; ``clock_suspect`` tells that the claim was not believed. ``access`` is ``None`` for what concerns
    no account, or one that does not exist.
    """

    unit: Unit
    device: int
    user: int
    tenant: int
    command: Command
    received_at: datetime
    occurred_at: datetime
    clock_suspect: bool
    access: Access | None
    memo: dict[Any, Any] = field(default_factory=dict)
    """What handlers have read and may use again for the other commands of the same transaction."""

    @property
    def clock(self) -> Callable[[], datetime]:
        """The clock of this command: the instant of its receipt."""
        return lambda: self.received_at


@dataclass(frozen=True, slots=True)
class Result:
    """How a command ended.

    A handler that answers ``REFUSED`` has written nothing but what tells of the refusal itself (an appeal against it),
    which then stays; one that has written anything else raises ``Refusal``, and all of it is undone. One that answers
    ``CONFLICT`` has written what nobody else had changed.
    """

    status: Status = Status.APPLIED
    problems: tuple[Problem, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


def applied(**values: Any) -> Result:
    """Return that the command was carried out."""
    return Result(values=values)


def refused(*problems: Problem) -> Result:
    """Return that a rule forbids the command."""
    return Result(Status.REFUSED, problems)


def in_conflict(conflict: Conflict) -> Result:
    """Return that somebody else changed the same fields; the person looks at both versions and decides."""
    code = "changed-in-part" if conflict.stored else "changed-meanwhile"
    return Result(Status.CONFLICT, (Problem(code),), conflict.values())


def suspense(*problems: Problem, **values: Any) -> Result:
    """Return that the money was taken and a person decides where it belongs."""
    return Result(Status.SUSPENSE, problems, values)


Handler = Callable[[HandlerContext, Any], Result]
Together = Callable[[Sequence[tuple[HandlerContext, Any]]], list[Result]]
