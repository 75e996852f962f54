"""The bulletin as a table with the server's clock over it, and the item that is looked at beside."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSplitter, QWidget

from models.cache.queries.admissions import Item
from translations import _, formats, n_
from ui import icons, theme
from ui.bulletin.view_model import EVERYTHING, MINE, Bulletin
from ui.context import Context, Made
from ui.family import words
from ui.family.parts import Facts, ServerClock, show_why_empty
from ui.flow import flowing
from ui.kit import (
    Banner,
    Button,
    Card,
    Chip,
    Choice,
    Column,
    DataTable,
    Field,
    Heading,
    Muted,
    Page,
    State,
    TableModel,
    Text,
    clear_layout,
)


class BulletinView(Page):
    """Clock, filters, table, card. Countdowns go on each second while the page is seen."""

    def __init__(self, model: Bulletin) -> None:
        super().__init__(_("Bulletin of free places"), scroll=False)
        self._model = model
        self.clock = ServerClock(model.home, prominent=True)
        self.acts.addWidget(self.clock)
        self._filters()
        self.model_ = TableModel(_columns(model), [])
        self.table = DataTable(
            self.model_, "bulletin", label=_("Bulletin of free places"), settings=model.context.settings
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
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self.tick)
        self._ready_for: tuple[int, bool] | None = None
        self._status: Chip | None = None
        model.rows_changed.connect(self._show)
        model.changed.connect(self._update)
        self._show()

    def _filters(self) -> None:
        model = self._model
        holder, flow = flowing(2)
        self.child = Choice(name=_("For which application"))
        self.child.chosen.connect(model.choose)
        flow.addWidget(self.child)
        self.shown = Choice(
            [(EVERYTHING, _("Available to all")), (MINE, _("Available to me"))], model.shown, name=_("Which places")
        )
        self.shown.chosen.connect(lambda value: model.filter(shown=value))
        flow.addWidget(self.shown)
        self.locality = Choice(name=_("Locality"))
        self.locality.chosen.connect(lambda value: model.filter(locality=value))
        flow.addWidget(self.locality)
        self.search = Field(model.words, hint=_("Kindergarten"))
        self.search.setAccessibleName(_("Kindergarten"))
        self.search.setMinimumWidth(theme.grid(45))
        self.search.textEdited.connect(lambda text: model.filter(words=text))
        flow.addWidget(self.search)
        self.add(holder)

    def tick(self) -> None:
        """Show another second: countdowns, and the button when an item opens."""
        model = self._model
        rows = len(self.model_.rows)
        if rows:
            at = next(n for n, column in enumerate(self.model_.columns) if column.key == "status")
            self.model_.dataChanged.emit(self.model_.index(0, at), self.model_.index(rows - 1, at))
        item = model.item
        if item is not None:
            text, tone = model.status(item)
            if self._status is not None:
                self._status.setText(text)
                self._status.tone(tone)
            if self._ready_for != (item.item.id, model.may_apply(item)):
                self._update()

    def showEvent(self, event: QShowEvent) -> None:
        """Override."""
        super().showEvent(event)
        self._second.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Override."""
        super().hideEvent(event)
        self._second.stop()

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
        if not model.everything:
            self.show_state(
                State.EMPTY,
                _("No free places are published now."),
                detail=_("Kindergartens publish places here; each opens at the named hour of the server's clock."),
                icon="calendar-days",
            )
            return
        found = model.candidates
        view = model.view
        self.child.setVisible(bool(found))
        self.child.offer([(one.id, words.short_name(one.child)) for one in found], view.id if view else None)
        self.shown.choose(model.shown)
        names = sorted(department.localities.values(), key=lambda one: words.said(one.name))
        self.locality.offer([(0, _("Everywhere")), *((one.id, words.said(one.name)) for one in names)], model.locality)
        rows, before = model.rows, model.opened
        self.model_.show_rows(rows)
        self.show_context(n_("{count} publication", "{count} publications", len(rows)).format(count=len(rows)))
        model.opened = before
        at = next((n for n, row in enumerate(rows) if row.item.id == before), 0)
        if rows:
            self.table.choose(at)
        self._update()
        self.show_state(State.CONTENT)

    def _update(self) -> None:
        model = self._model
        self.banner.show_text(model.failure_text or model.obstacle, "danger" if model.failure_text else "accent")
        clear_layout(self._card.body)
        self._status = None
        item = model.item
        if item is None:
            text = _("Nothing suits these filters.") if not model.rows else _("Choose a place in the table.")
            self._card.add(Muted(text))
            self._card.body.addStretch(1)
            return
        ready = model.may_apply(item)
        self._ready_for = (item.item.id, ready)
        self._card.add(Heading(item.offer.organisation.name))
        text, tone = model.status(item)
        self._status = Chip(text, tone)
        self._card.body.addWidget(self._status, 0, Qt.AlignmentFlag.AlignLeading)
        if model.asking and ready:
            self._ask(item)
        else:
            self._act(item, ready)
            self._facts(item)
        self._card.body.addStretch(1)

    def _act(self, item: Item, ready: bool) -> None:
        model = self._model
        if ready:
            self.apply = Button(_("Apply"), model.ask, kind="primary", icon="send")
            self.apply.setEnabled(not model.busy)
            self._card.body.addWidget(self.apply, 0, Qt.AlignmentFlag.AlignLeading)
            return
        for text in model.why_not(item):
            row = QHBoxLayout()
            row.setSpacing(theme.grid(2))
            row.addWidget(icons.Glyph("info", "warning", 4), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(Text(text, wrap=True), 1)
            self._card.add(row)
        if model.view is None:
            file = Button(_("Add an application"), lambda: model.context.go("applications", new=True), icon="plus")
            self._card.body.addWidget(file, 0, Qt.AlignmentFlag.AlignLeading)

    def _facts(self, item: Item) -> None:
        row, group, one = item.item, item.offer.group, item.offer.organisation
        zone = self._model.home.zone
        self._card.add(
            Facts(
                [
                    (_("Kind"), words.kindergarten_line(one)),
                    (_("Group"), f"{group.name} · {words.word(words.STAYS, group.kind)}"),
                    (_("Age group"), words.ages(group.age_from, group.age_to)),
                    (_("All places"), formats.number(row.places)),
                    (_("Free places"), formats.number(self._model.free(item))),
                    (_("Language of education"), words.word(words.LANGUAGES, row.language)),
                    (_("Birth years"), _years(row.birth_years)),
                    (_("Kind of place"), words.word(words.MODES, row.mode)),
                    (_("Locality"), words.place_name(self._model.department, row.locality_id)),
                    (_("Address"), one.address),
                    (_("Telephone"), words.unbroken(one.phone)),
                    (_("Responsible"), row.responsible),
                    (_("Really free from"), formats.day(row.free_from)),
                    (_("Published"), formats.day(row.published_on) if row.published_on else ""),
                    (_("Applications from"), formats.moment(row.open_at, zone) if row.open_at else ""),
                    (_("Open to all from"), formats.moment(row.open_to_all_at, zone) if row.open_to_all_at else ""),
                ]
            )
        )

    def _ask(self, item: Item) -> None:
        model, view = self._model, self._model.view
        assert view is not None
        text = _(
            "Apply for {child} to {place}? The kindergarten then activates the application and you get a referral. "
            "While it is looked at, you cannot apply to another place."
        ).format(child=words.short_name(view.child), place=words.offer_name(item.offer))
        self._card.add(Text(text, wrap=True))
        if model.home.offline:
            late = _("There is no connection. Others may take the place meanwhile: whoever comes first gets it.")
            self._card.add(Banner(late, "pending"))
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.grid(2))
        self.yes = Button(_("Yes, apply"), model.apply, kind="primary")
        self.yes.setEnabled(not model.busy)
        row.addWidget(self.yes)
        row.addWidget(Button(_("Back"), model.close))
        row.addStretch(1)
        self._card.add(holder)

    def start_here(self) -> None:
        """Put the cursor into the table."""
        self.table.setFocus()


