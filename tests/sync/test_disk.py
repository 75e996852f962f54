"""A full or failing disk: an entry is refused before anybody is told, and nothing half-written stays (F17)."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from models.cache.driver import CacheFull
from models.contract.commands import RequestDataCorrection
from sync.client import EntryRefused, SyncClient
from tests.sync.wire import Wire
from tests.sync.world import World

ROOT = Path(__file__).parents[2]


def correction(world: World, words: str = "disk") -> RequestDataCorrection:
    return RequestDataCorrection(world.account, "residents", "4", words)


@pytest.mark.parametrize("call", ["write", "fsync"])
@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "disk-full"), (errno.EIO, "disk-failed")])
def test_an_entry_is_refused_when_the_journal_cannot_take_it(
    client: SyncClient, world: World, monkeypatch: pytest.MonkeyPatch, call: str, number: int, code: str
) -> None:
    first = client.submit(correction(world))
    size = client.profile.journal.path.stat().st_size
    real = getattr(os, call)

    def broken(handle: int, *rest: object) -> object:
        if call == "write":
            real(handle, bytes(rest[0])[:20])  # type: ignore[call-overload]
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("sync.journal.os." + call, broken)
    with pytest.raises(EntryRefused) as refused:
        client.submit(correction(world))
    monkeypatch.undo()
    assert refused.value.problem.code == code
    assert client.profile.journal.path.stat().st_size == size
    assert [item.command_id for item in client.waiting()] == [first]
    second = client.submit(correction(world))
    assert [item.command_id for item in client.waiting()] == [first, second]
    assert client.profile.check() == []


def test_an_entry_is_refused_when_the_cache_has_no_room_even_without_the_ballast(
    client: SyncClient, make_client: Callable[..., SyncClient], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_records: object) -> None:
        raise CacheFull

    monkeypatch.setattr(client.profile.outbox, "_apply", full)
    with pytest.raises(EntryRefused) as refused:
        client.submit(correction(world))
    monkeypatch.undo()
    assert refused.value.problem.code == "disk-full"
    assert not (client.profile.folder / "ballast").exists()
    client.profile.close()
    again = make_client()
    assert again.waiting() == []
    assert again.submit(correction(world))


def test_the_ballast_lets_the_last_entry_in_and_refuses_the_next(
    client: SyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = client.profile.outbox._apply
    calls: list[int] = []

    def once(*records: object) -> None:
        calls.append(1)
        if len(calls) == 1:
            raise CacheFull
        real(*records)  # type: ignore[arg-type]

    client.submit(correction(world))
    monkeypatch.setattr(client.profile.outbox, "_apply", once)
    assert client.submit(correction(world, "last"))

    def no_room(_handle: int, _start: int, _size: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "posix_fallocate", no_room)
    with pytest.raises(EntryRefused) as refused:
        client.submit(correction(world, "next"))
    assert refused.value.problem.code == "disk-full"
    assert client.sync().pushed == 2


def test_a_limit_of_the_operating_system_is_a_full_disk(
    client: SyncClient, make_client: Callable[..., SyncClient], world: World, wire: Wire, profile_folder: Path
) -> None:
    """Under ``ulimit -f`` real writes fail; what the child said was recorded is there, and what it refused is not."""
    client.profile.close()
    code = (
        "import resource, sys; from tests.sync.child import main;"
        "from sync.outbox import EntryRefused\n"
        "try: main(*sys.argv[1:])\n"
        "except EntryRefused as refused: print(refused.problem.code)"
    )
    size = max(file.stat().st_size for file in profile_folder.iterdir() if file.name != "ballast")
    limit = max(size, 1 << 20) + 150_000
    child = subprocess.run(
        [sys.executable, "-c", code, str(profile_folder), wire.url, "enter-many", str(world.account)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    lines = child.stdout.split()
    assert lines[-1] in ("disk-full", "disk-failed"), child.stderr
    again = make_client()
    assert [item.command_id for item in again.waiting()] == lines[:-1]
    assert again.store.check() == []


def test_a_full_disk_during_a_run_is_reported_and_loses_nothing(
    client: SyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.submit(correction(world))
    world.rename(world.account, "Жаңа Иесі")

    def full(*_arguments: object) -> None:
        raise CacheFull

    monkeypatch.setattr("sync.pull._apply", full)
    report = client.sync()
    monkeypatch.undo()
    assert report.problem is not None
    assert report.problem.code == "disk-full"
    assert client.sync().complete
    assert world.requests() == 1
