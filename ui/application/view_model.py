"""One application: the acts that are possible now, the questions they ask, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Signal

from models.cache.queries.admissions import ApplicationView, Department
from models.contract.admission_commands import AttachDocument, EditApplication, TakeStep
from models.contract.admission_records import Attachment
from models.contract.contracts import has_contract
from models.contract.sentences import sentence
from models.domain.admissions.states import Event
from models.domain.problems import Problem
from models.domain.telephones import written
from translations import _
from ui.context import Context
from ui.family import changes
from ui.family.acts import FINAL, Offered, contacts_only, offered
from ui.family.advice import Term, term_of, what_now
from ui.family.contract import Reading
from ui.family.model import OPEN, active, family_of, urgency
from ui.family.papers import Papers
from ui.family.signing import Signing
from ui.screen_model import ScreenModel

TABS: Final = ("information", "history", "documents")


class ApplicationModel(ScreenModel):
    """The chosen application. ``asking`` is the act whose question is open."""

    data_changed = Signal()
    """Another application, other data or another language: everything may have changed."""
    paper_made = Signal(bytes, str)
    """The bytes and the name of a paper."""
    picture_read = Signal(bytes, str)
    """The bytes and the name of a picture."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.home = family_of(context)
        self.chosen: int | None = None
        self.tab = "information"
        self.asking: Event | None = None
        self.editing = False
        self.edited_languages: tuple[str, ...] = ()
        self._before: dict[str, Any] = {}
        """What the form of a change showed when it was opened."""
        self.unbundling = False
        """Whether the question is open if twins shall be served apart."""
        self._contract = Reading()
        self.signing = Signing(context, self.home)
        self.papers = Papers(context, self.home)
        self.signing.changed.connect(self.changed)
        self.papers.changed.connect(self.changed)
        self.home.changed.connect(self.data_changed)
        self.home.state_changed.connect(self.changed)

    def show(self, application_id: int | None = None, tab: str = "", act: str = "") -> None:
        """Show an application, one of its tabs, or the question of an act."""
        if application_id is not None and application_id != self.chosen:
            self.chosen = application_id
            self.close()
        if tab in TABS:
            self.tab = tab
        if act:
            self.ask(Event(act))
        self.data_changed.emit()

    @property
    def view(self) -> ApplicationView | None:
        """The application shown: the chosen one, else the one that needs its parent soonest."""
        family = self.home.family
        if self.chosen is not None:
            return family.application(self.chosen)
        return min(family.applications, key=urgency, default=None)

    @property
    def department(self) -> Department | None:
        """The department that it is before."""
        return self.home.department_of(self.view) if self.view is not None else None

    @property
    def now(self) -> datetime:
        """The department's clock."""
        return self.home.server_now()

    @property
    def term(self) -> Term | None:
        """The term that runs and matters."""
        return term_of(self.view) if self.view is not None else None

    @property
    def advice(self) -> str:
        """What to do now."""
        view, department = self.view, self.department
        return what_now(view, department, self.home.family) if view is not None and department is not None else ""

    @property
    def may_act(self) -> bool:
        """Whether the reader may act for the child."""
        view = self.view
        return view is not None and self.home.may_act(view.child.id)

    def acts(self) -> list[Offered]:
        """Return what may be done now; nothing while an act of before is on its way."""
        view, department = self.view, self.department
        if view is None or department is None or not self.may_act or self.intention is not None:
            return []
        return offered(view, department, self.now)

    @property
    def intention(self) -> Any:
        """The step taken here that the department does not have yet."""
        return self.home.intention(self.view.id) if self.view is not None else None

    @property
    def twins(self) -> list[ApplicationView]:
        """Other applications that are served together with the one shown."""
        view = self.view
        bundle = view.application.bundle_id if view is not None else None
        if view is None or bundle is None:
            return []
        found = self.home.family.applications
        return [one for one in found if one.application.bundle_id == bundle and one.id != view.id and one.live]

    @property
    def leaving_twins(self) -> bool:
        """Whether it is on its way to the department that the twins shall be served apart."""
        view = self.view
        ids = [view.id, *(one.id for one in self.twins)] if view is not None else []
        return any(
            isinstance(item.payload, EditApplication) and item.payload.bundle is False and item.state in OPEN
            for application_id in ids
            for item in self.home.waiting_for(application_id)
        )

    @property
    def changing(self) -> bool:
        """Whether a change of the application is on its way to the department."""
        view = self.view
        waiting = self.home.waiting_for(view.id) if view is not None else []
        return any(isinstance(item.payload, EditApplication) and item.state in OPEN for item in waiting)

    @property
    def coming(self) -> list[Any]:
        """Documents that were attached here and are not with the department yet."""
        view = self.view
        waiting = self.home.waiting_for(view.id) if view is not None else []
        return [item for item in waiting if isinstance(item.payload, AttachDocument) and item.state in OPEN]

    @property
    def refusals(self) -> list[Any]:
        """What was done with this application and refused."""
        view = self.view
        return [item for item in self.home.waiting_for(view.id) if item.state not in OPEN] if view is not None else []

    @property
    def in_danger(self) -> bool:
        """Whether the term may end before the line returns."""
        term = self.term
        return self.home.offline and term is not None and term.mine and term.tone(self.now) == "danger"

    # Acting

    def ask(self, event: Event) -> None:
        """Begin an act: its question, its code or its papers; at once when it needs none of them."""
        found = next((one for one in self.acts() if one.event is event), None)
        if found is None or not found.possible:
            return
        self.problems, self.failure = (), None
        if event is Event.EDIT:
            view = self.view
            assert view is not None
            self.editing, self.tab = True, "information"
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
    def change(self) -> Offered | None:
        """The change of the application that is possible now, None when there is none."""
        return next((one for one in self.acts() if one.event is Event.EDIT and one.possible), None)

    @property
    def contacts_only(self) -> bool:
        """Whether only the telephone may be changed, because a voucher or a place runs."""
        view, department = self.view, self.department
        return view is not None and department is not None and contacts_only(view, department, self.now)

    @property
    def question(self) -> Offered | None:
        """The act whose question is open."""
        if self.asking is None:
            return None
        return next((one for one in self.acts() if one.event is self.asking), None)

    def close(self) -> None:
        """Leave the question; nothing is done."""
        self.asking, self.editing, self.unbundling = None, False, False
        self.problems, self.failure = (), None
        self.signing.end()
        self.papers.end()
        self.changed.emit()

    def cancel(self) -> None:
        """Leave the changes aside."""
        self.close()
        self.data_changed.emit()

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
        self._send(payload)

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
        # A voucher may have come since the form was opened: what can no longer be changed is not sent.
        before = {"phone": self._before["phone"]} if self.contacts_only else self._before
        wrong = [] if self.edited_languages else [Problem("language-missing", "languages")]
        if self.refuse([*wrong, *self.missing("phone")]):
            return
        wanted = {
            "languages": list(self.edited_languages),
            "locality_id": int(self.draft["locality"]),
            "phone": self.typed("phone"),
            "benefit": self.draft["benefit"],
        }
        payload = changes.change(view.application, before, wanted)
        if payload is None:
            self.close()
            self.data_changed.emit()
            return
        self._send(payload, changes.base(payload, before))

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

        def kept(paper: Any) -> None:
            self._send(
                AttachDocument(view.application.department_id, view.id, kind, paper.sha256, paper.name, paper.size)
            )

        self.papers.choose(kind, kept)

    def _send(self, payload: Any, base: dict[str, Any] | None = None) -> None:
        client = self.context.client
        submit = client.submit if base is None else partial(client.submit, base=base)
        self.work(lambda: submit(payload), self._sent)

    def _sent(self, command_id: str) -> None:
        self.asking, self.editing, self.unbundling = None, False, False
        self.signing.end()
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

    def why_refused(self, item: Any) -> str:
        """Return why an act was refused."""
        return " ".join(sentence(problem) for problem in _problems(item.problems))

    def print(self, referral_id: int | None = None) -> None:
        """Make the application, or one of its referrals, as a paper; ``paper_made`` tells its bytes and name."""
        from ui.family import pdf

        view, department = self.view, self.department
        if view is None or department is None:
            return
        paper = next((one for one in view.referrals if one.id == referral_id), None)
        if paper is not None:
            build, name = pdf.referral(self.home, view, department, paper)
        else:
            build, name = pdf.application(self.home, view, department)
        self.work(build, lambda data: self.paper_made.emit(data, name))

    @property
    def has_contract(self) -> bool:
        """Whether there is a contract to be read: it is being signed, or it counts."""
        view = self.view
        return view is not None and self.department is not None and has_contract(view.application)

    def read_contract(self) -> None:
        """Make the contract as a paper."""
        if self.has_contract and self.view is not None and self.department is not None:
            self._contract.open(self, self.home, self.view, self.department)

    def open_document(self, paper: Attachment) -> None:
        """Show a document, from this computer or from the department."""
        client: Any = self.context.client

        def shown(data: bytes) -> None:
            if paper.media_type == "application/pdf":
                self.paper_made.emit(data, paper.name)
            else:
                self.picture_read.emit(data, paper.name)

        self.work(lambda: client.document(paper.sha256), shown)

    @property
    def newest_referral(self) -> int | None:
        """The referral that can be downloaded now, None when there is none."""
        view = self.view
        valid = [one for one in view.referrals if one.state in ("valid", "extended")] if view is not None else []
        return max(valid, key=lambda one: one.issued_at).id if valid else None

    @property
    def is_final(self) -> bool:
        """Whether the open question is about something that cannot simply be taken back."""
        return self.asking in FINAL

    @property
    def entrusted_until(self) -> datetime | None:
        """When the right to act for another's child ended, None when it has not."""
        view = self.view
        child = self.home.family.child(view.child.id) if view is not None else None
        if child is None or not child.own.may_act or active(child, self.now):
            return None
        return child.own.until


def _problems(problems: Sequence[Problem]) -> Sequence[Problem]:
    return problems or (Problem("step-not-possible"),)
