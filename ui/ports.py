"""What screens are given from outside, each as a port: the data, the client, the entrance, notices, settings.

``sync`` and ``desktop`` fulfil them; tests make small stand-ins (tests/fixtures/ports.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from models.contract.commands import Payload
from models.domain.problems import Problem

T = TypeVar("T")


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
    def about(self) -> str: ...
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
    def result(self) -> Mapping[str, Any]: ...
    @property
    def stays(self) -> Problem | None: ...


class Client(Protocol):
    """The part of ``sync.client.SyncClient`` that screens use; ``submit`` may raise ``EntryRefused``."""

    def submit(
        self,
        payload: Payload,
        *,
        depends_on: Sequence[str] = (),
        supersedes: str = "",
        base: Mapping[str, Any] | None = None,
    ) -> str:
        """Write a command to the journal; returns its id. ``base`` is what the person had before them of its fields."""
        ...

    def withdraw(self, command_id: str) -> Any:
        """Take back a command that has not been sent."""
        ...

    def acknowledge(self, command_id: str) -> Any:
        """Put a refused command away."""
        ...

    def resend(self, command_id: str, payload: Payload | None = None) -> Any:
        """Send a refused command again as a new one, changed to ``payload`` if that is given."""
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

    def verify_code(self, purpose: str, phone: str, one_time: str, code: str = "") -> Any:
        """Exchange a code for the ``ticket`` of the next pages, and whether somebody's cabinet has the telephone."""
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
