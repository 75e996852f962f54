"""Groups that suit the child on one side, the ranked list on the other; everything by keyboard, too."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListWidget, QVBoxLayout, QWidget

from models.cache.queries.admissions import Offer
from models.domain.admissions.states import Mode
from translations import _, formats, n_
from ui import theme
from ui.context import Context, Made
from ui.family import words
from ui.family.model import FamilyModel
from ui.family.parts import Facts, Seen, ServerClock, show_why_empty
from ui.keyboard import place_kept, start_in
from ui.kit import (
    Banner,
    Button,
    Card,
    Chip,
    Choice,
    Column,
    DataTable,
    Heading,
    Muted,
    Page,
    State,
    TableModel,
    Text,
    clear_layout,
)
from ui.wishes.view_model import Asked, WishesModel


class Ranked(QListWidget):
    """The ranked groups: Alt with an arrow moves the wish with the cursor, Delete takes it off, or it is dragged."""

    moved = Signal(int, int)
    """A wish was moved: from which row, to which."""
    dropped = Signal(int)
    """A wish was taken off."""

    def __init__(self, names: list[str], row: int, *, may_rank: bool) -> None:
        super().__init__()
        self.setAccessibleName(_("Your list, best first"))
        self.setAccessibleDescription(_("Alt with an arrow moves a group up or down; Delete takes it off."))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrap(True)
        self._may_rank = may_rank
        if may_rank:
            self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
            self.model().rowsMoved.connect(self._dragged)
        for number, name in enumerate(names, start=1):
            self.addItem(_("{number}. {name}").format(number=number, name=name))
        if names:
            self.setCurrentRow(row)
        self.setFixedHeight(theme.grid(9) * max(3, len(names)) + theme.grid(2))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override."""
        row, by = self.currentRow(), {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if self._may_rank and by and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.moved.emit(row, row + by)
        elif self._may_rank and event.key() == Qt.Key.Key_Delete:
            self.dropped.emit(row)
        else:
            super().keyPressEvent(event)

    def _dragged(self, _parent: QModelIndex, start: int, _end: int, _to: QModelIndex, row: int) -> None:
        self.moved.emit(start, row - 1 if row > start else row)


class TimeLeft(Seen):
    """How much time is left until a collection ends."""

    over = Signal()

    def __init__(self, home: FamilyModel, one: Asked, zone: str) -> None:
        super().__init__(home)
        self._ends = one.collection.closes_at
        self._was_over = home.server_now() > self._ends
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.grid(0.5))
        column.addWidget(Text(_("To file your list"), tone="muted"))
        self.left = Text("", size=theme.Size.TITLE, bold=True)
        column.addWidget(self.left)
        column.addWidget(Text(_("until {due}").format(due=words.exact(self._ends, zone)), bold=True))
        column.addWidget(ServerClock(home))
        self.tick()

    def tick(self) -> None:
        """Override."""
        rest = self._ends - self.home.server_now()
        over = rest < timedelta(0)
        self.left.setText(_("The term is over") if over else words.left(rest))
        self.left.tone("danger" if rest < timedelta(days=1) else "")
        if over and not self._was_over:
            self._was_over = True
            self.over.emit()


