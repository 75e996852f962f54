"""Forming of groups: collections of wishes, the computed result with its lines, its protocol, the second officer."""

from __future__ import annotations

from collections.abc import Set
from datetime import timedelta
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from models.cache.queries.collections import Collected, Result
from models.contract.collection_records import Collection, Forming
from translations import _, formats, n_
from ui.context import Context, Made
from ui.department import plan_card
from ui.department.collections.protocol import protocol_paper
from ui.department.collections.table_model import (
    RESULTS,
    STATES,
    collection_columns,
    forming_columns,
    full_columns,
    group_columns,
    line_columns,
    standing,
)
from ui.department.collections.view_model import CollectionsModel
from ui.department.page import DeskPage
from ui.family import words as family
from ui.family.parts import Facts
from ui.kit import (
    Banner,
    Button,
    Card,
    DateField,
    Field,
    Form,
    Heading,
    Muted,
    TableModel,
    Text,
    button_row,
)
from ui.kit.table_order import alphabetic

_NAMED: Final = 12
"""How many kindergartens of a collection are named."""


class CollectionsPage(DeskPage):
    """Built over :class:`CollectionsModel`."""

    def __init__(self, model: CollectionsModel) -> None:
        super().__init__(model, _("Forming of groups"))
        self._question = plan_card.Question()
        self.open_button = self.primary(_("Collect wishes"), model.begin, "plus")
        self.begin()

    def first_field(self) -> QWidget | None:
        """Override: the question before issuing."""
        return self._question.takes(self, self.view_model.issuing)

    def empty(self) -> tuple[str, str] | None:
        """Override."""
        model = self.view_model
        if model.collections or model.opening or model.on_its_way() or model.refusals():
            return None
        return (
            _("No wishes have been collected yet."),
            _("Open a collection: families rank groups until an end, and all places are given at once."),
        )

    def fill(self) -> None:
        """Override."""
        model = self.view_model
        self.open_button.setVisible(model.chosen is None and not model.opening)
        for banner in self.waiting_banners(model.on_its_way(), model.refusals()):
            self.holder.addWidget(banner)
        if model.opening:
            self.holder.addWidget(self._opening())
            self.holder.addWidget(self._groups())
            return
        if model.chosen is not None:
            self._card()
            return
        self.show_context(self.as_of())
        if model.collections:
            self.holder.addWidget(
                self.table(
                    TableModel(collection_columns(model), model.collections),
                    "collections",
                    _("Collections of wishes"),
                    lambda row: model.open(row.id),
                    first=True,
                )
            )

    # A new collection

    def _opening(self) -> QWidget:
        model = self.view_model
        card = Card(
            _("Collect wishes"),
            note=_("Families whose child suits are told. Until the end they may change their lists."),
        )
        form = Form(columns=2)
        plan_card.ask_queue(form, model)
        plan_card.ask_language(form, model)
        ages = [("", _("Every age")), *((str(age), _("from {age}").format(age=age)) for age in model.ages)]
        plan_card.ask(form, model, "age", _("&Age of the group"), ages)
        ends = DateField(model.day("ends"), today=model.desk.today)
        ends.changed.connect(lambda day: model.type("ends", day.isoformat() if day else ""))
        form.add("ends", _("Last day of the &collection"), ends)
        hour = Field(model.draft["hour"])
        hour.textEdited.connect(lambda text: model.type("hour", text))
        form.add("hour", _("&Hour of the end"), hour, note=_("In the department's time, for example 18:00."))
        starts = DateField(model.day("starts"), today=model.desk.today)
        starts.changed.connect(lambda day: model.type("starts", day.isoformat() if day else ""))
        form.add("starts", _("&First day in the groups"), starts, note=_("Ages count on this day."))
        card.add(form)
        rest = form.show_problems(model.problems)
        if rest:
            card.add(Banner(rest, "danger"))
        card.add(
            button_row(
                Button(_("Open the collection"), model.send_opening, kind="primary"),
                Button(_("Cancel"), model.close_card),
            )
        )
        return card

    def _groups(self) -> QWidget:
        model = self.view_model
        count, free = len(model.groups), model.free
        card = Card(
            n_("{count} group is in the collection", "{count} groups are in the collection", count).format(
                count=formats.number(count)
            ),
            note=_("Free places in them now: {count}. Enter leaves a group out, or takes it in again.").format(
                count=formats.number(free)
            ),
        )
        table = TableModel(group_columns(model), model.matching)
        card.add(self.table(table, "collection-groups", _("Groups"), lambda row: model.toggle(row.group.id)))
        return card

    # A collection

    def _card(self) -> None:
        model = self.view_model
        to = _("Back to the list") if model.reading is None else _("Back to the collection")
        back = Button(to, model.close_card, icon="arrow-left")
        self.holder.addWidget(back, 0, Qt.AlignmentFlag.AlignLeading)
        found: Collected | None = model.collected
        if found is None:
            return
        if model.reading is not None:
            self._result(model.result)
            return
        one, zone = found.collection, model.desk.zone
        self.show_context(_("Collection of wishes {number}").format(number=one.number))
        title = _("Collection of wishes {number}").format(number=one.number)
        card = plan_card.headed(title, standing(model, one), STATES)
        names = model.names()
        kindergartens = {names[group][0] for group in one.group_ids if group in names}
        card.add(
            Facts(
                [
                    (_("Kind of queue"), family.word(family.PROGRAMMES, one.programme)),
                    (_("Lists filed"), formats.number(found.filed)),
                    (_("End"), family.exact(one.closes_at, zone)),
                    (_("Left"), _left(model, one)),
                    (_("First day in the groups"), formats.day(one.starts_on)),
                    (_("Groups"), formats.number(len(one.group_ids))),
                    (_("Kindergartens"), _several(kindergartens)),
                    (_("Reason"), one.reason),
                ]
            )
        )
        self._collection_acts(card, found)
        self.holder.addWidget(card)
        if found.formings:
            self.holder.addWidget(Heading(_("Computed results")))
            self.holder.addWidget(
                self.table(
                    TableModel(forming_columns(model), found.formings),
                    "formings",
                    _("Computed results"),
                    lambda row: model.read(row.id),
                    first=True,
                )
            )

    def _collection_acts(self, card: Card, found: Collected) -> None:
        model, one = self.view_model, found.collection
        if one.state not in ("collecting", "closed"):
            return
        if model.giving_up:
            form = Form()
            reason = Field(model.draft.get("reason", ""))
            reason.textEdited.connect(lambda text: model.type("reason", text))
            form.add("reason", _("&Reason, which the families will read"), reason)
            form.show_problems(model.problems)
            card.add(form)
            give_up = Button(_("Give the collection up"), model.give_up, kind="danger")
            card.add(button_row(give_up, Button(_("Leave everything as it is"), model.leave)))
            return
        if not model.over:
            card.add(Muted(_("Until the end a result is a trial: lists may still come. Places are given after it.")))
        busy = bool(model.on_its_way())
        compute = Button(_("Compute the result") if model.over else _("Compute a trial"), model.compute, kind="primary")
        compute.setEnabled(bool(found.filed) and not busy)
        give_up = Button(_("Give the collection up…"), model.begin_give_up, kind="danger")
        give_up.setEnabled(not busy)
        card.add(button_row(compute, give_up))

    # A result

    def _result(self, found: Result | None) -> None:
        model = self.view_model
        if found is None:
            return
        one, zone = found.forming, model.desk.zone
        self.show_context(_("Result {number}").format(number=one.number))
        card = plan_card.headed(_("Result {number}").format(number=one.number), one.state, RESULTS)
        given = _("Places given") if one.state == "issued" else _("Places to be given")
        stable = (
            _("No family would rather have a place that was given to somebody who stands behind it.")
            if one.stable
            else _("Twins are placed together, so a family may stand before somebody who got a place that it wants.")
        )
        card.add(
            Facts(
                [
                    (_("Lists filed"), formats.number(one.lists)),
                    (given, formats.number(one.placed)),
                    (_("Without a place"), formats.number(one.lists - one.placed)),
                    (_("What the result means"), stable),
                    *plan_card.officers(_("Computed by"), one, zone),
                ]
            )
        )
        self._result_acts(card, one)
        self.holder.addWidget(card)
        self.holder.addWidget(Heading(_("Who gets what, and why")))
        names = model.names()
        lines = TableModel(line_columns(names, zone), found.lines)
        self.holder.addWidget(self.table(lines, "forming-lines", _("Who gets what, and why"), most=24, sortable=False))
        self.holder.addWidget(Heading(_("How full the groups are")))
        full = TableModel(full_columns(names), tuple(tuple(row) for row in one.places))
        self.holder.addWidget(self.table(full, "forming-groups", _("How full the groups are")))

    def _result_acts(self, card: Card, one: Forming) -> None:
        model = self.view_model
        count = n_("{count} child gets a place.", "{count} children get places.", one.placed).format(count=one.placed)
        text = _("All places are given at once, and the families are told. This cannot be taken back in one go.")
        says = plan_card.Says(
            _("Give the places…"), f"{count} {text}", _("Give the places"), _("Throw the result away")
        )
        notice: QWidget | None = None
        if one.state == "planned" and model.mine:
            text = _("You had this computed, so another officer has to give the places: two people look at it.")
            notice = Banner(text, "accent")
        elif one.state == "planned" and not model.over:
            text = _("This is a trial: wishes are still collected. Compute it again after the end.")
            notice = Banner(text, "accent")
        elif one.state == "stale":
            text = _("Queue, wishes or places changed afterwards, so no place was given. Compute the result anew.")
            notice = Text(text, wrap=True)
        plan_card.add_acts(card, model, one, says, notice, protocol_paper(model))


def _several(names: Set[str]) -> str:
    """Return the first names in the order of people, and how many more there are."""
    text, more = ", ".join(sorted(names, key=alphabetic)[:_NAMED]), len(names) - _NAMED
    if more <= 0:
        return text
    return n_("{names} and {count} more", "{names} and {count} more", more).format(
        names=text, count=formats.number(more)
    )


def _left(model: CollectionsModel, one: Collection) -> str:
    rest = one.closes_at - model.desk.server_now()
    return family.left(rest) if one.state == "collecting" and rest > timedelta(0) else ""


def make(context: Context) -> Made:
    """Return the screen."""
    model = CollectionsModel(context)
    return model, lambda: CollectionsPage(model)
