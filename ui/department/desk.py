"""What the screens of a department's people share: the department on one cut, what waits to be sent, the clock."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, Signal

from models.cache.queries.admissions import Department, Offer
from models.cache.queries.department import Desk
from models.contract.admission_commands import ADMISSION_KINDS
from models.contract.collection_commands import COLLECTION_KINDS
from models.contract.payload import Payload
from models.domain.problems import Problem
from translations import _
from ui.context import Context, Selection, problem_of
from ui.screen_model import ScreenModel
from ui.selection import is_first_load, is_offline

T = TypeVar("T")

TOPICS: Final = frozenset(
    {
        "benefit", "calendar_day", "calendar_year", "category", "kindergarten_group", "locality", "organisation",
        "person", "place", "programme", "provider", "waiting", "status",
    }
)  # fmt: skip
_KINDS: Final = (*ADMISSION_KINDS, *COLLECTION_KINDS)
OPEN: Final = ("waiting", "sending", "held")
"""States of a command that is on its way."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What one reading gave."""

    desk: Desk
    waiting: tuple[Any, ...]
    status: Any


class DeskModel(QObject):
    """The department, its kindergartens and places, and what was done here and is not with the provider yet."""

    changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.desk = Desk(None, None)
        self.waiting: tuple[Any, ...] = ()
        self.status: Any = None
        self.ready = False
        self.problem: Problem | None = None
        self._readings = 0
        self._announced: tuple[frozenset[str], str, int] | None = None

    def refresh(self) -> None:
        """Read everything again."""
        context, now = self.context, self.server_now()
        self._readings += 1
        reading = self._readings

        def question() -> Cut:
            from models.cache.queries import department

            desk = context.store.read(lambda connection: department.desk(connection, now))
            waiting = tuple(item for item in context.client.waiting() if isinstance(item.payload, _KINDS))
            return Cut(desk, waiting, context.client.status())

        def took(cut: Cut) -> None:
            self.take(cut)
            self._answered(reading)

        context.tasks.ask(self, question, took, self._failed, name="desk")

    def announce(self, command_ids: Collection[str], text: str) -> None:
        """Say shortly that commands are on their way; the notice goes when all of them are answered."""
        self.context.toast(text, "pending")
        self._announced = frozenset(command_ids), text, self._readings

    def _answered(self, reading: int) -> None:
        """Let that notice go once a reading begun after it finds none of its commands on their way."""
        if self._announced is None:
            return
        command_ids, text, before = self._announced
        on_their_way = any(item.command_id in command_ids and item.state in OPEN for item in self.waiting)
        if reading > before and not on_their_way:
            self._announced = None
            self.context.bridge.settled.emit(text)

    def take(self, cut: Cut) -> None:
        """Show what was read."""
        news = not self.ready or self.problem is not None
        news = news or (cut.desk, cut.waiting) != (self.desk, self.waiting)
        news = news or is_offline(cut.status) != is_offline(self.status)
        self.desk, self.waiting, self.status, self.problem = cut.desk, cut.waiting, cut.status, None
        self.ready = cut.desk.department is not None or not is_first_load(cut.status)
        if news:
            self.changed.emit()

    def _failed(self, error: Exception) -> None:
        self.problem = problem_of(error) or Problem("cache-not-readable")
        self.changed.emit()

    @property
    def department(self) -> Department | None:
        """The department, None before its rows have come."""
        return self.desk.department

    @property
    def zone(self) -> str:
        """The department's zone."""
        return self.department.provider.zone if self.department is not None else self.context.home_zone

    @property
    def offline(self) -> bool:
        """Whether there is no line now."""
        return is_offline(self.status)

    @property
    def clock_is_known(self) -> bool:
        """Whether the department's clock has been heard since the program began."""
        return self._server_time() is not None

    def server_now(self) -> datetime:
        """Return what the department's clock shows, by our estimate; this computer's before the first contact."""
        return self._server_time() or self.context.clock()

    @property
    def today(self) -> date:
        """The department's date."""
        from zoneinfo import ZoneInfo

        return self.server_now().astimezone(ZoneInfo(self.zone)).date()

    def _server_time(self) -> datetime | None:
        heard = getattr(self.context.client, "server_time", None)
        return heard() if callable(heard) else None

    def pending(self, *kinds: type[Payload], **fields: Any) -> list[Any]:
        """Return what was done here and is on its way, of these kinds, whose fields are so; oldest first."""
        return [item for item in self._of(kinds, fields) if item.state in OPEN]

    def refused(self, *kinds: type[Payload], **fields: Any) -> list[Any]:
        """Return what was done here and refused."""
        return [item for item in self._of(kinds, fields) if item.state not in OPEN]

    def refusal(self, kind: type[Payload], **fields: Any) -> Any | None:
        """Return the newest of what was refused of a kind, whose fields are so; None where nothing was."""
        found = [item for item in self._of((kind,), fields) if item.state == "refused"]
        return found[-1] if found else None

    def _of(self, kinds: tuple[type[Payload], ...], fields: dict[str, Any]) -> list[Any]:
        return [
            item
            for item in self.waiting
            if (not kinds or isinstance(item.payload, kinds))
            and all(getattr(item.payload, name, None) == value for name, value in fields.items())
        ]

    def may(self, *roles: str) -> bool:
        """Whether the person has one of these roles."""
        inside = self.context.inside
        return inside is not None and bool(set(roles) & set(inside.roles))

    def kindergartens(self) -> Collection[int]:
        """Return the kindergartens that the person works for; an officer's are all of them."""
        return self.desk.organisations if self.may("officer") else self.desk.mine

    def groups(self) -> list[Offer]:
        """Return the groups of those kindergartens."""
        return self.desk.groups_of(self.kindergartens())


