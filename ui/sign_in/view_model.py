"""Signing in."""

from __future__ import annotations

from ui.context import Context, Inside
from ui.screen_model import ScreenModel, secret


class SignIn(ScreenModel):
    """Login and password. ``news`` says why one comes here: "confirmed", "recovered", "signed_out" or ""."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.draft["login"] = context.settings.get("login")
        self.provider = ""
        self.news = ""

    def show(self, provider: str = "", login: str = "", news: str = "") -> None:
        """Take what another screen knows."""
        self.provider = provider or self.provider
        if login:
            self.draft["login"] = login
        self.news = news
        self.problems, self.failure = (), None
        self.changed.emit()

    def sign_in(self) -> None:
        """Open the person's cabinet."""
        if self.refuse(self.missing("login", "password")):
            return
        login, password = self.typed("login"), self.draft["password"]
        entrance, device = self.context.entrance, self.context.device_name

        def entered(inside: Inside) -> None:
            secret(self, "password")
            self.context.settings.set("login", login)
            self.context.bridge.entered.emit(inside)

        self.work(lambda: entrance.sign_in(login, password, device), entered)
