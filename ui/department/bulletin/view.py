"""Publications of free places: the table, the draft with its opening hour, lowering and withdrawing."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QWidget

from models.contract.admission_records import BulletinItem
from models.contract.reasons import reason_of
from models.domain.admissions.reasons import ITEM
from translations import _, formats, n_
from ui import theme
from ui.context import Context, Made
from ui.department import reasons, words
from ui.department.bulletin.view_model import COMMANDS, BulletinModel
from ui.department.page import DeskPage
from ui.family import words as family
from ui.flow import flowing
from ui.kit import Banner, Button, Card, Check, Choice, Column, DateField, Field, Form, Muted, TableModel, Text


class BulletinPage(DeskPage):
    """Built over :class:`BulletinModel`."""

    def __init__(self, model: BulletinModel) -> None:
        super().__init__(model, _("Publications of free places"))
        self._asked = False
        self.no: Button | None = None
        self.new = self.primary(_("Publish places"), model.begin, "plus")
        self.begin()

    def first_field(self) -> QWidget | None:
        """Override: the question before publishing takes the cursor once, at the way back, never at its verb."""
        asking = self.view_model.asking
        opened, self._asked = asking and not self._asked, asking
        return self.no if opened else None

    def resting(self) -> QWidget | None:
        """Override: what was published or withdrawn is a row of the table, whatever the form was opened from."""
        return self.rows if self.view_model.items and self.rows.isVisibleTo(self) else None

    def empty(self) -> tuple[str, str] | None:
        """Override."""
        model = self.view_model
        if model.items or model.writing or model.pending() or model.desk.refused(*COMMANDS):
            return None
        return _("Nothing has been published yet."), ""

    def fill(self) -> None:
        """Override."""
        model = self.view_model
        self.new.setVisible(not model.writing and model.lowering is None)
        self.show_context(self.as_of())
        for banner in self.waiting_banners(model.pending(), model.desk.refused(*COMMANDS)):
            self.holder.addWidget(banner)
        if model.writing:
            self.holder.addWidget(self._draft())
        elif model.item is not None:
            self.holder.addWidget(self._change())
        if not model.items:
            if not model.writing:
                self.holder.addWidget(Muted(_("Nothing has been published yet.")))
            return
        self.rows = self.table(
            items_model(model), "publications", _("Publications of free places"),
            lambda item: model.begin_lower(item.id), most=16, first=True,
        )  # fmt: skip
        self.holder.addWidget(self.rows)
        if not model.writing and model.item is None:
            acts, flow = flowing(2)
            flow.addWidget(Button(_("Lower or withdraw the chosen one…"), self._lower_chosen, icon="pencil"))
            self.holder.addWidget(acts)

    def _lower_chosen(self) -> None:
        item = self.rows.current_row
        if item is not None:
            self.view_model.begin_lower(item.id)

    def _draft(self) -> QWidget:
        model = self.view_model
        card = Card(_("Publish places"), note=_("The draft is kept on this computer until you publish it."))
        self.form = form = Form(columns=2)
        groups = [
            (
                str(offer.group.id),
                _("{kindergarten}, {group}, free: {count}").format(
                    kindergarten=offer.organisation.name,
                    group=words.group_line(offer),
                    count=formats.number(model.publishable(offer)),
                ),
            )
            for offer in model.groups()
        ]
        group = Choice(groups, model.draft["group"])
        group.chosen.connect(model.set_group)
        form.add("group", _("&Group"), group, span=2)
        places = Field(model.draft["places"])
        places.textEdited.connect(partial(model.type, "places"))
        note = _("At most {count}: free places that are not published yet.").format(count=formats.number(model.free))
        form.add("places", _("&Places"), places, note=note)
        years, flow = flowing(3)
        self.year_boxes: dict[int, Check] = {}
        for year in model.fitting():
            box = Check(str(year))
            box.setChecked(year in model.years)
            box.toggled.connect(partial(model.tick_year, year))
            self.year_boxes[year] = box
            flow.addWidget(box)
        form.add("years", _("Birth years"), years, note=_("Those that fit the ages of the group."))
        free_from = DateField(model.free_from, today=model.desk.today)
        free_from.changed.connect(partial(model.set_day, "free_from"))
        form.add("free_from", _("&Free from"), free_from)
        day = DateField(model.published_on, today=model.desk.today)
        day.changed.connect(partial(model.set_day, "published_on"))
        form.add("published_on", _("P&ublished on"), day, note=self._opening())
        responsible = Field(model.draft["responsible"])
        responsible.textEdited.connect(partial(model.type, "responsible"))
        form.add("responsible", _("&Responsible"), responsible)
        card.add(form)
        rest = form.show_problems(model.problems)
        if rest:
            card.add(Banner(rest, "danger"))
        if model.asking:
            card.add(Banner(self._sure(), "warning"))
        row = QHBoxLayout()
        row.setSpacing(theme.grid(2))
        if model.asking:
            row.addWidget(Button(_("Publish"), model.publish, kind="primary"))
            self.no = Button(_("Leave everything as it is"), model.leave)
            row.addWidget(self.no)
        else:
            row.addWidget(Button(_("Check and publish…"), model.review, kind="primary"))
            row.addWidget(Button(_("Forget the draft"), model.close_card))
        row.addStretch(1)
        card.add(row)
        return card

    def _opening(self) -> str:
        model = self.view_model
        opening = model.opening()
        if opening is None:
            return ""
        opens, later = opening
        text = _("Opens to the queue {moment}").format(moment=family.exact(opens, model.desk.zone))
        if later is None:
            return text
        everybody = _("to everybody {moment}").format(moment=family.exact(later, model.desk.zone))
        return f"{text}; {everybody}"

    def _sure(self) -> str:
        model = self.view_model
        offer, count = model.offer, model.whole("places", 1, model.free, [])
        return n_(
            "{count} place of {group} for {years} appears in the bulletin. A parent who applies holds a place at once.",
            "{count} places of {group} for {years} appear in the bulletin. A parent who applies holds a place at once.",
            count,
        ).format(
            count=formats.number(count),
            group=family.offer_name(offer),
            years=", ".join(map(str, sorted(model.years, reverse=True))),
        )

    def _change(self) -> QWidget:
        model = self.view_model
        item = model.item
        offer = model.desk.desk.offers.get(item.group_id)
        card = Card(_("Publication {number}").format(number=item.number), note=family.offer_name(offer))
        taken = n_("{count} place is held or given.", "{count} places are held or given.", item.taken).format(
            count=formats.number(item.taken)
        )
        card.add(
            Text(
                f"{taken} "
                + _(
                    "Withdrawn whole, parents who hold a place lose it, return into the queue with their date and "
                    "read the reason. Lowered, nobody loses anything."
                ),
                wrap=True,
            )
        )
        self.form = form = Form(columns=2)
        number = Field(model.draft["number"])
        number.textEdited.connect(partial(model.type, "number"))
        note = _("From {low} to {high}.").format(low=max(1, item.taken), high=item.places - 1)
        form.add("number", _("New &number of places"), number, note=note if item.places - 1 >= 1 else "")
        reasons.ask(form, model, "reason", ITEM, note=_("The parents read it."), span=2)
        card.add(form)
        rest = form.show_problems(model.problems)
        if rest:
            card.add(Banner(rest, "danger"))
        acts, flow = flowing(2)
        lower = Button(_("Lower the number"), model.lower, kind="primary")
        lower.setEnabled(item.places - 1 >= max(1, item.taken))
        flow.addWidget(lower)
        flow.addWidget(Button(_("Withdraw the publication"), model.withdraw, kind="danger"))
        flow.addWidget(Button(_("Leave everything as it is"), model.close_card))
        card.add(acts)
        return card


def items_model(model: BulletinModel) -> TableModel[BulletinItem]:
    """Return the model of publications."""
    zone, now = model.desk.zone, model.desk.server_now()

    def place(item: BulletinItem) -> str:
        return family.offer_name(model.desk.desk.offers.get(item.group_id))

    def opens(item: BulletinItem) -> str:
        if item.state != "published" or item.open_at is None:
            return ""
        if now < item.open_at:
            return _("opens to the queue {moment}").format(moment=family.exact(item.open_at, zone))
        if item.open_to_all_at is not None and now < item.open_to_all_at:
            return _("to the queue; to all {moment}").format(moment=formats.moment(item.open_to_all_at, zone))
        return _("to everybody")

    return TableModel(
        (
            Column("number", lambda: _("Number"), lambda item: item.number, spare=1),
            Column("place", lambda: _("Group"), place, stretch=True, least=56, wraps=True),
            Column(
                "state",
                lambda: _("State"),
                lambda item: words.item_state(item)[0],
                tone=lambda item: words.item_state(item)[1],
                hint=reason_of,
            ),
            Column(
                "places",
                lambda: _("Places"),
                lambda item: _("{taken} of {places}").format(taken=item.taken, places=item.places),
                figures=True,
                sort=lambda item: item.places,
            ),
            Column("years", lambda: _("Birth years"), lambda item: ", ".join(map(str, item.birth_years))),
            Column(
                "language", lambda: _("Language"), lambda item: family.word(family.LANGUAGES, item.language), spare=2
            ),
            Column(
                "open",
                lambda: _("Open to whom"),
                opens,
                sort=lambda item: item.open_at,
                stretch=True,
                least=66,
                wraps=True,
            ),
        ),
        model.items,
    )


def make(context: Context) -> Made:
    """Return the screen."""
    model = BulletinModel(context)
    return model, lambda: BulletinPage(model)
