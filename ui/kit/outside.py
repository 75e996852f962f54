"""One card in the middle: the frame of everything before signing in."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from translations import _
from ui import theme
from ui.kit.buttons import Button
from ui.kit.forms import Form
from ui.kit.labels import Muted, Title
from ui.kit.surfaces import Banner, Card
from ui.screen_model import ScreenModel


class CardPage(QWidget):
    """A title, a sentence, a banner, what is added with ``card.add``, and a way back. ``width`` in grid steps."""

    def __init__(
        self,
        title: str,
        lead: str = "",
        *,
        back: Callable[[], object] | None = None,
        back_text: str = "",
        width: int = 110,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self.card = Card()
        self.card.setMaximumWidth(theme.grid(width))
        self.card.body.setContentsMargins(theme.grid(7), theme.grid(6), theme.grid(7), theme.grid(6))
        self.card.body.setSpacing(theme.grid(3.5))
        self.back: Button | None = None
        if back is not None:
            self.back = Button(back_text or _("Back to signing in"), back, kind="link", icon="arrow-left")
            self.card.body.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeading)
        self.title = Title(title)
        self.card.add(self.title)
        if lead:
            self.card.add(Muted(lead))
        self.banner = Banner()
        self.banner.hide()
        self.card.add(self.banner)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.card, 100)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addStretch(1)
        self._first: QWidget | None = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: Escape goes back."""
        if event.key() == Qt.Key.Key_Escape and self.back is not None and self.back.isVisible():
            self.back.click()
            return
        super().keyPressEvent(event)

    def start_with(self, widget: QWidget) -> None:
        """Name the field in which work begins."""
        self._first = widget

    def start_here(self) -> None:
        """Put the cursor where work begins."""
        if self._first is not None:
            self._first.setFocus()


def bind(
    form: Form, key: str, label: str, field: QLineEdit, model: ScreenModel, *, note: str = "", span: int = 1
) -> QLineEdit:
    """Add a line to a form that shows and keeps the model's draft of ``key``."""
    form.add(key, label, field, note=note, span=span)
    field.setText(model.draft.get(key, ""))
    field.textEdited.connect(lambda text: model.type(key, text))
    return field


def show_trouble(model: ScreenModel, form: Form | None, banner: Banner) -> None:
    """Put the model's problems at their fields and its failure, if any, into the banner."""
    rest = form.show_problems(model.problems) if form is not None else ""
    text = model.failure_text or rest
    banner.show_text(text, "warning" if model.offline else "danger")
