"""The table of kindergartens with free places, and the card of the one that is looked at."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QSplitter, QVBoxLayout, QWidget

from models.cache.queries.admissions import ApplicationView
from translations import _, formats, n_
from ui import theme
from ui.choose_place.view_model import Choice as GroupChoice
from ui.choose_place.view_model import ChoosePlace, PlaceRow
from ui.context import Context, Made
from ui.family import words
from ui.family.acts import deadline_words
from ui.family.advice import term_of
from ui.family.parts import Facts, show_why_empty
from ui.family.signing_view import SigningForm
from ui.flow import flowing
from ui.kit import (
    Banner,
    Button,
    Card,
    Check,
    Chip,
    Choice,
    Column,
    DataTable,
    Field,
    Heading,
    Muted,
    Page,
    Rule,
    State,
    TableModel,
    Text,
    clear_layout,
)


class ChoosePlaceView(Page):
    """Filters, the table at the leading side, the card at the trailing one."""

    def __init__(self, model: ChoosePlace) -> None:
        super().__init__(_("Choice of kindergarten"), scroll=False)
        self._model = model
        self._filters()
        self.model_ = TableModel(_columns(model), [])
        self.table = DataTable(
            self.model_, "choose-place", label=_("Kindergartens with free places"), settings=model.context.settings
        )
        self.table.chosen_row.connect(model.open)
        self.table.measure(60)
        self._card = Card()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(self._card)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setMinimumWidth(theme.grid(85))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(theme.grid(2))
        split.addWidget(self.table)
        split.addWidget(area)
        split.setStretchFactor(0, 5)
        split.setStretchFactor(1, 4)
        self.add(split, 1)
        self.count = Muted("")
        self.add(self.count)
        model.rows_changed.connect(self._show)
        model.changed.connect(self._update)
        self._show()

    def _filters(self) -> None:
        model = self._model
        holder, flow = flowing(2)
        self.language = Choice(name=_("Language of education"))
        self.language.chosen.connect(lambda value: model.filter(language=value))
        flow.addWidget(self.language)
        self.ownership = Choice(
            [("", _("Any ownership")), *((key, _(text)) for key, text in words.OWNERSHIP.items())],
            model.ownership,
            name=_("Ownership"),
        )
        self.ownership.chosen.connect(lambda value: model.filter(ownership=value))
        flow.addWidget(self.ownership)
        self.mode = Choice(
            [("", _("Any admission mode")), *((key, _(text)) for key, text in words.MODES.items())],
            model.mode,
            name=_("Admission mode"),
        )
        self.mode.chosen.connect(lambda value: model.filter(mode=value))
        flow.addWidget(self.mode)
        self.locality = Choice(name=_("Locality"))
        self.locality.chosen.connect(lambda value: model.filter(locality=value))
        flow.addWidget(self.locality)
        self.search = Field(model.words, hint=_("Name or address"))
        self.search.setAccessibleName(_("Name or address"))
        self.search.setMinimumWidth(theme.grid(45))
        self.search.textEdited.connect(lambda text: model.filter(words=text))
        flow.addWidget(self.search)
        self.suiting = Check(_("Only what suits the child"))
        self.suiting.setChecked(model.suiting)
        self.suiting.toggled.connect(lambda on: model.filter(suiting=on))
        flow.addWidget(self.suiting)
        self.add(holder)

    def _show(self) -> None:
        model, department = self._model, self._model.department
        if not model.home.ready or department is None:
            show_why_empty(self, model.home)
            return
        self.offer_acts(True)
        if not model.ready:
            if model.failure is not None:
                self.show_state(State.ERROR, model.failure_text, verb=_("Try again"), act=model.refresh)
            else:
                self.show_state(State.LOADING)
            return
        languages = [("", _("Any language")), *((code, words.word(words.LANGUAGES, code)) for code in model.languages)]
        self.language.offer(languages, model.language)
        names = sorted(department.localities.values(), key=lambda one: words.said(one.name))
        everywhere = [(0, _("Everywhere")), *((one.id, words.said(one.name)) for one in names)]
        self.locality.offer(everywhere, model.locality)
        self.mode.choose(model.mode)
        view = model.view
        self.show_context(_context(view, department.provider.zone) if view is not None else "")
        rows = model.rows
        before = model.opened
        self.model_.show_rows(rows)
        free = sum(row.free for row in rows)
        shown = n_("{count} row", "{count} rows", len(rows)).format(count=formats.number(len(rows)))
        places = n_("{count} free place", "{count} free places", free).format(count=formats.number(free))
        self.count.setText(f"{shown} · {places}")
        model.opened = before
        at = next((n for n, row in enumerate(rows) if row == model.row), 0)
        if rows:
            self.table.choose(at)
        self._update()
        self.show_state(State.CONTENT)

    def _writing(self) -> bool:
        """Whether somebody types a code that news must not take away."""
        model = self._model
        troubled = model.problems or model.failure or model.signing.failure or model.busy
        typing = any(field.hasFocus() for field in self._card.findChildren(QLineEdit))
        return bool(model.question is not None and typing and not troubled)

    def _update(self) -> None:
        model = self._model
        if self._writing():
            return
        obstacle = model.obstacle if model.ready else ""
        self.banner.show_text(model.failure_text or obstacle, "danger" if model.failure_text else "accent")
        clear_layout(self._card.body)
        row = model.row
        if row is None:
            self._card.add(
                Muted(_("Nothing suits these filters.") if not model.rows else _("Choose a kindergarten in the table."))
            )
            self._card.body.addStretch(1)
            return
        question = model.question
        self._card.add(Heading(row.organisation.name))
        if question is not None:
            self._ask(question)
        else:
            self._facts(row)
            for number, choice in enumerate(model.choices()):
                if number:
                    self._card.add(Rule())
                self._card.add(self._group(choice))
        self._card.body.addStretch(1)

    def _facts(self, row: PlaceRow) -> None:
        one = row.organisation
        self._card.add(
            Facts(
                [
                    (_("Kind"), words.word(words.KINDS, one.kind)),
                    (_("Ownership"), words.word(words.OWNERSHIP, one.ownership)),
                    (_("Admission mode"), words.word(words.MODES, row.mode)),
                    (_("Telephone"), words.unbroken(one.phone)),
                    (_("Address"), one.address),
                    (_("Language of education"), words.word(words.LANGUAGES, row.language)),
                ]
            )
        )
        more = Button(
            _("About the kindergarten, reviews"),
            partial(self._model.context.go, "kindergartens", organisation_id=one.id),
            kind="link",
        )
        self._card.body.addWidget(more, 0, Qt.AlignmentFlag.AlignLeading)
        self._card.add(Heading(_("Groups")))

    def _group(self, choice: GroupChoice) -> QWidget:
        model = self._model
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.grid(1))
        row = QHBoxLayout()
        row.setSpacing(theme.grid(2))
        row.addWidget(Text(choice.offer.group.name, bold=True, wrap=True), 1)
        places = n_("{count} free place", "{count} free places", choice.free).format(count=choice.free)
        row.addWidget(Chip(places if choice.free else _("Full"), "positive" if choice.free else "muted"))
        column.addLayout(row)
        group = choice.offer.group
        about = [words.ages(group.age_from, group.age_to), words.word(words.STAYS, group.kind)]
        if choice.until is not None:
            about.append(_("until {day}").format(day=formats.day(choice.until)))
        column.addWidget(Muted(" · ".join(about)))
        why = model.why_not(choice)
        if why:
            column.addWidget(Text(why, wrap=True, tone="warning"))
        elif not model.obstacle:
            button = Button(model.verb(choice), partial(model.ask, choice), kind="primary" if choice.free else "")
            button.setAccessibleName(f"{model.verb(choice)}: {group.name}")
            button.setEnabled(not model.busy)
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeading)
        return holder

    def _ask(self, choice: GroupChoice) -> None:
        model, view = self._model, self._model.view
        assert view is not None
        self._card.add(Text(model.question_words(choice), wrap=True))
        if model.home.offline:
            self._card.add(
                Banner(
                    _("There is no connection. Others may take the place meanwhile: whoever comes first gets it."),
                    "pending",
                )
            )
        self.signing = SigningForm(
            model.signing, f"application:{view.id}", model.problems, offline=model.home.offline, done=model.confirm
        )
        self._card.add(self.signing)
        row = QVBoxLayout()
        row.setSpacing(theme.grid(2))
        signed = model.signing.kind != "click"
        self.yes = Button(_("Sign and send") if signed else model.verb(choice), model.confirm, kind="primary")
        self.yes.setEnabled(not model.busy and model.signing.kind != "eds")
        row.addWidget(self.yes)
        row.addWidget(Button(_("Back to the groups"), model.close))
        self._card.add(row)

    def start_here(self) -> None:
        """Put the cursor into the table."""
        self.table.setFocus()


def _context(view: ApplicationView, zone: str) -> str:
    term = term_of(view)
    due = _("until {due}").format(due=deadline_words(term.deadline, zone)) if term is not None else ""
    return " · ".join(part for part in (words.short_name(view.child), words.state_words(view), due) if part)


def _columns(model: ChoosePlace) -> list[Column[PlaceRow]]:
    return [
        Column("name", lambda: _("Kindergarten"), lambda row: row.organisation.name, stretch=True),
        Column(
            "free",
            lambda: _("Free places"),
            lambda row: formats.number(row.free),
            figures=True,
            sort=lambda row: row.free,
            tone=lambda row: "positive" if row.free else "muted",
            bold=lambda row: bool(row.free),
        ),
        Column("language", lambda: _("Language"), lambda row: words.word(words.LANGUAGES, row.language)),
        Column(
            "ownership", lambda: _("Ownership"), lambda row: words.word(words.OWNERSHIP, row.organisation.ownership)
        ),
        Column(
            "mode",
            lambda: _("Admission mode"),
            lambda row: words.word(words.MODES, row.mode),
            tone=lambda row: "warning" if row.mode == "temporary" else "",
        ),
        Column("phone", lambda: _("Telephone"), lambda row: row.organisation.phone),
    ]


def make(context: Context) -> Made:
    """Return the screen."""
    model = ChoosePlace(context)
    return model, lambda: ChoosePlaceView(model)
