"""A signed-in resident for tests of screens: real models and tasks, a client and desktop ports that remember."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget

import translations
from models.contract.commands import Payload
from models.contract.records import AccountView, Person
from models.domain.problems import Problem
from tests.samples import sample_view_kk, sample_view_uk
from ui import theme
from ui.context import Bridge, Context, Inside, Selection
from ui.selection import Cabinet, Loaded
from ui.tasks import Tasks, Topics

NOW = datetime(2024, 2, 20, 6, 0, tzinfo=UTC)


@dataclass
class Item:
    command_id: str
    payload: Payload
    state: str = "waiting"
    problems: tuple[Problem, ...] = ()
    kind: str = ""
    occurred_at: datetime = NOW
    stays: Problem | None = None


@dataclass
class Status:
    state: str = "online"
    as_of: datetime | None = NOW
    last_contact: datetime | None = NOW
    waiting: int = 0
    waiting_minor: dict[str, int] = field(default_factory=dict)
    attention: int = 0
    problem: Problem | None = None


class EntryRefused(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class Client:
    """Keeps what is submitted, as the journal does."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.superseded: list[str] = []
        self.refuse: Problem | None = None
        self.state = Status()

    def submit(self, payload: Payload, *, depends_on: Sequence[str] = (), supersedes: str = "") -> str:
        if self.refuse is not None:
            raise EntryRefused(self.refuse)
        if supersedes:
            self.superseded.append(supersedes)
            self.items = [item for item in self.items if item.command_id != supersedes]
        item = Item(f"c{len(self.items) + len(self.superseded) + 1}", payload, kind=payload.KIND)
        self.items.append(item)
        return item.command_id

    def withdraw(self, command_id: str) -> None:
        self.items = [item for item in self.items if item.command_id != command_id]

    acknowledge = withdraw

    def waiting(self) -> list[Item]:
        return list(self.items)

    def status(self) -> Status:
        return self.state


class Settings:
    def __init__(self) -> None:
        self.values: dict[str, Any] = {"columns": {}}

    def get(self, key: str) -> Any:
        return self.values.get(key)

    def set(self, key: str, value: Any) -> None:
        self.values[key] = value


@dataclass
class World:
    """Everything a test of a screen needs."""

    context: Context
    cabinet: Cabinet
    client: Client
    bridge: Bridge
    selection: Selection
    views: list[AccountView]
    person: Person
    links: list[str]
    printed: list[tuple[bytes, str]]
    paths: list[Path | None]
    suggested: list[str]
    went: list[tuple[str, dict[str, Any]]]
    toasts: list[str]
    fail: Exception | None = None

    def load(self, _wanted: int | None) -> Loaded:
        if self.fail is not None:
            raise self.fail
        return Loaded(tuple(self.views), tuple(self.client.waiting()), self.client.status(), (), self.person)

    def show(self) -> None:
        """Load at once, without a thread."""
        self.cabinet.take(self.load(None))


def world(views: Sequence[AccountView] | None = None, *, now: datetime = NOW, load: bool = True) -> World:
    """Return a resident with these accounts (both samples by default)."""
    chosen = list(views) if views is not None else [sample_view_kk(), sample_view_uk()]
    client, bridge, selection, tasks = Client(), Bridge(), Selection(), Tasks()
    links: list[str] = []
    printed: list[tuple[bytes, str]] = []
    paths: list[Path | None] = []
    suggested: list[str] = []

    def save_dialog(_title: str, name: str, _filter: str) -> Path | None:
        suggested.append(name)
        return paths.pop(0) if paths else None

    context = Context(
        tasks=tasks,
        topics=Topics(),
        settings=Settings(),
        bridge=bridge,
        selection=selection,
        entrance=None,  # type: ignore[arg-type]
        notifier=None,  # type: ignore[arg-type]
        inside=Inside(store=None, client=client, people=None, login="123456"),  # type: ignore[arg-type]
        clock=lambda: now,
        open_link=links.append,
        save_dialog=save_dialog,
        print_pdf=lambda data, title: printed.append((data, title)),
    )
    person = Person(
        id=1,
        login="123456",
        name="Серікбаева Айгүл",
        email="aigul@example.org",
        pending_email="",
        phone="",
        language="kk",
        roles=["resident"],
    )
    result = World(
        context,
        None,
        client,
        bridge,
        selection,
        chosen,
        person,
        links,
        printed,
        paths,
        suggested,
        [],
        [],  # type: ignore[arg-type]
    )
    result.cabinet = Cabinet(tasks, result.load, selection)
    bridge.go.connect(lambda screen, arguments: result.went.append((screen, arguments)))
    bridge.toast.connect(lambda text, *_rest: result.toasts.append(text))
    if load:
        result.show()
    return result


@pytest.fixture
def english(qapp: QApplication) -> Iterator[None]:
    """Screens in English with the program's own looks."""
    before = translations.current()
    translations.use("en")
    if theme.tokens() is not theme.LIGHT or not qapp.styleSheet():
        # Polishing every living widget again takes seconds, so it is done once.
        theme.apply(qapp, theme.Scheme.LIGHT)
    yield
    translations.use(before)


def unnamed(widget: QWidget) -> list[str]:
    """Return the focusable widgets of a screen that a screen reader could not name."""
    found = []
    for child in widget.findChildren(QWidget):
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isVisibleTo(widget):
            interface = QAccessible.queryAccessibleInterface(child)
            if interface is None or not interface.text(QAccessible.Text.Name).strip():
                found.append(f"{type(child).__name__} in {type(child.parent()).__name__}")
    return found


def said(widget: Any) -> str:
    """Return the text of a widget with ordinary spaces."""
    return str(widget.text()).replace("\u00a0", " ").replace("\u202f", " ")