def _years(years: list[int]) -> str:
    return ", ".join(map(str, sorted(years, reverse=True)))


def _columns(model: Bulletin) -> list[Column[Item]]:
    def opens(item: Item) -> str:
        at = item.item.open_at
        return formats.moment(at, model.home.zone) if at is not None else "–"

    return [
        Column("kindergarten", lambda: _("Kindergarten"), lambda item: item.offer.organisation.name, stretch=True),
        Column(
            "status", lambda: _("State"), lambda item: model.status(item)[0], tone=lambda item: model.status(item)[1]
        ),
        Column(
            "free",
            lambda: _("Free places"),
            lambda item: formats.number(model.free(item)),
            figures=True,
            sort=model.free,
            tone=lambda item: "positive" if model.free(item) else "muted",
            bold=lambda item: bool(model.free(item)),
        ),
        Column("language", lambda: _("Language"), lambda item: words.word(words.LANGUAGES, item.item.language)),
        Column("years", lambda: _("Birth years"), lambda item: _years(item.item.birth_years)),
        Column("opens", lambda: _("Applications from"), opens, sort=lambda item: str(item.item.open_at)),
        Column("group", lambda: _("Group"), lambda item: item.offer.group.name),
        Column(
            "all",
            lambda: _("All places"),
            lambda item: formats.number(item.item.places),
            figures=True,
            sort=lambda item: item.item.places,
        ),
    ]


def make(context: Context) -> Made:
    """Return the screen."""
    model = Bulletin(context)
    return model, lambda: BulletinView(model)
