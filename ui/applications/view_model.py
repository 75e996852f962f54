"""The family's applications: live ones, the archive, and what is not filed yet."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Signal

from models.cache.queries.admissions import ApplicationView
from models.contract.sentences import sentence
from translations import _
from ui.applications.form_model import ApplicationForm
from ui.context import Context
from ui.family.model import OPEN, family_of, urgency
from ui.screen_model import ScreenModel
from ui.waiting.words import child_gone_words, is_unseen, stays_words

PARTS: Final = ("list", "new", "archive")


class Applications(ScreenModel):
    """Which part is shown, and its rows."""

    part_changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.home = family_of(context)
        self.part = PARTS[0]
        self.form = ApplicationForm(context)
        self.form.filed.connect(self._filed)
        self.home.changed.connect(self.changed)
        self.home.state_changed.connect(self.changed)

    def show(self, new: bool = False, child_id: int | None = None, part: str = "") -> None:
        """Open a part, or a new application for a child."""
        if new:
            self.form.show(child_id)
            self.choose("new")
        elif part in PARTS:
            self.choose(part)

    def choose(self, part: str) -> None:
        """Show a part."""
        self.part = part
        if part == "new":
            self.form.home_defaults()
        self.part_changed.emit()

    @property
    def rows(self) -> list[ApplicationView]:
        """Live applications, the most urgent first, or the archive, newest first."""
        everything = self.home.family.applications
        if self.part == "archive":
            return [view for view in everything if not view.live]
        return sorted((view for view in everything if view.live), key=urgency)

    @property
    def unfiled(self) -> list[Any]:
        """Applications that are on this computer only."""
        return self.home.filings

    def filing_words(self, item: Any) -> tuple[str, str]:
        """Return what is said of an application that is not filed, and its tone."""
        child = self.home.family.child(item.payload.child_id)
        name = child.child.name if child is not None else item.about
        if item.state in OPEN:
            text = _("{child}: not yet filed. It takes its place in the queue when the department receives it.")
            stays = stays_words(item.stays) if item.stays is not None else ""
            return " ".join(part for part in (text.format(child=name), stays) if part), "pending"
        gone = child is None and is_unseen(item)
        why = child_gone_words() if gone else " ".join(sentence(problem) for problem in item.problems)
        return _("{child}: the application was refused. {why}").format(child=name, why=why), "danger"

    def settle(self, item: Any) -> None:
        """Withdraw an application that was not sent, or put a refusal away."""
        client = self.context.client
        act = client.withdraw if item.state in OPEN else client.acknowledge
        self.work(lambda: act(item.command_id), lambda _none: self.home.refresh())

    def open(self, view: ApplicationView) -> None:
        """Open an application."""
        self.context.go("application", application_id=view.id)

    def _filed(self, command_id: str) -> None:
        self.home.announce(
            command_id,
            _("Kept on this computer, not yet filed: it counts when the department receives it.")
            if self.home.offline
            else _("On its way to the department; its answer will appear here."),
        )
        self.choose("list")
