"""Letters of families: the list by how they stand, and one letter with its thread and the answer under it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from models.cache.queries.letters import LISTED
from models.contract.admission_commands import AnswerLetter
from models.contract.letter_records import Letter
from models.domain.admissions.letters import LetterState
from models.domain.admissions.reasons import LETTER
from translations import _, formats, n_
from ui import theme
from ui.context import Context, Made
from ui.department import reasons
from ui.department.letters.view_model import LettersModel
from ui.department.page import DeskPage
from ui.family import words as family
from ui.family.parts import Facts
from ui.flow import flowing
from ui.kit import Banner, Button, Card, Chip, Choice, Column, Field, Form, Heading, Muted, Rule, TableModel, button_row
from ui.kit.texts import TextArea
from ui.letters.thread import STATES, TONES, blocks, entry_block, state_words


class LettersPage(DeskPage):
    """Built over :class:`LettersModel`. The filters stay while the list is drawn anew: somebody types in them."""

    def __init__(self, model: LettersModel) -> None:
        super().__init__(model, _("Letters of families"))
        self.form: Form | None = None
        self._read: int | None = None
        self._asked = False, False
        bar, flow = flowing(2)
        self.search = Field(model.words, hint=_("Author or subject"))
        self.search.setAccessibleName(_("Search the letters"))
        self.search.setMinimumWidth(theme.grid(60))
        self.search.textEdited.connect(model.search)
        flow.addWidget(self.search)
        self.states = Choice(name=_("State"))
        self.states.chosen.connect(model.narrow)
        flow.addWidget(self.states)
        self.filters.addWidget(bar, 1)
        self.begin()

    def empty(self) -> tuple[str, str] | None:
        """Override."""
        model = self.view_model
        if model.chosen is None and not model.listed.counts and not model.refusals:
            return _("Nobody has written to the department yet."), _("What families write appears here by itself.")
        return None

    def fill(self) -> None:
        """Override."""
        model = self.view_model
        self.form = None
        for index in range(self.filters.count()):
            item = self.filters.itemAt(index)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.setVisible(model.chosen is None)
        for banner in self.waiting_banners(model.coming if model.chosen is not None else (), model.refusals):
            self.holder.addWidget(banner)
        if model.chosen is None:
            self._list()
            return
        self.back = Button(_("Back to the list"), model.close_card, icon="arrow-left")
        self.holder.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeading)
        if model.opened is not None:
            self._letter(model.letter)

    def first_field(self) -> QWidget | None:
        """Override: a letter that has just been opened is read from its top, before its answer is written; what has
        been asked for takes the cursor."""
        model, before = self.view_model, (self._read, self._asked)
        self._read = model.letter.id if model.letter is not None else None
        self._asked = model.more, model.closing
        if (self._read, self._asked) == before or self._read is None:
            return None
        if any(self._asked) and self.form is not None:
            return self.form.first()
        return self.back if self._read != before[0] else None

    # The list

    def _list(self) -> None:
        model = self.view_model
        listed = model.listed
        offered = [(key, f"{_(name)} ({formats.number(listed.counts.get(key, 0))})") for key, name in STATES.items()]
        self.states.offer([*offered, ("", _("Every state"))], model.state)
        waits = listed.counts.get(LetterState.NEW, 0)
        count = n_("{count} letter waits for an answer", "{count} letters wait for an answer", waits).format(
            count=formats.number(waits)
        )
        self.show_context(" · ".join(part for part in (count, self.as_of()) if part))
        if not listed.letters:
            nothing = _("No letter waits for an answer.") if model.state == LetterState.NEW and not model.words else ""
            self.holder.addWidget(Muted(nothing or _("Nothing fits these filters.")))
            return
        self.rows = self.table(
            TableModel(_columns(model), listed.letters),
            "office-letters",
            _("Letters of families"),
            lambda row: model.open(row.id),
            fills=True,
            first=True,
        )
        self.holder.addWidget(self.rows)
        if listed.total > len(listed.letters):
            text = _("The first {count} of {total} are shown: words narrow the list.")
            self.holder.addWidget(Muted(text.format(count=formats.number(LISTED), total=formats.number(listed.total))))

    # One letter

    def _letter(self, letter: Letter) -> None:
        model = self.view_model
        zone = model.desk.zone
        self.show_context(f"{letter.author} · {formats.moment(letter.at, zone)}")
        card = Card()
        head = QHBoxLayout()
        head.setSpacing(theme.grid(2))
        head.addWidget(Heading(letter.subject), 1)
        head.addWidget(Chip(state_words(letter.state), TONES.get(letter.state, "muted")))
        card.add(head)
        card.add(Facts([(_("Telephone"), family.telephone(letter.phone)), (_("E-mail"), letter.email)]))
        for block in blocks(model.opened.entries, zone):
            card.add(block)
        person = model.desk.desk.person
        for item in model.coming:
            if isinstance(item.payload, AnswerLetter):
                card.add(Rule())
                name = person.name if person is not None else ""
                card.add(entry_block(name, formats.moment(item.occurred_at, zone), item.payload.text, answers=True))
        self.back.setAccessibleDescription(
            ". ".join([letter.subject, *(one.text for one in model.opened.entries[-1:])])
        )
        self.holder.addWidget(card)
        if model.own:
            self.holder.addWidget(Banner(_("You wrote this letter yourself, so a colleague answers it."), "accent"))
        elif not model.coming:
            self.holder.addWidget(self._closing() if model.closing else self._answer(letter))

    def _answer(self, letter: Letter) -> QWidget:
        model = self.view_model
        new = letter.state == LetterState.NEW
        if not new and not model.more and not model.typed(model.key):
            again = Button(_("Write another answer"), model.begin_more, icon="pencil")
            holder, flow = flowing(2)
            flow.addWidget(again)
            return holder
        card = Card(_("Answer of the department") if new else _("Another answer"))
        if model.first is not None:
            text = _("{by} has written under this letter already. Send yours only if something is missing.")
            card.add(Banner(text.format(by=model.first.author), "warning"))
        self.form = Form()
        field = TextArea(model.draft.get(model.key, ""), rows=24)
        field.edited.connect(self._typed)
        note = _("The family reads it under the letter and as a message, with your name; by e-mail too if it has one.")
        self.form.add("answer", _("&Answer"), field, note=note)
        self.form.show_problems(model.problems)
        card.add(self.form)
        acts = [Button(_("Send the answer"), model.answer, kind="primary", icon="send")]
        acts[0].setEnabled(not model.busy)
        if new:
            acts.append(Button(_("Close without an answer…"), model.begin_closing))
        else:
            acts.append(Button(_("Cancel"), model.leave))
        card.add(button_row(*acts))
        return card

    def _closing(self) -> QWidget:
        model = self.view_model
        card = Card(_("Close without an answer"))
        self.form = Form()
        reasons.ask(self.form, model, "reason", LETTER, note=_("The family reads it and may write on."))
        self.form.show_problems(model.problems)
        card.add(self.form)
        close = Button(_("Close the letter"), model.close, kind="danger")
        close.setEnabled(not model.busy)
        card.add(button_row(close, Button(_("Leave everything as it is"), model.leave)))
        return card

    def _typed(self, text: str) -> None:
        model = self.view_model
        model.type(model.key, text)
        model.problems = tuple(problem for problem in model.problems if problem.field != "answer")
        if self.form is not None:
            self.form.forgive("answer")


def _columns(model: LettersModel) -> list[Column[Letter]]:
    zone = model.desk.zone
    now = model.desk.server_now()

    def state(row: Letter) -> str:
        return _("Not sent yet") if model.on_its_way(row) else state_words(row.state)

    def tone(row: Letter) -> str:
        return "pending" if model.on_its_way(row) else TONES.get(row.state, "muted")

    def waits(row: Letter) -> str:
        return family.passed(now - row.changed_at) if row.state == LetterState.NEW else ""

    return [
        Column("waits", lambda: _("Waits"), waits, sort=lambda row: row.changed_at),
        Column("author", lambda: _("Author"), lambda row: row.author, stretch=True, least=50),
        Column("subject", lambda: _("Subject"), lambda row: row.subject, stretch=True, least=60),
        Column("state", lambda: _("State"), state, tone=tone),
        Column(
            "changed",
            lambda: _("Last written"),
            lambda row: formats.moment(row.changed_at, zone),
            sort=lambda row: row.changed_at,
            spare=1,
        ),
    ]


def make(context: Context) -> Made:
    """Return the screen."""
    model = LettersModel(context)
    return model, partial(LettersPage, model)
