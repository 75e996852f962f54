"""Signing in, with the ways to a login for those who have none."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from translations import _
from ui import theme
from ui.context import Context, Made
from ui.kit import Button, Field, Form, Muted, Rule
from ui.kit.outside import CardPage, bind, show_trouble
from ui.sign_in.view_model import SignIn


class SignInView(CardPage):
    """Login, password, and links to registration, recovery and the look-up of an account."""

    def __init__(self, model: SignIn) -> None:
        super().__init__(_("Sign in"), model.provider)
        self._model = model
        go = model.context.go
        self.form = Form()
        self.login = bind(self.form, "login", _("&Login"), Field(), model)
        self.password = bind(self.form, "password", _("&Password"), Field(secret=True), model)
        self.card.add(self.form)
        self.enter = Button(_("S&ign in"), model.sign_in, kind="primary")
        self.card.add(self.enter)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        self.forgot = Button(_("&Forgot your password?"), lambda: go("recover"), kind="link")
        row.addWidget(self.forgot)
        row.addStretch(1)
        self.card.add(row)
        self.card.add(Rule())
        self.card.add(Muted(_("No login yet? It takes your account number and a letter to your e-mail.")))
        self.register = Button(_("&Register"), lambda: go("register"), icon="user")
        self.card.add(self.register)
        self.look_up = Button(
            _("Find my &account or login (if you forgot it)"), lambda: go("find_account"), kind="link"
        )
        self.card.body.addWidget(self.look_up, 0, Qt.AlignmentFlag.AlignLeading)
        self.other = Button(_("Another pro&vider"), lambda: go("first_run"), kind="link")
        self.card.body.addWidget(self.other, 0, Qt.AlignmentFlag.AlignLeading)
        self.card.body.setSpacing(theme.grid(2.5))
        for field in (self.login, self.password):
            field.returnPressed.connect(model.sign_in)
        self.start_with(self.password if model.typed("login") else self.login)
        model.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        model = self._model
        self.login.setText(model.draft.get("login", ""))
        self.enter.setEnabled(not model.busy)
        self.enter.setText(_("Signing in…") if model.busy else _("S&ign in"))
        show_trouble(model, self.form, self.banner)
        if not model.failure and not model.problems and model.news:
            news = {
                "confirmed": _("Your registration is confirmed. Sign in with your login and password."),
                "recovered": _("The new password is set. Sign in with it."),
                "signed_out_kept": _(
                    "You have signed out. What was not sent is kept on this computer, encrypted, and is sent when you "
                    "sign in here again."
                ),
                "signed_out": _("You have signed out. The data were removed from this computer."),
            }
            self.banner.show_text(news.get(model.news, ""), "positive")


def make(context: Context) -> Made:
    """Return the screen."""
    model = SignIn(context)
    return model, lambda: SignInView(model)
