"""The anonymous queue before signing in: department, filters, a table by pages."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from translations import _
from ui import theme
from ui.context import Context, Made
from ui.family import words
from ui.flow import flowing
from ui.kit import Banner, Choice, DataTable, Muted, TableModel, clear_layout
from ui.kit.focus import kept_focus
from ui.kit.outside import CardPage
from ui.public_queue.view_model import PAGE, PublicQueue
from ui.queue.columns import queue_columns
from ui.queue.line import seen_before, trouble
from ui.queue.pager import Pager


class PublicQueueView(CardPage):
    """A card as wide as the table."""

    def __init__(self, model: PublicQueue) -> None:
        super().__init__(
            _("Public queue"),
            _("The queue is anonymous: it tells no names. Numbers change as applications come and go."),
            back=lambda: model.context.go("sign_in"),
            width=230,
        )
        self._model = model
        bar, flow = flowing(2)
        self.department = Choice(name=_("Education department"))
        self.department.chosen.connect(lambda value: model.filter(department=value))
        flow.addWidget(self.department)
        self.programme = Choice(
            [(key, _(text)) for key, text in words.PROGRAMMES.items()], model.programme, name=_("Kind of queue")
        )
        self.programme.chosen.connect(lambda value: model.filter(programme=value))
        flow.addWidget(self.programme)
        self.language = Choice(
            [("", _("Any language")), *((key, _(text)) for key, text in words.LANGUAGES.items())],
            model.language,
            name=_("Language of education"),
        )
        self.language.chosen.connect(lambda value: model.filter(language=value))
        flow.addWidget(self.language)
        self.year = Choice(
            [(0, _("Any birth year")), *((year, str(year)) for year in model.years)], model.year, name=_("Birth year")
        )
        self.year.chosen.connect(lambda value: model.filter(year=value))
        flow.addWidget(self.year)
        self.card.add(bar)
        self._body = QWidget()
        self._holder = QVBoxLayout(self._body)
        self._holder.setContentsMargins(0, 0, 0, 0)
        self._holder.setSpacing(theme.grid(3))
        self.card.add(self._body)
        self.table: DataTable | None = None
        self._shown: object = None
        if not model.departments and self.back is not None:
            self.start_with(self.back)  # nothing can be chosen yet: a choice that is off would lose the focus
        else:
            self.start_with(self.department)
        model.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        model = self._model
        self.department.offer([(one.id, one.name) for one in model.departments], model.department)
        for choice in (self.department, self.programme, self.language, self.year):
            choice.setEnabled(bool(model.departments))
        if model.departments and self._first is self.back:
            self.start_with(self.department)
            if self.focusWidget() is self.back:
                self.start_here()
        self.banner.clear()
        text = trouble(model, model.shown, chosen=bool(model.departments))
        self.banner.show_text(text, "warning" if model.offline else "danger")
        if model.failure is not None:
            self.banner.offer(_("Try again"), model.fetch)
        shape = (id(model.shown), model.from_before, model.busy)
        if shape == self._shown:
            return
        self._shown = shape
        with kept_focus(self._body):
            clear_layout(self._holder)
            self.table = None
            self._fill()

    def _fill(self) -> None:
        model, page = self._model, self._model.shown
        if model.from_before:
            self._holder.addWidget(Banner(seen_before(page, model.context.home_zone), "accent"))
        if page is None:
            if model.busy:
                self._holder.addWidget(Muted(_("Loading…")))
            elif model.failure is None and not model.departments:
                self._holder.addWidget(Muted(_("There is no education department here.")))
            return
        rows: list[Any] = list(page.rows)
        if not rows:
            self._holder.addWidget(Muted(_("Nobody waits here.")))
            return
        self.table = DataTable(
            TableModel(queue_columns(model.context.home_zone), rows),
            "public-queue",
            label=_("Public queue"),
            settings=model.context.settings,
        )
        self.table.fit_height(PAGE)
        self._holder.addWidget(self.table)
        zone = model.context.home_zone
        self._holder.addWidget(Pager(page, model.offset, len(rows), model.turn, zone=zone, busy=model.busy))


def make(context: Context) -> Made:
    """Return the screen."""
    model = PublicQueue(context)
    return model, lambda: PublicQueueView(model)
