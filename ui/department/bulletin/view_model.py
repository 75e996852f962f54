"""What kindergartens publish in the bulletin: drafts, what is published, what was withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from models.cache.queries.admissions import Offer
from models.contract.admission_commands import PublishItem, WithdrawItem
from models.contract.admission_records import BulletinItem
from models.domain.admissions.eligibility import birth_years, group_year
from models.domain.admissions.limits import MOST_PLACES
from models.domain.admissions.states import Programme
from models.domain.problems import Problem
from models.domain.working_days import TermEnd, YearNotLoaded, add_working_days
from ui.context import Context
from ui.department import reasons
from ui.department.desk import DeskScreen
from ui.drafts import Drafts

COMMANDS = (PublishItem, WithdrawItem)


class BulletinModel(DeskScreen):
    """``writing`` is whether the draft is open; ``lowering`` the published item that is changed."""

    TOPICS = frozenset({"bulletin_item"})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.items: tuple[BulletinItem, ...] = ()
        self.writing = False
        self.asking = False
        self.lowering: int | None = None
        self.years: frozenset[int] = frozenset()
        self.free_from: date | None = None
        self.published_on: date | None = None
        self.draft = {"group": "", "places": "", "responsible": ""}
        self.drafts = Drafts(context, "publication", self._collect, self._restore, (self.edited, self.changed), self)
        self.start()

    def _collect(self) -> Any:
        if not self.writing:
            return None
        return {
            "draft": self.draft,
            "years": sorted(self.years),
            "free_from": self.free_from.isoformat() if self.free_from else "",
            "published_on": self.published_on.isoformat() if self.published_on else "",
        }

    def _restore(self, kept: Any) -> None:
        self.draft.update({key: str(value) for key, value in kept["draft"].items() if key in self.draft})
        self.years = frozenset(int(year) for year in kept["years"])
        self.free_from = date.fromisoformat(kept["free_from"]) if kept["free_from"] else None
        self.published_on = date.fromisoformat(kept["published_on"]) if kept["published_on"] else None
        self.writing = True
        self.data_changed.emit()

    def question(self) -> Callable[[Any], Any]:
        """Override."""
        groups = [offer.group.id for offer in self.desk.groups()]

        def ask(connection: Any) -> Any:
            from models.cache.queries import kindergarten

            return kindergarten.items(connection, groups)

        return ask

    def keep(self, answer: Any) -> None:
        """Override."""
        self.items = answer

    # Writing a publication

    def groups(self) -> list[Offer]:
        """Return the groups that are open."""
        today = self.desk.today
        return [
            offer
            for offer in self.desk.groups()
            if offer.organisation.opened and (offer.group.valid_to is None or offer.group.valid_to >= today)
        ]

    @property
    def offer(self) -> Offer | None:
        """The group whose places are published."""
        text = self.draft.get("group", "")
        return self.desk.desk.offers.get(int(text)) if text else None

    @property
    def free(self) -> int:
        """How many places of the group may be published."""
        return self.publishable(self.offer) if self.offer is not None else 0

    def publishable(self, offer: Offer) -> int:
        """Return how many free places of a group are not published already."""
        open_ones = [one for one in self.items if one.group_id == offer.group.id and one.state == "published"]
        return max(0, offer.free() - sum(max(0, one.places - one.taken) for one in open_ones))

    def begin(self) -> None:
        """Begin a draft, or go on with it."""
        self.writing, self.asking, self.lowering, self.problems = True, False, None, ()
        if not self.draft["group"]:
            found = next((offer for offer in self.groups() if self.publishable(offer) > 0), None)
            self.free_from = self.published_on = self.desk.today
            if found is not None:
                self.set_group(str(found.group.id))
        self.data_changed.emit()
        self.changed.emit()

    REOPENS = (PublishItem,)

    def reopen(self, payload: PublishItem) -> None:
        """Override: the draft is what was refused."""
        self.begin()
        self.set_group(str(payload.group_id))
        self.draft.update(places=str(payload.places), responsible=payload.responsible)
        self.free_from, self.published_on = payload.free_from, payload.published_on
        self.years = frozenset(payload.birth_years) & frozenset(self.fitting())
        self.changed.emit()
        self.data_changed.emit()

    def type(self, key: str, text: str) -> None:
        """Override: what was asked about is no more what would be published."""
        super().type(key, text)
        if self.asking:
            self.asking = False
            self.data_changed.emit()

    def leave(self) -> None:
        """Go one step back. A draft stays: it is forgotten by its own button only."""
        if self.asking:
            self.asking = False
            self.data_changed.emit()
        elif not self.writing:
            self.close_card()

    def close_card(self) -> None:
        """Leave what is open; the draft is forgotten."""
        self.writing, self.asking, self.lowering, self.problems = False, False, None, ()
        self.draft = {"group": "", "places": "", "responsible": ""}
        self.changed.emit()
        self.data_changed.emit()

    def set_group(self, group_id: str) -> None:
        """Publish places of another group: its ages decide the birth years."""
        self.type("group", group_id)
        offer = self.offer
        self.years = frozenset(self.fitting())
        self.draft["places"] = str(self.free) if self.free else ""
        self.draft["responsible"] = offer.group.responsible if offer is not None else ""
        self.asking = False
        self.data_changed.emit()

    def set_day(self, key: str, value: date | None) -> None:
        """Set the day from which places are free, or on which they are published."""
        if key == "free_from":
            self.free_from = value
            self.years &= frozenset(self.fitting())
        else:
            self.published_on = value
        self.asking = False
        self.edited.emit()
        self.data_changed.emit()

    def fitting(self) -> list[int]:
        """Return the birth years that fit the group."""
        offer = self.offer
        if offer is None or self.free_from is None:
            return []
        found = birth_years(offer.group.age_from, offer.group.age_to, group_year(self.free_from))
        return sorted(found, reverse=True)

    def tick_year(self, year: int, on: bool) -> None:
        """Take or leave a birth year."""
        self.years = self.years | {year} if on else self.years - {year}
        self.edited.emit()
        if self.asking:
            self.asking = False
            self.data_changed.emit()

    def opening(self) -> tuple[datetime, datetime | None] | None:
        """Return when the places open to the queue, and when to everybody, by the rules in force."""
        department = self.department
        if department is None or self.published_on is None:
            return None
        rules = department.rules(Programme.BULLETIN, self.desk.server_now())
        hour, _colon, minute = rules.bulletin_opens.partition(":")
        opens = datetime.combine(self.published_on, time(int(hour), int(minute)), department.calendar.zone)
        try:
            later = add_working_days(opens, rules.priority_window_days, department.calendar, TermEnd.EXACT).at
        except YearNotLoaded:
            return opens, None
        return opens, later

    def wrong(self) -> list[Problem]:
        """Return what is wrong with the draft."""
        found: list[Problem] = []
        today = self.desk.today
        if self.offer is None:
            found.append(Problem("field-required", "group"))
        if not self.typed("places"):
            found.append(Problem("field-required", "places"))
        elif (places := self.whole("places", 1, MOST_PLACES, [])) > self.free:
            found.append(Problem("more-than-free", "places", {"free": self.free}))
        elif places < 1:
            found.append(Problem("number-out-of-range", "places", {"low": 1, "high": max(1, self.free)}))
        if not self.years:
            found.append(Problem("field-required", "years"))
        if self.free_from is None:
            found.append(Problem("field-required", "free_from"))
        elif self.free_from < today:
            found.append(Problem("free-from-passed", "free_from", {"day": today.isoformat()}))
        opening = self.opening()
        if opening is None:
            found.append(Problem("field-required", "published_on"))
        elif opening[0] <= self.desk.server_now():
            found.append(Problem("opening-passed", "published_on", {"at": opening[0].isoformat()}))
        return found

    def review(self) -> None:
        """Show what will be published, before it is."""
        self.asking = not self.refuse(self.wrong())
        self.data_changed.emit()

    def publish(self) -> None:
        """Send the publication."""
        if self.refuse(self.wrong()) or self.offer is None or self.free_from is None or self.published_on is None:
            self.asking = False
            self.data_changed.emit()
            return
        payload = PublishItem(
            self.department_id,
            self.offer.group.id,
            self.whole("places", 1, MOST_PLACES, []),
            sorted(self.years, reverse=True),
            self.free_from,
            self.published_on,
            self.typed("responsible"),
        )
        self.send(payload, then=self.close_card)

    # Changing what is published

    @property
    def item(self) -> BulletinItem | None:
        """The published item that is changed."""
        return next((one for one in self.items if one.id == self.lowering), None)

    def begin_lower(self, item_id: int) -> None:
        """Begin to lower or to withdraw a publication."""
        item = next((one for one in self.items if one.id == item_id), None)
        if item is not None and item.state == "published":
            self.writing, self.lowering, self.problems = False, item_id, ()
            self.draft["number"] = str(max(1, item.taken, item.places - 1))
            reasons.forget(self, "reason")
            self.data_changed.emit()

    def lower(self) -> None:
        """Lower the number of places; what is taken stays."""
        item = self.item
        if item is None:
            return
        reason = reasons.written(self, "reason")
        wrong = reasons.missing(reason, "reason")
        text = self.typed("number")
        number = int(text) if text.isascii() and text.isdigit() else -1
        if number < item.taken and number >= 0:
            wrong.append(Problem("places-below-taken", "number", {"count": item.taken}))
        elif not max(1, item.taken) <= number < item.places:
            wrong.append(Problem("number-out-of-range", "number", {"low": max(1, item.taken), "high": item.places - 1}))
        if not self.refuse(wrong):
            payload = WithdrawItem(self.department_id, item.id, reason.words, number, reason.code)
            self.send(payload, then=self.close_card)

    def withdraw(self) -> None:
        """Withdraw the publication whole."""
        item, reason = self.item, reasons.written(self, "reason")
        if item is not None and not self.refuse(reasons.missing(reason, "reason")):
            payload = WithdrawItem(self.department_id, item.id, reason.words, reason_code=reason.code)
            self.send(payload, then=self.close_card)

    def pending(self) -> list[Any]:
        """Return what is on its way."""
        return self.desk.pending(*COMMANDS)
