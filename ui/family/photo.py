"""A picture of a child or of oneself, read from this computer or the department off the GUI thread."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from ui import icons, theme
from ui.context import Context


class Photo(QLabel):
    """The picture of this hash, a sign while there is none; ``name`` is what a screen reader says."""

    def __init__(self, context: Context, sha256: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = theme.grid(14)
        self.setFixedSize(self._side, self._side)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAccessibleName(name)
        self.setPixmap(icons.pixmap("user-round", "accent", 12, self.devicePixelRatioF()))
        client: Any = context.client
        if sha256 and hasattr(client, "document"):
            side = 2 * self._side

            def read() -> QImage:
                image = QImage.fromData(client.document(sha256))
                if image.isNull():
                    return image
                return image.scaled(
                    side,
                    side,
                    Qt.AspectRatioMode.KeepAspectRatioByExpanding,
                    Qt.TransformationMode.SmoothTransformation,
                )

            # A picture that cannot be had leaves the sign: it is never worth a complaint.
            context.tasks.ask(self, read, self._show, lambda _error: None)

    def _show(self, image: QImage) -> None:
        if image.isNull():
            return
        side = min(image.width(), image.height())
        square = image.copy((image.width() - side) // 2, (image.height() - side) // 2, side, side)
        picture = QPixmap.fromImage(square)
        picture.setDevicePixelRatio(side / self._side)
        self.setPixmap(picture)
