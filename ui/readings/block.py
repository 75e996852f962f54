"""One meter on the readings screen: what it showed, what it shows, what that means, and what is asked about it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from models.contract.sentences import sentence
from models.domain.problems import Problem
from translations import _, formats
from ui import icons, theme
from ui.kit.buttons import Button
from ui.kit.fields import Field
from ui.kit.labels import Chip, Heading, Muted, Text
from ui.kit.surfaces import Banner, Card
from ui.readings.view_model import MeterRow, ReadingsModel, given_sentence, source_words
from ui.selection import named
from ui.waiting.words import stays_words

WAITING = frozenset({"waiting", "sending", "held"})


class MeterBlock(Card):
    """A meter's row: the field, and everything that follows from what is typed into it."""

    entered = Signal(int)
    """Enter was pressed in the field of this meter."""

    def __init__(self, model: ReadingsModel, row: MeterRow, currency: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._model = model
        self._currency = currency
        self._settled = False
        self.meter_id = row.meter.id
        unit = named(row.service.unit)
        head = QHBoxLayout()
        head.setSpacing(theme.grid(2))
        head.addWidget(icons.Glyph(icons.SERVICES.get(row.service.kind, "gauge"), "accent", 5))
        head.addWidget(Heading(named(row.service.name)))
        what = [_("meter {number}").format(number=row.meter.number), row.meter.model, row.meter.place]
        about = Muted(" · ".join(part for part in what if part))
        head.addWidget(about, 1)
        self.glyph = icons.Glyph("hourglass", "pending", 4)
        self.state = Chip("")
        self.glyph.hide()
        self.state.hide()
        head.addWidget(self.glyph)
        head.addWidget(self.state)
        self.add(head)

        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.grid(6))
        grid.setVerticalSpacing(theme.grid(0.5))
        self.previous = Text("", bold=True, selectable=True)
        self.previous_note = Text("", size=theme.Size.SMALL, tone="muted", wrap=True)
        self.field = Field(hint=row.register.format(0))
        self.field.setAlignment(Qt.AlignmentFlag.AlignTrailing)
        self.field.setFont(theme.font(theme.Size.HEADING))
        sample = "0" * (row.register.integer_digits + row.register.fraction_digits + 2)
        self.field.setMinimumWidth(self.field.fontMetrics().horizontalAdvance(sample) + theme.grid(8))
        self.field.setMaximumWidth(self.field.fontMetrics().horizontalAdvance(sample) + theme.grid(24))
        self.field.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)
        self.field.setAccessibleName(_("{meter}, reading now").format(meter=row.name))
        self.field.setText(row.typed.text)
        self.difference = Text("", bold=True)
        self.cost = Text("", bold=True)
        self.cost_note = Text("", size=theme.Size.SMALL, tone="muted", wrap=True)
        line = QHBoxLayout()
        line.setSpacing(theme.grid(1.5))
        line.addWidget(self.field)
        line.addWidget(Muted(unit))
        line.addStretch(1)
        now = Text(_("Reading now"), size=theme.Size.SMALL, tone="muted")
        now.setBuddy(self.field)
        self.field.setAccessibleName(_("{meter}, reading now").format(meter=row.name))
        for column, label in enumerate(
            (
                Text(_("Previous reading"), size=theme.Size.SMALL, tone="muted"),
                now,
                Text(_("Consumed"), size=theme.Size.SMALL, tone="muted"),
                Text(_("Estimated charge"), size=theme.Size.SMALL, tone="muted"),
            )
        ):
            grid.addWidget(label, 0, column)
            grid.setColumnStretch(column, (3, 4, 2, 3)[column])
        middle = Qt.AlignmentFlag.AlignVCenter
        grid.addWidget(self.previous, 1, 0, middle)
        grid.addLayout(line, 1, 1)
        grid.addWidget(self.difference, 1, 2, middle)
        grid.addWidget(self.cost, 1, 3, middle)
        grid.addWidget(self.previous_note, 2, 0, 1, 2)
        grid.addWidget(self.cost_note, 2, 2, 1, 2)
        self.add(grid)

        self.given = Text("", wrap=True)
        self.withdraw = Button(_("Withdraw"), self._withdraw, icon="undo-2")
        self.withdraw.setAccessibleName(_("Withdraw the reading of {meter}").format(meter=row.name))
        given = QHBoxLayout()
        given.addWidget(self.given, 1)
        given.addWidget(self.withdraw)
        self.add(given)
        self.complaint = Banner("", "danger")
        self.complaint.hide()
        self.add(self.complaint)
        self._questions = QVBoxLayout()
        self._questions.setSpacing(theme.grid(1.5))
        self.add(self._questions)
        self.questions: dict[str, Banner] = {}
        self.answers: dict[str, tuple[Button, Button]] = {}

        self.field.textEdited.connect(self._typed)
        self.field.left.connect(self._left)
        self.field.returnPressed.connect(self._enter)
        self.show_row(row)

    def show_row(self, row: MeterRow) -> None:
        """Show what the row means now."""
        register = row.register
        if row.last is not None:
            self.previous.setText(register.format(row.last[0]))
            self.previous_note.setText(
                _("{day}, {source}").format(day=formats.day(row.last[1]), source=source_words(row.last_source))
            )
        else:
            self.previous.setText("-")
            self.previous_note.setText(_("no reading yet"))
        if self.field.text() != row.typed.text:
            self.field.setText(row.typed.text)
        judged = self._settled or self._model.settled(row)
        unit = named(row.service.unit)
        if row.volume is not None:
            volume = formats.number(register.quantity(row.volume), register.fraction_digits)
            self.difference.setText(f"{volume}{formats.NBSP}{unit}")
        else:
            self.difference.setText("–")
        if row.estimate_minor is not None:
            self.cost.setText(_("≈ {amount}").format(amount=formats.money(row.estimate_minor, self._currency)))
            note = _("An estimate by today's tariffs; the provider's figure comes with the bill.")
            if row.next_period:
                note += " " + _("The reading counts for the next month.")
            self.cost_note.setText(note)
        else:
            self.cost.setText("–")
            self.cost_note.setText("")
        self._show_given(row)
        early = {"reading-not-a-number", "reading-too-long"}
        shown = [problem for problem in row.problems if judged or problem.code in early]
        self.complaint.show_text(sentence(shown[0]) if shown else "", "danger")
        self.field.mark(bool(shown))
        said = self.complaint.label.text() if shown else ""
        if not said and row.volume is not None:
            said = _("Consumed {volume}, estimated charge {amount}").format(
                volume=self.difference.text(), amount=self.cost.text()
            )
        self.field.setAccessibleDescription(said)
        self._show_questions(row, row.questions if judged and not row.problems else ())

    def judge(self) -> None:
        """Show what is wrong with the value although the cursor is still in the field."""
        self._settled = True
        row = self._model.row(self.meter_id)
        if row is not None:
            self.show_row(row)

    def _show_given(self, row: MeterRow) -> None:
        given = row.given
        self.glyph.setVisible(given is not None)
        self.state.setVisible(given is not None)
        self.given.setVisible(given is not None)
        possible = given is not None and (
            given.state == "refused" or (given.state == "waiting" and given.stays is None)
        )
        self.withdraw.setVisible(possible)
        if given is None:
            return
        text = given_sentence(given, row.register)
        if given.state in WAITING:
            self.glyph.show_icon("hourglass", "pending")
            self.state.setText(_("Waiting to be sent"))
            self.state.tone("pending")
            self.given.tone("pending")
            self.withdraw.setText(_("Withdraw"))
            if given.stays is not None:
                text = f"{text}. {stays_words(given.stays)}"
        elif given.state == "refused":
            self.glyph.show_icon("circle-alert", "danger")
            self.state.setText(_("Not accepted"))
            self.state.tone("danger")
            self.given.tone("danger")
            text = " ".join((text + ".", *(sentence(problem) for problem in given.problems)))
            self.withdraw.setText(_("Put away"))
        else:
            self.glyph.show_icon("circle-check", "positive")
            self.state.setText(_("With the provider"))
            self.state.tone("positive")
            self.given.tone("")
        self.given.setText(text)

    def _show_questions(self, row: MeterRow, questions: tuple[Problem, ...]) -> None:
        wanted = {question.code: question for question in questions}
        for code in [code for code in self.questions if code not in wanted]:
            banner = self.questions.pop(code)
            self.answers.pop(code)
            self._questions.removeWidget(banner)
            banner.hide()
            banner.deleteLater()
        for code, question in wanted.items():
            if code not in self.questions:
                banner = Banner(sentence(question), "warning")
                yes_text, no_text = answer_words(code)
                yes = banner.offer(yes_text, partial(self._answer, code, yes=True))
                no = banner.offer(no_text, partial(self._answer, code, yes=False))
                for button in (yes, no):
                    button.setAccessibleName(f"{row.name}: {button.text()}")
                self.questions[code], self.answers[code] = banner, (yes, no)
                self._questions.addWidget(banner)
            else:
                self.questions[code].show_text(sentence(question), "warning")

    def _answer(self, code: str, *, yes: bool) -> None:
        self._model.answer(self.meter_id, code, yes=yes)
        self.field.setFocus()

    def _typed(self, text: str) -> None:
        self._settled = False
        self._model.type(self.meter_id, text)

    def _left(self) -> None:
        self._settled = True
        self._model.complete(self.meter_id)
        row = self._model.row(self.meter_id)
        if row is not None:
            self.show_row(row)

    def _enter(self) -> None:
        self._left()
        self.entered.emit(self.meter_id)

    def _withdraw(self) -> None:
        self._model.withdraw(self.meter_id)


def answer_words(code: str) -> tuple[str, str]:
    """Return what the two answers to a question say: keep the value, or type it again."""
    if code == "reading-rolled-over":
        return _("Yes, it began again"), _("No, I type it again")
    return _("Yes, it is right"), _("No, I type it again")
