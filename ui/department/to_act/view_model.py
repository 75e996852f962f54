"""What a kindergarten has to do, the term that ends first on top; an officer sees all, and acts for the silent ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from models.cache.queries.department import Line, Work
from models.domain.admissions.states import Actor, Flag
from ui.context import Context
from ui.department.case_model import CaseScreen


class ToActModel(CaseScreen):
    """``organisation_id`` narrows to one kindergarten; None shows all that the person works for."""

    ACTOR = Actor.KINDERGARTEN

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.work_found = Work()
        self.organisation_id: int | None = None
        self.only_late = False
        self.start()

    @property
    def actor(self) -> Actor:
        """Override: an officer acts as an officer, for a kindergarten that is silent."""
        return Actor.KINDERGARTEN if self.desk.may("kindergarten") else Actor.OFFICER

    def choose(self, organisation_id: int | None) -> None:
        """Show one kindergarten, or all."""
        self.organisation_id = organisation_id
        self.refresh()

    def show_late(self, on: bool) -> None:
        """Show only those whose kindergarten is late."""
        self.only_late = on
        self.data_changed.emit()

    def lists(self) -> Callable[[Any], Any]:
        """Override."""
        mine = set(self.desk.kindergartens())
        if self.organisation_id is not None:
            mine &= {self.organisation_id}
        groups = [offer.group.id for offer in self.desk.desk.groups_of(mine)]

        def ask(connection: Any) -> Any:
            from models.cache.queries import department

            return department.work(connection, groups)

        return ask

    def keep_list(self, answer: Any) -> None:
        """Override."""
        self.work_found = answer

    def shown(self, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        """Return the lines that are wanted."""
        if not self.only_late:
            return lines
        late = {Flag.ESCALATED.value, Flag.ORG_LATE.value}
        return tuple(line for line in lines if late & set(line.application.flags))
