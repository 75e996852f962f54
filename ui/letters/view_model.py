"""A person's letters to their department, what is on its way, and what is being written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import Signal

from models.cache.queries.admissions import Department
from models.cache.queries.letters import Thread
from models.contract.admission_commands import SendFeedback
from models.contract.letter_records import Letter, LetterEntry
from models.domain.admissions.letters import LONGEST, SUBJECT
from models.domain.problems import Problem
from translations import _
from ui.context import Context
from ui.drafts import Drafts
from ui.family.model import OPEN, family_of
from ui.screen_model import ScreenModel

TOPICS: Final = frozenset({"letter", "letter_entry"})
NEW, ON = "new", "on"
"""What is being written: a letter, or more under one."""


@dataclass(frozen=True, slots=True)
class Written:
    """A letter with its entries, or one that is not with the department; ``items`` are words that it has not taken."""

    key: str
    letter: Letter | None
    entries: tuple[LetterEntry, ...] = ()
    items: tuple[Any, ...] = ()

    @property
    def subject(self) -> str:
        """What it is about."""
        return self.letter.subject if self.letter is not None else self.items[0].payload.subject

    @property
    def state(self) -> str:
        """How it stands: as one's own last words do until the department has them, then as the letter does."""
        if self.items:
            return "sending" if self.items[-1].state in OPEN else "refused"
        return self.letter.state if self.letter is not None else ""

    @property
    def changed_at(self) -> datetime:
        """When somebody wrote last."""
        moments: list[datetime] = [item.occurred_at for item in self.items]
        return max([*moments, self.letter.changed_at] if self.letter is not None else moments)


class Letters(ScreenModel):
    """The letters, newest first, the one that is read, and what is being written."""

    rows_changed = Signal()
    words = ""
    locality = 0

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.home = family_of(context)
        self.threads: tuple[Thread, ...] = ()
        self.ready = False
        self.opened: str | None = None
        self.writing = ""
        context.topics.listen(self, TOPICS, self.refresh)
        self.home.changed.connect(self._home_changed)
        self.home.state_changed.connect(self.changed)
        self._drafts = Drafts(context, "letters", self._collect, self._restore, (self.edited,), self)

    def show(self, letter_id: int | None = None, write: bool = False) -> None:
        """Read a letter, or begin to write one."""
        if letter_id is not None:
            self.opened, self.writing = str(letter_id), ""
        if write:
            self.write(NEW)
        self.rows_changed.emit()

    def visited(self) -> None:
        """Read when the screen opens."""
        self.refresh()

    def refresh(self) -> None:
        """Read the letters again."""
        person = self.home.family.person
        if person is None:
            return
        number = person.id

        def question(connection: Any) -> tuple[Thread, ...]:
            from models.cache.queries.letters import written_by

            return written_by(connection, number)

        self.context.read(self, question, self._take, self._failed, name="letters")

    def _take(self, threads: tuple[Thread, ...]) -> None:
        self.threads, self.ready, self.failure = threads, True, None
        self.rows_changed.emit()

    def _home_changed(self) -> None:
        self.refresh()
        self.rows_changed.emit()

    @property
    def department(self) -> Department | None:
        """The department that a new letter goes to."""
        return self.home.department

    @property
    def rows(self) -> list[Written]:
        """Letters, those of today's writing first."""
        arrived = {entry.command_id for thread in self.threads for entry in thread.entries if entry.command_id}
        sent = [
            item
            for item in self.home.waiting
            if isinstance(item.payload, SendFeedback) and item.command_id not in arrived
        ]
        found = [Written(item.command_id, None, (), (item,)) for item in sent if item.payload.letter_id is None]
        for thread in self.threads:
            items = tuple(item for item in sent if item.payload.letter_id == thread.letter.id)
            found.append(Written(str(thread.letter.id), thread.letter, thread.entries, items))
        return sorted(found, key=lambda row: row.changed_at, reverse=True)

    @property
    def row(self) -> Written | None:
        """The letter that is read."""
        return next((row for row in self.rows if row.key == self.opened), None)

    def open(self, row: Written | None) -> None:
        """Read a letter."""
        key = row.key if row is not None else None
        if key != self.opened:
            if self.opened is not None:
                self._leave()
            self.opened = key
            self.changed.emit()

    def filter(self, **_values: Any) -> None:
        """Nothing narrows one's own letters."""

    # Writing

    def write(self, what: str) -> None:
        """Begin to write; "" leaves it, the draft stays."""
        self._leave()
        self.writing = what
        self.rows_changed.emit()

    def _leave(self) -> None:
        self.writing, self.problems, self.failure = "", (), None

    @property
    def text_key(self) -> str:
        """Where the words in the field are kept: each letter has its own."""
        return "text" if self.writing == NEW else f"text:{self.opened}"

    def send(self) -> None:
        """Send what is written."""
        department, client, row = self.department, self.context.client, self.row
        new, key = self.writing == NEW, self.text_key
        wrong = self.missing("subject") if new else []
        wrong += [Problem("field-required", "text")] if not self.typed(key) else []
        for field, kept, most in (("subject", "subject", SUBJECT), ("text", key, LONGEST)):
            if (new or field == "text") and len(self.typed(kept)) > most:
                wrong.append(Problem("text-too-long", field, {"maximum": most}))
        if self.refuse(wrong) or department is None:
            return
        if new:
            payload = SendFeedback(department.id, self.typed("subject"), self.typed(key))
        elif row is not None and row.letter is not None:
            payload = SendFeedback(row.letter.department_id, "", self.typed(key), row.letter.id)
        else:
            return

        def done(command_id: str) -> None:
            for kept in ("subject", key) if new else (key,):
                self.draft.pop(kept, None)
            self._leave()
            self._drafts.save()
            if new:
                self.opened = command_id
            self.home.announce(
                command_id,
                _("Kept on this computer: the department gets your letter once there is a connection.")
                if self.home.offline
                else _("Your letter is on its way; the department's answer will stand under it."),
            )
            self.home.refresh()

        self.work(lambda: client.submit(payload), done)

    def take_back(self, item: Any) -> None:
        """Take back what has not been sent."""
        client = self.context.client
        self.work(lambda: client.withdraw(item.command_id), lambda _none: self.home.refresh())

    def put_away(self, item: Any) -> None:
        """Put a refusal away."""
        client = self.context.client
        self.work(lambda: client.acknowledge(item.command_id), lambda _none: self.home.refresh())

    def again(self, item: Any) -> None:
        """Take what was refused into the field again."""
        payload = item.payload
        if payload.letter_id is None:
            self.write(NEW)
            self.draft["subject"] = payload.subject
        else:
            self.opened = str(payload.letter_id)
            self.write(ON)
        self.draft[self.text_key] = payload.text
        self.edited.emit()
        self.put_away(item)

    def _collect(self) -> dict[str, str]:
        return {key: text for key, text in self.draft.items() if text}

    def _restore(self, value: Any) -> None:
        if isinstance(value, dict):
            for key, text in value.items():
                self.draft.setdefault(str(key), str(text))
