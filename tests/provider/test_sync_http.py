"""The sync end points over real HTTP: heads, compression, refusals that echo nothing, waiting."""

from __future__ import annotations

import gzip
import json
import threading
import time
from typing import Any

import msgspec
import pytest
import requests
from backports import zstd
from sqlalchemy import text

from models.contract.codec import encode, sha256
from models.contract.messages import (
    Failure,
    LeaseAnswer,
    LeaseRequest,
    PullAnswer,
    PullRequest,
    PushAnswer,
    SnapshotAnswer,
    SnapshotRequest,
)
from provider.store.grants import revoke
from tests.fixtures.provider import ProviderServer
from tests.provider.sync_world import NOW, Device, World, add_row, make_world, unique


@pytest.fixture
def world(provider_server: ProviderServer) -> World:
    return make_world(provider_server.database)


class Line:
    """A signed-in connection to the server."""

    def __init__(self, server: ProviderServer, device: Device) -> None:
        self.url = server.url + "/api/v1"
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {device.token}"
        self.device = device

    def post(self, path: str, body: Any, **headers: str) -> requests.Response:
        data = body if isinstance(body, bytes) else encode(body)
        return self.session.post(self.url + path, data=data, headers=headers, timeout=40)

    def get(self, path: str, **values: Any) -> requests.Response:
        return self.session.get(self.url + path, params=values, timeout=40)

    def pull(self) -> requests.Response:
        return self.post("/sync/pull", PullRequest(self.device.epoch, 1, self.device.id, []))


@pytest.fixture
def line(provider_server: ProviderServer, world: World) -> Line:
    return Line(provider_server, world.resident())


def problem(answer: requests.Response) -> tuple[int, str]:
    failure = msgspec.json.decode(answer.content, type=Failure)
    assert failure.request_id == answer.headers["X-Request-Id"]
    return answer.status_code, failure.problem.code


def test_health_names_the_epoch_and_the_time(provider_server: ProviderServer, world: World) -> None:
    answer = requests.get(provider_server.url + "/api/v1/health", timeout=10)
    assert answer.json()["epoch"] == answer.headers["X-Epoch"] != ""
    assert answer.headers["X-Server-Time"]


def test_commands_travel_and_their_answer_is_proved(line: Line, world: World) -> None:
    device = line.device
    batch = [device.command(world.mailing(active=False)) for _ in range(3)]
    answer = line.post("/sync/commands", device.request(*batch))
    assert answer.headers["X-Body-SHA256"] == sha256(answer.content)
    outcomes = msgspec.json.decode(answer.content, type=PushAnswer).outcomes
    assert [outcome.status for outcome in outcomes] == ["applied"] * 3


@pytest.mark.parametrize("coding", ["zstd", "gzip", "identity"])
def test_answers_are_compressed_as_the_client_likes(line: Line, world: World, coding: str) -> None:
    line.pull()
    line.device.pull()
    request = PullRequest(line.device.epoch, 1, line.device.id, list(line.device.cursors.values()))
    answer = line.session.post(
        line.url + "/sync/pull", data=encode(request), headers={"Accept-Encoding": coding}, timeout=10, stream=True
    )
    raw = answer.raw.read(decode_content=False)
    assert answer.headers.get("Content-Encoding", "identity") == coding
    plain = {"zstd": zstd.decompress, "gzip": gzip.decompress, "identity": bytes}[coding](raw)
    assert sha256(plain) == answer.headers["X-Body-SHA256"]
    assert msgspec.json.decode(plain, type=PullAnswer).pages


@pytest.mark.parametrize("coding", ["zstd", "gzip"])
def test_compressed_requests_are_read_and_bombs_refused(line: Line, coding: str) -> None:
    pack = {"zstd": zstd.compress, "gzip": gzip.compress}[coding]
    body = encode(PullRequest(line.device.epoch, 1, line.device.id, []))
    headers = {"Content-Encoding": coding}
    assert line.post("/sync/pull", pack(body), **headers).status_code == 200
    assert problem(line.post("/sync/pull", pack(b" " * 50_000_000), **headers)) == (413, "too-large")
    assert problem(line.post("/sync/pull", b"nothing of the kind", **headers)) == (422, "bad-request")


def test_a_body_that_is_too_large_is_refused(line: Line) -> None:
    assert problem(line.post("/sync/commands", b" " * 5_000_000)) == (413, "too-large")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"epoch": "secret-040101300123", "device": "secret"}',
        b'{"epoch": "\\ud800", "schema": 1, "device": 1, "cursors": []}',
        b'{"epoch": NaN}',
        b"[" * 100_000,
        b'{"epoch": "a\\u0000b", "schema": 1, "device": 1, "cursors": []}',
    ],
)
def test_what_cannot_be_read_is_refused_without_an_echo(line: Line, body: bytes) -> None:
    answer = line.post("/sync/pull", body)
    status, code = problem(answer)
    assert status in (409, 422)
    assert code in ("bad-request", "text-not-allowed")
    assert b"secret" not in answer.content


