"""What stands under a letter, as its author and the office read it: who, when, and the words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from models.contract import reasons
from models.contract.letter_records import LetterEntry
from models.domain.admissions.letters import EntryKind, LetterState
from translations import N_, _, formats
from ui import theme
from ui.kit import Muted, Rule, Text

STATES: Final = {
    LetterState.NEW.value: N_("Waits for an answer"),
    LetterState.ANSWERED.value: N_("Answered"),
    LetterState.CLOSED.value: N_("Closed without an answer"),
}
TONES: Final = {LetterState.NEW.value: "warning", LetterState.ANSWERED.value: "positive"}


def state_words(state: str) -> str:
    """Return how a letter stands; a state that this program does not know as it came."""
    return _(STATES[state]) if state in STATES else state


def entry_block(who: str, when: str, text: str, *, answers: bool = False, tone: str = "") -> QWidget:
    """Return one entry: who wrote and when over the words, the department's a step aside."""
    holder = QWidget()
    holder.setAccessibleName(f"{who}, {when}")
    column = QVBoxLayout(holder)
    column.setContentsMargins(theme.grid(4) if answers else 0, 0, 0, 0)
    column.setSpacing(theme.grid(0.5))
    head = QHBoxLayout()
    head.setSpacing(theme.grid(2))
    head.addWidget(Text(who, bold=True, wrap=True), 1)
    moment = Muted(when)
    moment.setWordWrap(False)
    head.addWidget(moment)
    column.addLayout(head)
    column.addWidget(Text(text, wrap=True, selectable=True, tone=tone))
    return holder


def blocks(entries: Sequence[LetterEntry], zone: str) -> list[QWidget]:
    """Return the entries in order, with a line between two of them."""
    found: list[QWidget] = []
    for entry in entries:
        if found:
            found.append(Rule())
        when, text = formats.moment(entry.at, zone), entry.text
        if entry.kind == EntryKind.CLOSING:
            text = _("Closed without an answer. Reason: {reason}").format(
                reason=reasons.said(entry.reason_code, entry.text)
            )
        found.append(entry_block(entry.author, when, text, answers=entry.kind != EntryKind.QUESTION))
    return found
