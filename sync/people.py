"""Getting and keeping a login, and what may be looked up without one. Needs a connection; nothing is kept here."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from models.contract.records import AccountView
from sync.link import Link
from sync.transport import Transport, answered_directly


class ProviderChoice(Struct, frozen=True):
    """A provider to choose from."""

    code: str
    name: str
    country: str = ""
    settlement: str = ""


class _Providers(Struct, frozen=True):
    providers: list[ProviderChoice]


class _Streets(Struct, frozen=True):
    streets: list[str]


class _Account(Struct, frozen=True):
    account: str


class _Login(Struct, frozen=True):
    login: str


class People:
    """Requests about a person's login. Every method raises the transport's TransportErrors."""

    def __init__(self, transport: Transport, link: Link | None = None) -> None:
        """``link`` is that of the signed-in person: it renews its token before a request."""
        self._transport = transport
        self._link = link

    def register(
        self,
        *,
        kind: str,
        provider_code: str,
        code: str,
        email: str,
        password: str,
        account_number: str = "",
        contract: str = "",
        surname: str = "",
        language: str = "kk",
    ) -> None:
        """Ask for a login; what comes of it is told by letter."""
        body = {
            "kind": kind,
            "provider_code": provider_code,
            "code": code,
            "email": email,
            "password": password,
            "account_number": account_number,
            "contract": contract,
            "surname": surname,
            "language": language,
        }
        self._ask("/people/register", body)

    def confirm(self, token: str) -> str:
        """Confirm a registration with the letter's code and return the login."""
        with answered_directly():
            return self._transport.post("/people/confirm", {"token": token}, _Login, refresh=True).login

    def recover(self, login_or_email: str) -> None:
        """Ask for a letter to set a new password; the answer is the same for everybody."""
        self._ask("/people/recover", {"login_or_email": login_or_email})

    def finish_recovery(self, token: str, code: str, account: str, new_password: str) -> None:
        """Set a new password with the letter's code, the identity code and the account's number."""
        body = {"token": token, "code": code, "account": account, "new_password": new_password}
        self._ask("/people/recover/finish", body)

    def change_email(self, new_email: str, password: str) -> None:
        """Ask for a new e-mail address; it counts when the letter to it is opened. For the signed-in person."""
        self._own("/people/email", {"new_email": new_email, "password": password})

    def confirm_email(self, token: str) -> None:
        """Confirm a new e-mail address with the letter's code."""
        self._ask("/people/email/confirm", {"token": token})

    def change_password(self, current: str, new: str) -> None:
        """Replace the signed-in person's password; the profile's own password is changed by Profile.set_password."""
        self._own("/people/password", {"current": current, "new": new})

    def providers(self) -> list[ProviderChoice]:
        """Return the providers of the installation."""
        with answered_directly():
            return self._transport.get("/lookup/providers", _Providers).providers

    def streets(self, provider_code: str) -> list[str]:
        """Return the streets where a provider has accounts."""
        with answered_directly():
            return self._transport.get("/lookup/streets", _Streets, {"provider": provider_code}).streets

    def find_account(
        self, *, provider: str, street: str, house: str, surname: str, prefix: str = "", flat: str = ""
    ) -> str:
        """Return the account's number of a place when every part is right."""
        body = _place(provider, street, house, surname, prefix, flat)
        with answered_directly():
            return self._transport.post("/lookup/account", body, _Account, refresh=True).account

    def look_up_breakdown(
        self,
        *,
        provider: str,
        street: str,
        house: str,
        surname: str,
        prefix: str = "",
        flat: str = "",
        period: int | None = None,
    ) -> AccountView:
        """Return one month of an account without the name, for somebody who is not signed in."""
        body = _place(provider, street, house, surname, prefix, flat)
        if period is not None:
            body["period"] = period
        with answered_directly():
            return self._transport.post("/lookup/breakdown", body, AccountView, refresh=True)

    def _ask(self, path: str, body: dict[str, Any]) -> None:
        with answered_directly():
            self._transport.post(path, body, msgspec.Raw, refresh=True)

    def _own(self, path: str, body: dict[str, Any]) -> None:
        if self._link is None:
            raise RuntimeError("nobody is signed in here")
        with answered_directly():
            self._link.post(path, body, msgspec.Raw)


def _place(provider: str, street: str, house: str, surname: str, prefix: str, flat: str) -> dict[str, Any]:
    return {
        "provider": provider,
        "street": street,
        "house": house,
        "surname": surname,
        "prefix": prefix,
        "flat": flat,
    }
