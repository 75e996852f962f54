"""Signing in: by IIN, telephone, login or e-mail with a password, or by a one-time code."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from translations import current
from ui.code_wait import CodeWait
from ui.context import Context, Inside, problem_of
from ui.iin import is_iin, wrong_number, wrong_one_time
from ui.screen_model import ScreenModel, secret

WAYS: Final = ("login", "iin", "phone", "email", "code")


class SignIn(ScreenModel):
    """Login and password. ``news`` says why one comes here: "confirmed", "recovered", "signed_out" or ""."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.draft["login"] = context.settings.get("login")
        self.provider = ""
        self.news = ""
        self.way = self._tried = "iin" if is_iin(self.draft["login"]) else "login"
        self.wait = CodeWait(context, self)

    def show(self, provider: str = "", login: str = "", news: str = "", way: str = "") -> None:
        """Take what another screen knows."""
        self.provider = provider or self.provider
        if login:
            self.draft["login"] = login
        if way in WAYS:
            self.way = way
        self.news = news
        self.problems, self.failure = (), None
        self.changed.emit()

    def choose(self, way: str) -> None:
        """Sign in by another way; what was typed stays."""
        self.way = way
        self.problems, self.failure = (), None
        self.changed.emit()

    def sign_in(self) -> None:
        """Open the person's cabinet."""
        wrong = self.missing("login", "password")
        if not wrong and self.way == "iin":
            wrong = wrong_number(self.typed("login"), "login", self.context.today)
        if self.refuse(wrong):
            return
        login, password = self.typed("login"), self.draft["password"]
        self._tried = self.way
        if self.way == "iin":
            login = "".join(login.split())
            self._tried = "iin" if is_iin(login) else "document"
        entrance, device = self.context.entrance, self.context.device_name

        def entered(inside: Inside) -> None:
            secret(self, "password")
            self.context.settings.set("login", login)
            self.context.bridge.entered.emit(inside)

        self.work(lambda: entrance.sign_in(login, password, device), entered)

    def _failed(self, error: Exception) -> None:
        super()._failed(error)
        problem = problem_of(error)
        if problem is not None and problem.code == "wrong-password":  # said of what was typed, whoever exists
            self.problems, self.failure = (replace(problem, field="password", values={"way": self._tried}),), None
            self.changed.emit()
        elif any(one.code == "code-spent" for one in self.problems):
            self.wait.spend()

    def send_code(self) -> None:
        """Have a one-time code sent."""
        if self.refuse(self.missing("phone", "code")):
            return
        families, phone, code = self.context.entrance.families, self.typed("phone"), "".join(self.typed("code").split())

        def sent(seconds: int) -> None:
            self.problems = ()
            secret(self, "one_time")  # the one before works no more
            self.wait.begin(seconds)

        self.work(lambda: families().ask_code("sign-in", phone, code, language=current()), sent)

    def sign_in_by_code(self) -> None:
        """Open the person's cabinet with the code."""
        wrong = self.missing("phone", "code", "one_time") or wrong_one_time(self.typed("one_time"))
        if self.refuse(wrong):
            return
        entrance, device = self.context.entrance, self.context.device_name
        phone, code, typed = self.typed("phone"), "".join(self.typed("code").split()), self.typed("one_time")

        def entered(inside: Inside) -> None:
            secret(self, "one_time")
            self.wait.end()
            self.context.settings.set("login", code)
            self.context.bridge.entered.emit(inside)

        self.work(lambda: entrance.sign_in_by_code(phone, code, typed, device), entered)
