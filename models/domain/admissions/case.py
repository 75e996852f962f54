"""An application as the machine sees it, what somebody wants to do with it, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from models.domain.admissions.rules import Rules
from models.domain.admissions.states import (
    TEMP_LIVE,
    Actor,
    ArchiveReason,
    Event,
    Flag,
    Mode,
    Programme,
    State,
    StopKind,
    TempEnd,
    TempState,
    TimerKind,
    VoucherState,
)
from models.domain.problems import Problem
from models.domain.working_days import Deadline, WorkingCalendar

_ABOUT_TEMPORARY = frozenset({Event.TEMP_ATTEND, Event.TEMP_SET_UNTIL})
_ABOUT_ATTENDED = frozenset({Event.SANATORIUM_LEAVE, Event.RETURN_FROM_LEAVE, Event.EXPEL})


@dataclass(frozen=True, slots=True)
class Case:
    """One application: everything that a step reads and changes.

    ``group_id`` is the place that is held, or taken once enrolled; ``placement_group_id`` the group the child attends,
    which differs from it during a transfer. ``voucher`` is the permanent one. ``contract_left`` are the working days
    that remained when the contract's term was stopped.
    """

    id: int
    number: str
    programme: Programme
    state: State = State.DRAFT
    submitted_at: datetime | None = None
    rank_date: datetime | None = None
    stop: StopKind | None = None
    archive: ArchiveReason | None = None
    timers: Mapping[TimerKind, Deadline] = field(default_factory=dict)
    restore_used: int = 0
    extended: bool = False
    referral_extended: bool = False
    declines: int = 0
    voucher: VoucherState | None = None
    group_id: int | None = None
    item_id: int | None = None
    placement_group_id: int | None = None
    contract_left: int | None = None
    temp: TempState = TempState.NONE
    temp_end: TempEnd | None = None
    temp_group_id: int | None = None
    temp_until: date | None = None
    temp_voucher: VoucherState | None = None
    flags: frozenset[Flag] = frozenset()

    @property
    def transferring(self) -> bool:
        """Whether the child attends one group while a place in another is being contracted."""
        return self.placement_group_id is not None and self.state is not State.ENROLLED

    def group_of(self, event: Event) -> int | None:
        """Return the group whose kindergarten an event is about: the temporary, the attended or the chosen one."""
        if event in _ABOUT_TEMPORARY:
            return self.temp_group_id if self.temp in TEMP_LIVE else None
        if event in _ABOUT_ATTENDED:
            return self.placement_group_id
        if event is Event.GROUP_CLOSE:
            return self.placement_group_id or self.group_id
        return self.group_id


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody wants to happen, with everything they said about it.

    ``occurred_at`` is when they did it by the device's believed clock; an act that comes late although it was done in
    time is refused as ``late-offline``, so that the officer can look at it.
    """

    event: Event
    actor: Actor
    group_id: int | None = None
    item_id: int | None = None
    until: date | None = None
    start: date | None = None
    days: int | None = None
    documents: frozenset[str] = frozenset()  # kinds of the attached documents
    signature: str = ""  # "" | click | code | eds
    confirmed: bool = False  # the person answered the question that names the consequence
    reason: str = ""
    fault_of_parent: bool = False
    closing_group_id: int | None = None  # which group closes; None means the one attended, else the one held
    occurred_at: datetime | None = None
    reason_code: str = ""  # of models.domain.admissions.reasons; ``reason`` is own words beside it or instead
    contact_only: bool = False  # an edit that changes nothing but how the parent is reached
    digest: str = ""  # of the contract as its signer read it; "" when not known


