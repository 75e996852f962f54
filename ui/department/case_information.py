"""The information of an application on a department's card: facts, the claimed benefit, and the form to change it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from models.domain.admissions.states import Actor, State
from translations import _, formats
from ui import theme
from ui.department import benefit_card
from ui.department.case_model import CaseScreen
from ui.family import choices
from ui.family import information as shared
from ui.family import words as family
from ui.family.parts import Facts
from ui.kit import Button, Card, Choice, Field, Form, Text, button_row


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
        benefit_card.fill(model, card)
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
    proved = model.view is not None and model.view.application.benefit_state == "verified"
    benefit.setEnabled(not proved)
    note = _("It was proved: two officers can take it away on the card of the application.") if proved else ""
    form.add("benefit", _("&Benefit"), benefit, note=note)
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
