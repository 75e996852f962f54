"""Language, looks, contact, password, mailings, this computer."""

from __future__ import annotations

from typing import Any

from models.contract.commands import SetMailing, UpdateContact
from models.contract.records import Mailing, Person
from models.domain.emails import is_email
from models.domain.problems import Problem
from translations import _, current
from ui.context import Context
from ui.iin import is_iin
from ui.profile.phone import PhoneChange
from ui.register.view_model import link_token
from ui.screen_model import ScreenModel, secret, value_of
from ui.selection import cabinet_of
from ui.settings.joining import Joining
from ui.shell.screens import UTILITY, role_words


class SettingsModel(ScreenModel):
    """``signing_out`` is "" or "ask" (nothing waits) or "waiting" (something is not sent yet)."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.cabinet = cabinet_of(context)
        self.cabinet.changed.connect(self.changed)
        self.joining: Joining | None = None
        """How kindergarten is added; None for who has it, and for who works at a department."""
        if can_join(context):
            self.joining = Joining(context)
            self.joining.joined.connect(self._joined)
        self.telephone: PhoneChange | None = PhoneChange(context) if signs(context) else None
        """How who signs contracts proves where the codes go; a parent does it in the profile."""
        self.part = ""
        self.letter_to = ""
        self.signing_out = ""
        self.waiting = 0
        self.ended = False
        """Whether the provider ended the session, so that one signs out to sign in again."""

    def show(self, part: str = "") -> None:
        """Open at a part: "contact", "password", "join", "sign_out"."""
        self.part = part
        if part == "join" and self.joining is not None and not self.joining.open:
            self.joining.start()
        if part == "sign_out":
            self.ask_sign_out()
        self.changed.emit()

    def _joined(self) -> None:
        self.joining = None
        text = _("Kindergarten is in your cabinet: choose “{role}” in the menu under your name.")
        self.context.toast(text.format(role=role_words("parent")))
        self.changed.emit()

    @property
    def person(self) -> Person | None:
        """The signed-in person's profile; None before the first exchange."""
        return self.cabinet.person

    @property
    def phone_is_proved(self) -> bool:
        """Whether codes go to the telephone, so that another one is proved first: for parents and who signs."""
        inside = self.context.inside
        return inside is not None and ("parent" in inside.roles or self.telephone is not None)

    @property
    def profile_opens(self) -> bool:
        """Whether the profile is among the screens of the role that is shown."""
        inside = self.context.inside
        if inside is None or "parent" not in inside.roles:
            return False
        chosen = self.context.settings.get("role")
        return (chosen if chosen in inside.roles else inside.roles[0]) == "parent"

    def choose_language(self, language: str) -> None:
        """Speak another language, and tell the provider for letters."""
        self.context.bridge.language.emit(language)

    def tell_language(self) -> None:
        """Have letters of the provider written in the language in force."""
        self._contact(UpdateContact(user_id=self._user(), language=current()))

    def save_phone(self) -> None:
        """Change the telephone number."""
        if self.refuse(self._phone_wrong()):
            return
        self._contact(UpdateContact(user_id=self._user(), phone=self.typed("phone")))

    def change_email(self) -> None:
        """Ask for another e-mail address; it counts when confirmed from there."""
        wrong = self.missing("new_email", "email_password")
        email = self.typed("new_email")
        if email and not is_email(email):
            wrong.append(Problem("email-invalid", "new_email"))
        if self.refuse(wrong):
            return
        people, password = self.context.people, self.draft["email_password"]

        def sent(_answer: object) -> None:
            secret(self, "email_password", "new_email")
            self.letter_to = email

        self._renamed = {"password": "email_password"}
        self.work(lambda: people.change_email(email, password), sent)

    def confirm_email(self) -> None:
        """Send the code from the letter to the new address."""
        if self.refuse(self.missing("email_token")):
            return
        people, token = self.context.people, link_token(self.typed("email_token"))

        def done(_answer: object) -> None:
            secret(self, "email_token")
            self.letter_to = ""
            self.context.toast(_("The new e-mail address is confirmed."))

        self._renamed = {"token": "email_token"}
        self.work(lambda: people.confirm_email(token), done)

    def change_password(self) -> None:
        """Change the password, here and at the provider."""
        wrong = self.missing("current", "new", "again")
        if self.typed("again") and self.draft.get("again") != self.draft.get("new"):
            wrong.append(Problem("passwords-differ", "again"))
        if self.refuse(wrong):
            return
        people, old, new = self.context.people, self.draft["current"], self.draft["new"]

        def done(_answer: object) -> None:
            secret(self, "current", "new", "again")
            self.context.toast(_("The password is changed."))

        self._renamed = {"new_password": "new", "password": "new"}
        self.work(lambda: people.change_password(old, new), done)

    _renamed: dict[str, str] = {}  # noqa: RUF012 - replaced whole before each question, never changed in place

    def _failed(self, error: Exception) -> None:
        super()._failed(error)
        renamed = self._renamed
        # That the password was not changed is no news about an address.
        own = {"current-password-wrong": "profile-wrong-password"} if "email_password" in renamed.values() else {}
        self.problems = tuple(
            Problem(own.get(problem.code, problem.code), renamed.get(problem.field, problem.field), problem.values)
            for problem in self.problems
        )
        self.changed.emit()

    def mailings(self) -> list[tuple[int, str, bool, bool]]:
        """Return each account: id, number and provider, whether the bill comes by mail, whether a change waits."""
        own = {mailing.account_id: mailing for mailing in self.cabinet.mailings}
        waiting = {
            item.payload.account_id: item.payload.active
            for item in self.cabinet.waiting
            if isinstance(item.payload, SetMailing) and item.state not in ("refused", "conflict")
        }
        rows = []
        for summary in self.context.selection.accounts:
            account = summary.account
            active = waiting.get(account.id, _active(own.get(account.id)))
            rows.append((account.id, f"{account.number} · {summary.provider.name}", active, account.id in waiting))
        return rows

    def set_mailing(self, account_id: int, active: bool) -> None:
        """Begin or stop the monthly mailing."""
        self.context.submit(
            self,
            SetMailing(account_id=account_id, active=active, language=current()),
            lambda _id: self.context.toast(_("Recorded; it goes to the provider."), "pending"),
            self._failed,
        )

    def ask_sign_out(self) -> None:
        """Find out what has not been sent, and ask."""
        client = self.context.client

        def take(status: Any) -> None:
            self.waiting = int(value_of(status, "waiting", 0))
            self.ended = str(value_of(status, "state", "")) == "signed_out"
            self.signing_out = "waiting" if self.waiting else "ask"

        self.work(client.status, take)

    def keep(self) -> None:
        """Stay signed in."""
        self.signing_out = ""
        self.changed.emit()

    def sign_out(self) -> None:
        """Leave; what waits is kept, encrypted, for the next time when the person has said so."""
        entrance, force, tasks = self.context.entrance, self.signing_out == "waiting", self.context.tasks
        login = self.context.inside.login if self.context.inside is not None else ""
        self.context.bridge.keep.emit()

        def leave() -> None:
            tasks.wait_for_certain()  # what was typed is written before the files are closed
            entrance.sign_out(force=force)

        def done(_none: object) -> None:
            self.signing_out = ""
            bridge = self.context.bridge
            bridge.left.emit()
            if self.ended:
                bridge.go.emit("sign_in", {"login": login, "way": "iin" if is_iin(login) else "login"})
            else:
                bridge.go.emit("sign_in", {"news": "signed_out_kept" if force else "signed_out"})

        self.work(leave, done)

    def _contact(self, payload: UpdateContact) -> None:
        def entered(_id: str) -> None:
            self.draft.pop("phone", None)
            self.context.toast(_("Recorded; it goes to the provider."), "pending")

        self.context.submit(self, payload, entered, self._failed)

    def _user(self) -> int:
        return self.person.id if self.person is not None else 0

    def _phone_wrong(self) -> list[Problem]:
        wrong = self.missing("phone")
        digits = [sign for sign in self.typed("phone") if sign.isdigit()]
        if not wrong and not 7 <= len(digits) <= 15:
            wrong.append(Problem("phone-invalid", "phone"))
        return wrong


def _active(mailing: Mailing | None) -> bool:
    return mailing is not None and mailing.active


def signs(context: Context) -> bool:
    """Return whether the signed-in person signs contracts with codes and has no profile to prove a telephone in."""
    roles = set(context.inside.roles) if context.inside is not None else set()
    return bool(roles & {"kindergarten", "officer"}) and "parent" not in roles


def can_join(context: Context) -> bool:
    """Return whether the signed-in person may add kindergarten: has utilities only."""
    inside = context.inside
    return inside is not None and inside.families is not None and set(inside.roles) <= UTILITY
