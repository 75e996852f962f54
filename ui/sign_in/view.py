"""Signing in, with the ways to a login for those who have none."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout

from translations import _
from ui import theme
from ui.cabinet_page import tab_as_read
from ui.context import Context, Made
from ui.family import words
from ui.iin import is_iin
from ui.kit import Button, Field, Form, Muted, Rule, clear_layout
from ui.kit.outside import CardPage, bind, show_trouble
from ui.kit.tabs import Tabs
from ui.sign_in.view_model import SignIn


class SignInView(CardPage):
    """How one is known, the password or a code, and links to registration, recovery and the look-up of an account."""

    def __init__(self, model: SignIn) -> None:
        super().__init__(_("Sign in"), model.provider, width=125)
        self._model = model
        go = model.context.go
        self.tabs = Tabs(
            [
                ("login", _("Login")),
                ("iin", _("IIN")),
                ("phone", _("Telephone")),
                ("email", _("E-mail")),
                ("code", _("By code")),
            ],
            model.way,
            _("How to sign in"),
        )
        self.tabs.chosen.connect(model.choose)
        self.card.add(self.tabs)
        self._holder = QVBoxLayout()
        self._holder.setSpacing(theme.grid(2.5))
        self.card.add(self._holder)
        self.form = Form()
        self.login: QLineEdit = Field()
        self.password: QLineEdit = Field()
        self.enter = Button("")
        self.send: Button | None = None
        self._way = ""
        self._turn = model.wait.turn
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        self.forgot = Button(_("&Forgot your password?"), self._recover, kind="link")
        row.addWidget(self.forgot)
        row.addStretch(1)
        self.card.add(row)
        self.card.add(Rule())
        self.card.add(Muted(_("No login yet? It takes your account number and a letter to your e-mail.")))
        self.register = Button(_("&Register"), lambda: go("register"), icon="user")
        self.card.add(self.register)
        self.card.add(Muted(_("For kindergartens it takes your telephone and IIN.")))
        self.parent_button = Button(
            _("Register as a parent"), lambda: go("family_entry", purpose="register"), icon="users"
        )
        self.card.add(self.parent_button)
        self.look_up = Button(
            _("Find my &account or login (if you forgot it)"), lambda: go("find_account"), kind="link"
        )
        self.card.body.addWidget(self.look_up, 0, Qt.AlignmentFlag.AlignLeading)
        self.queue = Button(
            _("The queue for kindergartens, without signing in"), lambda: go("public_queue"), kind="link"
        )
        self.card.body.addWidget(self.queue, 0, Qt.AlignmentFlag.AlignLeading)
        self.other = Button(_("Another pro&vider"), lambda: go("first_run"), kind="link")
        self.card.body.addWidget(self.other, 0, Qt.AlignmentFlag.AlignLeading)
        self.card.body.setSpacing(theme.grid(2.5))
        model.wait.changed.connect(self._count)
        model.changed.connect(self._show)
        self._show()

    def _recover(self) -> None:
        """Go to the recovery of the way: parents are known by telephone and IIN, residents by their letter."""
        model = self._model
        if model.way in ("iin", "phone", "code"):
            model.context.go("family_entry", purpose="recover")
        else:
            model.context.go("recover")

    def _build(self) -> None:
        model = self._model
        self._way = model.way
        clear_layout(self._holder)
        self.form = Form()
        if model.way == "code":
            self.login = bind(self.form, "phone", _("&Telephone"), Field(hint="+7 (___) ___-__-__"), model)
            bind(self.form, "code", _("&IIN or document number"), Field(), model)
            self.password = bind(self.form, "one_time", _("&Code from the SMS"), Field(), model)
            self._holder.addWidget(self.form)
            row = QHBoxLayout()
            self.send = Button(_("Send the code"), model.send_code, icon="phone")
            row.addWidget(self.send)
            self._seconds = Muted("")
            row.addWidget(self._seconds, 1)
            self._holder.addLayout(row)
            self._known = Muted(words.only_if_known())
            self._holder.addWidget(self._known)
            act = model.sign_in_by_code
        else:
            names = {
                "login": _("&Login"),
                "iin": _("&IIN or document number"),
                "phone": _("&Telephone"),
                "email": _("E-&mail"),
            }
            hint = "+7 (___) ___-__-__" if model.way == "phone" else ""
            self.login = bind(self.form, "login", names[model.way], Field(hint=hint), model)
            self.password = bind(self.form, "password", _("&Password"), Field(secret=True), model)
            self._holder.addWidget(self.form)
            self.send = None
            act = model.sign_in
        self.enter = Button(_("S&ign in"), act, kind="primary")
        self._holder.addWidget(self.enter)
        for field in (self.login, self.password):
            field.returnPressed.connect(act)
        self.start_with(self.password if model.typed("login") and model.way != "code" else self.login)
        tab_as_read(self)
        self._count()

    def _count(self) -> None:
        wait = self._model.wait
        if self.send is None:
            return
        self.send.setText(_("Send the code again") if wait.sent else _("Send the code"))
        self.send.setEnabled(not wait.left and not self._model.busy)
        if wait.turn != self._turn:
            self._turn = wait.turn
            self.password.setText("")  # that was for the code before
            if self.isVisible():
                self.password.setFocus()  # what comes by SMS is typed here
        self._seconds.setText(wait.text)
        self._known.setVisible(wait.sent)

    def _show(self) -> None:
        model = self._model
        if model.way != self._way:
            chosen = bool(self._way)
            self._build()
            if chosen:  # the field that had the cursor is gone
                self.start_here()
        self.tabs.choose(model.way)
        if model.way != "code" and self.login.text() != model.draft.get("login", ""):
            self.login.setText(model.draft.get("login", ""))
        self._count()
        self.enter.setEnabled(not model.busy)
        self.enter.setText(_("Signing in…") if model.busy else _("S&ign in"))
        show_trouble(model, self.form, self.banner)
        if not model.failure and not model.problems and model.news:
            news = {
                "confirmed": _confirmed(model.way, model.typed("login")),
                "recovered": _("The new password is set. Sign in with it."),
                "signed_out_kept": _(
                    "You have signed out. What was not sent is kept on this computer, encrypted, and is sent when you "
                    "sign in here again."
                ),
                "signed_out": _("You have signed out. The data were removed from this computer."),
            }
            self.banner.show_text(news.get(model.news, ""), "positive")


def _confirmed(way: str, login: str) -> str:
    """Return that the registration counts, and with what to sign in on the tab that is open."""
    if way == "iin" and not is_iin("".join(login.split())):
        return _("Your registration is confirmed. Sign in with your document number and password.")
    return {
        "iin": _("Your registration is confirmed. Sign in with your IIN and password."),
        "phone": _("Your registration is confirmed. Sign in with your telephone and password."),
        "email": _("Your registration is confirmed. Sign in with your e-mail address and password."),
        "code": _("Your registration is confirmed. Sign in with a code from an SMS."),
    }.get(way, _("Your registration is confirmed. Sign in with your login and password."))


def make(context: Context) -> Made:
    """Return the screen."""
    model = SignIn(context)
    return model, lambda: SignInView(model)
