"""The ranked groups of an application in a collection: a draft that outlives the program, then a list that is filed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal

from models.cache.queries.admissions import ApplicationView, Department, Offer
from models.cache.queries.collections import Wishes
from models.contract.collection_commands import FileWishes
from models.contract.collection_records import Collection, WishList
from models.contract.sentences import sentence
from models.domain.admissions.states import State
from translations import _
from ui.context import Context
from ui.drafts import Drafts
from ui.family.facts import fits_group
from ui.family.model import OPEN, family_of
from ui.kit.table_order import alphabetic
from ui.screen_model import ScreenModel

TOPICS: Final = frozenset({"collection", "wish_list", "place", "kindergarten_group", "organisation"})
DRAFT: Final = "wishes"
WISHING: Final = frozenset({State.QUEUED, State.VOUCHER_ACTIVE, State.VOUCHER_WAITLISTED})
"""States in which an application may wish for a place."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A collection that concerns an application, and the list that the department has."""

    collection: Collection
    view: ApplicationView
    filed: WishList | None

    @property
    def key(self) -> str:
        """Under which its draft is kept."""
        return f"{self.collection.id}:{self.view.id}"


class WishesModel(ScreenModel):
    """The chosen application in its collection. ``draft_lists`` are ranked groups that are not filed, by key."""

    data_changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.home = family_of(context)
        self.wishes = Wishes()
        self._offers: dict[int, Offer] = {}
        self.ready = False
        self.chosen = ""
        self.row = 0
        """The wish that has the cursor, from 0."""
        self.draft_lists: dict[str, tuple[int, ...]] = {}
        self._just: tuple[str, tuple[int, ...]] = ("", ())
        """The list that was filed this moment and is not read among what waits yet: by key."""
        self._drafts = Drafts(context, DRAFT, self._collect, self._restore, (self.edited,), self)
        context.topics.listen(self, TOPICS, self.refresh)
        self.home.changed.connect(self._news)
        self.home.state_changed.connect(self.changed)
        self.refresh()

    def show(self, application_id: int | None = None) -> None:
        """Rank for an application."""
        found = next((one for one in self.asked if one.view.id == application_id), None)
        if found is not None:
            self.choose(found.key)

    def visited(self) -> None:
        """Read again when the screen opens."""
        self.refresh()

    def _news(self) -> None:
        """Read again what waits and what is filed."""
        self._just = ("", ())
        self._settle()
        self.refresh()

    def _settle(self) -> None:
        """Forget a draft that is on its way now, or filed."""
        one, coming = self.one, self.coming
        settled = tuple(coming.payload.groups) if coming is not None else self.filed
        if one is not None and self.draft_lists.get(one.key) == settled:
            del self.draft_lists[one.key]
            self.edited.emit()

    def refresh(self) -> None:
        """Read the collections and lists again."""

        departments = sorted({view.application.department_id for view in self.home.family.applications})
        now = self.home.server_now()

        def question(connection: Any) -> tuple[Wishes, dict[int, Offer]]:
            from models.cache.queries import admissions, collections

            found = collections.wishes(connection)
            wanted = departments if found.collections else []
            offers = [one for number in wanted for one in admissions.offers(connection, number, now)]
            return found, {one.group.id: one for one in offers}

        self.context.read(self, question, self._take, self._failed, name="wishes")

    def _take(self, found: tuple[Wishes, dict[int, Offer]]) -> None:
        self.wishes, self._offers = found
        self.ready, self.failure = True, None
        self._settle()
        self.data_changed.emit()

    def _collect(self) -> Any:
        return {key: list(groups) for key, groups in self.draft_lists.items()}

    def _restore(self, kept: Any) -> None:
        if isinstance(kept, dict):
            self.draft_lists = {str(key): tuple(int(group) for group in groups) for key, groups in kept.items()}
            self.data_changed.emit()

    # What there is to rank

    @property
    def asked(self) -> list[Asked]:
        """Collections that concern an application of the family: those that go on first."""
        here = {
            (item.payload.collection_id, item.payload.application_id)
            for item in self.home.waiting
            if isinstance(item.payload, FileWishes)
        }  # what was done here is shown until it is put away, whatever became of the collection
        known = here | set(self.wishes.lists)
        found = [
            Asked(one, view, self.wishes.lists.get((one.id, view.id)))
            for one in self.wishes.collections
            for view in self.home.family.applications
            if view.application.department_id == one.department_id
            and view.application.programme == one.programme
            and ((one.state == "collecting" and view.case.state in WISHING) or (one.id, view.id) in known)
        ]
        return sorted(found, key=lambda one: (one.collection.state != "collecting", -one.collection.id, one.view.id))

    @property
    def one(self) -> Asked | None:
        """What is ranked now."""
        found = self.asked
        return next((one for one in found if one.key == self.chosen), found[0] if found else None)

    def choose(self, key: str) -> None:
        """Rank for another application."""
        if key != self.chosen:
            self.chosen, self.row, self.problems, self.failure = key, 0, (), None
            self.data_changed.emit()

    @property
    def department(self) -> Department | None:
        """The department that collects."""
        return self.home.department_of(self.one.view) if self.one is not None else None

    @property
    def zone(self) -> str:
        """The zone of the department."""
        return self.department.provider.zone if self.department is not None else self.home.zone

    @property
    def limit(self) -> int:
        """How many groups may be ranked."""
        rules = self.home.rules_of(self.one.view) if self.one is not None else None
        return rules.preferences if rules is not None else 0

    @property
    def over(self) -> bool:
        """Whether the end has come, by the department's clock."""
        one = self.one
        return one is None or one.collection.state != "collecting" or self.home.server_now() > one.collection.closes_at

    @property
    def may_rank(self) -> bool:
        """Whether the list may be changed now."""
        one = self.one
        return one is not None and not self.over and self.home.may_act(one.view.child.id)

    @property
    def offers(self) -> list[Offer]:
        """The groups of the collection that suit the child and are not ranked yet."""
        one, department = self.one, self.department
        if one is None or department is None:
            return []
        zone = ZoneInfo(department.provider.zone)
        starts = datetime.combine(one.collection.starts_on, time(12), zone)
        ranked = set(self.ranked)
        found = [
            offer
            for group in one.collection.group_ids
            if group not in ranked and (offer := self._offers.get(group)) is not None
            if not fits_group(one.view, offer, department, starts)
        ]
        return sorted(
            found, key=lambda one: (alphabetic(one.organisation.name), alphabetic(one.group.name), one.group.id)
        )

    def offer(self, group: int) -> Offer | None:
        """Return a group with its kindergarten."""
        return self._offers.get(group)

    # Ranking

    @property
    def filed(self) -> tuple[int, ...]:
        """What the department has."""
        one = self.one
        return tuple(one.filed.groups) if one is not None and one.filed is not None else ()

    @property
    def coming(self) -> Any:
        """The list that was filed here and is not with the department yet, None when there is none."""
        items = [item for item in self._items() if item.state in OPEN]
        return items[-1] if items else None

    @property
    def refusals(self) -> list[Any]:
        """Lists that the department refused."""
        return [item for item in self._items() if item.state not in OPEN]

    def _items(self) -> list[Any]:
        one = self.one
        return [
            item
            for item in self.home.waiting
            if one is not None
            and isinstance(item.payload, FileWishes)
            and (item.payload.collection_id, item.payload.application_id) == (one.collection.id, one.view.id)
        ]

    @property
    def ranked(self) -> tuple[int, ...]:
        """The groups as they are ranked here, best first: the draft, else what was filed."""
        one = self.one
        if one is None:
            return ()
        known = self.draft_lists.get(one.key)
        if known is None or not self.may_rank:
            return tuple(self.coming.payload.groups) if self.coming is not None else self.filed
        return known

    @property
    def is_draft(self) -> bool:
        """Whether what is ranked here was not filed."""
        settled = tuple(self.coming.payload.groups) if self.coming is not None else self.filed
        just = self.one is not None and (self.one.key, self.ranked) == self._just
        return self.may_rank and self.ranked != settled and not just

    def rank(self, groups: Sequence[int], row: int | None = None) -> None:
        """Keep another ranking as a draft."""
        one = self.one
        if one is None or not self.may_rank:
            return
        self.draft_lists[one.key] = tuple(dict.fromkeys(groups))
        if row is not None:
            self.row = row
        self.row = max(0, min(self.row, len(self.ranked) - 1))
        self.problems = ()
        self.edited.emit()
        self.data_changed.emit()

    def add(self, group: int) -> None:
        """Put a group at the end of the list."""
        if len(self.ranked) < self.limit:
            self.rank([*self.ranked, group], len(self.ranked))

    def move(self, row: int, by: int) -> None:
        """Move a wish up or down."""
        groups, to = list(self.ranked), row + by
        if 0 <= row < len(groups) and 0 <= to < len(groups):
            groups.insert(to, groups.pop(row))
            self.rank(groups, to)

    def take_off(self, row: int) -> None:
        """Take a wish off the list."""
        self.rank([group for at, group in enumerate(self.ranked) if at != row], row)

    def forget(self) -> None:
        """Leave the draft: what was filed stands."""
        one = self.one
        if one is not None and self.draft_lists.pop(one.key, None) is not None:
            self.edited.emit()
            self.data_changed.emit()

    # Filing

    def file(self) -> None:
        """File the list as it is ranked here."""
        if self.ranked:
            self._send(self.ranked)

    def take_back(self) -> None:
        """Take the filed list back: the family wishes for nothing."""
        self._send(())

    def _send(self, groups: tuple[int, ...]) -> None:
        one, client, offline = self.one, self.context.client, self.home.offline
        if one is None or not self.may_rank:
            return
        payload = FileWishes(one.view.application.department_id, one.view.id, one.collection.id, list(groups))

        def done(command_id: str) -> None:
            self._just = (one.key, groups)
            self.home.announce(
                command_id,
                _("Kept on this computer and not filed yet: it counts when the department receives it.")
                if offline
                else _("On its way to the department; its answer will appear here."),
            )
            self.home.refresh()
            self.data_changed.emit()

        self.work(lambda: client.submit(payload), done)

    def withdraw(self) -> None:
        """Take back the list that has not been sent; it is a draft again."""
        item, one, client = self.coming, self.one, self.context.client
        if item is None or one is None:
            return
        self.draft_lists[one.key] = tuple(item.payload.groups)
        self.edited.emit()
        self.work(lambda: client.withdraw(item.command_id), lambda _none: self.home.refresh())

    def dismiss(self, item: Any) -> None:
        """Put a refusal away."""
        client = self.context.client
        self.work(lambda: client.acknowledge(item.command_id), lambda _none: self.home.refresh())

    def why_refused(self, item: Any) -> str:
        """Return why a list was refused."""
        return " ".join(sentence(problem) for problem in item.problems)
