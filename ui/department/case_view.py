"""The card of an application for an officer, a doctor or a kindergarten: steps, state and acts, then its parts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget
from shiboken6 import isValid

from models.cache.queries.admissions import ApplicationView
from models.contract.admission_records import Attachment
from models.contract.sentences import sentence
from models.domain.admissions.states import TEMP_LIVE, Actor, Flag, State, TimerKind
from translations import _, formats
from ui import theme
from ui.application.tabs import history
from ui.department import words
from ui.department.case_information import information
from ui.department.case_model import CaseScreen
from ui.department.deeds import Deed
from ui.department.page import DeskPage
from ui.department.papers_card import PapersCard
from ui.department.question import QuestionView
from ui.family import words as family
from ui.family.advice import away_until, term_of
from ui.family.parts import Tabs
from ui.family.pdf import PaperWindow, note
from ui.family.tracker import Tracker, stages
from ui.flow import flowing
from ui.kit import Banner, Button, Card, Chip, Muted, Rule, Text


class CasePage(DeskPage):
    """A list, or the card of the application that is open. A subclass fills the list in :meth:`fill_list`."""

    def __init__(self, model: CaseScreen, title: str) -> None:
        super().__init__(model, title)
        self._title = title
        self.question: QuestionView | None = None
        self.printed: PaperWindow | None = None
        model.paper_made.connect(self._show_paper)
        self._asked: Deed | None = None
        self._checking: Attachment | None = None
        self._doubting = False
        self.buttons: dict[Any, Button] = {}

    def fill_list(self) -> None:
        """Put the list into ``holder``."""

    def list_context(self) -> str:
        """Return the line below the title of the list."""
        return self.as_of()

    def refresh(self) -> None:
        """Override: where no application is open, none is named over the page, even if its list is empty."""
        if self.view_model.chosen is None:
            self.title.setText(self._title)
            self.show_context("")
        super().refresh()

    def fill(self) -> None:
        """Override."""
        model = self.view_model
        for index in range(self.filters.count()):
            item = self.filters.itemAt(index)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.setVisible(model.chosen is None)
        if model.chosen is None:
            self.show_context(self.list_context())
            self.fill_list()
            return
        if model.card is None:
            self._missing()
            return
        self._card()

    def _missing(self) -> None:
        model = self.view_model
        back = Button(_("Back to the list"), model.close_card, icon="arrow-left")
        self.holder.addWidget(back, 0, Qt.AlignmentFlag.AlignLeading)
        if model.gone:
            self.holder.addWidget(
                Banner(_("This application is no longer here: it has passed on to somebody else."), "accent")
            )

    def _card(self) -> None:
        model = self.view_model
        view, family_view = model.view, model.card.family
        one, zone = view.application, model.desk.zone
        self.title.setText(view.child.name)
        filed = family.exact(one.submitted_at, zone) if one.submitted_at else ""
        self.show_context(
            " · ".join(part for part in (family.word(family.PROGRAMMES, one.programme), one.number, filed) if part)
        )
        row, flow = flowing(2)
        flow.addWidget(Button(_("Back to the list"), model.close_card, icon="arrow-left"))
        if model.actor is not Actor.DOCTOR:
            flow.addWidget(Button(_("&Print"), model.print, icon="printer"))
            if model.has_contract:
                self.read = Button(_("Read the contract"), model.read_contract, icon="file-text")
                self.read.setEnabled(not model.busy)
                flow.addWidget(self.read)
        self.holder.addWidget(row)
        steps = Card()
        steps.add(Tracker(stages(view, family_view, words.state(one))))
        self.holder.addWidget(steps)
        self.holder.addWidget(self._decision())
        parts = [("information", _("Information")), ("documents", _("Documents"))]
        if model.actor is Actor.OFFICER:  # nobody else of the staff is given what happened before
            parts.insert(1, ("history", _("History")))
        self.tabs = Tabs(parts, model.tab, _("Parts of the application"))
        self.tabs.chosen.connect(self._choose)
        self.holder.addWidget(self.tabs)
        makers: dict[str, Callable[[], QWidget]] = {
            "information": partial(information, self.view_model),
            "history": lambda: history(model),
            "documents": lambda: PapersCard(model),
        }
        self.holder.addWidget(makers[model.tab]())
        if model.brought:
            self.bring_up(self.tabs, self._brought)

    def _brought(self) -> None:
        self.view_model.brought = False

    def _choose(self, key: str) -> None:
        self.view_model.brought = False
        self.view_model.tab = key
        self.refresh()

    # State and acts

    def _decision(self) -> Card:
        model = self.view_model
        view = model.view
        one, zone = view.application, model.desk.zone
        card = Card()
        chips, flow = flowing(2)
        flow.addWidget(Chip(words.state(one), family.state_tone(one.state)))
        for flag in one.flags:
            flow.addWidget(Chip(_flag(flag, view, zone), words.FLAG_TONES.get(flag, "accent")))
        if model.on_its_way():
            flow.addWidget(Chip(_("Not sent yet"), "pending"))
        card.add(chips)
        term = term_of(view)
        if term is not None:
            over = term.deadline.passed(model.now)
            rest = _("The term is over") if over else family.left(term.left(model.now))
            what = family.word(words.TERMS, term.kind.value)
            line = _("{what}: until {due} ({left})").format(what=what, due=words.due(term.deadline, zone), left=rest)
            card.add(Text(line, bold=True, wrap=True, tone="danger" if over else ""))
        waits = _waits(one, model)
        if waits:
            card.add(Muted(waits))
        self._temporary(card)
        for banner in self.waiting_banners(model.on_its_way(), model.refused_here()):
            card.add(banner)
        if model.actor is Actor.DOCTOR:
            wanted = model.desk.desk.organisations.get(one.organisation_id or 0)
            parts = (family.word(family.CORRECTIONS, one.correction), wanted.name if wanted is not None else "")
            child = f"{formats.day(view.child.born)} · {family.age(view.child.born, model.desk.today)}"
            card.add(Text(" · ".join(part for part in (*parts, child) if part), bold=True, wrap=True))
            person = model.desk.desk.person
            card.add(Muted(_("The parent will read your name: {name}.").format(name=person.name if person else "–")))
        self._offer(card)
        return card

    def wrong(self) -> tuple[Any, ...]:
        """Override: the question of an act has its own."""
        return (*super().wrong(), *self.view_model.ask_question.problems)

    def first_field(self) -> QWidget | None:
        """Override: a question that has just opened takes the cursor, at its first field, never at its verb.

        A question about a document that has ended gives it back to its document.
        """
        asked, checking = self.view_model.ask_question.deed, self.view_model.checking
        opened, self._asked = asked is not None and asked is not self._asked, asked
        doubts, self._doubting = self.view_model.doubting and not self._doubting, self.view_model.doubting
        checks, self._checking = checking is not None and checking is not self._checking, checking
        if opened and self.question is not None:
            return _first(self.question.form) or _first(self.question.signing.form) or self.question.no
        if checks:
            forms = (card.form for card in self.findChildren(PapersCard) if card.form is not None)
            return next((found for form in forms if (found := _first(form)) is not None), None)
        if doubts:
            forms = (form for form in self.holder_forms() if "benefit-reason" in form.fields)
            return next((found for form in forms if (found := _first(form)) is not None), None)
        left, self.view_model.left = self.view_model.left, None
        if left is not None:  # the next document is one step further, and the page stays where it was
            return next((card.opening[left] for card in self.findChildren(PapersCard) if left in card.opening), None)
        return None

    def _temporary(self, card: Card) -> None:
        model = self.view_model
        case = model.view.case
        if case.temp not in TEMP_LIVE:
            return
        offer = model.desk.desk.offers.get(case.temp_group_id or 0)
        until = formats.day(case.temp_until) if case.temp_until else "–"
        card.add(
            Text(
                _("Temporary place: {place}, last day {day}.").format(place=family.offer_name(offer), day=until),
                wrap=True,
            )
        )

    def _offer(self, card: Card) -> None:
        model = self.view_model
        self.buttons, self.question = {}, None
        if model.ask_question.deed is not None:
            card.add(Rule())
            model.say_anew()
            self.question = QuestionView(model, model.ask_question)
            card.add(self.question)
            return
        shown = model.deeds()
        if not shown:
            problem = model.unreadable()
            if problem is not None:
                card.add(Banner(sentence(problem), "danger"))
            elif not model.on_its_way():
                card.add(Muted(_("There is nothing for you to do with it now.")))
            return
        card.add(Rule())
        for deed in shown:
            line = QHBoxLayout()
            line.setSpacing(theme.grid(4))
            button = Button(deed.verb, partial(model.ask, deed.event), kind=deed.kind)
            button.setEnabled(deed.possible and not model.busy)
            note = deed.why_not or deed.consequence
            button.setAccessibleDescription(note)
            self.buttons[deed.event] = button
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(Muted(note), 1, Qt.AlignmentFlag.AlignVCenter)
            card.add(line)

    def _show_paper(self, data: bytes, name: str) -> None:
        model = self.view_model
        if self.printed is not None and isValid(self.printed):
            self.printed.close()  # made from older data
        if model.shelf is not None:
            self.printed = PaperWindow(model.context, bytes(data), name, note(model.shelf), self)
            self.printed.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self.printed.show()

    # Parts


def _waits(one: Any, model: CaseScreen) -> str:
    """Return why an officer may act for a kindergarten, or that it still has time."""
    if model.actor is not Actor.OFFICER:
        return ""
    signing = one.state == State.CONTRACT_ORG_SIGN
    if model.late and signing:
        return _(
            "The kindergarten let its own term pass. You may return the contract or refuse the place for it; the "
            "signature is the kindergarten's alone: call it. The parent loses nothing."
        )
    if model.late:
        return _("The kindergarten let its own term pass: you may act for it. The parent loses nothing.")
    kinds = {TimerKind.ORG_SLA.value, TimerKind.ACTIVATE_SLA.value}
    if kinds & set(one.terms) and signing:
        return _(
            "The kindergarten still has time. When its term has passed, you may return the contract or refuse the "
            "place for it; the signature is the kindergarten's alone."
        )
    if kinds & set(one.terms):
        return _("The kindergarten still has time. When its term has passed, you may act for it.")
    return ""


def _first(form: QWidget) -> QWidget | None:
    """Return what takes the cursor first in a form."""
    fields = (one for one in form.findChildren(QWidget) if one.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return next((one for one in fields if one.isEnabled()), None)


def _flag(flag: str, view: ApplicationView, zone: str) -> str:
    """Return a mark of an application in words, with how long a child is away."""
    until = away_until(view, zone) if flag == Flag.ON_LEAVE else None
    return _("On leave until {day}").format(day=formats.day(until)) if until else family.word(words.FLAGS, flag)
