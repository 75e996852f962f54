"""Shows the very bytes of a paper: pages, thumbnails, zoom; print, save and send share them."""

from __future__ import annotations

import re
from collections.abc import Callable
from threading import Lock
from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from translations import _, n_
from ui import theme
from ui.context import Context, explain
from ui.kit.buttons import Button, IconButton
from ui.kit.labels import Muted, Text
from ui.kit.saving import save_paper
from ui.kit.surfaces import clear_layout

_ZOOMS: Final = (25, 33, 50, 75, 100, 125, 150, 200, 300)
_POINTS_TO_PIXELS: Final = 96 / 72
_UNSAFE: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
PDFIUM: Final = Lock()
"""Held by whoever touches PDFium, closing included: it is one machine for the whole process and dies of two threads."""


PAGE_WIDTH: Final = 794
"""An A4 page at 100 %, in the units of the screen."""
WITH_THUMBS: Final = 130
"""Least width of a document with thumbnails, in grid steps."""


def render_pages(data: bytes, scale: float) -> list[QImage]:
    """Return every page as a picture at ``scale`` of 72 dots an inch; raises ValueError for what is no PDF."""
    import pypdfium2  # the first paint of the program must not wait for it

    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise ValueError("not a PDF") from error
        pages = []
        for page in document:
            bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=True)
            image = QImage(
                bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGBX8888
            )
            pages.append(image.copy())
            bitmap.close()  # here: what Python lets go of after the lock would meet another thread in PDFium
            page.close()
        document.close()
        return pages


def safe_name(name: str) -> str:
    """Return a file name without what file systems refuse, never empty, ending in ``.pdf``."""
    stem = _UNSAFE.sub(" ", name.removesuffix(".pdf")).strip(" .")[:120]
    return f"{stem or 'document'}.pdf"