class WishesPage(Page):
    """Built over :class:`WishesModel`."""

    def __init__(self, model: WishesModel) -> None:
        super().__init__(_("Wishes for groups"), width=240)
        self._model = model
        self._holder = QVBoxLayout()
        self._holder.setSpacing(theme.grid(4))
        self.add(self._holder)
        self.list: Ranked | None = None
        self.offers: DataTable | None = None
        self.file: Button | None = None
        model.data_changed.connect(self._show)
        model.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        model = self._model
        if not model.home.ready or model.home.department is None:
            show_why_empty(self, model.home)
            return
        self.offer_acts(True)
        if not model.ready:
            self.show_state(State.LOADING)
            return
        one = model.one
        if one is None:
            self.show_state(
                State.EMPTY,
                _("No wishes are collected now for an application of yours."),
                detail=_(
                    "Once a year a department may form groups at once. Then you rank the groups that you want here."
                ),
                icon="list-checks",
            )
            return
        filing = self.file is not None and self.file.hasFocus()
        before = self.offers.currentIndex().row() if self.offers is not None else 0
        with place_kept(self):
            self._draw(one)
        if self.offers is not None and before > 0:
            self.offers.setCurrentIndex(self.offers.model().index(min(before, len(model.offers) - 1), 0))
        if filing:
            start_in(self, lambda: self.list)  # what was just filed

    def _draw(self, one: Asked) -> None:
        model = self._model
        clear_layout(self._holder)
        self.list = self.offers = self.file = None
        if len(model.asked) > 1:
            self._holder.addWidget(self._choice(one), 0, Qt.AlignmentFlag.AlignLeading)
        self._holder.addWidget(self._head(one))
        if one.collection.state in ("issued", "cancelled"):
            self._holder.addWidget(self._result(one))
        else:
            self._holder.addWidget(self._ranking())
            if model.may_rank:
                self._holder.addWidget(self._offers())
        self.show_state(State.CONTENT)

    def _choice(self, one: Asked) -> QWidget:
        model = self._model
        names = [
            (
                asked.key,
                f"{words.short_name(asked.view.child)} · {asked.view.application.number} · {asked.collection.number}",
            )
            for asked in model.asked
        ]
        choice = Choice(names, one.key)
        choice.setAccessibleName(_("Application"))
        choice.chosen.connect(model.choose)
        return choice

    def _head(self, one: Asked) -> QWidget:
        model = self._model
        card = Card()
        row = QHBoxLayout()
        row.setSpacing(theme.grid(8))
        texts = QVBoxLayout()
        texts.setSpacing(theme.grid(2))
        chips = QHBoxLayout()
        text, tone = _standing(model, one)
        chips.addWidget(Chip(text, tone))
        chips.addStretch(1)
        texts.addLayout(chips)
        texts.addWidget(Heading(_("Collection of wishes {number}").format(number=one.collection.number)))
        texts.addWidget(
            Facts(
                [
                    (_("Child"), one.view.child.name),
                    (_("Application"), one.view.application.number),
                    (_("Kind of queue"), words.word(words.PROGRAMMES, one.collection.programme)),
                    (_("First day in the group"), formats.day(one.collection.starts_on)),
                ]
            )
        )
        texts.addStretch(1)
        row.addLayout(texts, 3)
        if one.collection.state == "collecting":
            self.left = TimeLeft(model.home, one, model.zone)
            self.left.over.connect(model.data_changed)
            row.addWidget(self.left, 2)
        card.add(row)
        self._warn(card, one)
        return card

    def _warn(self, card: Card, one: Asked) -> None:
        model = self._model
        item = model.coming
        due = words.exact(one.collection.closes_at, model.zone)
        if item is not None:
            banner = Banner(
                _("Your list is not yet filed: it counts only if the department receives it by {due}.").format(due=due),
                "pending",
            )
            if item.state == "waiting" and item.stays is None:
                banner.offer(_("Take it back"), model.withdraw)
            card.add(banner)
        elif model.is_draft:
            text = _("This is a draft on this computer, not yet filed. File it by {due}.")
            card.add(Banner(text.format(due=due), "warning"))
        if model.home.offline and model.may_rank and (item is not None or model.is_draft):
            card.add(Banner(_("There is no connection: find one before the end of the collection."), "warning"))
        for refused in model.refusals:
            banner = Banner(
                _("“{what}” was refused. {why}").format(what=_("File wishes"), why=model.why_refused(refused)), "danger"
            )
            banner.offer(_("Put away"), partial(model.dismiss, refused))
            card.add(banner)
        if model.failure is not None:
            card.add(Banner(model.failure_text, "danger"))
        if model.over and one.collection.state in ("collecting", "closed"):
            card.add(Banner(_("The collection has ended. Its result appears here, and a message comes."), "accent"))
        elif not model.home.may_act(one.view.child.id):
            card.add(Banner(_("This child is entrusted to you to see. Its parent acts for it."), "accent"))

    def _ranking(self) -> QWidget:
        model = self._model
        names = [words.offer_name(model.offer(group)) or "–" for group in model.ranked]
        card = Card(
            _("Your list, best first"),
            note=_(
                "Write what you truly want, in that order: a wish that is not fulfilled costs nothing at the next one, "
                "and it does not matter who files first."
            ),
        )
        if not names and not model.offers:
            card.add(
                Muted(
                    _(
                        "No group of this collection suits the child by age and language. There is nothing to do: the "
                        "application keeps its place in the queue."
                    )
                )
            )
        elif not names:
            card.add(Muted(_("Nothing is ranked yet. Add groups from the table below.")))
        else:
            self.list = Ranked(names, model.row, may_rank=model.may_rank)
            self.list.currentRowChanged.connect(lambda row: setattr(model, "row", max(0, row)))
            self.list.moved.connect(lambda row, to: model.move(row, to - row))
            self.list.dropped.connect(model.take_off)
            card.add(self.list)
        if not model.may_rank:
            return card
        row = QHBoxLayout()
        row.setSpacing(theme.grid(2))
        self.file = Button(_("File the list"), model.file, kind="primary")
        self.file.setEnabled(bool(names) and model.is_draft and not model.busy)
        row.addWidget(self.file)
        for text, act, able in (
            (_("Up"), lambda: model.move(model.row, -1), len(names) > 1),
            (_("Down"), lambda: model.move(model.row, 1), len(names) > 1),
            (_("Take off the list"), lambda: model.take_off(model.row), bool(names)),
        ):
            button = Button(text, act)
            button.setEnabled(able)
            row.addWidget(button)
        if model.is_draft and model.filed:
            row.addWidget(Button(_("Back to what is filed"), model.forget, kind="quiet"))
        elif model.filed and model.coming is None and not model.is_draft:
            row.addWidget(Button(_("Take the filed list back"), model.take_back, kind="quiet"))
        row.addStretch(1)
        card.add(row)
        return card

    def _offers(self) -> QWidget:
        model = self._model
        offers, full = model.offers, len(model.ranked) >= model.limit
        card = Card(_("Groups that suit your child"))
        if full:
            card.add(
                Muted(
                    n_(
                        "At most {count} group can be ranked.", "At most {count} groups can be ranked.", model.limit
                    ).format(count=model.limit)
                )
            )
        self.offers = DataTable(
            TableModel(_columns(), offers), "wish-offers", label=_("Groups that suit your child"),
            settings=model.context.settings,
        )  # fmt: skip
        self.offers.fit_height(12)
        self.offers.activated_row.connect(lambda offer: model.add(offer.group.id))
        card.add(self.offers)
        add = Button(_("Add to the list"), self._add, icon="plus")
        add.setEnabled(bool(offers) and not full)
        row = QHBoxLayout()
        row.addWidget(add)
        row.addStretch(1)
        card.add(row)
        return card

    def _add(self) -> None:
        offer = self.offers.current_row if self.offers is not None else None
        if offer is not None:
            self._model.add(offer.group.id)

    def _result(self, one: Asked) -> QWidget:
        filed, collection = one.filed, one.collection
        card = Card(_("Result"))
        if collection.state == "cancelled":
            reason = collection.reason
            card.add(Text(_("The collection was given up. {reason}").format(reason=reason), wrap=True))
        elif filed is not None and filed.state == "placed":
            place = words.offer_name(self._model.offer(filed.group_id or 0)) or "–"
            given = _("A place is given: {place}. It is your wish number {number}.")
            card.add(Text(given.format(place=place, number=filed.wish), bold=True, wrap=True))
        else:
            text = _("None of the groups you wished for had a place left. Your place in the queue stays.")
            card.add(Text(text, wrap=True))
        go = partial(self._model.context.go, "application", application_id=one.view.id)
        card.body.addWidget(Button(_("Open the application"), go), 0, Qt.AlignmentFlag.AlignLeading)
        return card


