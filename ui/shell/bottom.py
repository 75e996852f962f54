"""The bottom line, always visible: state of the line at the leading end, languages at the trailing one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from translations import LANGUAGES, _, current
from ui import icons, theme
from ui.kit import LANGUAGE_NAMES, Button, Text
from ui.shell.line import Line


class Bottom(QFrame):
    """Says what :class:`Line` says; a click opens what waits. Without a line (before signing in) only languages."""

    def __init__(
        self,
        line: Line | None,
        open_waiting: Callable[[], object],
        switch: Callable[[str], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("part", "status")
        self._line = line
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.grid(3), theme.grid(1), theme.grid(3), theme.grid(1))
        row.setSpacing(theme.grid(0.5))
        self.indicator = Button("", open_waiting, kind="quiet")
        self.indicator.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.indicator.setFixedHeight(theme.grid(8))
        inside = QHBoxLayout(self.indicator)
        inside.setContentsMargins(theme.grid(2), 0, theme.grid(2), 0)
        inside.setSpacing(theme.grid(3))
        self._glyph = icons.Glyph("wifi", "muted", 4)
        self.state = Text("", bold=True)
        self.attention = Text("", bold=True, tone="danger")
        self.waiting = Text("", bold=True, tone="pending")
        self.age = Text("", tone="muted")
        for label in (self._glyph, self.state, self.attention, self.waiting, self.age):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            inside.addWidget(label)
        inside.addStretch(1)
        if line is not None:
            row.addWidget(self.indicator, 1)
            line.changed.connect(self._show)
            self._show()
        else:
            self.indicator.hide()
            row.addStretch(1)
        self.languages: dict[str, QPushButton] = {}
        group = QButtonGroup(self)
        for language in LANGUAGES:
            button = Button(language, None, kind="quiet", name=LANGUAGE_NAMES[language])
            button.setCheckable(True)
            button.setChecked(language == current())
            button.setToolTip(LANGUAGE_NAMES[language])
            button.clicked.connect(lambda _checked=False, code=language: switch(code))
            group.addButton(button)
            row.addWidget(button)
            self.languages[language] = button

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leave out the age of the data where there is no room for it: the state of the line is never cut.

        It stays in what is read by pointing, and in what a screen reader says.
        """
        if self._line is None or not self._line.age_words:
            return
        shown = [label for label in (self.state, self.attention, self.waiting, self.age) if label.text()]
        needed = theme.grid(8) + sum(label.sizeHint().width() + theme.grid(3) for label in shown)
        self.age.setVisible(needed <= self.indicator.width())

    def _show(self) -> None:
        if self._line is None:
            return
        line = self._line
        self._glyph.show_icon(line.glyph, line.tone)
        self.state.setText(line.words)
        self.state.tone(line.tone)
        for label, words in (
            (self.attention, line.attention_words),
            (self.waiting, line.waiting_words),
            (self.age, line.age_words),
        ):
            label.setText(words)
            label.setVisible(bool(words))
        self._fit()
        leads_to = _("Sign in again") if line.state == "signed_out" else _("Open waiting and attention")
        self.indicator.setToolTip(f"{line.whole}\n{leads_to}")
        self.indicator.setAccessibleName(line.whole)
        self.indicator.setAccessibleDescription(leads_to)
        self.indicator.setCursor(Qt.CursorShape.PointingHandCursor)
