"""To act: a table a kind of work, each with the kindergarten's own term."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import QItemSelectionModel
from PySide6.QtWidgets import QWidget

from models.cache.queries.department import Line
from models.cache.queries.kindergarten import Work
from models.contract.admissions import deadlines
from models.domain.admissions.states import Actor, TimerKind
from models.domain.working_days import Deadline
from translations import _, formats
from ui.context import Context, Made
from ui.department import words
from ui.department.case_view import CasePage
from ui.department.to_act import several
from ui.department.to_act.view_model import ToActModel
from ui.family import words as family
from ui.flow import flowing
from ui.kit import Check, Choice, Column, DataTable, Heading, Muted, TableModel

_CHOOSE = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
_OWN = (TimerKind.ACTIVATE_SLA, TimerKind.ORG_SLA, TimerKind.REFERRAL, TimerKind.CONTRACT)


class ToActPage(CasePage):
    """Built over :class:`ToActModel`."""

    def __init__(self, model: ToActModel) -> None:
        super().__init__(model, _("To act"))
        self.bar: QWidget | None = None
        self.asked: several.SeveralQuestion | None = None
        self._asked_before: object = None
        self.begin()

    def empty(self) -> tuple[str, str] | None:
        """Override."""
        model = self.view_model
        told = model.steps_refused or model.steps_on_their_way  # what came of the last ones is read first
        if model.chosen is None and model.organisation_id is None and model.work_found == Work() and not told:
            return _("There is nothing to do now."), _("New ones appear here by themselves.")
        return None

    def fill_list(self) -> None:
        """Override."""
        model = self.view_model
        if self.bar is None:
            self.bar = self._bar()
            layout = self.bar.layout()
            if layout is not None and layout.count():  # one kindergarten has nothing to choose
                self.filters.addWidget(self.bar, 1)
        found: Work = model.work_found
        self.tables = {}
        for banner in several.answers(model):
            self.holder.addWidget(banner)
        deed = model.deed_for_several
        self.asked = several.SeveralQuestion(model, deed) if deed is not None else None
        if self.asked is not None:
            self.holder.addWidget(self.asked)
            return
        self._asked_before = None
        kept, model.several = {line.application.id for line in model.several}, ()
        self.several = several.SeveralBar(model)
        self.holder.addWidget(self.several)
        sections = (
            ("activate", _("To activate"), found.activate),
            ("send", _("Contracts to send"), found.send),
            ("sign", _("Contracts to sign"), found.sign),
            ("referred", _("Referrals: papers expected"), found.referred),
            ("returned", _("With the parent"), found.returned),
            ("temporary", _("Temporary children"), found.temporary),
            ("attending", _("Attending"), () if model.only_late else found.attending),
        )
        for key, title, lines in sections:
            shown = model.shown(lines)
            if not shown:
                continue
            self.holder.addWidget(Heading(f"{title}  ·  {formats.number(len(shown))}"))
            kind = temporary_model if key == "temporary" else work_model
            table = self.table(
                kind(model, shown, key), f"to-act-{key}", title, lambda line: model.open(line.application.id), most=8
            )
            table.selectionModel().selectionChanged.connect(partial(self._rows_chosen, table))
            self.tables[key] = table
            self.holder.addWidget(table)
        for table in self.tables.values():
            table.level(self.tables.values())
            self._choose_again(table, kept)
        if not self.tables:
            self.holder.addWidget(Muted(_("There is nothing to do now.")))

    def first_field(self) -> QWidget | None:
        """Override: the question for several that has just opened takes the cursor, never at its verb."""
        deed = self.view_model.deed_for_several
        if self.view_model.chosen is None and deed is not None and deed is not self._asked_before:
            self._asked_before = deed
            return self.asked.no if self.asked is not None else None
        return super().first_field()

    def _choose_again(self, table: DataTable, kept: set[int]) -> None:
        """Choose the rows of a table that was drawn anew which were chosen for several before."""
        model = table.model()
        rows = [model.index(row, 0) for row in range(model.rowCount())]
        again = [index for index in rows if (line := table.row_at(index)) and line.application.id in kept]
        if len(again) > 1:
            for index in again:
                table.selectionModel().select(index, _CHOOSE)

    def _rows_chosen(self, table: DataTable, *_changes: object) -> None:
        """Take the chosen rows of a table; those of the others are let go."""
        rows = [table.row_at(index) for index in table.selectionModel().selectedRows()]
        if len(rows) > 1:
            for other in self.tables.values():
                if other is not table:
                    other.clearSelection()
        self.view_model.several = tuple(rows)
        self.several.show_chosen()

    def _bar(self) -> QWidget:
        model = self.view_model
        holder, flow = flowing(3)
        mine = [one for one in model.desk.desk.organisations.values() if one.id in set(model.desk.kindergartens())]
        if len(mine) > 1:
            choice = Choice(
                [(None, _("All kindergartens")), *((one.id, one.name) for one in mine)],
                model.organisation_id,
                name=_("Kindergarten"),
            )
            choice.chosen.connect(model.choose)
            flow.addWidget(choice)
        if model.actor is Actor.OFFICER:
            late = Check(_("Only where the kindergarten is late"))
            late.setChecked(model.only_late)
            late.toggled.connect(model.show_late)
            flow.addWidget(late)
        return holder


def own_term(line: Line) -> Deadline | None:
    """Return the term that matters to the kindergarten."""
    found = deadlines(line.application)
    return next((found[kind] for kind in _OWN if kind in found), None)


def _group(model: ToActModel, group_id: int | None) -> str:
    """Return a group's name, with its kindergarten's for whoever has several: the group would be cut off behind it."""
    offer = model.desk.desk.offers.get(group_id or 0)
    if offer is not None and len(set(model.desk.kindergartens())) == 1:
        return offer.group.name
    return family.offer_name(offer)


def work_model(model: ToActModel, lines: tuple[Line, ...], key: str) -> TableModel[Line]:
    """Return the model of a kind of work."""
    now: datetime = model.now

    def group(line: Line) -> str:
        one = line.application
        found = one.placement_group_id if key == "attending" else one.group_id
        return _group(model, found)

    def left(line: Line) -> str:
        term = own_term(line)
        if term is None:
            return ""
        return _("The term is over") if term.passed(now) else family.left(term.at - now)

    def tone(line: Line) -> str:
        term = own_term(line)
        if term is None or key in ("returned", "attending"):
            return ""
        return "danger" if term.passed(now) else "warning" if term.at - now < timedelta(hours=24) else ""

    def ends(line: Line) -> str:
        return words.due(own_term(line), model.desk.zone)

    columns = [
        Column[Line](
            "child",
            lambda: _("Child"),
            lambda line: line.child.name,
            icon=lambda line: "triangle-alert" if line.application.flags else "",
            hint=lambda line: words.flags(line.application),
            spoken=lambda line: ". ".join(x for x in (line.child.name, words.flags(line.application)) if x),
            stretch=True,
        ),
        Column[Line]("born", lambda: _("Born"), lambda line: formats.day(line.child.born), spare=2),
        Column[Line]("group", lambda: _("Group"), group, stretch=True),
    ]
    if key != "attending":
        columns += [
            Column[Line]("left", lambda: _("Left"), left, tone=tone, sort=own_term),
            Column[Line]("until", lambda: _("Until"), ends, tone=tone, sort=own_term),
        ]
    columns.append(Column[Line]("number", lambda: _("Number"), lambda line: line.application.number, spare=1))
    return TableModel(columns, lines)


def temporary_model(model: ToActModel, lines: tuple[Line, ...], _key: str) -> TableModel[Line]:
    """Return the model of children in temporary places."""

    def group(line: Line) -> str:
        return _group(model, line.application.temp_group_id)

    def last(line: Line) -> str:
        return formats.day(line.application.temp_until) if line.application.temp_until else ""

    def stands(line: Line) -> str:
        return _("Attends") if line.application.temp == "attending" else _("Has not come yet")

    return TableModel(
        (
            Column("child", lambda: _("Child"), lambda line: line.child.name, stretch=True),
            Column("born", lambda: _("Born"), lambda line: formats.day(line.child.born), spare=2),
            Column("group", lambda: _("Group"), group, stretch=True),
            Column("stands", lambda: _("State"), stands),
            Column("last", lambda: _("Last day"), last, sort=lambda line: line.application.temp_until),
            Column("number", lambda: _("Number"), lambda line: line.application.number, spare=1),
        ),
        lines,
    )


def make(context: Context) -> Made:
    """Return the screen."""
    model = ToActModel(context)
    return model, lambda: ToActPage(model)
