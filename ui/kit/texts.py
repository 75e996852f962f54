"""A field for a text of several lines."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from ui import theme


class TextArea(QPlainTextEdit):
    """Several lines; Tab goes on. The cursor's place is a number, so that a page that is drawn anew gives it back."""

    edited = Signal(str)
    """What stands in it once somebody has changed it."""

    def __init__(self, text: str = "", *, rows: int = 30, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTabChangesFocus(True)
        self.setMinimumHeight(theme.grid(rows))
        self.textChanged.connect(lambda: self.edited.emit(self.toPlainText()))

    def cursorPosition(self) -> int:
        """Return the place of the cursor in the text."""
        return self.textCursor().position()

    def setCursorPosition(self, place: int) -> None:
        """Put the cursor there, as far as the text goes."""
        cursor = self.textCursor()
        cursor.setPosition(min(place, len(self.toPlainText())))
        self.setTextCursor(cursor)
