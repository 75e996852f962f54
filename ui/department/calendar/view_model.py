"""The department's working calendar: a year with its days off and worked Saturdays, and the change of a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.cache.queries.department import Calendar
from models.contract.admission_commands import CompleteCalendarYear, SetCalendarDay
from models.contract.admission_records import Application, CalendarDay
from models.contract.admissions import deadlines
from models.domain.admissions.states import TimerKind
from models.domain.problems import Problem
from models.domain.working_days import SATURDAY
from translations import LANGUAGES
from ui.context import Context
from ui.department.desk import DeskScreen

FIXED = frozenset({TimerKind.UNBLOCK, TimerKind.LEAVE})
"""Terms that stay as they were announced when the calendar changes."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day that is not as its weekday is."""

    row: CalendarDay

    @property
    def day(self) -> date:
        """Its date."""
        return self.row.day

    @property
    def kind(self) -> str:
        """``off``: a holiday or a moved day off; ``worked``: a worked Saturday or Sunday."""
        return "worked" if self.row.working else "off"


class CalendarModel(DeskScreen):
    """``chosen`` is the day that is looked at."""

    TOPICS = frozenset({"calendar_day", "calendar_year", "application"})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.calendar = Calendar()
        self.running: tuple[Application, ...] = ()
        self.chosen: date = self.desk.today
        self.draft = {f"name_{language}": "" for language in LANGUAGES} | {"source": ""}
        self.completing = False
        """Whether the question is open that completes the year shown."""
        self.start()

    def question(self) -> Callable[[Any], Any]:
        """Override."""
        department_id = self.department_id

        def ask(connection: Any) -> Any:
            from models.cache.queries import department

            return department.calendar(connection, department_id), department.terms(connection)

        return ask

    def keep(self, answer: Any) -> None:
        """Override."""
        self.calendar, self.running = answer

    @property
    def year(self) -> int:
        """The year shown."""
        return self.chosen.year

    @property
    def known(self) -> bool:
        """Whether the calendar of the year is complete."""
        return self.year in {one.year for one in self.calendar.years}

    @property
    def next_year(self) -> int:
        """The first year from this one on that is not complete: years are completed one after another."""
        known = {one.year for one in self.calendar.years}
        year = self.desk.today.year
        while year in known:
            year += 1
        return year

    @property
    def may_complete(self) -> bool:
        """Whether the year shown is the one to complete now, and that is not on its way yet."""
        on_its_way = self.desk.pending(CompleteCalendarYear, year=self.year)
        return bool(self.calendar.years) and self.year == self.next_year and not on_its_way

    @property
    def days_off(self) -> int:
        """How many days off are entered for the year shown, with those that are on their way."""
        off = {one.day for one in self.days() if one.kind == "off"}
        for item in self._on_their_way():
            if item.payload.working is False:
                off.add(item.payload.day)
            else:
                off.discard(item.payload.day)
        return len(off)

    def _on_their_way(self) -> list[Any]:
        return [item for item in self.desk.pending(SetCalendarDay) if item.payload.day.year == self.year]

    def days(self) -> list[Day]:
        """Return the year's days that are not as their weekday is."""
        return [Day(row) for row in self.calendar.days if row.day.year == self.year]

    def special(self, day: date) -> Day | None:
        """Return what is special about a day."""
        return next((Day(row) for row in self.calendar.days if row.day == day), None)

    def is_working(self, day: date) -> bool:
        """Return whether a day is worked."""
        special = self.special(day)
        return special.row.working if special is not None else day.weekday() < SATURDAY

    def look(self, day: date) -> None:
        """Look at a day."""
        if day != self.chosen:
            self.completing = self.completing and day.year == self.year
            self.chosen = day
            special = self.special(day)
            for language in LANGUAGES:
                self.draft[f"name_{language}"] = special.row.name.get(language, "") if special is not None else ""
            self.problems = ()
            self.data_changed.emit()

    def turn(self, years: int) -> None:
        """Show another year."""
        self.look(date(self.year + years, 1, 1))

    @property
    def past(self) -> bool:
        """Whether the day has passed, so that it is changed no more."""
        return self.chosen < self.desk.today

    def moved(self) -> int:
        """Return how many applications have a term that would end later if the chosen day became a day off."""
        department = self.department
        if department is None or self.past or not self.is_working(self.chosen):
            return 0
        zone, now = department.calendar.zone, self.desk.server_now()
        return sum(
            any(
                kind not in FIXED and not term.passed(now) and term.last_day(zone) >= self.chosen
                for kind, term in deadlines(application).items()
            )
            for application in self.running
        )

    def set(self, working: bool | None) -> None:
        """Make the day worked or a day off, or take back what was special about it."""
        name = {language: self.typed(f"name_{language}") for language in LANGUAGES}
        name = {language: text for language, text in name.items() if text}
        if self.refuse([] if working is None or name else [Problem("field-required", "name_kk")]):
            return
        self.send(SetCalendarDay(self.department_id, self.chosen, working, name if working is not None else {}))

    REOPENS = (SetCalendarDay,)

    def reopen(self, payload: SetCalendarDay) -> None:
        """Override: look at the day again, with its name."""
        self.look(payload.day)
        for language in LANGUAGES:
            self.draft[f"name_{language}"] = payload.name.get(language, "")
        self.data_changed.emit()

    def begin_complete(self) -> None:
        """Ask whether the year shown is complete."""
        if self.may_complete:
            self.completing, self.problems = True, ()
            self.data_changed.emit()

    def leave_complete(self) -> None:
        """Leave the question; nothing is done."""
        self.completing, self.problems = False, ()
        self.data_changed.emit()

    def leave(self) -> None:
        """Leave the question, if it is open."""
        if self.completing:
            self.leave_complete()

    def complete(self) -> None:
        """Say that the year shown is complete; the question has said whether it has no day off. A day that
        is refused on its way leaves the year as it is."""
        if not self.completing or not self.may_complete:
            return
        payload = CompleteCalendarYear(
            self.department_id, self.year, self.typed("source"), confirmed=self.days_off == 0
        )
        self.completing = False
        self.send(payload, depends_on=[item.command_id for item in self._on_their_way()])

    def pending(self) -> list[Any]:
        """Return changes of the calendar that are on their way."""
        return self.desk.pending(SetCalendarDay, CompleteCalendarYear)

    def refused(self) -> list[Any]:
        """Return changes of the calendar that were refused."""
        return self.desk.refused(SetCalendarDay, CompleteCalendarYear)
