"""What is done with children and with applications: by their families, and as steps by whoever is asked."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

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


class WriteReview(Payload, frozen=True, forbid_unknown_fields=True):
    """Say what one thinks of a kindergarten that one's child attends or attended."""

    KIND: ClassVar[str] = "write-review"

    department_id: int
    organisation_id: int
    stars: int
    text: str


class SendFeedback(Payload, frozen=True, forbid_unknown_fields=True):
    """Write a letter to the department, or write on under one's own letter, which has its subject already."""

    KIND: ClassVar[str] = "send-feedback"

    department_id: int
    subject: str
    text: str
    letter_id: int | None = None
