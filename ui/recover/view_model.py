"""A forgotten password: a letter, then proof and a new password."""

from __future__ import annotations

from models.domain.problems import Problem
from ui.context import Context
from ui.register.view_model import link_token
from ui.screen_model import ScreenModel, secret


class Recover(ScreenModel):
    """``step`` is "ask" or "letter"."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.step = "ask"
        self.draft["login_or_email"] = context.settings.get("login")

    def ask(self) -> None:
        """Have a letter sent; the answer never says whether there is such a login."""
        if self.refuse(self.missing("login_or_email")):
            return
        people, text = self.context.entrance.people, self.typed("login_or_email")
        self.work(lambda: people().recover(text), lambda _answer: self.go_on())

    def go_on(self) -> None:
        """Go to the second step; also for those who have the letter already."""
        self.step = "letter"
        self.refuse(())

    def again(self) -> None:
        """Go back to ask for another letter."""
        self.step = "ask"
        self.refuse(())

    def finish(self) -> None:
        """Set the new password."""
        wrong = self.missing("token", "code", "account", "new_password", "again")
        empty = {problem.field for problem in wrong}
        if "again" not in empty and self.draft.get("again") != self.draft.get("new_password"):
            wrong.append(Problem("passwords-differ", "again"))
        if self.refuse(wrong):
            return
        people, token = self.context.entrance.people, link_token(self.typed("token"))
        code, account = "".join(self.typed("code").split()), "".join(self.typed("account").split())
        password = self.draft["new_password"]

        def done(_answer: object) -> None:
            secret(self, "token", "code", "account", "new_password", "again")
            self.step = "ask"
            self.context.go("sign_in", news="recovered")

        self.work(lambda: people().finish_recovery(token, code, account, password), done)