class PdfView(QWidget):
    """A paper with thumbnails, zoom and the acts: print, save, and send if ``send`` is given.

    ``show_pdf(data, name)`` shows other bytes. ``saved`` tells the path. Pages are drawn off the GUI thread.
    """

    saved = Signal(object)
    shown = Signal(int)

    def __init__(
        self, context: Context, *, send: Callable[[], object] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self.data = b""
        self._name = ""
        self.zoom = 100
        self.zoomed = False
        self._follows = False
        self._pages: list[QLabel] = []
        self._scaling = QTimer(self)
        self._scaling.setSingleShot(True)
        self._scaling.setInterval(80)
        self._scaling.timeout.connect(self._render)

        self._smaller = IconButton("zoom-out", _("Smaller"), lambda: self._step(-1))
        self._larger = IconButton("zoom-in", _("Larger"), lambda: self._step(1))
        self._percent = Text("100 %", tone="muted")
        self._count = Muted("")
        self._count.setWordWrap(False)
        self.print_button = Button(_("&Print"), self.print, icon="printer")
        self.save_button = Button(_("Sa&ve as PDF"), self.save, icon="download")
        bar = QHBoxLayout()
        bar.setSpacing(theme.grid(2))
        for widget in (self._smaller, self._percent, self._larger, self._count):
            bar.addWidget(widget)
        bar.addStretch(1)
        self.send_button: Button | None = None
        if send is not None:
            self.send_button = Button(_("Send to my e-&mail"), send, icon="mail")
            bar.addWidget(self.send_button)
        bar.addWidget(self.save_button)
        bar.addWidget(self.print_button)

        self._thumbs = QListWidget()
        self._thumbs.setAccessibleName(_("Pages"))
        self._thumbs.setFixedWidth(theme.grid(34))
        self._thumbs.setIconSize(QSize(theme.grid(24), theme.grid(34)))
        self._thumbs.setViewMode(QListWidget.ViewMode.IconMode)
        self._thumbs.setFlow(QListWidget.Flow.TopToBottom)
        self._thumbs.setWrapping(False)
        self._thumbs.setMovement(QListWidget.Movement.Static)
        self._thumbs.setSpacing(theme.grid(1))
        self._thumbs.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._thumbs.currentRowChanged.connect(self._go)
        self._column = QVBoxLayout()
        self._column.setSpacing(theme.grid(3))
        self._column.setContentsMargins(theme.grid(3), theme.grid(3), theme.grid(3), theme.grid(3))
        self._column.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        paper = QWidget()
        paper.setLayout(self._column)
        self._area = QScrollArea()
        self._area.setWidget(paper)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._area.setAccessibleName(_("Document"))
        frame = QFrame()
        frame.setProperty("part", "paper")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self._area)
        self._message = Muted("")
        self._message.hide()
        row = QHBoxLayout()
        row.setSpacing(theme.grid(2))
        row.addWidget(self._thumbs)
        row.addWidget(frame, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.grid(2))
        layout.addLayout(bar)
        layout.addWidget(self._message)
        layout.addLayout(row, 1)
        buttons = (self.send_button, self.save_button, self.print_button)
        self._words = {button: button.text() for button in buttons if button is not None}
        self._bar = bar
        self._enable()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override: where the words of the acts do not fit, their icons stand alone with names."""
        super().resizeEvent(event)
        self._show_thumbs()
        self._fit_width()
        for button, words in self._words.items():
            button.setText(words)
        narrow = self._bar.minimumSize().width() > self.width()
        for button, words in self._words.items():
            plain = words.replace("&", "")
            button.setAccessibleName(plain)
            button.setToolTip(plain if narrow else "")
            if narrow:
                button.setText("")

    def follow_width(self) -> None:
        """Make a page as wide as there is room from now on, until somebody has chosen a size."""
        self._follows = True
        self._fit_width()

    def _fit_width(self) -> None:
        """Make a page as wide as there is room, from half of its own size to the whole."""
        if not self._follows or self.zoomed:
            return
        thumbs = theme.grid(36) if self.roomy and len(self._pages) > 1 else 0
        wanted = max(50, min(100, (self.width() - thumbs - theme.grid(12)) * 100 // PAGE_WIDTH))
        if wanted != self.zoom:
            self.show_zoom(wanted)

    @property
    def roomy(self) -> bool:
        """Whether there is room for thumbnails beside the page."""
        return self.width() >= theme.grid(WITH_THUMBS)

    def minimumSizeHint(self) -> QSize:
        """Override: narrower than the words of the acts need."""
        return QSize(theme.grid(60), theme.grid(50))

    def show_pdf(self, data: bytes, name: str) -> None:
        """Show these bytes; ``name`` is what the file is called when saved."""
        self.data, self._name = data, safe_name(name)
        self._enable()
        self._render()

    def show_zoom(self, percent: int) -> None:
        """Show the pages at this size; 100 is the size of paper."""
        self.zoom = max(_ZOOMS[0], min(_ZOOMS[-1], percent))
        self._percent.setText(f"{self.zoom} %")
        self._scaling.start()

    def print(self) -> None:
        """Hand the bytes to the system's print dialog."""
        self._context.print_pdf(self.data, self._name)

    def save(self) -> None:
        """Ask where, and write the bytes there off the GUI thread."""
        data = self.data
        save_paper(self._context, self, self._name, lambda: data, self.saved.emit)

    def _enable(self) -> None:
        for widget in (self._smaller, self._larger, self.print_button, self.save_button, self.send_button):
            if widget is not None:
                widget.setEnabled(bool(self.data))

    def _step(self, direction: int) -> None:
        self.zoomed = True  # from now on the size is the person's, not the window's
        larger = [zoom for zoom in _ZOOMS if zoom > self.zoom]
        smaller = [zoom for zoom in _ZOOMS if zoom < self.zoom]
        if direction > 0 and larger:
            self.show_zoom(larger[0])
        elif direction < 0 and smaller:
            self.show_zoom(smaller[-1])

    def _render(self) -> None:
        data, ratio = self.data, self.devicePixelRatioF()
        scale = _POINTS_TO_PIXELS * self.zoom / 100 * ratio
        self._context.tasks.ask(
            self, lambda: render_pages(data, scale), lambda pages: self._show(pages, ratio), self._fail, name="pages"
        )

    def _show(self, images: list[QImage], ratio: float) -> None:
        self._message.hide()
        at = max(0, self._thumbs.currentRow())
        clear_layout(self._column)
        self._pages = []
        self._thumbs.blockSignals(True)
        self._thumbs.clear()
        for number, image in enumerate(images, 1):
            picture = QPixmap.fromImage(image)
            picture.setDevicePixelRatio(ratio)
            page = QLabel()
            page.setPixmap(picture)
            page.setAccessibleName(_("Page {number}").format(number=number))
            self._column.addWidget(page)
            self._pages.append(page)
            item = QListWidgetItem(str(number))
            small = image.scaledToWidth(theme.grid(24), Qt.TransformationMode.SmoothTransformation)
            icon = QIcon(QPixmap.fromImage(small))
            icon.addPixmap(QPixmap.fromImage(small), QIcon.Mode.Selected)  # as it is, not tinted
            item.setIcon(icon)
            self._thumbs.addItem(item)
        self._thumbs.setCurrentRow(min(at, len(images) - 1))
        self._thumbs.blockSignals(False)
        self._show_thumbs()
        self._fit_width()
        self._count.setText(n_("{count} page", "{count} pages", len(images)).format(count=len(images)))
        self.shown.emit(len(images))

    def _show_thumbs(self) -> None:
        """Show thumbnails only where they leave the page its room; scrolling goes to every page without them."""
        self._thumbs.setVisible(len(self._pages) > 1 and self.roomy)

    def _fail(self, error: Exception) -> None:
        self._message.setText(
            _("The document could not be shown. Your data is safe. Try to make it again.")
            if isinstance(error, ValueError)
            else explain(error)
        )
        self._message.show()

    def _go(self, row: int) -> None:
        if 0 <= row < len(self._pages):
            self._area.verticalScrollBar().setValue(self._pages[row].y())
