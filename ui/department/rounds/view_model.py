"""Rounds of vouchers: planned by one officer, issued by another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.cache.queries.department import Round
from models.cache.queries.outlook import Outlook
from models.contract.admission_commands import CancelIteration, IssueIteration, PlanIteration
from models.contract.admission_records import Iteration
from models.domain.admissions import forecast
from models.domain.admissions.eligibility import birth_years, group_year
from models.domain.admissions.limits import MOST_VOUCHERS
from models.domain.admissions.states import Mode, Programme
from models.domain.problems import Problem
from ui.context import Context
from ui.department.plan_model import PlanScreen


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom a round is: None and "" stand for all. The special queue goes into groups of a correction only."""

    special: bool = False
    place: int | None = None
    year: int | None = None
    language: str = ""
    correction: str = ""


def scope_of(one: Iteration) -> Scope:
    """Return for whom a planned round is."""
    return Scope(one.programme == Programme.SPECIAL, one.locality_id, one.birth_year, one.language, one.correction)


def _days(today: date) -> list[date]:
    """Return the days that matter to a round: the first of the next month, and of the coming school year."""
    return sorted({forecast.expected_days(today)[0], forecast.school_year(today)})


class RoundsModel(PlanScreen):
    """The history, the round that is open, and the plan that is being made."""

    TOPICS = frozenset({"iteration", "iteration_line", "place", "placement"})
    COMMANDS = (PlanIteration, IssueIteration, CancelIteration)
    ISSUE = IssueIteration
    DROP = CancelIteration

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.rounds: tuple[Iteration, ...] = ()
        self.chosen: int | None = None
        self.round: Round | None = None
        self.outlook = Outlook()
        self.planning = False
        self.draft = {"programme": "general", "place": "", "year": "", "language": "", "correction": "", "vouchers": ""}
        self.start()

    def question(self) -> Callable[[Any], Any]:
        """Override."""
        chosen, wanted = self.chosen, self.planning or self.chosen is not None
        today, known = self.desk.today, self.department
        days = _days(today) if wanted and known is not None else []
        oldest = known.rules(Programme.GENERAL, self.desk.server_now()).max_age_years if days and known else 0

        def ask(connection: Any) -> Any:
            from models.cache.queries import department
            from models.cache.queries.outlook import outlook

            one = department.round_of(connection, chosen) if chosen is not None else None
            ahead = outlook(connection, today, days, oldest) if days else Outlook()
            return department.rounds(connection), chosen, one, ahead

        return ask

    def keep(self, answer: Any) -> None:
        """Override."""
        self.rounds, chosen, one, self.outlook = answer
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

    def leave(self) -> None:
        """Go one step back: from the question to the round, from a plan or a round to the list."""
        if self.issuing:
            self.stop_issue()
        else:
            self.close_card()

    # Planning

    def begin_plan(self) -> None:
        """Begin a plan."""
        self.planning, self.problems = True, ()
        self.data_changed.emit()
        self.refresh()

    REOPENS = (PlanIteration,)

    def reopen(self, payload: PlanIteration) -> None:
        """Override: plan it again."""
        self.chosen, self.round = None, None
        self.draft.update(
            programme=payload.programme,
            place=str(payload.locality_id or ""),
            year=str(payload.birth_year or ""),
            language=payload.language,
            correction=payload.correction,
            vouchers=str(payload.vouchers),
        )
        self.begin_plan()

    @property
    def drafted(self) -> Scope:
        """For whom the round is meant that is being planned."""
        draft = self.draft
        correction = draft["correction"] if draft["programme"] == "special" else ""
        place, year = draft["place"], draft["year"]
        return Scope(
            draft["programme"] == Programme.SPECIAL,
            int(place) if place else None,
            int(year) if year else None,
            draft["language"],
            correction,
        )

    @property
    def free(self) -> int:
        """How many permanent places are free now for whom the round is meant, as last heard."""
        return self.places(self.drafted)

    def places(self, scope: Scope, day: date | None = None) -> int:
        """Return how many permanent places are free for children: now as last heard, or expected by a day."""
        department, on = self.department, day or self.desk.today
        inside = department.inside(scope.place) if scope.place is not None and department is not None else None
        found = 0
        for offer in self.desk.desk.offers.values():
            group, place = offer.group, offer.place(Mode.PERMANENT)
            if (
                place is not None
                and offer.organisation.opened
                and (group.valid_to is None or group.valid_to > on)
                and bool(group.correction) is scope.special
                and scope.correction in ("", group.correction)
                and (inside is None or offer.organisation.locality_id in inside)
                and scope.language in ("", group.language)
                and (scope.year is None or scope.year in birth_years(group.age_from, group.age_to, group_year(on)))
            ):
                found += max(0, place.free + (self.outlook.left(group.id, day) if day is not None else 0))
        return found

    def expected(self, scope: Scope) -> list[tuple[date, int]]:
        """Return how many places are expected by the days of the estimate; empty before it is made."""
        return [(day, self.places(scope, day)) for day in self.outlook.days]

    def plan(self) -> None:
        """Have the plan made; nothing is issued by it."""
        wrong: list[Problem] = []
        vouchers = self.whole("vouchers", 1, MOST_VOUCHERS, wrong)
        if self.refuse(wrong):
            return
        draft = self.draft
        payload = PlanIteration(
            self.department_id,
            draft["programme"],
            vouchers,
            int(draft["place"]) if draft["place"] else None,
            int(draft["year"]) if draft["year"] else None,
            draft["language"],
            draft["correction"] if draft["programme"] == "special" else "",
        )

        def done() -> None:
            self.planning = False
            self.draft["vouchers"] = ""

        self.send(payload, then=done)

    @property
    def open_plan(self) -> Iteration | None:
        """Override."""
        return self.round.iteration if self.round is not None else None

    @property
    def under_way(self) -> bool:
        """Override: of this round; others may be planned meanwhile."""
        return self.open_plan is not None and bool(self.desk.pending(*self.COMMANDS, iteration_id=self.open_plan.id))
