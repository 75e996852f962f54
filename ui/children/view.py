"""Children as cards, with the forms that add and entrust them."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from models.cache.queries.admissions import ChildView
from models.contract.admission_commands import AddChild
from models.contract.admission_records import Guardian
from translations import _, formats
from ui import icons, theme
from ui.cabinet_page import tab_as_read
from ui.children.view_model import Children
from ui.context import Context, Made
from ui.family import words
from ui.family.advice import term_of
from ui.family.deeds import deed
from ui.family.parts import Facts, Tabs, show_why_empty
from ui.family.photo import Photo
from ui.keyboard import place_kept, start_in
from ui.kit import (
    Banner,
    Button,
    Card,
    Check,
    Chip,
    Field,
    Form,
    Heading,
    Muted,
    Page,
    Rule,
    State,
    Text,
    button_row,
    clear_layout,
)
from ui.kit.outside import bind, show_trouble

_TOP: Final = Qt.AlignmentFlag.AlignTop


class ChildCard(Card):
    """A child: who it is, its applications, who else sees it."""

    def __init__(self, model: Children, view: ChildView) -> None:
        super().__init__()
        self.keep: Button | None = None
        child = view.child
        head = QHBoxLayout()
        head.setSpacing(theme.grid(4))
        head.addWidget(Photo(model.context, child.photo, _("Photo of {child}").format(child=child.name)), 0, _TOP)
        texts = QVBoxLayout()
        texts.setSpacing(theme.grid(0.5))
        texts.addWidget(Heading(child.name))
        today = model.context.today
        texts.addWidget(Muted(f"{formats.day(child.born)} · {words.age(child.born, today)}"))
        texts.addWidget(Muted(_("IIN {iin}").format(iin=child.iin)))
        if view.entrusted:
            last = view.own.ends_on
            text = _("Entrusted to you until {day}").format(day=formats.day(last)) if last else ""
            row = QHBoxLayout()
            row.addWidget(Chip(text or _("Entrusted to you"), "accent"))
            row.addWidget(Chip(_("You may act") if view.own.may_act else _("You may see"), "muted"))
            row.addStretch(1)
            texts.addLayout(row)
        head.addLayout(texts, 1)
        self.add(head)
        self._applications(model, view)
        self._others(model, view)
        for item in model.deeds_of(view):
            self.add(_deed(model, item))
        if model.may_change(view):
            acts = QHBoxLayout()
            acts.setSpacing(theme.grid(2))
            file = Button(
                _("Add an application"),
                partial(model.context.go, "applications", new=True, child_id=child.id),
                icon="plus",
                name=_("Add an application: {child}").format(child=child.name),
            )
            acts.addWidget(file)
            photo = Button(_("Change the photo"), partial(model.change_photo, view), icon="image", kind="quiet")
            acts.addWidget(photo)
            if not view.entrusted:
                entrust = Button(_("Entrust"), partial(model.begin_entrusting, view), icon="users", kind="quiet")
                entrust.setAccessibleName(_("Entrust {child} to somebody").format(child=child.name))
                acts.addWidget(entrust)
            acts.addStretch(1)
            self.add(acts)
        if model.may_remove(view):
            self._removal(model, view)

    def _removal(self, model: Children, view: ChildView) -> None:
        name = view.child.name
        row = QHBoxLayout()
        row.setSpacing(theme.grid(2))
        if model.removing != view.child.id:
            ask = Button(_("Remove from my cabinet"), partial(model.ask_removing, view), kind="link")
            ask.setAccessibleName(_("Remove {child} from my cabinet").format(child=name))
            row.addWidget(ask)
        else:
            self.add(
                Muted(
                    _(
                        "You, and everybody to whom you entrusted the child, will no longer see it here. Nothing is "
                        "deleted: you may add the child again by its IIN."
                    )
                )
            )
            sure = Button(_("Remove {child} from my cabinet").format(child=name), partial(model.remove, view))
            row.addWidget(sure)
            self.keep = Button(_("Keep"), partial(model.ask_removing, None), kind="quiet")
            row.addWidget(self.keep)
        row.addStretch(1)
        self.add(row)

    def _applications(self, model: Children, view: ChildView) -> None:
        found = model.applications_of(view)
        if not found:
            self.add(Muted(_("No live application.")))
        for one in found:
            row = QHBoxLayout()
            row.setSpacing(theme.grid(2))
            link = Button(
                words.word(words.PROGRAMMES, one.application.programme),
                partial(model.context.go, "application", application_id=one.id),
                kind="link",
            )
            row.addWidget(link)
            row.addWidget(Chip(words.state_words(one), words.state_tone(one.application.state)))
            term = term_of(one)
            if term is not None and term.mine:
                rest = words.left(term.left(model.home.server_now()))
                row.addWidget(Text(_("{time} left").format(time=rest), tone=term.tone(model.home.server_now())))
            elif one.position is not None:
                row.addWidget(Muted(_("Number {number}").format(number=one.position.number)))
            row.addStretch(1)
            self.add(row)

    def _others(self, model: Children, view: ChildView) -> None:
        for guardian in model.others(view):
            row = QHBoxLayout()
            row.setSpacing(theme.grid(2))
            row.addWidget(icons.Glyph("users", "muted", 4))
            parts = (guardian.name, *_right(guardian), words.telephone(guardian.phone))
            row.addWidget(Muted(" · ".join(part for part in parts if part)), 1)
            if guardian.kind == "entrusted" and not view.entrusted:
                end = Button(_("Take back"), partial(model.end_entrusting, view, guardian), kind="link")
                end.setAccessibleName(_("Take back what was entrusted to {name}").format(name=guardian.name))
                row.addWidget(end)
            self.add(row)


def _right(guardian: Guardian) -> tuple[str, ...]:
    """Return what somebody is to a child, and until when."""
    if guardian.kind == "parent":
        return (_("Parent"),)
    until = _("until {day}").format(day=formats.day(guardian.ends_on)) if guardian.ends_on else ""
    return (_("Entrusted: may see and act") if guardian.may_act else _("Entrusted: may see"), until)


def _deed(model: Children, item: Any) -> Banner:
    """Return that something is on its way or was refused, with what can be done about it."""
    if not isinstance(item.payload, AddChild):
        return deed(item, partial(model.settle, item))
    name = " ".join((item.payload.surname, item.payload.given_name))
    return deed(item, partial(model.settle, item), name=name, refused=_("{child}: not added. {why}"))


class ChildrenView(Page):
    """Tabs, the open form, cards."""

    def __init__(self, model: Children) -> None:
        super().__init__(_("Children"), width=220)
        self._model = model
        self.add_button = self.primary(_("Add a child"), model.begin_adding, "plus")
        self.tabs = Tabs(
            [("own", _("My children")), ("entrusted", _("Entrusted children"))], model.part, _("Whose children")
        )
        self.tabs.chosen.connect(model.choose)
        self.add(self.tabs)
        self._holder = QVBoxLayout()
        self._holder.setSpacing(theme.grid(4))
        self.add(self._holder)
        self.form: Form | None = None
        self.submit: Button | None = None
        self._card: Card | None = None
        self._shape: tuple[object, ...] = ()
        self.on_escape(self._left)
        model.shape_changed.connect(self._show)
        model.changed.connect(self._update)
        self._show()

    def _left(self) -> bool:
        """Leave the open form or question."""
        model = self._model
        if model.removing is not None:
            model.ask_removing(None)
            return True
        if not model.adding and model.entrusting is None:
            return False
        model.close()
        return True

    def _show(self) -> None:
        with place_kept(self):
            self._draw()
        model = self._model
        shape = (model.adding, model.checked is not None, model.entrusting, model.removing)
        if shape != self._shape:
            self._shape = shape
            first = next(iter(self.form.fields.values()), None) if self.form is not None else None
            keep = next((card.keep for card in self.findChildren(ChildCard) if card.keep is not None), None)
            start_in(self, keep, self.submit if model.checked is not None else first, self.add_button)
            if self._card is not None:
                self.reveal(self._card)  # whole: its heading says which child it is about

    def _draw(self) -> None:
        model = self._model
        self.tabs.choose(model.part)
        if not model.home.ready or model.home.department is None:
            show_why_empty(self, model.home)
            return
        self.offer_acts(True)
        self.add_button.setVisible(not model.adding)
        clear_layout(self._holder)
        self.form = self.submit = self._card = None
        if model.adding:
            self._card = self._adding()
        elif model.entrusting is not None:
            self._card = self._entrusting()
        if self._card is not None:
            self._holder.addWidget(self._card)
        for item in model.coming if model.part == "own" else []:
            self._holder.addWidget(_deed(model, item))
        for view in model.rows:
            self._holder.addWidget(ChildCard(model, view))
        if not model.rows and not model.adding and not model.coming:
            card = Card()
            if model.part == "own":
                card.add(Heading(_("No child has been added yet.")))
                card.add(Muted(_("Add a child by its IIN: its data come from the register of persons.")))
                card.body.addWidget(
                    Button(_("Add a child"), model.begin_adding, icon="plus"), 0, Qt.AlignmentFlag.AlignLeading
                )
            else:
                card.add(Heading(_("No child is entrusted to you.")))
                card.add(Muted(_("A parent can entrust a child to you by your IIN.")))
            self._holder.addWidget(card)
        tab_as_read(self)
        self._update()
        self.show_state(State.CONTENT)

    def _update(self) -> None:
        model = self._model
        if not model.home.ready:
            show_why_empty(self, model.home)
            return
        if self.submit is not None:
            self.submit.setEnabled(not model.busy)
        show_trouble(model, self.form, self.banner)
        if model.photos.failure_text:
            self.banner.show_text(model.photos.failure_text, "danger")

    def _adding(self) -> Card:
        model = self._model
        card = Card(_("Add a child"), note=_("The data of the child come from the register of persons: enter its IIN."))
        self.form = Form()
        iin = bind(self.form, "iin", _("&IIN of the child"), Field(), model, note=_("Twelve digits."))
        iin.setMaximumWidth(theme.grid(60))
        iin.textEdited.connect(model.type_iin)
        card.add(self.form)
        found = model.checked
        if found is None:
            self.submit = Button(_("&Check the IIN"), model.check, kind="primary")
            iin.returnPressed.connect(model.check)
            if model.home.offline:
                card.add(Banner(_("The check needs a connection, and there is none now."), "warning"))
        else:
            card.add(Rule())
            card.add(
                Facts(
                    [
                        (_("Surname"), found.surname),
                        (_("Given name"), found.given_name),
                        (_("Patronymic"), found.patronymic),
                        (_("Born"), formats.day(found.born)),
                        (_("Sex"), _("Male") if found.sex == "male" else _("Female")),
                        (_("Ethnicity"), found.ethnicity),
                    ]
                )
            )
            self.submit = Button(_("&Save"), model.add, kind="primary")
        card.add(button_row(self.submit, Button(_("Cancel"), model.close)))
        return card

    def _entrusting(self) -> Card:
        model = self._model
        view = model.home.family.child(model.entrusting or 0)
        name = view.child.name if view is not None else ""
        card = Card(
            _("Entrust {child}").format(child=name),
            note=_("A registered person then sees the child and its applications, until you take it back."),
        )
        self.form = Form(columns=2)
        code = bind(self.form, "code", _("&IIN or document number of the other person"), Field(), model)
        note = _("Empty: until you take it back.")
        until = bind(self.form, "until", _("&Until"), Field(hint=_("DD.MM.YYYY")), model, note=note)
        for field in (code, until):
            field.returnPressed.connect(model.entrust)
        act = Check(_("May also act: file applications, choose, confirm"))
        act.setChecked(model.may_act)
        act.toggled.connect(model.let_act)
        card.add(self.form)
        card.add(act)
        self.submit = Button(_("Entrust"), model.entrust, kind="primary")
        card.add(button_row(self.submit, Button(_("Cancel"), model.close)))
        return card


def make(context: Context) -> Made:
    """Return the screen."""
    model = Children(context)
    return model, lambda: ChildrenView(model)
