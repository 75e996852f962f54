"""What every screen is given: data, the client, and the few things only the desktop can do, each as a port.

A view-model takes the :class:`Context`, asks with ``context.read`` or ``context.tasks.ask`` and never waits. Nothing
here draws. ``desktop`` makes the ports; tests make small stand-ins of them (tests/fixtures/ports.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

from PySide6.QtCore import QObject, Signal

from models.contract.commands import Payload
from models.contract.records import AccountView, Message, Request
from models.contract.sentences import sentence
from models.domain.problems import Problem
from translations import _
from ui.tasks import Asked, Tasks, Topics

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

T = TypeVar("T")
Made: TypeAlias = "tuple[QObject, Callable[[], QWidget]]"
"""A screen: the view-model, and what builds the view over it (ui/shell/screens.py)."""


class Settings(Protocol):
    """Declared settings with defaults, stored at once (desktop/settings.py)."""

    def get(self, key: str) -> Any:
        """Return a setting."""
        ...

    def set(self, key: str, value: Any) -> None:
        """Store a setting."""
        ...


class Store(Protocol):
    """The cache: ``read`` runs a question on one consistent cut and gives frozen values back."""

    def read(self, question: Callable[[Any], T]) -> T:
        """Return the answer to ``question``."""
        ...

    def write(self) -> AbstractContextManager[Any]:
        """Give a connection inside one transaction, for what stays on this computer: drafts and read marks."""
        ...


class Status(Protocol):
    """State of the line, as ``SyncClient.status`` gives it."""

    @property
    def state(self) -> str: ...
    @property
    def last_contact(self) -> datetime | None: ...
    @property
    def as_of(self) -> datetime | None: ...
    @property
    def waiting(self) -> int: ...
    @property
    def waiting_minor(self) -> Mapping[str, int]: ...
    @property
    def attention(self) -> int: ...
    @property
    def problem(self) -> Problem | None: ...


class WaitingItem(Protocol):
    """A command that is not confirmed, as ``SyncClient.waiting`` gives it."""

    @property
    def command_id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def payload(self) -> Payload: ...
    @property
    def occurred_at(self) -> datetime: ...
    @property
    def state(self) -> str: ...
    @property
    def problems(self) -> Sequence[Problem]: ...
    @property
    def attempts(self) -> int: ...
    @property
    def last_error(self) -> Problem | None: ...
    @property
    def next_attempt(self) -> datetime | None: ...
    @property
    def amount_minor(self) -> int | None: ...
    @property
    def currency(self) -> str: ...
    @property
    def stays(self) -> Problem | None: ...


class Client(Protocol):
    """The part of ``sync.client.SyncClient`` that screens use; ``submit`` may raise ``EntryRefused``."""

    def submit(self, payload: Payload, *, depends_on: Sequence[str] = (), supersedes: str = "") -> str:
        """Write a command to the journal; returns its id."""
        ...

    def withdraw(self, command_id: str) -> Any:
        """Take back a command that has not been sent."""
        ...

    def acknowledge(self, command_id: str) -> Any:
        """Put a refused command away."""
        ...

    def resend(self, command_id: str) -> Any:
        """Send a refused command again as a new one."""
        ...

    def waiting(self) -> Sequence[Any]:
        """Return what is not confirmed, oldest first (``WaitingItem``)."""
        ...

    def status(self) -> Any:
        """Return the state of the line (``Status``)."""
        ...

    def sync(self) -> Any:
        """Exchange with the provider now; slow."""
        ...

    def subscribe(self, listener: Callable[[frozenset[str]], None]) -> Callable[[], None]:
        """Tell ``listener`` what changes, on any thread; returns how to stop."""
        ...


class People(Protocol):
    """What a person does with their own account at the provider; needs a line (``sync.people.People``)."""

    def register(self, **fields: Any) -> Any: ...
    def confirm(self, token: str) -> Any: ...
    def recover(self, login_or_email: str) -> Any: ...
    def finish_recovery(self, token: str, code: str, account: str, new_password: str) -> Any: ...
    def change_email(self, new_email: str, password: str) -> Any: ...
    def confirm_email(self, token: str) -> Any: ...
    def change_password(self, current: str, new: str) -> Any: ...
    def providers(self) -> Any: ...
    def streets(self, provider: str) -> Any: ...
    def find_account(self, **fields: Any) -> Any: ...
    def look_up_breakdown(self, **fields: Any) -> Any: ...


class Families(Protocol):
    """What a parent asks an education department directly; needs a line (``sync.families.Families``)."""

    def ask_code(self, purpose: str, phone: str, code: str = "", *, language: str = "kk", consent: bool = False) -> int:
        """Have a one-time code sent (register, recover, sign-in); returns for how many seconds it works."""
        ...

    def verify_code(self, purpose: str, phone: str, one_time: str, code: str = "") -> str:
        """Exchange a code for the ticket of the next pages."""
        ...

    def show_person(self, ticket: str, phone: str, code: str) -> Any:
        """Return what the register of persons says about who registers."""
        ...

    def register(self, **fields: Any) -> str:
        """Make the parent's login and return it."""
        ...

    def recover(self, **fields: Any) -> None:
        """Set a new password."""
        ...

    def join(self, **fields: Any) -> None:
        """Become a parent too."""
        ...

    def change_phone(self, **fields: Any) -> None:
        """Change the telephone that codes go to."""
        ...

    def interest(self, department_id: int) -> Any:
        """Return how many children wait for which kindergartens, where they are not too few to tell."""
        ...

    def ask_signing_code(self, about: str) -> int:
        """Have a code sent that signs one thing, such as ``application:17``."""
        ...

    def departments(self) -> Any:
        """Return the education departments of the installation."""
        ...

    def open_department(self, department_id: int) -> None:
        """Make what a department shows to everybody come with the next exchange."""
        ...

    def check_child(self, iin: str, department_id: int) -> Any:
        """Return what the register of persons says about a child."""
        ...

    def queue(self, department_id: int, **filters: str | int) -> Any:
        """Return a page of a department's public queue."""
        ...

    def position(self, application_id: int) -> Any:
        """Return where an application of ours stands in the queue now."""
        ...


