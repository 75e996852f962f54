"""Finding one's account number without signing in, and last month's breakdown of charges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.domain.period import Month
from models.domain.problems import Problem
from models.domain.statements import Breakdown, breakdown
from translations import _, current
from ui.context import Context
from ui.kit.saving import save_paper
from ui.screen_model import ScreenModel, value_of


class FindAccount(ScreenModel):
    """``found`` is the account number; ``answer`` the masked account with the charges of ``month``."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.providers: tuple[Any, ...] = ()
        self.provider_code = ""
        self.streets: tuple[str, ...] = ()
        self.found = ""
        self.answer: Any = None
        self.month = Month.of(context.today).previous()
        self._streets_of = ""
        self._asked_at = ""

    def visited(self) -> None:
        """Fetch providers and streets the first time, and again from another address."""
        address = self.context.settings.get("provider_url")
        if self._asked_at != address:
            self.providers, self.provider_code, self.streets, self._streets_of = (), "", (), ""
            self._asked_at = address
            self._forget()
        if not self.providers and not self.busy:
            self.fetch()

    def fetch(self) -> None:
        """Fetch the list of providers, then the streets of the chosen one."""
        people = self.context.entrance.people

        def take(providers: Sequence[Any]) -> None:
            self.providers = tuple(providers)
            if self.providers and not self.provider_code:
                self.provider_code = str(value_of(self.providers[0], "code"))

        def then(providers: Sequence[Any]) -> None:
            take(providers)
            self._fetch_streets()

        self.work(lambda: people().providers(), then)

    @property
    def reachable(self) -> bool:
        """Whether the look-up can be used: it needs a line."""
        return bool(self.providers) and not self.offline

    def choose_provider(self, code: str) -> None:
        """Look at another provider; its streets are fetched, and those of the one before are no longer known."""
        self.provider_code = code
        self._forget()
        self.draft.pop("street", None)
        self.streets, self._streets_of = (), ""
        self._fetch_streets()
        self.changed.emit()

    def edit(self, key: str, text: str) -> None:
        """Keep what was typed; what was found for something else is put away."""
        self.type(key, text)
        if self.found:
            self._forget()
            self.changed.emit()

    def find(self) -> None:
        """Look the account up. The answer is the same for a wrong flat and a wrong surname."""
        wrong = self.missing("street", "house", "surname")
        street = self.typed("street")
        if street and self.streets and street not in self.streets:
            wrong.append(Problem("field-invalid", "street"))
        if self.refuse(wrong):
            return
        people, fields = self.context.entrance.people, self._fields()

        def take(answer: Any) -> None:
            number = value_of(answer, "account", "") or value_of(answer, "number", "")
            self.found = str(number or (answer if isinstance(answer, str) else ""))
            if not self.found:
                self.problems = (Problem("unknown-account"),)

        self._forget()
        self.work(lambda: people().find_account(**fields), take)

    def look_up(self) -> None:
        """Fetch the breakdown of the month."""
        self.choose_month(self.month)

    def choose_month(self, month: Month) -> None:
        """Look at another month; the one before stays until the figures of this one are there."""
        people, fields = self.context.entrance.people, self._fields()

        def take(answer: Any) -> None:
            self.month, self.answer = month, answer

        self.work(lambda: people().look_up_breakdown(**fields, period=month.number), take)

    @property
    def sums(self) -> Breakdown | None:
        """The turnovers of the month, None before they came."""
        view = self.answer
        if view is None:
            return None
        return breakdown(view.entries, self.month, [service.id for service in view.services])

    def save(self) -> None:
        """Save the breakdown of the month as PDF, without the name and the codes."""
        from documents import breakdown as paper

        view, month, language, made_at = self.answer, self.month, current(), self.context.clock()
        if view is None:
            return
        name = f"{_('Breakdown of charges')} {self.found} {month}.pdf"
        save_paper(self.context, self, name, lambda: paper.build(view, month, language, made_at, masked=True))

    def register(self) -> None:
        """Go on to registration with the account found."""
        self.context.go("register", account=self.found, provider=self.provider_code)

    def _fields(self) -> dict[str, Any]:
        keys = ("street", "house", "prefix", "flat", "surname")
        return {"provider": self.provider_code, **{key: self.typed(key) for key in keys}}

    def _forget(self) -> None:
        self.found, self.answer = "", None
        self.month = Month.of(self.context.today).previous()

    def _fetch_streets(self) -> None:
        code = self.provider_code
        if not code or code == self._streets_of:
            return
        people = self.context.entrance.people

        def take(streets: Sequence[Any]) -> None:
            if code == self.provider_code:
                self.streets = tuple(str(value_of(item, "name", item)) for item in streets)
                self._streets_of = code
                self.changed.emit()

        self.context.tasks.ask(self, lambda: people().streets(code), take, self._failed, name="streets")
