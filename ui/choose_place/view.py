"""The table of kindergartens with free places, and the card of the one that is looked at."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from models.cache.queries.admissions import ApplicationView, Department
from models.domain.admissions.states import Event
from translations import _, formats, n_
from ui import theme
from ui.choose_place.twins import twin_words
from ui.choose_place.view_model import Choice as GroupChoice
from ui.choose_place.view_model import ChoosePlace, PlaceRow
from ui.context import Context, Made
from ui.family import words
from ui.family.acts import deadline_words
from ui.family.advice import term_of
from ui.family.catalogue import Catalogue
from ui.family.parts import Facts
from ui.family.signing_view import SigningForm
from ui.kit import Banner, Button, Check, Chip, Column, Heading, Muted, Rule, Text


class ChoosePlaceView(Catalogue[ChoosePlace]):
    """The card holds groups, and the question about one of them."""

    def __init__(self, model: ChoosePlace) -> None:
        super().__init__(
            model,
            _("Choice of kindergarten"),
            "choose-place",
            _columns(),
            label=_("Kindergartens with free places"),
        )
        self.language = self.narrow("language", _("Language of education"))
        self.ownership = self.narrow(
            "ownership",
            _("Ownership"),
            [("", _("Any ownership")), *((key, _(text)) for key, text in words.OWNERSHIP.items())],
        )
        self.mode = self.narrow(
            "mode",
            _("Admission mode"),
            [("", _("Any admission mode")), *((key, _(text)) for key, text in words.MODES.items())],
        )
        self.locality = self.narrow_locality()
        self.narrow_words(_("Name or address"))
        self.suiting = Check(_("Only what suits the child"))
        self.suiting.setChecked(model.suiting)
        self.suiting.toggled.connect(lambda on: model.filter(suiting=on))
        self._flow.addWidget(self.suiting)
        self.begin()

    def nothing(self) -> tuple[str, str] | None:
        """Override."""
        if self._model.home.family.organisations:
            return None
        return _("The department has entered no kindergartens yet."), ""

    def offer(self, department: Department) -> None:
        """Override."""
        model = self._model
        languages = [("", _("Any language")), *((code, words.word(words.LANGUAGES, code)) for code in model.languages)]
        self.language.offer(languages, model.language)

    def summary(self, department: Department) -> str:
        """Override."""
        view, free = self._model.view, sum(row.free for row in self._model.rows)
        places = n_("{count} free place", "{count} free places", free).format(count=formats.number(free))
        about = _context(view, department.provider.zone) if view is not None else ""
        return " · ".join(part for part in (about, places) if part)

    def writing(self) -> bool:
        """Override: somebody types a code."""
        model = self._model
        troubled = model.problems or model.failure or model.signing.failure or model.busy
        typing = any(field.hasFocus() for field in self.card.findChildren(QLineEdit))
        return bool(model.question is not None and typing and not troubled)

    def question(self) -> Any:
        """Override."""
        return self._model.asking if self._model.question is not None else None

    def leave(self) -> bool:
        """Override."""
        asked = self._model.asking is not None
        if asked:
            self._model.close()
        return asked

    def say(self) -> None:
        """Override."""
        model = self._model
        obstacle = model.obstacle if model.ready else ""
        self.banner.show_text(model.failure_text or obstacle, "danger" if model.failure_text else "accent")

    def fill(self) -> None:
        """Override."""
        model = self._model
        row, question = model.row, model.question
        if row is None:
            self.lead(_("Choose a kindergarten in the table."))
            return
        self.card.add(Heading(row.organisation.name))
        if question is not None:
            self._ask(question)
            return
        self._facts(row)
        for number, choice in enumerate(model.choices()):
            if number:
                self.card.add(Rule())
            self.card.add(self._group(choice))

    def _facts(self, row: PlaceRow) -> None:
        one = row.organisation
        self.card.add(
            Facts(
                [
                    (_("Kind"), words.word(words.KINDS, one.kind)),
                    (_("Ownership"), words.word(words.OWNERSHIP, one.ownership)),
                    (_("Admission mode"), words.word(words.MODES, row.mode)),
                    (_("Telephone"), words.unbroken(one.phone)),
                    (_("Address"), words.address(one.address)),
                    (_("Language of education"), words.word(words.LANGUAGES, row.language)),
                ]
            )
        )
        more = Button(
            _("About the kindergarten, reviews"),
            partial(self._model.context.go, "kindergartens", organisation_id=one.id),
            kind="link",
        )
        self.card.body.addWidget(more, 0, Qt.AlignmentFlag.AlignLeading)
        self.card.add(Heading(_("Groups")))

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
        elif not model.obstacle and choice.problem is None:
            button = Button(model.verb(choice), partial(model.ask, choice), kind="primary" if choice.free else "")
            button.setAccessibleName(f"{model.verb(choice)}: {group.name}")
            button.setEnabled(not model.busy)
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeading)
        return holder

    def _ask(self, choice: GroupChoice) -> None:
        model, view = self._model, self._model.view
        assert view is not None
        self.card.add(Text(model.question_words(choice), wrap=True))
        if choice.event is Event.CHOOSE_PLACE:
            for text, tone in twin_words(view, model.home.family.applications):
                self.card.add(Banner(text, tone))
        if model.home.offline:
            self.card.add(
                Banner(
                    _("There is no connection. Others may take the place meanwhile: whoever comes first gets it."),
                    "pending",
                )
            )
        self.signing = SigningForm(
            model.signing, f"application:{view.id}", model.problems, offline=model.home.offline, done=model.confirm
        )
        self.card.add(self.signing)
        row = QVBoxLayout()
        row.setSpacing(theme.grid(2))
        signed = model.signing.kind != "click"
        self.yes = Button(_("Sign and send") if signed else model.verb(choice), model.confirm, kind="primary")
        self.yes.setEnabled(not model.busy and model.signing.kind != "eds")
        row.addWidget(self.yes)
        row.addWidget(Button(_("Back to the groups"), model.close))
        self._answers = (*self.signing.form.fields.values(), self.yes)
        self.card.add(row)


def _context(view: ApplicationView, zone: str) -> str:
    term = term_of(view)
    due = _("until {due}").format(due=deadline_words(term.deadline, zone)) if term is not None else ""
    return " · ".join(part for part in (words.short_name(view.child), words.state_words(view), due) if part)


def _columns() -> list[Column[PlaceRow]]:
    return [
        Column("name", lambda: _("Kindergarten"), lambda row: row.organisation.name, stretch=True, least=58),
        Column(
            "free",
            lambda: _("Free places"),
            lambda row: formats.number(row.free),
            figures=True,
            sort=lambda row: row.free,
            tone=lambda row: "positive" if row.free else "muted",
            bold=lambda row: bool(row.free),
        ),
        Column("language", lambda: _("Language"), lambda row: words.word(words.LANGUAGES, row.language), spare=2),
        Column(
            "ownership",
            lambda: _("Ownership"),
            lambda row: words.word(words.OWNERSHIP, row.organisation.ownership),
            spare=3,
        ),
        Column(
            "mode",
            lambda: _("Admission mode"),
            lambda row: words.word(words.MODES, row.mode),
            tone=lambda row: "warning" if row.mode == "temporary" else "",
            spare=1,
        ),
        Column("phone", lambda: _("Telephone"), lambda row: words.unbroken(row.organisation.phone), spare=4),
    ]


def make(context: Context) -> Made:
    """Return the screen."""
    model = ChoosePlace(context)
    return model, lambda: ChoosePlaceView(model)
