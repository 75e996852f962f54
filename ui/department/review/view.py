"""Documents to review: the list with waiting times, and the card with the documents open."""

from __future__ import annotations

from datetime import timedelta

from models.cache.queries.department import Line
from translations import _, formats, n_
from ui.context import Context, Made
from ui.department.case_view import CasePage
from ui.department.review.view_model import ReviewModel
from ui.family import words as family
from ui.kit import Column, TableModel


class ReviewPage(CasePage):
    """Built over :class:`ReviewModel`."""

    def __init__(self, model: ReviewModel) -> None:
        super().__init__(model, _("Documents to review"))
        self.begin()

    def empty(self) -> tuple[str, str] | None:
        """Override."""
        model = self.view_model
        if model.chosen is None and not model.lines:
            return _("No documents wait for you."), _("New ones appear here by themselves.")
        return None

    def list_context(self) -> str:
        """Override."""
        count = len(self.view_model.lines)
        waits = n_("{count} application waits", "{count} applications wait", count).format(count=count)
        return " · ".join(part for part in (waits, self.as_of()) if part)

    def fill_list(self) -> None:
        """Override."""
        model = self.view_model
        table = self.table(
            review_model(model),
            "doctor-review",
            _("Documents to review"),
            lambda line: model.open(line.application.id),
            fills=True,
            first=True,
        )
        self.holder.addWidget(table)


def review_model(model: ReviewModel) -> TableModel[Line]:
    """Return the model of the list."""
    now = model.now

    def waited(line: Line) -> timedelta:
        filed = line.application.submitted_at
        return now - filed if filed is not None else timedelta(0)

    def organisation(line: Line) -> str:
        found = model.desk.desk.organisations.get(line.application.organisation_id or 0)
        return found.name if found is not None else ""

    return TableModel(
        (
            Column(
                "waits",
                lambda: _("Waits"),
                lambda line: family.passed(waited(line)),
                sort=lambda line: -waited(line),
                tone=lambda line: "danger" if waited(line) > timedelta(days=3) else "",
                icon=lambda line: "triangle-alert" if waited(line) > timedelta(days=3) else "",
            ),
            Column("child", lambda: _("Child"), lambda line: line.child.name, stretch=True),
            Column(
                "born", lambda: _("Born"), lambda line: formats.day(line.child.born), sort=lambda line: line.child.born
            ),
            Column(
                "correction",
                lambda: _("Kind of correction"),
                lambda line: family.word(family.CORRECTIONS, line.application.correction),
            ),
            Column("kindergarten", lambda: _("Kindergarten wanted"), organisation),
            Column(
                "documents",
                lambda: _("Documents"),
                lambda line: formats.number(line.documents),
                figures=True,
                sort=lambda line: line.documents,
            ),
            Column("number", lambda: _("Number"), lambda line: line.application.number),
        ),
        model.lines,
    )


def make(context: Context) -> Made:
    """Return the screen."""
    model = ReviewModel(context)
    return model, lambda: ReviewPage(model)
