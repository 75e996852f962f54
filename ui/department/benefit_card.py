"""The benefit of an application as officers decide about it: two prove it, and two take a proved one away."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from models.contract.reasons import said
from models.domain.admissions.reasons import BENEFIT
from translations import _, c_
from ui.department import reasons
from ui.flow import flowing
from ui.kit import Banner, Button, Card, Form, Rule, Text

if TYPE_CHECKING:
    from ui.department.case_model import CaseScreen


def fill(model: CaseScreen, card: Card) -> None:
    """Add to an application's card what is to be decided about its benefit, if anything is."""
    assert model.view is not None
    one = model.view.application
    if one.benefit_state not in ("claimed", "verified"):
        return
    card.add(Rule())
    if model.benefit_pending():
        card.add(Banner(_("Your decision about the benefit is not sent yet."), "pending"))
    elif one.benefit_state == "claimed":
        _claimed(model, card)
    elif one.benefit_doubt_by or model.doubting:
        _doubted(model, card)
    else:
        doubt = Button(_("The benefit is not right…"), partial(model.doubt, True), kind="link")
        card.body.addWidget(doubt, 0, Qt.AlignmentFlag.AlignLeading)


def _claimed(model: CaseScreen, card: Card) -> None:
    assert model.view is not None
    one = model.view.application
    if model.proved_by_me:
        text = _("You found it proved. It counts once another officer has too.")
    elif one.benefit_by:
        text = _("{officer} found the benefit proved. It counts once you have too: compare it with its document.")
        text = text.format(officer=one.benefit_by)
    else:
        text = _("The benefit is claimed: compare it with its document. It counts once two officers have.")
    card.add(Text(text, bold=True, wrap=True))
    _reason(model, card, _("If you refuse. The parent reads it."))
    row, flow = flowing(2)
    if not model.proved_by_me:
        verb = _("The benefit counts") if one.benefit_by else _("The benefit is proved")
        flow.addWidget(Button(verb, partial(model.decide_benefit, True), kind="primary"))
    flow.addWidget(
        Button(_("Refuse: the general category counts"), partial(model.decide_benefit, False), kind="danger")
    )
    card.add(row)


def _doubted(model: CaseScreen, card: Card) -> None:
    assert model.view is not None
    one = model.view.application
    if model.doubted_by_me:
        text = _("You found that the benefit is not right. It counts until another officer has too.")
    elif one.benefit_doubt_by:
        text = _("{officer} found that the proved benefit is not right. It counts until you have too.")
        text = text.format(officer=one.benefit_doubt_by)
    else:
        text = _("The benefit was proved by two officers. It counts until two have found that it is not right.")
    card.add(Text(text, bold=True, wrap=True))
    if one.benefit_doubt_by:
        why = said(one.benefit_doubt_code, one.benefit_doubt)
        card.add(Text(c_("admission", "Reason: {reason}").format(reason=why), wrap=True, selectable=True))
    if not model.doubted_by_me:
        final = _("If you take it away. The parent reads it.")
        _reason(model, card, final if one.benefit_doubt_by else _("The second officer reads it."))
    row, flow = flowing(2)
    if one.benefit_doubt_by:
        flow.addWidget(Button(_("The benefit stays"), partial(model.decide_benefit, True), kind="primary"))
    if not model.doubted_by_me:
        verb = _("Hand over to a second officer")
        if one.benefit_doubt_by:
            verb = _("Take away: the general category counts")
        flow.addWidget(Button(verb, partial(model.decide_benefit, False), kind="danger"))
    if not one.benefit_doubt_by:
        flow.addWidget(Button(_("Leave everything as it is"), partial(model.doubt, False)))
    card.add(row)


def _reason(model: CaseScreen, card: Card, note: str) -> None:
    form = Form()
    reasons.ask(form, model, "benefit-reason", BENEFIT, note=note)
    form.show_problems(model.problems)
    card.add(form)
