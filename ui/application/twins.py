"""Twins: with whom an application is served together, and how to end that."""

from __future__ import annotations

from PySide6.QtCore import Qt

from models.cache.queries.admissions import ApplicationView
from models.domain.admissions.states import State
from translations import _
from ui.application.view_model import ApplicationModel
from ui.family import words
from ui.kit import Button, Card, Chip, Heading, Muted, Text, button_row

_PAIR = 2


def twins_card(model: ApplicationModel, view: ApplicationView) -> Card | None:
    """Return what joins the application with others, None when it stands alone."""
    twins = model.twins
    if not twins:
        return None
    together = [view, *twins]
    names = ", ".join(one.child.given_name for one in together)
    card = Card(_("Twins"), icon="users")
    card.add(
        Text(
            _(
                "{names} are served together: their vouchers are given at the same time, and their places are in "
                "one kindergarten."
            ).format(names=names),
            wrap=True,
        )
    )
    card.add(
        Muted(" · ".join(f"{words.short_name(one.child)}, {one.application.number}" for one in twins))
    )  # whom the reader opens in the list of applications
    if model.leaving_twins:
        card.body.addWidget(Chip(_("Not sent yet"), "pending"), 0, Qt.AlignmentFlag.AlignLeading)
    elif model.may_act and view.case.state in (State.QUEUED, State.DOCS_REVIEW) and model.intention is None:
        if model.unbundling:
            _ask(card, model, view, len(together))
        else:
            apart = Button(_("Serve them separately"), model.ask_apart)
            apart.setEnabled(not model.busy)
            card.body.addWidget(apart, 0, Qt.AlignmentFlag.AlignLeading)
    return card


def _ask(card: Card, model: ApplicationModel, view: ApplicationView, count: int) -> None:
    card.add(Heading(_("Are you sure?")))
    if count > _PAIR:
        text = _(
            "{child} then waits alone for a voucher and a place, and may get them later than the others and in "
            "another kindergarten. The others stay together. This cannot be undone."
        )
    else:
        text = _(
            "Each child then waits alone for a voucher and a place: they may get them at different times and in "
            "different kindergartens. The dates of both applications stay. This cannot be undone."
        )
    card.add(Text(text.format(child=view.child.given_name), wrap=True))
    yes = Button(_("Yes, serve them separately"), model.serve_apart, kind="danger")
    yes.setEnabled(not model.busy)
    card.add(button_row(yes, Button(_("Leave everything as it is"), model.close)))
