"""The wizard: one step a card, the steps named above."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from translations import _, formats
from ui import theme
from ui.context import Context, Made
from ui.family.parts import Facts
from ui.family_entry.view_model import REGISTER, FamilyEntry
from ui.kit import Agree, Banner, Button, Choice, Field, Form, Muted, Text, clear_layout
from ui.kit.outside import CardPage, bind, show_trouble


class FamilyEntryView(CardPage):
    """Built anew for each step."""

    def __init__(self, model: FamilyEntry) -> None:
        title = _("Registration of a parent") if model.purpose == REGISTER else _("Password recovery")
        super().__init__(title, back=lambda: model.context.go("sign_in"), width=130)
        self._model = model
        self.steps = Muted("")
        self.card.add(self.steps)
        self._holder = QVBoxLayout()
        self._holder.setSpacing(theme.grid(3.5))
        self.card.add(self._holder)
        self.form: Form | None = None
        self.ahead: Button | None = None
        self._shape: tuple[object, ...] = ()
        model.wait.changed.connect(self._count)
        model.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        model = self._model
        shape = (model.purpose, model.step, model.shown is not None)
        if shape != self._shape:
            self._shape = shape
            clear_layout(self._holder)
            self.again: Button | None = None
            {"phone": self._phone, "code": self._code, "person": self._person, "password": self._password}[model.step]()
            if self.isVisible():
                self.start_here()
        names = {"phone": _("Telephone"), "code": _("SMS"), "person": _("Account"), "password": _("Password")}
        self.steps.setText("  ›  ".join(names[step] for step in model.steps))
        at = list(model.steps).index(model.step) + 1
        said = _("Step {number} of {count}: {title}").format(number=at, count=len(model.steps), title=names[model.step])
        self.steps.setText(f"{said}")
        if self.ahead is not None:
            self.ahead.setEnabled(not model.busy)
        show_trouble(model, self.form, self.banner)

    def _phone(self) -> None:
        model = self._model
        self.form = Form()
        phone = bind(self.form, "phone", _("&Telephone"), Field(hint="+7 (___) ___-__-__"), model)
        if model.purpose != REGISTER:
            bind(self.form, "code", _("&IIN or document number"), Field(), model)
        agree = Agree(_("I have read and accept the policy of users' data"), model.consent)
        agree.toggled.connect(model.agree)
        self.form.add("consent", _("Consent"), agree)
        self._holder.addWidget(self.form)
        self.ahead = Button(_("Send the code"), model.send_code, kind="primary", icon="phone")
        self._holder.addWidget(self.ahead)
        phone.returnPressed.connect(model.send_code)
        self.start_with(phone)

    def _code(self) -> None:
        model = self._model
        self._holder.addWidget(Text(_("A code goes to {phone}.").format(phone=model.phone), wrap=True))
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
        self.start_with(code)

    def _count(self) -> None:
        wait = self._model.wait
        if getattr(self, "again", None) is None or self._model.step != "code":
            return
        assert self.again is not None
        self.again.setEnabled(not wait.left)
        text = _("The code arrives within {seconds} seconds.").format(seconds=wait.left) if wait.left else ""
        self._seconds.setText(text)

    def _person(self) -> None:
        model = self._model
        self.form = Form()
        code = bind(self.form, "code", _("&IIN or document number"), Field(), model, note=_("Of the parent."))
        self._holder.addWidget(self.form)
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
        self.start_with(code if found is None else self.ahead)

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
        self.start_with(password)


def make(context: Context) -> Made:
    """Return the screen."""
    model = FamilyEntry(context)
    return model, lambda: FamilyEntryView(model)
