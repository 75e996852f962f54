"""A card for each list in which an application stands."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from translations import _, formats
from ui import theme
from ui.cabinet_page import tab_as_read
from ui.context import Context, Made
from ui.family import words
from ui.family.parts import show_why_empty
from ui.keyboard import place_kept, start_in
from ui.kit import Banner, Button, Card, Chip, Heading, Muted, Page, Rule, State, Text, button_row, clear_layout
from ui.waiting_lists.view_model import Line, WaitingLists


class LineCard(Card):
    """One entry: for whom, where, how near."""

    def __init__(self, model: WaitingLists, line: Line) -> None:
        super().__init__()
        zone = model.home.zone
        self.no: Button | None = None
        row = QHBoxLayout()
        row.setSpacing(theme.grid(6))
        texts = QVBoxLayout()
        texts.setSpacing(theme.grid(1))
        texts.addWidget(Heading(words.offer_name(line.offer) or "–"))
        texts.addWidget(Muted(f"{words.short_name(line.view.child)} · {line.view.application.number}"))
        joined = _("In the list since {moment}").format(moment=formats.moment(line.entry.joined_at, zone))
        texts.addWidget(Muted(joined))
        chips = QHBoxLayout()
        chips.addWidget(Chip(words.word(words.ENTRIES, line.entry.state), "warning" if line.offered else "accent"))
        if model.is_left(line):
            chips.addWidget(Chip(_("Leaving: not sent yet"), "pending"))
        chips.addStretch(1)
        texts.addLayout(chips)
        row.addLayout(texts, 1)
        place = QVBoxLayout()
        place.setSpacing(0)
        place.addWidget(Text(_("Place in the list"), tone="muted"))
        number = Text(formats.number(line.entry.position), size=theme.Size.TITLE, bold=True, tone="accent")
        place.addWidget(number)
        place.addWidget(Muted(_("estimate")))
        place.addStretch(1)
        row.addLayout(place)
        self.add(row)
        if model.leaving == line.entry.id:
            self._ask(model, line)
            return
        acts = QHBoxLayout()
        acts.setSpacing(theme.grid(2))
        open_ = Button(
            _("Answer the offer") if line.offered else _("Open the application"),
            partial(model.context.go, "application", application_id=line.view.id),
            kind="primary" if line.offered else "",
        )
        acts.addWidget(open_)
        if model.may_leave(line):
            leave = Button(_("Leave this list"), partial(model.ask, line), kind="quiet")
            leave.setAccessibleName(f"{_('Leave this list')}: {words.offer_name(line.offer)}")
            acts.addWidget(leave)
        acts.addStretch(1)
        self.add(acts)

    def _ask(self, model: WaitingLists, line: Line) -> None:
        self.add(Rule())
        self.add(Text(model.consequence(line), wrap=True))
        self.yes = Button(_("Leave this list"), partial(model.leave, line), kind="danger")
        self.yes.setEnabled(not model.busy)
        self.no = Button(_("Leave everything as it is"), model.close)
        self.add(button_row(self.yes, self.no))


class WaitingListsView(Page):
    """Cards, or why there are none."""

    def __init__(self, model: WaitingLists) -> None:
        super().__init__(_("Waiting lists"), width=200)
        self._model = model
        self.more = self.secondary(
            _("Find another kindergarten"), lambda: model.context.go("choose_place", event="join-waitlist"), "search"
        )
        self._holder = QVBoxLayout()
        self._holder.setSpacing(theme.grid(4))
        self.add(self._holder)
        self._leaving: int | None = None
        self.on_escape(self._left)
        model.data_changed.connect(self._show)
        model.changed.connect(self._show)
        self._show()

    def _left(self) -> bool:
        """Leave the open question."""
        if self._model.leaving is None:
            return False
        self._model.close()
        return True

    def _show(self) -> None:
        with place_kept(self):
            self._draw()
        leaving = self._model.leaving
        if leaving != self._leaving:
            self._leaving = leaving
            start_in(self, next((card.no for card in self.findChildren(LineCard) if card.no is not None), None))

    def _draw(self) -> None:
        model = self._model
        if not model.home.ready or model.home.department is None:
            show_why_empty(self, model.home)
            return
        self.offer_acts(True)
        self.more.setText(_("Find another kindergarten") if model.lines else _("Find a kindergarten"))
        if not model.lines and not model.steps:
            self.show_state(
                State.EMPTY,
                _("You stand in no waiting list."),
                detail=_("With a voucher you can wait for a place in a kindergarten that is full."),
                icon="hourglass",
            )
            return
        clear_layout(self._holder)
        note = _("The order of a list is that of the queue, not that of joining. A number is an estimate.")
        self._holder.addWidget(Muted(note))
        if model.failure is not None:
            self._holder.addWidget(Banner(model.failure_text, "danger"))
        for view, event in model.steps:
            what = words.word(words.EVENTS, event)
            text = _("“{what}” is not sent yet: it counts only when the department receives it.").format(what=what)
            self._holder.addWidget(Banner(f"{words.short_name(view.child)}: {text}", "pending"))
        for line in model.lines:
            self._holder.addWidget(LineCard(model, line))
        tab_as_read(self)
        self.show_state(State.CONTENT)


def make(context: Context) -> Made:
    """Return the screen."""
    model = WaitingLists(context)
    return model, lambda: WaitingListsView(model)
