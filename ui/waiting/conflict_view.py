"""Both versions of an entry side by side, and the choice between them."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from models.contract.conflicts import Conflict
from translations import _
from ui import theme
from ui.family.photo import Photo
from ui.kit import Button, Muted, Radio, Rule, Text
from ui.waiting.conflict import Versions, stored_words
from ui.waiting.view_model import Waiting


class ConflictBlock(QWidget):
    """Each field in a row: its name, «You wrote», «Now at the provider»; of several fields each is chosen by itself."""

    def __init__(self, model: Waiting, item: Any, conflict: Conflict) -> None:
        super().__init__()
        self._model, self._item = model, item
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.grid(2))
        found = model.versions(item)
        self._choose = len(found) > 1
        for number, one in enumerate(found):
            if number:
                column.addWidget(Rule())
            column.addLayout(self._field(one))
        stored = stored_words(conflict)
        if stored:
            column.addWidget(Muted(stored))
        if self._choose:
            column.addWidget(
                Muted(_("Choose a version of each field: of those chosen on the right, what is there stays."))
            )
        row = QHBoxLayout()
        row.setSpacing(theme.grid(2))
        title = model.title(item)
        self.keep = Button(_("Keep what is there"), partial(model.keep, item), icon="check")
        self.send = Button(_("Send mine again"), partial(model.send_mine, item), icon="rotate-ccw")
        for button in (self.keep, self.send):
            button.setAccessibleName(f"{button.text()}: {title}")
            row.addWidget(button)
        self.keep.setAccessibleDescription(_("Your version is put away; the provider’s stays."))
        self.send.setAccessibleDescription(_("Your version is sent in place of the provider’s."))
        row.addStretch(1)
        column.addLayout(row)
        self._enable()

    def _field(self, one: Versions) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.grid(6))
        grid.setVerticalSpacing(theme.grid(1))
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        grid.addWidget(Text(one.title, bold=True), 0, 0, 1, 2)
        mine, theirs = _("You wrote"), _("Now at the provider")
        grid.addWidget(Muted(mine), 1, 0)
        grid.addWidget(Muted(theirs), 1, 1)
        group = QButtonGroup(self)
        for at, (side, value) in enumerate(((mine, one.mine), (theirs, one.theirs))):
            name = _("{field}, {side}: {value}").format(field=one.title, side=side, value=value)
            grid.addWidget(self._version(one, at, value, name, group), 2, at, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(Muted(_("You had before you: {value}").format(value=one.seen)), 3, 0, Qt.AlignmentFlag.AlignTop)
        if one.whose:
            grid.addWidget(Muted(one.whose), 3, 1, Qt.AlignmentFlag.AlignTop)
        return grid

    def _version(self, one: Versions, at: int, value: str, name: str, group: QButtonGroup) -> QWidget:
        if one.pictures is not None:
            return Photo(self._model.context, one.pictures[at], name)
        if not self._choose:
            text = Text(value, wrap=True, selectable=True)
            text.setAccessibleName(name)
            return text
        radio = Radio(value)
        radio.setAccessibleName(name)
        group.addButton(radio)
        radio.setChecked(self._model.sends(self._item, one.field) == (at == 0))
        if at == 0:
            radio.toggled.connect(partial(self._chosen, one.field))
        return radio

    def _chosen(self, field: str, mine: bool) -> None:
        self._model.choose(self._item, field, mine)
        self._enable()

    def _enable(self) -> None:
        self.keep.setEnabled(not self._model.busy)
        self.send.setEnabled(not self._model.busy and bool(self._model.chosen(self._item)))
