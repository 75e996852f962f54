"""The program as a person meets it: what can be seen, typed and pressed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop import ports
from desktop.app import Application
from desktop.cabinet import Cabinet
from desktop.paths import folders
from desktop.settings import Settings
from models.contract.records import AccountView, Mailing
from sync.client import SyncClient
from tests.journeys.surroundings import Clock, Keyring
from tests.sync.wire import OverWire

PASSWORD = "kabinet-demo"
PATIENCE = 60_000
"""Milliseconds until a condition that does not come is a failure; nothing waits for time itself."""

W = TypeVar("W", bound=QWidget)


class Program:
    """One start of the program. Everything is found as a person finds it: by the words on it, if it is shown."""

    def __init__(
        self,
        qtbot: QtBot,
        qt: QApplication,
        place: Path,
        clock: Clock,
        keyring: Keyring,
        monkeypatch: pytest.MonkeyPatch,
        values: Mapping[str, object],
    ) -> None:
        self._qtbot = qtbot
        self.links: list[str] = []
        self.saved: list[Path] = []
        self.save_to: Path = place.parent
        monkeypatch.setattr(ports, "open_link", self.links.append)
        monkeypatch.setattr(ports, "save_dialog", lambda _settings: self._save)
        self.opens: Path | None = None
        monkeypatch.setattr(ports, "open_dialog", lambda _settings: lambda _title, _kind: self.opens)
        found = folders(str(place))
        self.settings = Settings(found.settings)
        for key, value in values.items():
            self.settings.set(key, value)
        self.application = Application(qt, found, self.settings, clock)
        self.application.entrance._cabinet = Cabinet(
            found,
            self.settings,
            keyring=keyring,
            clock=clock,
            transport=partial(OverWire, clock=clock),
        )
        self.window = self.application.window
        self.window.show()
        qtbot.waitUntil(self._is_active, timeout=PATIENCE)
        self._closed = False

    def close(self) -> None:
        """End the program as closing its window does."""
        if self._closed:
            return
        self._closed = True
        self.window.close()
        self.application.qt.aboutToQuit.disconnect(self.application.entrance.close)
        self.application.entrance.close()
        self.application.tray.hide()
        self.window.deleteLater()
        self.application.owner.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    # What is there

    @property
    def client(self) -> SyncClient:
        """The client of the person inside."""
        return self.application.entrance.cabinet.client

    @property
    def screen(self) -> QWidget:
        """All of the window."""
        return self.window

    def shown(self, kind: type[W]) -> Iterator[W]:
        """Yield the widgets of a kind that are shown."""
        for widget in self.window.findChildren(kind):
            if widget.isVisible():
                yield widget

    def words(self) -> str:
        """Return every word that is shown, with ordinary spaces."""
        found = [label.text() for label in self.shown(QLabel)] + [
            button.text() for button in self.shown(QAbstractButton)
        ]
        return " | ".join(found).replace("\u00a0", " ").replace("\u202f", " ")

    def button(self, words: str) -> QAbstractButton:
        """Return the button with these words, or with this name for a screen reader."""
        named = [b for b in self.shown(QAbstractButton) if b.accessibleName() == words]
        found = named or [b for b in self.shown(QAbstractButton) if b.text().replace("&", "") == words]
        found.sort(key=lambda b: not b.isEnabled())
        assert found, (
            f"no button “{words}” among {[b.text() or b.accessibleName() for b in self.shown(QAbstractButton)]}"
        )
        return found[0]

    def has_button(self, words: str) -> bool:
        """Return whether a button with these words can be pressed."""
        return any(
            b.text().replace("&", "") == words or b.accessibleName() == words
            for b in self.shown(QAbstractButton)
            if b.isEnabled()
        )

    def field(self, name: str) -> QLineEdit | QPlainTextEdit:
        """Return the field of this name."""
        fields: list[QLineEdit | QPlainTextEdit] = [*self.shown(QLineEdit), *self.shown(QPlainTextEdit)]
        found = [f for f in fields if f.accessibleName() == name]
        found.sort(key=lambda f: not f.isEnabled())
        assert found, f"no field “{name}” among {[f.accessibleName() for f in fields]}"
        return found[0]

    def has_field(self, name: str) -> bool:
        """Return whether a field of this name can be filled in."""
        fields = [*self.shown(QLineEdit), *self.shown(QPlainTextEdit)]
        return any(field.accessibleName() == name and field.isEnabled() for field in fields)

    def fields(self) -> list[str]:
        """Return the names of the fields that are shown."""
        return [field.accessibleName() for field in self.shown(QLineEdit)]

    def texts(self) -> list[str]:
        """Return what stands in the fields that are shown."""
        return [field.text() for field in self.shown(QLineEdit)]

    def draft(self, key: str) -> str:
        """Return what is kept of unfinished work on a screen."""
        from models.cache.queries.drafts import load

        return str(self.application.entrance.cabinet.store.read(lambda connection: load(connection, key)))

    def value(self, name: str) -> str:
        """Return what stands in the field of this name."""
        field = self.field(name)
        return field.text() if isinstance(field, QLineEdit) else field.toPlainText()

    def table(self, name: str) -> list[list[str]]:
        """Return the rows of the table or list of this name as texts."""
        found = self._tables(name)
        assert found, f"no table “{name}” among {[t.accessibleName() for t in self.shown(QAbstractItemView)]}"
        model, top = found[0].model(), QModelIndex()
        columns = 1 if isinstance(found[0], QListView) else model.columnCount(top)
        rows = range(model.rowCount(top))
        texts = [[str(model.index(row, column).data() or "") for column in range(columns)] for row in rows]
        return [[text.replace("\u00a0", " ") for text in row] for row in texts]

    # What a person does

    def write(self, name: str, text: str) -> None:
        """Type a text into the field of this name, in place of what was there."""
        self.until(lambda: self.has_field(name), f"the field “{name}”")
        field = self._go_to(lambda: self.field(name), f"the field “{name}”")
        field.selectAll()
        if not text:
            QTest.keyClick(field, Qt.Key.Key_Delete)
        type_text(field, text)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the focus is."""
        QTest.keyClick(self.window.focusWidget() or self.window, key, modifier)

    def press(self, words: str) -> None:
        """Go to a button and press it by the keyboard."""
        self.until(lambda: self.has_button(words), f"the button “{words}”")
        button = self._go_to(lambda: self.button(words), f"the button “{words}”")
        QTest.keyClick(button, Qt.Key.Key_Space)

    def choose(self, name: str, words: str) -> None:
        """Choose from a list by the arrows of the keyboard."""

        def entries() -> list[tuple[QComboBox, int]]:
            boxes = (c for c in self.shown(QComboBox) if c.accessibleName() == name)
            return [(box, at) for box in boxes for at in range(box.count()) if words in box.itemText(at)]

        self.until(entries, f"“{words}” in the list “{name}”")
        box, wanted = entries()[0]
        box.setFocus()
        while box.currentIndex() != wanted:
            QTest.keyClick(box, Qt.Key.Key_Down if wanted > box.currentIndex() else Qt.Key.Key_Up)

    def click(self, words: str) -> None:
        """Press a button by the mouse; it may be in a window over this one."""
        self.until(lambda: self.has_button(words), f"the button “{words}”")
        QTest.mouseClick(self.button(words), Qt.MouseButton.LeftButton)

    def tick(self, words: str, *, on: bool = True) -> None:
        """Go to a box or a choice of one of several and tick it by the keyboard."""
        self.until(lambda: self.has_button(words), f"“{words}” to tick")
        button = self._go_to(lambda: self.button(words), f"“{words}”")
        if button.isChecked() != on:
            QTest.keyClick(button, Qt.Key.Key_Space)
        self.until(lambda: self.button(words).isChecked() == on, f"“{words}” ticked")

    def open_row(self, table: str, words: str) -> None:
        """Go to the row of a table that has these words in it, by the arrows, and open it."""
        self.pick(table, words)
        QTest.keyClick(self._table(table), Qt.Key.Key_Return)

    def pick(self, table: str, words: str) -> None:
        """Go to the row of a table that has these words in it, by the arrows."""

        def wanted() -> int | None:
            rows = self.table(table) if self._tables(table) else []
            return next((at for at, row in enumerate(rows) if any(words in cell for cell in row)), None)

        self.until(lambda: wanted() is not None, f"a row with “{words}” in the table “{table}”")
        view = self._go_to(lambda: self._table(table), f"the table “{table}”")
        if view.currentIndex().row() < 0:
            QTest.keyClick(view, Qt.Key.Key_Home)
        while (at := wanted()) != (now := self._table(table).currentIndex().row()):  # news may move rows meanwhile
            assert at is not None
            QTest.keyClick(self._table(table), Qt.Key.Key_Down if at > now else Qt.Key.Key_Up)

    def _tables(self, name: str) -> list[QAbstractItemView]:
        return [table for table in self.shown(QAbstractItemView) if table.accessibleName() == name]

    def _table(self, name: str) -> QAbstractItemView:
        found = self._tables(name)
        assert found, f"no table “{name}”"
        return found[0]

    def go(self, key: str, **arguments: object) -> None:
        """Open a screen."""
        self.window.go(key, arguments)
        self.until(lambda: not self.application.tasks.busy)

    def menu(self, words: str) -> None:
        """Choose from the menu of the person."""
        for menu in self.window.findChildren(QMenu):
            for action in menu.actions():
                if action.text().replace("&", "") == words:
                    action.trigger()
                    return
        raise AssertionError(f"no “{words}” in a menu")

    # Waiting

    def until(self, condition: Callable[[], object], why: str = "") -> None:
        """Let the program work until something holds."""

        def holds() -> bool:
            return bool(condition())

        try:
            self._qtbot.waitUntil(holds, timeout=PATIENCE)
        except Exception as error:
            raise AssertionError(f"{why or 'it'} did not come; the window says: {self.words()}") from error

    def reads(self, text: str) -> None:
        """Wait until these words are shown."""
        self.until(lambda: text in self.words(), f"“{text}”")

    def streets(self) -> list[str]:
        """Return the streets that the look-up offers."""
        return [
            text
            for field in self.shown(QLineEdit)
            if (completer := field.completer()) is not None
            for row in range(completer.model().rowCount())
            if (text := str(completer.model().index(row, 0).data()))
        ]

    def settled(self) -> None:
        """Wait until everything is read and nothing waits to be sent."""
        self.until(
            lambda: (
                self.client.status().complete
                and not self.client.status().waiting
                and str(self.client.status().state) in {"online", "attention"}
            ),
            "the end of the exchange",
        )

    def wake(self) -> None:
        """Make the line be tried now."""
        assert self.application.entrance.driver is not None
        self.application.entrance.driver.wake()

    # Ways that many journeys begin with

    def sign_in(self, login: str, password: str = PASSWORD) -> Program:
        """Sign in and wait until everything is read."""
        self.write("Login", login)
        self.write("Password", password)
        self.key(Qt.Key.Key_Return)
        self.until(lambda: self.window.context.inside is not None, "signing in")
        self.settled()
        self.until(lambda: self.views(), "the accounts")
        return self

    def enter(self, login: str, password: str = PASSWORD) -> Program:
        """Sign in as somebody who need not have an account of a utility, and wait until everything is read."""
        self.write("Login", login)
        self.write("Password", password)
        self.key(Qt.Key.Key_Return)
        self.until(lambda: self.window.context.inside is not None, "signing in")
        self.settled()
        return self

    def views(self) -> list[AccountView]:
        """Return what the screens know of the accounts."""
        from ui.selection import cabinet_of

        return cabinet_of(self.window.context).views

    def mailings(self) -> list[Mailing]:
        """Return what the screens know of the person's mailings."""
        from ui.selection import cabinet_of

        return list(cabinet_of(self.window.context).mailings)

    def view(self, number: str) -> AccountView:
        """Return what the screens know of an account."""
        return next(view for view in self.views() if view.account.number == number)

    def _is_active(self) -> bool:
        """Return whether the window is the active one, and ask for it when it is not: another may have come over it."""
        if not self.window.isActiveWindow():
            self.window.raise_()
            self.window.activateWindow()
        return self.window.isActiveWindow()

    def _go_to(self, find: Callable[[], W], what: str) -> W:
        """Put the focus on a widget; leaving another one may make this one anew, so it is looked for again."""

        def there() -> bool:
            self._is_active()
            with suppress(AssertionError):
                widget = find()
                widget.setFocus()
                return widget.hasFocus() and widget is find()
            return False

        self.until(there, f"the focus on {what}")
        return find()

    def _save(self, _title: str, name: str, _kind: str) -> Path:
        path = self.save_to / name
        self.saved.append(path)
        return path


def type_text(field: QWidget, text: str) -> None:
    """Send the keys of a text, of any script, to a field."""
    for sign in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, sign)
            QApplication.sendEvent(field, event)
