"""A choice of values from a list that opens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from ui import icons, theme


class Choice(QComboBox):
    """A choice of values: ``Choice([("kk", "Қазақша"), …])``; ``chosen`` tells the value. The wheel changes nothing."""

    chosen = Signal(object)

    def __init__(
        self, items: Sequence[tuple[Any, str]] = (), value: Any = None, *, name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setAccessibleName(name)
        self.offer(items, value)
        self.activated.connect(lambda _index: self.chosen.emit(self.value))

    @property
    def value(self) -> Any:
        """The value chosen, or None."""
        return self.currentData()

    def offer(self, items: Sequence[tuple[Any, str]], value: Any = None) -> None:
        """Offer these values and choose one without telling."""
        self.blockSignals(True)
        self.clear()
        for key, text in items:
            self.addItem(text, key)
        self.blockSignals(False)
        self.choose(value)

    def keep_narrow(self, steps: float) -> None:
        """Be no wider than so many grid steps; the list that opens is as wide as its contents."""
        self.setMaximumWidth(theme.grid(steps))
        self.setToolTip(self.currentText())
        self.currentTextChanged.connect(self.setToolTip)

    def showPopup(self) -> None:
        """Override: what is offered is read whole."""
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + theme.grid(6))
        super().showPopup()

    def choose(self, value: Any) -> None:
        """Choose a value without telling; stays as it is when there is no such one."""
        for index in range(self.count()):
            if self.itemData(index) == value:
                self.setCurrentIndex(index)
                return

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Override: scrolling a page must not change what stands under the pointer."""
        event.ignore()

    def shown(self) -> str:
        """Return the chosen text as there is room for it, with an ellipsis where it would run over.

        A width that was asked for by the text itself is rounded: only what really runs over is shortened.
        """
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self).width()
        if option.fontMetrics.horizontalAdvance(option.currentText) <= room:
            return option.currentText
        return option.fontMetrics.elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Override: the arrow comes from our icons, and a text for which there is no room ends with an ellipsis."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = self.shown()
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        ratio = self.devicePixelRatioF()
        arrow = icons.pixmap("chevron-down", "muted" if self.isEnabled() else "line", 4, ratio)
        side = theme.grid(4)
        rest = (self.height() - side) // 2
        at = rest if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else self.width() - side - theme.grid(1.5)
        painter.drawPixmap(QRect(at, rest, side, side), arrow)
        painter.end()
