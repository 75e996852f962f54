"""What a person is charged by, and asking the provider to correct it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from models.contract.commands import RequestDataCorrection
from models.contract.records import AccountView
from models.domain.problems import Problem
from translations import N_, _, formats
from ui.context import Context
from ui.drafts import Drafts
from ui.screen_model import ScreenModel
from ui.selection import address_of, cabinet_of, named, services_of
from ui.waiting.words import ITEMS, TONES, state_words

BASES: Final = {
    "meter": N_("by the meter"),
    "norm": N_("by the norm"),
    "fixed": N_("a fixed sum"),
    "average": N_("by the average"),
}
STATUSES: Final = {
    "submitted": N_("With the provider"),
    "accepted": N_("Accepted for work"),
    "done": N_("Corrected"),
    "refused": N_("Refused"),
}
STATUS_TONES: Final = {"submitted": "accent", "accepted": "accent", "done": "positive", "refused": "danger"}
LONGEST: Final = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: still on this computer, or with the provider."""

    number: str
    text: str
    status: str
    tone: str
    answer: str
    at: datetime


class MyData(ScreenModel):
    """The chosen account's data, the draft of a request, and the requests made."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.cabinet = cabinet_of(context)
        self.cabinet.changed.connect(self._other)
        self.cabinet.state_changed.connect(self.changed)
        self.item = "residents"
        self.supersedes = ""
        self.open = False
        self._requests: tuple[Any, ...] = ()
        context.topics.listen(self, {"request", "waiting", "outcome"}, self.refresh)
        self._kept = Drafts(context, "my_data", self._collect, self._restore, (self.changed, self.edited), self)
        self.refresh()

    @property
    def view(self) -> AccountView | None:
        """The account shown."""
        return self.cabinet.view

    def show(self, item: str = "residents", proposed: str = "", explanation: str = "", supersedes: str = "") -> None:
        """Open the form, for instance to correct a refused request."""
        self.item, self.supersedes, self.open = item, supersedes, True
        self.draft.update(proposed=proposed, explanation=explanation)
        self.changed.emit()

    def ask(self, item: str) -> None:
        """Open the form for one item of the data."""
        self.item, self.open = item, True
        self.problems = ()
        self.changed.emit()

    def choose(self, item: str) -> None:
        """Ask about another item; what was typed stays."""
        self.item = item
        self.changed.emit()

    def close(self) -> None:
        """Put the form away; the draft stays for the next time."""
        self.open, self.problems = False, ()
        self.changed.emit()

    def refresh(self) -> None:
        """Read the requests again."""
        from models.cache.queries.people import requests

        account_id = self.cabinet.account_id
        if account_id is not None:
            self.context.read(
                self, lambda connection: requests(connection, account_id), self._take, self._failed, name="requests"
            )

    def submit(self) -> None:
        """Enter the request; it is sent when a connection allows."""
        view = self.view
        wrong = self.missing("proposed", "explanation")
        for key in ("proposed", "explanation"):
            if len(self.typed(key)) > LONGEST:
                wrong.append(Problem("text-too-long", key, {"limit": LONGEST, "maximum": LONGEST}))
        if self.item == "residents" and self.typed("proposed") and not self.typed("proposed").isdigit():
            wrong.append(Problem("field-invalid", "proposed"))
        if self.refuse(wrong) or view is None:
            return
        payload = RequestDataCorrection(
            account_id=view.account.id,
            item=self.item,
            proposed=self.typed("proposed"),
            explanation=self.typed("explanation"),
        )
        self.busy = True
        self.changed.emit()
        self.context.submit(self, payload, self._entered, self._failed, supersedes=self.supersedes)

    def _entered(self, _command_id: str) -> None:
        self.busy, self.open, self.supersedes = False, False, ""
        self.draft.clear()
        self.context.toast(_("The request is recorded on this computer and goes to the provider."), "pending")
        self.refresh()
        self.changed.emit()

    def current(self, item: str) -> str:
        """Return what the provider has for an item of the data, in words."""
        view = self.view
        if view is None:
            return ""
        account = view.account
        match item:
            case "residents":
                return str(account.residents)
            case "area":
                return _("{area} m²").format(area=formats.plain(account.area)) if account.area else _("not known")
            case "privileges":
                return ", ".join(account.privileges) or _("none")
            case "holder":
                return account.holder
            case "address":
                return address_of(view)
        return ""

    def facts(self) -> list[tuple[str, str, str]]:
        """Return the data charged by: item to ask about ("" for none), name, value."""
        view = self.view
        if view is None:
            return []
        account = view.account
        facts = [(item, _(ITEMS[item]), self.current(item)) for item in ("residents", "area", "privileges")]
        facts += [(item, _(ITEMS[item]), self.current(item)) for item in ("holder", "address")]
        if account.code_masked:
            facts.append(("", _("Code of the holder"), account.code_masked))
        if account.contract:
            facts.append(("", _("Contract"), account.contract))
        group = _("population") if account.consumer_group == "population" else _("legal entities")
        facts.append(("", _("Group of consumers"), group))
        return facts

    def services(self) -> list[tuple[str, str, str]]:
        """Return each service: kind, name, how it is charged."""
        view = self.view
        if view is None:
            return []
        bases = {item.service_id: item.basis for item in view.account_services if item.active}
        return [
            (service.kind, named(service.name), _(BASES.get(bases[service.id], bases[service.id])))
            for service in services_of(view)
            if service.id in bases
        ]

    def requests(self) -> list[Asked]:
        """Return the requests of the account, those on this computer first."""
        view = self.view
        if view is None:
            return []
        here = [
            Asked(
                "",
                self._words(item.payload),
                state_words(item.state),
                TONES.get(item.state, ""),
                "",
                item.occurred_at,
            )
            for item in self.cabinet.waiting
            if isinstance(item.payload, RequestDataCorrection) and item.payload.account_id == view.account.id
        ]
        there = [
            Asked(
                row.number,
                row.text,
                _(STATUSES[row.status]) if row.status in STATUSES else row.status,
                STATUS_TONES.get(row.status, ""),
                row.answer,
                row.at,
            )
            for row in self._requests
            if row.account_id == view.account.id
        ]
        return here + there

    @staticmethod
    def _words(payload: RequestDataCorrection) -> str:
        return f"{_(ITEMS.get(payload.item, ITEMS['other']))}: {payload.proposed}. {payload.explanation}"

    def _collect(self) -> dict[str, str]:
        typed = {key: text for key, text in self.draft.items() if text}
        return {**typed, "item": self.item} if typed and self.open else {}

    def _restore(self, kept: dict[str, str]) -> None:
        if kept and not self.draft:
            self.item = kept.pop("item", self.item)
            self.draft.update(kept)
            self.open = True
            self.changed.emit()

    def _other(self) -> None:
        self.refresh()
        self.changed.emit()

    def _take(self, rows: Sequence[Any]) -> None:
        self._requests = tuple(rows)
        self.changed.emit()
