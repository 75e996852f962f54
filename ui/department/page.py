"""The frame of a department's screens: why there is nothing, what waits, lists that open with Enter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from models.contract.sentences import sentence
from translations import _, formats
from ui import theme
from ui.cabinet_page import tab_as_read
from ui.department.desk import DeskScreen
from ui.kit import Banner, Card, DataTable, DateField, Form, Page, State, TableModel, clear_layout
from ui.waiting.admission_words import admission_title

TRIES: Final = 5
"""So many turns of the events a page waits until it is shown, before it gives the cursor back."""


_DECIDED: Final = frozenset({"document-decided", "change-decided", "appeal-decided"})
"""Refusals of what a colleague decided before: nothing that is written anew would be taken."""


class DeskPage(Page):
    """Built over a :class:`DeskScreen`. A subclass fills ``holder`` in :meth:`fill`; all of it is drawn anew."""

    def __init__(self, model: DeskScreen, title: str, *, width: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(title, width=width, parent=parent)
        self.view_model: Any = model
        self._tables: dict[str, DataTable] = {}
        self._places: dict[str, tuple[int, int]] = {}
        self._left: tuple[str, tuple[int, int]] = "", (-1, 0)
        """The table that had the cursor last, and where in it."""
        self._filling: list[DataTable] = []
        self._wanted: tuple[str, int] = ("", 0)
        self._complained: tuple[Any, ...] = ()
        self._times = 0
        self._complains = False
        self._forms: list[Form] | None = None
        self._tries = 0
        # What has just been put into a layout is shown with the next events, and can take the cursor only then; of
        # several drawings in a row the last one says where it belongs.
        self._focusing = QTimer(self)
        self._focusing.setSingleShot(True)
        self._focusing.setInterval(0)
        self._focusing.timeout.connect(lambda: self._focus_again(self._wanted))
        self.holder = QVBoxLayout()
        self.holder.setSpacing(theme.grid(4))
        self.add(self.holder)

    def begin(self) -> None:
        """Connect and draw; called at the end of the subclass's making."""
        self.view_model.data_changed.connect(self.refresh)
        self.view_model.changed.connect(self.refresh)
        self.refresh()

    def fill(self) -> None:
        """Put the content into ``holder``."""

    def empty(self) -> tuple[str, str] | None:
        """Return a sentence and a detail when there is nothing to show."""
        return None

    def refresh(self) -> None:
        """Show what there is now, or why there is nothing."""
        model = self.view_model
        desk = model.desk
        problem = model.problem or desk.problem
        loaded = model.ready and desk.ready and desk.department is not None
        self.offer_acts(loaded)
        self.banner.clear()
        if problem is not None and not loaded:
            self.show_state(State.ERROR, sentence(problem), verb=_("Try again"), act=self._again)
            return
        if not loaded:
            self._not_loaded()
            return
        failure = sentence(problem) if problem is not None else model.failure_text
        self.banner.show_text(failure, "danger")
        nothing = self.empty()
        if nothing is not None:
            self.show_state(State.EMPTY, nothing[0], detail=nothing[1])
            return
        # Drawn again before the cursor came back, it still belongs where it was.
        waits = self._focusing.isActive()
        focused, inside = self._wanted if waits else self._focused(), waits or self._has_focus()
        self._places = {name: _place(table) for name, table in self._tables.items() if isValid(table)}
        name, place = self._left
        self._left = name, self._places.setdefault(name, place)  # a form stands in its stead, and ends there
        self._tables, self._filling = {}, []
        days, old = self._days_typed(), set(self.findChildren(Form))
        clear_layout(self.holder)
        self.fill()
        self._forms = [form for form in self.findChildren(Form) if form not in old]
        self._type_days(days)
        self.show_state(State.CONTENT)
        QTimer.singleShot(0, self, self._fill_page)  # what has just been put into a layout has no height yet
        tab_as_read(self)
        wrong, times = self.wrong(), model.complaints
        news = times != self._times or any(one not in self._complained for one in wrong)
        self._complains = self._complains or (bool(wrong) and news)
        self._complained, self._times = wrong, times
        if inside:
            self._wanted, self._tries = focused, TRIES
            self._focusing.start()

    def _days_typed(self) -> dict[str, tuple[str, bool, date | None]]:
        """Return what stands in the date fields of the page beside their values; the page lets go of the fields."""
        if self._forms is None:  # drawn for the first time, perhaps in another language
            return {key: (text, wrong, None) for key, (text, wrong) in self.view_model.unsettled.items()}
        found = {}
        for key, field in _date_fields(self._forms):
            if field.unsettled:
                found[key] = field.unsettled, field.wrong, field.value
            field.blockSignals(True)  # put away with the cursor in it, it takes no half-typed day
        return found

    def _type_days(self, typed: Mapping[str, tuple[str, bool, date | None]]) -> None:
        """Put what was typed back into the date fields that were drawn anew: a form that is not drawn forgets it."""
        model = self.view_model
        model.unsettled = {}
        for key, field in _date_fields(self._forms or []):
            text, wrong, value = typed.get(key, ("", False, None))
            field.field.textEdited.connect(partial(self._keep_day, key, field))
            field.unread.connect(partial(self._keep_day, key, field))
            if text and field.value in (None, value):
                field.type_again(text, wrong)
                model.unsettled[key] = text, wrong

    def _keep_day(self, key: str, field: DateField, _text: str) -> None:
        self.view_model.unsettled.pop(key, None)
        if field.unsettled:
            self.view_model.unsettled[key] = field.unsettled, field.wrong

    def wrong(self) -> tuple[Any, ...]:
        """Return what is wrong with what was typed: when it is news, its first field takes the cursor."""
        return tuple(self.view_model.problems)

    def _again(self) -> None:
        self.view_model.desk.refresh()
        self.view_model.refresh()

    def _not_loaded(self) -> None:
        desk = self.view_model.desk
        if desk.ready and desk.department is None:
            if desk.offline:
                self.show_state(
                    State.OFFLINE,
                    _("There are no data on this computer yet, and there is no connection to fetch them."),
                )
                return
            self.show_state(
                State.EMPTY,
                _("No education department is connected with your login yet."),
                detail=_("Its kindergartens and queues appear here with the next exchange of data."),
                icon="building",
            )
            return
        self.show_state(State.LOADING)

    def first_field(self) -> QWidget | None:
        """Return what takes the cursor of a page that has just opened a question; None for whatever had it."""
        return None

    def _has_focus(self) -> bool:
        widget = QApplication.focusWidget()
        return widget is not None and (widget is self or self.isAncestorOf(widget))

    def _focused(self) -> tuple[str, int]:
        """Return the name of what has the cursor and the place in its text: a drawn page gives it back."""
        widget = self.focusWidget()
        if widget is None or not widget.hasFocus():
            return "", 0
        place = getattr(widget, "cursorPosition", None)
        return _name(widget), place() if callable(place) else 0

    def _drawn(self) -> bool:
        """Return whether what was put into the page last is shown by now, all of it but what is meant to be hidden."""
        items = (self.holder.itemAt(number) for number in range(self.holder.count()))
        widgets = [item.widget() for item in items if item is not None]
        meant = Qt.WidgetAttribute.WA_WState_ExplicitShowHide
        return all(one is None or one.isVisibleTo(self) or one.testAttribute(meant) for one in widgets)

    def _focus_again(self, focused: tuple[str, int]) -> None:
        if not self._drawn() and self._tries:
            self._tries -= 1
            self._focusing.start()
            return
        name, place = focused
        complains, self._complains = self._complains, False
        forms = [form for form in self.holder_forms() if form.isVisibleTo(self)]
        first = next((field for form in forms if (field := form.wrong()) is not None), None) if complains else None
        opened = self.first_field()
        first = opened or first
        if first is not None:
            first.setFocus()
            if opened is not None:  # all that is asked is in sight, as far as there is room; where it begins, always
                self.reveal(next((form for form in forms if form.isAncestorOf(first)), first))
            self.reveal(first)
            return
        for widget in self.findChildren(QWidget):
            if not name:
                break
            takes = widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isVisibleTo(self)
            if takes and widget.isEnabled() and _name(widget) == name:
                widget.setFocus()
                if hasattr(widget, "setCursorPosition"):
                    widget.setCursorPosition(place)
                return
        gone = name and name != self.accessibleName()
        begun = next((field for form in forms if (field := form.first()) is not None), None) if gone else None
        (begun or (self.resting() if gone else None) or self).setFocus()
        if begun is not None:
            self.reveal(begun)
        elif gone:
            self.go_up()  # what was done is said there; the widget that went may have scrolled to whatever is next

    def resting(self) -> QWidget | None:
        """Return what takes the cursor when what had it went: the table that it came from, if that is drawn."""
        table = self._tables.get(self._left[0])
        return table if table is not None and table.isVisibleTo(self) else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: the table that takes the cursor is where a form that is opened from there comes back to."""
        if event.type() == QEvent.Type.FocusIn:
            self._left = next(((key, (-1, 0)) for key, one in self._tables.items() if one is watched), self._left)
        return super().eventFilter(watched, event)

    def holder_forms(self) -> list[Form]:
        """Return the forms that are drawn now, in order."""
        return [form for form in self.findChildren(Form) if isValid(form) and form.window() is self.window()]

    def table(
        self,
        model: TableModel[Any],
        name: str,
        label: str,
        open_row: Callable[[Any], object] | None = None,
        *,
        most: int = 16,
        fills: bool = False,
        sortable: bool = True,
        first: bool = False,
    ) -> DataTable:
        """Return a table over ``model``; Enter or a double click opens a row. ``first`` chooses the first row.

        It is as high as ``most`` rows need, or ``fills`` what the rest leaves of the page.
        """
        table = DataTable(model, name, label=label, settings=self.view_model.context.settings, sortable=sortable)
        model.setParent(table)
        table.fit_height(most)
        if fills:
            self._filling.append(table)
        if open_row is not None:
            table.activated_row.connect(open_row)
        self._tables[name] = table
        table.installEventFilter(self)
        row, scrolled = self._places.get(name, (0 if first else -1, 0))
        row = min(row, table.model().rowCount() - 1)
        if row >= 0:
            table.setCurrentIndex(table.model().index(row, 0))
        if scrolled:
            QTimer.singleShot(0, table, lambda: table.verticalScrollBar().setValue(scrolled))
        return table

    def _fill_page(self) -> None:
        for table in self._filling:
            if isValid(table):
                table.fill_height(self.room_for(table))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override: tables that fill the page go on filling it."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._fill_page)

    def showEvent(self, event: QShowEvent) -> None:
        """Override."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self._fill_page)

    def waiting_banners(self, items: Sequence[Any], refused: Sequence[Any] = ()) -> list[Banner]:
        """Return a banner for each thing that waits to be sent or was refused."""
        model = self.view_model
        found = []
        for item in items:
            text = _("“{what}” is not sent yet: it counts when the department's server receives it.").format(
                what=admission_title(item.payload)
            )
            banner = Banner(text, "pending")
            if item.state == "waiting" and item.stays is None:
                banner.offer(_("Take it back"), partial(model.take_back, item))
            found.append(banner)
        for item in refused:
            why = " ".join(sentence(problem) for problem in item.problems)
            if item.state == "conflict":
                banner = Banner(why, "danger")
                banner.offer(_("Look at both versions"), partial(model.context.go, "waiting"))
                found.append(banner)
                continue
            text = _("“{what}” was refused. {why}").format(what=admission_title(item.payload), why=why)
            banner = Banner(text, "danger")
            stands = any(problem.code in _DECIDED for problem in item.problems)
            if isinstance(item.payload, model.REOPENS) and not stands and model.may_try_again(item.payload):
                banner.offer(_("Change and send again"), partial(model.again, item))
            banner.offer(_("Put away"), partial(model.put_away, item))
            found.append(banner)
        return found

    def as_of(self) -> str:
        """Return when the provider was last heard of, for the line below the title."""
        status = self.view_model.desk.status
        moment = getattr(status, "as_of", None)
        if moment is None:
            return ""
        return _("Data as of {moment}").format(moment=formats.moment(moment, self.view_model.desk.zone))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: Escape goes one step back; Enter in a field does what its card is for, if that is one thing."""
        if event.key() == Qt.Key.Key_Escape:
            leave = getattr(self.view_model, "leave", None) or getattr(self.view_model, "close_card", None)
            if leave is not None:
                leave()
                return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            verb = _verb(QApplication.focusWidget(), self)
            if verb is not None:
                verb.click()
                return
        super().keyPressEvent(event)


def _date_fields(forms: Sequence[Form]) -> list[tuple[str, DateField]]:
    drawn = [form for form in forms if isValid(form)]
    return [(key, field) for form in drawn for key, field in form.fields.items() if isinstance(field, DateField)]


def _verb(field: QWidget | None, page: QWidget) -> QAbstractButton | None:
    """Return the primary button of the card that a field is in; None where the card offers something against too."""
    if not isinstance(field, QLineEdit | QCheckBox | QRadioButton) or not page.isAncestorOf(field):
        return None
    if isinstance(field.parentWidget(), DateField):
        return None  # it takes the day that was typed
    card: QWidget | None = field
    while card is not None and card is not page and not isinstance(card, Card):
        card = card.parentWidget()
    if not isinstance(card, Card):
        return None
    buttons = [one for one in card.findChildren(QAbstractButton) if one.isVisibleTo(card)]
    if any(one.property("kind") == "danger" for one in buttons):
        return None
    primary = [one for one in buttons if one.property("kind") == "primary"]
    return primary[0] if len(primary) == 1 and primary[0].isEnabled() else None


def _name(widget: QWidget) -> str:
    """Return by what a widget is known again: a lasting name, that for screen readers, or the words on it."""
    name = widget.property("known") or widget.accessibleName()
    return name or (widget.text() if isinstance(widget, QAbstractButton) else "")


def _place(table: DataTable) -> tuple[int, int]:
    """Return where the cursor and the view of a table are: a table that is drawn again takes them over."""
    return table.currentIndex().row(), table.verticalScrollBar().value()