@dataclass(frozen=True, slots=True)
class World:
    """What is true around the application at the instant of the decision.

    ``fit`` holds the reasons why the child may not get the chosen place or item (models.domain.admissions.eligibility);
    ``incomplete`` what is missing in the application itself.
    """

    free: int = 0  # places in the chosen group and mode
    fit: tuple[Problem, ...] = ()
    incomplete: tuple[Problem, ...] = ()
    another_live: bool = False  # the child has a live application of the programme already
    entries: int = 0  # live entries of the application in waiting lists
    listed: bool = False  # the application already waits for the chosen group
    first_in_line: bool = True  # for issuing a voucher, or for a place that became free
    owner_returns: date | None = None  # of a temporary place
    documents: frozenset[str] = frozenset()  # kinds kept and valid in the application
    contract_sent: bool = False
    ages_out: bool = False  # too old by the coming 1 September
    too_young: bool = False
    child_voucher: bool = False  # another application of the child has a permanent voucher that is not void
    placed_elsewhere: bool = False  # another application of the child has a permanent place
    owner_returned: bool = False  # whose temporary place this is: earlier than agreed
    contract_changed: tuple[str, ...] = ()  # names of the contract's facts that are not as the parent signed them
    contract_digest: str = ""  # of the contract as it stands now; "" when nothing is signed
    missed: Mapping[TimerKind, datetime] = field(default_factory=dict)
    """The terms that ended by themselves since somebody last took a step, with the instant from which they counted
    as ended (:func:`machine.fired_at`): for saying "late" of an act that comes after it."""


class EffectKind(StrEnum):
    """Something outside the application that a step changes, in the same transaction."""

    HOLD = "hold"  # one place of the group and mode
    RELEASE = "release"  # the held place
    OCCUPY = "occupy"  # the held place becomes taken
    VACATE = "vacate"  # a taken place becomes free
    VOUCHER = "voucher"  # to ``state``, with ``reason`` when void
    ENTRY_ADD = "entry-add"
    ENTRY_OFFER = "entry-offer"
    ENTRY_TAKE = "entry-take"
    ENTRY_DROP = "entry-drop"  # the one of ``group_id``, because of ``reason``
    ENTRIES_CANCEL = "entries-cancel"
    REFERRAL = "referral"  # issue one, valid until ``until``
    REFERRAL_EXTEND = "referral-extend"
    REFERRAL_MOVE = "referral-move"  # its last day becomes ``until``, earlier or later
    REFERRAL_VOID = "referral-void"
    REFERRAL_USE = "referral-use"
    CONTRACT_SEND = "contract-send"
    CONTRACT_SIGN_PARENT = "contract-sign-parent"
    CONTRACT_SIGN_ORG = "contract-sign-org"
    CONTRACT_RETURN = "contract-return"
    CONTRACT_CANCEL = "contract-cancel"
    PLACEMENT_BEGIN = "placement-begin"  # in ``group_id`` and ``mode`` from ``start``
    PLACEMENT_END = "placement-end"  # of ``mode``, with the day ``until``
    TEMPORARY_PLACE = "temporary-place"  # lend the owner's place until ``until``
    TEMPORARY_PLACE_END = "temporary-place-end"  # the owner is back from ``start`` on: lend it no more
    RECATEGORISE = "recategorise"


@dataclass(frozen=True, slots=True)
class Effect:
    """One change outside the application. ``item_id`` is the bulletin item of a place that is held or given back."""

    kind: EffectKind
    group_id: int | None = None
    item_id: int | None = None
    mode: Mode = Mode.PERMANENT
    state: VoucherState | None = None
    start: date | None = None
    until: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that a step sends: a template of models.contract.admission_texts and what fills it.

    Deadlines among ``values`` are ISO instants of the last second, days are ISO dates.
    """

    code: str
    values: Mapping[str, str | int] = field(default_factory=dict)
    sms: bool = False
    to: Actor = Actor.PARENT


@dataclass(frozen=True, slots=True)
class Step:
    """What a step makes of an application: the row of the table, the new case, and what follows outside."""

    transition: str
    before: Case
    case: Case
    effects: tuple[Effect, ...]
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """Everything that a guard or an effect may look at. No clock: ``now`` is the instant of the decision."""

    case: Case
    act: Act
    world: World
    rules: Rules
    calendar: WorkingCalendar
    now: datetime

    @property
    def today(self) -> date:
        """The local date of the decision."""
        return self.calendar.local_day(self.now)
