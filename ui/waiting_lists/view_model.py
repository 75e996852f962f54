"""Entries in waiting lists, by application; leaving a list and answering an offer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Signal

from models.cache.queries.admissions import ApplicationView, Offer
from models.contract.admission_commands import TakeStep
from models.contract.admission_records import WaitingEntry
from models.domain.admissions.case import Act, Step, World
from models.domain.admissions.states import Actor, Event, State, TimerKind
from translations import _
from ui.context import Context
from ui.family.acts import deadline_words, preview
from ui.family.model import family_of
from ui.screen_model import ScreenModel

SHOWN: Final = ("waiting", "offered")
_JOIN: Final = Event.JOIN_WAITLIST.value
_LEAVE: Final = Event.LEAVE_WAITLIST.value


@dataclass(frozen=True, slots=True)
class Line:
    """An application in the list of a group."""

    view: ApplicationView
    entry: WaitingEntry
    offer: Offer | None

    @property
    def offered(self) -> bool:
        """Whether a place is offered now."""
        return self.entry.state == "offered"


class WaitingLists(ScreenModel):
    """The entries, offers first. ``leaving`` is the entry whose question is open."""

    data_changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.home = family_of(context)
        self.leaving: int | None = None
        self.home.changed.connect(self.data_changed)
        self.home.state_changed.connect(self.changed)

    def show(self, application_id: int | None = None, event: str = "") -> None:
        """Nothing to choose: all entries are shown."""
        self.data_changed.emit()

    @property
    def lines(self) -> list[Line]:
        """Entries that live, offers first, then by how near the turn is."""
        offers = self.home.family.offers
        found = [
            Line(view, entry, offers.get(entry.group_id))
            for view in self.home.family.applications
            for entry in view.entries
            if entry.state in SHOWN
        ]
        return sorted(found, key=lambda line: (not line.offered, line.entry.position, line.entry.id))

    def is_left(self, line: Line) -> bool:
        """Whether it is on its way to the department that this list is left."""
        item = self.home.intention(line.view.id)
        payload = item.payload if item is not None else None
        return payload is not None and (payload.event, payload.group_id) == (_LEAVE, line.entry.group_id)

    @property
    def steps(self) -> list[tuple[ApplicationView, str]]:
        """Other steps on their way that concern the lists, each with its event: nothing can be left until then."""
        found = []
        for view in self.home.family.applications:
            item = self.home.intention(view.id)
            event = item.payload.event if item is not None else ""
            if event and event != _LEAVE and (event == _JOIN or any(one.state in SHOWN for one in view.entries)):
                found.append((view, event))
        return found

    def may_leave(self, line: Line) -> bool:
        """Whether a list can be left now."""
        waits = line.view.case.state is State.VOUCHER_WAITLISTED and not line.offered
        return waits and self.home.may_act(line.view.child.id) and self.home.intention(line.view.id) is None

    def ask(self, line: Line) -> None:
        """Ask before a list is left."""
        self.leaving, self.failure = line.entry.id, None
        self.data_changed.emit()

    def close(self) -> None:
        """Leave the question."""
        self.leaving = None
        self.data_changed.emit()

    def consequence(self, line: Line) -> str:
        """Return what leaving a list brings."""
        department = self.home.department_of(line.view)
        if department is None:
            return ""
        entries = sum(one.state in SHOWN for one in line.view.entries)
        act = Act(Event.LEAVE_WAITLIST, Actor.PARENT, group_id=line.entry.group_id, confirmed=True)
        world = World(entries=entries, listed=True)
        outcome = preview(line.view, department, act, self.home.server_now(), world=world)
        term = outcome.case.timers.get(TimerKind.CONTRACT) if isinstance(outcome, Step) else None
        if term is not None:
            due = deadline_words(term, department.provider.zone)
            return _("It is your last list: your term runs again, until {due}.").format(due=due)
        return _("You stay in your other waiting lists.")

    def leave(self, line: Line) -> None:
        """Leave a list."""
        payload = TakeStep(
            department_id=line.view.application.department_id,
            application_id=line.view.id,
            event=Event.LEAVE_WAITLIST.value,
            group_id=line.entry.group_id,
            confirmed=True,
        )
        client, offline = self.context.client, self.home.offline

        def done(command_id: str) -> None:
            self.leaving = None
            self.home.announce(
                command_id,
                _("Kept on this computer and not filed yet: it counts when the department receives it.")
                if offline
                else _("On its way to the department; its answer will appear here."),
            )
            self.home.refresh()
            self.data_changed.emit()

        self.work(lambda: client.submit(payload), done)
