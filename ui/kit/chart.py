"""A bar chart drawn by hand: series side by side by month, worked by keyboard, with a table that says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from translations import _, formats
from ui import theme


@dataclass(frozen=True, slots=True)
class Series:
    """One row of bars: amounts in minor units, one a label. The second series is hatched, so colour is not alone."""

    name: str
    values: tuple[int, ...]
    tint: str = "accent"
    hatched: bool = False


class BarChart(QWidget):
    """Bars of several series over labels (months). Left and Right move along, Enter emits ``activated``."""

    activated = Signal(int)
    current_changed = Signal(int)

    def __init__(
        self,
        title: str,
        labels: Sequence[str] = (),
        series: Sequence[Series] = (),
        currency: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._title = title
        self._labels: tuple[str, ...] = ()
        self._series: tuple[Series, ...] = ()
        self._currency = currency
        self.current = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_series(labels, series, currency)

    def show_series(self, labels: Sequence[str], series: Sequence[Series], currency: str) -> None:
        """Draw these instead; what is drawn already is left alone, for every exchange with the provider asks."""
        shown = tuple(labels), tuple(series), currency
        if shown == (self._labels, self._series, self._currency) and self.accessibleName() == self._title:
            return
        self._labels, self._series, self._currency = shown
        self.current = min(self.current, len(self._labels) - 1)
        self.setAccessibleName(self._title)
        self.setAccessibleDescription("; ".join(self.sentence(index) for index in range(len(self._labels))))
        self.update()

    def sentence(self, index: int) -> str:
        """Return a label's figures in words, as a screen reader and the tooltip say them."""
        parts = (f"{s.name} {formats.money(s.values[index], self._currency)}" for s in self._series)
        return f"{self._labels[index]}: " + ", ".join(parts)

    def table(self) -> list[list[str]]:
        """Return the chart as a table with a heading: the accessible twin, and what is copied."""
        head = ["", *(series.name for series in self._series)]
        return [head] + [
            [label, *(formats.amount(series.values[index]) for series in self._series)]
            for index, label in enumerate(self._labels)
        ]

    def save(self, path: Path, scale: float = 2.0) -> bool:
        """Write the chart as a PNG picture; returns whether that was possible."""
        image = QImage(self.size() * scale, QImage.Format.Format_ARGB32)
        image.setDevicePixelRatio(scale)
        image.fill(theme.color("raised"))
        painter = QPainter(image)
        self._paint(painter, chosen=False)
        painter.end()
        return image.save(str(path), "PNG")  # type: ignore[call-overload, no-any-return, unused-ignore]

    def sizeHint(self) -> QSize:
        """Override."""
        return QSize(theme.grid(120), theme.grid(56))

    def minimumSizeHint(self) -> QSize:
        """Override."""
        return QSize(theme.grid(60), theme.grid(44))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override."""
        moves = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in moves and self._labels:
            self._choose(max(0, min(len(self._labels) - 1, self.current + moves[Qt.Key(event.key())])))
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and self._labels:
            self._choose(0 if event.key() == Qt.Key.Key_Home else len(self._labels) - 1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current >= 0:
            self.activated.emit(self.current)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Override."""
        index = self._index_at(event.position().x())
        if index is not None:
            QToolTip.showText(event.globalPosition().toPoint(), self.sentence(index), self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Override."""
        index = self._index_at(event.position().x())
        if index is not None:
            self.setFocus()
            self._choose(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Override."""
        index = self._index_at(event.position().x())
        if index is not None:
            self.activated.emit(index)

    def changeEvent(self, event: QEvent) -> None:
        """Override."""
        self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Override."""
        painter = QPainter(self)
        self._paint(painter, chosen=True)
        painter.end()

    def _choose(self, index: int) -> None:
        if index != self.current:
            self.current = index
            self.update()
            self.current_changed.emit(index)

    def _unit(self) -> str:
        return formats.sign(self._currency) if self._currency else ""

    def _plot(self) -> QRectF:
        top = theme.grid(8)
        beside = [self._unit(), *(mark for _value, mark in self._marks())]
        widest = max(self.fontMetrics().horizontalAdvance(text) for text in beside)
        leading = widest + theme.grid(3)
        return QRectF(leading, top, self.width() - leading - theme.grid(1), self.height() - top - theme.grid(7))

    def _index_at(self, x: float) -> int | None:
        plot = self._plot()
        if not self._labels or not plot.left() <= x <= plot.right():
            return None
        return min(len(self._labels) - 1, int((x - plot.left()) / plot.width() * len(self._labels)))

    def _top(self) -> int:
        """Return the value of the highest mark, in minor units: 1, 2, 2.5 or 5 times a power of ten, four marks."""
        highest = max((value for series in self._series for value in series.values), default=0)
        if highest <= 0:
            return 400
        step = 100
        while True:
            for times in (10, 20, 25, 50):
                if step * times * 4 // 10 >= highest:
                    return step * times * 4 // 10
            step *= 10

    def _marks(self) -> list[tuple[int, str]]:
        top = self._top()
        places = 1 if top // 4 % 100 else 0
        return [(top * part // 4, formats.number(Decimal(top * part // 4).scaleb(-2), places)) for part in range(5)]

    def _paint(self, painter: QPainter, *, chosen: bool) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.Size.SMALL))
        plot, top = self._plot(), self._top()
        muted, line = theme.color("muted"), theme.color("line")
        self._legend(painter, plot)
        painter.setPen(muted)
        unit = QRectF(0, theme.grid(1), plot.left() - theme.grid(2), theme.grid(5))
        painter.drawText(unit, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._unit())
        for value, mark in self._marks():
            y = round(plot.bottom() - plot.height() * value / top) + 0.5
            painter.setPen(QPen(line, 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(muted)
            box = QRectF(0, y - theme.grid(2.5), plot.left() - theme.grid(2), theme.grid(5))
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, mark)
        if not self._labels:
            painter.drawText(plot, Qt.AlignmentFlag.AlignCenter, _("No figures for this year."))
            return
        slot = plot.width() / len(self._labels)
        bar = min(slot * 0.72 / max(1, len(self._series)), theme.grid(6))
        boxes: list[list[QRectF]] = [[] for _each in self._series]
        for index, label in enumerate(self._labels):
            left = plot.left() + slot * index
            if chosen and index == self.current:
                painter.fillRect(QRectF(left, plot.top(), slot, plot.height()), theme.color("accent_soft"))
                if self.hasFocus():
                    painter.setPen(QPen(theme.color("accent"), 1))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawRect(QRectF(left, plot.top(), slot, plot.height()))
            for number, series in enumerate(self._series):
                height = plot.height() * max(0, series.values[index]) / top
                at = left + (slot - bar * len(self._series)) / 2 + bar * number
                boxes[number].append(QRectF(at, plot.bottom() - height, bar - 1, height))
            painter.setPen(theme.color("text") if index == self.current else muted)
            box = QRectF(left, plot.bottom() + theme.grid(1), slot, theme.grid(5))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, label)
        for series, bars in zip(self._series, boxes, strict=True):
            self._bars(painter, bars, series)
        if chosen and self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.grid(1), theme.grid(1))

    @staticmethod
    def _bars(painter: QPainter, boxes: list[QRectF], series: Series) -> None:
        """Draw the bars of a series in one call: each call gives way to other threads, which the window would feel."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        seen = [box for box in boxes if box.height() > 0.5]
        colour = theme.color(series.tint)
        if series.hatched:
            soft = QColor(colour)
            soft.setAlpha(60)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(soft)
            painter.drawRects(seen)
            painter.setPen(QPen(colour, 1))
            painter.setBrush(QBrush(colour, Qt.BrushStyle.BDiagPattern))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
        painter.drawRects(seen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _legend(self, painter: QPainter, plot: QRectF) -> None:
        x, side = plot.left(), theme.grid(3)
        for series in self._series:
            self._bars(painter, [QRectF(x, theme.grid(2), side, side)], series)
            painter.setPen(theme.color("text"))
            width = painter.fontMetrics().horizontalAdvance(series.name)
            painter.drawText(QPointF(x + side + theme.grid(1.5), theme.grid(2) + side - theme.grid(0.25)), series.name)
            x += side + width + theme.grid(6)
