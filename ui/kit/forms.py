"""Forms: labels above fields as their buddies, a sentence at the field that is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from models.contract.sentences import sentence
from models.domain.problems import Problem
from ui import theme
from ui.kit.fields import DateField, Field
from ui.kit.labels import Text, restyle

UNREAD: Final = Problem("date-not-readable")
"""What is wrong with a date that was typed and is none."""


class Form(QWidget):
    """Fields one below the other. ``add`` names each; ``complain`` puts sentences at them."""

    def __init__(self, *, columns: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.grid(3))
        self._grid.setVerticalSpacing(theme.grid(3))
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
            # every column as wide as the others, however long its notes are
            self._grid.setColumnMinimumWidth(column, theme.grid(30) if columns > 1 else 0)
        self._columns = columns
        self._next = 0
        self.fields: dict[str, QWidget] = {}
        self._complaints: dict[str, Text] = {}
        self._cells: dict[str, QWidget] = {}

    def add(self, key: str, label: str, field: QWidget, *, note: str = "", span: int = 1) -> QWidget:
        """Add a field under its label. ``&`` in the label is its mnemonic. Returns the field."""
        cell = QWidget()
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.grid(0.75))
        name = Text(label, bold=True)
        name.setBuddy(field)
        column.addWidget(name)
        column.addWidget(field)
        proxy = field.focusProxy()
        if isinstance(field, QComboBox):
            # A list that follows its contents shrinks to them a moment later, out of its place in the form.
            field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContentsOnFirstShow)
        plain = label.replace("&", "")
        for widget in (field, proxy):
            if widget is not None:
                widget.setAccessibleName(plain)
                if note:
                    widget.setAccessibleDescription(note)
        if note:
            column.addWidget(Text(note, size=theme.Size.SMALL, tone="muted", wrap=True))
        complaint = Text("", size=theme.Size.SMALL, tone="danger", wrap=True)
        complaint.hide()
        column.addWidget(complaint)
        column.addStretch(1)
        self.fields[key], self._complaints[key], self._cells[key] = field, complaint, cell
        if span > 1 and self._next % self._columns:
            self._next += self._columns - self._next % self._columns
        row, at = divmod(self._next, self._columns)
        self._grid.addWidget(cell, row, at, 1, span)
        self._next += span
        if isinstance(field, QLineEdit):
            field.textEdited.connect(lambda _text: self.forgive(key))
        if isinstance(field, DateField):
            field.field.textEdited.connect(lambda _text: self.forgive(key))
            field.unread.connect(partial(self._unread, key))
        return field

    def _unread(self, key: str, text: str) -> None:
        if text:
            self.complain(key, sentence(UNREAD))
        elif self._complaints[key].text() == sentence(UNREAD):
            self.complain(key, "")

    def add_widget(self, widget: QWidget) -> None:
        """Add something that is not a field, over the whole width."""
        if self._next % self._columns:
            self._next += self._columns - self._next % self._columns
        self._grid.addWidget(widget, self._next // self._columns, 0, 1, self._columns)
        self._next += self._columns

    def show_field(self, key: str, shown: bool) -> None:
        """Show or hide a field with its label."""
        self._cells[key].setVisible(shown)

    def text(self, key: str) -> str:
        """Return the text of a field without outer spaces."""
        field = self.fields[key]
        if isinstance(field, QPlainTextEdit):
            return field.toPlainText().strip()
        assert isinstance(field, QLineEdit)
        return field.text().strip()

    def complain(self, key: str, text: str) -> None:
        """Put a sentence at a field."""
        complaint, field = self._complaints[key], self.fields[key]
        complaint.setText(text)
        complaint.setVisible(bool(text))
        line = field if isinstance(field, Field) else field.focusProxy()
        if isinstance(line, Field):
            line.mark(bool(text))
        elif isinstance(field, QPlainTextEdit):
            field.setProperty("wrong", bool(text))
            restyle(field)
        for widget in (field, field.focusProxy()):
            if widget is not None:
                widget.setAccessibleDescription(text)

    def first(self) -> QWidget | None:
        """Return the first field that can take the cursor."""
        return next((found for field in self.fields.values() if (found := _takes(field)) is not None), None)

    def wrong(self) -> QWidget | None:
        """Return the first field that has a sentence at it and can take the cursor."""
        found = (_takes(field) for key, field in self.fields.items() if self._complaints[key].text())
        return next((field for field in found if field is not None), None)

    def forgive(self, key: str) -> None:
        """Take the sentence at a field away."""
        if self._complaints[key].text():
            self.complain(key, "")

    def complain_all(self, complaints: Mapping[str, str]) -> None:
        """Show exactly these sentences and put the cursor into the first field that has one."""
        for key in self.fields:
            self.complain(key, complaints.get(key, ""))
        for key, field in self.fields.items():
            if complaints.get(key):
                (_takes(field) or field).setFocus()  # of several boxes the first, not what holds them
                break

    def show_problems(self, problems: Sequence[Problem]) -> str:
        """Put problems at their fields; returns the sentences of those that belong to no field here.

        A date that cannot be read keeps saying so: that its field is empty would not be true.
        """
        said = {problem.field: sentence(problem) for problem in problems if problem.field in self.fields}
        unread = {key for key, field in self.fields.items() if isinstance(field, DateField) and field.wrong}
        self.complain_all({**said, **dict.fromkeys(unread, sentence(UNREAD))})
        return " ".join(sentence(problem) for problem in problems if problem.field not in self.fields)


def _takes(field: QWidget) -> QWidget | None:
    """Return what of a field takes the cursor: itself, its line, or the first of its boxes."""
    inside = [field, field.focusProxy(), *field.findChildren(QWidget)]
    return next(
        (one for one in inside if one is not None and one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isEnabled()),
        None,
    )
