"""Categories and benefits: the table by rank, changes that wait, the form of one, benefits with their documents."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtWidgets import QWidget

from models.contract.admission_commands import ConfirmCategory, SetCategory
from models.contract.admission_records import Benefit, Category
from translations import LANGUAGES, _, formats
from ui.context import Context, Made
from ui.department import words
from ui.department.categories import change_card
from ui.department.categories.view_model import CategoriesModel
from ui.department.page import DeskPage
from ui.family import words as family
from ui.kit import (
    LANGUAGE_NAMES,
    Banner,
    Button,
    Card,
    Choice,
    Column,
    DateField,
    Field,
    Form,
    Heading,
    TableModel,
    button_row,
)


class CategoriesPage(DeskPage):
    """Built over :class:`CategoriesModel`."""

    def __init__(self, model: CategoriesModel) -> None:
        super().__init__(model, _("Categories and benefits"))
        self._edited = ""
        self.new = self.primary(_("Add a category"), model.add, "plus")
        self.begin()

    def fill(self) -> None:
        """Override."""
        model = self.view_model
        self.new.setVisible(not model.editing)
        self.show_context(
            _("Rank 1 goes first. What one officer changes, another confirms; it counts from its day on.")
        )
        for banner in self.waiting_banners(model.pending(), model.desk.refused(SetCategory, ConfirmCategory)):
            self.holder.addWidget(banner)
        if model.editing:
            self.holder.addWidget(self._form())
        for change in model.changes():
            self.holder.addWidget(change_card.change_card(self, model, change))
        self.holder.addWidget(
            self.table(categories_model(model), "categories", _("Priority categories"), model.open, most=40)
        )
        department = model.department
        if department is not None and department.benefits:
            self.holder.addWidget(Heading(_("Benefits")))
            self.holder.addWidget(self.table(benefits_model(department.benefits), "benefits", _("Benefits"), most=20))

    def first_field(self) -> QWidget | None:
        """Override: a category that has just been opened takes the cursor; the form stands over the table."""
        model, before = self.view_model, self._edited
        self._edited = "+" if model.new else model.chosen
        return self.form.first() if self._edited and self._edited != before else None

    def _form(self) -> QWidget:
        model = self.view_model
        department = model.department
        card = Card(_("New category") if model.new else _("Change the category"))
        self.form = form = Form(columns=2)
        code = Field(model.draft["code"])
        code.setEnabled(model.new)
        code.textEdited.connect(partial(model.type, "code"))
        form.add("code", _("&Code"), code)
        rank = Field(model.draft["rank"])
        rank.textEdited.connect(partial(model.type, "rank"))
        form.add("rank", _("&Rank"), rank, note=_("1 goes first."))
        line = Choice([(key, _(text)) for key, text in words.LINES.items()], model.draft["line"])
        line.chosen.connect(partial(model.type, "line"))
        form.add("line", _("Kind of &priority"), line)
        benefits = [("", _("No benefits")), *((one.code, family.said(one.name)) for one in department.benefits)]
        benefit = Choice(benefits, model.draft["benefit"])
        benefit.chosen.connect(partial(model.type, "benefit"))
        form.add("benefit", _("&Benefit"), benefit)
        for key, label in (("from", _("Age &from, months")), ("to", _("Age &until, months"))):
            field = Field(model.draft[key])
            field.textEdited.connect(partial(model.type, key))
            form.add(key, label, field, note=_("Full months on 1 September."))
        for language in LANGUAGES:
            field = Field(model.draft[f"name_{language}"])
            field.textEdited.connect(partial(model.type, f"name_{language}"))
            form.add(f"name_{language}", _("Name: {language}").format(language=LANGUAGE_NAMES[language]), field)
        day = DateField(model.valid_from, today=model.desk.today)
        day.changed.connect(self._day)
        form.add("valid_from", _("In &force from"), day)
        self.overlap = Banner()
        form.add_widget(self.overlap)
        self._say_overlap()
        card.add(form)
        rest = form.show_problems(model.problems)
        if rest:
            card.add(Banner(rest, "danger"))
        card.add(
            button_row(
                Button(_("Hand over to a second officer"), model.save, kind="primary"),
                Button(_("Cancel"), model.close_card),
            )
        )
        return card

    def _day(self, day: date | None) -> None:
        self.view_model.valid_from = day
        self._say_overlap()

    def _say_overlap(self) -> None:
        other = self.view_model.replaced()
        text = _("{name} prepared a change of this category for that day: this one takes its place.")
        self.overlap.show_text(text.format(name=other.prepared_by) if other is not None else "", "accent")


def categories_model(model: CategoriesModel) -> TableModel[Category]:
    """Return the model of the table of categories."""
    department, today = model.department, model.desk.today
    names = {one.code: family.said(one.name) for one in department.benefits} if department is not None else {}

    def since(row: Category) -> str:
        return _("from {day}").format(day=formats.day(row.valid_from)) if row.valid_from > today else ""

    return TableModel(
        (
            Column("rank", lambda: _("Rank"), lambda row: str(row.rank), figures=True, sort=lambda row: row.rank),
            Column("name", lambda: _("Name"), lambda row: family.said(row.name), hint=lambda row: family.said(row.name),
                   stretch=True, least=60, wraps=True),
            Column("age", lambda: _("Age on 1 September"),
                   lambda row: change_card.age_words(row.age_from_months, row.age_to_months),
                   sort=lambda row: row.age_from_months),
            Column("line", lambda: _("Kind of priority"), lambda row: family.word(words.LINES, row.line)),
            Column("benefit", lambda: _("Benefit"), lambda row: names.get(row.benefit, ""), stretch=True, wraps=True),
            Column("code", lambda: _("Code"), lambda row: row.code, tone=lambda _row: "muted", spare=1),
            Column("since", lambda: _("Counts"), since, tone=lambda _row: "accent"),
        ),
        model.categories(),
    )  # fmt: skip


def benefits_model(benefits: tuple[Benefit, ...]) -> TableModel[Benefit]:
    """Return the model of the benefits."""
    return TableModel(
        (
            Column("name", lambda: _("Benefit"), lambda row: family.said(row.name), stretch=True),
            Column("document", lambda: _("Proved by"), lambda row: family.word(words.PAPERS, row.document)),
            Column("active", lambda: _("Can be claimed"), lambda row: _("yes") if row.active else _("no")),
            Column("code", lambda: _("Code"), lambda row: row.code, tone=lambda _row: "muted"),
        ),
        benefits,
    )


def make(context: Context) -> Made:
    """Return the screen."""
    model = CategoriesModel(context)
    return model, lambda: CategoriesPage(model)
