"""What a client pulls is exactly what it may see, in the order of commits, and checks itself."""

from __future__ import annotations

import random
import threading
import time
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from models.contract.codec import add_digest, row_hash
from models.contract.messages import Cursor, PullRequest, RepairRequest, ScopePage, ScopeRef, VerifyRequest
from models.contract.records import NUMBER, Account
from provider.services import feed
from provider.services.refusals import Refusal
from provider.store.compaction import compact
from provider.store.database import Database
from provider.store.grants import grant, revoke
from tests.provider.sync_world import NOW, Device, World, add_row, clock, make_world, typed, unique


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


def digest(device: Device, page: ScopePage, table: str) -> tuple[int, str]:
    """Return count and digest of a table as this device keeps it."""
    scope = (page.scope.tenant, page.scope.key)
    hashes = [
        row_hash(NUMBER[table], key[3], value[0])
        for key, value in device.rows.items()
        if key[:2] == scope and key[2] == table
    ]
    return len(hashes), str(add_digest(0, *hashes))


def check_digests(device: Device) -> None:
    """Pull everything and compare every digest with what is kept."""
    for page in device.pull_all().pages:
        assert page.complete
        kept = {key[2] for key in device.rows if key[:2] == (page.scope.tenant, page.scope.key)}
        told = {item.table: (item.count, item.digest) for item in page.digests}
        assert {table: digest(device, page, table) for table in kept} == told


def meters(world: World, account: int, count: int) -> list[int]:
    owner = world.accounts[account]
    return [
        add_row(world.database, world.tenant, f"account:{owner}", "meter", account_id=owner, number=unique())
        for _ in range(count)
    ]


def change(world: World, scope: str, table: str, row_id: int, *, live: bool = True) -> None:
    with world.database.change() as unit:
        (unit.changes.live if live else unit.changes.gone)(world.tenant, scope, table, row_id)


def tables(device: Device) -> set[str]:
    return {key[2] for key in device.rows}


def test_a_resident_sees_their_account_their_provider_and_themselves_only(world: World) -> None:
    meters(world, 0, 2)
    meters(world, 1, 3)
    device = world.resident(account=0)
    device.pull_all()
    assert tables(device) == {"provider", "account", "meter", "person"}
    accounts = [typed("account", row) for key, (_, row) in device.rows.items() if key[2] == "account"]
    assert [account.id for account in accounts] == [world.accounts[0]]
    assert isinstance(accounts[0], Account)
    assert sum(key[2] == "meter" for key in device.rows) == 2


def test_the_office_sees_every_account_once(world: World) -> None:
    meters(world, 0, 2)
    meters(world, 1, 3)
    device = world.clerk()
    answer = device.pull_all()
    assert ScopeRef(world.tenant, "public") not in {granted.scope for granted in answer.granted}
    assert sum(key[2] == "meter" for key in device.rows) == 5
    check_digests(device)


def test_rows_are_records_under_strict_types(world: World) -> None:
    device = world.clerk()
    device.pull_all()
    for (_, _, table, row_id), (_, row) in device.rows.items():
        assert typed(table, row).id == row_id


@pytest.mark.parametrize("limit", [1, 3, 7, 1000])
def test_pages_of_any_size_bring_the_same_state_and_digests(world: World, limit: int) -> None:
    ids = meters(world, 0, 12)
    device, clerk = world.resident(), world.clerk()
    device.pull_all(limit)
    own = f"account:{world.accounts[0]}"
    for row_id in ids[:4]:
        change(world, own, "meter", row_id, live=False)
    for row_id in ids[6:]:
        change(world, own, "meter", row_id)
    device.pull_all(limit)
    clerk.pull_all(limit)
    assert sum(key[2] == "meter" for key in device.rows) == 8
    check_digests(device)
    check_digests(clerk)


