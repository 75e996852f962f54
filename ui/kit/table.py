"""Tables: frozen rows in, columns described once, a view that remembers, copies and is worked by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, cast

from PySide6.QtCore import (
    QAbstractTableModel,
    QMimeData,
    QModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QColor, QFont, QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QTableView, QWidget

from translations import _
from ui import icons, theme
from ui.context import Settings
from ui.kit.table_order import SORT_ROLE, Index, Sorted, in_two_lines

Row = TypeVar("Row")
_TOP = QModelIndex()


class RowModel(Protocol):
    """What ``DataTable`` needs beyond a Qt table model: the rows it shows, in the order given."""

    @property
    def rows(self) -> Sequence[Any]: ...


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column: what it shows of a row.

    ``title`` is called when shown, so it is translated then. ``figures`` aligns trailing in tabular figures. ``sort``
    gives the key to sort by (the shown text when left out). ``tone`` names a token for the text, ``icon`` a picture;
    ``spoken`` is what a screen reader says instead of the text.
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


class DataTable(QTableView):
    """A read-only table over a ``TableModel`` or any table model that has ``rows`` and answers ``SORT_ROLE``.

    Remembers widths, order and sorting under ``name`` in the settings; copies the selected rows (Ctrl+C) as text that
    spreadsheets understand, with a heading; Enter or a double click emits ``activated_row`` with the row;
    Tab leaves it.
    """

    activated_row = Signal(object)
    chosen_row = Signal(object)
    fitted = Signal()
    """The columns have taken their widths; the height that every row needs may be another one."""

    def __init__(
        self,
        model: QAbstractTableModel,
        name: str,
        *,
        label: str,
        settings: Settings | None = None,
        sortable: bool = True,
        stretch: Sequence[int] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name, self._settings = name, settings
        self.source = model
        described = model.columns if isinstance(model, TableModel) else ()
        self._stretched = {*stretch, *(number for number, column in enumerate(described) if column.stretch)}
        self._sorted = Sorted(self)
        self._sorted.setSourceModel(model)
        self.setModel(self._sorted)
        self.setAccessibleName(label)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setIconSize(icons.size(4))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.grid(7.5))
        self.verticalHeader().setMinimumSectionSize(theme.grid(6))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setMinimumSectionSize(theme.grid(10))
        header.setStretchLastSection(False)
        self.setSortingEnabled(False)
        if sortable:
            header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            header.setSortIndicatorClearable(True)
            self.setSortingEnabled(True)
        copy = QAction(_("&Copy as text"), self)
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(lambda _checked=False: self.copy())
        everything = QAction(_("Copy the &whole table"), self)
        everything.triggered.connect(lambda: self.copy(whole=True))
        self.addActions([copy, everything])
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.doubleClicked.connect(lambda index: self.activated_row.emit(self.row_at(index)))
        self.selectionModel().currentRowChanged.connect(self._tell_choice)
        self._restored = False
        self._needed: dict[int, int] = {}
        self._natural: dict[int, int] = {}
        self._narrowest: dict[int, int] = {}
        self._cells: dict[int, int] = {}
        self._most_rows = 0
        self.fit_columns()
        model.modelReset.connect(self.fit_columns)
        header.sectionResized.connect(self._resized)
        header.sortIndicatorChanged.connect(lambda *_args: self._remember())
        header.sortIndicatorChanged.connect(lambda *_args: self._stretch())

    @property
    def current_row(self) -> Any:
        """The row that has the cursor, or None."""
        return self.row_at(self.currentIndex())

    def row_at(self, index: QModelIndex) -> Any:
        """Return the row of an index of this view, or None."""
        if not index.isValid():
            return None
        return cast(RowModel, self.source).rows[self._sorted.mapToSource(index).row()]

    def measure(self, rows: int) -> None:
        """Give columns their width by so many rows: for long tables that change while somebody types."""
        self.horizontalHeader().setResizeContentsPrecision(rows)

    def choose(self, number: int) -> None:
        """Put the cursor into a row, by its number among those given."""
        self.setCurrentIndex(self._sorted.mapFromSource(self.source.index(number, 0)))

    def filter_words(self, words: str) -> None:
        """Show only rows in which every word occurs."""
        self._sorted.filter_words(words)

    def fit_columns(self) -> None:
        """Give columns the width of their content, or the one that was remembered; stretch those that may."""
        header = self.horizontalHeader()
        remembered = self._memory()
        count = self.source.columnCount()
        self._sorted.break_titles(frozenset())
        for number in range(count):
            if number in self._stretched:
                wide = max(self.sizeHintForColumn(number), header.sectionSizeHint(number))
                self._needed[number] = min(wide, theme.grid(60)) + theme.grid(3)
                continue
            header.setSectionResizeMode(number, QHeaderView.ResizeMode.Interactive)
            width = remembered.get(str(number))
            if isinstance(width, (int, float)):
                self._natural.pop(number, None)
                self._quietly(number, theme.grid(width))
            else:
                cells, title = self.sizeHintForColumn(number), header.sectionSizeHint(number)
                wide = max(cells, title)
                self._natural[number] = wide
                self._cells[number] = cells
                self._narrowest[number] = max(cells, title - self._saved_by_breaking(number), theme.grid(10))
                self._quietly(number, wide + theme.grid(3))
        header.setStretchLastSection(not self._stretched)
        self._stretch()
        order = remembered.get("sort")
        if not self._restored and self.isSortingEnabled() and isinstance(order, list) and order[0] < count:
            self.sortByColumn(order[0], Qt.SortOrder(order[1]))
        self._restored = True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override."""
        super().resizeEvent(event)
        self._stretch()

    def _stretch(self) -> None:
        """Let columns that may take the room that is left; where there is none the table scrolls instead."""
        header = self.horizontalHeader()
        self._tighten()
        fixed = sum(header.sectionSize(n) for n in range(self.source.columnCount()) if n not in self._needed)
        room = self.viewport().width() - fixed
        for number, needed in self._needed.items():
            if room >= sum(self._needed.values()):
                header.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)
            else:
                header.setSectionResizeMode(number, QHeaderView.ResizeMode.Interactive)
                self._quietly(number, needed)
        self._take_height()
        self.fitted.emit()

    def _saved_by_breaking(self, number: int) -> int:
        metrics = QFontMetrics(theme.font(weight=QFont.Weight.DemiBold))
        title = str(self.source.headerData(number, Qt.Orientation.Horizontal) or "")
        lines = in_two_lines(title).split("\n")
        return metrics.horizontalAdvance(title) - max(metrics.horizontalAdvance(line) for line in lines)

    def _without_arrow(self, number: int, wide: int) -> int:
        """Return a column's width without the place for the arrow of sorting, unless the table is sorted by it."""
        header = self.horizontalHeader()
        if not header.isSortIndicatorShown() or header.sortIndicatorSection() == number:
            return wide
        arrow = header.fontMetrics().height() + header.style().pixelMetric(QStyle.PixelMetric.PM_HeaderMargin)
        return min(wide, max(self._cells.get(number, 0), wide - arrow, theme.grid(10)))

    def _tighten(self) -> None:
        """Take air out of columns that nobody has resized when that makes the whole table fit."""
        header = self.horizontalHeader()
        count = self.source.columnCount()
        given = sum(header.sectionSize(n) for n in range(count) if n not in self._needed and n not in self._natural)
        if not self._natural:
            return
        room = self.viewport().width() - given - sum(self._needed.values())
        widths, broken = self._natural, frozenset[int]()
        if sum(widths.values()) > room and self.isVisible():
            # The longest titles go first, and no more of them than needed.
            widths = dict(self._natural)
            for number in sorted(widths, key=lambda at: self._narrowest[at] - self._natural[at]):
                if sum(widths.values()) > room and self._narrowest[number] < self._natural[number]:
                    widths[number] = self._narrowest[number]
                    broken |= {number}
            if sum(widths.values()) > room:
                tight = {number: self._without_arrow(number, wide) for number, wide in widths.items()}
                # What does not fit even so is scrolled: then no title need lose a letter.
                widths = tight if sum(tight.values()) <= room else widths
        self._sorted.break_titles(broken)
        air = (room - sum(widths.values())) // len(widths)
        for number, wide in widths.items():
            self._quietly(number, wide + (theme.grid(1) if air < 0 else min(air, theme.grid(3))))

    def fit_height(self, most: int = 20) -> None:
        """Be as high as the rows need, at most ``most`` of them: for tables inside a scrolling page."""
        self._most_rows = most
        self._take_height()

    def _take_height(self) -> None:
        if self._most_rows:
            height = self.whole_height(self._most_rows)
            if height != self.minimumHeight() or height != self.maximumHeight():
                self.setFixedHeight(height)

    def whole_height(self, most: int = 1000) -> int:
        """Return the height at which every row is in view, of at most ``most`` rows."""
        header = self.horizontalHeader()
        rows = min(self.model().rowCount(), most)
        height = header.sizeHint().height() + rows * self.verticalHeader().defaultSectionSize() + 2 * self.frameWidth()
        if header.length() > self.viewport().width():
            height += self.horizontalScrollBar().sizeHint().height()
        return height

    def copy(self, whole: bool = False) -> str:
        """Put the selected rows (all when none is selected) on the clipboard as TSV with a heading; returns it."""
        chosen = sorted(index.row() for index in self.selectionModel().selectedRows())
        if whole or not chosen:
            chosen = list(range(self.model().rowCount()))
        header = self.horizontalHeader()
        order = sorted(range(self.model().columnCount()), key=header.visualIndex)
        lines = [[str(self.source.headerData(c, Qt.Orientation.Horizontal) or "") for c in order]]
        lines += [[str(self.model().index(r, c).data() or "") for c in order] for r in chosen]
        text = "\n".join("\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in line) for line in lines)
        data = QMimeData()
        data.setText(text)
        QGuiApplication.clipboard().setMimeData(data)
        return text

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.activated_row.emit(self.current_row)
            return
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        super().keyPressEvent(event)

    def _tell_choice(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self.chosen_row.emit(self.row_at(current))

    def _quietly(self, number: int, width: int) -> None:
        header = self.horizontalHeader()
        header.blockSignals(True)
        header.resizeSection(number, width)
        header.blockSignals(False)
        self.updateGeometries()

    def _memory(self) -> dict[str, Any]:
        if self._settings is None:
            return {}
        stored = self._settings.get("columns").get(self._name, {})
        return stored if isinstance(stored, dict) else {}

    def _resized(self, number: int, _before: int, _after: int) -> None:
        """Remember a width that a person chose, not one that follows from the window or the content."""
        header = self.horizontalHeader()
        follows = number in self._stretched or (header.stretchLastSection() and number == self.source.columnCount() - 1)
        if self.isVisible() and not follows:
            self._natural.pop(number, None)
            self._remember()

    def _remember(self) -> None:
        if self._settings is None or not self.isVisible():
            return
        header = self.horizontalHeader()
        step = theme.grid(10) / 10
        count = self.source.columnCount()
        memory: dict[str, Any] = {
            str(number): round(header.sectionSize(number) / step, 1)
            for number in range(count)
            if number not in self._stretched and number not in self._natural
        }
        section = header.sortIndicatorSection()
        if self.isSortingEnabled() and 0 <= section < count:
            memory["sort"] = [section, header.sortIndicatorOrder().value]
        self._settings.set("columns", {**self._settings.get("columns"), self._name: memory})
