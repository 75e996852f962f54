"""What only the desktop can do for the screens: notifications, links, files, printing."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRectF, QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices, QIcon, QImage, QPainter
from PySide6.QtWidgets import QApplication, QFileDialog, QSystemTrayIcon, QWidget

from desktop.settings import Settings

log = logging.getLogger(__name__)

ICON = Path(__file__).parent.parent / "resources" / "icons" / "kabinet.svg"
_PRINT_DPI = 300


class Tray:
    """Notifications of the operating system: one an event, a click opens the thing. Absent where there is no tray."""

    def __init__(self, icon: QIcon, settings: Settings, open_link: Callable[[str], object]) -> None:
        self._settings = settings
        self._open_link = open_link
        self._link = ""
        self._icon: QSystemTrayIcon | None = None
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._icon = QSystemTrayIcon(icon)
            self._icon.messageClicked.connect(lambda: self._open_link(self._link))
            self._icon.activated.connect(lambda _reason: self._open_link(""))
            self._icon.show()

    @property
    def present(self) -> bool:
        """Whether there is a tray, from which a hidden window can be brought back."""
        return self._icon is not None

    def notify(self, title: str, text: str, link: str = "") -> None:
        """Show a notification unless the person switched them off."""
        if self._icon is not None and self._settings.get("notifications"):
            self._link = link
            self._icon.showMessage(title, text, self._icon.icon(), 10_000)

    def hide(self) -> None:
        """Take the icon away at the end of the program."""
        if self._icon is not None:
            self._icon.hide()


def program_icon() -> QIcon:
    """Return the program's own icon."""
    return QIcon(str(ICON))


def open_link(address: str) -> bool:
    """Open a web address in the browser; anything that is not http(s) is refused."""
    url = QUrl(address)
    if url.scheme() not in {"https", "http"}:
        log.warning("a link of kind %r was not opened", url.scheme())
        return False
    return QDesktopServices.openUrl(url)


def save_dialog(settings: Settings) -> Callable[[str, str, str], Path | None]:
    """Return the system's question where to save, beginning in the folder used last; it asks before replacing."""

    def ask(title: str, name: str, kind: str) -> Path | None:
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        folder = settings.get("save_folder") or documents
        chosen, _kind = QFileDialog.getSaveFileName(_window(), title, str(Path(folder) / name), kind)
        if not chosen:
            return None
        settings.set("save_folder", str(Path(chosen).parent))
        return Path(chosen)

    return ask


def open_dialog(settings: Settings) -> Callable[[str, str], Path | None]:
    """Return the system's question which file to read, beginning in the folder used last."""

    def ask(title: str, kind: str) -> Path | None:
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        folder = settings.get("save_folder") or documents
        chosen, _kind = QFileDialog.getOpenFileName(_window(), title, folder, kind)
        return Path(chosen) if chosen else None

    return ask


def print_pdf(data: bytes, title: str) -> bool:
    """Print the very pages of a paper through the system's dialog; returns False when the person cancels."""
    # Loading what only printing needs would delay the first paint.
    import pypdfium2
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    from ui.kit.pdf import PDFIUM

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    # Never held while the dialog is open: a preview may be drawn meanwhile.
    with PDFIUM:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    try:
        dialog = QPrintDialog(printer, _window())
        dialog.setMinMax(1, count)
        if dialog.exec() != QPrintDialog.DialogCode.Accepted:
            return False
        first, last = printer.fromPage() or 1, printer.toPage() or count
        painter = QPainter(printer)
        for number in range(first - 1, min(last, count)):
            if number > first - 1:
                printer.newPage()
            with PDFIUM:
                page = document[number]
                bitmap = page.render(scale=_PRINT_DPI / 72, rev_byteorder=True, prefer_bgrx=True)
                image = QImage(
                    bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGBX8888
                ).copy()
                bitmap.close()
                page.close()
            painter.drawImage(QRectF(printer.pageRect(QPrinter.Unit.DevicePixel)), image)
        painter.end()
    finally:
        with PDFIUM:
            document.close()
    return True


def _window() -> QWidget | None:
    return QApplication.activeWindow()
