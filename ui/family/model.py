"""One consistent cut of a parent's part of the cache; every screen of a family reads it here.

Data are loaded off the GUI thread and stay shown while they are loaded again. ``server_now`` is the department's clock
by our estimate: terms are counted by it, never by this computer's clock alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, Signal

from models.cache.queries.admissions import ApplicationView, ChildView, Department, Family
from models.contract import admission_commands as commands
from models.contract.admission_commands import ADMISSION_KINDS
from models.contract.collection_commands import COLLECTION_KINDS
from models.domain.admissions.rules import Rules
from models.domain.admissions.states import Programme
from models.domain.problems import Problem
from ui.context import Context, Selection, problem_of
from ui.selection import is_first_load, is_offline

TOPICS: Final = frozenset(
    {
        "appeal", "application", "attachment", "benefit", "bulletin_item", "calendar_day", "calendar_year", "category",
        "child", "guardian", "history_entry", "kindergarten_group", "locality", "organisation", "person", "place",
        "placement", "programme", "provider", "queue_position", "referral", "waiting_entry", "waiting", "status",
    }
)  # fmt: skip
_KINDS: Final = (*ADMISSION_KINDS, *COLLECTION_KINDS)
OPEN: Final = ("waiting", "sending", "held")
"""States of a command that is on its way: an intention until the department has it."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What one reading gave."""

    family: Family
    waiting: tuple[Any, ...]  # ui.context.WaitingItem of admissions
    status: Any


def _unreadable(family: Family, now: datetime) -> Problem | None:
    """Return that rules in force cannot be read, as when a newer program wrote them: nothing could be said rightly."""
    try:
        for department in family.departments:
            for programme in Programme:
                department.rules(programme, now)
    except ValueError:
        return Problem("rules-not-readable")
    return None


