"""The queue of a department by pages, narrowed in SQL, and the application that is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QTimer

from models.cache.queries.department import PAGE, Page, Wanted
from models.domain.admissions.states import State
from ui.context import Context
from ui.department.contract_model import ContractScreen

LIVE: Final = "live"
"""The choice of state that one begins with: whatever has not ended. A name or number is looked for among all."""
PAUSE = 250
"""Milliseconds of rest before what was typed is searched for."""


_LIVE_STATES: Final = tuple(state.value for state in State if state not in (State.DRAFT, State.ARCHIVED))


class QueueModel(ContractScreen):
    """``draft`` holds the filters; ``page`` what they found."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.page = Page()
        self.offset = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self.refresh)
        self.start()

    def filter(self, key: str, value: str) -> None:
        """Narrow the list; what is typed waits for a moment of rest."""
        self.type(key, value)
        self.offset = 0
        self._timer.start(PAUSE if key == "text" else 0)

    def clear(self) -> None:
        """Show everything again."""
        for key in ("text", "programme", "state", "place", "language", "year", "category", "flag"):
            self.draft.pop(key, None)
        self.draft["state"] = ""
        self.offset = 0
        self.refresh()

    @property
    def narrowed(self) -> bool:
        """Whether a filter is set."""
        return self.wanted != Wanted()

    @property
    def narrowed_by_hand(self) -> bool:
        """Whether a filter is set other than the one that the list begins with."""
        return self.wanted not in (Wanted(), Wanted(states=_LIVE_STATES))

    @property
    def wanted(self) -> Wanted:
        """The filters."""
        draft, department = self.draft, self.department
        place = draft.get("place", "")
        inside = department.inside(int(place)) if place and department is not None else frozenset()
        year, category = draft.get("year", ""), draft.get("category", "")
        words = draft.get("text", "").strip()
        return Wanted(
            text=words,
            programme=draft.get("programme", ""),
            states=self._states(draft.get("state", LIVE), words),
            localities=inside,
            language=draft.get("language", ""),
            birth_year=int(year) if year else None,
            category_id=int(category) if category else None,
            flag=draft.get("flag", ""),
        )

    @staticmethod
    def _states(chosen: str, words: str) -> tuple[str, ...]:
        if chosen == LIVE:
            return () if words else _LIVE_STATES
        return (chosen,) if chosen else ()

    def lists(self) -> Callable[[Any], Any]:
        """Override."""
        wanted, offset = self.wanted, self.offset

        def ask(connection: Any) -> Any:
            from models.cache.queries import department

            return department.queue(connection, wanted, offset)

        return ask

    def keep_list(self, answer: Any) -> None:
        """Override."""
        self.page = answer

    def turn(self, pages: int) -> None:
        """Show another page."""
        self.offset = max(0, self.offset + pages * PAGE)
        self.refresh()

    @property
    def has_next(self) -> bool:
        """Whether there is a page after this one."""
        return self.page.many or self.offset + len(self.page.lines) < self.page.total

    def years(self) -> list[int]:
        """Return the birth years that can be in a queue."""
        this = self.desk.today.year
        return list(range(this, this - 9, -1))
