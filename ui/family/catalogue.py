"""A page of things on offer: filters, a table, and beside it the card of the one that is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QScrollArea, QSplitter, QWidget

from models.cache.queries.admissions import Department
from translations import _
from ui import theme
from ui.context import Context
from ui.family import choices
from ui.family.model import FamilyModel
from ui.family.parts import show_why_empty
from ui.flow import flowing
from ui.kit import Card, Choice, Column, DataTable, Field, Muted, Page, State, TableModel, clear_layout
from ui.kit.focus import kept_focus


class Offered(Protocol):
    """What the view-model of such a page has, beside signals ``rows_changed`` and ``changed``."""

    context: Context
    home: FamilyModel
    ready: bool
    failure: Exception | None
    locality: int
    words: str
    opened: Any

    @property
    def department(self) -> Department | None: ...

    @property
    def failure_text(self) -> str: ...

    @property
    def rows(self) -> list[Any]: ...

    @property
    def row(self) -> Any: ...

    def filter(self, **values: Any) -> None: ...

    def open(self, row: Any) -> None: ...

    def refresh(self) -> None: ...


Model = TypeVar("Model", bound=Offered)


class Catalogue(Page, Generic[Model]):
    """A subclass adds its filters and calls :meth:`begin`; it fills the card and says what it is about."""

    def __init__(self, model: Model, title: str, name: str, columns: Sequence[Column[Any]], *, label: str = "") -> None:
        super().__init__(title, scroll=False)
        self._model = model
        bar, self._flow = flowing(2)
        self._choices: dict[str, Choice] = {}
        self.search: Field | None = None
        self._answers: Sequence[QWidget] = []
        self._asked: Any = None
        self.source = TableModel(columns, [])
        self.table = DataTable(self.source, name, label=label or title, settings=model.context.settings)
        self.table.chosen_row.connect(model.open)
        self.table.measure(60)
        self.card = Card()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(self.card)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setMinimumWidth(theme.grid(85))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(theme.grid(2))
        split.addWidget(self.table)
        split.addWidget(area)
        split.setStretchFactor(0, 5)
        split.setStretchFactor(1, 4)
        self.add(bar)
        self.add(split, 1)
        self._offline = False
        self.on_escape(self.leave)

    def begin(self) -> None:
        """Connect and draw; called at the end of the subclass's making."""
        model: Any = self._model
        model.rows_changed.connect(self.show_rows)
        model.changed.connect(self.update_card)
        self.show_rows()

    # Filters

    def narrow(self, key: str, name: str, offered: Sequence[tuple[Any, str]] = ()) -> Choice:
        """Add a filter: the view-model's attribute ``key``, chosen from ``offered``; returns it."""
        choice = Choice(offered, getattr(self._model, key), name=name) if offered else Choice(name=name)
        choice.chosen.connect(lambda value: self._model.filter(**{key: value}))
        self._choices[key] = choice
        self._flow.addWidget(choice)
        return choice

    def narrow_words(self, hint: str) -> Field:
        """Add the field for words; returns it."""
        self.search = Field(self._model.words, hint=hint)
        self.search.setAccessibleName(hint)
        hinted = self.search.fontMetrics().horizontalAdvance(hint) + theme.grid(7)
        self.search.setMinimumWidth(max(theme.grid(45), hinted))
        self.search.textEdited.connect(lambda text: self._model.filter(words=text))
        self._flow.addWidget(self.search)
        return self.search

    def narrow_locality(self) -> Choice:
        """Add the filter by locality; its places come with the department."""
        return self.narrow("locality", _("Locality"))

    # What a subclass says

    def nothing(self) -> tuple[str, str] | None:
        """Return a sentence and a detail when there is nothing to offer at all."""
        return None

    def offer(self, department: Department) -> None:
        """Offer in the filters what is there now."""

    def summary(self, department: Department) -> str:
        """Return the line below the title."""
        return ""

    def writing(self) -> bool:
        """Return whether somebody writes in the card: news must not take the pen away."""
        return False

    def fill(self) -> None:
        """Put into the card what is looked at; what answers a question goes into ``_answers``, in its order."""

    def question(self) -> Any:
        """Return what is asked in the card, None when nothing is."""
        return None

    def leave(self) -> bool:
        """Leave the question that is open; returns whether one was."""
        return False

    def say(self) -> None:
        """Say in the banner what stands in the way."""

    # Drawing

    def show_rows(self) -> None:
        """Show what passes the filters, or why there is nothing."""
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
        nothing = self.nothing()
        if nothing is not None:
            self.show_state(State.EMPTY, nothing[0], detail=nothing[1], icon="building")
            return
        if "locality" in self._choices:
            everywhere = [(0, _("Everywhere")), *choices.localities(department)]
            self._choices["locality"].offer(everywhere, model.locality)
        self.offer(department)
        for key, choice in self._choices.items():
            choice.choose(getattr(model, key))
        if self.search is not None and self.search.text() != model.words:
            self.search.setText(model.words)
        rows, before = model.rows, model.opened
        self.source.show_rows(rows)
        self.show_context(self.summary(department))
        model.opened = before
        if rows:
            self.table.choose(next((number for number, row in enumerate(rows) if row == model.row), 0))
            model.open(self.table.current_row)  # the cursor may have stood there already
        self.update_card()
        self.show_state(State.CONTENT)

    def update_card(self) -> None:
        """Draw the card anew."""
        # A line that came or went changes what can be done, so it is shown even to somebody who writes.
        offline = bool(self._model.home.offline)
        if self.writing() and offline == self._offline:
            return
        self._offline = offline
        with kept_focus(self.card):
            clear_layout(self.card.body)
            self._answers = []
            self.fill()
            self.card.body.addStretch(1)
            self.say()
        # A question that opens takes the cursor; when it is answered or left the table has it again.
        before, self._asked = self._asked, self.question()
        if self._asked is not None and self._asked != before:
            first = next(iter(self._answers), None)
            if first is not None:
                QTimer.singleShot(0, first, first.setFocus)
        elif self._asked is None and before is not None and self.isVisible():
            self.table.setFocus()

    def lead(self, text: str) -> None:
        """Say in the card why it is empty: nothing passes the filters, or else ``text``."""
        self.card.add(Muted(text if self._model.rows else _("Nothing suits these filters.")))

    def start_here(self) -> None:
        """Put the cursor into the table."""
        self.table.setFocus()
