"""One application: the acts that are possible now, the questions they ask, and what became of them."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from models.contract.admission_commands import AttachDocument, EditApplication, TakeStep
from models.domain.admissions.states import Event
from models.domain.problems import Problem
from models.domain.telephones import is_phone, written
from translations import _, formats
from ui.application.shown import TABS, ShownApplication
from ui.context import Context
from ui.family import changes, signing
from ui.family.acts import FINAL, Offered
from ui.family.papers import Papers


class ApplicationModel(ShownApplication):
    """What its reader does with it. ``asking`` is the act whose question is open."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.asking: Event | None = None
        self.editing = False
        self.edited_languages: tuple[str, ...] = ()
        self._before: dict[str, Any] = {}
        """What the form of a change showed when it was opened."""
        self._told = False
        """Whether it was said what of the form can no longer be changed."""
        self._again: Any = None
        """The refused act whose code is asked for once more by the open question."""
        self._left: set[str] = set()
        """Refused acts that were not to be tried again."""
        self.unbundling = False
        """Whether the question is open if twins shall be served apart."""
        self.signing = signing.Signing(context, self.home)
        self.papers = Papers(context, self.home)
        self.signing.changed.connect(self.changed)
        self.papers.changed.connect(self._attached)
        self.home.changed.connect(self._news)
        self.home.state_changed.connect(self.changed)

    def show(self, application_id: int | None = None, tab: str = "", act: str = "") -> None:
        """Show an application, one of its tabs, or the question of an act."""
        if application_id is not None and application_id != self.chosen:
            self.chosen = application_id
            self.draft.pop("kind", None)
            self._leave()
        if tab in TABS:
            self.tab = tab
        if act:
            self.ask(Event(act))
        self._news()

    def _attached(self) -> None:
        """Show the documents of the act; that there are none is no more said once there are."""
        if self.papers.found:
            self.problems = tuple(problem for problem in self.problems if problem.field != "documents")
        self.changed.emit()

    def _news(self) -> None:
        """Show other data; an act whose code was not taken asks for another one where its refusal is read."""
        if self._again is not None and self._again.command_id not in {item.command_id for item in self.refused}:
            self._leave()
        if self.asking is None and not self.editing and not self.unbundling:
            refused = signing.wants_another_code(item for item in self.refused if item.command_id not in self._left)
            event = Event(refused.payload.event) if refused is not None else None
            if event is not None and any(one.event is event and one.possible for one in self.acts()):
                self._again, self.asking, self.problems, self.failure = refused, event, tuple(refused.problems), None
                self.signing.kind = refused.payload.signature
        self.data_changed.emit()

    # Acting

    def ask(self, event: Event) -> None:
        """Begin an act: its question, its code or its papers; at once when it needs none of them."""
        found = next((one for one in self.acts() if one.event is event), None)
        if found is None or not found.possible:
            return
        if self.view is not None:
            self.chosen = self.view.id  # what comes of the act is read here, whichever child needs its parent next
        self.problems, self.failure, self._again = (), None, None
        if event is Event.EDIT:
            view = self.view
            assert view is not None
            self.editing, self._told, self.tab = True, False, "information"
            self._before = shown = changes.shown(view.application, self.home.waiting_for(view.id))
            self.edited_languages = tuple(shown["languages"])
            self.draft.update(
                phone=written(shown["phone"]), benefit=shown["benefit"], locality=str(shown["locality_id"])
            )
            self.data_changed.emit()
        elif found.screen:
            view = self.view
            assert view is not None
            self.context.go(found.screen, application_id=view.id, event=event.value)
        else:
            self.asking = event
            self.signing.begin(found.signature)
            self.papers.begin(event.value)
            self.changed.emit()

    @property
    def question(self) -> Offered | None:
        """The act whose question is open."""
        if self.asking is None:
            return None
        return next((one for one in self.acts() if one.event is self.asking), None)

    @property
    def brings(self) -> str:
        """What the act of the open question brings; with the day that was chosen before, when only a code lacks."""
        question = self.question
        until = self._again.payload.until if self._again is not None else None
        if until is not None:
            return _(
                "A temporary place until {day}, as you chose it: after that day the child leaves automatically. "
                "Your place in the queue stays."
            ).format(day=formats.day(until))
        return question.consequence if question is not None else ""

    def close(self) -> None:
        """Leave the question; nothing is done, and a refusal that asked it has been read."""
        refused = self._again
        self._leave()
        self.changed.emit()
        if refused is not None:
            self._left.add(refused.command_id)
            self.dismiss(refused)

    def _leave(self) -> None:
        self.asking, self.editing, self.unbundling, self._again = None, False, False, None
        self.problems, self.failure = (), None
        self.signing.end()
        self.papers.end()

    def cancel(self) -> None:
        """Leave the question or the changes aside."""
        if self.editing:
            self._leave()
            self.data_changed.emit()
        else:
            self.close()

    def confirm(self) -> None:
        """Do the act of the open question."""
        question, view, department = self.question, self.view, self.department
        if question is None or view is None or department is None:
            return
        wrong = [*self.signing.missing()]
        if question.event is Event.EXTEND_REFERRAL:
            wrong += self._wrong_days()
            if not self.papers.blobs:
                wrong.append(Problem("documents-missing", "documents", {"kinds": "extension"}))
        if self.refuse(wrong):
            return
        if self._again is not None:
            # What was chosen and attached stays; only the code is another one.
            self._send(replace(self._again.payload, code=self.signing.code))
            return
        payload = TakeStep(
            department_id=view.application.department_id,
            application_id=view.id,
            event=question.event.value,
            confirmed=True,
            signature=self.signing.kind,
            code=self.signing.code,
            days=int(self.typed("days")) if question.event is Event.EXTEND_REFERRAL else None,
            blobs=self.papers.blobs,
            digest=self._contract.digest(question.event, self.home, view, department),
        )
        one = view.application
        self._send(payload, {"state": one.state, "state_since": one.state_since.isoformat()})

    def _wrong_days(self) -> list[Problem]:
        view = self.view
        rules = self.home.rules_of(view) if view is not None else None
        high = rules.referral_extension_calendar_days if rules is not None else 1
        text = self.typed("days")
        good = text.isascii() and text.isdigit() and 1 <= int(text) <= high
        return [] if good else [Problem("extension-days", "days", {"high": high})]

    def toggle_language(self, code: str, on: bool) -> None:
        """Take or leave a language of education while the application is changed."""
        kept = [one for one in self.edited_languages if one != code]
        self.edited_languages = tuple([*kept, code] if on else kept)

    def save_edit(self) -> None:
        """Send the changed application; its date stays."""
        view = self.view
        if view is None:
            return
        before = {"phone": self._before["phone"]} if self.contacts_only else self._before
        wrong = [] if self.edited_languages or self.contacts_only else [Problem("language-missing", "languages")]
        phone = self.typed("phone")
        if phone and phone != written(before["phone"]) and not is_phone(phone):
            wrong.append(Problem("phone-invalid", "phone"))
        if self.refuse([*wrong, *self.missing("phone")]) or (self.overtaken and not self._told):
            return  # drawn anew, the form says what of it can no longer be sent
        payload = changes.change(view.application, before, self._wanted())
        if payload is None:
            self.close()
            self.data_changed.emit()
            return
        self._send(payload, changes.base(payload, before))

    def _wanted(self) -> dict[str, Any]:
        return {
            "languages": list(self.edited_languages),
            "locality_id": int(self.draft["locality"]),
            "phone": self.typed("phone"),
            "benefit": self.draft["benefit"],
        }

    @property
    def overtaken(self) -> list[str]:
        """Fields that were changed in the open form before a voucher came, and that can no longer be sent."""
        if not self.editing or not self.contacts_only:
            return []
        return [name for name in changes.changed(self._before, self._wanted()) if name != "phone"]

    def told(self) -> None:
        """Note that what can no longer be sent has been shown."""
        self._told = True

    def ask_apart(self) -> None:
        """Ask whether twins shall be served apart."""
        self.close()
        self.unbundling = True
        self.changed.emit()

    def serve_apart(self) -> None:
        """Have twins served apart."""
        view = self.view
        if view is not None and self.unbundling:
            self._send(EditApplication(view.application.department_id, view.id, bundle=False))

    def attach(self, kind: str) -> None:
        """Let a file be chosen and send it with the application."""
        view = self.view
        if view is None:
            return
        there = {(one.kind, one.sha256) for one in view.attachments if one.state != "refused"}
        there |= {(item.payload.kind, item.payload.sha256) for item in self.coming}

        def kept(paper: Any) -> None:
            if (kind, paper.sha256) in there:
                self.papers.refuse(Problem("document-there", "file"))
                return
            self.draft.pop("kind", None)  # the next one is of another kind
            self._send(
                AttachDocument(view.application.department_id, view.id, kind, paper.sha256, paper.name, paper.size)
            )

        self.papers.choose(kind, kept)

    def _send(self, payload: Any, base: dict[str, Any] | None = None) -> None:
        client = self.context.client
        given: dict[str, Any] = {} if base is None else {"base": base}
        if self._again is not None:
            given["supersedes"] = self._again.command_id
        self.work(lambda: client.submit(payload, **given), self._sent)

    def _sent(self, command_id: str) -> None:
        self.asking, self.editing, self.unbundling, self._again = None, False, False, None
        self.signing.used()
        self.papers.end()
        self.home.announce(
            command_id,
            _("Kept on this computer and not filed yet: it counts when the department receives it.")
            if self.home.offline
            else _("On its way to the department; its answer will appear here."),
        )
        self.home.refresh()
        self.data_changed.emit()

    def withdraw(self) -> None:
        """Take back the step that has not been sent."""
        item, client = self.intention, self.context.client
        if item is not None:
            self.work(lambda: client.withdraw(item.command_id), lambda _none: self.home.refresh())

    def dismiss(self, item: Any) -> None:
        """Put a refusal away."""
        client = self.context.client
        self.work(lambda: client.acknowledge(item.command_id), lambda _none: self.home.refresh())

    @property
    def refusals(self) -> list[Any]:
        """What was done with this application and refused, but for the act whose code is asked for once more."""
        return [item for item in self.refused if item is not self._again]

    @property
    def is_final(self) -> bool:
        """Whether the open question is about something that cannot simply be taken back."""
        return self.asking in FINAL
