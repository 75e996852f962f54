"""The card of a plan: who made it, who issued it, one more question before, its protocol, and for whom a new one is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from models.contract.sentences import sentence
from translations import _
from ui.department.case_information import locality_choice
from ui.department.plan_model import Plan, PlanScreen
from ui.family import words as family
from ui.kit import Banner, Button, Card, Chip, Choice, Form, button_row
from ui.preview.view_model import Paper


@dataclass(frozen=True, slots=True)
class Says:
    """The words of the acts, in the language in force: to begin issuing, what comes of it, to issue, to drop."""

    begin: str
    consequence: str
    issue: str
    throw_away: str


class Question:
    """The question before a plan is issued takes the cursor once, at the way back and never at its verb."""

    def __init__(self) -> None:
        self._asked = False

    def takes(self, page: QWidget, issuing: bool) -> Button | None:
        """Return the way back of a question that has just been asked; None at any other time."""
        opened, self._asked = issuing and not self._asked, issuing
        if not opened:
            return None
        words = _("Leave everything as it is")
        return next((one for one in page.findChildren(Button) if one.text() == words and one.isVisibleTo(page)), None)


def headed(title: str, state: str, states: Mapping[str, tuple[str, str]]) -> Card:
    """Return a card with a state beside its title; ``states`` has words and tones."""
    card = Card(title)
    text, tone = states.get(state, (state, "muted"))
    card.header.addWidget(Chip(_(text), tone))
    return card


def officers(planned: str, plan: Plan, zone: str) -> list[tuple[str, str]]:
    """Return who planned and who issued, when, and why it was not; ``planned`` says what the first of them did."""
    issued = f"{plan.issued_by} · {family.exact(plan.issued_at, zone)}" if plan.issued_at else ""
    return [
        (planned, f"{plan.planned_by} · {family.exact(plan.planned_at, zone)}"),
        (_("Issued by") if plan.state == "issued" else _("Decided by"), issued),
        (_("Reason"), plan.reason),
    ]


def add_acts(
    card: Card, model: PlanScreen, plan: Plan, says: Says, notice: QWidget | None, paper: Paper | None
) -> Button | None:
    """Add what can be done with a plan, or the question before it is issued; return the button that begins issuing.

    ``notice`` says why it cannot be issued here.
    """
    planned = plan.state == "planned"
    if planned and model.issuing:
        card.add(Banner(says.consequence, "warning"))
        leave = Button(_("Leave everything as it is"), model.stop_issue)
        card.add(button_row(Button(says.issue, model.issue, kind="primary"), leave))
        return None
    if notice is not None:
        card.add(notice)
    buttons, begin = [], None
    if planned:
        begin = Button(says.begin, model.begin_issue, kind="primary")
        begin.setEnabled(model.may_issue and not model.under_way)
        if model.mine:
            begin.setAccessibleDescription(_("Another officer has to issue it."))
        buttons.append(begin)
    document = model.document
    if paper is not None:
        buttons += [
            Button(_("Print the protocol"), lambda: document.make(paper, document.print), icon="printer"),
            Button(_("Save the protocol"), lambda: document.make(paper, document.save), icon="save"),
        ]
    if planned:
        drop = Button(says.throw_away, model.throw_away, kind="danger")
        drop.setEnabled(not model.under_way)
        buttons.append(drop)
    card.add(button_row(*buttons))
    if document.problem is not None:
        card.add(Banner(sentence(document.problem), "danger"))
    return begin


def ask(form: Form, model: PlanScreen, key: str, label: str, offered: list[tuple[str, str]]) -> None:
    """Ask for one thing that narrows for whom a new plan is."""
    choice = Choice(offered, model.draft[key])
    choice.chosen.connect(lambda value: model.set(key, value))
    form.add(key, label, choice)


def ask_queue(form: Form, model: PlanScreen) -> None:
    """Ask for which queue, and where."""
    kinds = [(key, family.word(family.PROGRAMMES, key)) for key in ("general", "special")]
    ask(form, model, "programme", _("&Kind of queue"), kinds)
    place = locality_choice(model, "place", _("Every locality"))
    place.chosen.connect(lambda value: model.set("place", value))
    form.add("place", _("&Locality"), place)


def ask_language(form: Form, model: PlanScreen) -> None:
    """Ask for which language of education."""
    offered = [("", _("Every language")), *((key, family.word(family.LANGUAGES, key)) for key in family.LANGUAGES)]
    ask(form, model, "language", _("Language of &education"), offered)
