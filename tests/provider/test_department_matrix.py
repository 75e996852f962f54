"""Who may send which command of the department's side: every kind by every role, and every route by everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import httpx
import pytest
from sqlalchemy import text

from models.contract.admission_commands import ADMISSION_KINDS
from models.contract.payload import Payload
from provider.store.changes import STAFF
from provider.store.database import Database
from tests.fixtures.provider import ProviderServer
from tests.provider.admissions_world import Admissions, make_admissions
from tests.provider.sync_world import Device
from tests.provider.test_department_hostile import payloads

OFFICERS: Final = frozenset({"officer"})
HOUSE: Final = frozenset({"officer", "own kindergarten"})
ANYBODY: Final = HOUSE | {"other kindergarten", "doctor", "parent", "officer's role only"}
MAY: Final = {
    "plan-iteration": OFFICERS,
    "issue-iteration": OFFICERS,
    "cancel-iteration": OFFICERS,
    "set-programme": OFFICERS,
    "confirm-change": OFFICERS,
    "set-calendar-day": OFFICERS,
    "complete-calendar-year": OFFICERS,
    "set-category": OFFICERS,
    "confirm-category": OFFICERS,
    "save-organisation": OFFICERS,
    "save-group": HOUSE,
    "publish-item": HOUSE,
    "withdraw-item": HOUSE,
    "verify-benefit": OFFICERS,
    "check-document": OFFICERS,  # and others for what is before them
    "decide-appeal": OFFICERS,
    "write-review": frozenset[str](),  # families of the kindergarten only
    "decide-review": OFFICERS,
    "send-feedback": ANYBODY,
    "answer-letter": OFFICERS,
    "close-letter": OFFICERS,
}
"""By kind, who is let in at all; what they say may still be refused for another reason."""
CLOSED: Final = frozenset({"not-allowed", "not-found", "no-access", "review-not-yours"})


@pytest.fixture
def town(database: Database) -> Admissions:
    found = make_admissions(database)
    family = found.file(found.family(), benefit="large")
    found.documents(family, "027")
    item = found.item(found.groups["star"], 2)
    assert (family.application, item) == (1, 1)
    with database.change() as unit:
        for statement, table in (
            (
                "INSERT INTO appeal (tenant_id, application_id, event, occurred_at, received_at, due, state) "
                "VALUES (1, 1, 'restore', now(), now(), now(), 'open') RETURNING id",
                "appeal",
            ),
            (
                "INSERT INTO review (tenant_id, organisation_id, stars, text, author, at, state, author_id) "
                "VALUES (1, 1, 3, 'a', 'b', now(), 'submitted', 999) RETURNING id",
                "review",
            ),
            (
                "INSERT INTO letter (tenant_id, department_id, author_id, author, subject, state, at, changed_at) "
                "VALUES (1, 1, 999, 'a', 'b', 'new', now(), now()) RETURNING id",
                "letter",
            ),
            (
                "INSERT INTO iteration (tenant_id, department_id, number, programme, language, vouchers, planned, "
                "state, planned_by, planned_at, planner_id, fingerprint) VALUES (1, 1, 'I', 'general', '', 1, 1, "
                "'planned', 'x', now(), 999, 'other') RETURNING id",
                "iteration",
            ),
        ):
            scope = STAFF if table in ("iteration", "letter") else f"child:{family.child}"
            unit.changes.live(1, scope, table, unit.connection.execute(text(statement)).scalar_one())
    return found


def somebody(town: Admissions) -> dict[str, Callable[[], Device]]:
    def role_only() -> Device:
        return town.world.device(town.person(f"was{town.number()}", ["officer", "doctor", "kindergarten"]))

    return {
        "officer": town.officer,
        "own kindergarten": lambda: town.kindergarten("Amina"),
        "other kindergarten": lambda: town.kindergarten("Balapan"),
        "doctor": town.doctor,
        "parent": lambda: town.family().device,
        "officer's role only": role_only,
    }


def test_every_kind_of_the_office_is_in_the_table(town: Admissions) -> None:
    families = {
        "add-child", "set-child-photo", "entrust-child", "end-entrusting", "remove-child", "update-profile",
        "file-application", "edit-application", "take-step", "attach-document",
    }  # fmt: skip
    assert {kind.KIND for kind in ADMISSION_KINDS} - families == set(MAY)
    assert {payload.KIND for payload in payloads(town)} == set(MAY)


@pytest.mark.parametrize("role", sorted(ANYBODY))
def test_only_those_of_the_table_are_let_in(town: Admissions, role: str) -> None:
    device = somebody(town)[role]()
    let_in = set()
    for payload in payloads(town):
        outcome = town.send(device, payload)
        codes = {problem.code for problem in outcome.problems}
        assert "server-error" not in codes, payload
        if not codes & CLOSED:
            let_in.add(payload.KIND)
    assert let_in == {kind for kind, roles in MAY.items() if role in roles}


def test_whose_right_was_taken_away_is_nobody(town: Admissions) -> None:
    officer = town.officer()
    with town.database.change() as unit:
        unit.connection.execute(text("UPDATE scope_grant SET revoked_at = now() WHERE key = 'office'"))
        unit.changes.live(0, f"user:{officer.user}", "person", officer.user)
    for payload in payloads(town):
        if payload.KIND != "send-feedback":
            assert {problem.code for problem in town.send(officer, payload).problems} & CLOSED


ROUTES: Final[dict[str, tuple[str, frozenset[str]]]] = {
    "/api/v1/admissions/queue?department=1": ("get", ANYBODY | {"nobody"}),
    "/api/v1/admissions/statistics?department=1": ("get", ANYBODY | {"nobody"}),
    "/api/v1/admissions/position/1": ("get", OFFICERS),
    "/api/v1/admissions/batch": ("post", OFFICERS),
}


@pytest.mark.parametrize("role", [*sorted(ANYBODY), "nobody"])
def test_every_route_answers_whom_it_is_for(town: Admissions, provider_server: ProviderServer, role: str) -> None:
    headers = {}
    if role != "nobody":
        headers["Authorization"] = f"Bearer {somebody(town)[role]().token}"
    body: dict[str, Any] = {"department": 1, "wishes": [{"application": "x", "groups": []}]}
    # Tokens of this world hold for its own day; the server's clock is the machine's.
    with town.database.engine.begin() as connection:
        connection.execute(text("UPDATE access_token SET expires_at = now() + interval '1 hour'"))
        connection.execute(text("UPDATE user_session SET expires_at = now() + interval '1 hour', seen_at = now()"))
    for path, (method, roles) in ROUTES.items():
        answer = httpx.request(
            method, provider_server.url + path, headers=headers, json=body if method == "post" else None, timeout=30
        )
        assert (answer.status_code == 200) == (role in roles), (path, answer.status_code, answer.text)
        if role == "nobody" and role not in roles:
            assert answer.status_code == 401


def test_no_payload_of_the_office_is_without_a_department() -> None:
    kinds: list[type[Payload]] = [kind for kind in ADMISSION_KINDS if kind.KIND in MAY]
    assert all("department_id" in kind.__struct_fields__ for kind in kinds)
