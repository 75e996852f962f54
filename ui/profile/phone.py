"""A new main telephone: proved with a one-time code, and taken with the password."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from models.domain.problems import Problem
from models.domain.telephones import phone_key
from translations import _
from ui import theme
from ui.context import Context
from ui.family import words
from ui.family.telephone import TelephoneProof
from ui.kit import Agree, Banner, Button, Card, Field, Form, Muted, Text
from ui.kit.outside import bind, show_trouble
from ui.screen_model import secret


class PhoneChange(TelephoneProof):
    """``open`` while the steps are shown: telephone, code, then the password ("done")."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.open = False

    def start(self) -> None:
        """Open the steps."""
        self.open = True
        self.begin()

    def leave(self) -> None:
        """Close the steps; the telephone stays."""
        self.open = False
        secret(self, "phone")
        self.begin()

    def change(self, first: bool = False) -> None:
        """Take the proved telephone, with the password; ``first`` when there was none before."""
        if self.refuse([] if self.draft.get("password") else [Problem("field-required", "password")]):
            return
        families, client = self.context.families, self.context.client
        fields = {"ticket": self._ticket, "phone": self.phone, "password": self.draft["password"]}

        def question() -> None:
            families.change_phone(**fields)
            client.sync()

        def done(_none: None) -> None:
            self.leave()
            changed = _("The telephone is changed. A message went to the old one.")
            self.context.toast(_("The telephone is proved: codes go to it now.") if first else changed)

        self.work(question, done)

    def _failed(self, error: Exception) -> None:
        super()._failed(error)
        spent = [problem for problem in self.problems if problem.field == "ticket"]
        if spent:  # only another code helps
            self.begin()
            self.problems = tuple(spent)
            self.changed.emit()
        elif any(problem.code == "current-password-wrong" for problem in self.problems):
            self.problems = (Problem("profile-wrong-password", "password"),)  # that sentence is about a new password
            self.changed.emit()


class PhoneCard(Card):
    """The telephone that codes go to, and the steps to another."""

    def __init__(self, model: PhoneChange, phone: str) -> None:
        super().__init__(_("Main telephone"), icon="phone")
        self._model, self._present = model, phone
        known = _("Codes and urgent messages go to {phone}.").format(phone=words.telephone(phone))
        self.add(Muted(known if phone else _("No telephone is proved yet: no code can be sent.")))
        self.banner = Banner()
        self.banner.hide()
        self.add(self.banner)
        self.form = Form()
        self.again: Button | None = None
        self._seconds = Muted("")
        self.change: Button | None = None
        if not model.open:
            self.change = Button(_("Change the telephone"), model.start, icon="pencil")
            self.body.addWidget(self.change, 0, Qt.AlignmentFlag.AlignLeading)
            return
        {"phone": self._phone, "code": self._code, "done": self._password}[model.step]()
        show_trouble(model, self.form, self.banner)

    def _phone(self) -> None:
        model = self._model
        phone = bind(self.form, "phone", _("New &telephone"), Field(hint="+7 (___) ___-__-__"), model)
        phone.returnPressed.connect(model.send_code)
        agree = Agree(_("I have read and accept the policy of users' data"), model.consent)
        agree.toggled.connect(model.agree)
        self.form.add("consent", _("Consent"), agree)
        self.add(self.form)
        self._buttons(Button(_("Send the code"), model.send_code, kind="primary", icon="phone"))

    def _code(self) -> None:
        model = self._model
        self.add(Text(_("A code goes to {phone}.").format(phone=words.telephone(model.phone)), wrap=True))
        code = bind(self.form, "one_time", _("&Code from the SMS"), Field(), model)
        code.returnPressed.connect(model.prove)
        self.add(self.form)
        self.again = Button(_("Send the code again"), model.send_code, kind="link")
        self._buttons(Button(_("Submit"), model.prove, kind="primary"), self.again)
        self.add(self._seconds)
        model.wait.changed.connect(self._count)
        self._count()

    def _count(self) -> None:
        left = self._model.wait.left
        if self.again is not None:
            self.again.setEnabled(not left and not self._model.busy)
        self._seconds.setText(self._model.wait.text)

    def _password(self) -> None:
        model = self._model
        self.add(Text(_("The telephone {phone} is proved.").format(phone=words.telephone(model.phone)), wrap=True))
        if model.shared and phone_key(model.phone) != phone_key(self._present):
            self.add(Banner(words.shared_telephone(), "warning"))
        password = bind(self.form, "password", _("Your &password"), Field(secret=True), model)
        change = partial(model.change, first=not self._present)
        password.returnPressed.connect(change)
        self.add(self.form)
        self._buttons(Button(_("Change the telephone"), change, kind="primary"))

    def _buttons(self, ahead: Button, *others: Button) -> None:
        model = self._model
        row = QHBoxLayout()
        row.setSpacing(theme.grid(2))
        ahead.setEnabled(not model.busy)
        row.addWidget(ahead)
        for button in others:
            row.addWidget(button)
        row.addWidget(Button(_("Leave everything as it is"), model.leave, kind="link"))
        row.addStretch(1)
        self.add(row)
