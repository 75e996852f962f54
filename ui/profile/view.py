"""The profile as two cards: the register's data, and what one may change."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from models.domain.telephones import written
from translations import _, formats
from ui import theme
from ui.cabinet_page import tab_as_read
from ui.context import Context, Made
from ui.family import words
from ui.family.deeds import deed
from ui.family.parts import Facts, show_why_empty
from ui.family.photo import Photo
from ui.keyboard import place_kept, start_in
from ui.kit import Button, Card, Chip, Field, Form, Heading, Muted, Page, State, clear_layout
from ui.kit.outside import show_trouble
from ui.profile.phone import PhoneCard
from ui.profile.view_model import Profile
from ui.waiting.admission_words import admission_detail


class ProfileView(Page):
    """Built over :class:`Profile`."""

    def __init__(self, model: Profile) -> None:
        super().__init__(_("Profile"), width=200)
        self._model = model
        self._holder = QVBoxLayout()
        self._holder.setSpacing(theme.grid(4))
        self.add(self._holder)
        self.form: Form | None = None
        self.phone: PhoneCard | None = None
        self._step: object = None
        self._complaints = model.phone.complaints
        self.on_escape(self._left)
        model.phone.changed.connect(self._draw)
        model.changed.connect(self._show)
        self._show()

    def _left(self) -> bool:
        """Leave the steps to another telephone."""
        if not self._model.phone.open:
            return False
        self._model.phone.leave()
        return True

    def _show(self) -> None:
        model, person = self._model, self._model.person
        if person is None:
            show_why_empty(self, model.home)
            if model.home.ready and model.home.department is not None:
                self.show_state(State.EMPTY, _("Your profile comes with the next exchange of data."), icon="user-round")
            return
        troubled = model.problems or model.failure or model.busy
        forms = [self.form, self.phone.form] if self.form is not None and self.phone is not None else []
        writing = any(field.hasFocus() for form in forms if form is not None for field in form.fields.values())
        if writing and not troubled:
            self._trouble()
            return  # news must not take the pen away
        self._draw()

    def _draw(self) -> None:
        with place_kept(self):
            self._draw_cards()
        model, phone = self._model.phone, self.phone
        step = (model.open, model.step)
        if phone is not None and step != self._step:
            before, self._step = self._step, step
            if model.open:
                start_in(self, self._first_of_step)
                self.reveal(phone)
            elif before is not None:
                start_in(self, self._first_of_step)
        elif phone is not None and model.complaints != self._complaints:
            start_in(self, self._wrong_of_step)
        self._complaints = model.complaints

    def _first_of_step(self) -> QWidget | None:
        """Return where the step of the telephone begins now; news may have drawn it anew."""
        phone = self.phone
        return None if phone is None else phone.change or phone.form.first()

    def _wrong_of_step(self) -> QWidget | None:
        return None if self.phone is None else self.phone.form.wrong()

    def _draw_cards(self) -> None:
        model, person = self._model, self._model.person
        if person is None:
            return
        clear_layout(self._holder)
        for item in model.refused:
            self._holder.addWidget(deed(item, partial(model.put_away, item), name=admission_detail(item.payload)))
        who = Card()
        head = QHBoxLayout()
        head.setSpacing(theme.grid(4))
        head.addWidget(Photo(model.context, person.photo, _("Your photo")), 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(theme.grid(1))
        texts.addWidget(Heading(person.name))
        texts.addWidget(Muted(_("Login {login}").format(login=person.login)))
        photo = Button(_("Change the photo"), model.change_photo, icon="image")
        texts.addWidget(photo, 0, Qt.AlignmentFlag.AlignLeading)
        texts.addStretch(1)
        head.addLayout(texts, 1)
        if model.waiting:
            head.addWidget(Chip(_("Not sent yet"), "pending"), 0, Qt.AlignmentFlag.AlignTop)
        who.add(head)
        sex = {"male": _("Male"), "female": _("Female")}.get(person.sex, "")
        who.add(
            Facts(
                [
                    (_("IIN or document number"), person.code),
                    (_("Born"), formats.day(person.born) if person.born else ""),
                    (_("Sex"), sex),
                    (_("Telephone"), words.telephone(person.phone)),
                    (_("E-mail"), person.email),
                ]
            )
        )
        who.add(Muted(_("Name, birth date and IIN come from the register of persons.")))
        self._holder.addWidget(who)
        self.phone = PhoneCard(model.phone, person.phone)
        self._holder.addWidget(self.phone)
        self._holder.addWidget(self._contacts())
        settings = Card(_("Password and language"))
        go = Button(_("Open the settings"), lambda: model.context.go("settings"), icon="settings")
        settings.body.addWidget(go, 0, Qt.AlignmentFlag.AlignLeading)
        self._holder.addWidget(settings)
        self._trouble()
        tab_as_read(self)
        self.show_state(State.CONTENT)

    def _trouble(self) -> None:
        model = self._model
        show_trouble(model, self.form, self.banner)
        if model.photos.failure_text:
            self.banner.show_text(model.photos.failure_text, "danger")

    def _contacts(self) -> Card:
        model = self._model
        card = Card(_("Contacts"))
        self.form = Form(columns=2)
        phone = Field(written(model.value("extra_phone")), hint="+7 (___) ___-__-__")
        phone.textEdited.connect(lambda text: model.type("extra_phone", text))
        self.form.add("extra_phone", _("&Additional telephone"), phone)
        address = Field(model.value("address"))
        address.textEdited.connect(lambda text: model.type("address", text))
        self.form.add("address", _("A&ddress"), address)
        for field in (phone, address):
            field.returnPressed.connect(model.save)
        card.add(self.form)
        self.save = Button(_("Save"), model.save, kind="primary")
        self.save.setEnabled(not model.busy)
        card.body.addWidget(self.save, 0, Qt.AlignmentFlag.AlignLeading)
        return card


def make(context: Context) -> Made:
    """Return the screen."""
    model = Profile(context)
    return model, lambda: ProfileView(model)
