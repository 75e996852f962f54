"""What the window around shows of a department: how much waits behind its screens, and children in the search."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from models.cache.queries.department import Line, Wanted
from ui.context import Context
from ui.department.case_model import CASE_TOPICS
from ui.department.desk import desk_of

FOUND: Final = 8
"""So many children are offered by the search."""


class Office(QObject):
    """``counts`` says by screen how many things wait there for this person."""

    changed = Signal()

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self.desk = desk_of(context)
        self.counts: dict[str, int] = {}
        self.desk.changed.connect(self.refresh)
        context.topics.listen(self, CASE_TOPICS | {"review", "letter"}, self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Count again."""
        desk = self.desk
        officer, doctor, kindergarten = desk.may("officer"), desk.may("doctor"), desk.may("kindergarten")
        groups = [offer.group.id for offer in desk.groups()] if kindergarten else []

        def question(connection: Any) -> dict[str, int]:
            from models.cache.queries import department, letters
            from models.cache.queries.kindergarten import work

            found: dict[str, int] = {}
            if officer:
                found["office_decisions"] = department.decisions(connection).count
                found["office_letters"] = letters.waiting(connection)
            if doctor:
                found["doctor_review"] = len(department.under_review(connection))
            if kindergarten:
                todo = work(connection, groups)
                found["to_act"] = len(todo.activate) + len(todo.send) + len(todo.sign)
            return found

        self._context.read(self, question, self._take, lambda _error: None, name="counts")

    def _take(self, counts: dict[str, int]) -> None:
        if counts != self.counts:
            self.counts = counts
            self.changed.emit()

    def search(self, text: str, take: Callable[[Sequence[Line]], object]) -> None:
        """Find applications by the child's name, the number or the IIN."""

        def question(connection: Any) -> Sequence[Line]:
            from models.cache.queries import department

            return department.queue(connection, Wanted(text=text), limit=FOUND).lines

        self._context.read(self, question, take, lambda _error: None, name="search")

    @property
    def screen(self) -> str:
        """Where this person works on an application."""
        if self.desk.may("officer"):
            return "office_queue"
        return "doctor_review" if self.desk.may("doctor") else "to_act"

    def open(self, line: Line) -> None:
        """Open an application where this person works on it."""
        self._context.go(self.screen, application_id=line.application.id)
