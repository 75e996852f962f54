"""One consistent cut of the data behind the chosen account and service; every screen of a resident reads it here.

Which account and service are chosen is the window's :class:`ui.context.Selection`. This loads their data off the GUI
thread and keeps what it had while it loads again, so nothing blinks and nothing is blank because a line is down.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any, Protocol
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Signal

from models.contract.records import AccountView, Mailing, Person, Provider, Service, Texts
from models.domain.period import Month
from models.domain.problems import Problem
from translations import PSEUDO, current
from ui.context import Context, Selection, problem_of

OWN_ACCOUNTS = 12
"""So many accounts are kept loaded whole; a clerk's thousands are loaded one at a time."""
NO_LINE = frozenset({"offline", "provider-slow", "provider-unavailable"})
TOPICS = frozenset(
    {
        "account", "account_service", "assertion", "entry", "mailing", "meter", "person", "provider", "reading",
        "recipient", "service", "tariff", "waiting", "status",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one reading of the cache gave."""

    views: tuple[AccountView, ...]
    waiting: tuple[Any, ...] = ()  # ui.context.WaitingItem
    status: Any = None  # ui.context.Status
    mailings: tuple[Mailing, ...] = ()
    person: Person | None = None

    def shows_as(self, other: Loaded) -> bool:
        """Return whether screens show the same for both; a line that only got further says nothing new."""
        return (
            self.views is other.views
            and (self.waiting, self.mailings, self.person) == (other.waiting, other.mailings, other.person)
            and _line(self.status) == _line(other.status)
        )


class Asks(Protocol):
    """What this needs of ``ui.tasks.Tasks``."""

    def ask(
        self,
        owner: QObject,
        question: Callable[[], Any],
        then: Callable[[Any], object],
        failed: Callable[[Exception], object] | None = None,
    ) -> Any:
        """Run ``question`` off the GUI thread and hand its answer to ``then`` on it."""


Load = Callable[[int | None], Loaded]
"""Reads whole views; the argument is the account that must be among them."""


class Cabinet(QObject):
    """The chosen account and service with the data of every account that is loaded."""

    changed = Signal()
    """Other data, another account or another service: whatever a screen shows may have changed."""
    state_changed = Signal()
    """Loading began or ended, or failed."""

    def __init__(self, tasks: Asks, load: Load, selection: Selection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._load = load
        self._selection = selection
        self._views: dict[int, AccountView] = {}
        self._loaded = Loaded(())
        self._again = False
        self.loading = False
        self.ready = False
        self.problem: Problem | None = None
        selection.changed.connect(self._chosen)

    @property
    def views(self) -> list[AccountView]:
        """The loaded accounts, in the order of the list of accounts."""
        return list(self._views.values())

    @property
    def waiting(self) -> tuple[Any, ...]:
        """Commands of this device that are not settled."""
        return self._loaded.waiting

    @property
    def status(self) -> Any:
        """State of the line when the data were read; ``None`` when there is no sync."""
        return self._loaded.status

    @property
    def mailings(self) -> tuple[Mailing, ...]:
        """The person's mailings."""
        return self._loaded.mailings

    @property
    def person(self) -> Person | None:
        """The signed-in person's profile, or ``None``."""
        return self._loaded.person

    @property
    def account_id(self) -> int | None:
        """The chosen account."""
        return self._selection.account_id

    @property
    def view(self) -> AccountView | None:
        """The chosen account's data, or ``None`` while there is none."""
        account_id = self.account_id
        return self._views.get(account_id) if account_id is not None else None

    @property
    def service(self) -> Service | None:
        """The chosen service of the account; its first one while none is chosen."""
        view = self.view
        services = services_of(view) if view else []
        chosen = self._selection.service_id
        return next((s for s in services if s.id == chosen), services[0] if services else None)

    @property
    def service_id(self) -> int | None:
        """The id of the chosen service."""
        service = self.service
        return service.id if service else None

    def refresh(self) -> None:
        """Read everything again; the old data stay until the new ones are there.

        News that come while it reads are read once more when it is done, however many they were.
        """
        if self.loading:
            self._again = True
            return
        self._again = False
        self.loading = True
        self.state_changed.emit()
        load, wanted, before = self._load, self.account_id, self._loaded

        def question() -> Loaded:
            loaded = load(wanted)
            # Compared here, off the GUI thread; what is equal is then one and the same.
            return replace(loaded, views=before.views) if loaded.views == before.views else loaded

        self._tasks.ask(self, question, self._took, self._failed)

    def take(self, loaded: Loaded) -> None:
        """Show ``loaded``; the choice is kept where it still exists."""
        news = not self.ready or self.problem is not None or not loaded.shows_as(self._loaded)
        self.loading = False
        self.ready = bool(loaded.views) or not is_first_load(loaded.status)
        self.problem = None
        self._loaded = loaded
        self._views = {view.account.id: view for view in loaded.views}
        if self.account_id not in self._views:
            self._selection.choose(next(iter(self._views), None))
        self.state_changed.emit()
        if news:
            self.changed.emit()

    def choose_account(self, account_id: int) -> None:
        """Make this account the one that screens are about, keeping the kind of service where it has one."""
        if account_id == self.account_id:
            return
        kind = self.service.kind if self.service else ""
        view = self._views.get(account_id)
        same = next((s.id for s in services_of(view) if s.kind == kind), None) if view else None
        self._selection.choose(account_id, same)

    def choose_service(self, service_id: int, account_id: int | None = None) -> None:
        """Make this service the chosen one, of this account if it is given."""
        self._selection.choose(self.account_id if account_id is None else account_id, service_id)

    def _chosen(self) -> None:
        self.changed.emit()
        if self.account_id is not None and self.account_id not in self._views and self.ready:
            self.refresh()

    def _took(self, loaded: Loaded) -> None:
        self.take(loaded)
        if self._again:
            self.refresh()

    def _failed(self, error: Exception) -> None:
        self.loading = False
        self.problem = problem_of(error) or Problem("cache-not-readable")
        self.state_changed.emit()
        if self._again:
            self.refresh()


@dataclass(slots=True)
class _Shared:
    of: Any = None
    cabinet: Cabinet | None = field(default=None)


_shared: WeakKeyDictionary[Selection, _Shared] = WeakKeyDictionary()


def cabinet_of(context: Context) -> Cabinet:
    """Return the one :class:`Cabinet` of a window and a signed-in person; the first call begins to load."""
    shared = _shared.setdefault(context.selection, _Shared())
    if shared.cabinet is None or shared.of is not context.inside:
        if shared.cabinet is not None:
            shared.cabinet.deleteLater()
        cabinet = Cabinet(context.tasks, partial(_read, context), context.selection)
        context.topics.listen(cabinet, TOPICS, cabinet.refresh)
        shared.of, shared.cabinet = context.inside, cabinet
        cabinet.refresh()
    return shared.cabinet


def _read(context: Context, wanted: int | None) -> Loaded:
    # Papers and screens share their words; the modules are loaded here, off the GUI thread.
    from documents import explain, labels  # noqa: F401
    from models.cache.queries import accounts, people

    def question(connection: Any) -> Loaded:
        ids = [summary.account.id for summary in accounts.accounts(connection, limit=OWN_ACCOUNTS + 1)]
        chosen = ids if len(ids) <= OWN_ACCOUNTS else [ids[0] if wanted is None else wanted]
        views = (accounts.account_view(connection, account_id) for account_id in chosen)
        return Loaded(
            tuple(view for view in views if view is not None),
            mailings=tuple(people.mailings(connection)),
            person=people.person(connection),
        )

    loaded = context.store.read(question)
    return Loaded(
        loaded.views,
        tuple(context.client.waiting()),
        context.client.status(),
        loaded.mailings,
        loaded.person,
    )


def _line(status: Any) -> tuple[Any, ...]:
    return () if status is None else (str(status.state), status.problem)


def is_offline(status: Any) -> bool:
    """Return whether there is no line; a status that asks for attention first may hide it in its problem."""
    if status is None:
        return False
    problem = getattr(status, "problem", None)
    return str(status.state) in {"offline", "signed_out"} or (problem is not None and problem.code in NO_LINE)


def is_first_load(status: Any) -> bool:
    """Return whether the very first exchange is still under way: what is missing then may be about to come."""
    return status is not None and status.as_of is None and not is_offline(status)


def services_of(view: AccountView) -> list[Service]:
    """Return the services of the account in the provider's order: active ones, and ended ones that still have money."""
    money = {entry.service_id for entry in view.entries} | {item.service_id for item in view.assertions}
    wanted = {
        item.service_id
        for item in view.account_services
        if item.active or item.balance_minor or item.service_id in money
    }
    return sorted((s for s in view.services if s.id in wanted), key=lambda s: (s.priority, s.id))


def named(texts: Texts) -> str:
    """Return the text in the language in force, or in the first language that has it."""
    language = "en" if current() == PSEUDO else current()
    return texts.get(language) or next((text for text in texts.values() if text), "")


def address_of(view: AccountView) -> str:
    """Return the account's address on one line, as registered."""
    account = view.account
    house = f"{account.house}{'/' + account.prefix if account.prefix else ''}"
    if account.flat:
        house = f"{house}–{account.flat}"
    return ", ".join(part for part in (account.settlement, f"{account.street} {house}".strip()) if part)


def provider_words(provider: Provider) -> str:
    """Return a provider's name with its legal form, as on its papers."""
    from documents import labels

    return labels.provider_name(provider)


def last_month_with_figures(view: AccountView | None, today: date) -> Month:
    """Return the month before ``today``'s, or the newest earlier one that has movements when that one has none."""
    last = Month.of(today).previous()
    periods = [entry.period for entry in view.entries if entry.period and entry.period <= last.number] if view else []
    return Month.from_number(max(periods)) if periods else last


def today_at(view: AccountView, context: Context) -> date:
    """Return the provider's date."""
    return context.clock().astimezone(ZoneInfo(view.provider.zone)).date()
