"""Rows of the yearly forming of groups: a collection of wishes, each family's ranked list, and the officers' result."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from msgspec import field

from models.contract.record import Record


class Collection(Record, frozen=True, array_like=True):
    """Wishes are collected until ``closes_at`` and then matched with the free places of ``group_ids`` at once."""

    TABLE: ClassVar[str] = "collection"

    department_id: int
    number: str
    programme: str
    group_ids: list[int]
    starts_on: date  # the first day in the groups; ages count on it
    opened_at: datetime
    closes_at: datetime
    state: str  # collecting | closed | issued | cancelled
    decided_at: datetime | None = None
    reason: str = ""  # why it was cancelled


class WishList(Record, frozen=True, array_like=True):
    """The groups that a family wants for an application in a collection, best first; the last one filed counts."""

    TABLE: ClassVar[str] = "wish_list"

    collection_id: int
    application_id: int
    groups: list[int]
    filed_at: datetime
    state: str  # filed | withdrawn | placed | not-placed
    group_id: int | None = None  # what was given
    wish: int = 0  # which wish that is, from 1


class Forming(Record, frozen=True, array_like=True):
    """A result as one officer had it computed; another issues it. ``places`` are [group, free, given] a group."""

    TABLE: ClassVar[str] = "forming"

    collection_id: int
    number: str
    lists: int
    placed: int
    stable: bool
    places: list[list[int]]
    state: str  # planned | issued | cancelled | stale
    planned_by: str
    planned_at: datetime
    issued_by: str = ""
    issued_at: datetime | None = None
    fingerprint: str = ""  # of the lines: issued only if the queue and the wishes still give the same
    reason: str = ""
    planner_id: int = 0  # whose ``planned_by`` is: names are not unique


class FormingLine(Record, frozen=True, array_like=True):
    """What one application got, in the order of the queue; ``refused`` are problems of wishes that do not count."""

    TABLE: ClassVar[str] = "forming_line"

    forming_id: int
    position: int
    application_id: int
    number: str
    child: str
    category_rank: int
    rank_date: datetime
    group_id: int | None
    wish: int  # which of the wishes, from 1; 0 for no place
    wishes: list[int]  # those that count, best first
    sibling: bool = False
    twins: bool = False
    refused: list[dict[str, Any]] = field(default_factory=list)


COLLECTION_RECORDS: tuple[type[Record], ...] = (Collection, WishList, Forming, FormingLine)
