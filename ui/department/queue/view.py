"""The queue: filters, a page of rows, and the card of an application with the acts of an officer."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from models.cache.queries.department import COUNTED, Line
from translations import _, formats
from ui import theme
from ui.context import Context, Made
from ui.department import words
from ui.department.case_view import CasePage
from ui.department.queue.view_model import LIVE, QueueModel
from ui.family import choices
from ui.family import words as family
from ui.flow import flowing
from ui.kit import Button, Choice, Column, Field, IconButton, MoreFilters, Muted, TableModel


class QueuePage(CasePage):
    """Built over :class:`QueueModel`. The filters stay while the list is drawn anew: somebody types in them."""

    def __init__(self, model: QueueModel) -> None:
        super().__init__(model, _("Queue"))
        self.bar: QWidget | None = None
        self._shown: object = None
        self.begin()

    def empty(self) -> tuple[str, str] | None:
        """Override."""
        model = self.view_model
        if model.chosen is None and not model.page.total and not model.narrowed:
            return _("There are no applications yet."), _("What needs an officer appears here by itself.")
        return None

    def fill_list(self) -> None:
        """Override."""
        model = self.view_model
        if self.bar is None:
            self.bar = self._bar()
            self.filters.addWidget(self.bar, 1)
        self.everything.setVisible(model.narrowed_by_hand)
        page = model.page
        asked = (model.offset, model.wanted)
        if asked != self._shown:
            self._places.pop("office-queue", None)  # another page begins at its top
            self._shown = asked
        if not page.lines:
            self.holder.addWidget(Muted(_("Nothing fits these filters.")))
            return
        self.rows = self.table(
            queue_model(model), "office-queue", _("Queue"), lambda line: model.open(line.application.id),
            fills=True, sortable=False, first=True,
        )  # fmt: skip
        self.holder.addWidget(self.rows)
        self.holder.addLayout(self._pager())

    def _pager(self) -> QHBoxLayout:
        model = self.view_model
        first = model.offset + 1
        total = (
            _("more than {count}").format(count=formats.number(COUNTED))
            if model.page.many
            else formats.number(model.page.total)
        )
        row = QHBoxLayout()
        row.setSpacing(theme.grid(2))
        self.back = IconButton("chevron-left", _("Previous page"), lambda: model.turn(-1))
        self.on = IconButton("chevron-right", _("Next page"), lambda: model.turn(1))
        self.back.setEnabled(model.offset > 0)
        self.on.setEnabled(model.has_next)
        text = _("{first}–{last} of {total}").format(
            first=formats.number(first), last=formats.number(first + len(model.page.lines) - 1), total=total
        )
        row.addWidget(self.back)
        row.addWidget(Muted(text))
        row.addWidget(self.on)
        row.addStretch(1)
        how = Muted(_("Enter or a double click opens an application."))
        how.setWordWrap(False)
        row.addWidget(how)
        return row

    def _bar(self) -> QWidget:
        model = self.view_model
        holder, flow = flowing(2)
        self.search = Field(model.draft.get("text", ""), hint=_("Child's name, number or IIN"))
        self.search.setAccessibleName(_("Search the queue"))
        self.search.setMinimumWidth(theme.grid(60))
        self.search.textEdited.connect(lambda text: model.filter("text", text))
        flow.addWidget(self.search)
        department = model.department
        localities = [(str(key), name) for key, name in choices.localities(department)]
        categories = sorted(department.categories.values(), key=lambda one: one.rank)
        self.choices: dict[str, Choice] = {}
        states = [(LIVE, _("Live applications")), ("", _("Every state"))]
        states += [(k, _(v)) for k, v in words.STATES.items() if k != "draft"]
        programmes = [(k, family.word(family.PROGRAMMES, k)) for k in family.PROGRAMMES]
        for key, name, everything, offered in (
            ("state", _("State"), "", states),
            ("programme", _("Kind of queue"), _("Every queue"), programmes),
        ):
            choice = self._choice(key, name, everything, offered)
            choice.keep_narrow(54)
            flow.addWidget(choice)
        self.more = MoreFilters()
        for key, name, everything, offered in (
            ("place", _("Locality"), _("Every locality"), localities),
            (
                "language",
                _("Language of education"),
                _("Every language"),
                [(k, family.word(family.LANGUAGES, k)) for k in family.LANGUAGES],
            ),
            ("year", _("Birth year"), _("Every birth year"), [(str(y), str(y)) for y in model.years()]),
            (
                "category",
                _("Priority category"),
                _("Every category"),
                [(str(one.id), f"{one.rank}. {_short(family.said(one.name))}") for one in categories],
            ),
            ("flag", _("Mark"), _("With and without marks"), [(k, _(v)) for k, v in words.FLAGS.items()]),
        ):
            self.more.add(key, name, self._choice(key, name, everything, offered))
        flow.addWidget(self.more)
        self.everything = Button(_("Show everything"), self._clear, kind="link")
        flow.addWidget(self.everything)
        return holder

    def _choice(self, key: str, name: str, everything: str, offered: list[tuple[str, str]]) -> Choice:
        model = self.view_model
        whole = [("", everything)] if everything else []
        choice = Choice([*whole, *offered], model.draft.get(key, LIVE if key == "state" else ""), name=name)
        choice.chosen.connect(lambda value: model.filter(key, value))
        self.choices[key] = choice
        return choice

    def _clear(self) -> None:
        self.search.setText("")
        for choice in self.choices.values():
            choice.choose("")
        self.more.count()
        self.view_model.clear()


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def queue_model(model: QueueModel) -> TableModel[Line]:
    """Return the model of a page of the queue."""
    department = model.department
    assert department is not None
    zone = model.desk.zone

    def category(line: Line) -> str:
        found = department.categories.get(line.application.category_id or 0)
        return f"{line.application.category_rank}. {family.said(found.name)}" if found is not None else ""

    def term(line: Line) -> str:
        from models.contract.admissions import deadlines

        found = sorted(deadlines(line.application).values())
        return words.due(found[0], zone) if found else ""

    def filed(line: Line) -> str:
        return family.exact(line.application.rank_date, zone) if line.application.rank_date else ""

    return TableModel(
        (
            Column(
                "place",
                lambda: _("Place"),
                lambda line: formats.number(line.position.number) if line.position else "",
                figures=True,
            ),
            Column(
                "child",
                lambda: _("Child"),
                lambda line: line.child.name,
                icon=lambda line: "triangle-alert" if line.application.flags else "",
                hint=lambda line: words.flags(line.application),
                spoken=lambda line: ". ".join(x for x in (line.child.name, words.flags(line.application)) if x),
                stretch=True,
            ),
            Column("born", lambda: _("Born"), lambda line: formats.day(line.child.born), spare=1),
            Column("state", lambda: _("State"), lambda line: words.state(line.application),
                   tone=_tone, stretch=True, least=40),
            Column("term", lambda: _("Term"), term),
            Column("category", lambda: _("Category"), category, stretch=True, least=38),
            Column("date", lambda: _("Date of the turn"), filed),
            Column("number", lambda: _("Number"), lambda line: line.application.number, spare=2),
        ),
        model.page.lines,
    )  # fmt: skip


def _tone(line: Line) -> str:
    tone = family.state_tone(line.application.state)
    return tone if tone in ("danger", "warning", "positive", "muted") else ""


def make(context: Context) -> Made:
    """Return the screen."""
    model = QueueModel(context)
    return model, lambda: QueuePage(model)
