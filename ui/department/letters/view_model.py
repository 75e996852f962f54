"""Letters of families: those that wait for an answer, the one that is read, and the answer that is being written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QTimer

from models.cache.queries.letters import Listed, Thread
from models.contract.admission_commands import AnswerLetter, CloseLetter
from models.contract.letter_records import Letter, LetterEntry
from models.domain.admissions.letters import LONGEST, EntryKind, LetterState
from models.domain.admissions.reasons import LETTER
from models.domain.problems import Problem
from ui.context import Context
from ui.department import reasons
from ui.department.desk import DeskScreen
from ui.drafts import Drafts

PAUSE: Final = 250
"""Milliseconds of rest before what was typed is searched for."""


class LettersModel(DeskScreen):
    """``chosen`` is the letter that is read; ``more`` asks for words beside an answer, ``closing`` for a reason."""

    TOPICS = frozenset({"letter", "letter_entry"})
    COMMANDS = (AnswerLetter, CloseLetter)
    REOPENS = (AnswerLetter, CloseLetter)

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.listed = Listed()
        self.state = LetterState.NEW.value
        self.words = ""
        self.chosen: int | None = None
        self.opened: Thread | None = None
        self.more = False
        self.closing = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self.refresh)
        self._drafts = Drafts(context, "office_letters", self._collect, self._restore, (self.edited,), self)
        self.start()

    def question(self) -> Callable[[Any], Any]:
        """Override."""
        chosen, state, words = self.chosen, self.state, self.words

        def ask(connection: Any) -> Any:
            from models.cache.queries import letters

            one = letters.thread(connection, chosen) if chosen is not None else None
            return letters.listed(connection, state, words), chosen, one

        return ask

    def keep(self, answer: Any) -> None:
        """Override."""
        self.listed, chosen, thread = answer
        if chosen == self.chosen:
            self.opened = thread

    def show(self, letter_id: int | None = None) -> None:
        """Read a letter."""
        if letter_id is not None:
            self.open(letter_id)

    def narrow(self, state: str) -> None:
        """List the letters in a state, "" for all."""
        self.state = state
        self.refresh()

    def search(self, words: str) -> None:
        """List the letters whose author or subject has these words, after a moment of rest."""
        self.words = words
        self._timer.start()

    def open(self, letter_id: int) -> None:
        """Read a letter."""
        self.chosen, self.opened = letter_id, None
        self.leave_question()
        self.refresh()

    def close_card(self) -> None:
        """Go back to the list; what was written stays as a draft."""
        self.chosen, self.opened = None, None
        self.leave_question()
        self.refresh()

    def leave_question(self) -> None:
        """Leave what is asked; nothing is sent."""
        self.more = self.closing = False
        self.problems = ()

    def leave(self) -> None:
        """Go one step back: out of a question, then to the list."""
        if self.more or self.closing:
            self.leave_question()
            self.data_changed.emit()
        elif self.opened is not None:
            self.close_card()

    # The letter that is read

    @property
    def letter(self) -> Letter | None:
        """The letter that is read."""
        return self.opened.letter if self.opened is not None else None

    @property
    def own(self) -> bool:
        """Whether the reader wrote the letter: a colleague answers it."""
        person, letter = self.desk.desk.person, self.letter
        return person is not None and letter is not None and letter.author_id == person.id

    @property
    def first(self) -> LetterEntry | None:
        """What a colleague wrote last, where one's own answer is still being written."""
        person, thread = self.desk.desk.person, self.opened
        decided = [one for one in thread.entries if one.kind != EntryKind.QUESTION] if thread is not None else []
        if not decided or person is None or decided[-1].author == person.name:
            return None
        return decided[-1] if self.typed(self.key) else None

    @property
    def coming(self) -> list[Any]:
        """What was written here under the letter and is on its way."""
        return list(self.desk.pending(*self.COMMANDS, letter_id=self.chosen))

    @property
    def refusals(self) -> list[Any]:
        """What was refused: under the letter that is read, or under any."""
        rest = {"letter_id": self.chosen} if self.chosen is not None else {}
        return list(self.desk.refused(*self.COMMANDS, **rest))

    def on_its_way(self, letter: Letter) -> bool:
        """Whether a letter of the list is answered here already."""
        return bool(self.desk.pending(*self.COMMANDS, letter_id=letter.id))

    @property
    def key(self) -> str:
        """Where the answer is kept while it is written: each letter has its own."""
        return f"answer:{self.chosen}"

    @property
    def _seen(self) -> int:
        return self.opened.entries[-1].id if self.opened is not None and self.opened.entries else 0

    def begin_more(self) -> None:
        """Begin another answer to a letter that has one."""
        self.more = True
        self.data_changed.emit()

    def begin_closing(self) -> None:
        """Ask why the letter gets no answer."""
        self.closing, self.problems = True, ()
        reasons.forget(self, "reason")
        self.data_changed.emit()

    def answer(self) -> None:
        """Send the answer."""
        words, chosen, key = self.typed(self.key), self.chosen, self.key
        wrong = [] if words else [Problem("field-required", "answer")]
        if len(words) > LONGEST:
            wrong = [Problem("text-too-long", "answer", {"maximum": LONGEST})]
        if self.refuse(wrong) or chosen is None:
            return

        def sent() -> None:
            self.draft.pop(key, None)
            self._drafts.save()
            self.leave_question()

        self.send(AnswerLetter(self.department_id, chosen, words, self._seen), then=sent)

    def close(self) -> None:
        """Close the letter without an answer."""
        reason, chosen = reasons.written(self, "reason"), self.chosen
        if self.refuse(reasons.missing(reason, "reason", LETTER)) or chosen is None:
            return
        payload = CloseLetter(self.department_id, chosen, reason.words, reason.code, self._seen)
        self.send(payload, then=self.leave_question)

    def reopen(self, payload: Any) -> None:
        """Override: open the letter with what was written about it."""
        if self.chosen != payload.letter_id:
            self.open(payload.letter_id)
        if isinstance(payload, CloseLetter):
            self.closing = True
            reasons.recall(self, "reason", payload)
        else:
            self.more = True
            self.draft[self.key] = payload.text
            self.edited.emit()
        self.data_changed.emit()

    def _collect(self) -> dict[str, str]:
        return {key: text for key, text in self.draft.items() if text and key.startswith("answer:")}

    def _restore(self, value: Any) -> None:
        if isinstance(value, dict):
            for key, text in value.items():
                self.draft.setdefault(str(key), str(text))
