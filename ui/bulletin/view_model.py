"""Published free places, the hour at which each opens by the server's clock, and why one is not for this child."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from PySide6.QtCore import Signal

from models.cache.queries.admissions import ApplicationView, Department, Item
from models.contract.admission_commands import TakeStep
from models.contract.sentences import sentence
from models.domain.admissions.case import Act, Step, World
from models.domain.admissions.states import Actor, Event, State
from models.domain.problems import Problem
from translations import _, formats
from ui.context import Context
from ui.family import words
from ui.family.acts import preview
from ui.family.facts import fits_item
from ui.family.model import family_of
from ui.screen_model import ScreenModel

TOPICS: Final = frozenset({"bulletin_item", "kindergarten_group", "organisation", "place", "provider"})
MINE, EVERYTHING = "mine", "all"


class Bulletin(ScreenModel):
    """Filters, the item that is looked at, and the question before applying."""

    rows_changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._rows: list[Item] | None = None
        self.rows_changed.connect(self._forget_rows)  # before any view hears of it
        self.home = family_of(context)
        self.everything: tuple[Item, ...] = ()
        self.ready = False
        self.chosen: int | None = None
        self.locality = 0
        self.words = ""
        self.shown = EVERYTHING
        self.opened: int | None = None
        self.asking = False
        context.topics.listen(self, TOPICS, self.refresh)
        self.home.changed.connect(self._home_changed)
        self.home.state_changed.connect(self.changed)

    def show(self, application_id: int | None = None, event: str = "", item_id: int | None = None) -> None:
        """Look for an application: at what suits it."""
        if application_id is not None:
            self.chosen, self.shown = application_id, MINE
        self.opened = item_id if item_id is not None else self.opened
        self.asking = False
        self.rows_changed.emit()

    def visited(self) -> None:
        """Read the bulletin when the screen opens."""
        self.refresh()

    def refresh(self) -> None:
        """Read the bulletin again."""
        department = self.home.department
        if department is None:
            return
        number = department.id

        def question(connection: Any) -> list[Item]:
            from models.cache.queries.admissions import bulletin

            return bulletin(connection, number)

        self.context.read(self, question, self._take, self._failed, name="bulletin")

    def _take(self, items: list[Item]) -> None:
        self.everything, self.ready, self.failure = tuple(items), True, None
        self.rows_changed.emit()

    def _home_changed(self) -> None:
        if not self.ready:
            self.refresh()
        self.rows_changed.emit()

    # For whom

    @property
    def candidates(self) -> list[ApplicationView]:
        """Applications to the bulletin that wait in the queue."""
        return [
            view
            for view in self.home.family.applications
            if view.application.programme == "bulletin" and view.case.state is State.QUEUED
        ]

    @property
    def view(self) -> ApplicationView | None:
        """The application for which one looks."""
        found = self.candidates
        return next((view for view in found if view.id == self.chosen), next(iter(found), None))

    @property
    def department(self) -> Department | None:
        """The department whose bulletin it is."""
        return self.home.department

    def choose(self, application_id: int) -> None:
        """Look for another application."""
        self.chosen, self.asking = application_id, False
        self.rows_changed.emit()

    def filter(self, **values: Any) -> None:
        """Set filters by name."""
        for name, value in values.items():
            setattr(self, name, value)
        self.rows_changed.emit()

    @property
    def rows(self) -> list[Item]:
        """Items that pass the filters: those that open next or are open first, used up ones last."""
        if self._rows is None:
            self._rows = self._found()
        return self._rows

    def _forget_rows(self) -> None:
        self._rows = None

    def _found(self) -> list[Item]:
        department, view, now = self.department, self.view, self.home.server_now()
        if department is None:
            return []
        inside = department.inside(self.locality) if self.locality else None
        wanted = self.words.casefold().split()
        found = [
            item
            for item in self.everything
            if (inside is None or item.item.locality_id in inside)
            and all(word in item.offer.organisation.name.casefold() for word in wanted)
            and (self.shown == EVERYTHING or (view is not None and not self._never(item)))
        ]
        return sorted(found, key=lambda item: (self.free(item) == 0, self._unsuitable(item), _opens(item, now)))

    def _never(self, item: Item) -> bool:
        """Whether an item is not for the child whatever the hour."""
        timely = {"item-not-open", "item-in-priority", "no-free-place"}
        return any(problem.code not in timely for problem in self.reasons(item))

    def _unsuitable(self, item: Item) -> bool:
        return self.view is not None and self._never(item)

    def free(self, item: Item) -> int:
        """Return how many places of an item are left, as last heard."""
        return max(0, item.item.places - item.item.taken)

    def reasons(self, item: Item) -> list[Problem]:
        """Return why one cannot apply to an item now; empty when one can."""
        view, department = self.view, self.department
        if view is None or department is None:
            return [Problem("bulletin-application-missing")]
        found = list(fits_item(view, item, department, self.home.server_now()))
        if not self.free(item):
            found.append(Problem("no-free-place"))
        return found

    def status(self, item: Item) -> tuple[str, str]:
        """Return how an item stands now, and its tone."""
        now, row = self.home.server_now(), item.item
        if not self.free(item):
            return _("No places left"), "muted"
        if row.open_at is not None and now < row.open_at:
            return _("Opens in {time}").format(time=words.left(row.open_at - now)), "warning"
        if row.open_to_all_at is not None and now < row.open_to_all_at:
            return _("Open to the first in the queue"), "accent"
        return _("Open to all"), "positive"

    def why_not(self, item: Item) -> list[str]:
        """Return the reasons in sentences."""
        zone = self.home.zone
        texts = []
        for problem in self.reasons(item):
            at = str(problem.values.get("at", ""))
            if problem.code == "bulletin-application-missing":
                texts.append(_("To apply you need an application to the bulletin that waits in the queue."))
            elif problem.code == "item-not-open" and at:
                texts.append(
                    _("Applications are taken from {moment}, by the server's clock.").format(
                        moment=words.exact(datetime.fromisoformat(at), zone)
                    )
                )
            elif problem.code == "item-in-priority" and at:
                texts.append(
                    _("Until {moment} it is open to the first {number} numbers of the queue only.").format(
                        moment=formats.moment(datetime.fromisoformat(at), zone), number=problem.values.get("number", 0)
                    )
                )
            else:
                texts.append(sentence(problem))
        return texts

    # The item that is looked at

    def open(self, item: Item | None) -> None:
        """Look at an item."""
        number = item.item.id if item is not None else None
        if number != self.opened:
            self.opened, self.asking = number, False
            self.changed.emit()

    @property
    def row(self) -> Item | None:
        """The item that is looked at."""
        return next((item for item in self.rows if item.item.id == self.opened), None)

    @property
    def obstacle(self) -> str:
        """Why nothing can be sent now whatever the item, "" when something can."""
        view = self.view
        if view is None:
            return ""
        if not self.home.may_act(view.child.id):
            return _("This child is entrusted to you to see. Its parent acts for it.")
        if self.home.intention(view.id) is not None:
            return _("What you did before is not sent yet; the choice waits for the department's answer.")
        return ""

    def may_apply(self, item: Item) -> bool:
        """Whether the machine would take an application to an item now, on what is known here."""
        view, department = self.view, self.department
        if view is None or department is None or self.obstacle:
            return False
        world = World(free=self.free(item), fit=tuple(self.reasons(item)))
        act = Act(Event.APPLY_BULLETIN, Actor.PARENT, group_id=item.offer.group.id, item_id=item.item.id)
        return isinstance(preview(view, department, act, self.home.server_now(), world=world), Step)

    def ask(self) -> None:
        """Ask before applying."""
        item = self.row
        if item is not None and self.may_apply(item):
            self.asking = True
            self.changed.emit()

    def close(self) -> None:
        """Leave the question."""
        self.asking = False
        self.changed.emit()

    def apply(self) -> None:
        """Apply to the item."""
        item, view, client = self.row, self.view, self.context.client
        if item is None or view is None:
            return
        payload = TakeStep(
            department_id=view.application.department_id,
            application_id=view.id,
            event=Event.APPLY_BULLETIN.value,
            group_id=item.offer.group.id,
            item_id=item.item.id,
            confirmed=True,
        )
        offline = self.home.offline

        def done(command_id: str) -> None:
            self.asking = False
            self.home.announce(
                command_id,
                _("Not sent yet: the place is yours only when the department has received the choice.")
                if offline
                else _("On its way to the department; its answer will appear here."),
            )
            self.home.refresh()
            self.context.go("application", application_id=view.id)

        self.work(lambda: client.submit(payload), done)


def _opens(item: Item, now: datetime) -> timedelta:
    opens = item.item.open_at
    return abs(opens - now) if opens is not None else timedelta.max
