"""The steps of the wizard as forms: telephone, code, person, password; drawn anew when the step changes."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from translations import _, formats
from ui import theme
from ui.family import words
from ui.family.parts import Facts
from ui.family.telephone import RECOVER
from ui.family_entry.view_model import FamilyEntry
from ui.kit import Agree, Banner, Button, Choice, Field, Form, Muted, Text, clear_layout
from ui.kit.outside import bind

_LEAD: Final = Qt.AlignmentFlag.AlignLeading


class Steps(QWidget):
    """Over :class:`FamilyEntry`; ``first`` is where work begins, ``form`` the fields of the step."""

    def __init__(self, model: FamilyEntry) -> None:
        super().__init__()
        self._model = model
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.grid(3.5))
        self.steps = Muted("")
        column.addWidget(self.steps)
        self._holder = QVBoxLayout()
        self._holder.setSpacing(theme.grid(3.5))
        column.addLayout(self._holder)
        self.form: Form | None = None
        self.ahead: Button | None = None
        self.again: Button | None = None
        self.first: QLineEdit | Button | None = None
        self._number: QLineEdit | None = None
        self._shape: tuple[object, ...] = ()
        model.wait.changed.connect(self._count)

    def show_step(self) -> bool:
        """Show the step of the model; return whether it is another one than before."""
        model = self._model
        shape = (model.purpose, model.step, model.shown is not None, model.wait.turn)
        news = shape != self._shape
        if news:
            self._shape = shape
            at = self._cursor()
            self._number = None
            clear_layout(self._holder)
            self.again = None
            {"phone": self._phone, "code": self._code, "person": self._person, "password": self._password}[model.step]()
            self._put_cursor(at)
        names = {"phone": _("Telephone"), "code": _("SMS"), "person": _("Who you are"), "password": _("Password")}
        at = list(model.steps).index(model.step) + 1
        self.steps.setText(
            _("Step {number} of {count}: {title}").format(number=at, count=len(model.steps), title=names[model.step])
        )
        if self.ahead is not None:
            self.ahead.setEnabled(not model.busy)
        return news

    def _cursor(self) -> int | None:
        """Return where in the number one writes, None when the cursor is not there."""
        number = self._number
        return number.cursorPosition() if number is not None and number.hasFocus() else None

    def _put_cursor(self, at: int | None) -> None:
        """Put the cursor into a number that was made anew: one corrects it where one was."""
        if at is not None and self._number is not None:
            self._number.setCursorPosition(at)

    def _phone(self) -> None:
        model = self._model
        self.form = Form()
        phone = bind(self.form, "phone", _("&Telephone"), Field(hint="+7 (___) ___-__-__"), model)
        if model.purpose == RECOVER:
            bind(self.form, "code", _("&IIN or document number"), Field(), model)
        agree = Agree(_("I have read and accept the policy of users' data"), model.consent)
        agree.toggled.connect(model.agree)
        self.form.add("consent", _("Consent"), agree)
        self._holder.addWidget(self.form)
        self._holder.addWidget(
            Button(_("Read the policy"), lambda: model.context.manual("policy"), kind="link"), 0, _LEAD
        )
        self.ahead = Button(_("Send the code"), model.send_code, kind="primary", icon="phone")
        self._holder.addWidget(self.ahead)
        phone.returnPressed.connect(model.send_code)
        self.first = phone

    def _code(self) -> None:
        model = self._model
        self._holder.addWidget(Text(_("A code goes to {phone}.").format(phone=words.telephone(model.phone)), wrap=True))
        if model.purpose == RECOVER:
            self._holder.addWidget(Muted(words.only_if_known()))
        self.form = Form()
        code = bind(self.form, "one_time", _("&Code from the SMS"), Field(), model)
        code.returnPressed.connect(model.prove)
        self._holder.addWidget(self.form)
        self.ahead = Button(_("Submit"), model.prove, kind="primary")
        self._holder.addWidget(self.ahead)
        row = QHBoxLayout()
        self.again = Button(_("Send the code again"), model.send_code, kind="link")
        row.addWidget(self.again)
        self._seconds = Muted("")
        row.addWidget(self._seconds, 1)
        self._holder.addLayout(row)
        self._holder.addWidget(Button(_("Another telephone"), model.begin, kind="link"))
        self._count()
        self.first = code

    def _count(self) -> None:
        wait = self._model.wait
        if self.again is None or self._model.step != "code":
            return
        self.again.setEnabled(not wait.left)
        self._seconds.setText(wait.text)

    def _person(self) -> None:
        model = self._model
        self.form = Form()
        code = bind(self.form, "code", _("&IIN or document number"), Field(), model, note=_("Of the parent."))
        self._number = code
        self._holder.addWidget(self.form)
        if model.shared:
            self._holder.addWidget(Banner(words.shared_telephone(), "warning"))
        found = model.shown
        if found is None:
            self.ahead = Button(_("Go on"), model.look_up, kind="primary")
            code.returnPressed.connect(model.look_up)
        else:
            sex = {"male": _("Male"), "female": _("Female")}.get(found.sex, "")
            self._holder.addWidget(
                Facts(
                    [
                        (_("Surname"), found.surname),
                        (_("Given name"), found.given_name),
                        (_("Patronymic"), found.patronymic),
                        (_("Sex"), sex),
                        (_("Born"), formats.day(found.born) if found.born else ""),
                    ]
                )
            )
            if len(model.departments) > 1:
                form = Form()
                region = Choice([(one.code, one.name) for one in model.departments], model.department)
                region.chosen.connect(model.choose_department)
                form.add("department", _("&Region"), region)
                self._holder.addWidget(form)
            self._holder.addWidget(Muted(_("Is that you? If not, correct the number.")))
            self.ahead = Button(_("Yes, go on"), model.accept_person, kind="primary")
        self._holder.addWidget(self.ahead)
        self.first = code if found is None else self.ahead

    def _password(self) -> None:
        model = self._model
        self._holder.addWidget(Banner(_("Think of a password with which you will sign in."), "warning"))
        self.form = Form()
        note = _("From 8 to 40 characters.")
        password = bind(self.form, "password", _("&Password"), Field(secret=True), model, note=note)
        again = bind(self.form, "again", _("Password a&gain"), Field(secret=True), model)
        again.returnPressed.connect(model.finish)
        self._holder.addWidget(self.form)
        self.ahead = Button(_("Save"), model.finish, kind="primary")
        self._holder.addWidget(self.ahead)
        self.first = password
