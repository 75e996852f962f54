"""A change of a category that waits for a second officer, with what it changes; or one that was refused."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

from PySide6.QtWidgets import QWidget

from models.contract.admission_records import Category
from translations import LANGUAGES, N_, _, formats
from ui.department import words
from ui.department.categories.view_model import CategoriesModel
from ui.department.page import DeskPage
from ui.family import words as family
from ui.flow import flowing
from ui.kit import LANGUAGE_NAMES, Banner, Button, Card, Chip, Column, Muted, TableModel


class Difference(NamedTuple):
    """What a change gives something, and what that is now."""

    what: str
    value: str
    before: str


def change_card(page: DeskPage, model: CategoriesModel, change: Category) -> QWidget:
    """Return the card of a change: who prepared it, what it changes, and the answers to it."""
    before = model.before(change)
    title = _("{name}: from {day}").format(name=family.said(change.name), day=formats.day(change.valid_from))
    card = Card(title)
    waits = change.state == "prepared"
    text, tone = (N_("Awaits a second officer"), "warning") if waits else words.EDITIONS["refused"]
    card.header.addWidget(Chip(_(text), tone))
    card.add(Muted(_said_by(model, change)))
    if not waits:
        return card
    if before is None:
        card.add(Muted(_("A new category.")))
    rows = differences(model, before, change)
    if rows:
        label = f"{_('What the change does')}: {title}"
        card.add(page.table(_model(rows), f"category-change-{change.id}", label, sortable=False))
    else:
        card.add(Muted(_("It changes nothing of the category.")))
    if model.deciding(change):
        card.add(Chip(_("Not sent yet"), "pending"))
        return card
    row, flow = flowing(2)
    yes = Button(_("Confirm the change"), partial(model.decide, change, True), kind="primary")
    no = Button(_("Do not confirm"), partial(model.decide, change, False), kind="danger")
    why = ""
    if model.late(change):
        why = _("Its day has come and nobody confirmed it, so it does not count. Prepare the change anew.")
        card.add(Banner(why, "warning"))
    elif model.mine(change):
        why = _("You prepared this change, so another officer has to confirm it.")
        card.add(Banner(why, "accent"))
    if why:
        yes.setEnabled(False)
        yes.setAccessibleDescription(why)
    if model.mine(change):
        no.setText(_("Take the change back"))
    for button in (yes, no):
        button.setAccessibleName(f"{button.text()}: {title}")
        flow.addWidget(button)
    card.add(row)
    return card


def _said_by(model: CategoriesModel, change: Category) -> str:
    if change.state == "prepared":
        return _("Prepared by {one}.").format(one=change.prepared_by)
    if change.confirmed_by_id == change.prepared_by_id:
        return _("Prepared and taken back by {one}. The category stays as it is.").format(one=change.prepared_by)
    return _("Prepared by {one}, not confirmed by {other}. The category stays as it is.").format(
        one=change.prepared_by, other=change.confirmed_by
    )


def differences(model: CategoriesModel, before: Category | None, after: Category) -> list[Difference]:
    """Return what differs between a category and its change; all of a new one."""
    now = _values(model, before) if before is not None else {}
    then = _values(model, after)
    return [Difference(what, value, now.get(what, "")) for what, value in then.items() if value != now.get(what, "")]


def _values(model: CategoriesModel, category: Category) -> Mapping[str, str]:
    department = model.department
    benefits = {one.code: family.said(one.name) for one in department.benefits} if department is not None else {}
    return {
        _("Rank"): str(category.rank),
        _("Kind of priority"): family.word(words.LINES, category.line),
        _("Benefit"): benefits.get(category.benefit, category.benefit) or _("No benefits"),
        _("Age on 1 September"): age_words(category.age_from_months, category.age_to_months),
        **{
            _("Name: {language}").format(language=LANGUAGE_NAMES[language]): category.name.get(language, "")
            for language in LANGUAGES
        },
    }


def age_words(low: int, high: int) -> str:
    """Return an age band in words: «from 3 to 4 years»; in months where it does not end with a year."""
    if low % 12 == 0 and high % 12 == 0:
        return family.ages(low // 12, high // 12)
    return _("from {low} to {high} months").format(low=low, high=high)


def _model(rows: list[Difference]) -> TableModel[Difference]:
    return TableModel(
        (
            Column("what", lambda: _("What"), lambda row: row.what),
            Column("value", lambda: _("Value"), lambda row: row.value, stretch=True, bold=lambda _row: True),
            Column("before", lambda: _("In force now"), lambda row: row.before, stretch=True,
                   tone=lambda _row: "muted"),
        ),
        rows,
    )  # fmt: skip
