"""What a kindergarten has to do, the term that ends first on top; an officer sees all, and acts for the silent ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from models.cache.queries.department import Line
from models.cache.queries.kindergarten import Work
from models.contract.admission_commands import TakeStep
from models.domain.admissions.states import Actor, Event, Flag
from ui.context import Context
from ui.department.contract_model import ContractScreen
from ui.department.deeds import Deed


class ToActModel(ContractScreen):
    """``organisation_id`` narrows to one kindergarten; None shows all that the person works for."""

    ACTOR = Actor.KINDERGARTEN

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.work_found = Work()
        self.organisation_id: int | None = None
        self.only_late = False
        self.several: tuple[Line, ...] = ()
        """The rows that are chosen in one of the tables."""
        self.asked_lines: tuple[Line, ...] = ()
        self.deed_for_several: Deed | None = None
        """The act whose question is open for all ``asked_lines``."""
        self._names: dict[int, str] = {}
        """The children of the applications that were listed: one may be gone when its answer comes."""
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
            from models.cache.queries import kindergarten

            return kindergarten.work(connection, groups)

        return ask

    def keep_list(self, answer: Any) -> None:
        """Override."""
        self.work_found = answer
        every = (
            *answer.activate, *answer.referred, *answer.send, *answer.sign, *answer.returned, *answer.temporary,
            *answer.attending,
        )  # fmt: skip
        self._names.update({line.application.id: line.child.name for line in every})

    def shown(self, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        """Return the lines that are wanted."""
        if not self.only_late:
            return lines
        late = {Flag.ESCALATED.value, Flag.ORG_LATE.value}
        return tuple(line for line in lines if late & set(line.application.flags))

    # The same act for several children

    def offered_for_several(self) -> list[Deed]:
        """Return the acts that all chosen rows may have now."""
        from ui.department.to_act.several import common

        if self.department is None:
            return []
        return common(self.several, self.department, self.actor, self.now)

    def ask_for_several(self, event: Event) -> None:
        """Ask with all names before an act is done for the chosen rows."""
        found = next((one for one in self.offered_for_several() if one.event is event), None)
        if found is not None:
            self.deed_for_several, self.asked_lines, self.failure = found, self.several, None
            self.data_changed.emit()

    def leave_several(self) -> None:
        """Leave everything as it is."""
        self.deed_for_several, self.asked_lines, self.several = None, (), ()
        self.data_changed.emit()

    def confirm_for_several(self) -> None:
        """Do the act for all: a command each, so each has an answer of its own."""
        deed, client, department = self.deed_for_several, self.context.client, self.department_id
        if deed is None:
            return
        payloads = [
            TakeStep(department, line.application.id, deed.event.value, confirmed=True) for line in self.asked_lines
        ]

        def sent(command_ids: list[str]) -> None:
            self.desk.announce(command_ids, self.on_its_way_text())
            self.leave_several()
            self.desk.refresh()
            self.refresh()

        self.work(lambda: [client.submit(payload) for payload in payloads], sent)

    @property
    def steps_on_their_way(self) -> list[Any]:
        """Steps taken here that the department does not have yet."""
        return self.desk.pending(TakeStep)

    @property
    def steps_refused(self) -> list[tuple[Any, str]]:
        """Steps taken here that were refused, each with the child's name; "" for one that is no longer known here."""
        return [(item, self._names.get(item.payload.application_id, "")) for item in self.desk.refused(TakeStep)]
