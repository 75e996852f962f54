"""Kindergarten for somebody who has only utilities here: the model and the card of becoming a parent too."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal

from models.domain.problems import Problem
from translations import _
from ui.context import Context
from ui.family_entry.steps import Steps
from ui.family_entry.view_model import FamilyEntry
from ui.kit import Banner, Button, Card, Muted
from ui.kit.outside import show_trouble

STEPS = ("phone", "code", "person")


class Joining(FamilyEntry):
    """Telephone, code, IIN; what the register knows is confirmed, and the role comes with the exchange of data."""

    joined = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.open = False

    @property
    def steps(self) -> tuple[str, ...]:
        """Override: the password stays the one that there is."""
        return STEPS

    def start(self) -> None:
        """Open the steps."""
        self.open = True
        self.begin()

    def leave(self) -> None:
        """Close the steps; nothing is done."""
        self.open = False
        self.begin()

    def accept_person(self) -> None:
        """Become a parent and have the data come."""
        families, client = self.context.families, self.context.client
        fields = {"ticket": self._ticket, "phone": self.phone, "code": self.code, "department": self.department}

        def question() -> None:
            families.join(**fields)
            client.sync()

        def done(_none: None) -> None:
            self.leave()
            self.joined.emit()

        self.work(question, done)

    def _failed(self, error: Exception) -> None:
        super()._failed(error)
        # The ticket has no field: what is wrong with it is said above the form, and a new code is asked for.
        if any(problem.field == "ticket" for problem in self.problems):
            spent = tuple(Problem(problem.code, "", problem.values) for problem in self.problems)
            self.begin()
            self.problems = spent
            self.changed.emit()


class JoiningCard(Card):
    """Says what it brings, then the steps."""

    def __init__(self, model: Joining) -> None:
        super().__init__(_("Kindergarten"), icon="users")
        self._model = model
        self.add(
            Muted(
                _(
                    "Put your child in the queue and choose a kindergarten in the same cabinet: "
                    "you sign in as before, and switch between utilities and kindergarten in the menu under your name."
                )
            )
        )
        self.banner = Banner()
        self.banner.hide()
        self.add(self.banner)
        self.steps: Steps | None = None
        self.begin = Button(_("Add kindergarten to my cabinet"), model.start, icon="plus")
        self.body.addWidget(self.begin, 0, Qt.AlignmentFlag.AlignLeading)
        self.leave = Button(_("Leave everything as it is"), model.leave, kind="link")
        model.changed.connect(self.show_model)
        self.body.addWidget(self.leave, 0, Qt.AlignmentFlag.AlignLeading)
        self.show_model()

    def start_here(self) -> None:
        """Put the cursor where the step begins."""
        if self.steps is not None and self.steps.first is not None:
            self.steps.first.setFocus()

    def show_model(self) -> None:
        """Show where the model stands."""
        model = self._model
        self.begin.setVisible(not model.open)
        self.leave.setVisible(model.open)
        if not model.open:
            if self.steps is not None:
                self.body.removeWidget(self.steps)
                self.steps.deleteLater()
                self.steps = None
            self.banner.hide()
            return
        if self.steps is None:
            self.steps = Steps(model)
            self.body.insertWidget(self.body.indexOf(self.leave), self.steps)
        if self.steps.show_step() and self.isVisible():
            self.start_here()
        show_trouble(model, self.steps.form, self.banner)