def test_a_fault_inside_says_nothing_of_itself(
    line: Line, provider_server: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise ZeroDivisionError("IIN 040101300123")

    monkeypatch.setattr("provider.services.feed.pull_from", fail)
    answer = line.pull()
    assert problem(answer) == (500, "server-error")
    assert b"040101300123" not in answer.content


def test_nobody_is_served_without_a_token(line: Line) -> None:
    line.session.headers["Authorization"] = "Bearer nonsense"
    assert problem(line.pull()) == (401, "signed-out")
    del line.session.headers["Authorization"]
    assert problem(line.pull()) == (401, "signed-out")


def test_unknown_paths_and_methods_are_answered_with_a_failure(line: Line) -> None:
    assert problem(line.get("/nothing")) == (404, "not-found")
    assert problem(line.get("/sync/pull")) == (405, "not-found")


def test_another_devices_request_is_refused(line: Line, world: World) -> None:
    other = world.resident("other")
    assert problem(line.post("/sync/pull", PullRequest(other.epoch, 1, other.id, []))) == (403, "no-access")
    assert problem(line.post("/sync/commands", other.request())) == (403, "no-access")


def test_an_old_client_is_told_to_update(line: Line) -> None:
    request = PullRequest(line.device.epoch, 0, line.device.id, [])
    assert problem(line.post("/sync/pull", request)) == (426, "client-too-old")


def test_a_snapshot_is_loaded_by_chunks(provider_server: ProviderServer, world: World) -> None:
    line = Line(provider_server, world.clerk())
    device = line.device
    scope = next(grant.scope for grant in line_granted(line) if grant.scope.key == "office")
    answer = line.post("/sync/snapshot", SnapshotRequest(device.epoch, 1, device.id, scope))
    begun = msgspec.json.decode(answer.content, type=SnapshotAnswer)
    assert begun.counts == {"provider": 1, "account": 3}
    for table in begun.tables:
        chunk = line.get(f"/sync/snapshot/{table}", token=begun.token, after=0)
        header, rows, sequences = (json.loads(part) for part in chunk.content.split(b"\n"))
        assert chunk.headers["X-Body-SHA256"] == sha256(chunk.content)
        assert header["count"] == len(rows) == len(sequences) == begun.counts[table]
        assert header["last"]
    assert problem(line.get("/sync/snapshot/credential", token=begun.token)) == (404, "not-found")


def line_granted(line: Line) -> list[Any]:
    return msgspec.json.decode(line.pull().content, type=PullAnswer).granted


def _wait(line: Line, seconds: float) -> tuple[bool, float]:
    places = [f"{c.scope.tenant}|{c.scope.key}|{c.sequence}" for c in line.device.cursors.values()]
    began = time.monotonic()
    answer = line.get("/sync/wait", scope=places, seconds=seconds)
    return answer.json()["changed"], time.monotonic() - began


def test_waiting_ends_when_something_of_the_scope_changes(line: Line, world: World) -> None:
    line.device.pull_all()
    changed, _ = _wait(line, 0.5)
    assert not changed
    own = world.accounts[0]

    def later() -> None:
        time.sleep(0.5)
        add_row(world.database, world.tenant, f"account:{own}", "meter", account_id=own, number=unique())

    thread = threading.Thread(target=later)
    thread.start()
    changed, seconds = _wait(line, 20)
    thread.join()
    assert changed
    assert seconds < 15


def test_waiting_ends_when_access_is_revoked(line: Line, world: World) -> None:
    line.device.pull_all()

    def later() -> None:
        time.sleep(0.3)
        with world.database.change() as unit:
            revoke(unit, line.device.user, world.tenant, f"account:{world.accounts[0]}", NOW)

    thread = threading.Thread(target=later)
    thread.start()
    changed, _ = _wait(line, 20)
    thread.join()
    assert changed


def test_the_provider_knows_where_a_device_is(line: Line, world: World) -> None:
    line.device.pull_all()
    request = PullRequest(line.device.epoch, 1, line.device.id, list(line.device.cursors.values()))
    add_row(world.database, 1, f"account:{world.accounts[0]}", "meter", account_id=world.accounts[0], number=unique())
    line.post("/sync/pull", request)
    ends = time.monotonic() + 60  # it is noted after the answer
    cursors: list[Any] = []
    while len(cursors) < len(line.device.cursors) and time.monotonic() < ends:
        with world.database.engine.connect() as connection:
            found = connection.execute(text("SELECT cursors FROM device WHERE id = :id"), {"id": line.device.id})
            cursors = found.scalar_one()
    assert len(cursors) == len(line.device.cursors)


def test_an_answer_does_not_wait_for_the_note_of_where_a_device_is(line: Line, world: World) -> None:
    line.device.pull_all()
    request = PullRequest(line.device.epoch, 1, line.device.id, list(line.device.cursors.values()))
    add_row(world.database, 1, f"account:{world.accounts[0]}", "meter", account_id=world.accounts[0], number=unique())
    with world.database.engine.begin() as connection:  # somebody else holds the row for longer than we wait
        connection.execute(text("SELECT 1 FROM device WHERE id = :id FOR UPDATE"), {"id": line.device.id})
        answer = line.post("/sync/pull", request)
        assert msgspec.json.decode(answer.content, type=PullAnswer).pages


def test_the_description_describes_bodies(provider_server: ProviderServer) -> None:
    document = requests.get(provider_server.url + "/openapi.json", timeout=10).json()
    schemas = document["components"]["schemas"]
    assert {"PushRequest", "Signed", "PullAnswer", "ScopePage", "Failure", "Session"} <= set(schemas)
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            assert described["responses"], path
            if method == "post" and "sign-out" not in path:
                assert described["requestBody"]["content"], path


def test_receipt_numbers_are_leased_once_and_to_the_office_only(provider_server: ProviderServer, world: World) -> None:
    desks = [Line(provider_server, world.clerk(login)) for login in ("one", "two")]
    given: list[tuple[str, int]] = []
    for desk in desks * 2:
        request = LeaseRequest(desk.device.id, world.tenant, 100)
        range_ = msgspec.json.decode(desk.post("/receipts/lease", request).content, type=LeaseAnswer)
        given += [(range_.series, number) for number in range(range_.first, range_.last + 1)]
    assert len(given) == len(set(given)) == 400
    resident = Line(provider_server, world.resident())
    refused = resident.post("/receipts/lease", LeaseRequest(resident.device.id, world.tenant, 100))
    assert problem(refused) == (403, "no-access")
