"""Collections of wishes: opened by an officer, computed by one, given by another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from models.cache.queries.admissions import Offer
from models.cache.queries.collections import Collected, Result
from models.contract.collection_commands import (
    CancelCollection,
    CancelForming,
    IssueForming,
    OpenCollection,
    PlanForming,
)
from models.contract.collection_records import Collection, Forming
from models.domain.admissions.states import Mode
from models.domain.problems import Problem
from ui.context import Context
from ui.department.plan_model import PlanScreen
from ui.kit.table_order import alphabetic

_SHORTEST: Final = timedelta(hours=1)
_LONGEST: Final = timedelta(days=200)
"""What the department takes as an end; source: R-ADM-34."""
_EMPTY = {"programme": "general", "place": "", "language": "", "age": "", "ends": "", "hour": "18:00", "starts": ""}


class CollectionsModel(PlanScreen):
    """The collections, the one that is open with its results, the result that is read, and a new one being made.

    ``left_out`` are groups that match and shall not be in the new collection.
    """

    TOPICS = frozenset({"collection", "forming", "forming_line", "wish_list", "place", "kindergarten_group"})
    COMMANDS = (OpenCollection, CancelCollection, PlanForming, IssueForming, CancelForming)
    ISSUE = IssueForming
    DROP = CancelForming

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.collections: tuple[Collection, ...] = ()
        self.chosen: int | None = None
        self.collected: Collected | None = None
        self.reading: int | None = None
        self.result: Result | None = None
        self.opening = False
        self.left_out: frozenset[int] = frozenset()
        self.giving_up = False
        """Whether it is asked why the open collection is given up."""
        self.draft = dict(_EMPTY)
        self.start()

    def question(self) -> Callable[[Any], Any]:
        """Override."""
        chosen, reading = self.chosen, self.reading

        def ask(connection: Any) -> Any:
            from models.cache.queries import collections

            one = collections.collected(connection, chosen) if chosen is not None else None
            result = collections.result(connection, reading) if reading is not None else None
            return collections.collections(connection), chosen, one, reading, result

        return ask

    def keep(self, answer: Any) -> None:
        """Override."""
        self.collections, chosen, one, reading, result = answer
        if chosen == self.chosen:
            self.collected = one
        if reading == self.reading:
            self.result = result

    def show(self, collection_id: int | None = None) -> None:
        """Open a collection."""
        if collection_id is not None:
            self.open(collection_id)

    def open(self, collection_id: int) -> None:
        """Open a collection with its results."""
        self.chosen, self.collected, self.opening = collection_id, None, False
        self.issuing = self.giving_up = False
        self.reading = self.result = None
        self.document.forget()
        self.refresh()

    def read(self, forming_id: int) -> None:
        """Read a result with its lines."""
        self.reading, self.result = forming_id, None
        self.issuing = self.giving_up = False
        self.document.forget()
        self.refresh()

    def close_card(self) -> None:
        """Go back: from a result to its collection, from that to the list."""
        if self.reading is not None:
            self.reading = self.result = None
        else:
            self.chosen, self.collected, self.opening = None, None, False
        self.issuing = self.giving_up = False
        self.document.forget()
        self.refresh()

    # A new collection

    def begin(self) -> None:
        """Begin a new collection."""
        self.opening, self.problems, self.left_out = True, (), frozenset()
        self.draft = dict(_EMPTY)
        self.data_changed.emit()

    REOPENS = (OpenCollection,)

    def reopen(self, payload: OpenCollection) -> None:
        """Override: open it again; of the groups that match, those that it was not for are left out again."""
        self.close_card()
        self.begin()
        closes = payload.closes_at.astimezone(ZoneInfo(self.desk.zone))
        self.draft.update(
            programme=payload.programme,
            ends=closes.date().isoformat(),
            hour=f"{closes:%H:%M}",
            starts=payload.starts_on.isoformat(),
        )
        self.left_out = frozenset(offer.group.id for offer in self.matching) - frozenset(payload.group_ids)
        self.data_changed.emit()

    @property
    def matching(self) -> list[Offer]:
        """The groups that the new collection may be for, by kindergarten and name."""
        department, draft, today = self.department, self.draft, self.desk.today
        place = draft["place"]
        inside = department.inside(int(place)) if place and department is not None else None
        special = draft["programme"] == "special"
        found = [
            offer
            for offer in self.desk.desk.offers.values()
            if offer.organisation.opened
            and (offer.group.valid_to is None or offer.group.valid_to > today)
            and bool(offer.group.correction) == special
            and (inside is None or offer.organisation.locality_id in inside)
            and draft["language"] in ("", offer.group.language)
            and draft["age"] in ("", str(offer.group.age_from))
        ]
        return sorted(
            found, key=lambda offer: (alphabetic(offer.organisation.name), offer.group.age_from, offer.group.name)
        )

    @property
    def groups(self) -> list[Offer]:
        """The groups that the new collection is for."""
        return [offer for offer in self.matching if offer.group.id not in self.left_out]

    @property
    def free(self) -> int:
        """How many places are free in them, as last heard."""
        return sum(offer.free(Mode.PERMANENT) for offer in self.groups)

    @property
    def ages(self) -> list[int]:
        """The ages from which groups take children."""
        return sorted({offer.group.age_from for offer in self.desk.desk.offers.values()})

    def toggle(self, group_id: int) -> None:
        """Leave a group out, or take it in again."""
        self.left_out = self.left_out ^ {group_id}
        self.data_changed.emit()

    def send_opening(self) -> None:
        """Open the collection."""
        ends, starts = self.day("ends"), self.day("starts")
        hour = _hour(self.typed("hour"))
        wrong = [Problem("field-required", key) for key, day in (("ends", ends), ("starts", starts)) if day is None]
        if hour is None:
            wrong.append(Problem("rule-not-a-time", "hour"))
        if not self.groups:
            wrong.append(Problem("collection-without-groups"))
        if self.refuse(wrong) or ends is None or starts is None or hour is None:
            return
        closes = datetime.combine(ends, hour, ZoneInfo(self.desk.zone))
        if not _SHORTEST <= closes - self.desk.server_now() <= _LONGEST:
            self.refuse([Problem("collection-end", "ends")])
            return
        if starts < ends:
            self.refuse([Problem("collection-start", "starts")])
            return
        groups = [offer.group.id for offer in self.groups]
        payload = OpenCollection(self.department_id, self.draft["programme"], groups, closes, starts)

        def done() -> None:
            self.opening = False

        self.send(payload, then=done)

    def day(self, key: str) -> date | None:
        """Return a day that was entered, None when there is none."""
        text = self.typed(key)
        return date.fromisoformat(text) if text else None

    # What is open

    def compute(self) -> None:
        """Have it computed who would get which place; nothing is given."""
        if self.collected is not None:
            self.send(PlanForming(self.department_id, self.collected.collection.id))

    def begin_give_up(self) -> None:
        """Ask why the collection is given up."""
        self.giving_up, self.problems = True, ()
        self.draft["reason"] = ""
        self.data_changed.emit()

    def leave(self) -> None:
        """Go one step back: from a question to what it asks about, from a result or a new collection to before it."""
        if self.issuing or self.giving_up:
            self.issuing = self.giving_up = False
            self.data_changed.emit()
        else:
            self.close_card()

    def give_up(self) -> None:
        """Give the collection up, with a reason that the families read."""
        if self.collected is None or self.refuse(self.missing("reason")):
            return
        payload = CancelCollection(self.department_id, self.collected.collection.id, self.typed("reason"))
        self.giving_up = False
        self.send(payload)

    @property
    def over(self) -> bool:
        """Whether the open collection takes no wishes any more."""
        found = self.collected
        return found is None or self.desk.server_now() > found.collection.closes_at

    @property
    def open_plan(self) -> Forming | None:
        """Override: the result that is read."""
        return self.result.forming if self.result is not None else None

    @property
    def may_issue(self) -> bool:
        """Override: and no wishes come any more."""
        return super().may_issue and self.over

    def names(self) -> dict[int, tuple[str, str]]:
        """Return kindergarten and group by the group's id."""
        return {key: (one.organisation.name, one.group.name) for key, one in self.desk.desk.offers.items()}


def _hour(text: str) -> time | None:
    hour, colon, minute = text.partition(":")
    if not colon or not (hour + minute).isascii() or not (hour + minute).isdigit():
        return None
    return time(int(hour), int(minute)) if int(hour) < 24 and int(minute) < 60 else None
