"""Three parts: the queue as everybody sees it, how many wait, and what may be expected."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from models.contract.admission_records import QueueStatistic
from translations import _, formats, n_
from ui import theme
from ui.context import Context, Made
from ui.family import choices, words
from ui.family.parts import Tabs, show_why_empty
from ui.family.pdf import PaperWindow
from ui.flow import flowing
from ui.kit import (
    Banner,
    Button,
    Card,
    Choice,
    Column,
    DataTable,
    Heading,
    Muted,
    Page,
    Ribbon,
    State,
    TableModel,
    Text,
    clear_layout,
)
from ui.kit.focus import kept_focus
from ui.queue.columns import queue_columns
from ui.queue.line import no_line, seen_before, trouble
from ui.queue.pager import Pager
from ui.queue.popular import popular_columns
from ui.queue.view_model import PAGE, Outlook, Queue


class QueueView(Page):
    """Tabs, filters, a table."""

    def __init__(self, model: Queue) -> None:
        super().__init__(_("Queue and forecast"))
        self._model = model
        self.tabs = Tabs(
            [
                ("queue", _("Public queue")),
                ("statistics", _("Statistics")),
                ("popular", _("Popular kindergartens")),
                ("forecast", _("Forecast of places")),
            ],
            model.part,
            _("Parts of the queue"),
        )
        self.tabs.chosen.connect(model.choose)
        self.add(self.tabs)
        self._filters()
        self._body = QWidget()
        self._holder = QVBoxLayout(self._body)
        self._holder.setContentsMargins(0, 0, 0, 0)
        self._holder.setSpacing(theme.grid(3))
        self.add(self._body)
        self.table: DataTable | None = None
        model.paper_made.connect(self._show_paper)
        model.part_changed.connect(self._show)
        model.rows_changed.connect(self._show)
        model.changed.connect(self._show)
        self._show()

    def _filters(self) -> None:
        model = self._model
        self._bar, flow = flowing(2)
        self.programme = Choice(
            [(key, _(text)) for key, text in words.PROGRAMMES.items()], model.programme, name=_("Kind of queue")
        )
        self.programme.chosen.connect(lambda value: model.filter(programme=value))
        flow.addWidget(self.programme)
        self.locality = Choice(name=_("Locality"))
        self.locality.chosen.connect(lambda value: model.filter(locality=value))
        flow.addWidget(self.locality)
        self.language = Choice(
            [("", _("Any language")), *((key, _(text)) for key, text in words.LANGUAGES.items())],
            model.language,
            name=_("Language of education"),
        )
        self.language.chosen.connect(lambda value: model.filter(language=value))
        flow.addWidget(self.language)
        self.year = Choice(name=_("Birth year"))
        self.year.chosen.connect(lambda value: model.filter(year=value))
        flow.addWidget(self.year)
        self.add(self._bar)

    def _show(self) -> None:
        model, department = self._model, self._model.department
        self.tabs.choose(model.part)
        if not model.home.ready or department is None:
            show_why_empty(self, model.home)
            return
        self.offer_acts(True)
        self.locality.offer([(0, _("Everywhere")), *choices.localities(department)], model.locality)
        self.year.offer([(0, _("Any birth year")), *((year, str(year)) for year in model.years)], model.year)
        self.programme.setVisible(model.part == "queue")
        self.language.setVisible(model.part != "popular")
        self.year.setVisible(model.part != "popular")
        self._bar.setVisible(model.part != "forecast")
        self.show_context(department.provider.name)
        parts = {
            "queue": self._queue,
            "statistics": self._statistics,
            "popular": self._popular,
            "forecast": self._forecast,
        }
        with kept_focus(self._body):
            clear_layout(self._holder)
            self.table = None
            parts[model.part]()
        self.show_state(State.CONTENT)

    def _queue(self) -> None:
        model = self._model
        note = _("The queue is anonymous: it tells no names. Numbers change as applications come and go.")
        self._holder.addWidget(Muted(note))
        self._trouble(not model.current, model.fetch, model.shown)
        page = model.shown
        if model.from_before:
            self._holder.addWidget(Banner(seen_before(page, model.home.zone), "accent"))
        if page is None:
            if model.busy:
                self._holder.addWidget(Muted(_("Loading…")))
            return
        rows = list(page.rows)
        if not rows:
            self._holder.addWidget(Muted(_("Nobody waits here.")))
            return
        self.table = DataTable(
            TableModel(queue_columns(model.home.zone), rows),
            "public-queue",
            label=_("Public queue"),
            settings=model.context.settings,
        )
        self.table.fit_height(PAGE)
        self._holder.addWidget(self.table)
        self._holder.addWidget(self._pager(len(rows)))

    def _pager(self, shown: int) -> QWidget:
        model = self._model
        pager = Pager(model.shown, model.offset, shown, model.turn, zone=model.home.zone, busy=model.busy)
        paper = Button(_("Print the queue"), model.print, icon="printer", kind="quiet")
        paper.setEnabled(not model.busy)
        pager.add(paper)
        return pager

    def _show_paper(self, data: bytes, name: str) -> None:
        self.paper = PaperWindow(self._model.context, bytes(data), name, "", self)
        self.paper.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.paper.show()

    def _statistics(self) -> None:
        model = self._model
        rows = model.rows
        if not rows:
            nothing = (
                _("Nothing suits these filters.")
                if model.statistics
                else _("The department has published no statistics yet.")
            )
            self._holder.addWidget(Muted(nothing))
            return
        figures, flow = flowing(4)
        for title, number in (
            (_("Waiting in the queue"), model.waiting_together),
            (_("Admitted in twelve months"), sum(row.admitted_year for row in rows)),
            (_("Free places now"), model.free_together),
        ):
            if number is None:
                continue
            card = Card()
            card.add(Text(title, tone="muted"))
            card.add(Text(formats.number(number), size=theme.Size.TITLE, bold=True))
            flow.addWidget(card)
        self._holder.addWidget(figures)
        if model.waiting_together is None or model.free_together is None:
            note = _(
                "Who wants several languages stands in several rows, and so does a group of several birth years. "
                "Choose a language to see how many wait together, and a birth year to see how many places are free."
            )
            self._holder.addWidget(Muted(note))
        self.table = DataTable(
            TableModel(_statistic_columns(model), rows),
            "queue-statistics",
            label=_("Statistics"),
            settings=model.context.settings,
        )
        self.table.fit_height(len(rows))
        self._holder.addWidget(self.table)
        moment = formats.moment(max(row.at for row in rows), model.home.zone)
        self._holder.addWidget(Muted(_("Computed on {moment}. Places are permanent ones.").format(moment=moment)))

    def _popular(self) -> None:
        model = self._model
        note = _(
            "Counted are children in waiting lists, and those in the special queue whose application names the "
            "kindergarten. Fewer than five are not told, so that nobody is recognised. The rating is that of parents."
        )
        self._holder.addWidget(Muted(note))
        self._trouble(model.interest is None, model.fetch_interest, model.popular)
        rows = model.popular
        if not rows:
            self._holder.addWidget(Muted(_("There are no kindergartens here.")))
            return
        self.table = DataTable(
            TableModel(popular_columns(model), rows),
            "popular-kindergartens",
            label=_("Popular kindergartens"),
            settings=model.context.settings,
        )
        self.table.fit_height(len(rows))
        self._holder.addWidget(self.table)

    def _trouble(self, lacking: bool, again: Callable[[], object], shown: object) -> None:
        model = self._model
        if model.failure is None and not (lacking and model.home.offline):
            return
        text = trouble(model, shown) or no_line(shown)
        banner = Banner(text, "warning" if model.offline or model.home.offline else "danger")
        banner.offer(_("Try again"), again)
        self._holder.addWidget(banner)

    def _forecast(self) -> None:
        model, view = self._model, self._model.view
        self._holder.addWidget(Ribbon(_("An estimate, not a promise."), "warning"))
        if view is None or view.position is None:
            self._holder.addWidget(Muted(_("None of your applications has a number in a queue now.")))
            return
        found = model.queued
        if len(found) > 1:
            choice = Choice(
                [(one.id, f"{words.short_name(one.child)} · {words.word(words.QUEUES, one.application.programme)}")
                 for one in found],
                view.id, name=_("For which application"),
            )  # fmt: skip
            choice.chosen.connect(model.look_for)
            line = QHBoxLayout()
            line.addWidget(choice)
            line.addStretch(1)
            self._holder.addLayout(line)
        card = Card()
        row = QHBoxLayout()
        row.setSpacing(theme.grid(6))
        number = QVBoxLayout()
        number.setSpacing(theme.grid(0.5))
        number.addWidget(Text(_("Your number in the queue"), tone="muted"))
        shown = Text(formats.number(view.position.number), size=theme.Size.TITLE, bold=True, tone="accent")
        number.addWidget(shown)
        row.addLayout(number)
        outlook = model.outlook()
        soon = next((one for one in outlook if one.enough), None)
        text = (
            _("By {day} about as many places are expected as stand before you.").format(day=formats.day(soon.day))
            if soon is not None
            else _("As many places are not expected in the time for which there is a forecast.")
        )
        row.addWidget(Heading(text if outlook else _("The department has published no forecast yet.")), 1)
        card.add(row)
        self._holder.addWidget(card)
        if not outlook:
            return
        self.table = DataTable(
            TableModel(_outlook_columns(view.position.number), outlook),
            "queue-forecast",
            label=_("Forecast of places"),
            settings=model.context.settings,
        )
        self.table.fit_height()
        self._holder.addWidget(self.table)
        about = _(
            "Counted are permanent places for children born in {year}, languages {languages}, in {place}: those that "
            "are free, less those held, and those that graduates and children who leave will free. Temporary places "
            "are not counted: they go back to the children whose places they are. Others may stand before you in "
            "another category, and families change their plans."
        ).format(
            year=view.child.born.year,
            languages=words.languages(view.application.languages, inside=True),
            place=words.place_name(model.department, view.application.locality_id),
        )
        self._holder.addWidget(Muted(about))


def _statistic_columns(model: Queue) -> list[Column[QueueStatistic]]:
    return [
        Column("place", lambda: _("Locality"), lambda row: words.place_name(model.department, row.locality_id),
               stretch=True),
        Column("year", lambda: _("Birth year"), lambda row: str(row.birth_year), figures=True),
        Column("language", lambda: _("Language"), lambda row: words.word(words.LANGUAGES, row.language)),
        Column("queued", lambda: _("Waiting in the queue"), lambda row: formats.number(row.queued), figures=True,
               sort=lambda row: row.queued),
        Column("admitted", lambda: _("Admitted in twelve months"), lambda row: formats.number(row.admitted_year),
               figures=True, sort=lambda row: row.admitted_year),
        Column("free", lambda: _("Free places now"), lambda row: formats.number(row.free_now), figures=True,
               sort=lambda row: row.free_now),
    ]  # fmt: skip


def _outlook_columns(number: int) -> list[Column[Outlook]]:
    def enough(row: Outlook) -> str:
        if row.enough:
            return _("about enough for you")
        missing = number - row.places
        return n_("{count} place short", "{count} places short", missing).format(count=formats.number(missing))

    return [
        Column("day", lambda: _("By"), lambda row: formats.day(row.day), sort=lambda row: row.day),
        Column("places", lambda: _("Expected free places"), lambda row: formats.number(row.places), figures=True,
               sort=lambda row: row.places),
        Column("enough", lambda: _("For your number"), enough, tone=lambda row: "positive" if row.enough else "muted",
               stretch=True),
    ]  # fmt: skip


def make(context: Context) -> Made:
    """Return the screen."""
    model = Queue(context)
    return model, lambda: QueueView(model)