class Notifier(Protocol):
    """Notifications of the operating system."""

    @property
    def present(self) -> bool:
        """Whether there is a tray, from which a hidden window can be brought back."""
        ...

    def notify(self, title: str, text: str, link: str = "") -> None:
        """Show one; a click on it opens ``link`` (a screen's key)."""
        ...


@dataclass(frozen=True, slots=True)
class Inside:
    """What signing in opens."""

    store: Store
    client: Client
    people: People
    login: str
    name: str = ""
    roles: tuple[str, ...] = ("resident",)
    families: Families | None = None


class Entrance(Protocol):
    """How a person gets in and out: desktop makes the profile, the cache and the client. All calls are slow."""

    def connect(self, address: str) -> str:
        """Check a provider's address, remember it, and return the provider's name; raises TransportError."""
        ...

    def people(self) -> People:
        """Return what can be done without signing in, at the remembered address."""
        ...

    def families(self) -> Families:
        """Return what a parent can do without signing in, at the remembered address."""
        ...

    def sign_in_by_code(self, phone: str, code: str, one_time: str, device_name: str) -> Inside:
        """Open a parent's data with a one-time code from the telephone; ``code`` is the IIN."""
        ...

    def sign_in(self, login: str, password: str, device_name: str) -> Inside:
        """Open the person's data on this computer, with or without a line; raises an exception with a ``problem``."""
        ...

    def sign_out(self, *, force: bool = False) -> None:
        """End the session and remove the data from this computer; raises while commands wait, unless ``force``."""
        ...


class Selection(QObject):
    """Which account and service the screens show; one for the whole window."""

    changed = Signal()
    accounts_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.accounts: tuple[Any, ...] = ()
        """``models.cache.queries.accounts.AccountSummary`` of every account the person may see."""
        self.account_id: int | None = None
        self.service_id: int | None = None
        """``None`` means all services."""

    def choose(self, account_id: int | None, service_id: int | None = None) -> None:
        """Show another account or service."""
        if (account_id, service_id) != (self.account_id, self.service_id):
            self.account_id, self.service_id = account_id, service_id
            self.changed.emit()

    def offer(self, accounts: Sequence[Any], preferred: int | None = None) -> None:
        """Take the list of accounts; keeps the chosen one if it is still there, else ``preferred`` or the first."""
        self.accounts = tuple(accounts)
        ids = [summary.account.id for summary in accounts]
        self.accounts_changed.emit()
        if self.account_id not in ids:
            self.choose(preferred if preferred in ids else (ids[0] if ids else None))


class Bridge(QObject):
    """How screens speak to the window around them."""

    go = Signal(str, dict)
    """Open the screen of this key with these arguments (``view_model.show(**arguments)`` is called when it exists)."""
    toast = Signal(str, str, str, object)
    """Text, tone, verb and act ("" and None for none) of a short notice at the bottom."""
    language = Signal(str)
    theme = Signal(str)
    text_size = Signal(int)
    entered = Signal(object)
    left = Signal()


def _now() -> datetime:
    return datetime.now(UTC)


def _no_file(_title: str, _name: str, _filter: str) -> Path | None:
    return None


