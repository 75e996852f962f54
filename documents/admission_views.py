"""What papers of admissions are made from: rows of the feed that belong together, and the state of the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from models.contract.admission_records import (
    Application,
    Attachment,
    Category,
    Child,
    Group,
    HistoryEntry,
    Iteration,
    IterationLine,
    Organisation,
    Placement,
    QueuePosition,
    Referral,
    WaitingEntry,
)
from models.contract.contracts import Facts, Signature
from models.contract.record import Texts
from models.contract.records import Provider
from models.domain.admissions.rules import Rules

FRESH: Final = timedelta(hours=24)
"""How old data may be before a paper made from them is marked."""


@dataclass(frozen=True, slots=True)
class DataState:
    """Which state of the department's data a paper shows: ``as_of`` is when it was last heard of.

    ``offline`` says that there was no line when the paper was made, so the department may know more already.
    """

    as_of: datetime
    sequence: int = 0
    epoch: str = ""
    offline: bool = False

    def is_stale(self, made_at: datetime) -> bool:
        """Return whether a reader has to be told that the data may be out of date."""
        return self.offline or made_at - self.as_of > FRESH


@dataclass(frozen=True, slots=True)
class Where:
    """A group with its kindergarten."""

    organisation: Organisation
    group: Group


@dataclass(frozen=True, slots=True)
class ReferralView:
    """A referral with whose it is, where it sends, what the rules ask. Its ``mode`` decides the form of the paper."""

    department: Provider
    referral: Referral
    application: Application
    child: Child
    where: Where
    locality: Texts
    rules: Rules
    data: DataState


@dataclass(frozen=True, slots=True)
class ContractView:
    """The contract of a place: as it was signed, or as it would be signed now. What is "" is filled in by hand.

    ``digest`` is "" while something that binds is not known here; ``changed`` names the facts that are no longer as
    the parent signed them. ``parent_code`` and ``parent_address`` are known on the parent's own
    computer only.
    """

    department: Provider
    facts: Facts
    data: DataState
    digest: str = ""
    parent: Signature | None = None
    organisation: Signature | None = None
    changed: Sequence[str] = ()
    draft: bool = False
    phone: str = ""
    parent_phone: str = ""
    parent_code: str = ""
    parent_address: str = ""
    starts: date | None = None


@dataclass(frozen=True, slots=True)
class ApplicationPrintView:
    """An application with everything that hangs on it. ``places`` are the groups it names, by their ids."""

    department: Provider
    application: Application
    child: Child
    locality: Texts
    data: DataState
    category: Texts = field(default_factory=dict)
    benefit: Texts = field(default_factory=dict)
    wanted: Organisation | None = None
    position: QueuePosition | None = None
    places: Mapping[int, Where] = field(default_factory=dict)
    entries: Sequence[WaitingEntry] = ()
    referrals: Sequence[Referral] = ()
    placements: Sequence[Placement] = ()
    attachments: Sequence[Attachment] = ()
    history: Sequence[HistoryEntry] = ()


@dataclass(frozen=True, slots=True)
class ProtocolView:
    """A round of vouchers with its lines in order. ``locality`` is empty for the whole department."""

    department: Provider
    iteration: Iteration
    lines: Sequence[IterationLine]
    categories: Sequence[Category]
    rules: Rules
    data: DataState
    locality: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A place in the queue, without anything that names the child or its parent. ``number`` may be kept back."""

    position: int
    number: str
    birth_year: int
    category: Texts
    submitted_at: datetime | None
    languages: Sequence[str]


@dataclass(frozen=True, slots=True)
class QueueView:
    """A queue as it was computed at ``at``. Empty ``locality``, ``birth_year``, ``language``, ``correction`` mean all.

    ``total`` is how many stand in it when ``lines`` are only some of them; ``own`` are numbers to stand out.
    """

    department: Provider
    programme: str
    at: datetime
    lines: Sequence[QueueLine]
    total: int
    data: DataState
    locality: Texts = field(default_factory=dict)
    birth_year: int | None = None
    language: str = ""
    correction: str = ""
    own: frozenset[str] = frozenset()
