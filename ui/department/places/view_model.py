"""Kindergartens with their groups and places: the table, a card, the change of both, and the closing of a group."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from models.cache.queries.admissions import Offer
from models.cache.queries.department import Line
from models.contract.admission_commands import SaveGroup, SaveOrganisation, TakeStep
from models.contract.admission_records import Organisation
from models.contract.records import Message
from models.domain.admissions.eligibility import ChildFacts, fit_group
from models.domain.admissions.limits import MOST_PLACES, OLDEST
from models.domain.admissions.names import name_key
from models.domain.admissions.states import Event, Mode, Programme
from models.domain.emails import is_email
from models.domain.identity import check_bin
from models.domain.problems import Problem
from models.domain.telephones import is_phone
from ui.context import Context
from ui.department.desk import DeskScreen
from ui.family.facts import group_facts

COMMANDS = (SaveOrganisation, SaveGroup)


class PlacesModel(DeskScreen):
    """``chosen`` is the kindergarten that is open, ``group`` the one of its groups that is changed or closed."""

    TOPICS = frozenset({"application", "placement", "message"})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.chosen: int | None = None
        self.group: int | None = None
        self.part = ""  # "" | organisation | group | close
        self.new = False
        self.words = ""
        self.last_day: date | None = None
        self.open_again = False
        self.corrections: frozenset[str] = frozenset()
        self.opened = True
        self.attending: tuple[Line, ...] = ()
        self.written: tuple[Message, ...] = ()
        """What the open kindergarten was written, for the office."""
        self.start()

    def question(self) -> Callable[[Any], Any] | None:
        """Override: who is in the group that closes, and what the open kindergarten was written."""
        group = self.group if self.part == "close" else None
        house = self.chosen if not self.part and self.may_change_houses else None
        if group is None and house is None:
            return None

        def ask(connection: Any) -> Any:
            from models.cache.queries import kindergarten, messages

            lines = kindergarten.children_of(connection, group) if group is not None else ()
            return group, lines, house, messages.messages_to(connection, house) if house is not None else ()

        return ask

    def keep(self, answer: Any) -> None:
        """Override."""
        group, lines, house, written = answer
        if group is not None and group == self.group:
            self.attending = lines
        if house is not None and house == self.chosen:
            self.written = written

    # The list

    def organisations(self) -> list[Organisation]:
        """Return the kindergartens that the person may see, in which every word typed occurs."""
        mine = set(self.desk.kindergartens())
        wanted = self.words.casefold().split()
        return [
            one
            for one in self.desk.desk.organisations.values()
            if one.id in mine and all(word in f"{one.name} {one.address} {one.bin}".casefold() for word in wanted)
        ]

    def narrow(self, words: str) -> None:
        """Show only kindergartens in which these words occur."""
        self.words = words
        self.data_changed.emit()

    @property
    def organisation(self) -> Organisation | None:
        """The kindergarten that is open."""
        return self.desk.desk.organisations.get(self.chosen or 0)

    def offers(self, organisation_id: int) -> list[Offer]:
        """Return the groups of a kindergarten."""
        return self.desk.desk.groups_of({organisation_id})

    @property
    def offer(self) -> Offer | None:
        """The group that is changed."""
        return self.desk.desk.offers.get(self.group or 0)

    @property
    def may_change_houses(self) -> bool:
        """Whether the person may enter and change kindergartens: an officer does."""
        return self.desk.may("officer")

    def open(self, organisation_id: int) -> None:
        """Open a kindergarten's card."""
        self.chosen, self.group, self.part, self.problems = organisation_id, None, "", ()
        self.written = ()
        self.data_changed.emit()
        self.refresh()

    def look(self, message: Message) -> None:
        """Open the application that a message is about."""
        if message.application_id is not None:
            self.context.go("office_queue", application_id=message.application_id)

    def close_card(self) -> None:
        """Go back: from a form to the card, from the card to the list."""
        if self.part and self.chosen is not None:
            self.part, self.group, self.problems = "", None, ()
        else:
            self.chosen, self.part, self.group, self.problems = None, "", None, ()
        self.data_changed.emit()

    # A kindergarten

    def edit_organisation(self, new: bool = False) -> None:
        """Begin to change the open kindergarten, or to enter one."""
        one = None if new else self.organisation
        self.new, self.part, self.problems = one is None, "organisation", ()
        self.draft = {
            "name": one.name if one else "", "kind": one.kind if one else "nursery-garden",
            "ownership": one.ownership if one else "state", "place": str(one.locality_id) if one else "",
            "address": one.address if one else "", "phone": one.phone if one else "", "email": one.email if one else "",
            "bin": one.bin if one else "", "director": one.director if one else "",
        }  # fmt: skip
        self.corrections = frozenset(one.corrections) if one else frozenset()
        self.opened = one.opened if one else True
        self.data_changed.emit()

    REOPENS = COMMANDS

    def reopen(self, payload: SaveOrganisation | SaveGroup) -> None:
        """Override: change it again."""
        if isinstance(payload, SaveOrganisation):
            self.chosen = payload.organisation_id
            self.edit_organisation(new=payload.organisation_id is None)
            self.draft.update(
                name=payload.name, kind=payload.kind, ownership=payload.ownership, place=str(payload.locality_id),
                address=payload.address, phone=payload.phone, email=payload.email, bin=payload.bin,
                director=payload.director,
            )  # fmt: skip
            self.corrections, self.opened = frozenset(payload.corrections), payload.opened
        elif payload.valid_to is not None and payload.group_id is not None:
            self.chosen = payload.organisation_id
            self.begin_close(payload.group_id)
            self.last_day = payload.valid_to
        else:
            self.chosen = payload.organisation_id
            self.edit_group(payload.group_id)
            self.draft.update(
                name=payload.name, age_from=str(payload.age_from), age_to=str(payload.age_to),
                language=payload.language, kind=payload.kind, correction=payload.correction,
                responsible=payload.responsible, capacity=str(payload.capacity),
            )  # fmt: skip
            self.open_again = payload.open_again
        self.data_changed.emit()

    def correction(self, code: str, on: bool) -> None:
        """Take or leave a kind of correction."""
        self.corrections = self.corrections | {code} if on else self.corrections - {code}

    def save_organisation(self) -> None:
        """Send the kindergarten's data."""
        wrong = self.missing("name", "place", "address", "phone")
        code = self.typed("bin")
        bad = check_bin(code) if code else None
        if bad is not None:
            wrong.append(Problem(bad.code, "bin", bad.values))
        if self.typed("phone") and not is_phone(self.typed("phone")):
            wrong.append(Problem("phone-invalid", "phone"))
        if self.typed("email") and not is_email(self.typed("email")):
            wrong.append(Problem("email-invalid", "email"))
        wrong += self._named_so()
        if self.refuse(wrong):
            return
        draft = self.draft
        payload = SaveOrganisation(
            self.department_id,
            None if self.new else self.chosen,
            self.typed("name"),
            draft["kind"],
            draft["ownership"],
            int(draft["place"]),
            self.typed("address"),
            self.typed("phone"),
            self.typed("email"),
            code,
            self.typed("director"),
            sorted(self.corrections),
            self.opened,
        )
        self.send(payload, then=self._done)

    def _named_so(self) -> list[Problem]:
        """Return that another kindergarten has the name, unless the open one has had it all along. R-ADM-45."""
        wanted, own = name_key(self.typed("name")), None if self.new else self.organisation
        if not wanted or (own is not None and name_key(own.name) == wanted):
            return []
        others = (one for one in self.desk.desk.organisations.values() if own is None or one.id != own.id)
        found = next((one for one in others if name_key(one.name) == wanted), None)
        if found is None:
            return []
        return [Problem("kindergarten-named-so", "name", {"address": found.address or "–"})]

    def _group_named_so(self) -> list[Problem]:
        """Return that another open group of the kindergarten has the name."""
        wanted, own = name_key(self.typed("name")), self.offer.group if self.offer is not None else None
        if not wanted or (own is not None and name_key(own.name) == wanted):
            return []
        today = self.desk.today
        named = {
            name_key(one.group.name)
            for one in self.offers(self.chosen or 0)
            if one.group.id != self.group and (one.group.valid_to is None or one.group.valid_to >= today)
        }
        return [Problem("group-named-so", "name")] if wanted in named else []

    # A group

    def edit_group(self, group_id: int | None) -> None:
        """Begin to change a group, or to enter one."""
        self.group, self.part, self.problems, self.new = group_id, "group", (), group_id is None
        offer = self.offer
        one = offer.group if offer is not None else None
        self.open_again = False
        place = offer.place() if offer is not None else None
        self.draft = {
            "name": one.name if one else "", "age_from": str(one.age_from) if one else "3",
            "age_to": str(one.age_to) if one else "4", "language": one.language if one else "kk",
            "kind": one.kind if one else "day", "correction": one.correction if one else "",
            "responsible": one.responsible if one else "", "capacity": str(place.capacity) if place else "25",
        }  # fmt: skip
        self.data_changed.emit()

    @property
    def taken(self) -> int:
        """How many places of the group are taken or held: its number cannot go below."""
        place = self.offer.place(Mode.PERMANENT) if self.offer is not None else None
        return place.occupied + place.held if place is not None else 0

    def group_command(self, valid_to: date | None = None) -> SaveGroup | None:
        """Return the group as it is written; None when something in it is wrong."""
        wrong = self.missing("name")
        wrong += self._group_named_so()
        low = self.whole("age_from", 0, OLDEST - 1, wrong)
        high = self.whole("age_to", 1, OLDEST, wrong)
        capacity = self.whole("capacity", 0, MOST_PLACES, wrong)
        bad = {problem.field for problem in wrong}
        if not bad & {"age_from", "age_to"} and low >= high:
            wrong.append(Problem("ages-reversed", "age_to"))
        if "capacity" not in bad and capacity < self.taken:
            wrong.append(Problem("places-below-taken", "capacity", {"count": self.taken}))
        if self.refuse(wrong) or self.chosen is None:
            return None
        draft = self.draft
        return SaveGroup(
            self.department_id,
            self.group,
            self.chosen,
            self.typed("name"),
            low,
            high,
            draft["language"],
            capacity,
            draft["kind"],
            draft["correction"],
            self.typed("responsible"),
            valid_to,
            self.open_again,
        )

    def save_group(self) -> None:
        """Send the group."""
        payload = self.group_command()
        if payload is not None:
            self.send(payload, then=self._done)

    # Closing a group

    def begin_close(self, group_id: int) -> None:
        """Begin to close a group: who is in it has to go somewhere first."""
        self.edit_group(group_id)
        known = self.offer.group.valid_to if self.offer is not None else None
        self.part, self.last_day, self.attending = "close", known or self.desk.today, ()
        self.refresh()

    def others(self, line: Line) -> list[tuple[Offer, bool]]:
        """Return other groups of the kindergarten and of the child's correction that have a free place; those that
        suit the child first."""
        one = line.application
        free = [
            offer
            for offer in self.offers(self.chosen or 0)
            if offer.group.id != self.group and offer.group.valid_to is None and offer.free() > 0
            if offer.group.correction == one.correction
        ]
        facts = ChildFacts(
            line.child.born, Programme(one.programme), frozenset(one.languages), one.locality_id, one.correction
        )
        suiting = [(offer, not fit_group(facts, group_facts(offer), self.desk.today)) for offer in free]
        return sorted(suiting, key=lambda one: not one[1])

    def move(self, line: Line, group_id: int | None) -> None:
        """Move a child to another group of the kindergarten, or give its parent the voucher back."""
        payload = TakeStep(
            self.department_id, line.application.id, Event.GROUP_CLOSE.value, group_id=group_id, confirmed=True
        )
        self.send(payload)

    def undecided(self) -> list[Line]:
        """Return the children who attend the group or have a contract for it: each needs a decision."""
        aside = ("queued", "bulletin-applied", "referral-issued")
        return [
            line
            for line in self.attending
            if line.application.placement_group_id == self.group or line.application.state not in aside
        ]

    def moving(self, line: Line) -> bool:
        """Whether what becomes of a child is on its way."""
        return bool(self.desk.pending(TakeStep, application_id=line.application.id))

    def close_group(self) -> None:
        """Close the group with its last day."""
        today = self.desk.today
        if self.last_day is None:
            wrong = [Problem("field-required", "last_day")]
        else:
            wrong = [Problem("day-passed", "last_day", {"day": today.isoformat()})] if self.last_day < today else []
        if self.refuse(wrong):
            return
        payload = self.group_command(self.last_day)
        if payload is not None:
            self.send(payload, then=self._done)

    def _done(self) -> None:
        self.part, self.group = "", None

    def pending(self) -> list[Any]:
        """Return what is on its way."""
        return self.desk.pending(*COMMANDS)
