"""Rules of the programmes: those in force in words, editions with their days, and the writing of a new one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from models.contract.admission_commands import ConfirmChange, SetProgramme
from models.contract.admission_records import ProgrammeRules
from models.domain.admissions.rules import DEFAULTS
from models.domain.admissions.states import Programme
from translations import N_, _, formats
from ui import theme
from ui.context import Context, Made
from ui.department import words
from ui.department.page import DeskPage
from ui.department.programmes import rules_table
from ui.department.programmes.rules_table import Rule
from ui.department.programmes.view_model import ProgrammesModel
from ui.family import words as family
from ui.family.parts import Tabs
from ui.flow import flowing
from ui.kit import (
    Banner,
    Button,
    Card,
    Check,
    Chip,
    Choice,
    Column,
    DateField,
    Field,
    Form,
    Muted,
    TableModel,
    Text,
    button_row,
)
from ui.kit import Rule as Hairline

PROGRAMMES = {**family.PROGRAMMES, "temporary": N_("Temporary places")}


@dataclass(frozen=True, slots=True)
class Row:
    """A rule with its value, and the value it had or will have."""

    rule: Rule
    value: str
    other: str = ""
    different: bool = False


class ProgrammesPage(DeskPage):
    """Built over :class:`ProgrammesModel`."""

    def __init__(self, model: ProgrammesModel) -> None:
        super().__init__(model, _("Rules of programmes"))
        self.change = self.primary(_("Prepare an edition"), model.edit, "pencil")
        self.begin()

    def fill(self) -> None:
        """Override."""
        model = self.view_model
        self.show_context(_("What one officer prepares, another confirms; it counts from its day on."))
        self.change.setVisible(not model.editing)
        if not model.editing:  # another programme would throw away what is being written
            tabs = Tabs([(key, _(text)) for key, text in PROGRAMMES.items()], model.programme, _("Programme"))
            tabs.chosen.connect(model.choose)
            self.holder.addWidget(tabs)
        kinds = (SetProgramme, ConfirmChange)
        for banner in self.waiting_banners(model.desk.pending(*kinds), model.desk.refused(*kinds)):
            self.holder.addWidget(banner)
        if model.editing:
            self.holder.addWidget(self._write())
            return
        for edition in model.editions():
            if edition.state == "prepared":
                self.holder.addWidget(self._prepared(edition))
            elif self._ahead(edition):
                self.holder.addWidget(self._coming(edition))
        self._in_force()
        self._history()

    def _in_force(self) -> None:
        model = self.view_model
        edition = model.in_force
        if edition is None:
            title = _("In force: the rules the program came with")
        else:
            title = _("In force since {day}").format(day=formats.day(edition.valid_from))
        card = Card(title)
        if edition is not None and edition.confirmed_by:
            card.add(Muted(_officers(edition)))
        rules, base = model.rules, DEFAULTS[Programme(model.programme)]
        rows = [
            Row(
                rule,
                rules_table.shown(rule, getattr(rules, rule.key)),
                rules_table.shown(rule, getattr(base, rule.key)),
                getattr(rules, rule.key) != getattr(base, rule.key),
            )
            for rule in rules_table.rules_for(model.programme)
        ]
        card.add(self.table(rows_model(rows, _("Came with the program")), "rules", title, most=40, sortable=False))
        self.holder.addWidget(card)

    def _prepared(self, edition: ProgrammeRules) -> QWidget:
        model = self.view_model
        card = Card(_("Prepared for {day}").format(day=formats.day(edition.valid_from)))
        card.header.addWidget(Chip(_("Awaits a second officer"), "warning"))
        card.add(Muted(_("Prepared by {one}.").format(one=edition.prepared_by)))
        card.add(self._differences(edition))
        if model.deciding(edition):
            card.add(Chip(_("Not sent yet"), "pending"))
            return card
        row, flow = flowing(2)
        yes = Button(_("Confirm the edition"), partial(model.decide, edition, True), kind="primary")
        no = Button(_("Do not confirm"), partial(model.decide, edition, False), kind="danger")
        if model.late(edition):
            text = _("Its day has come and nobody confirmed it, so it does not count. Prepare the edition anew.")
            card.add(Banner(text, "warning"))
            yes.setEnabled(False)
            yes.setAccessibleDescription(text)
        elif model.mine(edition):
            text = _("You prepared this edition, so another officer has to confirm it.")
            card.add(Banner(text, "accent"))
            yes.setEnabled(False)
            yes.setAccessibleDescription(text)
        if model.mine(edition):
            no.setText(_("Take the edition back"))
        flow.addWidget(yes)
        flow.addWidget(no)
        card.add(row)
        return card

    def _ahead(self, edition: ProgrammeRules) -> bool:
        return edition.state == "confirmed" and edition.valid_from > self.view_model.desk.today

    def _coming(self, edition: ProgrammeRules) -> QWidget:
        """Return what has been confirmed and begins on a day ahead."""
        card = Card(_days(edition))
        card.header.addWidget(Chip(_("Comes into force"), "accent"))
        card.add(Muted(_officers(edition)))
        card.add(self._differences(edition))
        return card

    def _differences(self, edition: ProgrammeRules) -> QWidget:
        """Return what an edition changes of the rules in force."""
        model = self.view_model
        now, then = model.rules, model.rules_of(edition)
        differing = rules_table.changed(now, then)
        rows = [
            Row(
                rule,
                rules_table.shown(rule, getattr(then, rule.key)),
                rules_table.shown(rule, getattr(now, rule.key)),
                True,
            )
            for rule in rules_table.rules_for(model.programme)
            if rule.key in differing
        ]
        if not rows:
            return Muted(_("It changes nothing of the rules in force."))
        return self.table(
            rows_model(rows, _("In force now")), "rules-change", _("What the edition changes"), sortable=False
        )

    def _history(self) -> None:
        model = self.view_model
        past = [
            one
            for one in model.editions()
            if one is not model.in_force and one.state != "prepared" and not self._ahead(one)
        ]
        if not past:
            return
        card = Card(_("Other editions"))
        for number, edition in enumerate(past):
            if number:
                card.add(Hairline())
            line = QHBoxLayout()
            line.setSpacing(theme.grid(3))
            line.addWidget(Text(_days(edition), bold=True, wrap=True), 1)
            text, tone = words.EDITIONS.get(edition.state, (edition.state, "muted"))
            if edition.state == "confirmed":
                text, tone = N_("Was in force"), "muted"
            line.addWidget(Chip(_(text), tone))
            card.add(line)
            card.add(Muted(_officers(edition)))
            if model.open_edition == edition.id:
                card.add(self._differences(edition))
            else:
                show = Button(_("Compare with the rules in force"), partial(model.look, edition.id), kind="link")
                show.setAccessibleName(f"{show.text()}: {_days(edition)}")
                card.body.addWidget(show, 0, Qt.AlignmentFlag.AlignLeading)
        self.holder.addWidget(card)

    def _write(self) -> QWidget:
        model = self.view_model
        card = Card(
            _("New edition: {programme}").format(programme=_(PROGRAMMES[model.programme])),
            note=_("Terms that run already keep the rules they began with. A second officer confirms the edition."),
        )
        self.form = Form(columns=2)
        day = DateField(model.valid_from, today=model.desk.today)
        day.changed.connect(self._day)
        self.form.add("valid_from", _("In &force from"), day)
        self.overlap = Banner()
        self.form.add_widget(self.overlap)
        self.overlap.show_text(overlap_words(model), "accent")
        for rule in rules_table.rules_for(model.programme):
            self._field(rule)
        card.add(self.form)
        rest = self.form.show_problems(model.problems)
        if rest:
            card.add(Banner(rest, "danger"))
        card.add(
            button_row(
                Button(_("Hand over to a second officer"), model.prepare, kind="primary"),
                Button(_("Cancel"), model.cancel),
            )
        )
        return card

    def _day(self, day: date | None) -> None:
        self.view_model.valid_from = day
        self.overlap.show_text(overlap_words(self.view_model), "accent")

    def _field(self, rule: Rule) -> None:
        model = self.view_model
        name = rules_table.name(rule)
        zero = _("0: {what}").format(what=_(rule.zero)) if rule.zero else ""
        note = " · ".join(part for part in (rules_table.unit(rule), zero) if part)
        if rule.unit == "flag":
            box = Check(_("yes"))
            box.setChecked(model.flags[rule.key])
            box.toggled.connect(partial(model.flag, rule.key))
            self.form.add(rule.key, name, box, note=note)
        elif rule.unit == "choice":
            options = [(one, _(rules_table.CHOICES[one])) for one in rules_table.OPTIONS[rule.key]]
            choice = Choice(options, model.draft[rule.key])
            choice.chosen.connect(partial(model.type, rule.key))
            self.form.add(rule.key, name, choice, note=note)
        elif rule.unit == "papers":
            holder, flow = flowing(3)
            for kind in ("027", "birth-certificate", "parent-id", "052-2", "065", "pmpk", "referral"):
                box = Check(family.word(words.PAPERS, kind))
                box.setChecked(kind in model.papers[rule.key])
                box.toggled.connect(partial(model.paper, rule.key, kind))
                flow.addWidget(box)
            self.form.add(rule.key, name, holder, note=note, span=2)
        else:
            field = Field(model.draft[rule.key])
            field.setMaximumWidth(theme.grid(40))
            field.textEdited.connect(partial(model.type, rule.key))
            self.form.add(rule.key, name, field, note=note)


def overlap_words(model: ProgrammesModel) -> str:
    """Return how the written edition meets others; "" when it meets none."""
    same, later = model.neighbours()
    parts = []
    if same is not None and same.state == "prepared":
        parts.append(
            _("{name} prepared an edition for that day: this one takes its place.").format(name=same.prepared_by)
        )
    elif same is not None:
        parts.append(_("An edition that was confirmed begins on that day: this one takes its place."))
    if later is not None:
        parts.append(
            _("It counts until {day}: then an edition begins that was confirmed before.").format(
                day=formats.day(later.valid_from)
            )
        )
    return " ".join(parts)


def rows_model(rows: list[Row], other: str) -> TableModel[Row]:
    """Return the model of rules with their values; what differs is marked in words too."""
    return TableModel(
        (
            Column("rule", lambda: _("Rule"), lambda row: rules_table.name(row.rule), stretch=True),
            Column(
                "value",
                lambda: _("Value"),
                lambda row: row.value,
                hint=lambda row: row.value,
                stretch=True,
                bold=lambda row: row.different,
                spoken=lambda row: _("{value}. Differs").format(value=row.value) if row.different else row.value,
            ),
            Column(
                "other",
                lambda: other,
                lambda row: row.other if row.different else "",
                tone=lambda _row: "muted",
            ),
            Column("source", lambda: _("Source"), lambda row: row.rule.source, tone=lambda _row: "muted"),
        ),
        rows,
    )


def _officers(edition: ProgrammeRules) -> str:
    if edition.state == "refused":
        if edition.confirmed_by == edition.prepared_by:
            return _("Prepared and taken back by {one}.").format(one=edition.prepared_by or "–")
        return _("Prepared by {one}, refused or replaced by {other}.").format(
            one=edition.prepared_by or "–", other=edition.confirmed_by or "–"
        )
    return _("Prepared by {one}, confirmed by {other}.").format(
        one=edition.prepared_by or "–", other=edition.confirmed_by or "–"
    )


def _days(edition: ProgrammeRules) -> str:
    first = formats.day(edition.valid_from)
    if edition.valid_to is None:
        return _("from {day}").format(day=first)
    return _("from {first} until {last}").format(first=first, last=formats.day(edition.valid_to))


def make(context: Context) -> Made:
    """Return the screen."""
    model = ProgrammesModel(context)
    return model, lambda: ProgrammesPage(model)
