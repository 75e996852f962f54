"""A forgotten password."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout

from translations import _
from ui import theme
from ui.context import Context, Made
from ui.kit import Button, Field, Form, Muted, clear_layout
from ui.kit.outside import CardPage, bind, show_trouble
from ui.recover.view_model import Recover


class RecoverView(CardPage):
    """Ask for the letter, then prove and choose."""

    def __init__(self, model: Recover) -> None:
        super().__init__(_("A new password"), back=lambda: model.context.go("sign_in"))
        self._model = model
        self._holder = QVBoxLayout()
        self._holder.setSpacing(theme.grid(3.5))
        self.card.add(self._holder)
        self._shown = ""
        self.form: Form | None = None
        self.submit: Button | None = None
        model.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        model = self._model
        if model.step != self._shown:
            self._shown = model.step
            clear_layout(self._holder)
            if model.step == "ask":
                self._build_ask()
            else:
                self._build_letter()
            if self.isVisible():
                self.start_here()
        if self.submit is not None:
            self.submit.setEnabled(not model.busy)
        show_trouble(model, self.form, self.banner)

    def _build_ask(self) -> None:
        model = self._model
        self._holder.addWidget(Muted(_("Type your login or your e-mail. A letter with a link and a code will come.")))
        self.form = Form()
        field = bind(self.form, "login_or_email", _("&Login or e-mail"), Field(), model)
        field.returnPressed.connect(model.ask)
        self._holder.addWidget(self.form)
        self.submit = Button(_("&Send the letter"), model.ask, kind="primary")
        self._holder.addWidget(self.submit)
        self._holder.addWidget(Button(_("I have the letter &already"), model.go_on, kind="link"))
        self.start_with(field)

    def _build_letter(self) -> None:
        model = self._model
        self._holder.addWidget(
            Muted(
                _(
                    "If there is such a login, a letter is on its way. Copy the link or its code from it, "
                    "and prove that the account is yours."
                )
            )
        )
        form = Form()
        token = bind(form, "token", _("&Code from the letter"), Field(), model)
        bind(form, "code", _("II&N or BIN (tax number in Ukraine)"), Field(), model)
        bind(form, "account", _("&Account or contract number"), Field(), model)
        note = _("From 8 to 64 characters; for parents at most 40.")
        bind(form, "new_password", _("New &password"), Field(secret=True), model, note=note)
        last = bind(form, "again", _("Password a&gain"), Field(secret=True), model)
        last.returnPressed.connect(model.finish)
        self._holder.addWidget(form)
        self.form = form
        self.submit = Button(_("&Set the new password"), model.finish, kind="primary")
        self._holder.addWidget(self.submit)
        self._holder.addWidget(Button(_("Send another &letter"), model.again, kind="link"))
        self.start_with(token)


def make(context: Context) -> Made:
    """Return the screen."""
    model = Recover(context)
    return model, lambda: RecoverView(model)
