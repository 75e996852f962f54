"""A year in bars, and the same year as a table for those who would rather read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

from PySide6.QtWidgets import QStackedWidget, QWidget

from models.domain.money import round_minor
from models.domain.statements import ChartMonth
from translations import _, formats
from ui import theme
from ui.context import Context
from ui.kit.buttons import IconButton
from ui.kit.chart import BarChart, Series
from ui.kit.choice import Choice
from ui.kit.surfaces import Card
from ui.kit.table import DataTable
from ui.kit.table_model import Column, TableModel
from ui.preview.view_model import free_path, safe_name


class YearCard(Card):
    """A chart of twelve months with a choice of years, its table, and saving it as a picture.

    Args:
        volumes: Whether the bars are consumption in the service's unit, not money.
    """

    def __init__(
        self,
        context: Context,
        choose_year: Callable[[int], None],
        *,
        volumes: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(" ", parent=parent)
        self._context = context
        self._choose_year = choose_year
        self._volumes = volumes
        self._months: tuple[ChartMonth, ...] = ()
        self._unit = ""
        self._year = 0
        self.year = Choice()
        self.year.chosen.connect(self._year_chosen)
        self.as_table = IconButton("table", _("Show as a table"))
        self.as_table.setCheckable(True)
        self.as_table.toggled.connect(self._show_table)
        self.picture = IconButton("image", _("Save as a picture"), self.save)
        for widget in (self.year, self.as_table, self.picture):
            self.header.addWidget(widget)
        self.chart = BarChart("")
        self.model = TableModel(self._columns())
        self._table: DataTable | None = None
        self._stack = QStackedWidget()
        self._stack.addWidget(self.chart)
        self._stack.setFixedHeight(theme.grid(58))
        self.add(self._stack)

    @property
    def table(self) -> DataTable:
        """The table that says the same as the bars, made when somebody wants it."""
        if self._table is None:
            self._table = DataTable(self.model, "year-chart", label=self.chart.accessibleName(), sortable=False)
            self._stack.addWidget(self._table)
        return self._table

    def show_year(self, title: str, year: int, years: Sequence[int], months: Sequence[ChartMonth], unit: str) -> None:
        """Show this year; ``unit`` is the currency, or the unit of volumes."""
        self._months, self._unit, self._year = tuple(months), unit, year
        self.year.offer([(value, str(value)) for value in years or [year]], year)
        if self.title is not None:
            self.title.setText(title)
        self.setAccessibleName(title)
        self.year.setAccessibleName(_("{what}: year").format(what=title))
        if self._table is not None:
            self._table.setAccessibleName(title)
        self.chart._title = title
        self.chart.show_series([formats.short_month(month.month.first) for month in months], self._series(), self._unit)
        self.model.show_rows(self._months)
        if self._table is not None:
            self._table.fit_columns()

    def save(self) -> None:
        """Ask where and write the chart there as a picture."""
        title = self.title.text() if self.title else ""
        name = safe_name(title, str(self._year)).removesuffix(".pdf") + ".png"
        path = self._context.save_dialog(_("Save the chart"), name, _("Pictures (*.png)"))
        if path is None:
            return
        target = path if path.suffix.lower() == ".png" else free_path(Path(f"{path}.png"))
        if self.chart.save(target):
            self._context.toast(_("Saved to {path}.").format(path=target))
        else:
            self._context.toast(_("The picture could not be saved there. Choose another folder."), "danger")

    def _series(self) -> list[Series]:
        if self._volumes:
            values = tuple(hundredths(month.volume) for month in self._months)
            return [Series(_("Consumption"), values)]
        return [
            Series(_("Charges"), tuple(month.charged for month in self._months)),
            Series(_("Payments"), tuple(month.paid for month in self._months), "positive", hatched=True),
        ]

    def _columns(self) -> list[Column[ChartMonth]]:
        month = Column[ChartMonth](
            "month", lambda: _("Month"), lambda row: formats.month(row.month.first), stretch=True
        )
        if self._volumes:
            return [
                month,
                Column(
                    "volume",
                    lambda: _("Consumption"),
                    lambda row: f"{formats.plain(row.volume or '0')}{formats.NBSP}{self._unit}",
                    figures=True,
                ),
            ]
        return [
            month,
            Column("charged", lambda: _("Charges"), lambda row: formats.money(row.charged, self._unit), figures=True),
            Column("paid", lambda: _("Payments"), lambda row: formats.money(row.paid, self._unit), figures=True),
        ]

    def _show_table(self, shown: bool) -> None:
        self._stack.setCurrentWidget(self.table if shown else self.chart)
        self.picture.setEnabled(not shown)

    def _year_chosen(self, year: int) -> None:
        self._choose_year(year)


def hundredths(volume: str) -> int:
    """Return a volume of the wire in hundredths of its unit, as the chart draws it."""
    return round_minor(Decimal(volume or "0"))
