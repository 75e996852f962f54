"""What stands between rows and the table that shows them: their order, words to narrow them, headings on two lines."""

from __future__ import annotations

from functools import cache, cmp_to_key
from typing import Any, Final

from PySide6.QtCore import (
    QCollator,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QFont, QFontMetrics

from translations import current
from ui import theme

Index = QModelIndex | QPersistentModelIndex
SORT_ROLE: Final = Qt.ItemDataRole.UserRole
"""The role under which a model gives what to sort by; anything that Python compares."""


@cache
def _collator(language: str) -> QCollator:
    collator = QCollator(QLocale(language))
    collator.setNumericMode(True)
    return collator


def alphabetic(text: str) -> Any:
    """Return what texts are ordered by: the alphabet of the language in force (Ә after А), and №2 before №14."""
    return cmp_to_key(_collator(current()).compare)(text)


def in_two_lines(title: str) -> str:
    """Return a title broken at the space that leaves the shortest lines; one word stays as it is."""
    words = title.split(" ")
    ways = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    return "\n".join(min(ways, key=lambda lines: max(map(len, lines)))) if ways else title


def saved_by_breaking(title: str) -> int:
    """Return by how many pixels a heading is narrower on two lines."""
    metrics = QFontMetrics(theme.font(weight=QFont.Weight.DemiBold))
    return metrics.horizontalAdvance(title) - max(map(metrics.horizontalAdvance, in_two_lines(title).split("\n")))


class Sorted(QSortFilterProxyModel):
    """Sorts by whatever the columns' keys are: texts by the alphabet, everything else as Python compares it."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._words = ""
        self._broken: frozenset[int] = frozenset()
        # Headings ask for eight roles a section whenever anything is measured; they hardly ever change.
        self._heads: dict[tuple[int, int], Any] = {}
        self.headerDataChanged.connect(self._heads.clear)
        self.modelReset.connect(self._heads.clear)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Override: titles of columns that are short of room stand on two lines; they are spoken on one."""
        if orientation is not Qt.Orientation.Horizontal:
            return super().headerData(section, orientation, role)
        key = (section, int(role))
        if key not in self._heads:
            self._heads[key] = self._head(section, role)
        return self._heads[key]

    def _head(self, section: int, role: int) -> Any:
        horizontal = Qt.Orientation.Horizontal
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return super().headerData(section, horizontal, Qt.ItemDataRole.DisplayRole)
        shown = super().headerData(section, horizontal, role)
        if role == Qt.ItemDataRole.DisplayRole and section in self._broken and isinstance(shown, str):
            return in_two_lines(shown)
        return shown

    def break_titles(self, sections: frozenset[int]) -> None:
        """Write the titles of these columns, and of no others, on two lines."""
        if sections != self._broken:
            self._broken = sections
            self._heads.clear()
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(0, self.columnCount() - 1))

    def lessThan(self, source_left: Index, source_right: Index) -> bool:
        """Override."""
        model = self.sourceModel()
        one = model.data(source_left, SORT_ROLE)
        other = model.data(source_right, SORT_ROLE)
        if one is None or other is None:
            return one is None and other is not None
        if isinstance(one, str) and isinstance(other, str):
            return _collator(current()).compare(one, other) < 0
        return bool(one < other)

    def filter_words(self, words: str) -> None:
        """Show only rows in which every word occurs."""
        self.beginFilterChange()
        self._words = words.casefold()
        self.endFilterChange()

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        """Override."""
        if not self._words:
            return True
        model = self.sourceModel()
        cells = (model.index(source_row, column).data() for column in range(model.columnCount()))
        line = " ".join(str(cell or "") for cell in cells).casefold()
        return all(word in line for word in self._words.split())
