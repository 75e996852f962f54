"""What officers, doctors and kindergartens decide and keep: papers, benefits, rules, places, publications, rounds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from msgspec import field

from models.contract.payload import Payload


class CheckDocument(Payload, frozen=True, forbid_unknown_fields=True):
    """Accept or refuse a document of an application."""

    KIND: ClassVar[str] = "check-document"

    department_id: int
    attachment_id: int
    accepted: bool
    reason: str = ""
    valid_until: date | None = None
    reason_code: str = ""


class VerifyBenefit(Payload, frozen=True, forbid_unknown_fields=True):
    """Decide about a claimed benefit, for which until then the general category counts, or about a proved one."""

    KIND: ClassVar[str] = "verify-benefit"

    department_id: int
    application_id: int
    accepted: bool
    reason: str = ""
    reason_code: str = ""


class DecideReview(Payload, frozen=True, forbid_unknown_fields=True):
    """Publish a review, with an answer, or refuse it."""

    KIND: ClassVar[str] = "decide-review"

    department_id: int
    review_id: int
    publish: bool
    answer: str = ""


class SetProgramme(Payload, frozen=True, forbid_unknown_fields=True):
    """Put an edition of a programme's rules in force from a day that lies ahead; a second officer confirms it."""

    KIND: ClassVar[str] = "set-programme"

    department_id: int
    programme: str
    valid_from: date
    settings: dict[str, Any]


class SetCalendarDay(Payload, frozen=True, forbid_unknown_fields=True):
    """Make a day off or a working day, or take that back (``working`` is ``None``)."""

    KIND: ClassVar[str] = "set-calendar-day"

    department_id: int
    day: date
    working: bool | None
    name: dict[str, str] = field(default_factory=dict)


class CompleteCalendarYear(Payload, frozen=True, forbid_unknown_fields=True):
    """Say that all days off and worked days off of a year are entered, so that terms may run into it.

    ``source`` says where they are from, for everybody to read. ``confirmed`` answers the question whether a year
    without any day off is right.
    """

    KIND: ClassVar[str] = "complete-calendar-year"

    department_id: int
    year: int
    source: str = ""
    confirmed: bool = False


class SetCategory(Payload, frozen=True, forbid_unknown_fields=True):
    """Change a category from a day that lies ahead: its rank, name or age band; a second officer confirms it."""

    KIND: ClassVar[str] = "set-category"

    department_id: int
    code: str
    rank: int
    line: str
    name: dict[str, str]
    benefit: str
    age_from_months: int
    age_to_months: int
    valid_from: date


class ConfirmCategory(Payload, frozen=True, forbid_unknown_fields=True):
    """Confirm or refuse, as a second officer, a change of a category; who prepared it may take it back."""

    KIND: ClassVar[str] = "confirm-category"

    department_id: int
    category_id: int
    accepted: bool


class SaveOrganisation(Payload, frozen=True, forbid_unknown_fields=True):
    """Enter a kindergarten (``organisation_id`` is ``None``) or change it."""

    KIND: ClassVar[str] = "save-organisation"

    department_id: int
    organisation_id: int | None
    name: str
    kind: str
    ownership: str
    locality_id: int
    address: str
    phone: str
    email: str = ""
    bin: str = ""
    director: str = ""
    corrections: list[str] = field(default_factory=list)
    opened: bool = True


class SaveGroup(Payload, frozen=True, forbid_unknown_fields=True):
    """Enter a group with its places or change it; never below the places that are taken or held."""

    KIND: ClassVar[str] = "save-group"

    department_id: int
    group_id: int | None
    organisation_id: int
    name: str
    age_from: int
    age_to: int
    language: str
    capacity: int
    kind: str = "day"
    correction: str = ""
    responsible: str = ""
    valid_to: date | None = None  # the last day of a group that closes; refused while children or holds remain
    open_again: bool = False  # takes the last day away; without it None leaves the day as it is


class PublishItem(Payload, frozen=True, forbid_unknown_fields=True):
    """Publish free places of a group in the bulletin."""

    KIND: ClassVar[str] = "publish-item"

    department_id: int
    group_id: int
    places: int
    birth_years: list[int]
    free_from: date
    published_on: date
    responsible: str = ""


class WithdrawItem(Payload, frozen=True, forbid_unknown_fields=True):
    """Take an item out of the bulletin, or lower its number of places; parents keep their place in the queue."""

    KIND: ClassVar[str] = "withdraw-item"

    department_id: int
    item_id: int
    reason: str
    places: int | None = None  # the new number; None withdraws it whole
    reason_code: str = ""


class PlanIteration(Payload, frozen=True, forbid_unknown_fields=True):
    """Plan a round of vouchers: nothing is issued, the plan can be read and printed."""

    KIND: ClassVar[str] = "plan-iteration"

    department_id: int
    programme: str
    vouchers: int
    locality_id: int | None = None
    birth_year: int | None = None
    language: str = ""
    correction: str = ""  # of the special queue; "" for all


class IssueIteration(Payload, frozen=True, forbid_unknown_fields=True):
    """Issue the vouchers of a plan that another officer made."""

    KIND: ClassVar[str] = "issue-iteration"

    department_id: int
    iteration_id: int


class CancelIteration(Payload, frozen=True, forbid_unknown_fields=True):
    """Throw a plan away."""

    KIND: ClassVar[str] = "cancel-iteration"

    department_id: int
    iteration_id: int
    reason: str = ""


class DecideAppeal(Payload, frozen=True, forbid_unknown_fields=True):
    """Decide whether a click that came late because the line was down shall count."""

    KIND: ClassVar[str] = "decide-appeal"

    department_id: int
    appeal_id: int
    granted: bool
    reason: str
    reason_code: str = ""


class ConfirmChange(Payload, frozen=True, forbid_unknown_fields=True):
    """Confirm, as a second officer, what another prepared: an edition of a programme's rules."""

    KIND: ClassVar[str] = "confirm-change"

    department_id: int
    programme_id: int
    accepted: bool
    seen_at: datetime | None = None


class AnswerLetter(Payload, frozen=True, forbid_unknown_fields=True):
    """Answer a letter; ``seen`` is the last entry that its writer had read."""

    KIND: ClassVar[str] = "answer-letter"

    department_id: int
    letter_id: int
    text: str
    seen: int


class CloseLetter(Payload, frozen=True, forbid_unknown_fields=True):
    """Close a letter without an answer, with the reason that its author reads."""

    KIND: ClassVar[str] = "close-letter"

    department_id: int
    letter_id: int
    reason: str
    reason_code: str = ""
    seen: int = 0
