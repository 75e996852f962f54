"""The question of an act: its reason from a list, its document, its day, the papers that are ticked, its signature."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from models.contract.admission_commands import TakeStep
from models.domain.admissions.guards import LONGEST_LEAVE, leave_wrong
from models.domain.admissions.reasons import Reason
from models.domain.admissions.states import Event
from models.domain.problems import Problem
from translations import _, formats
from ui import theme
from ui.context import Context
from ui.department import reasons, words
from ui.department.deeds import AGAINST, Deed
from ui.department.desk import DeskModel
from ui.family.papers import Papers
from ui.family.signing import Signing
from ui.family.signing_view import SigningForm
from ui.family.words import papers, word
from ui.kit import Banner, Button, Check, DateField, Field, Form, Heading, Text

PAPER = "other"
"""The kind of a document that is the ground of an act."""


class Question(QObject):
    """What was said so far about the act that is asked; nothing in it is a widget."""

    changed = Signal()

    def __init__(self, context: Context, desk: DeskModel) -> None:
        super().__init__()
        self._desk = desk
        self.deed: Deed | None = None
        self.reason_code = ""
        self.reason_text = ""
        self.until: date | None = None
        self.ticked: set[str] = set()
        self.fault = False
        self.problems: tuple[Problem, ...] = ()
        self.papers = Papers(context, cast(Any, desk))
        self.signing = Signing(context, cast(Any, desk))
        self.papers.changed.connect(self.changed)
        self.signing.changed.connect(self.changed)

    def begin(self, deed: Deed) -> None:
        """Ask about an act."""
        self.deed, self.problems, self.fault = deed, (), False
        self.reason_code, self.reason_text, self.until, self.ticked = "", "", None, set()
        self.papers.begin(deed.event.value)
        self.signing.begin(deed.signature)
        self.changed.emit()

    def end(self) -> None:
        """Leave the question; nothing is done."""
        self.deed, self.problems = None, ()
        self.papers.end()
        self.signing.end()
        self.changed.emit()

    @property
    def reason(self) -> Reason:
        """The reason that travels: of the list, with what was written beside it or instead."""
        deed = self.deed
        return reasons.reason_of(self.reason_code, self.reason_text) if deed is not None and deed.reasons else Reason()

    def missing(self) -> list[Problem]:
        """Return what has still to be said."""
        deed = self.deed
        if deed is None:
            return []
        found: list[Problem] = []
        if deed.reasons:
            found += reasons.missing(self.reason, "reason")
        if deed.document and not self.papers.blobs:
            found.append(Problem("documents-missing", "document", {"kinds": ""}))
        if deed.until and self.until is None:
            found.append(Problem("field-required", "until"))
        elif deed.event is Event.SANATORIUM_LEAVE and (wrong := leave_wrong(self.until, self._desk.today)) is not None:
            found.append(wrong)
        if self.lacking:
            found.append(Problem("documents-missing", "papers", {"kinds": ", ".join(self.lacking)}))
        return [*found, *self.signing.missing()]

    @property
    def lacking(self) -> list[str]:
        """The papers that have not been ticked: without each of them the provider is sure to refuse."""
        return [paper for paper in self.deed.papers if paper not in self.ticked] if self.deed is not None else []

    def command(self, department_id: int, application_id: int) -> TakeStep:
        """Return the command of the act."""
        deed = self.deed
        assert deed is not None
        return TakeStep(
            department_id=department_id,
            application_id=application_id,
            event=deed.event.value,
            until=self.until if deed.until else None,
            blobs=self.papers.blobs,
            ticked=sorted(self.ticked),
            confirmed=True,
            signature=self.signing.kind,
            code=self.signing.code,
            reason=self.reason.words,
            fault_of_parent=self.fault,
            reason_code=self.reason.code,
        )

    def tick(self, paper: str, on: bool) -> None:
        """Note that a paper was shown, or not."""
        if on:
            self.ticked.add(paper)
        else:
            self.ticked.discard(paper)


class QuestionView(QWidget):
    """Drawn over a :class:`Question`; ``confirm`` does the act."""

    def __init__(self, model: Any, question: Question) -> None:
        super().__init__()
        deed = question.deed
        assert deed is not None
        self._model, self._question = model, question
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.grid(3))
        column.addWidget(Heading(deed.verb))
        if deed.consequence:
            column.addWidget(Text(deed.consequence, wrap=True))
        self.form = Form()
        if deed.reasons:
            self._reasons(deed.reasons)
            note = _("The parent reads it.") if deed.event in AGAINST else ""
            field = Field(question.reason_text)
            field.textEdited.connect(lambda text: setattr(question, "reason_text", text))
            self.form.add("reason", _("In your own &words"), field, note=note)
        if deed.until:
            day = DateField(question.until, today=model.desk.today)
            day.setMaximumWidth(theme.grid(45))
            day.changed.connect(lambda value: setattr(question, "until", value))
            note = ""
            if deed.event is Event.SANATORIUM_LEAVE:
                first, last = model.desk.today + timedelta(days=1), model.desk.today + LONGEST_LEAVE
                note = _("From {first} to {last}; the leave ends by itself with that day.").format(
                    first=formats.day(first), last=formats.day(last)
                )
            self.form.add("until", _("Last &day"), day, note=note)
        if deed.papers:
            self._papers(deed)
        if deed.fault:
            box = Check(_("The parent is at fault: the application goes to the archive"))
            box.setChecked(question.fault)
            box.toggled.connect(lambda on: setattr(question, "fault", on))
            self.form.add_widget(box)
        if deed.document:
            self._document()
        column.addWidget(self.form)
        self.signing = SigningForm(
            question.signing,
            f"application:{model.chosen}",
            [problem for problem in question.problems if problem.field == "code"],
            offline=model.desk.offline,
            done=model.confirm,
        )
        column.addWidget(self.signing)
        rest = self.form.show_problems(
            [problem for problem in question.problems if problem.field != "code" and problem.code != "signature-eds"]
        )
        if rest:
            column.addWidget(Banner(rest, "danger"))
        if question.papers.failure_text:
            column.addWidget(Banner(question.papers.failure_text, "danger"))
        row = QHBoxLayout()
        row.setSpacing(theme.grid(2))
        self.yes = Button(deed.verb, model.confirm, kind="danger" if deed.event in AGAINST else "primary")
        self.no = Button(_("Leave everything as it is"), question.end)
        row.addWidget(self.yes)
        row.addWidget(self.no)
        row.addStretch(1)
        column.addLayout(row)
        self.lacks = Text("", tone="warning", wrap=True)
        column.addWidget(self.lacks)
        self._weigh()

    def _weigh(self) -> None:
        """Offer the verb once nothing is lacking; until then say beside it what is."""
        question = self._question
        lacking = question.lacking
        said = any(problem.field == "papers" for problem in question.problems)  # at the boxes; once is enough
        text = _("Not possible yet. Still missing: {documents}.").format(documents=papers(lacking)) if lacking else ""
        self.lacks.setText(text)
        self.lacks.setVisible(bool(text) and not said)
        self.yes.setAccessibleDescription(text)
        self.yes.setEnabled(not self._model.busy and question.signing.kind != "eds" and not lacking)

    def _tick(self, paper: str, on: bool) -> None:
        self._question.tick(paper, on)
        self._question.problems = tuple(one for one in self._question.problems if one.field != "papers")
        self.form.forgive("papers")
        self._weigh()

    def _reasons(self, codes: tuple[str, ...]) -> None:
        question = self._question
        listed = reasons.ReasonList(codes, question.reason_code, partial(setattr, question, "reason_code"))
        self.reasons = listed.radios
        self.form.add("reason-list", _("Reason"), listed)

    def _papers(self, deed: Deed) -> None:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.grid(1))
        self.boxes: dict[str, Check] = {}
        for paper in deed.papers:
            box = Check(word(words.PAPERS, paper))
            box.setChecked(paper in self._question.ticked)
            box.toggled.connect(partial(self._tick, paper))
            self.boxes[paper] = box
            column.addWidget(box)
        note = _("Tick each paper that is in your hands. Without all of them the contract cannot be concluded.")
        self.form.add("papers", _("Papers that were shown"), holder, note=note)

    def _document(self) -> None:
        question = self._question
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.grid(3))
        row.addWidget(Button(_("Attach a document"), partial(question.papers.choose, PAPER), icon="upload"))
        for _kind, paper in question.papers.found:
            row.addWidget(Text(paper.name))
        row.addStretch(1)
        self.form.add("document", _("Document that is the ground"), holder)
