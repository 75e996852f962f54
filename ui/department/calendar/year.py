"""A year of twelve months drawn in one: days off, worked Saturdays, today; worked by arrow keys."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from translations import _, formats
from ui import theme
from ui.family.words import said

if TYPE_CHECKING:
    from ui.department.calendar.view_model import CalendarModel

_GAP: Final = 5
"""Grid steps between months."""


class YearView(QWidget):
    """One widget with one cursor, so that a screen reader says the day and what it is."""

    chosen = Signal(object)

    def __init__(self, model: CalendarModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._cells: list[tuple[QRectF, date]] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("known", "year")  # its name for screen readers tells the chosen day
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(self.spoken())

    def spoken(self) -> str:
        """Return the chosen day and what it is."""
        return f"{formats.long_day(self._model.chosen)}: {day_words(self._model, self._model.chosen)}"

    def hasHeightForWidth(self) -> bool:
        """Override."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Override."""
        rows = -(-12 // self._across(width))
        return rows * self._month_height() + (rows - 1) * theme.grid(_GAP)

    def sizeHint(self) -> QSize:
        """Override."""
        wide = 4 * self._month_width() + 3 * theme.grid(_GAP)
        return QSize(wide, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        """Override."""
        return QSize(self._month_width(), self._month_height())

    def _cell(self) -> int:
        return QFontMetrics(theme.font()).horizontalAdvance("00") + theme.grid(2.5)

    def _line(self) -> int:
        return QFontMetrics(theme.font()).height() + theme.grid(1)

    def _month_width(self) -> int:
        return 7 * self._cell()

    def _month_height(self) -> int:
        return 8 * self._line()

    def _across(self, width: int) -> int:
        fits = (width + theme.grid(_GAP)) // (self._month_width() + theme.grid(_GAP))
        return next((count for count in (6, 4, 3, 2) if count <= fits), 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Override."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._cells = []
        across = self._across(self.width())
        step = self._month_width() + theme.grid(_GAP)
        step = max(step, (self.width() + theme.grid(_GAP)) // across)
        for number in range(12):
            row, column = divmod(number, across)
            self._month(painter, number + 1, column * step, row * (self._month_height() + theme.grid(_GAP)))
        painter.end()

    def _month(self, painter: QPainter, month: int, x: int, y: int) -> None:
        model, cell, line = self._model, self._cell(), self._line()
        painter.setFont(theme.font(weight=QFont.Weight.DemiBold))
        painter.setPen(theme.color("text"))
        title = formats.month(date(model.year, month, 1)).replace(str(model.year), "").replace("ж.", "").strip()
        flags = int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRectF(x, y, 7 * cell, line), flags, title[:1].upper() + title[1:])
        painter.setFont(theme.font(theme.Size.SMALL))
        painter.setPen(theme.color("muted"))
        for at, text in enumerate(weekdays()):
            painter.drawText(QRectF(x + at * cell, y + line, cell, line), int(Qt.AlignmentFlag.AlignCenter), text)
        first = date(model.year, month, 1)
        for number in range(calendar.monthrange(model.year, month)[1]):
            day = first + timedelta(days=number)
            row = (first.weekday() + number) // 7
            box = QRectF(x + day.weekday() * cell, y + (row + 2) * line, cell, line)
            self._cells.append((box, day))
            self._day(painter, box, day)

    def _day(self, painter: QPainter, box: QRectF, day: date) -> None:
        model = self._model
        special = model.special(day)
        working = model.is_working(day)
        inner = box.adjusted(theme.grid(0.25), theme.grid(0.25), -theme.grid(0.25), -theme.grid(0.25))
        fill, ink = "", "text" if working else "muted"
        if special is not None:
            fill, ink = ("warning_soft", "warning") if special.kind == "worked" else ("danger_soft", "danger")
        if fill:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(fill))
            painter.drawRoundedRect(inner, theme.grid(1), theme.grid(1))
        if day == model.desk.today:
            painter.setPen(QPen(theme.color("muted"), 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(inner, theme.grid(1), theme.grid(1))
        if day == model.chosen:
            painter.setPen(QPen(theme.color("accent"), theme.grid(0.5) if self.hasFocus() else theme.grid(0.35)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(inner, theme.grid(1), theme.grid(1))
        painter.setFont(theme.font(weight=QFont.Weight.DemiBold if special is not None else QFont.Weight.Normal))
        painter.setPen(theme.color(ink))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), str(day.day))
        if special is not None and special.kind == "worked":
            painter.setPen(QPen(theme.color("warning"), theme.grid(0.35)))
            low = inner.bottom() - theme.grid(0.5)
            painter.drawLine(int(inner.left() + theme.grid(1)), int(low), int(inner.right() - theme.grid(1)), int(low))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Override."""
        for box, day in self._cells:
            if box.contains(event.position()):
                self.chosen.emit(day)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: arrows go along days and weeks, Page Up and Page Down along months."""
        model = self._model
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
        key = Qt.Key(event.key())
        if key in steps:
            self.chosen.emit(model.chosen + timedelta(days=steps[key]))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            months = model.chosen.year * 12 + model.chosen.month - 1 + (1 if key == Qt.Key.Key_PageDown else -1)
            year, month = divmod(months, 12)
            last = calendar.monthrange(year, month + 1)[1]
            self.chosen.emit(date(year, month + 1, min(model.chosen.day, last)))
        else:
            super().keyPressEvent(event)


def weekdays() -> list[str]:
    """Return the short names of the days of the week, Monday first."""
    return [_("Mo"), _("Tu"), _("We"), _("Th"), _("Fr"), _("Sa"), _("Su")]


def day_words(model: CalendarModel, day: date) -> str:
    """Return what a day is: worked or off, and why."""
    special = model.special(day)
    if special is None:
        return _("working day") if model.is_working(day) else _("weekend")
    name = said(special.row.name)
    if special.kind == "worked":
        return _("worked day off: {name}").format(name=name) if name else _("worked day off")
    return _("day off: {name}").format(name=name) if name else _("day off")
