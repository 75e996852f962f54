"""What the sync engine tells the program: how things stand, what waits, what one run did."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from models.cache.outbox import Item
from models.contract.commands import KINDS, Payload
from models.contract.outcomes import Status
from models.domain.problems import Problem


class State(StrEnum):
    """The one word for how things stand, worst first."""

    SIGNED_OUT = "signed_out"
    LEASE_EXPIRED = "lease_expired"
    SYNCING = "syncing"
    ATTENTION = "attention"  # something was refused, conflicts or is held, and a person has to look
    OFFLINE = "offline"
    ONLINE = "online"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long step is: its name, rows done, rows in all (0 when unknown)."""

    step: str  # push | pull | load | index | check
    done: int
    total: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class WaitingItem:
    """A command that is not settled, for the list of what waits."""

    command_id: str
    kind: str
    payload: Payload
    occurred_at: datetime
    state: str  # waiting | sending | held | refused | suspense | conflict
    problems: tuple[Problem, ...] = ()
    attempts: int = 0
    last_error: Problem | None = None
    next_attempt: datetime | None = None
    amount_minor: int | None = None
    currency: str = ""
    result: dict[str, Any] = field(default_factory=dict)
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """How things stand. ``as_of`` is the last complete cut, ``waiting_minor`` unsent money by currency."""

    state: State
    last_contact: datetime | None = None
    as_of: datetime | None = None
    waiting: int = 0
    waiting_minor: dict[str, int] = field(default_factory=dict)
    attention: int = 0
    problem: Problem | None = None
    progress: Progress | None = None
    complete: bool = False


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What one run did. ``problem`` is why it ended early; nothing is lost then."""

    pushed: int = 0
    refused: int = 0
    pulled: int = 0
    complete: bool = False
    sequence: int = 0
    problem: Problem | None = None


def waiting_item(item: Item, sending: frozenset[str]) -> WaitingItem:
    """Return an open row of the outbox as people see it."""
    entry = item.entry
    outcome = item.outcome
    if outcome is not None and outcome.status is not Status.APPLIED:
        state = str(outcome.status)
    elif entry.id in sending or outcome is not None:
        state = "sending"
    else:
        state = "waiting"
    return WaitingItem(
        command_id=entry.id,
        kind=entry.kind,
        payload=entry.command().content(),
        occurred_at=entry.occurred_at,
        state=state,
        problems=() if outcome is None else tuple(outcome.problems),
        attempts=item.attempts,
        last_error=item.last_error,
        next_attempt=item.next_attempt_at,
        amount_minor=entry.amount_minor,
        currency=entry.currency,
        result={} if outcome is None else outcome.result,
        account_id=entry.account_id,
    )


def known(item: Item) -> bool:
    """Return whether this version of the program knows the kind of a command."""
    return item.entry.kind in KINDS
