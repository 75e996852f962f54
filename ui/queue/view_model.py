"""The anonymous queue of the department, how many wait and are expected, and what that means for one's own number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from PySide6.QtCore import Signal

from models.cache.queries.admissions import ApplicationView, Department
from models.contract.admission_records import Organisation, QueueStatistic
from models.domain.admissions.states import State
from ui.context import Context
from ui.drafts import Drafts
from ui.family.model import family_of
from ui.kit.table_order import alphabetic
from ui.screen_model import ScreenModel

PARTS: Final = ("queue", "statistics", "popular", "forecast")
PAGE: Final = 100
SEEN: Final = "public-queue"
"""Under which the last page seen is kept."""
TOPICS: Final = frozenset({"queue_statistic", "provider"})


@dataclass(frozen=True, slots=True)
class Outlook:
    """How many places are expected by a day for whom an application competes with."""

    day: date
    places: int
    enough: bool  # for the number of the application


@dataclass(frozen=True, slots=True)
class Wanted:
    """A kindergarten with how many children wait for it, None when they are few or it is not known."""

    organisation: Organisation
    waiting: int | None


@dataclass(frozen=True, slots=True)
class SeenRow:
    """A row of the public queue as it was seen once."""

    position: int
    number: str
    category: Mapping[str, str]
    submitted_at: datetime
    languages: Sequence[str]
    birth_year: int = 0


@dataclass(frozen=True, slots=True)
class SeenPage:
    """A page of the public queue that was fetched before and kept on this computer; ``at`` is when it was counted."""

    rows: Sequence[SeenRow]
    total: int
    queued: int
    at: datetime


class Queue(ScreenModel):
    """Which part is shown; the page of the queue that was fetched; the statistics of the cache."""

    part_changed = Signal()
    rows_changed = Signal()
    paper_made = Signal(bytes, str)
    """The bytes and the name of the queue as a paper."""
    fetched = Signal()
    """A page came, to be kept for when there is no line."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._kept: dict[str, Any] = {}
        self.home = family_of(context)
        self.part = PARTS[0]
        self.programme = "general"
        self.locality = 0
        self.language = ""
        self.year = 0
        self.page: Any = None
        """What was fetched last, None before."""
        self._page_of: list[Any] = []  # department, offset and filters that it was asked with
        self._seen_now: dict[tuple[Any, ...], Any] = {}
        """Pages that were fetched since the screen began, by what was asked."""
        self.offset = 0
        self.statistics: tuple[QueueStatistic, ...] = ()
        self._interest: tuple[int, Mapping[int, int]] | None = None  # the department that was asked, its answer
        self.ready = False
        self.chosen: int | None = None
        context.topics.listen(self, TOPICS, self.refresh)
        self.home.changed.connect(self._home_changed)
        self.home.state_changed.connect(self.changed)
        self._seen = Drafts(context, SEEN, lambda: self._kept, self._remember, (self.fetched,), self)

    def show(self, part: str = "", application_id: int | None = None) -> None:
        """Open a part."""
        if application_id is not None:
            self.chosen, self.part = application_id, "forecast"
        self.choose(part if part in PARTS else self.part)

    def visited(self) -> None:
        """Fetch the first page when the screen opens."""
        self.refresh()
        if not self.current:
            self.fetch()

    def choose(self, part: str) -> None:
        """Show a part."""
        self.part = part
        self.part_changed.emit()
        if part == "popular" and self.interest is None:
            self.fetch_interest()
        elif part == "queue" and not self.current:
            self.fetch()

    def filter(self, **values: Any) -> None:
        """Set filters by name; the queue is asked anew."""
        for name, value in values.items():
            setattr(self, name, value)
        self.offset = 0
        self.rows_changed.emit()
        if self.part == "queue":
            self.fetch()

    @property
    def department(self) -> Department | None:
        """The department whose queue it is."""
        return self.home.department

    # The public queue

    def fetch(self) -> None:
        """Ask the department for a page of the queue."""
        department, families = self.department, self.context.families
        if department is None or self.busy:
            return
        filters: dict[str, str | int] = {"programme": self.programme, "offset": self.offset, "limit": PAGE}
        if self.locality:
            filters["locality"] = self.locality
        if self.language:
            filters["language"] = self.language
        if self.year:
            filters["birth_year"] = self.year

        asked = self._asked()

        def take(page: Any) -> None:
            self.page, self._page_of, self._seen_now[tuple(asked)] = page, asked, page
            self._kept = {**_plain(page), "of": asked}
            self.fetched.emit()
            self.rows_changed.emit()
            if self.part == "popular" and self.interest is None:
                self.fetch_interest()
            elif not self.current:  # something else was asked for meanwhile
                self.fetch()

        self.work(lambda: families.queue(department.id, **filters), take)

    def _asked(self) -> list[Any]:
        department = self.department.id if self.department is not None else None
        return [department, self.offset, self.programme, self.locality, self.language, self.year]

    @property
    def current(self) -> bool:
        """Whether the page that was fetched is that of this department, these filters and this place."""
        return self.page is not None and self._page_of == self._asked()

    def _remember(self, kept: Any) -> None:
        """Take the page that was seen last; it is shown while nothing newer can be fetched."""
        with suppress(KeyError, TypeError, ValueError):
            _seen(kept)
            self._kept = dict(kept)
            self.rows_changed.emit()

    @property
    def shown(self) -> Any:
        """The page to show: the one fetched now, else the last one seen if it is that of this department and these
        filters; None when there is neither. While another one comes the one before stays."""
        if self.current or (self.busy and self.page is not None and self._page_of[:1] == self._asked()[:1]):
            return self.page
        if (seen := self._seen_now.get(tuple(self._asked()))) is not None:
            return seen
        return _seen(self._kept) if self._kept and self._kept["of"] == self._asked() else None

    @property
    def from_before(self) -> bool:
        """Whether the page shown was seen before and could not be fetched now."""
        return not self.current and not self.busy and self.shown is not None

    def turn(self, pages: int) -> None:
        """Go some pages on."""
        total = self.shown.total if self.shown is not None else 0
        offset = max(0, self.offset + pages * PAGE)
        if offset < max(total, 1) and offset != self.offset:
            self.offset = offset
            self.fetch()

    def print(self) -> None:
        """Make the page that is shown as a paper; ``paper_made`` tells its bytes and name."""
        from ui.family import pdf

        department, page = self.department, self.shown
        if department is None or page is None:
            return
        build, name = pdf.queue(
            self.home, department, page, programme=self.programme, locality=self.locality, language=self.language,
            birth_year=self.year,
        )  # fmt: skip
        self.work(build, lambda data: self.paper_made.emit(data, name))

    # Statistics and forecast

    def refresh(self) -> None:
        """Read the statistics again."""
        department = self.department
        if department is None:
            return
        number = department.id

        def question(connection: Any) -> list[QueueStatistic]:
            from models.cache.queries.admissions import statistics

            return statistics(connection, number)

        self.context.read(self, question, self._take, self._failed, name="statistics")

    def _take(self, rows: list[QueueStatistic]) -> None:
        self.statistics, self.ready = tuple(rows), True
        self.rows_changed.emit()

    def _home_changed(self) -> None:
        if not self.ready:
            self.refresh()
        if self.part == "popular" and self.interest is None and self.failure is None:
            self.fetch_interest()
        elif not self.current and self.failure is None:
            self.fetch()
        self.rows_changed.emit()

    @property
    def rows(self) -> list[QueueStatistic]:
        """Statistics that pass the filters."""
        department = self.department
        inside = department.inside(self.locality) if department is not None and self.locality else None
        return [
            row
            for row in self.statistics
            if (inside is None or row.locality_id in inside)
            and (not self.language or row.language == self.language)
            and (not self.year or row.birth_year == self.year)
        ]

    @property
    def waiting_together(self) -> int | None:
        """How many wait in the rows; None where who wants several languages would be counted twice. R-ADM-20."""
        rows = self.rows
        return sum(row.queued for row in rows) if len({row.language for row in rows}) < 2 else None

    @property
    def free_together(self) -> int | None:
        """How many places are free in the rows; None where a group of several years would count twice. R-ADM-20."""
        rows = self.rows
        return sum(row.free_now for row in rows) if len({row.birth_year for row in rows}) < 2 else None

    # Which kindergartens many wait for

    def fetch_interest(self) -> None:
        """Ask the department how many wait for which kindergarten."""
        department, families = self.department, self.context.families
        if department is None or self.busy:
            return

        def take(found: Sequence[Any]) -> None:
            self._interest = department.id, {one.organisation_id: one.waiting for one in found}
            self.rows_changed.emit()
            if not self.current:
                self.fetch()

        self.work(lambda: families.interest(department.id), take)

    @property
    def interest(self) -> Mapping[int, int] | None:
        """How many wait for a kindergarten, by its id; None before the department shown has told it."""
        department = self.department
        told = self._interest is not None and department is not None and self._interest[0] == department.id
        return self._interest[1] if told and self._interest is not None else None

    @property
    def popular(self) -> list[Wanted]:
        """Open kindergartens of the chosen locality: those that most wait for first, then by their rating."""
        department = self.department
        if department is None:
            return []
        inside = department.inside(self.locality) if self.locality else None
        interest = self.interest or {}
        found = [
            Wanted(one, interest.get(one.id))
            for one in self.home.family.organisations.values()
            if one.department_id == department.id and one.opened and (inside is None or one.locality_id in inside)
        ]
        return sorted(
            found,
            key=lambda row: (-(row.waiting or 0), -row.organisation.rating_tenths, alphabetic(row.organisation.name)),
        )

    @property
    def years(self) -> list[int]:
        """Birth years that there are, youngest first."""
        return sorted({row.birth_year for row in self.statistics}, reverse=True)

    @property
    def queued(self) -> list[ApplicationView]:
        """Own applications that have a number."""
        return [
            view
            for view in self.home.family.applications
            if view.position is not None and view.case.state in (State.QUEUED, State.DOCS_REVIEW)
        ]

    @property
    def view(self) -> ApplicationView | None:
        """The application whose forecast is shown."""
        found = self.queued
        return next((view for view in found if view.id == self.chosen), next(iter(found), None))

    def look_for(self, application_id: int) -> None:
        """Show the forecast of another application."""
        self.chosen = application_id
        self.rows_changed.emit()

    def outlook(self) -> list[Outlook]:
        """Return the places that are expected for children like the application's, by day."""
        view, department = self.view, self.department
        if view is None or department is None or view.position is None:
            return []
        one = view.application
        inside = department.inside(one.locality_id)
        fitting = [
            row
            for row in self.statistics
            if row.locality_id in inside and row.birth_year == view.child.born.year and row.language in one.languages
        ]
        days = sorted({day for row in fitting for day in row.forecast})
        now = sum(row.free_now for row in fitting)
        today = department.calendar.local_day(self.home.server_now())
        found = [Outlook(today, now, now >= view.position.number)] if fitting else []
        for day in days:
            places = sum(row.forecast.get(day, row.free_now) for row in fitting)
            found.append(Outlook(date.fromisoformat(day), places, places >= view.position.number))
        return found


def _plain(page: Any) -> dict[str, Any]:
    """Return a page as plain values."""
    return {
        "rows": [
            {
                "position": row.position,
                "number": row.number,
                "category": dict(row.category),
                "submitted_at": row.submitted_at.isoformat(),
                "languages": list(row.languages),
            }
            for row in page.rows
        ],
        "total": page.total,
        "queued": getattr(page, "queued", page.total),
        "at": page.at.isoformat(),
    }


def _seen(kept: Mapping[str, Any]) -> SeenPage:
    """Return a page from plain values; raises ``KeyError``, ``TypeError`` or ``ValueError`` for others."""
    rows = [
        SeenRow(
            row["position"],
            row["number"],
            row["category"],
            datetime.fromisoformat(row["submitted_at"]),
            tuple(row["languages"]),
        )
        for row in kept["rows"]
    ]
    return SeenPage(rows, kept["total"], kept["queued"], datetime.fromisoformat(kept["at"]))
