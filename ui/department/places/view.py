"""Kindergartens and groups: the table, the card with its groups, the forms, and the closing of a group."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from models.cache.queries.department import Line
from models.domain.admissions.states import Programme
from translations import _, formats, n_
from ui import theme
from ui.context import Context, Made
from ui.department import words
from ui.department.case_information import locality_choice
from ui.department.page import DeskPage
from ui.department.places.table_model import groups_model, houses_model, written_model
from ui.department.places.view_model import COMMANDS, PlacesModel
from ui.family import words as family
from ui.family.parts import Facts
from ui.flow import flowing
from ui.kit import (
    Banner,
    Button,
    Card,
    Check,
    Chip,
    Choice,
    DateField,
    Field,
    Form,
    Heading,
    Muted,
    Rule,
    Text,
    button_row,
)

_BACK: Final = "back"


class PlacesPage(DeskPage):
    """Built over :class:`PlacesModel`."""

    def __init__(self, model: PlacesModel) -> None:
        super().__init__(model, _("Kindergartens and groups"))
        self.new = self.primary(_("Add a kindergarten"), lambda: model.edit_organisation(new=True), "plus")
        self.search = Field(model.words, hint=_("Name, address or BIN"))
        self.search.setAccessibleName(_("Search kindergartens"))
        self.search.setMinimumWidth(theme.grid(75))
        self.search.textEdited.connect(model.narrow)
        self.filter(self.search, last=True)
        self.begin()

    def empty(self) -> tuple[str, str] | None:
        """Override."""
        model = self.view_model
        open_ = model.part or model.chosen is not None or model.pending() or model.desk.refused(*COMMANDS)
        if open_ or model.words or model.organisations():
            return None
        self.search.hide()
        return _("No kindergartens yet."), ""

    def fill(self) -> None:
        """Override."""
        model = self.view_model
        listed = model.chosen is None and not model.part
        self.new.setVisible(listed and model.may_change_houses)
        self.search.setVisible(listed)
        for banner in self.waiting_banners(model.pending(), model.desk.refused(*COMMANDS)):
            self.holder.addWidget(banner)
        if listed:
            self._list()
            return
        inside = model.part and model.chosen is not None
        verb = _("Back to the kindergarten") if inside else _("Back to the list")
        back = Button(verb, model.close_card, icon="arrow-left")
        self.holder.addWidget(back, 0, Qt.AlignmentFlag.AlignLeading)
        if model.part == "organisation":
            self.holder.addWidget(self._organisation())
        elif model.part == "group":
            self.holder.addWidget(self._group())
        elif model.part == "close":
            self.holder.addWidget(self._close())
        else:
            self._card()

    def _list(self) -> None:
        model = self.view_model
        self.show_context(self.as_of())
        found = model.organisations()
        if not found:
            self.holder.addWidget(Muted(_("No kindergarten fits.") if model.words else _("No kindergartens yet.")))
            return
        title = _("Kindergartens")
        self.holder.addWidget(
            self.table(
                houses_model(model, found),
                "office-houses",
                title,
                lambda one: model.open(one.id),
                fills=True,
                first=True,
            )
        )

    def _card(self) -> None:
        model = self.view_model
        one = model.organisation
        if one is None:
            return
        self.show_context(one.name)
        card = Card(one.name)
        if not one.opened:
            card.header.addWidget(Chip(_("Closed"), "danger"))
        card.add(
            Facts(
                [
                    (_("Kind"), family.word(family.KINDS, one.kind)),
                    (_("Ownership"), family.word(family.OWNERSHIP, one.ownership)),
                    (_("Locality"), family.place_name(model.department, one.locality_id)),
                    (_("Address"), one.address),
                    (_("Telephone"), family.telephone(one.phone)),
                    (_("E-mail"), one.email),
                    (_("BIN"), one.bin),
                    (_("Head"), one.director),
                    (_("Corrections"), ", ".join(family.word(family.CORRECTIONS, code) for code in one.corrections)),
                ]
            )
        )
        if model.may_change_houses:
            change = Button(_("Change the kindergarten"), model.edit_organisation, icon="pencil")
            card.body.addWidget(change, 0, Qt.AlignmentFlag.AlignLeading)
        self.holder.addWidget(card)
        offers = model.offers(one.id)
        row = QHBoxLayout()
        row.addWidget(Heading(_("Groups")), 1)
        row.addWidget(Button(_("Add a group"), partial(model.edit_group, None), icon="plus"))
        self.holder.addLayout(row)
        if not offers:
            self.holder.addWidget(Muted(_("This kindergarten has no groups yet.")))
            self._written()
            return
        self.groups = self.table(
            groups_model(model, offers), "office-groups", _("Groups"),
            lambda offer: model.edit_group(offer.group.id), most=20, first=True,
        )  # fmt: skip
        self.holder.addWidget(self.groups)
        acts, flow = flowing(2)
        flow.addWidget(Button(_("Change the chosen group"), self._change_chosen, icon="pencil"))
        flow.addWidget(Button(_("Close the chosen group…"), self._close_chosen, kind="danger"))
        self.holder.addWidget(acts)
        self._written()

    def _written(self) -> None:
        """Show the office what the kindergarten was written."""
        model = self.view_model
        if not model.may_change_houses:
            return
        title = _("Sent to the kindergarten")
        self.holder.addWidget(Heading(title))
        if not model.written:
            self.holder.addWidget(Muted(_("Nothing has been sent to it yet.")))
            return
        self.holder.addWidget(self.table(written_model(model), "office-written", title, model.look, most=8))
        self.holder.addWidget(Muted(_("Enter or a double click opens the application that it is about.")))

    def _change_chosen(self) -> None:
        offer = self.groups.current_row
        if offer is not None:
            self.view_model.edit_group(offer.group.id)

    def _close_chosen(self) -> None:
        offer = self.groups.current_row
        if offer is not None:
            self.view_model.begin_close(offer.group.id)

    def _fields(self, form: Form, fields: tuple[tuple[str, str], ...]) -> None:
        model = self.view_model
        for key, label in fields:
            field = Field(model.draft[key])
            field.textEdited.connect(partial(model.type, key))
            form.add(key, label, field)

    def _choice(self, form: Form, key: str, label: str, table: dict[str, str], nothing: str = "") -> None:
        model = self.view_model
        offered = [(code, _(text)) for code, text in table.items()]
        if nothing:
            offered.insert(0, ("", nothing))
        choice = Choice(offered, model.draft[key])
        choice.chosen.connect(partial(model.type, key))
        form.add(key, label, choice)

    def _organisation(self) -> QWidget:
        model = self.view_model
        card = Card(_("New kindergarten") if model.new else _("Change the kindergarten"))
        self.form = form = Form(columns=2)
        self._fields(form, (("name", _("&Name")),))
        self._choice(form, "kind", _("&Kind"), family.KINDS)
        self._choice(form, "ownership", _("&Ownership"), family.OWNERSHIP)
        nothing = "" if model.draft["place"] else _("Choose a locality")
        form.add("place", _("&Locality"), locality_choice(model, "place", nothing))
        self._fields(
            form,
            (
                ("address", _("&Address")), ("phone", _("&Telephone")), ("email", _("&E-mail")), ("bin", _("&BIN")),
                ("director", _("&Head")),
            ),
        )  # fmt: skip
        holder, flow = flowing(3)
        for code, text in family.CORRECTIONS.items():
            box = Check(_(text))
            box.setChecked(code in model.corrections)
            box.toggled.connect(partial(model.correction, code))
            flow.addWidget(box)
        form.add("corrections", _("Corrections"), holder, span=2)
        opened = Check(_("Takes children"))
        opened.setChecked(model.opened)
        opened.toggled.connect(lambda on: setattr(model, "opened", on))
        form.add_widget(opened)
        return self._ended(card, form, _("Save the kindergarten"), model.save_organisation)

    def _group(self) -> QWidget:
        model = self.view_model
        card = Card(_("New group") if model.new else _("Change the group"))
        self.form = form = Form(columns=2)
        self._fields(
            form, (("name", _("&Name")), ("age_from", _("Age &from, years")), ("age_to", _("Age &until, years")))
        )
        self._choice(form, "language", _("&Language of education"), family.LANGUAGES)
        self._choice(form, "kind", _("&Kind"), family.STAYS)
        house = model.organisation
        kept = {*(house.corrections if house is not None else ()), model.draft["correction"]}
        offered = {code: text for code, text in family.CORRECTIONS.items() if code in kept}
        self._choice(form, "correction", _("&Correction"), offered, _("An ordinary group"))
        self._fields(form, (("responsible", _("&Responsible")),))
        capacity = Field(model.draft["capacity"])
        capacity.textEdited.connect(partial(model.type, "capacity"))
        note = n_(
            "{count} place is taken or held: not fewer.", "{count} places are taken or held: not fewer.", model.taken
        ).format(count=formats.number(model.taken))
        form.add("capacity", _("&Places"), capacity, note=note if model.taken else "")
        last = model.offer.group.valid_to if model.offer is not None else None
        if last is not None:
            again = Check(_("Open the group again; its last day is {day}").format(day=formats.day(last)))
            again.setChecked(model.open_again)
            again.toggled.connect(lambda on: setattr(model, "open_again", on))
            form.add_widget(again)
        return self._ended(card, form, _("Save the group"), model.save_group)

    def _ended(self, card: Card, form: Form, verb: str, act: Callable[[], object]) -> QWidget:
        model = self.view_model
        card.add(form)
        rest = form.show_problems(model.problems)
        if rest:
            card.add(Banner(rest, "danger"))
        card.add(button_row(Button(verb, act, kind="primary"), Button(_("Cancel"), model.close_card)))
        return card

    def _close(self) -> QWidget:
        model = self.view_model
        offer = model.offer
        name = offer.group.name if offer is not None else ""
        card = Card(_("Close the group “{name}”").format(name=name))
        card.add(
            Text(
                _(
                    "First decide about every child in it: another group of this kindergarten, or the voucher back to "
                    "the parent, who chooses anew and stands first in waiting lists. Publications of the group are "
                    "withdrawn without a penalty for anybody."
                ),
                wrap=True,
            )
        )
        for line in model.attending:
            card.add(Rule())
            self._child(card, line)
        card.add(Rule())
        form = Form()
        day = DateField(model.last_day, today=model.desk.today)
        day.setMaximumWidth(theme.grid(45))
        day.changed.connect(lambda value: setattr(model, "last_day", value))
        form.add("last_day", _("Last &day of the group"), day)
        rest = form.show_problems(model.problems)
        card.add(form)
        if rest:
            card.add(Banner(rest, "danger"))
        left = len(model.undecided())
        if left:
            text = n_(
                "{count} child is still to be decided about: the group cannot close before.",
                "{count} children are still to be decided about: the group cannot close before.",
                left,
            ).format(count=formats.number(left))
            card.add(Banner(text, "warning"))
        close = Button(_("Close the group"), model.close_group, kind="danger")
        close.setEnabled(not left)
        card.add(button_row(close, Button(_("Leave everything as it is"), model.close_card)))
        return card

    def _child(self, card: Card, line: Line) -> None:
        model = self.view_model
        row, flow = flowing(3)
        flow.addWidget(Text(f"{line.child.name} · {words.state(line.application)}", bold=True))
        card.add(row)
        one = line.application
        if one.placement_group_id != model.group and one.state in ("queued", "bulletin-applied", "referral-issued"):
            text = (
                _("Temporary: move its last day on the page “To act”.")
                if one.temp_group_id == model.group
                else _("Returns into the queue with the publication that is withdrawn.")
            )
            card.add(Muted(text))
            return
        if model.moving(line):
            card.add(Chip(_("Not sent yet"), "pending"))
            return
        acts, flow = flowing(2)
        key = f"where-{one.id}"
        choice = Choice(
            [("", _("Choose where the child goes")), *self._ways(line)],
            model.draft.get(key, ""),
            name=_("Where {child} goes").format(child=line.child.name),
        )
        flow.addWidget(choice)
        move = Button(_("Decide so"), lambda: model.move(line, None if choice.value == _BACK else int(choice.value)))
        move.setAccessibleName(f"{move.text()}: {line.child.name}")
        move.setEnabled(bool(choice.value))
        choice.chosen.connect(partial(model.type, key))
        choice.chosen.connect(lambda value: move.setEnabled(bool(value)))
        flow.addWidget(move)
        card.add(acts)

    def _ways(self, line: Line) -> list[tuple[str, str]]:
        """Return where a child of the group that closes may go, as the step will have it."""
        one = line.application
        attends = one.placement_group_id == self.view_model.group
        if one.programme == Programme.BULLETIN:
            back = _("Back into the queue, by the first date")
        elif not attends and one.placement_group_id is not None:
            back = _("The transfer ends; the child stays where it is")
        else:
            back = _("The voucher goes back to the parent")
        ways = [(_BACK, back)]
        for offer, suits in self.view_model.others(line) if attends else ():
            text = _("To the group {group}") if suits else _("To the group {group}, which does not suit the child")
            ways.append((str(offer.group.id), text.format(group=words.group_line(offer))))
        return ways


def make(context: Context) -> Made:
    """Return the screen."""
    model = PlacesModel(context)
    return model, lambda: PlacesPage(model)