def test_a_page_ends_at_the_end_of_a_commit_where_it_can(world: World) -> None:
    device = world.resident()
    device.pull_all()
    own = f"account:{world.accounts[0]}"
    for first in (1, 4):
        with world.database.change() as unit:
            unit.changes.live_many(world.tenant, "meter", [(own, row_id) for row_id in range(first, first + 3)])
    page = next(page for page in device.pull(limit=5).pages if page.scope.key == own)
    assert (page.complete, page.head - page.sequence) == (False, 3)
    assert next(page for page in device.pull(limit=5).pages if page.scope.key == own).complete


def test_a_row_that_moves_leaves_one_account_and_appears_in_the_other(world: World) -> None:
    (row_id,) = meters(world, 0, 1)
    old, new, clerk = world.resident("a", 0), world.resident("b", 1), world.clerk()
    for device in (old, new, clerk):
        device.pull_all()
    with world.database.change() as unit:
        unit.changes.gone(world.tenant, f"account:{world.accounts[0]}", "meter", row_id)
        unit.changes.live(world.tenant, f"account:{world.accounts[1]}", "meter", row_id)
    for device in (old, new, clerk):
        check_digests(device)
    assert [sum(key[2] == "meter" for key in device.rows) for device in (old, new, clerk)] == [0, 1, 1]


@pytest.mark.parametrize("role", ["resident", "clerk"])
def test_a_snapshot_and_the_delta_after_it_are_the_whole_state(
    world: World, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "CHUNK_ROWS", 4)
    ids = meters(world, 0, 11)
    device: Device = getattr(world, role)()
    own = f"account:{world.accounts[0]}"
    scope = ScopeRef(world.tenant, "office" if role == "clerk" else own)
    real, done = feed.snapshot_chunk, [0]

    def disturbed(*arguments: Any) -> bytes:
        done[0] += 1
        if done[0] == 3:  # the world goes on while a client loads
            change(world, own, "meter", ids[0], live=False)
            change(world, own, "meter", ids[10])
            meters(world, 0, 1)
        return real(*arguments)

    monkeypatch.setattr(feed, "snapshot_chunk", disturbed)
    device.bootstrap(scope)
    assert done[0] > 3
    check_digests(device)
    assert sum(key[2] == "meter" for key in device.rows) == 11


def test_a_snapshot_token_works_for_its_device_only(world: World) -> None:
    from models.contract.messages import SnapshotRequest

    owner, thief = world.resident("a"), world.resident("b")
    scope = ScopeRef(world.tenant, f"account:{world.accounts[0]}")
    begun = feed.begin_snapshot(
        world.database, owner.user, owner.id, SnapshotRequest(owner.epoch, 1, owner.id, scope), clock
    )
    for device, token in ((thief, begun.token), (owner, begun.token[:-4] + "AAAA"), (owner, "")):
        with pytest.raises(Refusal) as caught:
            feed.snapshot_chunk(world.database, device.user, device.id, "account", token, 0, clock)
        assert caught.value.status == 403
    with world.database.change() as unit:
        revoke(unit, owner.user, world.tenant, scope.key, NOW)
    with pytest.raises(Refusal):
        feed.snapshot_chunk(world.database, owner.user, owner.id, "account", begun.token, 0, clock)


def test_a_revoked_scope_is_named_and_sends_nothing(world: World) -> None:
    device = world.resident()
    device.pull_all()
    own = f"account:{world.accounts[0]}"
    with world.database.change() as unit:
        assert revoke(unit, device.user, world.tenant, own, NOW)
    meters(world, 0, 1)
    answer = device.pull()
    assert ScopeRef(world.tenant, own) in answer.revoked
    assert tables(device) == {"person"}


def test_a_new_grant_appears_with_its_public_scope(world: World) -> None:
    device = world.resident(account=0)
    device.pull_all()
    with world.database.change() as unit:
        grant(unit, device.user, world.tenant, f"account:{world.accounts[1]}")
    device.pull_all()
    assert sum(key[2] == "account" for key in device.rows) == 2