class FamilyModel(QObject):
    """The family, what waits to be sent, and the chosen department."""

    changed = Signal()
    """Other data or another department: whatever a screen shows may have changed."""
    state_changed = Signal()
    """Loading began, ended or failed."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.family = Family(None, (), (), ())
        self.waiting: tuple[Any, ...] = ()
        self.status: Any = None
        self.ready = False
        self.loading = False
        self.problem: Problem | None = None
        self._again = False
        self._readings = 0
        self._told: tuple[Any, ...] = ()
        self._announced: tuple[str, str, int] | None = None
        self._department: int | None = context.settings.get("department") or None

    def refresh(self) -> None:
        """Read everything again; news that come meanwhile are read once more afterwards."""
        if self.loading:
            self._again = True
            return
        self._again, self.loading = False, True
        self._readings += 1
        self._tell_state()
        context, now = self.context, self.server_now()

        def question() -> Cut:
            from models.cache.queries import admissions

            family = context.store.read(lambda connection: admissions.family(connection, now))
            waiting = tuple(item for item in context.client.waiting() if isinstance(item.payload, _KINDS))
            return Cut(family, waiting, context.client.status())

        context.tasks.ask(self, question, self._took, self._failed, name="family")

    def take(self, cut: Cut) -> None:
        """Show what was read."""
        problem = _unreadable(cut.family, self.server_now())
        # what cannot be said rightly is not shown at all
        family = cut.family if problem is None else Family(cut.family.person, (), (), ())
        news = not self.ready or self.problem is not None
        news = news or (family, cut.waiting) != (self.family, self.waiting)
        news = news or is_offline(cut.status) != is_offline(self.status)
        self.family, self.waiting, self.status = family, cut.waiting, cut.status
        loaded = bool(family.children or family.applications) or not is_first_load(cut.status)
        self.ready, self.loading, self.problem = loaded and problem is None, False, problem
        self._answered()
        self._tell_state()
        if news:
            self.changed.emit()

    def _tell_state(self) -> None:
        """Tell it where it is another one: what is drawn anew loses the cursor of whoever works in it."""
        state = self.ready, self.loading and not self.ready, self.problem, is_offline(self.status)
        if state != self._told:
            self._told = state
            self.state_changed.emit()

    def announce(self, command_id: str, text: str, tone: str = "pending") -> None:
        """Say shortly that a command is on its way; the notice goes when the command is answered."""
        self.context.toast(text, tone)
        self._announced = (command_id, text, self._readings)

    def _answered(self) -> None:
        """Let the notice about a command go once a reading begun after it no longer finds it on its way."""
        if self._announced is None:
            return
        command_id, text, readings = self._announced
        on_its_way = any(item.command_id == command_id and item.state in OPEN for item in self.waiting)
        if self._readings > readings and not on_its_way:
            self._announced = None
            self.context.bridge.settled.emit(text)

    def _took(self, cut: Cut) -> None:
        self.take(cut)
        if self._again:
            self.refresh()

    def _failed(self, error: Exception) -> None:
        self.loading = False
        self.problem = problem_of(error) or Problem("cache-not-readable")
        self._tell_state()
        if self._again:
            self.refresh()

    # The clock

    def server_now(self) -> datetime:
        """Return what the department's clock shows, by our estimate; this computer's before the first contact."""
        return self._server_time() or self.context.clock()

    @property
    def clock_is_known(self) -> bool:
        """Whether the department's clock has been heard since the program began."""
        return self._server_time() is not None

    def _server_time(self) -> datetime | None:
        heard = getattr(self.context.client, "server_time", None)
        return heard() if callable(heard) else None

    # Which department

    @property
    def department(self) -> Department | None:
        """The department that public screens show: the chosen one, that of a child, or the first."""
        own = next((view.application.department_id for view in self.family.applications), None)
        own = own or next((view.child.department_id for view in self.family.children), None)
        for wanted in (self._department, own):
            found = self.family.department(wanted) if wanted is not None else None
            if found is not None:
                return found
        return next(iter(self.family.departments), None)

    def choose_department(self, department_id: int) -> None:
        """Show another region."""
        if department_id != self._department:
            self._department = department_id
            self.context.settings.set("department", department_id)
            self.changed.emit()

    def department_of(self, view: ApplicationView) -> Department | None:
        """Return the department that an application is before."""
        return self.family.department(view.application.department_id)

    def rules_of(self, view: ApplicationView) -> Rules | None:
        """Return the rules in force for an application."""
        department = self.department_of(view)
        return department.rules(view.case.programme, self.server_now()) if department is not None else None

    @property
    def zone(self) -> str:
        """The zone of the department shown."""
        department = self.department
        return department.provider.zone if department is not None else self.context.home_zone

    # What waits

    @property
    def urgent(self) -> int:
        """How many applications wait for the reader: a term of theirs runs, and nothing is on its way."""
        from ui.family.advice import term_of

        found = (view for view in self.family.applications if view.live and self.may_act(view.child.id))
        terms = ((view, term_of(view)) for view in found)
        return sum(term is not None and term.mine and self.intention(view.id) is None for view, term in terms)

    @property
    def offline(self) -> bool:
        """Whether there is no line now."""
        return is_offline(self.status)

    def waiting_for(self, application_id: int) -> list[Any]:
        """Return what was done with an application and is not settled, oldest first."""
        return [item for item in self.waiting if getattr(item.payload, "application_id", None) == application_id]

    def intention(self, application_id: int) -> Any:
        """Return the step that was taken here and is not yet with the department, None when there is none."""
        steps = [item for item in self.waiting_for(application_id) if isinstance(item.payload, commands.TakeStep)]
        return next((item for item in reversed(steps) if item.state in OPEN), None)

    @property
    def filings(self) -> list[Any]:
        """Applications that were filed here and are not yet with the department, or were refused."""
        return [item for item in self.waiting if isinstance(item.payload, commands.FileApplication)]

    def may_act(self, child_id: int) -> bool:
        """Return whether the reader may act for a child now."""
        view = self.family.child(child_id)
        return view is not None and active(view, self.server_now())


def active(view: ChildView, now: datetime) -> bool:
    """Return whether the reader's own tie to a child allows to act at ``now``."""
    return view.own.may_act and (view.own.until is None or now <= view.own.until)


def urgency(view: ApplicationView) -> tuple[int, datetime]:
    """Return a key by which applications that need their parent soonest come first."""
    terms = [term.at for term in view.case.timers.values()]
    far = datetime.max.replace(tzinfo=view.application.state_since.tzinfo) - timedelta(days=1)
    return (0 if terms and view.live else 1 if view.live else 2, min(terms, default=far))


@dataclass(slots=True)
class _Shared:
    of: Any = None
    model: FamilyModel | None = field(default=None)


_shared: WeakKeyDictionary[Selection, _Shared] = WeakKeyDictionary()


def family_of(context: Context) -> FamilyModel:
    """Return the one :class:`FamilyModel` of a window and a signed-in person; the first call begins to load."""
    shared = _shared.setdefault(context.selection, _Shared())
    if shared.model is None or shared.of is not context.inside:
        if shared.model is not None:
            shared.model.deleteLater()
        model = FamilyModel(context)
        context.topics.listen(model, TOPICS, model.refresh)
        shared.of, shared.model = context.inside, model
        model.refresh()
    return shared.model
