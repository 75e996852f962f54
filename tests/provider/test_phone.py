"""Text messages leave through a gateway or into a folder, and nothing secret stays behind; registers answer or not."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from sqlalchemy import text

from provider.services import phone
from provider.services.refusals import Refusal
from provider.services.register import HttpRegister
from provider.settings import Settings
from provider.store.database import Database

NOW = datetime(2026, 4, 7, 5, 0, tzinfo=UTC)


class Machine:
    """Another machine that answers what the test says and remembers what it was sent."""

    def __init__(self) -> None:
        self.status, self.body = 200, b"{}"
        self.asked: list[tuple[dict[str, str], Any]] = []
        machine = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                data = self.rfile.read(int(self.headers["Content-Length"]))
                machine.asked.append((dict(self.headers), json.loads(data)))
                self.send_response(machine.status)
                if machine.status == 302:
                    self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.send_header("Content-Length", str(len(machine.body)))
                self.end_headers()
                self.wfile.write(machine.body)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def machine() -> Iterator[Machine]:
    made = Machine()
    yield made
    made.close()


def queue(database: Database, body: str = "123456 is the code", **options: Any) -> int | None:
    with database.engine.begin() as connection:
        return phone.queue(connection, "8 701 234 56 78", body, NOW, **options)


def row(database: Database) -> Any:
    with database.read() as connection:
        return connection.execute(text("SELECT * FROM phone_message ORDER BY id DESC LIMIT 1")).one()


def test_a_gateway_gets_each_message_once_with_its_key(
    database: Database, provider_settings: Settings, machine: Machine
) -> None:
    settings = replace(provider_settings, sms_url=machine.url, sms_token="secret-token")
    number = queue(database, secret=True)
    assert phone.send_due(database, settings, NOW).sent == 1
    assert phone.send_due(database, settings, NOW).sent == 0
    ((headers, body),) = machine.asked
    assert body == {"phone": "+77012345678", "text": "123456 is the code"}
    assert headers["Authorization"] == "Bearer secret-token"
    assert headers["Idempotency-Key"] == f"kabinet-{number}"
    assert row(database).body == "", "nothing of the code stays"


def test_without_a_gateway_a_message_is_a_file_that_only_its_owner_reads(
    database: Database, provider_settings: Settings
) -> None:
    queue(database)
    phone.send_due(database, provider_settings, NOW)
    (path,) = provider_settings.text_messages.iterdir()
    assert path.read_text("utf-8") == "To: +77012345678\n\n123456 is the code\n"
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("status", [500, 503, 429, 302])
def test_a_gateway_that_is_away_ends_the_round_and_gets_the_message_later(
    database: Database, provider_settings: Settings, machine: Machine, status: int
) -> None:
    settings = replace(provider_settings, sms_url=machine.url)
    machine.status = status
    queue(database, "one")
    queue(database, "two")
    report = phone.send_due(database, settings, NOW)
    assert (report.sent, report.failed, len(machine.asked)) == (0, 1, 1)
    machine.status = 200
    assert phone.send_due(database, settings, NOW + timedelta(seconds=21)).sent == 2


def test_a_refused_message_waits_longer_each_time_and_lets_others_pass(
    database: Database, provider_settings: Settings, machine: Machine
) -> None:
    settings = replace(provider_settings, sms_url=machine.url)
    machine.status = 400
    queue(database, "one")
    waits = []
    now = NOW
    for _ in range(10):
        phone.send_due(database, settings, now)
        found = row(database)
        waits.append((found.due_at - now).total_seconds())
        now = found.due_at
    assert waits[:4] == [20, 40, 80, 160]
    assert row(database).failed_at is not None
    asked = len(machine.asked)
    phone.send_due(database, settings, now + timedelta(days=1))
    assert len(machine.asked) == asked


def test_a_code_that_nobody_waits_for_any_more_is_given_up_and_forgotten(
    database: Database, provider_settings: Settings, machine: Machine
) -> None:
    settings = replace(provider_settings, sms_url=machine.url)
    machine.status = 503
    queue(database, secret=True)
    phone.send_due(database, settings, NOW)
    phone.send_due(database, settings, NOW + timedelta(minutes=4))
    found = row(database)
    assert found.failed_at is not None
    assert found.body == ""


def test_a_message_with_a_key_is_written_once(database: Database) -> None:
    assert queue(database, key="reminder:1") is not None
    assert queue(database, key="reminder:1") is None
    with database.engine.begin() as connection:
        assert phone.queue(connection, "", "to nobody", NOW) is None


def test_the_register_behind_an_address_answers_by_number(machine: Machine) -> None:
    register = HttpRegister(machine.url, "t")
    person = {"code": "210220550811", "surname": "АЛЫБАЙ", "given_name": "СМАР", "parents": ["1"]}
    machine.body = json.dumps(person).encode()
    found = register.find("210220550811")
    assert found is not None
    assert found.parents == ["1"]
    assert machine.asked[0][1] == {"code": "210220550811"}
    machine.status = 404
    assert register.find("210220550811") is None


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"{}"),
        (200, b"<html>"),
        (200, b'{"code": "940225301801", "surname": "A", "given_name": "B"}'),
        (302, b""),
        (200, b" " * 1_100_000),
    ],
)
def test_a_register_that_says_nothing_sound_is_away(machine: Machine, status: int, body: bytes) -> None:
    machine.status, machine.body = status, body
    with pytest.raises(Refusal) as refused:
        HttpRegister(machine.url).find("210220550811")
    assert (refused.value.status, refused.value.problem.code) == (503, "register-unavailable")


def test_a_register_that_cannot_be_reached_is_away() -> None:
    with pytest.raises(Refusal):
        HttpRegister("http://127.0.0.1:9/").find("210220550811")
    with pytest.raises(Refusal):
        HttpRegister("file:///etc/passwd").find("210220550811")
