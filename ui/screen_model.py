"""What every screen's view-model has in common: busy or not, what failed, drafts that outlive the view."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from models.domain.problems import Problem
from ui.context import Context, explain, problem_of

T = TypeVar("T")


class ScreenModel(QObject):
    """State of a screen. Nothing in it is a translated text, so a view built in another language says the same.

    ``draft`` holds what was typed, by field; ``problems`` what is wrong with it, said ``complaints`` times by now;
    ``failure`` what went wrong outside.
    """

    changed = Signal()
    edited = Signal()
    """Something was typed: for what keeps drafts; views need not be drawn again."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.draft: dict[str, str] = {}
        self.problems: tuple[Problem, ...] = ()
        self.complaints = 0
        self.failure: Exception | None = None
        self.busy = False

    def type(self, key: str, text: str) -> None:
        """Keep what was typed; what was wrong with this field is forgiven."""
        self.draft[key] = text
        self.problems = tuple(problem for problem in self.problems if problem.field != key)
        self.edited.emit()

    def typed(self, key: str) -> str:
        """Return what was typed, without outer spaces."""
        return self.draft.get(key, "").strip()

    def refuse(self, problems: Sequence[Problem]) -> bool:
        """Show what is wrong; returns whether anything is."""
        self.problems, self.failure = tuple(problems), None
        self.complaints += bool(problems)
        self.changed.emit()
        return bool(problems)

    def missing(self, *keys: str) -> list[Problem]:
        """Return a problem for each of these fields that is empty."""
        return [Problem("field-required", key) for key in keys if not self.typed(key)]

    def work(self, question: Callable[[], T], then: Callable[[T], object]) -> None:
        """Do something slow; meanwhile ``busy``. A failure with a field goes to its field, any other to ``failure``."""
        if self.busy:
            return
        self.busy, self.failure = True, None
        self.changed.emit()

        def done(answer: T) -> None:
            self.busy = False
            then(answer)
            self.changed.emit()

        self.context.tasks.ask(self, question, done, self._failed)

    def _failed(self, error: Exception) -> None:
        self.busy = False
        problem = problem_of(error)
        if problem is not None and problem.field:
            self.problems = (problem,)
        else:
            self.failure = error
        self.changed.emit()

    @property
    def failure_text(self) -> str:
        """What a person reads about the failure; "" when there is none."""
        return explain(self.failure) if self.failure is not None else ""

    @property
    def offline(self) -> bool:
        """Whether the failure is that there is no line."""
        problem = problem_of(self.failure) if self.failure is not None else None
        return problem is not None and problem.code in ("offline", "provider-unavailable", "provider-slow")


def secret(model: ScreenModel, *keys: str) -> None:
    """Forget passwords that were typed."""
    for key in keys:
        model.draft.pop(key, None)


def value_of(thing: Any, name: str, otherwise: Any = "") -> Any:
    """Return a field of an answer that is an object or a dictionary."""
    if isinstance(thing, dict):
        return thing.get(name, otherwise)
    return getattr(thing, name, otherwise)
