"""The order of commits, the change index and its guard."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from models.contract.codec import add_digest, row_hash
from models.contract.records import NUMBER
from provider.store.changes import signed
from provider.store.database import Database
from provider.store.tables_sync import outcome

ROW = {
    "tenant_id": 1,
    "device_id": 1,
    "n": 1,
    "status": "applied",
    "problems": [],
    "result": {},
    "at": "2024-01-01T00:00:00Z",
}


def test_a_change_takes_gapless_sequences_and_a_tag(database: Database) -> None:
    for number in range(3):
        with database.change() as unit:
            row = unit.connection.execute(
                insert(outcome).values(**ROW, command_id=str(number)).returning(outcome.c.id)
            ).scalar_one()
            unit.changes.live(1, "device:1", "outcome", row)
    with database.read() as connection:
        assert connection.execute(text("SELECT sequence FROM sync_index ORDER BY 1")).scalars().all() == [1, 2, 3]
        assert connection.execute(text("SELECT count(DISTINCT tag) FROM sync_commit")).scalar_one() == 3
        assert connection.execute(text("SELECT count(*) FROM sync_dirty")).scalar_one() == 0


def test_a_commit_that_forgets_the_index_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError, match="without an entry in the change index"), database.change() as unit:
        unit.connection.execute(insert(outcome).values(**ROW, command_id="a"))
    with pytest.raises(IntegrityError, match="change index"), database.engine.begin() as connection:
        connection.execute(insert(outcome).values(**ROW, command_id="a"))
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM outcome")).scalar_one() == 0


def test_a_transaction_that_is_undone_takes_no_sequence(database: Database) -> None:
    class Undo(Exception):
        pass

    def change_and_fail() -> None:
        with database.change() as unit:
            unit.changes.live(1, "public", "service", 1)
            unit.changes.flush(unit.connection)
            raise Undo

    with pytest.raises(Undo):
        change_and_fail()
    with database.change() as unit:
        unit.changes.live(1, "public", "service", 2)
    with database.read() as connection:
        assert connection.execute(text("SELECT value FROM sync_counter WHERE tenant = 1")).scalar_one() == 1


def test_the_office_digest_follows_inserts_changes_moves_and_deletions(database: Database) -> None:
    with database.change() as unit:
        unit.changes.live(1, "public", "service", 7)
        unit.changes.live_many(1, "meter", [("account:1", number) for number in range(1, 11)])
        unit.changes.live(1, "device:1", "outcome", 1)  # not the office's business
    with database.change() as unit:
        unit.changes.live(1, "account:1", "meter", 3)  # changed
        unit.changes.gone(1, "account:1", "meter", 4)  # deleted
        unit.changes.live(1, "account:2", "meter", 5)  # moved ...
        unit.changes.gone(1, "account:1", "meter", 5)  # ... from here
    with database.read() as connection:
        digests = connection.execute(text("SELECT table_number, count, total FROM sync_digest ORDER BY 1")).all()
        rows = connection.execute(
            text("SELECT table_number, row_id, sequence FROM sync_index WHERE live AND scope NOT LIKE 'device:%'")
        ).all()
    expected: dict[int, list[int]] = {}
    for number, row_id, sequence in rows:
        expected.setdefault(number, []).append(row_hash(number, row_id, sequence))
    assert [(number, count, int(total)) for number, count, total in digests] == sorted(
        (number, len(hashes), add_digest(0, *hashes)) for number, hashes in expected.items()
    )
    assert {number: count for number, count, _ in digests}[NUMBER["meter"]] == 9


def test_many_new_rows_are_indexed_and_summed_like_any_others(database: Database) -> None:
    many = range(1, 1_201)
    with database.change(changed_by="a\\b\tc") as unit:
        unit.changes.live(1, "public", "service", 7)
        unit.changes.new_many(1, "meter", [("account:1", number) for number in many])
        unit.changes.new_many(1, "reading", [("device:1", number) for number in many])  # not the office's business
        unit.changes.gone(1, "account:1", "meter", 4)  # deleted again at once
        unit.changes.gone(1, "account:1", "meter", 5)  # moved away at once
        unit.changes.live(1, "account:2", "meter", 5)
    assert unit.changes.sequences == {1: 2_404}
    with database.change() as unit:
        unit.changes.live(1, "account:1", "meter", 3)
    with database.read() as connection:
        digests = connection.execute(text("SELECT table_number, count, total FROM sync_digest ORDER BY 1")).all()
        rows = connection.execute(
            text("SELECT scope, table_number, row_id, sequence, live, wide, hash, changed_by FROM sync_index")
        ).all()
    expected: dict[int, list[int]] = {}
    for row in rows:
        weight = row_hash(row.table_number, row.row_id, row.sequence)
        assert row.hash == signed(weight)
        assert row.wide == (row.scope != "device:1")
        if row.live and row.wide:
            expected.setdefault(row.table_number, []).append(weight)
    assert [(number, count, int(total)) for number, count, total in digests] == sorted(
        (number, len(hashes), add_digest(0, *hashes)) for number, hashes in expected.items()
    )
    assert {number: count for number, count, _ in digests} == {NUMBER["service"]: 1, NUMBER["meter"]: 1_199}
    assert len(rows) == 2_402
    assert len({row.sequence for row in rows}) == len(rows)
    assert sum(row.changed_by == "a\\b\tc" for row in rows) == 2_401


def test_a_new_row_that_the_index_knows_is_refused(database: Database) -> None:
    rows = [("account:1", number) for number in range(1, 601)]
    with database.change() as unit:
        unit.changes.live(1, "account:1", "meter", 77)
    with pytest.raises(IntegrityError), database.change() as unit:
        unit.changes.new_many(1, "meter", rows)
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM sync_index")).scalar_one() == 1


def test_the_guard_knows_rows_that_were_indexed_as_new(database: Database) -> None:
    with database.change() as unit:
        rows = [{**ROW, "command_id": str(number)} for number in range(700)]
        ids = unit.connection.execute(insert(outcome).returning(outcome.c.id), rows).scalars().all()
        unit.changes.new_many(1, "outcome", [("device:1", row_id) for row_id in ids])
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM outcome")).scalar_one() == 700
        assert connection.execute(text("SELECT count(*) FROM sync_digest")).scalar_one() == 0


def test_a_row_may_not_live_in_two_scopes_that_the_office_sees(database: Database) -> None:
    with database.change() as unit:
        unit.changes.live(1, "account:1", "meter", 1)
    with pytest.raises(IntegrityError), database.change() as unit:
        unit.changes.live(1, "account:2", "meter", 1)
