"""The working calendar: the year, the chosen day with the change of it and what the change moves, the list of days."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget
from shiboken6 import isValid

from translations import LANGUAGES, _, formats, n_
from ui import theme
from ui.context import Context, Made
from ui.department.calendar.view_model import CalendarModel, Day
from ui.department.calendar.year import YearView, day_words, weekdays
from ui.department.page import DeskPage
from ui.family.words import said
from ui.flow import flowing
from ui.kit import (
    LANGUAGE_NAMES,
    Banner,
    Button,
    Card,
    Chip,
    Column,
    Field,
    Form,
    Heading,
    IconButton,
    Muted,
    Size,
    TableModel,
    Text,
)


class CalendarPage(DeskPage):
    """Built over :class:`CalendarModel`."""

    def __init__(self, model: CalendarModel) -> None:
        super().__init__(model, _("Working calendar"))
        self.year: YearView | None = None
        self.beside: QBoxLayout | None = None
        self.day: QWidget | None = None
        self.form: Form | None = None
        self._from_list = False
        self.begin()

    def fill(self) -> None:
        """Override."""
        model = self.view_model
        had_focus = self.year is not None and self.year.hasFocus()
        self.show_context(_("Terms of working days are counted by it. A day off that is added moves running terms."))
        pending = model.pending()
        for banner in self.waiting_banners(pending, model.refused()):
            self.holder.addWidget(banner)
        if not model.known:
            self.holder.addWidget(self._completing() if model.completing and model.may_complete else self._missing())
        card = Card()
        head = QHBoxLayout()
        head.setSpacing(theme.grid(2))
        head.addWidget(IconButton("chevron-left", _("Previous year"), lambda: model.turn(-1)))
        head.addWidget(Text(str(model.year), size=Size.HEADING, bold=True))
        head.addWidget(IconButton("chevron-right", _("Next year"), lambda: model.turn(1)))
        head.addSpacing(theme.grid(4))
        head.addWidget(Chip(_("day off"), "danger"))
        head.addWidget(Chip(_("worked day off"), "warning"))
        head.addStretch(1)
        card.add(head)
        self.year = YearView(model)
        self.year.chosen.connect(model.look)
        card.add(self.year)
        self.beside = QBoxLayout(self._direction())
        self.beside.setSpacing(theme.grid(4))
        self.beside.addWidget(card, 2)
        self.form = None
        self.day = self._day()
        self.beside.addWidget(self.day, 1, Qt.AlignmentFlag.AlignTop)
        self.holder.addLayout(self.beside)
        days = model.days()
        if days:
            self.holder.addWidget(Heading(_("Days of {year} that are not as their weekday").format(year=model.year)))
            title = _("Days off and worked days off")
            self.holder.addWidget(
                self.table(days_model(model), "calendar-days", title, lambda day: self._look(day.day), most=30)
            )
        if had_focus:
            self.year.setFocus()

    def _look(self, day: date) -> None:
        """Look at a day of the list: its card stands over the list."""
        self._from_list = True
        self.view_model.look(day)
        self.refresh()

    def first_field(self) -> QWidget | None:
        """Override: a day that was chosen in the list takes the cursor, and can be seen."""
        from_list, self._from_list = self._from_list, False
        if not from_list or self.day is None:
            return None
        self.reveal(self.day)
        return self.form.first() if self.form is not None else None

    def _missing(self) -> Banner:
        """Return that the year is not complete, what follows from it, and how it is completed."""
        model = self.view_model
        text = _("The calendar of {year} is not complete yet: no term can run into it.").format(year=model.year)
        if model.year < model.desk.today.year:
            return Banner(text, "info")
        if model.year > model.next_year:
            after = _("Complete {year} first; days of later years can be entered already.")
            return Banner(f"{text} {after.format(year=model.next_year)}", "warning")
        what = _(
            "What families and kindergartens do near the end of {year} waits, as it begins a term that would end in "
            "{next}. Enter the days off and the worked days off of {next} below, then complete the year."
        ).format(year=model.year - 1, next=model.year)
        banner = Banner(f"{text} {what}", "warning")
        if model.may_complete:
            banner.offer(_("Complete the year…"), model.begin_complete)
        return banner

    def _completing(self) -> Card:
        """Return the question that completes the year."""
        model = self.view_model
        card = Card(_("Is the calendar of {year} complete?").format(year=model.year))
        if model.days_off:
            text = n_(
                "{count} day off is entered for {year}; it stands in the list below.",
                "{count} days off are entered for {year}; they stand in the list below.",
                model.days_off,
            ).format(count=formats.number(model.days_off), year=model.year)
            card.add(Text(text, wrap=True))
        else:
            text = _("No day off is entered for {year}: terms would run through every holiday.")
            card.add(Banner(text.format(year=model.year), "danger"))
        card.add(
            Text(
                _(
                    "From then on terms run into {year}, and what waited for it is carried out. The year cannot be "
                    "taken back; a day off that is added later moves the terms that run, and families are told."
                ).format(year=model.year),
                wrap=True,
            )
        )
        form = Form()
        field = Field(model.draft["source"])
        field.textEdited.connect(partial(model.type, "source"))
        form.add("source", _("Where the days are &from"), field, note=_("For example, the number of the decree."))
        rest = form.show_problems(model.problems)
        card.add(form)
        if rest:
            card.add(Banner(rest, "danger"))
        row, flow = flowing(2)
        verb = _("Complete the year") if model.days_off else _("Complete the year without days off")
        self.yes = Button(verb, model.complete, kind="primary" if model.days_off else "danger")
        flow.addWidget(self.yes)
        flow.addWidget(Button(_("Leave everything as it is"), model.leave_complete))
        card.add(row)
        return card

    def _direction(self) -> QBoxLayout.Direction:
        """Return whether the chosen day stands beside the year or, where there is no room, below it."""
        wide = self.width() >= theme.grid(230)
        return QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override."""
        super().resizeEvent(event)
        if self.beside is not None and isValid(self.beside):
            self.beside.setDirection(self._direction())

    def _day(self) -> QWidget:
        model = self.view_model
        day = model.chosen
        card = Card(formats.long_day(day))
        card.add(Text(f"{weekdays()[day.weekday()]} · {day_words(model, day)}", wrap=True))
        if model.past:
            card.add(Muted(_("A day that has passed is changed no more.")))
            return card
        special = model.special(day)
        working = model.is_working(day)
        moved = model.moved()
        if moved:
            text = n_(
                "If it becomes a day off, the terms of {count} application end later, and its family is told.",
                "If it becomes a day off, the terms of {count} applications end later, and their families are told.",
                moved,
            ).format(count=formats.number(moved))
            card.add(Banner(text, "warning"))
        elif not working:
            card.add(Muted(_("If it becomes a working day, running terms stay as they were announced.")))
        self.form = form = Form()
        for language in LANGUAGES:
            field = Field(model.draft[f"name_{language}"])
            field.textEdited.connect(partial(model.type, f"name_{language}"))
            form.add(f"name_{language}", _("Name: {language}").format(language=LANGUAGE_NAMES[language]), field)
        rest = form.show_problems(model.problems)
        card.add(form)
        if rest:
            card.add(Banner(rest, "danger"))
        row, flow = flowing(2)
        if working:
            flow.addWidget(Button(_("Make it a day off"), partial(model.set, False), kind="primary"))
        else:
            flow.addWidget(Button(_("Make it a working day"), partial(model.set, True), kind="primary"))
        if special is not None:
            flow.addWidget(Button(_("Let it be as its weekday is"), partial(model.set, None)))
        card.add(row)
        return card


def days_model(model: CalendarModel) -> TableModel[Day]:
    """Return the model of the year's special days."""
    return TableModel(
        (
            Column("day", lambda: _("Day"), lambda one: formats.day(one.day), sort=lambda one: one.day),
            Column("weekday", lambda: _("Weekday"), lambda one: weekdays()[one.day.weekday()]),
            Column(
                "kind",
                lambda: _("What it is"),
                lambda one: _("worked day off") if one.kind == "worked" else _("day off"),
                tone=lambda one: "warning" if one.kind == "worked" else "danger",
            ),
            Column("name", lambda: _("Name"), lambda one: said(one.row.name), stretch=True),
        ),
        model.days(),
    )


def make(context: Context) -> Made:
    """Return the screen."""
    model = CalendarModel(context)
    return model, lambda: CalendarPage(model)