def test_a_page_that_is_replayed_or_comes_late_changes_nothing(world: World) -> None:
    (row_id,) = meters(world, 0, 1)
    device = world.resident()
    early = device.pull_all() and feed.pull(
        world.database,
        device.user,
        device.id,
        PullRequest(device.epoch, 1, device.id, [Cursor(cursor.scope) for cursor in device.cursors.values()]),
        clock,
    )
    before = dict(device.rows)
    for page in early.pages:
        device.keep(page)
    assert device.rows == before
    change(world, f"account:{world.accounts[0]}", "meter", row_id)
    check_digests(device)


def test_a_cursor_that_this_database_never_gave_is_a_fork(world: World) -> None:
    device = world.resident()
    device.pull_all()
    key = (world.tenant, f"account:{world.accounts[0]}")
    good = device.cursors[key]
    for bad in (
        Cursor(good.scope, good.sequence, "0" * 16),
        Cursor(good.scope, good.sequence + 1, good.tag),
        Cursor(good.scope, -1, good.tag),
    ):
        device.cursors[key] = bad
        with pytest.raises(Refusal) as caught:
            device.pull()
        assert (caught.value.problem.code, caught.value.status) == ("server-restored", 409)


def test_a_cursor_below_the_floor_must_begin_anew(world: World) -> None:
    device = world.resident()
    device.pull_all()
    meters(world, 0, 2)
    with world.database.engine.begin() as connection:
        connection.execute(text("UPDATE sync_counter SET floor = value WHERE tenant = 1"))
    with pytest.raises(Refusal) as caught:
        device.pull()
    assert (caught.value.problem.code, caught.value.status) == ("cursor-too-old", 410)


def test_old_deletions_are_forgotten_and_sleepers_told_to_begin_anew(world: World) -> None:
    ids = meters(world, 0, 3)
    own = f"account:{world.accounts[0]}"
    sleeper, awake = world.resident("a"), world.resident("b")
    sleeper.pull_all()
    change(world, own, "meter", ids[0], live=False)
    change(world, own, "meter", ids[1])
    awake.pull_all()
    with world.database.engine.begin() as connection:
        connection.execute(text("UPDATE sync_commit SET at = at - interval '200 days'"))
    assert compact(world.database, datetime.now(UTC)) > 0
    assert world.scalar("SELECT count(*) FROM sync_index WHERE NOT live") == 0
    check_digests(awake)
    with pytest.raises(Refusal, match="cursor-too-old"):
        sleeper.pull()
    assert compact(world.database, datetime.now(UTC)) == 0


def test_another_epoch_is_refused_before_anything_is_read(world: World) -> None:
    device = world.resident()
    device.epoch = "0" * 32
    with pytest.raises(Refusal, match="server-restored"):
        device.pull()


@pytest.mark.parametrize("role", ["resident", "clerk"])
def test_buckets_find_what_differs_and_repair_brings_it(world: World, role: str) -> None:
    ids = meters(world, 0, 20)
    device: Device = getattr(world, role)()
    device.pull_all()
    scope = ScopeRef(world.tenant, "office" if role == "clerk" else f"account:{world.accounts[0]}")
    place = (scope.tenant, scope.key, "meter")
    sequence, row = device.rows[*place, ids[3]]
    device.rows[*place, ids[3]] = (sequence - 1, row)  # stale
    del device.rows[*place, ids[7]]  # lost
    answer = feed.verify(world.database, device.user, device.id, VerifyRequest(device.epoch, device.id, scope, "meter"))
    mine: dict[int, list[int]] = {}
    for (*where, row_id), (sequence, _) in device.rows.items():
        if tuple(where) == place:
            mine.setdefault(row_id % 256, []).append(row_hash(NUMBER["meter"], row_id, sequence))
    differing = [
        number
        for number, bucket in enumerate(answer.buckets)
        if (bucket.count, bucket.digest) != (len(mine.get(number, [])), str(add_digest(0, *mine.get(number, []))))
    ]
    assert differing == sorted(row_id % 256 for row_id in (ids[3], ids[7]))
    device.keep(
        feed.repair(
            world.database, device.user, device.id, RepairRequest(device.epoch, device.id, scope, "meter", differing)
        )
    )
    check_digests(device)