@dataclass(frozen=True)
class Context:
    """Everything a screen may use. Before signing in ``inside`` is None and only ``entrance`` and settings work."""

    tasks: Tasks
    topics: Topics
    settings: Settings
    bridge: Bridge
    selection: Selection
    entrance: Entrance
    notifier: Notifier
    inside: Inside | None = None
    clock: Callable[[], datetime] = _now
    home_zone: str = "Asia/Almaty"
    """IANA zone in which moments are shown while no account is chosen."""
    open_link: Callable[[str], object] = field(default=lambda _address: None)
    save_dialog: Callable[[str, str, str], Path | None] = field(default=_no_file)
    """Title, suggested name, filter → chosen path or None."""
    open_dialog: Callable[[str, str], Path | None] = field(default=lambda _title, _filter: None)
    """Title, filter → file to read or None."""
    print_pdf: Callable[[bytes, str], object] = field(default=lambda _data, _title: None)
    """The document and its name → the system's print dialog."""
    manual: Callable[[str], object] = field(default=lambda _screen: None)
    """A screen's key → its place in the manual."""
    device_name: str = ""

    @property
    def store(self) -> Store:
        """The cache; only after signing in."""
        assert self.inside is not None, "nobody is signed in"
        return self.inside.store

    @property
    def client(self) -> Client:
        """The sync client; only after signing in."""
        assert self.inside is not None, "nobody is signed in"
        return self.inside.client

    @property
    def people(self) -> People:
        """What a person does with their own account at the provider; works before signing in as well."""
        return self.inside.people if self.inside is not None else self.entrance.people()

    @property
    def families(self) -> Families:
        """What a parent does over the line; works before signing in as well."""
        found = self.inside.families if self.inside is not None else None
        return found if found is not None else self.entrance.families()

    def entered(self, inside: Inside | None) -> Context:
        """Return the context of a person who has signed in, or out."""
        return replace(self, inside=inside)

    def read(
        self,
        owner: QObject,
        question: Callable[[Any], T],
        then: Callable[[T], object],
        failed: Callable[[Exception], object] | None = None,
        *,
        name: str = "",
    ) -> Asked:
        """Ask the cache a question of ``models.cache.queries`` off the GUI thread (see ``Tasks.ask``)."""
        store = self.store
        return self.tasks.ask(owner, lambda: store.read(question), then, failed, name=name)

    def note(self, owner: QObject, change: Callable[[Any], object]) -> Asked:
        """Write something that stays on this computer (a draft, a read mark) off the GUI thread."""
        store = self.store

        def work() -> None:
            with store.write() as connection:
                change(connection)

        return self.tasks.ask(owner, work, lambda _none: None)

    def submit(
        self,
        owner: QObject,
        payload: Payload,
        then: Callable[[str], object],
        failed: Callable[[Exception], object] | None = None,
        *,
        supersedes: str = "",
    ) -> Asked:
        """Write a command to the journal off the GUI thread; ``then`` gets its id."""
        client = self.client
        return self.tasks.ask(owner, lambda: client.submit(payload, supersedes=supersedes), then, failed)

    def go(self, screen: str, **arguments: Any) -> None:
        """Open another screen."""
        self.bridge.go.emit(screen, arguments)

    def toast(self, text: str, tone: str = "positive", verb: str = "", act: Callable[[], object] | None = None) -> None:
        """Show a short notice that goes by itself; for what has happened, never for what must be read."""
        self.bridge.toast.emit(text, tone, verb, act)

    @property
    def zone(self) -> str:
        """The zone in which moments are shown: that of the chosen account's provider."""
        for summary in self.selection.accounts:
            if summary.account.id == self.selection.account_id:
                return str(summary.provider.zone)
        return self.home_zone

    @property
    def today(self) -> Any:
        """The date now in the zone shown."""
        from zoneinfo import ZoneInfo

        return self.clock().astimezone(ZoneInfo(self.zone)).date()


def explain(error: Exception) -> str:
    """Return what a person reads about a failure: the sentence of its problem, or an honest general one."""
    problem = getattr(error, "problem", None)
    if isinstance(problem, Problem):
        return sentence(problem)
    return _("Something went wrong in this program. Your saved data is safe. Try again; if it repeats, tell support.")


def problem_of(error: Exception) -> Problem | None:
    """Return the problem that an exception carries, if any."""
    problem = getattr(error, "problem", None)
    return problem if isinstance(problem, Problem) else None


__all__ = [
    "AccountView",
    "Bridge",
    "Client",
    "Context",
    "Entrance",
    "Families",
    "Inside",
    "Message",
    "Notifier",
    "People",
    "Request",
    "Selection",
    "Settings",
    "Status",
    "Store",
    "WaitingItem",
    "explain",
    "problem_of",
]
