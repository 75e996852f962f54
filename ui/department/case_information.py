"""The information of an application on a department's card: facts, the claimed benefit, and the form to change it."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from models.domain.admissions.reasons import BENEFIT
from models.domain.admissions.states import Actor, State
from translations import _, formats
from ui import theme
from ui.department import reasons
from ui.department.case_model import CaseScreen
from ui.family import choices
from ui.family import information as shared
from ui.family import words as family
from ui.family.parts import Facts
from ui.flow import flowing
from ui.kit import Banner, Button, Card, Choice, Field, Form, Rule, Text, button_row


def information(model: CaseScreen) -> QWidget:
    """Return what was applied for, by whom, for which child; or the form in which an officer changes it."""
    view, department, found = model.view, model.department, model.card
    assert view is not None
    assert department is not None
    assert found is not None  # the card is drawn only with them
    one, zone = view.application, model.desk.zone
    if model.editing:
        return _edit(model)
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.grid(4))
    offer = model.desk.desk.offers.get(one.group_id or 0)
    attended = model.desk.desk.offers.get(one.placement_group_id or 0)
    position = view.position
    card = Card(_("Application"))
    card.add(
        Facts(
            [
                *shared.filed(one, zone),
                (_("Date of the turn"), family.exact(one.rank_date, zone) if one.rank_date else ""),
                (_("Place in the queue"), _position(position, zone)),
                *shared.applied_for(one, department),
                (_("Benefit"), shared.benefit(one, department)),
                (
                    _("Kind of correction"),
                    family.word(family.CORRECTIONS, one.correction) if one.correction else "",
                ),
                *shared.wanted(one, model.desk.desk.organisations),
                (_("Place held"), family.offer_name(offer) if one.group_id != one.placement_group_id else ""),
                (_("Attends"), family.offer_name(attended)),
            ]
        )
    )
    if model.actor is Actor.OFFICER:
        _benefit(model, card)
        if view.case.state in (State.QUEUED, State.DOCS_REVIEW) and not model.on_its_way():
            change = Button(_("Change the application"), model.edit, icon="pencil")
            card.body.addWidget(change, 0, Qt.AlignmentFlag.AlignLeading)
    card.body.addStretch(1)
    row.addWidget(card, 1)
    people = Card(_("Child and applicant"))
    child = view.child
    born = f"{formats.day(child.born)} · {family.age(child.born, model.desk.today)}"
    facts = shared.people(one, child, born)
    facts += [
        (_("May act") if guardian.may_act else _("May see"), guardian.name)
        for guardian in found.guardians
        if guardian.until is None and guardian.name != one.applicant
    ]
    people.add(Facts(facts))
    people.body.addStretch(1)
    row.addWidget(people, 1)
    return holder


def _benefit(model: CaseScreen, card: Card) -> None:
    assert model.view is not None
    one = model.view.application
    if one.benefit_state != "claimed":
        return
    card.add(Rule())
    if model.benefit_pending():
        card.add(Banner(_("Your decision about the benefit is not sent yet."), "pending"))
        return
    if model.proved_by_me:
        said = _("You found it proved. It counts once another officer has too.")
    elif one.benefit_by:
        said = _("{officer} found the benefit proved. It counts once you have too: compare it with its document.")
        said = said.format(officer=one.benefit_by)
    else:
        said = _("The benefit is claimed: compare it with its document. It counts once two officers have.")
    card.add(Text(said, bold=True, wrap=True))
    form = Form()
    reasons.ask(form, model, "benefit-reason", BENEFIT, note=_("If you refuse. The parent reads it."))
    form.show_problems(model.problems)
    card.add(form)
    row, flow = flowing(2)
    if not model.proved_by_me:
        verb = _("The benefit counts") if one.benefit_by else _("The benefit is proved")
        flow.addWidget(Button(verb, partial(model.decide_benefit, True), kind="primary"))
    flow.addWidget(
        Button(_("Refuse: the general category counts"), partial(model.decide_benefit, False), kind="danger")
    )
    card.add(row)


def _edit(model: CaseScreen) -> QWidget:
    department = model.department
    assert department is not None
    card = Card(_("Change the application"), note=_("The date of the application stays, and with it the turn."))
    form = Form(columns=2)
    languages = choices.languages(model, model.edited_languages)
    form.add("languages", _("Language of education"), languages, span=2)
    form.add("locality", _("&Locality"), locality_choice(model, "locality"))
    benefit = Choice(choices.benefits(department), model.draft.get("benefit", ""))
    benefit.chosen.connect(lambda value: model.type("benefit", value))
    form.add("benefit", _("&Benefit"), benefit)
    phone = Field(model.draft.get("phone", ""))
    phone.textEdited.connect(lambda text: model.type("phone", text))
    form.add("phone", _("&Telephone"), phone)
    card.add(form)
    rest = form.show_problems(model.problems)
    if rest:
        card.add(Text(rest, tone="danger", wrap=True))
    card.add(button_row(Button(_("Save"), model.save_edit, kind="primary"), Button(_("Cancel"), model.cancel)))
    return card


def locality_choice(model: Any, key: str, everything: str = "") -> Choice:
    """Return a choice of the department's localities, kept in the model's draft under ``key``."""
    offered = [(str(key), name) for key, name in choices.localities(model.department)]
    if everything:
        offered.insert(0, ("", everything))
    choice = Choice(offered, model.draft.get(key, ""))
    choice.chosen.connect(lambda value: model.type(key, value))
    return choice


def _position(position: Any, zone: str) -> str:
    if position is None:
        return ""
    return _("{number} of {total} on {moment}").format(
        number=formats.number(position.number),
        total=formats.number(position.total),
        moment=formats.moment(position.at, zone),
    )
