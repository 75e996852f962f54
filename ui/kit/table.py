"""A table: a view that remembers, copies, shares its room among the columns, and is worked by keyboard."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, cast

from PySide6.QtCore import QAbstractTableModel, QEvent, QMimeData, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QStyle, QTableView, QToolTip, QWidget

from translations import _
from ui import icons, theme
from ui.context import Settings
from ui.kit.table_model import Column, RowModel, TableModel
from ui.kit.table_order import Sorted, saved_by_breaking
from ui.kit.table_widths import Wish, share

COMFORT = 60
"""Grid steps of a long text that are shown before anything else gives way for it."""
FLOOR = 24
"""Grid steps of a text that is cut that are shown before the table scrolls."""
_PLAIN: Column[Any] = Column("", str, str)


class DataTable(QTableView):
    """A read-only table over a ``TableModel`` or any table model that has ``rows`` and answers ``SORT_ROLE``.

    Remembers widths, sorting and which columns are shown under ``name`` in the settings; copies the selected rows
    (Ctrl+C) as text that spreadsheets understand, with a heading; Enter or a double click emits ``activated_row`` with
    the row; Tab leaves it. Where there is little room it shares it by the rule of ``table_widths.share``: columns that
    can be spared are left out, and come back with more room or by the menu of the heading.
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
        self._columns: tuple[Column[Any], ...] = model.columns if isinstance(model, TableModel) else ()
        self._stretched = {*stretch, *(number for number, column in enumerate(self._columns) if column.stretch)}
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
        self._take_lines(1)  # first: with large text the smallest height would be taken for one that was chosen
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
        self.columns_menu = QMenu(_("C&olumns"), self)
        self.columns_menu.aboutToShow.connect(self._fill_menu)
        self.addActions([copy, everything, self.columns_menu.menuAction()])
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._menu_at)
        self.doubleClicked.connect(lambda index: self.activated_row.emit(self.row_at(index)))
        self.selectionModel().currentRowChanged.connect(self._tell_choice)
        self._restored = False
        self._wishes: dict[int, Wish] = {}
        self._given: dict[int, float] = {}  # widths that a person chose, in grid steps
        self._chosen: dict[str, bool] = {}  # columns that a person showed or hid
        self._most_rows = self._most_height = 0
        self._recall()
        self.fit_columns()
        model.modelReset.connect(self.fit_columns)
        header.sectionResized.connect(self._resized)
        header.sortIndicatorChanged.connect(self._sorted_by)

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
        self._sorted.break_titles(frozenset())
        for number in range(self.source.columnCount()):
            if self.isColumnHidden(number):
                self._quietly(number, theme.grid(10))  # what is hidden cannot be measured
            self._wishes[number] = self._wish(number)
            modes = QHeaderView.ResizeMode
            header.setSectionResizeMode(number, modes.Fixed if number in self._stretched else modes.Interactive)
        header.setStretchLastSection(not self._stretched)
        self._stretch()
        order = self._memory().get("sort")
        if not self._restored and self.isSortingEnabled() and isinstance(order, list) and order[0] in self._wishes:
            self.sortByColumn(order[0], Qt.SortOrder(order[1]))
        self._restored = True

    def _wish(self, number: int) -> Wish:
        column = self._column(number)
        stretch = number in self._stretched
        title = self.horizontalHeader().sectionSizeHint(number)
        words = str(self.source.headerData(number, Qt.Orientation.Horizontal) or "")
        return Wish(
            cells=self.sizeHintForColumn(number) + theme.grid(0.5),  # the frame around the cell with the cursor
            title=title,
            broken=title - saved_by_breaking(words),
            narrowest=theme.grid(10),
            stretch=stretch,
            comfort=theme.grid(COMFORT),
            least=theme.grid(column.least),
            floor=theme.grid(FLOOR),
            spare=0 if self._chosen.get(column.key) else column.spare,
            given=theme.grid(self._given[number]) if number in self._given and not stretch else 0,
        )

    def _column(self, number: int) -> Column[Any]:
        return self._columns[number] if self._columns else replace(_PLAIN, key=str(number))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override."""
        super().resizeEvent(event)
        self._stretch()

    def showEvent(self, event: QShowEvent) -> None:
        """Override."""
        super().showEvent(event)
        self._stretch()

    def _stretch(self) -> None:
        """Share the room there is among the columns; what does not fit however narrow is scrolled."""
        wanted = {
            number: replace(wish, arrow=self._arrow(number))
            for number, wish in self._wishes.items()
            if self._chosen.get(self._column(number).key, True)
        }
        air = theme.grid(3)
        room = self.viewport().width()
        if not self.isVisible():  # it has no width of its own yet
            room = sum(wish.width() + air for wish in wanted.values())
        shares = share(wanted, room, air)
        self._sorted.break_titles(shares.broken)
        for number in self._wishes:
            self._quietly(number, shares.widths.get(number, 0))
        cut = (number for number, width in shares.widths.items() if width < self._wishes[number].cells)
        self._take_lines(2 if any(self._column(number).wraps for number in cut) else 1)
        self.updateGeometries()
        self._take_height()
        self.fitted.emit()

    def _take_lines(self, lines: int) -> None:
        """Make every row so many lines high; a long table asks for one height of all its rows."""
        self.setWordWrap(lines > 1)
        self.verticalHeader().setDefaultSectionSize(theme.grid(7.5) + (lines - 1) * self.fontMetrics().lineSpacing())

    def level(self, others: Iterable[DataTable]) -> None:
        """Make columns as wide as those of the same name in tables above and below, so that they stand in one line."""
        for number, wish in self._wishes.items():
            key = self._column(number).key
            same = [wish, *(one._wishes[at] for one in others for at in one._wishes if one._column(at).key == key)]
            self._wishes[number] = replace(wish, cells=max(one.cells for one in same))
        self._stretch()

    def _arrow(self, number: int) -> int:
        """Return the place for the arrow of sorting that a column may give up; the one sorted by needs it."""
        header = self.horizontalHeader()
        if not header.isSortIndicatorShown() or header.sortIndicatorSection() == number:
            return 0
        return header.fontMetrics().height() + header.style().pixelMetric(QStyle.PixelMetric.PM_HeaderMargin)

    def fit_height(self, most: int = 20) -> None:
        """Be as high as the rows need, at most ``most`` of them: for tables inside a scrolling page."""
        self._most_rows, self._most_height = most, 0
        self._take_height()

    def fill_height(self, room: int, least: int = 8) -> None:
        """Be as high as the rows need, at most ``room`` pixels, but room enough for ``least`` rows."""
        self._most_rows, self._most_height = least, room
        self._take_height()

    def _take_height(self) -> None:
        most = self._most_rows
        if not most:
            return
        if self._most_height:
            most = max(most, (self._most_height - self.whole_height(0)) // self.verticalHeader().defaultSectionSize())
        # Whether rows are scrolled is known: a bar that comes and goes would change the width and the headings.
        policy = Qt.ScrollBarPolicy
        scrolled = self.model().rowCount() > most
        self.setVerticalScrollBarPolicy(policy.ScrollBarAlwaysOn if scrolled else policy.ScrollBarAlwaysOff)
        height = self.whole_height(most)
        if height != self.minimumHeight() or height != self.maximumHeight():
            self.setFixedHeight(height)

    def whole_height(self, most: int = 1000) -> int:
        """Return the height at which every row is in view, of at most ``most`` rows."""
        header = self.horizontalHeader()
        rows = min(self.model().rowCount(), most)
        height = header.sizeHint().height() + rows * self.verticalHeader().defaultSectionSize() + 2 * self.frameWidth()
        if self.isVisible() and header.length() > self.viewport().width():
            height += self.horizontalScrollBar().sizeHint().height()
        return height

    def copy(self, whole: bool = False) -> str:
        """Put the selected rows (all when none is selected) on the clipboard as TSV with a heading; returns it.

        Columns that only the width of the window leaves out are copied, those that a person hid are not.
        """
        chosen = sorted(index.row() for index in self.selectionModel().selectedRows())
        if whole or not chosen:
            chosen = list(range(self.model().rowCount()))
        header = self.horizontalHeader()
        wanted = (c for c in range(self.model().columnCount()) if self._chosen.get(self._column(c).key, True))
        order = sorted(wanted, key=header.visualIndex)
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

    def whole_text(self, index: QModelIndex) -> str:
        """Return what is to be read about a cell when one points at it: its text when it is cut, and its hint."""
        if not index.isValid():
            return ""
        cut = self.sizeHintForIndex(index).width() > self.columnWidth(index.column())
        parts = [str(index.data() or "") if cut else "", str(index.data(Qt.ItemDataRole.ToolTipRole) or "")]
        return "\n".join(dict.fromkeys(part for part in parts if part))

    def viewportEvent(self, event: QEvent) -> bool:
        """Override: what is cut can be read whole by pointing at it."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            index = self.indexAt(event.pos())
            text = html.escape(self.whole_text(index)).replace("\n", "<br>")
            QToolTip.showText(event.globalPos(), f"<qt>{text}</qt>" if text else "", self.viewport())
            return True
        return super().viewportEvent(event)

    def _quietly(self, number: int, width: int) -> None:
        """Give a column a width, 0 to hide it, without taking it for a person's wish."""
        header = self.horizontalHeader()
        header.blockSignals(True)
        header.setSectionHidden(number, not width)
        if width:
            header.resizeSection(number, width)
        header.blockSignals(False)

    # Which columns are shown

    def _menu_at(self, place: QPoint) -> None:
        self.columns_menu.popup(self.horizontalHeader().mapToGlobal(place))

    def _fill_menu(self) -> None:
        self.columns_menu.clear()
        shown = [number for number in self._wishes if not self.isColumnHidden(number)]
        for number in sorted(self._wishes, key=self.horizontalHeader().visualIndex):
            title = str(self.source.headerData(number, Qt.Orientation.Horizontal) or "")
            act = self.columns_menu.addAction(title.replace("&", "&&"))
            act.setCheckable(True)
            act.setChecked(number in shown)
            act.setEnabled(shown != [number])
            act.toggled.connect(partial(self.show_column, number))
        self.columns_menu.addSeparator()
        self.columns_menu.addAction(_("&Usual columns and widths"), self.forget)

    def show_column(self, number: int, on: bool = True) -> None:
        """Show a column however little room there is, or hide it however much."""
        self._chosen[self._column(number).key] = on
        self.fit_columns()
        self._remember()

    def forget(self) -> None:
        """Show the usual columns in their usual widths again."""
        self._given.clear()
        self._chosen.clear()
        self.fit_columns()
        self._remember()

    # What is remembered

    def _memory(self) -> dict[str, Any]:
        if self._settings is None:
            return {}
        stored = self._settings.get("columns").get(self._name, {})
        return stored if isinstance(stored, dict) else {}

    def _recall(self) -> None:
        memory = self._memory()
        for number in range(self.source.columnCount()):
            width = memory.get(str(number))
            if isinstance(width, (int, float)):
                self._given[number] = width
        chosen = memory.get("columns")
        if isinstance(chosen, dict):
            self._chosen = {str(key): bool(on) for key, on in chosen.items()}

    def _resized(self, number: int, _before: int, after: int) -> None:
        """Remember a width that a person chose, not one that follows from the window or the content."""
        header = self.horizontalHeader()
        last = max((one for one in self._wishes if not self.isColumnHidden(one)), key=header.visualIndex, default=-1)
        follows = number in self._stretched or (header.stretchLastSection() and number == last)
        if self.isVisible() and after and not follows:
            self._given[number] = round(10 * after / theme.grid(10), 1)
            self._wishes[number] = replace(self._wishes[number], given=after)
            self._stretch()
            self._remember()

    def _sorted_by(self, _section: int, _order: Qt.SortOrder) -> None:
        self._remember()
        self._stretch()

    def _remember(self) -> None:
        if self._settings is None or not self.isVisible():
            return
        header = self.horizontalHeader()
        memory: dict[str, Any] = {str(number): width for number, width in self._given.items()}
        if self._chosen:
            memory["columns"] = dict(self._chosen)
        section = header.sortIndicatorSection()
        if self.isSortingEnabled() and 0 <= section < self.source.columnCount():
            memory["sort"] = [section, header.sortIndicatorOrder().value]
        self._settings.set("columns", {**self._settings.get("columns"), self._name: memory})
