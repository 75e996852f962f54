"""Applications whose documents a doctor has to look at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from models.cache.queries.department import Line
from models.domain.admissions.states import Actor
from ui.context import Context
from ui.department.case_model import CaseScreen


class ReviewModel(CaseScreen):
    """The list, the one that waits longest first."""

    ACTOR = Actor.DOCTOR

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.lines: tuple[Line, ...] = ()
        self.tab = "documents"
        self.start()

    def open(self, application_id: int, tab: str = "") -> None:
        """Override: a doctor looks at the documents first."""
        super().open(application_id, tab or "documents")

    def lists(self) -> Callable[[Any], Any]:
        """Override."""
        from models.cache.queries import department

        return department.under_review

    def keep_list(self, answer: Any) -> None:
        """Override."""
        self.lines = answer
