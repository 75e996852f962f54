"""The power goes: what only the provider said may come a second time, what a person did must be on the disk."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from models.cache.apply import apply_page
from models.cache.driver import Connection
from models.cache.queries.accounts import account_view
from models.contract.commands import RequestDataCorrection
from models.contract.messages import ScopePage
from sync.client import SyncClient
from tests.sync.world import World

_ON_DISK, _SOON_ON_DISK = 2, 1  # SQLite's "synchronous": FULL and NORMAL


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How each page was written: waiting for the disk, or not."""
    found: list[int] = []

    def noted(connection: Connection, scope: int, page: ScopePage, passing: Callable[[str], None]) -> set[str]:
        found.append(connection.execute("PRAGMA synchronous").fetchone()[0])
        return apply_page(connection, scope, page, passing)

    monkeypatch.setattr("sync.pull.apply_page", noted)
    return found


def holder(client: SyncClient, world: World) -> str:
    view = client.store.read(lambda connection: account_view(connection, world.account))
    assert view is not None
    return view.account.holder


def test_rows_that_the_power_took_come_again(
    client: SyncClient, world: World, tmp_path: Path, marked: list[int]
) -> None:
    assert client.sync().complete
    files = [path for path in client.profile.folder.glob("cache.db*") if path.suffix != ".lock"]
    for path in files:
        shutil.copy(path, tmp_path / path.name)
    before = holder(client, world)
    marked.clear()
    world.rename(world.account, "Жаңа Иесі")
    assert client.sync().complete
    assert set(marked) == {_SOON_ON_DISK}
    client.store.close()  # the cache as it stood on the disk
    for path in client.profile.folder.glob("cache.db*"):
        path.unlink()
    for path in files:
        shutil.copy(tmp_path / path.name, path)
    client.store.reopen()
    assert holder(client, world) == before
    report = client.sync()
    assert (report.complete, report.problem) == (True, None)
    assert holder(client, world) == "Жаңа Иесі"


def test_while_work_of_ours_is_on_its_way_every_page_waits_for_the_disk(
    client: SyncClient, world: World, marked: list[int]
) -> None:
    client.sync()
    client.submit(RequestDataCorrection(world.account, "residents", "4", "one more resident"))
    marked.clear()
    client.sync()  # sends it, and reads what it did
    assert set(marked) == {_ON_DISK}
    world.rename(world.account, "Жаңа Иесі")
    marked.clear()
    client.sync()
    assert set(marked) == {_SOON_ON_DISK}
