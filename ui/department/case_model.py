"""A list of applications of which one is open: its card, the acts of whoever looks at it, its documents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from PySide6.QtCore import Signal

from models.cache.queries.admissions import Family
from models.cache.queries.department import LATE
from models.contract.admission_commands import CheckDocument, EditApplication, TakeStep, VerifyBenefit
from models.contract.sentences import sentence
from models.domain.admissions.reasons import Reason
from models.domain.admissions.states import Actor, Event
from models.domain.problems import Problem
from models.domain.telephones import written
from translations import _
from ui.context import Context
from ui.department import reasons
from ui.department.deeds import Deed, deeds, unreadable
from ui.department.paper_model import PaperScreen
from ui.department.question import Question
from ui.family import changes

CASE_TOPICS = frozenset(
    {"application", "attachment", "appeal", "child", "guardian", "history_entry", "placement", "queue_position",
     "referral", "waiting_entry"}
)  # fmt: skip
TABS = ("information", "history", "documents")


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the papers of an application (ui.family.pdf) are made from, for somebody who is not its parent."""

    context: Context
    family: Family
    status: Any
    offline: bool
    zone: str
    now: datetime

    def server_now(self) -> datetime:
        """Return the department's time."""
        return self.now


class CaseScreen(PaperScreen):
    """``chosen`` is the application that is open, None while the list is shown."""

    paper_made = Signal(object, str)
    """The bytes of a paper that was made to be printed, and its name."""
    TOPICS = CASE_TOPICS
    ACTOR = Actor.OFFICER

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.chosen: int | None = None
        self.gone = False
        self._decided: int | None = None
        """The application that was decided here and may leave this computer by that."""
        self._papers: list[int] = []
        """The documents that were there when the question opened: one that came since is looked at first."""
        self.tab = "information"
        self.brought = False
        """Whether the card was opened for the sake of its tab, and that has not been shown yet."""
        self.ask_question = Question(context, self.desk)
        self.ask_question.changed.connect(self.data_changed)
        self.editing = False
        self.doubting = False
        """Whether it is being written why a proved benefit is none."""
        self.edited_languages: tuple[str, ...] = ()
        self._before: dict[str, Any] = {}
        """What the form of a change showed when it was opened."""

    # What is shown

    def lists(self) -> Callable[[Any], Any] | None:
        """Return what to ask the cache for the list."""
        return None

    def keep_list(self, answer: Any) -> None:
        """Take the list."""

    def question(self) -> Callable[[Any], Any] | None:
        """Override: the list and the open card on one cut."""
        listed, chosen, now = self.lists(), self.chosen, self.desk.server_now()
        known, client = self.desk.desk if self.desk.ready else None, self.context.client

        def ask(connection: Any) -> Any:
            from models.cache.queries import department

            card = None
            if chosen is not None:
                card = department.card(connection, chosen, known or department.desk(connection, now))
            late = (
                chosen is not None
                and card is None
                and any(
                    item.state == "refused" and getattr(item.payload, "application_id", None) == chosen
                    for item in client.waiting()
                )
            )
            return (listed(connection) if listed is not None else None, chosen, card, late)

        return ask

    def keep(self, answer: Any) -> None:
        """Override."""
        listed, chosen, card, late = answer
        self.keep_list(listed)
        if chosen != self.chosen:
            return
        if card is None and self.card is not None and chosen == self._decided:
            child = self.card.view.child.name
            self.close_card()  # back to what still waits; that it left is what was asked for
            if late:  # the answer to the command came before the application went
                text = _("{child}: your decision came too late, and the application has left your list.")
                self.context.toast(text.format(child=child), "warning")
            else:
                self.context.toast(_("Decided: {child}. The application has left your list.").format(child=child))
            return
        self.card, self.gone = card, chosen is not None and card is None
        self.leave_decided()

    def show(self, application_id: int | None = None, tab: str = "") -> None:
        """Open an application."""
        if application_id is not None:
            self.open(application_id, tab)

    def open(self, application_id: int, tab: str = "") -> None:
        """Open the card of an application."""
        self.ask_question.end()
        self.chosen, self.card, self.gone = application_id, None, False
        self.paper, self.checking, self.editing, self.doubting = None, None, False, False
        self.tab, self.brought = tab if tab in TABS else "information", tab in TABS
        self.refresh()

    def close_card(self) -> None:
        """Go back to the list."""
        if self.chosen is not None:
            self.chosen, self.card, self.gone, self.paper = None, None, False, None
            self.ask_question.end()
            self.refresh()

    def leave(self) -> None:
        """Go one step back: from a question, a change or a document to the card, from the card to the list."""
        if self.ask_question.deed is not None:
            self.ask_question.end()
        elif self.editing:
            self.cancel()
        elif self.checking is not None:
            self.stop_checking()
        elif self.paper is not None:
            self.close_paper()
        else:
            self.close_card()

    @property
    def now(self) -> datetime:
        """The department's clock."""
        return self.desk.server_now()

    # Acts

    @property
    def actor(self) -> Actor:
        """As who the person acts."""
        return self.ACTOR

    def deeds(self) -> list[Deed]:
        """Return what may be done now; nothing while an act is on its way."""
        view, department = self.view, self.department
        if view is None or department is None or self.on_its_way() or self.unreadable() is not None:
            return []
        return [one for one in deeds(view, department, self.actor, self.now) if self._concerns(one.event)]

    def _concerns(self, event: Event) -> bool:
        """Return whether an act is about a group of one's own: a child may be between two kindergartens."""
        view = self.view
        group = view.case.group_of(event) if view is not None else None
        offer = self.desk.desk.offers.get(group) if group is not None else None
        foreign = offer is not None and offer.organisation.id not in self.desk.kindergartens()
        return self.actor is not Actor.KINDERGARTEN or not foreign

    def unreadable(self) -> Problem | None:
        """Return why nothing can be offered although something may have to be done; None where that is not so."""
        view, department = self.view, self.department
        return unreadable(view, department, self.now) if view is not None and department is not None else None

    def on_its_way(self) -> list[Any]:
        """Return the steps taken here that the provider does not have yet."""
        return self.desk.pending(TakeStep, application_id=self.chosen)

    def refused_here(self) -> list[Any]:
        """Return what was done with this application and refused."""
        papers = {paper.id for paper in self.view.attachments} if self.view is not None else set()
        return [
            *self.desk.refused(TakeStep, EditApplication, VerifyBenefit, application_id=self.chosen),
            *(item for item in self.desk.refused(CheckDocument) if item.payload.attachment_id in papers),
        ]

    def ask(self, event: Event) -> None:
        """Open the question of an act."""
        found = next((deed for deed in self.deeds() if deed.event is event and deed.possible), None)
        if found is not None:
            self.ask_question.begin(found)
            papers = self.view.attachments if self.view is not None else ()
            self._papers = [paper.id for paper in papers]

    def say_anew(self) -> None:
        """Have the open question say what its act brings now, in the language in force."""
        asked = self.ask_question.deed
        if asked is not None:
            self.ask_question.deed = next((one for one in self.deeds() if one.event is asked.event), asked)

    REOPENS = (TakeStep, VerifyBenefit, CheckDocument)

    def reopen(self, payload: TakeStep | VerifyBenefit | CheckDocument) -> None:
        """Override: ask about the act again, with the reason that was given; nothing if it is offered no more."""
        if isinstance(payload, VerifyBenefit):
            reasons.recall(self, "benefit-reason", payload)
            self.tab = "information"
            self.data_changed.emit()
            return
        if isinstance(payload, CheckDocument):
            self.checking, self.tab = self.unchecked(payload), "documents"
            reasons.recall(self, "paper-reason", payload)
            self.data_changed.emit()
            return
        self.ask(Event(payload.event))
        question = self.ask_question
        if question.deed is not None:
            question.reason_code, question.reason_text = payload.reason_code, payload.reason
            question.until = payload.until
            question.ticked = set(payload.ticked) & set(question.deed.papers)
            self.data_changed.emit()

    def may_try_again(self, payload: TakeStep | VerifyBenefit | CheckDocument) -> bool:
        """Override: an application that has moved on is asked about no more."""
        if isinstance(payload, TakeStep):
            return any(deed.event.value == payload.event and deed.possible for deed in self.deeds())
        if isinstance(payload, VerifyBenefit):
            return self.view is not None and self.view.application.benefit_state in ("claimed", "verified")
        return isinstance(payload, CheckDocument) and self.unchecked(payload) is not None

    def again(self, item: Any) -> None:
        """Override: where the act is offered no more, its refusal stays to be read."""
        if not self.may_try_again(item.payload):
            self.context.toast(sentence(Problem("step-not-possible")), "warning")
            return
        self.reopen(item.payload)
        if isinstance(item.payload, TakeStep):  # the others stay to be read until another decision closes them
            self.put_away(item)

    def confirm(self) -> None:
        """Do the act of the open question."""
        view, question = self.view, self.ask_question
        if view is None or question.deed is None:
            return
        seen, self._papers = self._papers, [paper.id for paper in view.attachments]
        came = [Problem("papers-came")] if set(self._papers) - set(seen) else []
        question.problems = (*came, *question.missing())
        if question.problems:
            self.complaints += 1
            self.data_changed.emit()
            return
        command = question.command(view.application.department_id, view.id)
        self.send(command, then=self._done, base={"papers": self._papers})

    def _done(self) -> None:
        self._decided = self.chosen
        self.ask_question.end()
        self.editing = False

    @property
    def late(self) -> bool:
        """Whether the kindergarten let its own term pass, so that an officer may act for it."""
        return self.view is not None and bool(self.view.case.flags & set(LATE))

    def decide_benefit(self, accepted: bool) -> None:
        """Verify or refuse the claimed benefit; refusing wants a reason."""
        view = self.view
        if view is None:
            return
        reason = Reason() if accepted else reasons.written(self, "benefit-reason")
        if self.refuse([] if accepted else reasons.missing(reason, "benefit-reason")):
            return
        payload = VerifyBenefit(view.application.department_id, view.id, accepted, reason.words, reason.code)
        refused = self.desk.refusal(VerifyBenefit, application_id=view.id)
        self.send(payload, then=self._benefit_decided, instead=refused)

    def _benefit_decided(self) -> None:
        reasons.forget(self, "benefit-reason")
        self.doubting = False

    def doubt(self, on: bool) -> None:
        """Begin to write why a proved benefit is none, or leave it."""
        self.doubting, self.problems = on, ()
        reasons.forget(self, "benefit-reason")
        self.data_changed.emit()

    @property
    def proved_by_me(self) -> bool:
        """Whether the person found the claimed benefit proved, so that another officer has to."""
        person = self.desk.desk.person
        return person is not None and self.view is not None and self.view.application.benefit_by_id == person.id

    @property
    def doubted_by_me(self) -> bool:
        """Whether the person found that the proved benefit is none, so that another officer has to as well."""
        person = self.desk.desk.person
        return person is not None and self.view is not None and self.view.application.benefit_doubt_by_id == person.id

    def benefit_pending(self) -> bool:
        """Whether a decision about the benefit is on its way."""
        return bool(self.desk.pending(VerifyBenefit, application_id=self.chosen))

    # Changing the application

    def edit(self) -> None:
        """Begin to change contacts, languages, locality, benefit."""
        view = self.view
        if view is None:
            return
        self._before = before = changes.shown(view.application, self.desk.pending(EditApplication))
        self.editing, self.edited_languages = True, tuple(before["languages"])
        self.draft.update(
            phone=written(before["phone"]), benefit=before["benefit"], locality=str(before["locality_id"])
        )
        self.data_changed.emit()

    def cancel(self) -> None:
        """Leave the changes aside."""
        self.editing, self.problems = False, ()
        self.data_changed.emit()

    def toggle_language(self, code: str, on: bool) -> None:
        """Take or leave a language of education."""
        kept = [one for one in self.edited_languages if one != code]
        self.edited_languages = tuple([*kept, code] if on else kept)

    def save_edit(self) -> None:
        """Send the changed application; its date stays."""
        view = self.view
        if view is None:
            return
        wrong = [] if self.edited_languages else [Problem("languages-missing", "languages")]
        if self.refuse([*wrong, *self.missing("phone")]):
            return
        wanted = {
            "languages": list(self.edited_languages),
            "locality_id": int(self.draft["locality"]),
            "phone": self.typed("phone"),
            "benefit": self.draft["benefit"],
        }
        payload = changes.change(view.application, self._before, wanted)
        if payload is None:
            self.cancel()
            return
        self.send(payload, then=self._done, base=changes.base(payload, self._before))

    # Documents

    @property
    def shelf(self) -> Shelf | None:
        """What papers are made from; None while no card is open."""
        if self.card is None:
            return None
        desk = self.desk
        return Shelf(self.context, self.card.family, desk.status, desk.offline, desk.zone, self.now)

    def print(self, referral_id: int | None = None) -> None:
        """Make the application, or one of its referrals, as a paper; ``paper_made`` tells its bytes and name."""
        from ui.family import pdf

        view, department, shelf = self.view, self.department, self.shelf
        if view is None or department is None or shelf is None:
            return
        found = next((one for one in view.referrals if one.id == referral_id), None)
        home = cast(Any, shelf)
        if found is not None:
            build, name = pdf.referral(home, view, department, found)
        else:
            build, name = pdf.application(home, view, department)
        self.work(build, lambda data: self.paper_made.emit(data, name))
