"""A provider with two sample accounts, people who write to it over real HTTP, and the letters that they get."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert, text

from models.contract.records import AccountView, Record
from provider.jobs.rounds import letters_round
from provider.services import identity
from provider.settings import Settings
from provider.store.base import SYNCED
from provider.store.changes import PUBLIC, account_scope
from provider.store.database import Database
from provider.store.rows import values_of
from tests.fixtures.provider import ProviderServer
from tests.samples import sample_view_kk, sample_view_uk

IIN = "850101300124"
RNOKPP = "1234567899"
PASSWORD = "көл жағасындағы үй"  # ten and more code points, no rule about their kinds
OTHER_PASSWORD = "another long road 7"
PUBLIC_URL = "https://kabinet.test"
START = datetime(2024, 2, 10, 6, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, **parts: float) -> None:
        self.now += timedelta(**parts)


@dataclass
class PeopleWorld:
    """The provider, its clock and its people."""

    database: Database
    settings: Settings
    clock: Clock
    url: str
    kk: AccountView
    uk: AccountView
    keys: dict[str, Ed25519PrivateKey] = field(default_factory=dict)

    def client(self, source: str = "198.51.100.7") -> httpx.Client:
        """Return an HTTP client that a trusted proxy says to come from a network address."""
        return httpx.Client(base_url=self.url, headers={"X-Forwarded-For": source}, trust_env=False, timeout=30)

    def open(self, link: str, form: dict[str, str] | None = None) -> httpx.Response:
        """Look at the page behind a letter's link, or press its button with ``form``."""
        path = link.removeprefix(PUBLIC_URL)
        with self.client() as client:
            return client.get(path) if form is None else client.post(path, data=form)

    def post(self, path: str, body: Any = None, *, token: str = "", source: str = "198.51.100.7") -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        with self.client(source) as client:
            return client.post(f"/api/v1{path}", json=body, headers=headers)

    def get(self, path: str, *, source: str = "198.51.100.7") -> httpx.Response:
        with self.client(source) as client:
            return client.get(f"/api/v1{path}")

    def work(self) -> None:
        """Let the jobs beside requests run: inquiries are settled, letters leave."""
        letters_round(self.database, self.settings)

    def letters(self, to: str = "") -> list[EmailMessage]:
        """Return the letters that left, oldest first."""
        self.work()
        found = [_letter(path) for path in sorted(self.settings.letters.glob("*.eml"))]
        return [letter for letter in found if not to or letter["To"] == to]

    def link(self, to: str) -> str:
        """Return the first link of the newest letter to an address."""
        return str(re.findall(r"https?://\S+", body_of(self.letters(to)[-1]))[0])

    def code(self, to: str) -> str:
        """Return the code to type in the newest letter to an address."""
        return str(re.findall(r"\b[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}\b", body_of(self.letters(to)[-1]))[0])

    def user(self, login: str = "123456", **options: Any) -> int:
        """Add a confirmed resident of the Kazakh account."""
        values: dict[str, Any] = {
            "password": PASSWORD,
            "accounts": [self.kk.account.id],
            "email": f"{login}@example.org",
            "code": IIN,
            "now": self.clock.now,
        } | options
        with self.database.change() as unit:
            return identity.create_user(unit, login, **values)

    def sign_in(self, login: str = "123456", password: str = PASSWORD, source: str = "198.51.100.7") -> httpx.Response:
        """Sign in on the login's own device."""
        key = self.keys.setdefault(login, Ed25519PrivateKey.generate())
        body = {
            "login": login,
            "password": password,
            "device_key": key.public_key().public_bytes_raw().hex(),
            "device_name": "home",
        }
        return self.post("/devices/sign-in", body, source=source)

    def token(self, login: str = "123456", password: str = PASSWORD) -> str:
        answer = self.sign_in(login, password)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    def scalar(self, query: str, **values: Any) -> Any:
        with self.database.read() as connection:
            return connection.execute(text(query), values).scalar()


def people_settings(settings: Settings) -> Settings:
    """Return settings with a clock that stands and a public address."""
    return replace(settings, clock=Clock(), public_url=PUBLIC_URL)


def make_people_world(server: ProviderServer) -> PeopleWorld:
    """Return a world with the sample accounts of a Kazakh and a Ukrainian provider in its registry."""
    clock = server.settings.clock
    assert isinstance(clock, Clock)
    kk, uk = sample_view_kk(), sample_view_uk()
    _load(server.database, kk, IIN)
    _load(server.database, uk, RNOKPP)
    return PeopleWorld(server.database, server.settings, clock, server.url, kk, uk)


def body_of(letter: EmailMessage) -> str:
    """Return a letter's text."""
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def _letter(path: Path) -> EmailMessage:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def _load(database: Database, view: AccountView, code: str) -> None:
    """Put a view's rows into the registry under their own ids."""
    tenant = view.provider.id
    groups: list[tuple[Sequence[Record], Callable[[Any], str]]] = [
        ([view.provider], lambda _row: PUBLIC),
        (view.services, lambda _row: PUBLIC),
        (view.recipients, lambda _row: PUBLIC),
        (view.tariffs, lambda _row: PUBLIC),
        ([view.account], lambda row: account_scope(row.id)),
        (view.account_services, lambda row: account_scope(row.account_id)),
        (view.meters, lambda row: account_scope(row.account_id)),
        (view.readings, lambda row: account_scope(row.account_id)),
        (view.entries, lambda row: account_scope(row.account_id)),
        (view.assertions, lambda row: account_scope(row.account_id)),
    ]
    with database.change() as unit:
        unit.connection.execute(text("SET LOCAL session_replication_role = replica"))  # the ledger's own guard rests
        for rows, scope in groups:
            for row in rows:
                values = values_of(row) | {"id": row.id, "tenant_id": tenant}
                if row.TABLE == "account":
                    values["code"] = code
                unit.connection.execute(insert(SYNCED[row.TABLE]).values(**values))
                unit.changes.live(tenant, scope(row), row.TABLE, row.id)
