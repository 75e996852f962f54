"""Rounds of vouchers: planned by one officer, issued by another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from models.cache.queries.department import Round
from models.contract.admission_commands import CancelIteration, IssueIteration, PlanIteration
from models.contract.admission_records import Iteration
from models.domain.admissions.eligibility import birth_years, group_year
from models.domain.admissions.states import Mode
from models.domain.problems import Problem
from ui.context import Context
from ui.department.desk import DeskScreen
from ui.preview.view_model import DocumentModel
from ui.selection import cabinet_of

COMMANDS = (PlanIteration, IssueIteration, CancelIteration)


class RoundsModel(DeskScreen):
    """The history, the round that is open, and the plan that is being made."""

    TOPICS = frozenset({"iteration", "iteration_line", "queue_statistic", "place"})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.rounds: tuple[Iteration, ...] = ()
        self.chosen: int | None = None
        self.round: Round | None = None
        self.planning = False
        self.issuing = False
        self.draft = {"programme": "general", "place": "", "year": "", "language": "", "correction": "", "vouchers": ""}
        self.document = DocumentModel(context, cabinet_of(context))
        self.document.changed.connect(self.data_changed)
        self.start()

    def question(self) -> Callable[[Any], Any]:
        """Override."""
        chosen = self.chosen

        def ask(connection: Any) -> Any:
            from models.cache.queries import department

            one = department.round_of(connection, chosen) if chosen is not None else None
            return department.rounds(connection), chosen, one

        return ask

    def keep(self, answer: Any) -> None:
        """Override."""
        self.rounds, chosen, one = answer
        if chosen == self.chosen:
            self.round = one

    def show(self, iteration_id: int | None = None) -> None:
        """Open a round."""
        if iteration_id is not None:
            self.open(iteration_id)

    def open(self, iteration_id: int) -> None:
        """Open a round with its lines."""
        self.chosen, self.round, self.planning, self.issuing = iteration_id, None, False, False
        self.document.forget()
        self.refresh()

    def close_card(self) -> None:
        """Go back to the list."""
        self.chosen, self.round, self.planning, self.issuing = None, None, False, False
        self.document.forget()
        self.refresh()

    # Planning

    def begin_plan(self) -> None:
        """Begin a plan."""
        self.planning, self.problems = True, ()
        self.data_changed.emit()

    def set(self, key: str, value: str) -> None:
        """Narrow whom the round is for; the number that is advised follows."""
        self.type(key, value)
        self.data_changed.emit()

    @property
    def free(self) -> int:
        """How many permanent places are free now for whom the round is meant, as last heard."""
        department, draft, today = self.department, self.draft, self.desk.today
        place = draft.get("place", "")
        correction = draft["correction"] if draft["programme"] == "special" else ""
        inside = department.inside(int(place)) if place and department is not None else None
        return sum(
            offer.free(Mode.PERMANENT)
            for offer in self.desk.desk.offers.values()
            if offer.organisation.opened
            and (offer.group.valid_to is None or offer.group.valid_to > today)
            and offer.group.correction == correction
            and (inside is None or offer.organisation.locality_id in inside)
            and draft.get("language", "") in ("", offer.group.language)
            and self._takes(offer.group.age_from, offer.group.age_to)
        )

    def _takes(self, low: int, high: int) -> bool:
        year = self.draft.get("year", "")
        if not year:
            return True
        return int(year) in birth_years(low, high, group_year(self.desk.today))

    def plan(self) -> None:
        """Have the plan made; nothing is issued by it."""
        text = self.typed("vouchers")
        if not (text.isascii() and text.isdigit() and int(text) > 0):
            self.refuse([Problem("field-invalid" if text else "field-required", "vouchers")])
            return
        draft = self.draft
        payload = PlanIteration(
            self.department_id,
            draft["programme"],
            int(text),
            int(draft["place"]) if draft["place"] else None,
            int(draft["year"]) if draft["year"] else None,
            draft["language"],
            draft["correction"] if draft["programme"] == "special" else "",
        )

        def done() -> None:
            self.planning = False
            self.draft["vouchers"] = ""

        self.send(payload, then=done)

    # Four eyes

    @property
    def mine(self) -> bool:
        """Whether the open round was planned by whoever looks at it."""
        person = self.desk.desk.person
        return self.round is not None and person is not None and self.round.iteration.planned_by == person.name

    def begin_issue(self) -> None:
        """Ask once more before vouchers are issued."""
        self.issuing = True
        self.data_changed.emit()

    def stop_issue(self) -> None:
        """Leave the plan as it is."""
        self.issuing = False
        self.data_changed.emit()

    def issue(self) -> None:
        """Issue the vouchers of the plan."""
        if self.round is not None and not self.mine:
            self.issuing = False
            self.send(IssueIteration(self.department_id, self.round.iteration.id))

    def throw_away(self) -> None:
        """Throw the plan away."""
        if self.round is not None:
            self.send(CancelIteration(self.department_id, self.round.iteration.id))

    def on_its_way(self) -> list[Any]:
        """Return what was done here with rounds and is on its way."""
        return self.desk.pending(*COMMANDS)

    def refusals(self) -> list[Any]:
        """Return what was done here with rounds and refused."""
        return self.desk.refused(*COMMANDS)
