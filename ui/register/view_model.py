"""Getting a login: the form for a person or a firm, then the code from the letter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from models.domain.emails import is_email
from models.domain.identity import check_bin, check_edrpou, check_iin, check_rnokpp
from models.domain.problems import Problem
from translations import current
from ui.context import Context
from ui.screen_model import ScreenModel, secret, value_of

INDIVIDUAL: Final = "individual"
LEGAL: Final = "legal"
CHECKS: Final = {
    (INDIVIDUAL, "KZ"): check_iin,
    (INDIVIDUAL, "UA"): check_rnokpp,
    (LEGAL, "KZ"): check_bin,
    (LEGAL, "UA"): check_edrpou,
}


class Register(ScreenModel):
    """``step`` is "form" or "letter"."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.kind = INDIVIDUAL
        self.step = "form"
        self.providers: tuple[Any, ...] = ()
        self.provider_code = ""
        self._asked_at = ""

    def visited(self) -> None:
        """Fetch the list of providers the first time, and again from another address."""
        address = self.context.settings.get("provider_url")
        if self._asked_at and self._asked_at != address:
            self.providers, self.provider_code, self._asked_at = (), "", ""
        if not self.providers and not self._asked_at:
            self.fetch()

    def fetch(self) -> None:
        """Fetch the list of providers."""
        self._asked_at = self.context.settings.get("provider_url")
        entrance = self.context.entrance
        self.work(lambda: entrance.people().providers(), self._take_providers)

    def _take_providers(self, providers: Sequence[Any]) -> None:
        self.providers = tuple(providers)
        if self.providers and not self.provider_code:
            self.provider_code = str(value_of(self.providers[0], "code"))

    def show(self, account: str = "", provider: str = "") -> None:
        """Begin with an account that was found."""
        if account:
            self.draft["account_number"] = account
        self.provider_code = provider or self.provider_code
        self.step = "form"
        self.changed.emit()

    def choose_kind(self, kind: str) -> None:
        """Register as a person or as a firm; what was typed stays."""
        self.kind = kind
        self.problems = ()
        self.changed.emit()

    def choose_provider(self, code: str) -> None:
        """Register with another provider."""
        self.provider_code = code
        self.problems = ()
        self.changed.emit()

    @property
    def country(self) -> str:
        """Country of the provider: KZ or UA."""
        for provider in self.providers:
            if value_of(provider, "code") == self.provider_code:
                return "UA" if value_of(provider, "country", "KZ") == "UA" else "KZ"
        return "KZ"

    @property
    def number_key(self) -> str:
        """The field that the login is made of."""
        return "account_number" if self.kind == INDIVIDUAL else "contract"

    @property
    def login(self) -> str:
        """The login: the account number of a person, the contract number of a firm, without spaces."""
        return "".join(self.typed(self.number_key).split())

    def submit(self) -> None:
        """Send the form."""
        if self.refuse(self._wrong()):
            return
        people = self.context.entrance.people
        fields = {
            "kind": self.kind,
            "provider_code": self.provider_code,
            self.number_key: self.login,
            "code": "".join(self.typed("code").split()),
            "email": self.typed("email"),
            "password": self.draft["password"],
            "surname": self.typed("surname") if self.kind == INDIVIDUAL else "",
            "language": current(),
        }
        self.work(lambda: people().register(**fields), lambda _answer: self._sent())

    def _sent(self) -> None:
        secret(self, "password", "again")
        self.step = "letter"

    def confirm(self) -> None:
        """Send the code from the letter."""
        if self.refuse(self.missing("token")):
            return
        token, people = link_token(self.typed("token")), self.context.entrance.people

        def confirmed(answer: Any) -> None:
            login = str(value_of(answer, "login", "") or (answer if isinstance(answer, str) else "")) or self.login
            self.step = "form"
            self.draft.clear()
            self.context.go("sign_in", login=login, news="confirmed")

        self.work(lambda: people().confirm(token), confirmed)

    def correct(self) -> None:
        """Go back from the letter to the form."""
        self.step = "form"
        self.refuse(())

    def _wrong(self) -> list[Problem]:
        keys = [self.number_key, "code", "email", "password", "again"]
        if self.kind == INDIVIDUAL:
            keys.insert(1, "surname")
        wrong = self.missing(*keys)
        empty = {problem.field for problem in wrong}
        if not self.provider_code:
            wrong.append(Problem("field-required", "provider_code"))
        if "code" not in empty:
            ours = self.country == "KZ"
            check = (
                (check_iin if ours else check_rnokpp)
                if self.kind == INDIVIDUAL
                else (check_bin if ours else check_edrpou)
            )
            problem = check("".join(self.typed("code").split()))
            if problem is not None:
                wrong.append(Problem(problem.code, "code", problem.values))
        email = self.typed("email")
        if "email" not in empty and not is_email(email):
            wrong.append(Problem("email-invalid", "email"))
        if "again" not in empty and self.draft.get("again") != self.draft.get("password"):
            wrong.append(Problem("passwords-differ", "again"))
        return wrong


def link_token(text: str) -> str:
    """Return the code in what was pasted: the code itself or the whole link from the letter."""
    return text.rstrip("/").rpartition("/")[2].partition("?")[0] if "/" in text else text
