"""A provider killed with SIGKILL at each step of its work: nothing is lost, nothing is done twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest
import requests
from sqlalchemy import text

from models.contract.codec import encode
from models.contract.commands import RequestDataCorrection
from models.contract.messages import PushAnswer
from provider.store.database import Database
from provider.store.migrate import head
from tests.provider.sync_world import Device, World, make_world

ROOT = Path(__file__).parents[2]


class Server:
    """``kabinet-provider serve`` in a process of its own, over the test's database."""

    def __init__(self, database: Database, folder: Path, failpoint: str = "", processes: int = 1) -> None:
        environment = {
            **os.environ,
            "KABINET_DATABASE_URL": database.url.render_as_string(hide_password=False),
            "KABINET_DATA_DIR": str(folder),
            "KABINET_FAILPOINT": failpoint,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "provider", "serve", "--port", "0", "--processes", str(processes)],
            stdout=subprocess.PIPE,
            stderr=(folder / "said.txt").open("ab"),
            env=environment,
            cwd=ROOT,
            text=True,
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().split()[-1]

    def push(self, device: Device, body: bytes) -> PushAnswer:
        answer = requests.post(
            self.url + "/api/v1/sync/commands",
            data=body,
            headers={"Authorization": f"Bearer {device.token}"},
            timeout=30,
        )
        return msgspec.json.decode(answer.content, type=PushAnswer)

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@pytest.fixture
def world(database: Database) -> World:
    # The subprocess migrates what the fixture made from the code: tell it that this is the newest revision.
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head()})
    return make_world(database)


@pytest.mark.parametrize(
    "point",
    ["after_claim", "before_flush", "after_counter", "before_commit", "after_commit", "after_commit_before_reply"],
)
def test_a_killed_provider_applies_every_command_once(world: World, tmp_path: Path, point: str) -> None:
    device = world.resident()
    wish = RequestDataCorrection(world.accounts[0], "residents", "3", "")
    body = encode(device.request(*(device.command(wish) for _ in range(5))))
    first = Server(world.database, tmp_path, f"{point}:1:kill")
    with pytest.raises(requests.RequestException):
        first.push(device, body)
    assert first.process.wait(30) == -signal.SIGKILL
    second = Server(world.database, tmp_path)
    answers = [second.push(device, body), second.push(device, body)]
    assert second.end() == 0
    assert all([outcome.status for outcome in answer.outcomes] == ["applied"] * 5 for answer in answers)
    assert answers[0].outcomes == answers[1].outcomes
    assert world.scalar("SELECT count(*) FROM request") == 5
    assert world.scalar("SELECT count(*) FROM outcome") == 5


@pytest.mark.parametrize("processes", [1, 2])
def test_a_provider_that_is_ended_answers_open_questions_and_complains_of_nothing(
    world: World, tmp_path: Path, processes: int
) -> None:
    device = world.resident()
    device.pull_all()
    server = Server(world.database, tmp_path, processes=processes)
    places = [f"{one.scope.tenant}|{one.scope.key}|{one.sequence}" for one in device.cursors.values()]

    def ask(seconds: float) -> bool:
        headers = {"Authorization": f"Bearer {device.token}"}
        values: dict[str, Any] = {"scope": places, "seconds": seconds}
        answer = requests.get(server.url + "/api/v1/sync/wait", params=values, headers=headers, timeout=30)
        changed: bool = answer.json()["changed"]
        return changed

    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ask, 25)
        ask(1)  # when this one has been answered the other one, which came before, is open
        assert server.end() == 0
        assert not asked.result()
    assert (tmp_path / "said.txt").read_text() == ""
