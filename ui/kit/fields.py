"""Fields that understand what people type: months, dates, amounts, choices, secrets."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from PySide6.QtCore import QDate, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QToolButton,
    QWidget,
    QWidgetAction,
)

from models.domain.period import Month
from translations import _, current, formats
from ui import icons, theme
from ui.kit.buttons import IconButton
from ui.kit.choice import Choice
from ui.kit.labels import restyle

_DAY: Final = re.compile(r"\s*(\d{1,2})[.,/\s-](\d{1,2})(?:[.,/\s-](\d{2}|\d{4}))?\.?\s*")
_ISO: Final = re.compile(r"\s*(\d{4})-(\d{2})-(\d{2})\s*")


def parse_day(text: str, today: date) -> date:
    """Return the date in ``5.3``, ``05.03.2024``, ``5/3/24`` or ``2024-03-05``; without a year the nearest past one.

    Raises ValueError for anything else.
    """
    iso = _ISO.fullmatch(text)
    if iso:
        return date(int(iso[1]), int(iso[2]), int(iso[3]))
    match = _DAY.fullmatch(text)
    if not match:
        raise ValueError(f"not a date: {text!r}")
    day, month = int(match[1]), int(match[2])
    if match[3]:
        year = int(match[3])
        return date(year + 2000 if year < 100 else year, month, day)
    typed = date(today.year, month, day)
    return typed if typed <= today else date(today.year - 1, month, day)


class Field(QLineEdit):
    """A line of text. ``mark(True)`` gives it the edge of a wrong value."""

    left = Signal()

    def __init__(self, text: str = "", *, hint: str = "", secret: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._inside: QToolButton | None = None
        self.setPlaceholderText(hint)
        if secret:
            self.setEchoMode(QLineEdit.EchoMode.Password)
            self.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
            eye = self.put_inside("eye", _("Show what is typed"))
            eye.setCheckable(True)
            eye.toggled.connect(
                lambda on: self.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)
            )

    def put_inside(self, icon: str, text: str) -> QToolButton:
        """Put a small button at the end of the line; it grows with the text, as a line edit's own ones do not."""
        button = self._inside = QToolButton(self)
        button.setProperty("part", "inside")
        button.setIcon(icons.icon(icon, "muted"))
        button.setIconSize(icons.size(4))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setCursor(Qt.CursorShape.ArrowCursor)
        button.setAccessibleName(text)
        button.setToolTip(text)
        self.setTextMargins(0, 0, theme.grid(6), 0)
        return button

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override."""
        super().resizeEvent(event)
        if self._inside is not None:
            wide, edge = theme.grid(7), theme.grid(0.5)
            left = edge if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else self.width() - wide - edge
            self._inside.setGeometry(left, edge, wide, self.height() - 2 * edge)

    def mark(self, wrong: bool) -> None:
        """Show that the value is wrong, or no more."""
        if bool(self.property("wrong")) != wrong:
            self.setProperty("wrong", wrong)
            restyle(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Override."""
        super().focusOutEvent(event)
        self.left.emit()


class AmountField(Field):
    """Money: comma or dot, spaces allowed. ``minor`` is the value, None when empty or not an amount."""

    amount_changed = Signal(object)

    def __init__(self, minor: int | None = None, *, currency: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._currency = currency
        self.setAlignment(Qt.AlignmentFlag.AlignTrailing)
        self.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)
        self.setPlaceholderText(formats.amount(0))
        self.show_amount(minor)
        self.textEdited.connect(lambda _text: self.amount_changed.emit(self.minor))
        self.textEdited.connect(lambda _text: self.mark(False))
        self.left.connect(self._tidy)

    @property
    def minor(self) -> int | None:
        """Minor units."""
        try:
            return formats.parse_amount(self.text()) if self.text().strip() else None
        except ValueError:
            return None

    def show_amount(self, minor: int | None) -> None:
        """Show another amount."""
        self.setText("" if minor is None else formats.amount(minor))
        self.mark(False)

    def _tidy(self) -> None:
        if self.minor is not None:
            self.show_amount(self.minor)
        else:
            self.mark(bool(self.text().strip()))


