"""What parents, officers, doctors and kindergartens do in admissions.

Places, numbers and vouchers are decided by the provider when it receives the command; until then a screen says "not
yet filed". ``department_id`` is the provider record of the education department.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from msgspec import field

from models.contract.payload import Payload


class AddChild(Payload, frozen=True, forbid_unknown_fields=True):
    """Enter a child into one's cabinet; the register's data decide, these are what the parent saw."""

    KIND: ClassVar[str] = "add-child"

    department_id: int
    iin: str
    surname: str
    given_name: str
    patronymic: str
    born: date
    sex: str
    ethnicity: str = ""
    photo: str = ""


class SetChildPhoto(Payload, frozen=True, forbid_unknown_fields=True):
    """Change the picture of a child."""

    KIND: ClassVar[str] = "set-child-photo"

    department_id: int
    child_id: int
    photo: str  # hash of an uploaded picture; "" takes it away


class EntrustChild(Payload, frozen=True, forbid_unknown_fields=True):
    """Let another registered person see a child, or act for it."""

    KIND: ClassVar[str] = "entrust-child"

    department_id: int
    child_id: int
    code: str  # IIN of the other person
    may_act: bool = False
    until: date | None = None


class EndEntrusting(Payload, frozen=True, forbid_unknown_fields=True):
    """Take back what was entrusted."""

    KIND: ClassVar[str] = "end-entrusting"

    department_id: int
    guardian_id: int


class RemoveChild(Payload, frozen=True, forbid_unknown_fields=True):
    """Take a child without a live application out of one's own cabinet; nothing is deleted."""

    KIND: ClassVar[str] = "remove-child"

    department_id: int
    child_id: int


class UpdateProfile(Payload, frozen=True, forbid_unknown_fields=True):
    """Change one's own phones, address or picture; fields left ``None`` stay as they are."""

    KIND: ClassVar[str] = "update-profile"

    user_id: int
    extra_phone: str | None = None
    address: str | None = None
    photo: str | None = None


class FileApplication(Payload, frozen=True, forbid_unknown_fields=True):
    """Put a child into the queue of a programme. Effective when the provider receives it."""

    KIND: ClassVar[str] = "file-application"

    department_id: int
    child_id: int
    programme: str
    locality_id: int
    languages: list[str]
    consent: bool
    phone: str = ""
    benefit: str = ""
    correction: str = ""
    organisation_id: int | None = None
    documents: list[int] = field(default_factory=list)  # attachment ids
    blobs: list[str] = field(default_factory=list)  # hashes of documents, as "kind:sha256:name"
    bundle: bool = True  # twins together


class EditApplication(Payload, frozen=True, forbid_unknown_fields=True):
    """Change an application that waits; its date stays. Fields left ``None`` stay as they are."""

    KIND: ClassVar[str] = "edit-application"

    department_id: int
    application_id: int
    languages: list[str] | None = None
    locality_id: int | None = None
    phone: str | None = None
    benefit: str | None = None
    bundle: bool | None = None


class TakeStep(Payload, frozen=True, forbid_unknown_fields=True):
    """Do what ``event`` names (models.domain.admissions.states.Event) with an application."""

    KIND: ClassVar[str] = "take-step"
    DEED: ClassVar[tuple[str, ...]] = ("application_id", "event")

    department_id: int
    application_id: int
    event: str
    group_id: int | None = None
    item_id: int | None = None
    until: date | None = None
    days: int | None = None
    blobs: list[str] = field(default_factory=list)  # documents that come with it, as "kind:sha256:name"
    ticked: list[str] = field(default_factory=list)  # papers that were shown
    confirmed: bool = False
    signature: str = "click"  # click | code | eds
    code: str = ""  # one-time code that signs
    reason: str = ""
    fault_of_parent: bool = False
    reason_code: str = ""  # of models.domain.admissions.reasons; ``reason`` is one's own words beside it or instead
    digest: str = ""  # of the contract as its signer read it (models.contract.contracts.digest); "" when not known


class AttachDocument(Payload, frozen=True, forbid_unknown_fields=True):
    """Add a document to an application; its content is uploaded separately and found by its hash."""

    KIND: ClassVar[str] = "attach-document"

    department_id: int
    application_id: int
    kind: str
    sha256: str
    name: str
    size: int


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
    """Decide about a claimed benefit; until then the general category counts."""

    KIND: ClassVar[str] = "verify-benefit"

    department_id: int
    application_id: int
    accepted: bool
    reason: str = ""
    reason_code: str = ""


class WriteReview(Payload, frozen=True, forbid_unknown_fields=True):
    """Say what one thinks of a kindergarten that one's child attends or attended."""

    KIND: ClassVar[str] = "write-review"

    department_id: int
    organisation_id: int
    stars: int
    text: str


class DecideReview(Payload, frozen=True, forbid_unknown_fields=True):
    """Publish a review, with an answer, or refuse it."""

    KIND: ClassVar[str] = "decide-review"

    department_id: int
    review_id: int
    publish: bool
    answer: str = ""


class SendFeedback(Payload, frozen=True, forbid_unknown_fields=True):
    """Ask or tell the department something."""

    KIND: ClassVar[str] = "send-feedback"

    department_id: int
    subject: str
    text: str


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
    """Change a category from a day on: its rank, name or age band."""

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


ADMISSION_KINDS: tuple[type[Payload], ...] = (
    AddChild,
    SetChildPhoto,
    EntrustChild,
    EndEntrusting,
    RemoveChild,
    UpdateProfile,
    FileApplication,
    EditApplication,
    TakeStep,
    AttachDocument,
    CheckDocument,
    VerifyBenefit,
    WriteReview,
    DecideReview,
    SendFeedback,
    SetProgramme,
    SetCalendarDay,
    CompleteCalendarYear,
    SetCategory,
    SaveOrganisation,
    SaveGroup,
    PublishItem,
    WithdrawItem,
    PlanIteration,
    IssueIteration,
    CancelIteration,
    DecideAppeal,
    ConfirmChange,
)