def test_waiting_ends_with_a_change_of_the_scope_and_not_with_one_elsewhere(world: World) -> None:
    device = world.resident(account=0)
    device.pull_all()
    watched = [feed.Watched(cursor.scope, cursor.sequence) for cursor in device.cursors.values()]
    assert not feed.has_news(world.database, device.user, device.id, watched)
    meters(world, 1, 1)
    assert not feed.has_news(world.database, device.user, device.id, watched)
    meters(world, 0, 1)
    assert feed.has_news(world.database, device.user, device.id, watched)


def _write(world: World, bare: bool, stop: threading.Event, made: list[int], seed: int) -> None:
    """Insert meters, each transaction staying open for a moment after it took its number."""
    chance = random.Random(seed)
    own = f"account:{world.accounts[0]}"
    while not stop.is_set():
        with world.database.change() as unit:
            if bare:
                number = unit.connection.execute(text("SELECT nextval('bare')")).scalar_one()
                unit.connection.execute(text("INSERT INTO bare_log VALUES (:n)"), {"n": number})
                time.sleep(chance.uniform(0, 0.004))
            else:
                number = unit.connection.execute(text("SELECT nextval('bare')")).scalar_one()
                unit.connection.execute(text("INSERT INTO bare_log VALUES (:n)"), {"n": number})
                time.sleep(chance.uniform(0, 0.004))
                unit.changes.live(world.tenant, own, "meter", number)
        made.append(number)


@pytest.mark.parametrize("bare", [True, False], ids=["a bare sequence loses changes", "the counter loses none"])
def test_eight_writers_and_a_poller(world: World, bare: bool) -> None:
    """The planted variant shows that this test can see the loss that the tenant's counter prevents."""
    with world.database.engine.begin() as connection:
        connection.execute(text("CREATE SEQUENCE bare"))
        connection.execute(text("CREATE TABLE bare_log (n bigint PRIMARY KEY)"))
    stop, made, seen = threading.Event(), [], set()
    writers = [threading.Thread(target=_write, args=(world, bare, stop, made, seed)) for seed in range(8)]
    cursor = world.scalar("SELECT value FROM sync_counter WHERE tenant = 1") if not bare else 0
    scope = ScopeRef(world.tenant, f"account:{world.accounts[0]}")
    for writer in writers:
        writer.start()
    ends = time.monotonic() + 3
    finished = False
    while not finished:
        if time.monotonic() > ends and not stop.is_set():
            stop.set()
            for writer in writers:
                writer.join()
        finished = stop.is_set()  # one last look after the last commit
        with world.database.read() as connection:
            if bare:
                rows = connection.execute(text("SELECT n FROM bare_log WHERE n > :c ORDER BY n"), {"c": cursor})
                new = [(row.n, row.n) for row in rows]
            else:
                (found,) = feed.feed.changes(connection, [Cursor(scope, cursor)], 1_000_000)
                new = [(change.sequence, change.row_id) for change in found]
        for sequence, row_id in new:
            cursor = max(cursor, sequence)
            seen.add(row_id)
        time.sleep(0.002)
    lost = set(made) - seen
    assert len(made) > 100
    assert bool(lost) is bare, f"{len(lost)} of {len(made)} lost"


def test_a_page_is_decoded_with_its_columns(world: World) -> None:
    device = world.resident()
    page = next(page for page in (device.pull(), device.pull())[1].pages if page.rows)
    part = page.rows[0]
    rows = msgspec.json.decode(part.rows)
    assert all(len(row) == len(part.columns) for row in rows)
    assert len(rows) == len(part.sequences)
