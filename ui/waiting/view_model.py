"""What is not confirmed yet, why, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from models.cache.queries.conflicts import Names, names
from models.contract import commands
from models.contract.admission_commands import WriteReview
from models.contract.sentences import sentence
from models.domain.meters import Register
from translations import _, formats, n_
from ui.context import Context
from ui.screen_model import ScreenModel
from ui.selection import cabinet_of
from ui.waiting.again import may_pass
from ui.waiting.conflict import Versions, about, of_item, only, versions
from ui.waiting.words import child_gone_words, detail_of, is_unseen, standing, stays_words, title_of, waits_for_document

ATTENTION: Final = ("refused", "conflict", "suspense")
SHOWN: Final = 60
"""So many entries are drawn at once; the rest follow on demand."""


@dataclass(frozen=True, slots=True)
class Acts:
    """What may be done with an entry now."""

    send: bool
    withdraw: bool
    correct: bool
    resend: bool
    dismiss: bool


class Waiting(ScreenModel):
    """The entries, those that need the person first."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.items: tuple[Any, ...] = ()
        self.ready = False
        self.shown = SHOWN
        self.names = Names()
        self._named = False
        self._there: set[tuple[str, str]] = set()  # fields of entries in conflict of which the provider's version stays
        self.cabinet = cabinet_of(context)
        self.cabinet.changed.connect(self.changed)
        context.topics.listen(self, {"waiting", "status", "outcome"}, self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Read the entries again."""
        self.context.tasks.ask(self, self.context.client.waiting, self._take, self._failed, name="waiting")

    def visited(self) -> None:
        """Look again when the screen opens."""
        self.refresh()

    @property
    def attention(self) -> list[Any]:
        """Entries that only the person or the provider's people can settle."""
        return [item for item in self.items if item.state in ATTENTION]

    @property
    def queue(self) -> list[Any]:
        """Entries that will go by themselves, oldest first."""
        return [item for item in self.items if item.state not in ATTENTION]

    def acts(self, item: Any) -> Acts:
        """Return what may be done with an entry."""
        refused = item.state in ("refused", "conflict") and of_item(item) is None
        return Acts(
            send=item.state == "waiting",
            withdraw=item.state in ("waiting", "held") and item.stays is None,
            correct=refused and correction(item) is not None,
            resend=refused and (item.state == "conflict" or may_pass(item)),
            dismiss=refused or item.state == "suspense",
        )

    def title(self, item: Any) -> str:
        """Return what an entry is."""
        return title_of(item)

    def detail(self, item: Any) -> str:
        """Return what it is about."""
        whose = about(item.payload, self.names) or item.about
        return " · ".join(part for part in (whose, detail_of(item, self._place, self._meter)) if part)

    def when(self, item: Any) -> str:
        """Return when it was entered."""
        return _("Entered {time}").format(time=formats.moment(item.occurred_at, self.context.zone))

    def why(self, item: Any) -> str:
        """Return why it waits, or was refused, and what happens next."""
        if self._gone(item):
            return child_gone_words()
        if item.state in ATTENTION and item.problems:
            return " ".join(sentence(problem) for problem in item.problems)
        match item.state:
            case "suspense":
                return _("The provider has the money and decides where it belongs. You need do nothing.")
            case "sending":
                return _("It is on its way; the provider has not answered yet.")
        stays = stays_words(item.stays) if item.stays is not None else ""
        return f"{self._why_waiting(item)} {stays}".strip()

    def _gone(self, item: Any) -> bool:
        """Return whether an entry was refused because its child has left the cabinet since it was entered."""
        return is_unseen(item) and self._named and bool(item.about) and not about(item.payload, self.names)

    def _why_waiting(self, item: Any) -> str:
        if waits_for_document(item):
            return sentence(item.problems[0])
        if item.state == "held":
            return _("It is sent after an entry that it depends on.")
        if item.last_error is None:
            return _("It is safe on this computer and is sent as soon as there is a connection.")
        text = sentence(item.last_error)
        if item.next_attempt is None:
            return text
        again = _("Next attempt at {time}.").format(time=formats.clock(item.next_attempt, self.context.zone))
        tries = n_("{count} attempt so far.", "{count} attempts so far.", item.attempts)
        return f"{text} {tries.format(count=item.attempts)} {again}"

    def as_text(self, item: Any) -> str:
        """Return an entry as text, for the clipboard and for support."""
        both = [
            f"{one.title}: {_('You wrote')}: {one.mine}; {_('Now at the provider')}: {one.theirs} ({one.whose})"
            for one in self.versions(item)
        ]
        lines = (self.title(item), self.detail(item), self.when(item), standing(item), self.why(item), *both)
        return "\n".join(line for line in (*lines, item.command_id) if line)

    def send(self) -> None:
        """Try to send everything now."""
        client = self.context.client
        self.work(client.sync, lambda _report: self.refresh())

    def withdraw(self, item: Any) -> None:
        """Take an entry back before it is sent."""
        client = self.context.client
        self.work(
            lambda: client.withdraw(item.command_id),
            lambda _none: self._done(_("“{title}” is withdrawn. It was not sent.").format(title=self.title(item))),
        )

    def dismiss(self, item: Any) -> None:
        """Put a settled entry away."""
        client = self.context.client
        self.work(lambda: client.acknowledge(item.command_id), lambda _none: self._done(_("Put away.")))

    def resend(self, item: Any) -> None:
        """Send a refused entry again as it is."""
        client = self.context.client
        self.work(
            lambda: client.resend(item.command_id), lambda _id: self._done(_("Entered again; it waits to be sent."))
        )

    def correct(self, item: Any) -> None:
        """Open the screen on which the entry is corrected."""
        target = correction(item)
        if target is not None:
            self.context.selection.choose(item.payload.account_id, self.context.selection.service_id)
            self.context.go(target[0], **target[1])

    # What somebody else changed too

    def versions(self, item: Any) -> list[Versions]:
        """Return both versions of each field of an entry in conflict."""
        conflict = of_item(item)
        return versions(conflict, self.names, self.context.zone) if conflict is not None else []

    def sends(self, item: Any, name: str) -> bool:
        """Return whether the person's version of a field is sent again; the provider's stays otherwise."""
        return (item.command_id, name) not in self._there

    def choose(self, item: Any, name: str, mine: bool) -> None:
        """Choose a side of a field; nothing is sent yet."""
        (self._there.discard if mine else self._there.add)((item.command_id, name))

    def chosen(self, item: Any) -> list[str]:
        """Return the fields whose version of the person would be sent."""
        return [one.field for one in self.versions(item) if self.sends(item, one.field)]

    def keep(self, item: Any) -> None:
        """Let the provider's versions stay."""
        client = self.context.client
        self.work(
            lambda: client.acknowledge(item.command_id),
            lambda _none: self._done(_("It stays as it is at the provider.")),
        )

    def send_mine(self, item: Any) -> None:
        """Send the person's versions again, now that they have seen the provider's."""
        conflict, client = of_item(item), self.context.client
        wanted = self.chosen(item)
        if conflict is None or not wanted:
            return
        payload = only(item.payload, conflict, wanted)
        self.work(
            lambda: client.resend(item.command_id, payload),
            lambda _id: self._done(_("Entered again; it waits to be sent.")),
        )

    def more(self) -> None:
        """Show more of a long queue."""
        self.shown += SHOWN
        self.changed.emit()

    def _done(self, text: str) -> None:
        self.context.toast(text)
        self.refresh()

    def _take(self, items: Sequence[Any]) -> None:
        news = not self.ready or self.failure is not None or tuple(items) != self.items
        self.items, self.ready, self.failure = tuple(items), True, None
        if news:
            self._ask_names()
            self.changed.emit()

    def _ask_names(self) -> None:
        """Read whose applications and children entries are about, and the words of values that others change too."""
        payloads = [item.payload for item in self.items]
        applications = [one for payload in payloads if (one := getattr(payload, "application_id", None))]
        children = [one for payload in payloads if (one := getattr(payload, "child_id", None))]
        houses = [payload.organisation_id for payload in payloads if isinstance(payload, WriteReview)]
        if applications or children or houses:
            question = partial(names, applications=applications, children=children, organisations=houses)
            self.context.read(self, question, self._take_names, lambda _error: None, name="names")

    def _take_names(self, found: Names) -> None:
        if found != self.names or not self._named:
            self.names, self._named = found, True
            self.changed.emit()

    def _place(self, account_id: int) -> str:
        for summary in self.context.selection.accounts:
            if summary.account.id == account_id:
                return str(summary.account.number)
        return ""

    def _meter(self, account_id: int, meter_id: int) -> tuple[str, Register | None]:
        for view in self.cabinet.views:
            if view.account.id == account_id:
                for meter in view.meters:
                    if meter.id == meter_id:
                        return meter.number, Register(meter.integer_digits, meter.fraction_digits)
        return str(meter_id), None


def correction(item: Any) -> tuple[str, dict[str, Any]] | None:
    """Return the screen on which an entry is corrected and its arguments, None when there is none."""
    match item.payload:
        case commands.SubmitReading():
            return "readings", {}
        case commands.RequestDataCorrection(item=kind, proposed=proposed, explanation=why):
            return "my_data", {"item": kind, "proposed": proposed, "explanation": why, "supersedes": item.command_id}
        case commands.UpdateContact():
            return "settings", {"part": "contact"}
    return None
