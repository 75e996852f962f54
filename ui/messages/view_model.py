"""What providers tell: announcements, notifications; which of them are new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from models.contract.records import Message, Texts
from translations import N_, PSEUDO, _, current, formats
from ui.context import Context
from ui.screen_model import ScreenModel

if TYPE_CHECKING:
    from ui.family.model import FamilyModel

KINDS: Final = {
    "": N_("All messages"),
    "announcement": N_("Announcements"),
    "notification": N_("Notifications"),
    "message": N_("Letters to you"),
    "invoice": N_("Bills"),
}
KIND_ICONS: Final = {"announcement": "megaphone", "notification": "bell", "message": "mail", "invoice": "receipt-text"}
LINKS: Final = {"invoice": "invoice", "readings": "readings", "charges": "breakdown", "breakdown": "breakdown"}
"""Screen that a message's link opens; any other link is taken as a screen's key."""

_OF_AN_APPLICATION: Final = ("application", "applications")
_WORK: Final = {"officer": "office_queue", "doctor": "doctor_review", "kindergarten": "to_act"}
"""Screen on which a role works on an application."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that the person did: a title already in words, or an event of an application."""

    at: datetime
    title: str
    event: str
    child: str
    state: str  # of a command that is not settled, else ""


class Messages(ScreenModel):
    """The messages, newest first, of the chosen kind; opening one marks it as read."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.everything: tuple[Any, ...] = ()
        self.kind = ""
        self.ready = False
        self.open_id: int | None = None
        self.part = "inbox"
        self.home: FamilyModel | None = None
        if context.inside is not None and "parent" in context.inside.roles:
            from ui.family.model import family_of

            self.home = family_of(context)
            self.home.changed.connect(self.changed)
        context.topics.listen(self, {"message", "local", "provider"}, self.refresh)
        self.refresh()

    def choose_part(self, part: str) -> None:
        """Show what came ("inbox"), or what one did oneself ("journal")."""
        self.part = part
        self.changed.emit()

    @property
    def journal(self) -> list[Deed]:
        """What the person did for children, newest first: what is not sent yet, then what the department has."""
        from ui.waiting.words import title_of

        if self.home is None:
            return []
        waiting = [
            Deed(item.occurred_at, title_of(item), "", self._child_of(item.payload), item.state)
            for item in self.home.waiting
        ]
        person = self.home.family.person
        own = person.name if person is not None else ""
        done = [
            Deed(entry.at, "", entry.event, view.child.name, "")
            for view in self.home.family.applications
            for entry in view.history
            if entry.actor == "parent" and entry.actor_name == own
        ]
        return sorted([*waiting, *done], key=lambda deed: deed.at, reverse=True)

    def _child_of(self, payload: Any) -> str:
        assert self.home is not None
        family = self.home.family
        view = family.application(getattr(payload, "application_id", 0) or 0)
        child = family.child(getattr(payload, "child_id", 0) or 0)
        return view.child.name if view is not None else child.child.name if child is not None else ""

    def refresh(self) -> None:
        """Read the messages again."""
        from models.cache.queries.messages import messages

        self.context.read(self, messages, self._take, self._failed, name="messages")

    @property
    def rows(self) -> list[Any]:
        """Messages of the chosen kind."""
        return [row for row in self.everything if not self.kind or row.message.kind == self.kind]

    @property
    def unread(self) -> int:
        """How many are new."""
        return sum(not row.read for row in self.everything)

    @property
    def opened(self) -> Message | None:
        """The message that is read now."""
        return next((row.message for row in self.everything if row.message.id == self.open_id), None)

    def choose_kind(self, kind: str) -> None:
        """Show only this kind; "" shows all."""
        self.kind = kind
        self.changed.emit()

    def open(self, message_id: int) -> None:
        """Show a message and remember that it was read."""
        from models.cache.queries.messages import mark_read

        if self.open_id == message_id:
            return
        self.open_id = message_id
        row = next((row for row in self.everything if row.message.id == message_id), None)
        if row is not None and not row.read:
            self._mark([message_id])
            self.context.note(self, lambda connection: mark_read(connection, message_id))
        self.changed.emit()

    def read_all(self) -> None:
        """Remember that all were read."""
        from models.cache.queries.messages import mark_read

        ids = [row.message.id for row in self.everything if not row.read]
        self._mark(ids)
        self.context.note(self, lambda connection: mark_read(connection, ids))
        self.changed.emit()

    def follow(self) -> None:
        """Open the screen that the message is about."""
        message = self.opened
        if message is not None and message.link:
            if message.account_id is not None:
                self.context.selection.choose(message.account_id)
            about = {"application_id": message.application_id, "letter_id": message.letter_id}
            arguments = {key: number for key, number in about.items() if number is not None}
            self.context.go(self._screen_of(message), **arguments)

    def _screen_of(self, message: Message) -> str:
        """Return the screen that a message's link opens; an application is opened where one works on it."""
        if message.application_id is None or message.link not in _OF_AN_APPLICATION:
            return LINKS.get(message.link, message.link)
        own = self.context.inside.roles if self.context.inside is not None else ()
        chosen = self.context.settings.get("role")
        shown = chosen if chosen in own else next(iter(own), "")
        staff = [one for one in (shown, *own) if one in _WORK]
        if not staff or ("parent" in own and shown not in _WORK):
            return "application"
        return _WORK[staff[0]]

    def who(self, message: Message) -> str:
        """Return who sent it and when."""
        names = {summary.provider.id: summary.provider.name for summary in self.context.selection.accounts}
        if self.home is not None:
            names |= {one.id: one.provider.name for one in self.home.family.departments}
        when = formats.moment(message.at, self.context.zone)
        return " · ".join(part for part in (names.get(message.provider_id, ""), self.about(message), when) if part)

    def about(self, message: Message) -> str:
        """Return the child that a message is about, "" for any other."""
        child = self.home.family.child(message.child_id or 0) if self.home is not None else None
        return child.child.name if child is not None else ""

    def _mark(self, ids: Sequence[int]) -> None:
        # Shown at once; the note in the cache follows, and then the count in the head of the window.
        self.everything = tuple(type(row)(row.message, row.read or row.message.id in ids) for row in self.everything)
        self.context.topics.publish(frozenset({"local"}))

    def _take(self, rows: Sequence[Any]) -> None:
        self.everything, self.ready = tuple(rows), True
        self.changed.emit()


def kind_words(kind: str) -> str:
    """Return a kind of message in words."""
    return _(KINDS.get(kind, KINDS["message"]))


def said(texts: Texts) -> str:
    """Return a text in the language in force, or in the first one it has."""
    language = "en" if current() == PSEUDO else current()
    return texts.get(language) or next((text for text in texts.values() if text), "")
