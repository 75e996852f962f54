"""An education department with a register of persons, and parents who talk to it over real HTTP."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from models.contract.admission_commands import AddChild
from models.contract.messages import Session
from models.contract.outcomes import CommandOutcome
from models.contract.payload import Payload
from provider.handlers.push import push
from provider.jobs.rounds import letters_round
from provider.services.catalogue import create_provider
from provider.services.register import RegisteredPerson, write_register
from provider.settings import Settings
from provider.store.database import Database
from tests.fixtures.provider import ProviderServer
from tests.provider.people_world import Clock
from tests.provider.sync_world import Device
from tests.samples.balabaqsha import department

START = datetime(2026, 4, 7, 5, 0, tzinfo=UTC)
PASSWORD = "көл жағасындағы үй"
PHONE = "+7 (701) 234-56-78"
OTHER_PHONE = "+7 702 000 11 22"
CHILD = "210220550811"
"""The number of the seed: a boy born on 20 February 2021."""


def iin(born: date, *, female: bool, serial: int) -> str:
    """Return a well-formed IIN."""
    century = (3 if born.year < 2000 else 5) + int(female)
    head = f"{born:%y%m%d}{century}{serial:04}"
    for weights in ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)):
        check = sum(int(digit) * weight for digit, weight in zip(head, weights, strict=True)) % 11
        if check < 10:
            return head + str(check)
    return iin(born, female=female, serial=serial + 1)


MOTHER = iin(date(1990, 3, 12), female=True, serial=112)
FATHER = iin(date(1988, 2, 25), female=False, serial=180)
STRANGER = iin(date(1979, 11, 3), female=True, serial=45)
OTHER_CHILD = iin(date(2022, 9, 17), female=True, serial=77)
GROWN = iin(date(2001, 1, 5), female=False, serial=9)
DOCUMENT = "N12345678"

PERSONS = [
    RegisteredPerson(MOTHER, "Серікова", "Айгүл", "Маратқызы", phones=["77012345678"]),
    RegisteredPerson(FATHER, "Алыбай", "Қуандық", "Ерланұлы", phones=["87020001122"]),
    RegisteredPerson(STRANGER, "Омарова", "Гүлнар"),
    RegisteredPerson(DOCUMENT, "Шмидт", "Эрика", "", date(1991, 5, 6), "female"),
    RegisteredPerson(CHILD, "АЛЫБАЙ", "СМАР", "ҚУАНДЫҚҰЛЫ", ethnicity="Қазақ", parents=[MOTHER, FATHER]),
    RegisteredPerson(OTHER_CHILD, "Омарова", "Дана", parents=[STRANGER]),
    RegisteredPerson(GROWN, "Серіков", "Тимур", parents=[MOTHER]),
]


def family_settings(settings: Settings) -> Settings:
    """Return settings with a clock that stands."""
    return replace(settings, clock=Clock(START))


@dataclass
class FamilyWorld:
    """The provider, its clock and its department."""

    database: Database
    settings: Settings
    clock: Clock
    url: str
    tenant: int

    def request(
        self, method: str, path: str, body: Any = None, *, token: str = "", source: str = "198.51.100.7", **options: Any
    ) -> httpx.Response:
        headers = {"X-Forwarded-For": source} | options.pop("headers", {})
        if token:
            headers["Authorization"] = f"Bearer {token}"
        with httpx.Client(base_url=self.url, trust_env=False, timeout=60) as client:
            if body is not None:
                options["json"] = body
            return client.request(method, f"/api/v1{path}", headers=headers, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> httpx.Response:
        return self.request("POST", path, body, **options)

    def work(self) -> None:
        """Let the jobs beside requests run: wishes are settled, messages leave."""
        letters_round(self.database, self.settings)

    def messages(self, phone: str = "") -> list[str]:
        """Return the text messages that left for a phone, oldest first."""
        self.work()
        digits = "+" + re.sub(r"\D", "", phone)
        folder = self.settings.text_messages
        found = [path.read_text("utf-8") for path in sorted(folder.glob("*.txt"))] if folder.is_dir() else []
        return [one for one in found if not phone or one.startswith(f"To: {digits}\n")]

    def code(self, phone: str = PHONE) -> str:
        """Return the code in the newest message to a phone."""
        return str(re.findall(r"\b\d{6}\b", self.messages(phone)[-1].partition("\n\n")[2])[0])

    def ask(self, purpose: str, phone: str = PHONE, code: str = "", **options: Any) -> httpx.Response:
        body = {"purpose": purpose, "phone": phone, "code": code, "consent": True} | options.pop("body", {})
        return self.post("/families/codes", body, **options)

    def ticket(self, purpose: str = "register", phone: str = PHONE, code: str = "") -> str:
        """Prove a phone and return the ticket."""
        answer = self.ask(purpose, phone, code)
        assert answer.status_code == 202, answer.text
        body = {"purpose": purpose, "phone": phone, "code": code, "one_time": self.code(phone)}
        answer = self.post("/families/codes/verify", body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["ticket"])

    def register(self, code: str = MOTHER, phone: str = PHONE, password: str = PASSWORD) -> str:
        """Register a parent and return the login."""
        body = {
            "ticket": self.ticket(phone=phone),
            "phone": phone,
            "code": code,
            "password": password,
            "department": str(self.tenant),
        }
        answer = self.post("/families/register", body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["login"])

    def sign_in(self, login: str, password: str = PASSWORD, key: Ed25519PrivateKey | None = None) -> httpx.Response:
        body = {"login": login, "password": password} | device_fields(key or Ed25519PrivateKey.generate())
        return self.post("/devices/sign-in", body)

    def parent(self, code: str = MOTHER, phone: str = PHONE) -> Parent:
        """Register a parent and sign them in on a device."""
        login, key = self.register(code, phone), Ed25519PrivateKey.generate()
        answer = self.sign_in(login, key=key)
        assert answer.status_code == 200, answer.text
        self.clock.move(hours=1)
        session = msgspec.json.decode(answer.content, type=Session)
        device = Device(self.database, session.user_id, session.device_id, key, session.access_token, session.epoch)
        return Parent(self, device, session.refresh_token)

    def scalar(self, query: str, **values: Any) -> Any:
        with self.database.read() as connection:
            return connection.execute(text(query), values).scalar()


@dataclass
class Parent:
    """A parent on a device."""

    world: FamilyWorld
    device: Device
    refresh: str

    @property
    def user(self) -> int:
        return self.device.user

    @property
    def token(self) -> str:
        """A token that works now."""
        answer = self.world.post("/sessions/refresh", {"refresh_token": self.refresh})
        assert answer.status_code == 200, answer.text
        self.refresh = answer.json()["refresh_token"]
        return str(answer.json()["access_token"])

    def command(self, payload: Payload, **changes: Any) -> CommandOutcome:
        """Send a command and return what came of it."""
        signed = self.device.command(payload, occurred_at=self.world.clock.now, **changes)
        answer = push(self.world.database, self.user, self.device.id, self.device.request(signed), self.world.clock)
        return answer.outcomes[0]

    def check(self, child: str = CHILD, department: int = 0) -> httpx.Response:
        """Ask the register about a child."""
        body = {"iin": child, "department_id": department or self.world.tenant}
        return self.world.post("/children/check", body, token=self.token)

    def add(self, child: str = CHILD, **changes: Any) -> CommandOutcome:
        """Enter a child without checking it first."""
        payload = AddChild(self.world.tenant, child, "А", "Б", "", date(2021, 2, 20), "male")
        return self.command(msgspec.structs.replace(payload, **changes))

    def child(self, child: str = CHILD) -> int:
        """Check and enter a child; return its id."""
        assert self.check(child).status_code == 200
        outcome = self.add(child)
        assert outcome.status == "applied", outcome
        return int(outcome.result["child_id"])

    def upload(self, content: bytes, *, piece: int = 0, name: str = "") -> httpx.Response:
        """Send a document in pieces and return the last answer."""
        digest = name or sha256(content).hexdigest()
        size = piece or max(1, len(content))
        token = self.token
        for start in range(0, max(1, len(content)), size):
            answer = self.put(content[start : start + size], start, len(content), digest, token)
            if answer.status_code != 200:
                break
        return answer

    def put(self, part: bytes, start: int, total: int, digest: str, token: str = "") -> httpx.Response:
        """Send one piece."""
        headers = {"Content-Range": f"bytes {start}-{start + len(part) - 1}/{total}"}
        return self.world.request("PUT", f"/blobs/{digest}", token=token or self.token, headers=headers, content=part)

    def codes(self) -> set[str]:
        """Return the keys of what this parent may read in the department."""
        with self.world.database.read() as connection:
            rows = connection.execute(
                text("SELECT key FROM scope_grant WHERE user_id = :user AND revoked_at IS NULL"), {"user": self.user}
            )
            return set(rows.scalars())


def device_fields(key: Ed25519PrivateKey) -> dict[str, Any]:
    """Return the fields of a sign-in that name a device."""
    return {"device_key": key.public_key().public_bytes_raw().hex(), "device_name": "home"}


def make_family_world(server: ProviderServer) -> FamilyWorld:
    """Return a world with one department and the register's persons."""
    clock = server.settings.clock
    assert isinstance(clock, Clock)
    with server.database.change() as unit:
        tenant = create_provider(unit, department())
    write_register(server.settings, PERSONS)
    return FamilyWorld(server.database, server.settings, clock, server.url, tenant)


def code_of(answer: httpx.Response) -> str:
    """Return why a request was refused."""
    return str(answer.json()["problem"]["code"])


def digest_of(content: bytes) -> str:
    """Return the name of a document."""
    return sha256(content).hexdigest()
