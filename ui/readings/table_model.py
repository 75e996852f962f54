"""The columns of the history of readings."""

from __future__ import annotations

from PySide6.QtCore import QObject

from translations import _, formats
from ui.accounts.table_model import cell, quantity
from ui.accounts.view_model import ConsumptionLine
from ui.kit.table_model import TableModel
from ui.readings.view_model import source_words
from ui.selection import named


def history_model(parent: QObject | None = None) -> TableModel[ConsumptionLine]:
    """Return the model of all readings the provider has: its figure and where it comes from."""
    return TableModel(
        (
            cell(
                "date",
                lambda: _("Reading date"),
                lambda line: formats.day(line.row.read_on),
                sort=lambda line: line.row.read_on.toordinal(),
            ),
            cell("service", lambda: _("Service"), lambda line: named(line.service.name) if line.service else ""),
            cell("number", lambda: _("Meter number"), lambda line: line.row.number),
            cell(
                "reading",
                lambda: _("Reading"),
                lambda line: line.row.register.format(line.row.value),
                figures=True,
                sort=lambda line: line.row.value,
            ),
            cell(
                "consumed",
                lambda: _("Consumed in the period"),
                lambda line: quantity(line.row.consumed, line),
                figures=True,
                sort=lambda line: line.row.consumed if line.row.consumed is not None else -1,
            ),
            cell("source", lambda: _("Source"), lambda line: source_words(line.row.source), stretch=True),
        ),
        parent=parent,
    )