def _standing(model: WishesModel, one: Asked) -> tuple[str, str]:
    """Return how the list stands, and its tone."""
    if one.collection.state == "cancelled":
        return _("Given up"), "muted"
    if one.filed is not None and one.filed.state in ("placed", "not-placed"):
        placed = one.filed.state == "placed"
        return (_("Place given"), "positive") if placed else (_("No place"), "warning")
    if model.coming is not None:
        return _("Not sent yet"), "pending"
    if model.is_draft:
        return _("Not yet filed"), "warning"
    if one.filed is not None and one.filed.state == "filed":
        return _("Filed on {moment}").format(moment=formats.moment(one.filed.filed_at, model.zone)), "positive"
    return _("Nothing filed"), "muted"


def _columns() -> tuple[Column[Offer], ...]:
    return (
        Column("organisation", lambda: _("Kindergarten"), lambda one: one.organisation.name, stretch=True),
        Column("group", lambda: _("Group"), lambda one: one.group.name),
        Column("language", lambda: _("Language"), lambda one: words.word(words.LANGUAGES, one.group.language)),
        Column("ages", lambda: _("Ages"), lambda one: words.ages(one.group.age_from, one.group.age_to)),
        Column(
            "free",
            lambda: _("Free places"),
            lambda one: formats.number(one.free(Mode.PERMANENT)),
            figures=True,
            sort=lambda one: one.free(Mode.PERMANENT),
        ),
    )


def make(context: Context) -> Made:
    """Return the screen."""
    model = WishesModel(context)
    return model, lambda: WishesPage(model)
