"""Frozen rows in, columns described once: what a table shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from ui import icons, theme
from ui.kit.table_order import SORT_ROLE, Index

Row = TypeVar("Row")
_TOP = QModelIndex()


class RowModel(Protocol):
    """What a table needs beyond a Qt table model: the rows it shows, in the order given."""

    @property
    def rows(self) -> Sequence[Any]: ...


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column: what it shows of a row.

    ``title`` is called when shown, so it is translated then. ``figures`` aligns trailing in tabular figures. ``sort``
    gives the key to sort by (the shown text when left out). ``tone`` names a token for the text, ``icon`` a picture;
    ``spoken`` is what a screen reader says instead of the text.

    ``stretch`` lets it take the room that is left and be cut with an ellipsis where there is little, to no less than
    ``least`` grid steps; with ``wraps`` it takes a second line first, and every row of the table with it. ``spare``
    says how early the column is left out where there is no room: 0 never, 1 last.
    """

    key: str
    title: Callable[[], str]
    text: Callable[[Row], str]
    figures: bool = False
    sort: Callable[[Row], Any] | None = None
    tone: Callable[[Row], str] | None = None
    icon: Callable[[Row], str] | None = None
    hint: Callable[[Row], str] | None = None
    bold: Callable[[Row], bool] | None = None
    spoken: Callable[[Row], str] | None = None
    stretch: bool = False
    least: float = 36
    wraps: bool = False
    spare: int = 0


class TableModel(QAbstractTableModel, Generic[Row]):
    """Frozen rows as a Qt item model. ``show_rows`` replaces them."""

    def __init__(self, columns: Sequence[Column[Row]], rows: Sequence[Row] = (), parent: Any = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._rows: Sequence[Row] = tuple(rows)

    @property
    def rows(self) -> Sequence[Row]:
        """The rows, in the order given."""
        return self._rows

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Replace the rows; a view keeps its selection by row number when the count is the same."""
        if len(rows) == len(self._rows) and rows:
            self._rows = tuple(rows)
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(self.columns) - 1))
            return
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = _TOP) -> int:
        """Override."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _TOP) -> int:
        """Override."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Override."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignTrailing if column.figures else Qt.AlignmentFlag.AlignLeading
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Override."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row, column = self._rows[index.row()], self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignTrailing if column.figures else Qt.AlignmentFlag.AlignLeading
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole and column.tone is not None:
            tone = column.tone(row)
            return QColor(theme.color(tone)) if tone else None
        if role == Qt.ItemDataRole.FontRole and column.bold is not None and column.bold(row):
            return theme.font(weight=QFont.Weight.DemiBold)
        if role == Qt.ItemDataRole.DecorationRole and column.icon is not None:
            name = column.icon(row)
            token = (column.tone(row) if column.tone is not None else "") or "muted"
            return icons.icon(name, token) if name else None
        if role == Qt.ItemDataRole.ToolTipRole and column.hint is not None:
            return column.hint(row) or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return column.spoken(row) if column.spoken is not None else column.text(row)
        if role == SORT_ROLE:
            return column.sort(row) if column.sort is not None else column.text(row).casefold()
        return None
