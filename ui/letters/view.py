"""A parent's letters: a table beside the letter that is read, with the answers under it and a field to write on."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt

from models.cache.queries.admissions import Department
from models.contract.sentences import sentence
from translations import _, formats, n_
from ui.context import Context, Made
from ui.family.catalogue import Catalogue
from ui.kit import Banner, Button, Chip, Column, Field, Form, Heading, Rule, button_row
from ui.kit.outside import bind, show_trouble
from ui.kit.texts import TextArea
from ui.letters.thread import TONES, blocks, entry_block, state_words
from ui.letters.view_model import NEW, ON, Letters, Written
from ui.waiting.words import TONES as WAITING_TONES
from ui.waiting.words import state_words as waiting_words


class LettersView(Catalogue[Letters]):
    """The card holds the thread, or the letter that is being written."""

    def __init__(self, model: Letters) -> None:
        super().__init__(model, _("Letters to the department"), "letters", _columns(model))
        self.begin_button = self.primary(_("Write a letter"), lambda: model.write(NEW), "mail")
        self.form: Form | None = None
        self.begin()

    def show_rows(self) -> None:
        """Override: how a letter stands now may need more room than before."""
        super().show_rows()
        self.table.fit_columns()

    def nothing(self) -> tuple[str, str] | None:
        """Override."""
        if self._model.rows or self._model.writing:
            return None
        return (
            _("You have written no letters yet."),
            _("Ask the department what is not answered here: its answer stands under your letter."),
        )

    def summary(self, department: Department) -> str:
        """Override."""
        count = len(self._model.rows)
        letters = n_("{count} letter", "{count} letters", count).format(count=formats.number(count))
        return f"{department.provider.name} · {letters}"

    def writing(self) -> bool:
        """Override."""
        model = self._model
        typing = self.form is not None and any(field.hasFocus() for field in self.form.fields.values())
        return typing and bool(model.writing) and not model.problems and model.failure is None and not model.busy

    def question(self) -> Any:
        """Override."""
        return self._model.writing or None

    def leave(self) -> bool:
        """Override: what is written stays as a draft."""
        writing = bool(self._model.writing)
        if writing:
            self._model.write("")
        return writing

    def say(self) -> None:
        """Override."""
        show_trouble(self._model, self.form, self.banner)

    def fill(self) -> None:
        """Override."""
        model, row = self._model, self._model.row
        self.form = None
        self.begin_button.setVisible(model.writing != NEW)
        if model.writing == NEW:
            self.card.add(Heading(_("A letter to the department")))
            self.form = Form()
            bind(self.form, "subject", _("&Subject"), Field(), model)
            self._ask_text(_("The department's answer comes among your messages and stands under the letter."))
        elif row is None:
            self.lead(_("Choose a letter in the table."))
        else:
            self._thread(row)

    def _thread(self, row: Written) -> None:
        model = self._model
        self.card.add(Heading(row.subject))
        words, tone = _standing(row)
        self.card.body.addWidget(Chip(words, tone), 0, Qt.AlignmentFlag.AlignLeading)
        for block in blocks(row.entries, model.home.zone):
            self.card.add(block)
        for number, item in enumerate(row.items):
            if number or row.entries:
                self.card.add(Rule())
            self._unsettled(item)
        if row.letter is None:
            return
        if model.writing == ON:
            self.form = Form()
            self._ask_text("")
            return
        self.on_button = Button(_("Write on under this letter"), lambda: model.write(ON), icon="pencil")
        self.card.body.addWidget(self.on_button, 0, Qt.AlignmentFlag.AlignLeading)

    def _unsettled(self, item: Any) -> None:
        """Show words that the department does not have: on their way, or refused."""
        model = self._model
        person = model.home.family.person
        name = person.name if person is not None else ""
        self.card.add(entry_block(name, formats.moment(item.occurred_at, model.home.zone), item.payload.text))
        if item.state != "refused":
            self.card.body.addWidget(
                Chip(waiting_words(item.state), WAITING_TONES.get(item.state, "pending")),
                0,
                Qt.AlignmentFlag.AlignLeading,
            )
            if item.state == "waiting" and item.stays is None:
                self.card.add(button_row(Button(_("Take it back"), partial(model.take_back, item), icon="undo-2")))
            return
        self.card.add(Banner(" ".join(sentence(problem) for problem in item.problems), "danger"))
        self.card.add(
            button_row(
                Button(_("Change and send again"), partial(model.again, item), icon="pencil"),
                Button(_("Put away"), partial(model.put_away, item)),
            )
        )

    def _ask_text(self, note: str) -> None:
        model = self._model
        assert self.form is not None
        field = TextArea(model.draft.get(model.text_key, ""))
        field.edited.connect(self._typed)
        self.form.add("text", _("&Text"), field, note=note)
        self.card.add(self.form)
        self.send = Button(_("Send"), model.send, kind="primary", icon="send")
        self.send.setEnabled(not model.busy)
        self._answers = tuple(self.form.fields.values())
        self.card.add(button_row(self.send, Button(_("Cancel"), lambda: model.write(""))))

    def _typed(self, text: str) -> None:
        model = self._model
        model.type(model.text_key, text)
        model.problems = tuple(problem for problem in model.problems if problem.field != "text")
        if self.form is not None:
            self.form.forgive("text")


def _standing(row: Written) -> tuple[str, str]:
    """Return how a letter stands, in words and as a tone."""
    if row.items:
        return waiting_words(row.items[-1].state), WAITING_TONES.get(row.items[-1].state, "pending")
    return state_words(row.state), TONES.get(row.state, "muted")


def _columns(model: Letters) -> list[Column[Written]]:
    return [
        Column("subject", lambda: _("Subject"), lambda row: row.subject, stretch=True, least=60),
        Column("state", lambda: _("State"), lambda row: _standing(row)[0], tone=lambda row: _standing(row)[1]),
        Column(
            "changed",
            lambda: _("Last written"),
            lambda row: formats.moment(row.changed_at, model.home.zone),
            sort=lambda row: row.changed_at,
            spare=1,
        ),
    ]


def make(context: Context) -> Made:
    """Return the screen."""
    model = Letters(context)
    return model, lambda: LettersView(model)
