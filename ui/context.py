"""What every screen is given: data, the client, and the few things only the desktop can do, each as a port.

A view-model takes the :class:`Context`, asks with ``context.read`` or ``context.tasks.ask`` and never waits. Nothing
here draws. ``desktop`` makes the ports (ui/ports.py); tests make small stand-ins of them (tests/fixtures/ports.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from PySide6.QtCore import QObject

from models.contract.commands import Payload
from models.contract.records import AccountView, Message, Request
from models.contract.sentences import sentence
from models.domain.problems import Problem
from translations import _
from ui.bridge import Bridge, Selection
from ui.ports import (
    Client,
    Entrance,
    Families,
    Inside,
    Notifier,
    People,
    Settings,
    Status,
    Store,
    WaitingItem,
)
from ui.tasks import Asked, Tasks, Topics

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

T = TypeVar("T")
Made: TypeAlias = "tuple[QObject, Callable[[], QWidget]]"
"""A screen: the view-model, and what builds the view over it (ui/shell/screens.py)."""


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

        return self.tasks.ask(owner, work, lambda _none: None, certain=True)

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
