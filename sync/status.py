"""What the sync engine tells the program: how things stand, what waits, what one run did."""

from __future__ import annotations

from collections.abc import Collection
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
    """A command that is not settled, for the list of what waits. ``stays`` is why it cannot be withdrawn now."""

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
    stays: Problem | None = None
    about: str = ""  # whose application or which child it is about, as this computer knew it when it was entered


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


def why_it_stays(item: Item, needed: Collection[str]) -> Problem | None:
    """Return why an open command cannot be withdrawn, None when it can; ``needed`` are the ids that others wait for."""
    if item.outcome is not None and item.outcome.status in (Status.REFUSED, Status.CONFLICT):
        return None
    if item.signed or item.outcome is not None:
        return Problem("already-sent")
    if item.entry.money:
        return Problem("money-stays")
    return Problem("others-depend") if item.entry.id in needed else None


def waiting_item(item: Item, sending: frozenset[str], needed: Collection[str] = ()) -> WaitingItem:
    """Return an open row of the outbox as people see it; ``needed`` are the ids that other open rows wait for."""
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
        stays=why_it_stays(item, needed),
        about=entry.about,
    )


def known(item: Item) -> bool:
    """Return whether this version of the program knows the kind of a command."""
    return item.entry.kind in KINDS