class DateField(QWidget):
    """A date, typed as ``5.3`` or ``05.03.2024``, stepped with Up and Down, or picked from a calendar (Alt+Down)."""

    changed = Signal(object)
    unread = Signal(str)
    """What was typed and is no date, before ``changed`` tells that there is none; "" for what could be read."""

    def __init__(self, value: date | None, *, today: date, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._value = value
        self.field = _DayLine(self)
        self.field.setPlaceholderText(_("DD.MM.YYYY"))
        self.field.setMinimumWidth(self.field.fontMetrics().horizontalAdvance("00.00.0000") + theme.grid(11))
        self.field.put_inside("calendar", _("Open the calendar")).clicked.connect(self.open_calendar)
        self.setFocusProxy(self.field)
        self.name(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.field)
        self.field.left.connect(self._take)
        self.field.returnPressed.connect(self._take)
        self.show_day(value)

    @property
    def value(self) -> date | None:
        """The date, or None while there is none or a wrong one."""
        return self._value

    def name(self, text: str) -> None:
        """Give the field its name for screen readers."""
        self.field.setAccessibleName(text)

    def show_day(self, value: date | None) -> None:
        """Show another date without telling."""
        self._value = value
        self.field.setText("" if value is None else formats.day(value))
        self.field.mark(False)

    @property
    def unsettled(self) -> str:
        """What was typed and is not the value: no date, or not taken yet; "" where the line shows the value."""
        text = self.field.text().strip()
        return "" if text == ("" if self._value is None else formats.day(self._value)) else text

    @property
    def wrong(self) -> bool:
        """Whether what was typed has been found to be no date."""
        return bool(self.field.property("wrong")) and bool(self.unsettled)

    def type_again(self, text: str, wrong: bool) -> None:
        """Show what was typed into the field that this one replaces, with its complaint if it had one."""
        self.field.setText(text)
        if wrong:
            self.field.mark(True)
            self.unread.emit(text)

    def step(self, days: int) -> None:
        """Go some days on."""
        self._take()
        self._set(date.fromordinal((self._value or self._today).toordinal() + days))

    def open_calendar(self) -> None:
        """Let a day be picked."""
        menu = QMenu(self)
        calendar = QCalendarWidget()
        calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        shown = self._value or self._today
        calendar.setSelectedDate(QDate(shown.year, shown.month, shown.day))
        calendar.setAccessibleName(_("Calendar"))

        def chosen(day: QDate) -> None:
            menu.close()
            self._set(date(day.year(), day.month(), day.day()))

        calendar.clicked.connect(chosen)
        calendar.activated.connect(chosen)
        holder = QWidgetAction(menu)
        holder.setDefaultWidget(calendar)
        menu.addAction(holder)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))
        calendar.setFocus()

    def _take(self) -> None:
        text = self.field.text().strip()
        try:
            typed = parse_day(text, self._today) if text else None
        except ValueError:
            self.field.mark(True)
            had, self._value = self._value, None
            self.unread.emit(text)
            if had is not None:
                self.changed.emit(None)
            return
        self.unread.emit("")
        self._set(typed)

    def _set(self, value: date | None) -> None:
        before = self._value
        self.show_day(value)
        if value != before:
            self.changed.emit(value)


class _DayLine(Field):
    def __init__(self, owner: DateField) -> None:
        super().__init__()
        self._owner = owner

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override."""
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._owner.open_calendar()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._owner.step(1 if event.key() == Qt.Key.Key_Up else -1)
        else:
            super().keyPressEvent(event)


class PeriodPicker(QWidget):
    """A month with arrows: a button each way, Left and Right on the month, and a list of the months between."""

    changed = Signal(object)

    def __init__(
        self,
        month: Month,
        *,
        first: Month | None = None,
        last: Month | None = None,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._month, self._first, self._last = month, first, last
        self._months: list[Month] = []
        self._back = IconButton("chevron-left", _("Previous month"), lambda: self.step(-1))
        self._on = IconButton("chevron-right", _("Next month"), lambda: self.step(1))
        self._choice = _MonthChoice(self, name or _("Month"))
        self._choice.chosen.connect(self._set)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.grid(1))
        row.addWidget(self._back)
        row.addWidget(self._choice)
        row.addWidget(self._on)
        self.setFocusProxy(self._choice)
        self.show_month(month)

    @property
    def month(self) -> Month:
        """The month shown."""
        return self._month

    def limit(self, first: Month | None, last: Month | None) -> None:
        """Allow only months from ``first`` to ``last``."""
        if (first, last) != (self._first, self._last):
            self._first, self._last = first, last
            self.show_month(self._month)

    def show_month(self, month: Month) -> None:
        """Show another month without telling."""
        self._month = month
        last = max(self._last or month, month)
        first = min(self._first or last.shift(-23), month)
        months: list[Month] = []
        at = last
        while at >= first and len(months) < 240:
            months.append(at)
            at = at.previous()
        if months != self._months:
            self._months = months
            self._choice.offer([(m, formats.month(m.first)) for m in months], month)
        else:
            self._choice.choose(month)
        self._back.setEnabled(self._first is None or month > self._first)
        self._on.setEnabled(self._last is None or month < self._last)

    def step(self, months: int) -> None:
        """Go some months on, inside the limits."""
        to = self._month.shift(months)
        if (self._first is None or to >= self._first) and (self._last is None or to <= self._last):
            self._set(to)

    def _set(self, month: Month) -> None:
        if month != self._month:
            self.show_month(month)
            self.changed.emit(month)


class _MonthChoice(Choice):
    def __init__(self, owner: PeriodPicker, name: str) -> None:
        super().__init__(name=name)
        self._owner = owner
        widest = max((formats.month(date(2024, m, 1)) for m in range(1, 13)), key=len)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance(widest) + theme.grid(11))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._owner.step(1 if event.key() == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)


LANGUAGE_NAMES: Final = {"kk": "Қазақша", "ru": "Русский", "uk": "Українська", "en": "English"}
"""Each language in itself."""


def language_choice(value: str = "") -> Choice:
    """Return a choice of the program's languages, each named in itself."""
    return Choice(list(LANGUAGE_NAMES.items()), value or current(), name=_("Language"))
