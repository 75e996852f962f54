"""Frozen rows in, roles out: the item model of every table of the resident's screens.

A column says how a row reads in it; the model adds alignment, colour, the explanation of a mark and the words that a
screen reader says. Nothing is computed before a cell is shown, so 20,000 rows open at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui import icons, theme

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
SORT_ROLE = Qt.ItemDataRole.UserRole
DASH = "-"
"""What stands in an empty cell."""


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """How rows read in one column.

    ``mark`` gives an explanation for rows that carry a mark there: shown as a glyph, a tool tip and accessible text.
    """

    title: Callable[[], str]
    text: Callable[[Row], str]
    number: bool = False
    sort: Callable[[Row], Any] | None = None
    tone: Callable[[Row], str] | None = None
    mark: Callable[[Row], str] | None = None
    glyph: str = "triangle-alert"
    glyph_tone: str = "warning"


class RowsModel(QAbstractTableModel, Generic[Row]):
    """A table of frozen rows."""

    def __init__(self, columns: Sequence[Column[Row]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._rows: Sequence[Row] = ()

    @property
    def rows(self) -> Sequence[Row]:
        """What is shown."""
        return self._rows

    def show(self, rows: Sequence[Row]) -> None:
        """Show ``rows`` instead of what was there."""
        if rows == self._rows:
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row(self, index: Index) -> Row:
        """Return the row of an index."""
        return self._rows[index.row()]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Override."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Override."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Override."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        column = self._columns[section]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return column.title()
            case Qt.ItemDataRole.TextAlignmentRole:
                return self._alignment(column)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Override."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        column, row = self._columns[index.column()], self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(row) or DASH
            case Qt.ItemDataRole.TextAlignmentRole:
                return self._alignment(column)
            case Qt.ItemDataRole.ForegroundRole:
                tone = column.tone(row) if column.tone else ""
                return theme.color(tone) if tone and tone != "text" else None
            case Qt.ItemDataRole.DecorationRole:
                return icons.icon(column.glyph, column.glyph_tone) if column.mark and column.mark(row) else None
            case Qt.ItemDataRole.ToolTipRole:
                return (column.mark(row) if column.mark else "") or None
            case Qt.ItemDataRole.AccessibleTextRole:
                said = f"{column.title()} {column.text(row) or DASH}"
                mark = column.mark(row) if column.mark else ""
                return f"{said}. {mark}" if mark else said
            case int() if role == SORT_ROLE:
                return column.sort(row) if column.sort else column.text(row)
        return None

    @staticmethod
    def _alignment(column: Column[Row]) -> Any:
        side = Qt.AlignmentFlag.AlignTrailing if column.number else Qt.AlignmentFlag.AlignLeading
        return side | Qt.AlignmentFlag.AlignVCenter
