"""What parents and officers do when wishes are collected and groups are formed at once."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from msgspec import field

from models.contract.payload import Payload


class OpenCollection(Payload, frozen=True, forbid_unknown_fields=True):
    """Begin to collect wishes for groups of a programme until an instant; ``starts_on`` is the first day in them."""

    KIND: ClassVar[str] = "open-collection"

    department_id: int
    programme: str
    group_ids: list[int]
    closes_at: datetime
    starts_on: date


class CancelCollection(Payload, frozen=True, forbid_unknown_fields=True):
    """Give a collection up; the families that filed wishes are told why."""

    KIND: ClassVar[str] = "cancel-collection"

    department_id: int
    collection_id: int
    reason: str


class FileWishes(Payload, frozen=True, forbid_unknown_fields=True):
    """File the groups that a family wants, best first, in place of what was filed before; no groups take it back."""

    KIND: ClassVar[str] = "file-wishes"

    department_id: int
    application_id: int
    collection_id: int
    groups: list[int] = field(default_factory=list)


class PlanForming(Payload, frozen=True, forbid_unknown_fields=True):
    """Have it computed who would get which place; nothing is given by it."""

    KIND: ClassVar[str] = "plan-forming"

    department_id: int
    collection_id: int


class IssueForming(Payload, frozen=True, forbid_unknown_fields=True):
    """Give the places of a result that another officer had computed."""

    KIND: ClassVar[str] = "issue-forming"

    department_id: int
    forming_id: int


class CancelForming(Payload, frozen=True, forbid_unknown_fields=True):
    """Throw a result away; the collection stays."""

    KIND: ClassVar[str] = "cancel-forming"

    department_id: int
    forming_id: int
    reason: str = ""


COLLECTION_KINDS: tuple[type[Payload], ...] = (
    OpenCollection,
    CancelCollection,
    FileWishes,
    PlanForming,
    IssueForming,
    CancelForming,
)
