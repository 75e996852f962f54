"""What waits for an officer: late kindergartens, late acts, benefits, documents, reviews."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from models.cache.queries.department import Decisions
from models.contract.admission_commands import CheckDocument, DecideAppeal, DecideReview, VerifyBenefit
from models.contract.admission_records import Appeal, Category, Iteration, ProgrammeRules, Review
from models.contract.payload import Payload
from models.contract.sentences import sentence
from models.domain.admissions.reasons import GRANTED, NOT_GRANTED
from models.domain.problems import Problem
from ui.context import Context
from ui.department import reasons
from ui.department.case_model import CASE_TOPICS
from ui.department.desk import DeskScreen

DECIDED_BY: Final[dict[str, tuple[type[Payload], str]]] = {
    "appeal": (DecideAppeal, "appeal_id"),
    "benefit": (VerifyBenefit, "application_id"),
    "document": (CheckDocument, "attachment_id"),
    "review": (DecideReview, "review_id"),
}
"""The command that decides each kind of thing, and its field that names the thing."""


Change = ProgrammeRules | Category | Iteration
"""What a colleague prepared."""


class DecisionsModel(DeskScreen):
    """``open_appeal`` and ``open_review`` are the ones whose answer is being written."""

    TOPICS = CASE_TOPICS | {"review", "programme", "category", "iteration"}

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.found = Decisions()
        self.open_appeal: int | None = None
        self.open_review: int | None = None
        self.start()

    def question(self) -> Callable[[Any], Any]:
        """Override."""
        from models.cache.queries import department

        return department.decisions

    def keep(self, answer: Any) -> None:
        """Override."""
        self.found = answer

    def look(self, application_id: int, tab: str = "") -> None:
        """Open an application where it is decided."""
        self.context.go("office_queue", application_id=application_id, tab=tab)

    def look_at_change(self, change: Change) -> None:
        """Open what a colleague prepared where it is confirmed."""
        if isinstance(change, ProgrammeRules):
            self.context.go("office_programmes", programme=change.programme)
        elif isinstance(change, Category):
            self.context.go("office_categories")
        else:
            self.context.go("office_rounds", iteration_id=change.id)

    def begin_appeal(self, appeal: Appeal | None) -> None:
        """Begin to answer a late act, or leave it."""
        self.open_appeal = appeal.id if appeal is not None else None
        reasons.forget(self, "reason")
        refused = self.refused("appeal", appeal.id) if appeal is not None else None
        if refused is not None:
            reasons.recall(self, "reason", refused.payload)
        self.problems = ()
        self.data_changed.emit()

    def leave(self) -> None:
        """Leave the answer that is being written; nothing is decided."""
        if self.open_appeal is not None or self.open_review is not None:
            self.open_review = None
            self.begin_appeal(None)

    def decide_appeal(self, appeal: Appeal, granted: bool) -> None:
        """Let a late act count, or not; both with a reason."""
        reason = reasons.written(self, "reason")
        if self.refuse(reasons.missing(reason, "reason", GRANTED if granted else NOT_GRANTED)):
            return
        self.open_appeal = None
        payload = DecideAppeal(self.department_id, appeal.id, granted, reason.words, reason.code)
        self.send(payload, instead=self.refused("appeal", appeal.id))

    def begin_review(self, review: Review | None) -> None:
        """Begin to answer a review, or leave it."""
        self.open_review = review.id if review is not None else None
        refused = self.refused("review", review.id) if review is not None else None
        self.draft["answer"], self.problems = (refused.payload.answer if refused is not None else ""), ()
        self.data_changed.emit()

    def decide_review(self, review: Review, publish: bool) -> None:
        """Publish a review with or without an answer, or refuse it with the reason as the answer."""
        answer = self.typed("answer")
        if not publish and self.refuse([] if answer else [Problem("reason-missing", "answer")]):
            return
        self.open_review = None
        payload = DecideReview(self.department_id, review.id, publish, answer)
        self.send(payload, instead=self.refused("review", review.id))

    def pending(self, *kinds: Any, **fields: Any) -> bool:
        """Whether a decision is on its way."""
        return bool(self.desk.pending(*kinds, **fields))

    def answered(self, kind: str, row_id: int) -> bool:
        """Whether something in the list has been decided here and is on its way."""
        command, field = DECIDED_BY[kind]
        return self.pending(command, **{field: row_id})

    def refused(self, kind: str, row_id: int) -> Any | None:
        """Return the decision about something in the list that the provider refused, so that it is open again."""
        command, field = DECIDED_BY[kind]
        return None if self.answered(kind, row_id) else self.desk.refusal(command, **{field: row_id})

    REOPENS = (VerifyBenefit, CheckDocument)
    """A late act and a review are decided on their cards here."""

    def again(self, item: Any) -> None:
        """Override: a benefit or a document is decided on the card of its application; the refusal stays there to be
        read, as it does here where nothing waits any more."""
        payload = item.payload
        if isinstance(payload, VerifyBenefit):
            self.look(payload.application_id, "information")
            return
        lines = (line for paper, line in self.found.documents if paper.id == payload.attachment_id)
        line = next(lines, None)
        if line is None:
            self.context.toast(sentence(Problem("step-not-possible")), "warning")
            return
        self.look(line.application.id, "documents")

    @property
    def refusals(self) -> list[Any]:
        """Refused decisions that no card of the page says."""
        said = [
            *(self.refused("appeal", appeal.id) for appeal, _line in self.found.appeals),
            *(self.refused("review", review.id) for review in self.found.reviews),
        ]
        every = self.desk.refused(DecideAppeal, DecideReview, VerifyBenefit, CheckDocument)
        return [item for item in every if item not in said]
