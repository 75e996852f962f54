"""Figures: the sums on top, then a table of the part that is chosen; copied with Ctrl+C, exported as CSV."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from translations import _, formats
from ui import theme
from ui.context import Context, Made
from ui.department.page import DeskPage
from ui.department.statistics.tables import BY, PARTS, Table
from ui.department.statistics.view_model import StatisticsModel
from ui.family.parts import Tabs
from ui.flow import flowing
from ui.kit import Card, Choice, Column, Muted, Size, TableModel, Text


class StatisticsPage(DeskPage):
    """Built over :class:`StatisticsModel`."""

    def __init__(self, model: StatisticsModel) -> None:
        super().__init__(model, _("Figures"))
        self.copy = self.secondary(_("Copy the table"), self._copy, "copy")
        self.export = self.primary(_("Export as CSV"), model.export, "download")
        self.begin()

    def fill(self) -> None:
        """Override."""
        model = self.view_model
        self.show_context(self.as_of())
        cards, row = flowing(3)
        capacity, occupied, held, free = model.places
        for title, number in (
            (_("In the queue"), model.total),
            (_("Applications that go on"), model.live),
            (_("Places"), capacity),
            (_("Places taken"), occupied),
            (_("Places held"), held),
            (_("Places free"), free),
        ):
            row.addWidget(_figure(title, number))
        self.holder.addWidget(cards)
        tabs = Tabs([(key, _(text)) for key, text in PARTS.items()], model.part, _("Tables"))
        tabs.chosen.connect(model.choose)
        self.holder.addWidget(tabs)
        if model.part == "queue":
            self._queue_head()
        table = model.table()
        if not table.rows:
            text = _("The figures are being counted…") if model.counting else _("There are no figures yet.")
            self.holder.addWidget(Muted(text))
            self.rows = None
            return
        self.rows = self.table(
            TableModel([_column(table, at) for at in range(len(table.head))], table.rows),
            f"figures-{model.part}",
            _(PARTS[model.part]),
            fills=True,
        )
        self.holder.addWidget(self.rows)

    def _queue_head(self) -> None:
        model = self.view_model
        line = QHBoxLayout()
        line.setSpacing(theme.grid(3))
        choice = Choice([(key, _(text)) for key, text in BY.items()], model.by, name=_("How it is divided"))
        choice.chosen.connect(model.divide)
        line.addWidget(choice)
        line.addWidget(Muted(model.table().note), 1)
        self.holder.addLayout(line)

    def _copy(self) -> None:
        if self.rows is not None:
            self.rows.copy(whole=True)
            self.view_model.context.toast(_("The table is copied."))


def _figure(title: str, number: int) -> QWidget:
    card = Card()
    card.add(Muted(title))
    card.add(Text(formats.number(number), size=Size.TITLE, bold=True))
    card.setAccessibleName(f"{title}: {formats.number(number)}")
    card.setMinimumWidth(theme.grid(34))
    return card


def _column(table: Table, at: int) -> Column[tuple[Any, ...]]:
    def shown(row: tuple[Any, ...]) -> str:
        return formats.number(row[at]) if isinstance(row[at], int) else str(row[at])

    return Column(
        str(at),
        partial(str, table.head[at]),
        shown,
        figures=at > 0 and not any(letter.isalpha() for row in table.rows for letter in str(row[at])),
        sort=lambda row: row[at],
        stretch=at == 0,
        least=72 if at == 0 else 36,
    )


def make(context: Context) -> Made:
    """Return the screen."""
    model = StatisticsModel(context)
    return model, lambda: StatisticsPage(model)
