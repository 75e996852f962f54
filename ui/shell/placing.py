"""Where the window stands on the desktop: it comes back where it was, and always on a screen that is there."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.context import Settings


def place(window: QWidget, settings: Settings) -> None:
    """Put a window where it was last, or in its usual size where none of its screens is there any more."""
    window.resize(theme.window_size())
    window.setMinimumSize(theme.grid(120), theme.grid(100))
    stored = settings.get("window").get("geometry", "")
    if stored:
        window.restoreGeometry(QByteArray.fromBase64(QByteArray(stored.encode("ascii"))))
    screens = [item.availableGeometry() for item in QGuiApplication.screens()]
    if screens and not any(area.intersects(window.geometry()) for area in screens):
        window.setGeometry(QRect(screens[0].topLeft(), window.size().boundedTo(screens[0].size())))


def remember_place(window: QWidget, settings: Settings) -> None:
    """Keep where a window stands."""
    geometry = bytes(window.saveGeometry().toBase64().data()).decode("ascii")
    settings.set("window", {"geometry": geometry})


def raise_window(window: QWidget) -> None:
    """Bring a window to the front, also one that was minimised: the program was started a second time."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()
