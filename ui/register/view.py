"""Registration: person or firm, then the letter."""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from translations import _
from ui import theme
from ui.context import Context, Made
from ui.kit import Button, Choice, Field, Form, Muted, Radio, clear_layout
from ui.kit.outside import CardPage, bind, show_trouble
from ui.register.view_model import INDIVIDUAL, LEGAL, Register
from ui.screen_model import value_of


class RegisterView(CardPage):
    """The form, or the sentence about the letter with a field for its code."""

    def __init__(self, model: Register) -> None:
        super().__init__(_("Register"), back=lambda: model.context.go("sign_in"), width=150)
        self._model = model
        self._holder = QVBoxLayout()
        self._holder.setSpacing(theme.grid(3.5))
        self.card.add(self._holder)
        self._shown: tuple[object, ...] = ()
        self.form: Form | None = None
        self.submit: Button | None = None
        model.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        model = self._model
        shape = (model.step, model.kind, model.country, len(model.providers))
        if shape != self._shown:
            self._shown = shape
            choosing = self._list() is not None and self._list() is self.focusWidget()
            clear_layout(self._holder)
            if model.step == "form":
                self._build_form()
            else:
                self._build_letter()
            found = self._list()
            if choosing and found is not None:
                # The fields depend on the country; whoever goes through the list by its arrows stays in it.
                self._holder.activate()
                found.setFocus()
            elif self.isVisible():
                self.start_here()
        if self.submit is not None:
            self.submit.setEnabled(not model.busy)
        self.banner.clear()
        show_trouble(model, self.form, self.banner)
        if model.failure is not None and not model.providers:
            self.banner.offer(_("Try again"), model.fetch)

    def _list(self) -> QWidget | None:
        return self.form.fields.get("provider_code") if self.form is not None else None

    def _build_form(self) -> None:
        model = self._model
        switch = QWidget()
        row = QHBoxLayout(switch)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.grid(4))
        group = QButtonGroup(switch)
        for kind, text in ((INDIVIDUAL, _("An indi&vidual")), (LEGAL, _("A legal &entity"))):
            radio = Radio(text)
            radio.setChecked(model.kind == kind)
            radio.clicked.connect(lambda _checked=False, kind=kind: model.choose_kind(kind))
            group.addButton(radio)
            row.addWidget(radio)
        row.addStretch(1)
        self._holder.addWidget(switch)
        form = Form(columns=2)
        provider = Choice(
            [(value_of(item, "code"), value_of(item, "name")) for item in model.providers], model.provider_code
        )
        provider.chosen.connect(model.choose_provider)
        form.add("provider_code", _("Provi&der"), provider, span=2)
        person = model.kind == INDIVIDUAL
        number = bind(
            form,
            model.number_key,
            _("Account &number") if person else _("Contract &number"),
            Field(),
            model,
            note=_("It stands on every bill.") if person else _("It stands on the first page of the contract."),
        )
        login = Field(model.login)
        login.setReadOnly(True)
        form.add("login", _("&Login"), login, note=_("Filled in by itself from the number."))
        number.textEdited.connect(lambda _text: login.setText(model.login))
        names = {
            (True, "KZ"): _("&IIN"),
            (False, "KZ"): _("&BIN"),
            (True, "UA"): _("RNOKPP (&tax number)"),
            (False, "UA"): _("EDRPOU &code"),
        }
        bind(form, "code", names.get((person, model.country), _("&IIN")), Field(), model)
        if person:
            bind(form, "surname", _("&Surname of the account holder"), Field(), model)
        bind(form, "email", _("E-&mail"), Field(), model, note=_("A letter with a link will come here."), span=2)
        bind(form, "password", _("&Password"), Field(secret=True), model, note=_("From 8 to 64 characters."))
        last = bind(form, "again", _("Password a&gain"), Field(secret=True), model)
        self._holder.addWidget(form)
        self._holder.addWidget(Muted(_("All fields must be filled in.")))
        self.form = form
        self.submit = Button(_("&Register"), model.submit, kind="primary")
        self._holder.addWidget(self.submit)
        last.returnPressed.connect(model.submit)
        self.start_with(number)

    def _build_letter(self) -> None:
        model = self._model
        self._holder.addWidget(
            Muted(
                _(
                    "A letter is on its way to {email}. Press the first link in it, or copy the link or its code here. "
                    "Nothing came? Look among unwanted mail, or check the address."
                ).format(email=model.typed("email"))
            )
        )
        self.form = Form()
        token = bind(self.form, "token", _("&Code from the letter"), Field(), model)
        token.returnPressed.connect(model.confirm)
        self._holder.addWidget(self.form)
        self.submit = Button(_("C&onfirm registration"), model.confirm, kind="primary")
        self._holder.addWidget(self.submit)
        self._holder.addWidget(Button(_("Correct the &form"), model.correct, kind="link"))
        self._holder.addWidget(
            Button(_("I have pressed the link: &sign in"), lambda: model.context.go("sign_in"), kind="link")
        )
        self.start_with(token)


def make(context: Context) -> Made:
    """Return the screen."""
    model = Register(context)
    return model, lambda: RegisterView(model)
