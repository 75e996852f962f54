"""Tells a person once about each thing that happened: a refused entry, a new message; and counts what is unread."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from models.contract.sentences import sentence
from translations import _, current, n_
from ui.context import Context
from ui.selection import is_first_load
from ui.waiting.words import title_of

_TOPICS: Final = frozenset({"waiting", "outcome", "message", "local"})
EACH: Final = 3
"""So many new messages are told one by one; more, as after a fortnight's absence, are told by their number."""
ATTENTION: Final = frozenset({"refused", "conflict", "suspense"})


class Notices(QObject):
    """``changed`` when the number of unread messages changed."""

    changed = Signal()

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._told: set[str] | None = None
        self._seen: set[int] | None = None
        self._loading = True
        self.unread = 0
        context.topics.listen(self, _TOPICS, self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Look again."""
        client = self._context.client
        self._context.tasks.ask(self, client.waiting, self._take_waiting, lambda _error: None, name="waiting")
        self._context.tasks.ask(self, client.status, self._ask_messages, lambda _error: None, name="status")

    def _ask_messages(self, status: Any) -> None:
        from models.cache.queries.messages import messages

        take = partial(self._take_messages, is_first_load(status))
        self._context.read(self, messages, take, lambda _error: None, name="messages")

    def _take_waiting(self, items: Sequence[Any]) -> None:
        wanting = {item.command_id: item for item in items if item.state in ATTENTION}
        if self._told is not None:
            for command_id in wanting.keys() - self._told:
                item = wanting[command_id]
                reason = " ".join(sentence(problem) for problem in item.problems)
                text = reason or _("Open “Waiting and attention” to see what to do.")
                self._notify(title_of(item), text, "waiting")
        self._told = set(wanting)

    def _take_messages(self, loading: bool, messages: Sequence[Any]) -> None:
        unread = {item.message.id: item.message for item in messages if not item.read}
        # What comes with the first exchange on a computer is what was told long ago.
        first, self._loading = self._loading, loading
        if self._seen is not None and not first:
            fresh = unread.keys() - self._seen
            if len(fresh) > EACH:
                text = n_("{count} new message", "{count} new messages", len(fresh)).format(count=len(fresh))
                self._notify(text, "", "messages")
            else:
                for message_id in sorted(fresh):
                    message = unread[message_id]
                    self._notify(message.subject.get(current(), "") or _("A new message"), "", "messages")
        self._seen = {item.message.id for item in messages}
        if len(unread) != self.unread:
            self.unread = len(unread)
            self.changed.emit()

    def _notify(self, title: str, text: str, link: str) -> None:
        if self._context.settings.get("notifications"):
            self._context.notifier.notify(title, text, link)
