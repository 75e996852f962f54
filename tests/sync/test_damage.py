"""Damaged, missing and exchanged files: what a person entered comes back from the other file (faults F18-F21)."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from models.cache.queries.accounts import accounts
from models.cache.store import CacheDamaged, CacheStore
from models.contract.commands import RequestDataCorrection
from sync.client import SyncClient
from sync.profile import Profile
from tests.sync.world import PASSWORD, World


def enter(client: SyncClient, world: World, count: int) -> list[str]:
    return [
        client.submit(RequestDataCorrection(world.account, "residents", "4", f"number {number}"))
        for number in range(count)
    ]


def overwrite(path: Path, offset: int, size: int = 4_096) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(os.urandom(size))


def codes(profile: Profile) -> list[str]:
    return [problem.code for problem in profile.findings]


def ids(client: SyncClient) -> list[str]:
    return [item.command_id for item in client.waiting()]


@pytest.mark.parametrize("where", ["beginning", "middle", "end"])
def test_a_damaged_block_of_the_journal_costs_nothing(
    client: SyncClient, make_client: Callable[..., SyncClient], world: World, profile_folder: Path, where: str
) -> None:
    entered = enter(client, world, 60)
    client.profile.close()
    journal = profile_folder / "journal"
    size = journal.stat().st_size
    overwrite(journal, {"beginning": 0, "middle": size // 2, "end": size - 4_096}[where])
    again = make_client()
    assert codes(again.profile) == ["journal-damaged"]
    assert ids(again) == entered
    assert again.profile.check() == []
    assert list(profile_folder.glob("journal.damaged-*"))
    again.profile.close()
    (profile_folder / "cache.db").unlink()
    (profile_folder / "cache.db-wal").unlink(missing_ok=True)
    third = make_client()
    assert ids(third) == entered
    assert third.sync().complete
    assert world.requests() == 60


@pytest.mark.parametrize("block", [0, 1, "outbox"])
def test_a_damaged_block_of_the_cache_costs_nothing(
    client: SyncClient, make_client: Callable[..., SyncClient], world: World, profile_folder: Path, block: int | str
) -> None:
    entered = enter(client, world, 60)
    client.profile.close()
    path = profile_folder / "cache.db"
    pages = path.stat().st_size // 4_096
    if block == "outbox":
        for page in range(pages - 12, pages):
            overwrite(path, page * 4_096, 64)
    else:
        overwrite(path, int(block) * 4_096)
    again = make_client()
    assert codes(again.profile) == ["cache-damaged"]
    assert ids(again) == entered
    assert again.sync().complete
    assert world.requests() == 60
    assert [line.account.id for line in again.store.read(accounts)] == [world.account]
    assert list(profile_folder.glob("cache.db.damaged-*"))


def test_any_one_damaged_block_of_any_file_loses_nothing(
    client: SyncClient, make_client: Callable[..., SyncClient], world: World, profile_folder: Path, tmp_path: Path
) -> None:
    entered = enter(client, world, 150)
    client.profile.close()
    for seed in range(12):
        dice = random.Random(seed)
        folder = tmp_path / f"copy-{seed}"
        shutil.copytree(profile_folder, folder)
        name = dice.choice(["journal", "cache.db", "identity", "identity.previous", "slots.json"])
        size = (folder / name).stat().st_size
        overwrite(folder / name, dice.randrange(max(1, size // 4_096)) * 4_096, min(4_096, size))
        again = make_client(folder)
        assert ids(again) == entered, (seed, name)
        assert again.profile.identity.device_id == client.profile.identity.device_id
        again.profile.close()


def test_a_cache_damaged_while_in_use_is_made_again_by_the_next_run(
    client: SyncClient, world: World, profile_folder: Path
) -> None:
    entered = enter(client, world, 3)
    client.store.peek(lambda c: c.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())
    client.store.close()
    path = profile_folder / "cache.db"
    for page in range(1, path.stat().st_size // 4_096):
        overwrite(path, page * 4_096, 32)
    with pytest.raises(CacheDamaged):
        client.store.read(accounts)
    report = client.sync()
    assert report.complete
    assert report.problem is None
    assert codes(client.profile) == ["cache-damaged"]
    assert client.store.read(accounts)[0].account.id == world.account
    assert world.requests() == len(entered)


def test_an_older_copy_of_the_cache_catches_up_with_the_journal(
    client: SyncClient, make_client: Callable[..., SyncClient], world: World, profile_folder: Path, tmp_path: Path
) -> None:
    before = enter(client, world, 2)
    client.store.peek(lambda c: c.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())
    shutil.copy(profile_folder / "cache.db", tmp_path / "old")
    after = enter(client, world, 3)
    client.profile.close()
    (profile_folder / "cache.db-wal").unlink(missing_ok=True)
    shutil.copy(tmp_path / "old", profile_folder / "cache.db")
    again = make_client()
    assert ids(again) == before + after
    assert codes(again.profile) == []
    assert again.sync().complete
    assert world.requests() == 5


def test_an_older_copy_of_the_journal_gets_the_entries_of_the_cache(
    client: SyncClient, make_client: Callable[..., SyncClient], world: World, profile_folder: Path, tmp_path: Path
) -> None:
    before = enter(client, world, 2)
    shutil.copy(profile_folder / "journal", tmp_path / "old")
    after = enter(client, world, 3)
    client.profile.close()
    shutil.copy(tmp_path / "old", profile_folder / "journal")
    again = make_client()
    assert ids(again) == before + after
    again.profile.close()
    (profile_folder / "cache.db").unlink()
    third = make_client()
    assert ids(third) == before + after


def test_finished_work_is_not_sent_again_when_the_cache_is_lost(
    client: SyncClient, make_client: Callable[..., SyncClient], world: World, profile_folder: Path
) -> None:
    enter(client, world, 3)
    client.sync()
    withdrawn = enter(client, world, 1)[0]
    client.withdraw(withdrawn)
    client.profile.close()
    (profile_folder / "cache.db").unlink()
    again = make_client()
    assert ids(again) == []
    report = again.sync()
    assert (report.pushed, report.complete) == (0, True)


def test_a_write_of_the_journal_cut_by_a_power_failure_is_dropped_quietly(
    client: SyncClient, make_client: Callable[..., SyncClient], world: World, profile_folder: Path
) -> None:
    entered = enter(client, world, 2)
    client.profile.close()
    with (profile_folder / "journal").open("r+b") as file:
        data = file.read()
        file.seek(0, os.SEEK_END)
        file.write(data[: len(data) // 5])  # the beginning of a frame that was never confirmed
    again = make_client()
    assert codes(again.profile) == []
    assert ids(again) == entered


def test_a_lost_identity_comes_back_from_the_journal(
    client: SyncClient, make_client: Callable[..., SyncClient], world: World, profile_folder: Path
) -> None:
    device = client.profile.identity
    entered = enter(client, world, 2)
    client.profile.close()
    (profile_folder / "identity").unlink()
    (profile_folder / "identity.previous").unlink()
    again = make_client()
    assert again.profile.identity.device_key == device.device_key
    assert not again.profile.identity.signed_in
    assert ids(again) == entered
    again.sign_in(world.resident, PASSWORD, "test")
    assert again.profile.identity.device_id == device.device_id
    assert again.sync().pushed == 2


def test_a_cache_opens_with_its_own_key_only(tmp_path: Path) -> None:
    CacheStore.open(tmp_path / "cache.db", b"1" * 32).close()
    with pytest.raises(CacheDamaged):
        CacheStore.open(tmp_path / "cache.db", b"2" * 32)


def test_no_file_of_a_profile_shows_what_is_in_it(client: SyncClient, world: World, profile_folder: Path) -> None:
    enter(client, world, 1)
    holder = client.store.read(accounts)[0].account.holder
    secrets = [holder, "number 0", client.profile.identity.refresh_token, client.profile.identity.device_key]
    for file in profile_folder.iterdir():
        data = file.read_bytes()
        for secret in secrets:
            assert secret.encode() not in data, file.name
