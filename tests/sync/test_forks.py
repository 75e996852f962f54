"""Copies, restores, revoked scopes and leases: each is noticed at first contact, and no work is lost by it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from models.cache.queries.accounts import accounts
from models.cache.queries.people import requests
from models.contract.commands import RequestDataCorrection
from provider.services.identity import revoke
from sync.client import ReadingLocked, SyncClient
from sync.identity import new_device_key
from sync.status import State
from sync.transport import Transport
from tests.sync.wire import Wire
from tests.sync.world import PASSWORD, World


def correction(world: World, words: str) -> RequestDataCorrection:
    return RequestDataCorrection(world.account, "residents", "4", words)


def codes(client: SyncClient) -> list[str]:
    return [problem.code for problem in client.profile.findings]


def copy(source: Path, target: Path) -> Path:
    shutil.copytree(source, target)
    return target


def test_a_copied_folder_is_enrolled_anew_and_both_copies_send_their_work_once(
    client: SyncClient, make_client: Callable[..., SyncClient], world: World, profile_folder: Path, tmp_path: Path
) -> None:
    client.submit(correction(world, "before"))
    client.sync()
    client.store.peek(lambda c: c.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())
    clone = make_client(copy(profile_folder, tmp_path / "clone"))
    client.submit(correction(world, "original"))
    assert client.sync().pushed == 1
    command = clone.submit(correction(world, "clone"))
    report = clone.sync()
    assert report.problem is not None
    assert report.problem.code == "device-forked"
    assert "device-forked" in codes(clone)
    assert clone.status().state is State.SIGNED_OUT
    assert [item.command_id for item in clone.waiting()] == [command]
    clone.sign_in(world.resident, PASSWORD, "clone")
    assert clone.profile.identity.device_id != client.profile.identity.device_id
    assert clone.sync().pushed == 1
    assert clone.waiting() == []
    assert world.requests() == 3
    assert world.requests("clone") == 1


def test_work_that_a_copied_folder_had_waiting_is_done_once_and_answered_to_both(
    client: SyncClient, make_client: Callable[..., SyncClient], world: World, profile_folder: Path, tmp_path: Path
) -> None:
    client.submit(correction(world, "before"))
    client.sync()
    client.submit(correction(world, "waits in both"))
    client.store.peek(lambda c: c.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())
    clone = make_client(copy(profile_folder, tmp_path / "clone"))
    client.sync()
    clone.profile.save_identity(device_key=new_device_key(), device_id=0)
    clone.sign_in(world.resident, PASSWORD, "clone")
    clone.submit(correction(world, "after it"))
    report = clone.sync()
    assert (report.pushed, report.refused, report.problem) == (2, 0, None)
    assert clone.waiting() == client.waiting() == []
    assert clone.store.peek(lambda c: c.execute("SELECT count(*) FROM outbox WHERE NOT settled").fetchone()[0]) == 0
    assert world.requests("waits in both") == 1
    assert world.requests() == 3
    assert world.count("SELECT count(*) FROM alarm WHERE kind = 'id-reused'") == 0


def test_an_older_copy_put_back_finds_what_was_sent_and_sends_only_the_rest(
    client: SyncClient, make_client: Callable[..., SyncClient], world: World, profile_folder: Path, tmp_path: Path
) -> None:
    sent = client.submit(correction(world, "sent after the copy"))
    client.store.peek(lambda c: c.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())
    old = copy(profile_folder, tmp_path / "old")
    client.sync()
    client.submit(correction(world, "unknown to the copy"))
    client.sync()
    client.profile.close()
    again = make_client(old)
    assert [item.command_id for item in again.waiting()] == [sent]
    again.sign_in(world.resident, PASSWORD, "test")
    assert again.profile.identity.device_id != client.profile.identity.device_id
    assert again.sync().complete
    assert again.waiting() == []
    assert world.requests() == 2
    assert len(again.store.read(requests)) == 2


def test_a_restored_provider_gets_back_what_it_lost(client: SyncClient, world: World) -> None:
    client.submit(correction(world, "before the backup"))
    client.sync()
    client.submit(correction(world, "lost by the restore"))
    client.sync()
    lose_last_command(world)
    report = client.sync()
    assert report.problem is None
    assert report.complete
    assert "server-restored" in codes(client)
    assert world.requests() == 2
    assert len(client.store.read(requests)) == 2
    assert client.waiting() == []


def lose_last_command(world: World) -> None:
    """Make the database what it was before its last command, with a new epoch: as after a restore."""
    with world.database.engine.begin() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        last = connection.execute(text("SELECT id, device_id, n, previous FROM command ORDER BY n DESC LIMIT 1")).one()
        request = connection.execute(text("SELECT id FROM request WHERE command_id = :id"), {"id": last.id}).scalar()
        outcome = connection.execute(text("SELECT id FROM outcome WHERE command_id = :id"), {"id": last.id}).scalar()
        connection.execute(text("DELETE FROM request WHERE id = :id"), {"id": request})
        connection.execute(text("DELETE FROM outcome WHERE id = :id"), {"id": outcome})
        connection.execute(text("DELETE FROM command WHERE id = :id"), {"id": last.id})
        connection.execute(
            text("DELETE FROM sync_index WHERE (table_number, row_id) IN ((11, :request), (15, :outcome))"),
            {"request": request, "outcome": outcome},
        )
        connection.execute(
            text("UPDATE device SET last_n = :n, last_hash = :hash WHERE id = :id"),
            {"n": last.n - 1, "hash": last.previous, "id": last.device_id},
        )
        connection.execute(text("UPDATE installation SET value = 'restored-epoch' WHERE name = 'epoch'"))


def test_a_revoked_scope_is_pushed_first_and_wiped_then(
    client: SyncClient, make_client: Callable[..., SyncClient], world: World, wire: Wire
) -> None:
    assert len(client.store.read(accounts)) == 1
    client.submit(correction(world, "too late"))
    with world.database.change() as unit:
        user = client.profile.identity.user_id
        assert revoke(unit, user, world.tenant, f"account:{world.account}", datetime.now(UTC))
    wire.break_("down")
    client.sync()
    assert len(client.store.read(accounts)) == 1
    wire.heal()
    report = client.sync()
    assert report.complete
    assert client.store.read(accounts) == []
    (item,) = client.waiting()
    assert item.state == "refused"
    for table in ("account", "account_service", "meter", "reading"):
        assert client.store.peek(lambda c, t=table: c.execute(f"SELECT count(*) FROM {t}").fetchone()[0]) == 0


def test_after_the_lease_nothing_is_readable_until_the_next_contact(
    client: SyncClient, make_client: Callable[..., SyncClient], world: World, wire: Wire
) -> None:
    command = client.submit(correction(world, "kept"))
    later = datetime.now(UTC) + timedelta(days=15)
    client.profile.close()
    profile = make_client().profile
    late = SyncClient(profile, Transport(wire.url), clock=lambda: later)
    assert late.status().state is State.LEASE_EXPIRED
    with pytest.raises(ReadingLocked):
        late.store.read(accounts)
    assert [item.command_id for item in late.waiting()] == [command]
    wire.break_("down")
    late.sync()
    with pytest.raises(ReadingLocked):
        late.store.read(accounts)
    turned_back = SyncClient(profile, Transport(wire.url))
    with pytest.raises(ReadingLocked):
        turned_back.store.read(accounts)
    wire.heal()
    assert turned_back.sync().complete


def test_another_person_gets_no_rows_of_the_one_before_and_cannot_take_their_work(
    client: SyncClient, world: World
) -> None:
    client.submit(correction(world, "mine"))
    client.sign_out(force=True)
    from sync.enrolment import Refusal

    with pytest.raises(Refusal) as refused:
        client.sign_in(world.clerk, PASSWORD, "test")
    assert refused.value.problem.code == "another-person"
    client.sign_in(world.resident, PASSWORD, "test")
    client.sync()
    client.sign_out()
    client.sign_in(world.clerk, PASSWORD, "test")
    assert client.store.read(accounts) == []
    assert client.sync().complete
    assert client.store.read(requests) != []
