"""Which doors stand open: whoever is not signed in gets through the named ones only."""

from __future__ import annotations

import re

import httpx
from fastapi import FastAPI

from tests.fixtures.provider import ProviderServer

OPEN = {
    ("GET", "/health"),
    ("POST", "/devices/sign-in"),
    ("POST", "/sessions/refresh"),
    ("POST", "/people/register"),
    ("POST", "/people/confirm"),
    ("POST", "/people/recover"),
    ("POST", "/people/recover/finish"),
    ("POST", "/people/email/confirm"),
    ("GET", "/lookup/providers"),
    ("GET", "/lookup/streets"),
    ("POST", "/lookup/account"),
    ("POST", "/lookup/breakdown"),
    ("POST", "/families/codes"),
    ("POST", "/families/codes/verify"),
    ("POST", "/families/person"),
    ("POST", "/families/register"),
    ("POST", "/families/recover"),
    ("POST", "/families/sign-in"),
    ("GET", "/families/departments"),
    ("GET", "/admissions/queue"),
    ("GET", "/admissions/statistics"),
}


def doors(app: FastAPI) -> list[tuple[str, str]]:
    """Return every method and path below the prefix of the programs' requests."""
    prefix = "/api/v1"
    return sorted(
        (method.upper(), path.removeprefix(prefix))
        for path, methods in app.openapi()["paths"].items()
        if path.startswith(prefix)
        for method in methods
    )


def test_a_door_that_is_not_named_asks_who_comes(provider_app: FastAPI, provider_server: ProviderServer) -> None:
    found = doors(provider_app)
    assert len(found) > 30, "the doors were not found"
    wrong = []
    with httpx.Client(base_url=f"{provider_server.url}/api/v1", trust_env=False, timeout=30) as client:
        for method, path in found:
            if (method, path) in OPEN:
                continue
            address = re.sub(r"{[^}]+}", "a" * 64, path) if "sha256" in path else re.sub(r"{[^}]+}", "1", path)
            for headers in ({}, {"Authorization": "Bearer nobody"}):
                answer = client.request(method, address, headers=headers)
                # a question without its parameters is not even understood
                if answer.status_code != 401 and (method, answer.status_code) != ("GET", 422):
                    wrong.append((method, path, answer.status_code))
    assert wrong == []
    assert set(found) >= OPEN, "a door that is named here is gone"
