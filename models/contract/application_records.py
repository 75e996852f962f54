"""Rows of the change feed about families: children, their applications and everything that belongs to one.

They go with scope ``child:<id>``, which the child's parent, whoever it is entrusted to and the department's office
hold. Rows under review by a doctor are also in scope ``doctor``; rows that concern a kindergarten are also in scope
``organisation:<id>``. Words of states and events are those of ``models.domain.admissions.states``.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from msgspec import field

from models.contract.record import Record


class Child(Record, frozen=True, array_like=True):
    """A child, as the register of persons has it."""

    TABLE: ClassVar[str] = "child"

    department_id: int
    iin: str
    surname: str
    given_name: str
    patronymic: str
    born: date
    sex: str  # male | female
    ethnicity: str
    photo: str = ""  # hash of the picture
    version: int = 0

    @property
    def name(self) -> str:
        """Surname, given name and patronymic."""
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)


class Guardian(Record, frozen=True, array_like=True):
    """Who may act for a child, or see it."""

    TABLE: ClassVar[str] = "guardian"

    child_id: int
    user_id: int
    name: str
    kind: str  # parent | entrusted
    may_act: bool
    since: datetime
    until: datetime | None = None  # when it ended; None while it counts
    phone: str = ""
    ends_on: date | None = None  # the last day of what was entrusted for a time


class Application(Record, frozen=True, array_like=True):
    """An application of a child in a programme, as it stands. ``models.contract.admissions.case_of`` reads it."""

    TABLE: ClassVar[str] = "application"

    department_id: int
    number: str
    programme: str
    child_id: int
    applicant_id: int  # user id
    applicant: str
    phone: str
    state: str
    state_since: datetime
    submitted_at: datetime | None
    rank_date: datetime | None
    category_id: int | None
    category_rank: int
    benefit: str  # claimed; "" for none
    benefit_state: str  # "" | claimed | verified | refused
    languages: list[str]
    locality_id: int
    correction: str
    organisation_id: int | None  # wanted, special queue
    stop: str
    archive: str
    terms: dict[str, str]  # running terms: kind of TimerKind → instant, ISO in UTC
    day_terms: list[str]  # kinds among them whose instant is the midnight after the last day
    restore_used: int
    extended: bool
    referral_extended: bool
    declines: int
    voucher: str
    voucher_number: str
    group_id: int | None
    item_id: int | None
    placement_group_id: int | None
    contract_left: int | None
    temp: str
    temp_end: str
    temp_group_id: int | None
    temp_until: date | None
    temp_voucher: str
    flags: list[str]
    bundle_id: int | None = None  # twins
    contract_sent: bool = False
    version: int = 0
    command_id: str = ""
    step_before_stop: str = ""  # the state in which it was stopped or archived, for the tracker
    contract: dict[str, Any] | None = None  # by group, what was signed: models.contract.contracts.Signed
    benefit_by: str = ""  # the officer who found the benefit proved; it counts once another one has too
    benefit_by_id: int | None = None  # while another officer is awaited; names are not unique
    benefit_doubt_by: str = ""  # the officer who found that a proved benefit is none; it counts until another has too
    benefit_doubt_by_id: int | None = None
    benefit_doubt: str = ""  # the officer's reason, with its code of the list
    benefit_doubt_code: str = ""


class QueuePosition(Record, frozen=True, array_like=True):
    """The number in the queue as it was computed at an instant; ``id`` is the application's."""

    TABLE: ClassVar[str] = "queue_position"

    application_id: int
    number: int
    total: int
    at: datetime


class WaitingEntry(Record, frozen=True, array_like=True):
    """An application in the waiting list of a group."""

    TABLE: ClassVar[str] = "waiting_entry"

    application_id: int
    group_id: int
    state: str  # waiting | offered | taken | declined | lapsed | cancelled
    joined_at: datetime
    position: int


class Referral(Record, frozen=True, array_like=True):
    """A numbered paper that sends a child to a group."""

    TABLE: ClassVar[str] = "referral"

    application_id: int
    number: str
    mode: str
    group_id: int
    issued_at: datetime
    valid_until: date
    state: str  # valid | extended | used | void


class Placement(Record, frozen=True, array_like=True):
    """A child in a group, ``[begins_on, ends_on]``."""

    TABLE: ClassVar[str] = "placement"

    application_id: int
    child_id: int
    group_id: int
    mode: str
    begins_on: date
    ends_on: date | None = None


class HistoryEntry(Record, frozen=True, array_like=True):
    """What happened to an application: one row a step, never changed."""

    TABLE: ClassVar[str] = "history_entry"

    application_id: int
    at: datetime
    transition: str
    event: str
    actor: str
    actor_name: str
    from_state: str
    to_state: str
    reason: str
    detail: dict[str, Any] = field(default_factory=dict)
    device_id: int | None = None
    offline: bool = False
    command_id: str = ""
    reason_code: str = ""


class Attachment(Record, frozen=True, array_like=True):
    """A document of an application: what it is, the hash of its content, whether somebody checked it."""

    TABLE: ClassVar[str] = "attachment"

    application_id: int | None
    child_id: int
    kind: str  # pmpk | 027 | birth-certificate | parent-id | 052-2 | 065 | benefit | extension | other
    name: str
    media_type: str
    size: int
    sha256: str
    at: datetime
    state: str  # received | accepted | refused
    valid_until: date | None = None
    checked_by: str = ""
    reason: str = ""
    reason_code: str = ""


class Appeal(Record, frozen=True, array_like=True):
    """A click that was in time on the machine and late at the provider, for an officer to look at."""

    TABLE: ClassVar[str] = "appeal"

    application_id: int
    event: str
    occurred_at: datetime
    received_at: datetime
    due: datetime
    state: str  # open | granted | refused
    reason: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None
    reason_code: str = ""


class Iteration(Record, frozen=True, array_like=True):
    """A round of vouchers: planned by one officer, issued by another, with its printable protocol."""

    TABLE: ClassVar[str] = "iteration"

    department_id: int
    number: str
    programme: str
    locality_id: int | None
    birth_year: int | None
    language: str
    vouchers: int
    planned: int  # how many the plan gives
    state: str  # planned | issued | cancelled | stale
    planned_by: str
    planned_at: datetime
    issued_by: str = ""
    issued_at: datetime | None = None
    fingerprint: str = ""  # of the plan's lines: issued only if the queue still gives the same
    correction: str = ""  # of the special queue; "" for all
    reason: str = ""  # why it was cancelled, or what made it stale
    planner_id: int = 0  # whose ``planned_by`` is: names are not unique


class IterationLine(Record, frozen=True, array_like=True):
    """One child of a round, in order."""

    TABLE: ClassVar[str] = "iteration_line"

    iteration_id: int
    position: int
    application_id: int
    number: str
    child: str
    category_rank: int
    rank_date: datetime
    skipped: str = ""  # why passed over; "" for who gets a voucher
