"""The anonymous queue of an education department, for everybody: without signing in, and without a cache."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ui.context import Context
from ui.screen_model import ScreenModel

PAGE: Final = 20
_YEARS: Final = range(1, 8)
"""Ages of the children in a queue, as years before this one."""


class PublicQueue(ScreenModel):
    """Which department and which part of its queue is looked at; ``page`` is what was fetched last, None before."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.departments: tuple[Any, ...] = ()
        self.department = 0
        self.programme = "general"
        self.language = ""
        self.year = 0
        self.offset = 0
        self.page: Any = None
        self._page_of: tuple[Any, ...] = ()
        self._seen: dict[tuple[Any, ...], Any] = {}
        """Pages that were fetched, by what was asked: they stay readable while there is no line."""
        self._asked_at = ""

    def visited(self) -> None:
        """Fetch the departments the first time, and again from another address."""
        address = str(self.context.settings.get("provider_url"))
        if self._asked_at != address:
            self.departments, self.department, self.page, self._asked_at = (), 0, None, address
            self._seen = {}
        if not self.busy:
            self.fetch()

    def fetch(self) -> None:
        """Fetch the departments when they are not known, then the page that is wanted."""
        families = self.context.families
        if not self.departments:

            def take_departments(found: Sequence[Any]) -> None:
                self.departments = tuple(found)
                self.department = self.department or next((one.id for one in self.departments), 0)
                if self.department:
                    self.fetch()

            self.work(families.departments, take_departments)
            return
        asked, filters = self._asked(), self._filters()

        def take(page: Any) -> None:
            self.page, self._page_of, self._seen[asked] = page, asked, page
            if not self.current:  # something else was asked for meanwhile
                self.fetch()

        self.work(lambda: families.queue(asked[0], **filters), take)

    def filter(self, **values: Any) -> None:
        """Look at another department or another part of its queue."""
        for name, value in values.items():
            setattr(self, name, value)
        self.offset = 0
        self.changed.emit()
        self.fetch()

    def turn(self, pages: int) -> None:
        """Go some pages on."""
        total = self.shown.total if self.shown is not None else 0
        offset = max(0, self.offset + pages * PAGE)
        if offset < max(total, 1) and offset != self.offset:
            self.offset = offset
            self.fetch()

    @property
    def current(self) -> bool:
        """Whether the page is that of what is chosen now."""
        return self.page is not None and self._page_of == self._asked()

    @property
    def shown(self) -> Any:
        """The page to show: the one fetched now; while another one comes the one before; else that seen before."""
        if self.current or (self.busy and self.page is not None):
            return self.page
        return self._seen.get(self._asked())

    @property
    def from_before(self) -> bool:
        """Whether the page shown was seen before and could not be fetched now."""
        return self.shown is not None and not self.busy and (not self.current or self.failure is not None)

    @property
    def years(self) -> list[int]:
        """Birth years that a queue may have, youngest first."""
        return [self.context.today.year - age for age in _YEARS]

    def _asked(self) -> tuple[Any, ...]:
        return self.department, self.programme, self.language, self.year, self.offset

    def _filters(self) -> dict[str, str | int]:
        filters: dict[str, str | int] = {"programme": self.programme, "offset": self.offset, "limit": PAGE}
        if self.language:
            filters["language"] = self.language
        if self.year:
            filters["birth_year"] = self.year
        return filters