_shared: WeakKeyDictionary[Selection, tuple[Any, DeskModel]] = WeakKeyDictionary()


def desk_of(context: Context) -> DeskModel:
    """Return the one :class:`DeskModel` of a window and a signed-in person; the first call begins to load."""
    known = _shared.get(context.selection)
    if known is not None and known[0] is context.inside:
        return known[1]
    if known is not None:
        known[1].deleteLater()
    model = DeskModel(context)
    context.topics.listen(model, TOPICS, model.refresh)
    _shared[context.selection] = context.inside, model
    model.refresh()
    return model


class DeskScreen(ScreenModel):
    """State of a screen of a department. A subclass gives its ``question``; ``found`` is the answer."""

    data_changed = Signal()
    """Other data, another choice: the view is drawn again."""
    TOPICS: frozenset[str] = frozenset()

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.desk = desk_of(context)
        self.ready = False
        self.problem: Problem | None = None
        self.unsettled: dict[str, tuple[str, bool]] = {}
        """By their keys, dates of the form that were typed and are none, or not taken yet, and whether it was said."""
        self._answer: Any = None
        self._draws = False
        """Whether the answer that is awaited draws the view even if it is the same: something else changed too."""
        self.desk.changed.connect(self._desk_changed)
        if self.TOPICS:
            context.topics.listen(self, self.TOPICS, self.news)

    def start(self) -> None:
        """Begin to load once the subclass is made."""
        if self.desk.ready:
            self.refresh()

    def visited(self) -> None:
        """Look again when the screen opens."""
        self.refresh()

    def news(self) -> None:
        """Ask again because something changed; an answer that is the same draws nothing."""
        awaited = self._draws  # by an asking that this one replaces
        self.refresh()
        self._draws = awaited

    def refresh(self) -> None:
        """Ask the cache again."""
        question = self.question()
        self._draws = question is not None
        if question is None:
            self.ready = self.desk.ready
            self.data_changed.emit()
            return
        self.context.read(self, question, self._took, self._not_read, name="screen")

    def question(self) -> Callable[[Any], Any] | None:
        """Return what to ask the cache; None for a screen that lives from the desk alone."""
        return None

    def keep(self, answer: Any) -> None:
        """Take the answer."""

    def _took(self, answer: Any) -> None:
        same = not self._draws and self.ready and self.problem is None and answer == self._answer
        self.ready, self.problem, self._answer, self._draws = True, None, answer, False
        self.keep(answer)
        if not same:
            self.data_changed.emit()

    def _not_read(self, error: Exception) -> None:
        self.problem = problem_of(error) or Problem("cache-not-readable")
        self.data_changed.emit()

    def _desk_changed(self) -> None:
        self.refresh()

    @property
    def department(self) -> Department | None:
        """The department."""
        return self.desk.department

    @property
    def department_id(self) -> int:
        """The department's id, 0 while it is unknown."""
        return self.department.id if self.department is not None else 0

    def whole(self, key: str, low: int, high: int, wrong: list[Problem]) -> int:
        """Return the whole number typed in a field; ``wrong`` gets a problem when it is none, or out of its bounds."""
        text = "".join(self.typed(key).split())
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
        if not low <= number <= high:
            bounds: dict[str, str | int] = {"low": low, "high": high}
            wrong.append(Problem("number-out-of-range", key, bounds) if text else Problem("field-required", key))
        return number

    def prepared(self, payload: Payload) -> Payload:
        """Return a command as it is sent: with what a screen knows of how it was decided."""
        return payload

    def send(
        self,
        payload: Payload,
        done: str = "",
        then: Callable[[], object] | None = None,
        *,
        depends_on: Collection[str] = (),
        base: Mapping[str, Any] | None = None,
        instead: Any = None,
    ) -> None:
        """Write a command to the journal and say so; ``done`` names what was done. It counts only if the commands
        count that it ``depends_on``; a refused try that it stands ``instead`` of is closed by it."""
        client, payload = self.context.client, self.prepared(payload)

        def sent(command_id: str) -> None:
            if then is not None:
                then()
            self.desk.announce([command_id], f"{done} {self.on_its_way_text()}".strip())
            self.desk.refresh()
            self.refresh()

        given: dict[str, Any] = {"depends_on": tuple(depends_on)} if depends_on else {}
        if base is not None:
            given["base"] = base
        if instead is not None:
            given["supersedes"] = instead.command_id
        self.work(lambda: client.submit(payload, **given), sent)

    def on_its_way_text(self) -> str:
        """Return where a command is that has just been sent."""
        if self.desk.offline:
            return _("Kept on this computer: it counts when the department's server receives it.")
        return _("On its way; the answer will appear here.")

    REOPENS: tuple[type[Payload], ...] = ()
    """Commands that :meth:`reopen` can take into their form again."""

    def reopen(self, payload: Any) -> None:
        """Open the form of a command with what was written in it."""

    def may_try_again(self, _payload: Any) -> bool:
        """Return whether a refused command could be taken now, were it written otherwise."""
        return True

    def again(self, item: Any) -> None:
        """Take what was refused into its form again, to be changed and sent once more; why it was refused is said in
        the form from then on, and no more apart."""
        self.reopen(item.payload)
        self.refuse(item.problems)
        self.put_away(item)

    def put_away(self, item: Any) -> None:
        """Put a refusal away."""
        client = self.context.client
        self.work(lambda: client.acknowledge(item.command_id), lambda _none: self.desk.refresh())

    def take_back(self, item: Any) -> None:
        """Take back what has not been sent."""
        client = self.context.client
        self.work(lambda: client.withdraw(item.command_id), lambda _none: self.desk.refresh())
