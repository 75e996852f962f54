"""What is sent in bad faith: refused with a code, never repeated, never logged."""

from __future__ import annotations

import itertools
import json
import logging
from typing import Any

import pytest

from provider.settings import Settings
from tests.fixtures.provider import ProviderServer
from tests.provider.people_world import IIN, OTHER_PASSWORD, PASSWORD, PeopleWorld, make_people_world, people_settings

CANARY = "canary-7f3a9c"
BODIES: dict[str, dict[str, Any]] = {
    "/people/register": {
        "kind": "individual",
        "provider_code": "p",
        "code": IIN,
        "email": "a@example.org",
        "password": PASSWORD,
        "account_number": "1",
    },
    "/people/confirm": {"token": "x"},
    "/people/recover": {"login_or_email": "123456"},
    "/people/recover/finish": {"token": "x", "code": IIN, "account": "1", "new_password": OTHER_PASSWORD},
    "/people/email/confirm": {"token": "x"},
    "/lookup/account": {"provider": "p", "street": "s", "house": "1", "surname": "n"},
    "/lookup/breakdown": {"provider": "p", "street": "s", "house": "1", "surname": "n"},
    "/devices/sign-in": {"login": "1", "password": "2", "device_key": "3", "device_name": "4"},
    "/sessions/refresh": {"refresh_token": "x"},
    "/families/codes": {"purpose": "register", "phone": "+7 701 234 56 78", "code": IIN, "consent": True},
    "/families/codes/verify": {"purpose": "recover", "phone": "+77012345678", "one_time": "123456", "code": IIN},
    "/families/person": {"ticket": "x", "phone": "+77012345678", "code": IIN},
    "/families/register": {"ticket": "x", "phone": "+77012345678", "code": IIN, "password": PASSWORD},
    "/families/recover": {"ticket": "x", "phone": "+77012345678", "code": IIN, "password": PASSWORD},
    "/families/sign-in": {
        "phone": "+77012345678",
        "code": IIN,
        "one_time": "123456",
        "device_key": "3",
        "device_name": "4",
    },
}


@pytest.fixture
def provider_settings(provider_settings: Settings) -> Settings:
    return people_settings(provider_settings)


@pytest.fixture
def world(provider_server: ProviderServer) -> PeopleWorld:
    return make_people_world(provider_server)


def raw(world: PeopleWorld, path: str, body: bytes, source: str) -> tuple[int, str]:
    with world.client(source) as client:
        answer = client.post(f"/api/v1{path}", content=body, headers={"Content-Type": "application/json"})
    return answer.status_code, answer.text


def test_every_field_refuses_what_it_cannot_be_without_repeating_it(world: PeopleWorld) -> None:
    values: list[Any] = [
        CANARY + "\0",
        CANARY * 1_000,
        {CANARY: CANARY},
        [CANARY],
        10**400,
        True,
        None,
        CANARY + "\u202e",
        CANARY + "'; DROP TABLE person; --",
        CANARY + "{0}%s${x}",
    ]
    number = 0
    for path, sound in BODIES.items():
        for name, value in itertools.product(sound, values):
            number += 1
            body = json.dumps(sound | {name: value}).encode()
            status, text = raw(world, path, body, f"192.0.{number // 250}.{number % 250}")
            assert status in (202, 400, 401, 404, 413, 422, 429), (path, name, value, status, text)
            assert CANARY not in text
            assert IIN not in text
    assert world.scalar("SELECT count(*) FROM person") == 0


def test_bodies_that_are_no_request_are_refused(world: PeopleWorld) -> None:
    bodies = [
        b"",
        b"null",
        b"[]",
        b"{",
        b'"' + CANARY.encode() + b'"',
        b"\xff\xfe" + CANARY.encode(),
        b'{"token": "\\ud800"}',
        b'{"token": NaN}',
        b"[" * 5_000,
        b"{" + b'"a":{' * 2_000,
        b" " * 200_000,
    ]
    for path, sound in BODIES.items():
        for body in (*bodies, json.dumps(sound | {"role": "admin"}).encode()):
            status, text = raw(world, path, body, "192.0.2.1")
            assert status in (413, 422), (path, body[:30], status, text)
            assert CANARY not in text
            assert json.loads(text)["problem"]["code"] in ("bad-request", "too-large", "text-not-allowed")


def test_no_secret_and_no_code_reaches_a_log(world: PeopleWorld, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)
    account = world.kk.account
    register = BODIES["/people/register"] | {
        "provider_code": world.kk.provider.code,
        "account_number": account.number,
        "email": "aigul@example.org",
    }
    world.post("/people/register", register)
    link = world.link("aigul@example.org")
    token = link.rpartition("/")[2]
    world.open(link, {})
    session = world.sign_in().json()
    world.sign_in("123456", CANARY)
    world.post("/people/email", {"new_email": "new@example.org", "password": PASSWORD}, token=session["access_token"])
    world.post("/people/recover", {"login_or_email": "123456"})
    world.post("/people/recover/finish", BODIES["/people/recover/finish"] | {"token": world.code("aigul@example.org")})
    place = {"provider": world.kk.provider.code, "street": account.street, "house": account.house, "flat": account.flat}
    world.post("/lookup/account", place | {"prefix": account.prefix, "surname": "Серікбаева"})
    world.post("/people/password", {"current": PASSWORD, "new": OTHER_PASSWORD}, token=session["access_token"])
    world.work()
    secrets = [
        IIN,
        PASSWORD,
        OTHER_PASSWORD,
        CANARY,
        session["access_token"],
        session["refresh_token"],
        token,
        "aigul@example.org",
        "Серікбаева",
    ]
    kept = "\n".join(
        record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))
    )
    assert [secret for secret in secrets if secret in kept] == []
