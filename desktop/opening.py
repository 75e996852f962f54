"""The start of the window: an empty frame in the right place and colours first, the program into it right after.

The order: folders and settings → Qt → the one instance → the frame is painted → crash reports, screens, ports → the
window takes the frame's place → the profile, in a worker. So a person sees at once that the program starts.

Nothing here touches the name ``Qt``: PySide makes its hundred enumerations when it is first named, which takes as long
as the rest of the frame. Logs, fonts in bold and the style sheet come after the frame as well.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

from desktop.paths import Folders
from desktop.settings import Settings
from ui import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent


class Opening(QMainWindow):
    """What stands in the window's place until it is ready: its frame, its colours, the name."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._name = QLabel("Kabinet", self)
        self._name.setFont(theme.font(theme.Size.TITLE))
        self._name.adjustSize()
        self.setWindowTitle("Kabinet")
        self.resize(theme.window_size())
        stored = settings.get("window").get("geometry", "")
        if stored:
            self.restoreGeometry(QByteArray.fromBase64(QByteArray(stored.encode("ascii"))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override: the name stays in the middle."""
        super().resizeEvent(event)
        self._name.move((self.width() - self._name.width()) // 2, (self.height() - self._name.height()) // 2)


def run(folders: Folders, settings: Settings, arguments: list[str], *, verbose: bool = False) -> int:
    """Open the window and return the exit status when it is closed."""
    qt = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(qt, QApplication)
    qt.setApplicationName("Kabinet")
    qt.setDesktopFileName("kabinet")
    from desktop.single_instance import SingleInstance

    instance = SingleInstance(folders.data)
    if instance.hand_over(arguments):
        return 0  # the window is open already and was raised
    instance.listen()
    chosen = settings.get("theme")
    theme.prepare(qt, theme.Scheme(chosen) if chosen in set(theme.Scheme) else theme.Scheme.SYSTEM)
    opening = Opening(settings)
    opening.show()
    qt.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    from desktop import logs

    logs.start(folders.logs, verbose=verbose)
    return _fill(qt, folders, settings, instance, opening)


def _fill(qt: QApplication, folders: Folders, settings: Settings, instance: object, opening: Opening) -> int:
    from desktop.app import Application
    from desktop.crash import CrashReports
    from desktop.single_instance import SingleInstance

    assert isinstance(instance, SingleInstance)
    reports = CrashReports(folders.logs)
    reports.install()
    application = Application(qt, folders, settings)
    instance.started_again.connect(lambda _arguments: application.raise_window())
    application.window.setGeometry(opening.geometry())
    application.window.show()
    opening.close()
    opening.deleteLater()
    crash = reports.unread()
    if crash:
        application.tell_crash(crash)
    QTimer.singleShot(0, application.open_last)
    return qt.exec()
