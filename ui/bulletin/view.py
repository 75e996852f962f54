"""The bulletin as a table with the server's clock over it, and the item that is looked at beside."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from models.cache.queries.admissions import Department, Item
from translations import _, formats, n_
from ui import icons, theme
from ui.bulletin.view_model import EVERYTHING, MINE, Bulletin
from ui.context import Context, Made
from ui.family import words
from ui.family.catalogue import Catalogue
from ui.family.parts import Facts, ServerClock
from ui.kit import Banner, Button, Chip, Choice, Column, Heading, Muted, Text


class BulletinView(Catalogue[Bulletin]):
    """Countdowns go on each second while the page is seen."""

    def __init__(self, model: Bulletin) -> None:
        super().__init__(model, _("Bulletin of free places"), "bulletin", _columns(model))
        self.clock = ServerClock(model.home, prominent=True)
        self.acts.addWidget(self.clock)
        self.child = Choice(name=_("For which application"))
        self.child.chosen.connect(model.choose)
        self._flow.addWidget(self.child)
        self.narrow("shown", _("Which places"), [(EVERYTHING, _("Available to all")), (MINE, _("Available to me"))])
        self.narrow_locality()
        self.narrow_words(_("Kindergarten"))
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self.tick)
        self._ready_for: tuple[int, bool] | None = None
        self._status: Chip | None = None
        self.begin()

    def tick(self) -> None:
        """Show another second: countdowns, and the button when an item opens."""
        model = self._model
        rows = len(self.source.rows)
        if rows:
            at = next(n for n, column in enumerate(self.source.columns) if column.key == "status")
            self.source.dataChanged.emit(self.source.index(0, at), self.source.index(rows - 1, at))
        item = model.row
        if item is not None:
            text, tone = model.status(item)
            if self._status is not None:
                self._status.setText(text)
                self._status.tone(tone)
            if self._ready_for != (item.item.id, model.may_apply(item)):
                self.update_card()

    def showEvent(self, event: QShowEvent) -> None:
        """Override."""
        super().showEvent(event)
        self._second.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Override."""
        super().hideEvent(event)
        self._second.stop()

    def nothing(self) -> tuple[str, str] | None:
        """Override."""
        if self._model.everything:
            return None
        return (
            _("No free places are published now."),
            _("Kindergartens publish places here; each opens at the named hour of the server's clock."),
        )

    def offer(self, department: Department) -> None:
        """Override."""
        found, view = self._model.candidates, self._model.view
        self.child.setVisible(bool(found))
        self.child.offer([(one.id, words.short_name(one.child)) for one in found], view.id if view else None)

    def summary(self, department: Department) -> str:
        """Override."""
        count = len(self._model.rows)
        return n_("{count} publication", "{count} publications", count).format(count=count)

    def question(self) -> Any:
        """Override."""
        return self._model.opened if self._model.asking else None

    def leave(self) -> bool:
        """Override."""
        asked = self._model.asking
        if asked:
            self._model.close()
        return asked

    def say(self) -> None:
        """Override."""
        model = self._model
        self.banner.show_text(model.failure_text or model.obstacle, "danger" if model.failure_text else "accent")

    def fill(self) -> None:
        """Override."""
        model = self._model
        self._status = None
        item = model.row
        if item is None:
            if model.shown == MINE and model.view is None:
                text = _("Places that are open to you stand here once you have an application to the bulletin.")
                self.card.add(Muted(text))
            else:
                self.lead(_("Choose a place in the table."))
            return
        ready = model.may_apply(item)
        self._ready_for = (item.item.id, ready)
        self.card.add(Heading(item.offer.organisation.name))
        text, tone = model.status(item)
        self._status = Chip(text, tone)
        self.card.body.addWidget(self._status, 0, Qt.AlignmentFlag.AlignLeading)
        if model.asking and ready:
            self._ask(item)
        else:
            self._act(item, ready)
            self._facts(item)

    def _act(self, item: Item, ready: bool) -> None:
        model = self._model
        if ready:
            self.apply = Button(_("Apply"), model.ask, kind="primary", icon="send")
            self.apply.setEnabled(not model.busy)
            self.card.body.addWidget(self.apply, 0, Qt.AlignmentFlag.AlignLeading)
            return
        for text in model.why_not(item):
            row = QHBoxLayout()
            row.setSpacing(theme.grid(2))
            row.addWidget(icons.Glyph("info", "warning", 4), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(Text(text, wrap=True), 1)
            self.card.add(row)
        if model.view is None:
            file = Button(_("Add an application"), lambda: model.context.go("applications", new=True), icon="plus")
            self.card.body.addWidget(file, 0, Qt.AlignmentFlag.AlignLeading)

    def _facts(self, item: Item) -> None:
        row, group, one = item.item, item.offer.group, item.offer.organisation
        zone = self._model.home.zone
        self.card.add(
            Facts(
                [
                    (_("Kind"), words.word(words.KINDS, one.kind)),
                    (_("Ownership"), words.word(words.OWNERSHIP, one.ownership)),
                    (_("Group"), f"{group.name} · {words.word(words.STAYS, group.kind)}"),
                    (_("Age group"), words.ages(group.age_from, group.age_to)),
                    (_("All places"), formats.number(row.places)),
                    (_("Free places"), formats.number(self._model.free(item))),
                    (_("Language of education"), words.word(words.LANGUAGES, row.language)),
                    (_("Birth years"), _years(row.birth_years)),
                    (_("Kind of place"), words.word(words.MODES, row.mode)),
                    (_("Locality"), words.place_name(self._model.department, row.locality_id)),
                    (_("Address"), words.address(one.address)),
                    (_("Telephone"), words.unbroken(one.phone)),
                    (_("Responsible"), row.responsible),
                    (_("Really free from"), formats.day(row.free_from)),
                    (_("Publication date"), formats.day(row.published_on) if row.published_on else ""),
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
        self.card.add(Text(text, wrap=True))
        if model.home.offline:
            late = _("There is no connection. Others may take the place meanwhile: whoever comes first gets it.")
            self.card.add(Banner(late, "pending"))
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.grid(2))
        self.yes = Button(_("Yes, apply"), model.apply, kind="primary")
        self.yes.setEnabled(not model.busy)
        row.addWidget(self.yes)
        self._answers = (self.yes,)
        row.addWidget(Button(_("Back"), model.close))
        row.addStretch(1)
        self.card.add(holder)


def _years(years: list[int]) -> str:
    return ", ".join(map(str, sorted(years, reverse=True)))


def _columns(model: Bulletin) -> list[Column[Item]]:
    def opens(item: Item) -> str:
        at = item.item.open_at
        return formats.moment(at, model.home.zone) if at is not None else "–"

    return [
        Column(
            "kindergarten",
            lambda: _("Kindergarten"),
            lambda item: item.offer.organisation.name,
            stretch=True,
            least=44,
            wraps=True,
        ),
        Column(
            "status",
            lambda: _("State"),
            lambda item: model.status(item)[0],
            tone=lambda item: model.status(item)[1],
            stretch=True,
            least=44,
            wraps=True,
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
        Column(
            "language", lambda: _("Language"), lambda item: words.word(words.LANGUAGES, item.item.language), spare=1
        ),
        Column("years", lambda: _("Birth years"), lambda item: _years(item.item.birth_years), spare=2),
        Column("opens", lambda: _("Applications from"), opens, sort=lambda item: str(item.item.open_at), spare=3),
        Column("group", lambda: _("Group"), lambda item: item.offer.group.name, spare=4),
        Column(
            "all",
            lambda: _("All places"),
            lambda item: formats.number(item.item.places),
            figures=True,
            sort=lambda item: item.item.places,
            spare=5,
        ),
    ]


def make(context: Context) -> Made:
    """Return the screen."""
    model = Bulletin(context)
    return model, lambda: BulletinView(model)
