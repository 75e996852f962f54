"""The composition root of the window: what exists, and how it ends; ``desktop.opening`` says in which order it starts.

The profile is opened in a worker (its key takes a moment), and only then are cache, client and papers imported.
"""

from __future__ import annotations

import logging
import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QMessageBox

import translations
from desktop import ports
from desktop.paths import Folders
from desktop.settings import Settings
from translations import _
from ui import theme
from ui.collector import Collector
from ui.context import Bridge, Context, Inside, Selection
from ui.shell.placing import raise_window
from ui.shell.window import Window
from ui.tasks import Tasks, Topics

if TYPE_CHECKING:  # importing these would delay the first paint
    from desktop.cabinet import Cabinet
    from desktop.sync_thread import SyncThread
    from ui.context import Families, People

log = logging.getLogger(__name__)

SWITCH_SECONDS: Final = 0.001
"""How long a worker may go on while the window wants to: Python's own 5 ms are felt, as one event asks many times."""
MANUAL = Path(__file__).parent.parent / "docs" / "manual"


def now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


class LateEntrance:
    """The entrance for screens: the cabinet behind it is imported when somebody first goes in, off the GUI thread."""

    def __init__(self, folders: Folders, settings: Settings, clock: Callable[[], datetime] = now) -> None:
        self._folders = folders
        self._settings = settings
        self._clock = clock
        self._cabinet: Cabinet | None = None
        self.driver: SyncThread | None = None

    @property
    def cabinet(self) -> Cabinet:
        """The cabinet, made at the first use."""
        if self._cabinet is None:
            from desktop.cabinet import Cabinet

            self._cabinet = Cabinet(self._folders, self._settings, clock=self._clock)
        return self._cabinet

    def connect(self, address: str) -> str:
        """Check and remember a provider's address."""
        return self.cabinet.connect(address)

    def people(self) -> People:
        """Return what can be done without signing in."""
        return self.cabinet.people()  # type: ignore[return-value]  # the port names its arguments only by **fields

    def families(self) -> Families:
        """Return what a parent can do without signing in."""
        return self.cabinet.families()  # type: ignore[return-value]  # the port names its arguments only by **fields

    def sign_in_by_code(self, phone: str, code: str, one_time: str, device_name: str) -> Inside:
        """Open a parent's data by a one-time code and begin to synchronise."""
        self._stop()
        inside: Inside = self.cabinet.sign_in_by_code(phone, code, one_time, device_name)
        self._drive()
        return inside

    def sign_in(self, login: str, password: str, device_name: str) -> Inside:
        """Open the person's data and begin to synchronise."""
        self._stop()
        inside: Inside = self.cabinet.sign_in(login, password, device_name)
        self._drive()
        return inside

    def open_last(self) -> Inside | None:
        """Open the profile used last if no password is needed, and begin to synchronise."""
        inside: Inside | None = self.cabinet.open_last()
        if inside is not None:
            self._drive()
        return inside

    def sign_out(self, *, force: bool = False) -> None:
        """End the session; the sync thread goes on when that is refused."""
        self._stop()
        try:
            self.cabinet.sign_out(force=force)
        except Exception:
            self._drive()
            raise

    def close(self) -> None:
        """Stop synchronising and close the files."""
        self._stop()
        if self._cabinet is not None:
            self._cabinet.close()

    def _drive(self) -> None:
        from desktop.sync_thread import SyncThread

        self.driver = SyncThread(self.cabinet.client, self._clock)
        self.driver.start()

    def _stop(self) -> None:
        if self.driver is not None:
            self.driver.stop()
            self.driver = None


class Application:
    """Everything that lives as long as the window. ``clock`` tells the instant to everything in it."""

    def __init__(
        self, qt: QApplication, folders: Folders, settings: Settings, clock: Callable[[], datetime] = now
    ) -> None:
        self.qt = qt
        self.settings = settings
        sys.setswitchinterval(SWITCH_SECONDS)
        self.owner = QObject()
        self.collector = Collector(self.owner)
        self.tasks = Tasks(self.owner)
        self.topics = Topics(self.owner)
        self.bridge = Bridge(self.owner)
        self.bridge.entered.connect(self._entered)
        self.bridge.left.connect(self.collector.release)
        self.entrance = LateEntrance(folders, settings, clock)
        theme.load_fonts()
        self.tray = ports.Tray(ports.program_icon(), settings, self._from_tray)
        self.context = Context(
            tasks=self.tasks,
            topics=self.topics,
            settings=settings,
            bridge=self.bridge,
            selection=Selection(self.owner),
            entrance=self.entrance,
            notifier=self.tray,
            open_link=ports.open_link,
            save_dialog=ports.save_dialog(settings),
            open_dialog=ports.open_dialog(settings),
            print_pdf=ports.print_pdf,
            manual=open_manual,
            device_name=platform.node(),
            clock=clock,
        )
        self.window = Window(self.context)
        qt.aboutToQuit.connect(self.entrance.close)
        self.collector.keep()

    def open_last(self, then: Callable[[], object] = lambda: None) -> None:
        """Open the last profile off the GUI thread when the keyring lets us; else the sign-in screen stays."""

        def enter(inside: Inside | None) -> None:
            if inside is not None:
                self.bridge.entered.emit(inside)
            then()

        if self.settings.get("login"):
            self.tasks.ask(self.owner, self.entrance.open_last, enter)

    def _entered(self) -> None:
        """Leave out of the search for garbage what is loaded for the person: papers, cache, screens."""
        self.collector.keep()
        self.tasks.idle.connect(self.collector.keep, Qt.ConnectionType.SingleShotConnection)

    def raise_window(self) -> None:
        """Bring the window to the front."""
        raise_window(self.window)

    def tell_crash(self, report: str) -> None:
        """Say that the program ended badly last time; the report is shown whole before anybody copies it."""
        box = QMessageBox(self.window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setIcon(QMessageBox.Icon.Information)
        box.setText(_("Kabinet ended unexpectedly last time."))
        box.setInformativeText(
            _("Your saved data is safe. The report stays on this computer; you can read it, copy it and send it on.")
        )
        box.setDetailedText(report)
        copy = box.addButton(_("Copy the report"), QMessageBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda: self.qt.clipboard().setText(report))
        box.addButton(_("Close"), QMessageBox.ButtonRole.RejectRole)
        box.open()

    def _from_tray(self, link: str) -> None:
        self.raise_window()
        if link:
            self.bridge.go.emit(link, {})


def open_manual(screen: str) -> bool:
    """Open the manual in the language in force, at a screen."""
    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QDesktopServices

    url = QUrl.fromLocalFile(str(MANUAL / f"{translations.current()}.html"))
    url.setFragment(screen)
    return QDesktopServices.openUrl(url)
