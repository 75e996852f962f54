"""Decisions are append-only and chained: whatever is altered, removed, put in or cut off is found, and named."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import URL, text
from sqlalchemy.exc import DBAPIError

from provider.__main__ import main, parser
from provider.services import audit
from provider.services.admissions.erasure import erase_history
from provider.settings import Settings
from provider.store import chain, chain_guard
from provider.store.chain import Broken, Head, Verified
from provider.store.database import Database
from provider.store.tables_admissions import history_entry
from provider.store.tables_chain import chain_link
from provider.store.tables_people import audit as audit_table
from tests.provider.admissions_world import Admissions, make_admissions
from translations import using


@pytest.fixture
def town(database: Database) -> Admissions:
    """A department where something has happened."""
    found = make_admissions(database)
    for _ in range(3):
        found.verify(found.file(found.family(), benefit="large"))
        found.with_voucher(found.family())
    return found


def column(town: Admissions, statement: str) -> list[int]:
    return [row[0] for row in town.all(statement)]


def looked_at(database: Database, *earlier: Head) -> Verified:
    with database.read() as connection:
        return chain.verify(connection, earlier)


def forge(database: Database, *statements: str) -> None:
    """Do what only the owner of the database can: write with the triggers off."""
    with database.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = 'replica'")
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_what_happens_is_chained_as_it_is_committed(town: Admissions) -> None:
    found = looked_at(town.database)
    rows = town.scalar("SELECT count(*) FROM history_entry") + town.scalar("SELECT count(*) FROM audit")
    assert (found.broken, found.rows, found.erased) == (None, rows, 0)
    assert found.head.n == town.scalar("SELECT count(*) FROM chain_link") > 3
    assert town.scalar("SELECT count(*) FROM chain_dirty") == 0
    before = found.head
    town.file(town.family())
    after = looked_at(town.database, before)
    assert after.broken is None
    assert after.head.n > before.n
    assert chain.parse_head(str(after.head)) == after.head


def test_every_column_of_a_decision_is_hashed() -> None:
    for found, alias, table in (
        (chain_guard.HASH_HISTORY, "h", history_entry),
        (chain_guard.HASH_AUDIT, "a", audit_table),
    ):
        assert set(re.findall(rf"\b{alias}\.(\w+)", found)) == set(table.columns.keys())
    hashed = re.findall(r"\bl\.(\w+)", chain_guard.HEAD)
    assert {*hashed, "head"} == set(chain_link.columns.keys())


@pytest.mark.parametrize("table", ["history_entry", "audit", "chain_link"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {}"])
def test_no_decision_is_ever_changed(town: Admissions, table: str, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), town.database.engine.begin() as connection:
        connection.exec_driver_sql(statement.format(table))
    assert looked_at(town.database).broken is None


def test_the_first_row_that_was_altered_is_named(town: Admissions) -> None:
    first, second = column(town, "SELECT id FROM history_entry ORDER BY id LIMIT 2 OFFSET 2")
    for name, value in (
        ("actor_name", "'Somebody else'"),
        ("at", "at - interval '1 microsecond'"),
        ("detail", "'{}'"),
    ):
        row = town.all(f"SELECT {name}::text AS was FROM history_entry WHERE id = {second}")[0]
        forge(town.database, f"UPDATE history_entry SET {name} = {value} WHERE id IN ({second})")
        assert looked_at(town.database).broken == Broken("altered", second, "history_entry")
        kind = {"at": "timestamptz", "detail": "jsonb"}.get(name, "text")
        was = str(row.was).replace("'", "''")
        forge(town.database, f"UPDATE history_entry SET {name} = '{was}'::{kind} WHERE id = {second}")
        assert looked_at(town.database).broken is None
    forge(town.database, f"UPDATE history_entry SET to_state = 'archived' WHERE id IN ({first}, {second})")
    assert looked_at(town.database).broken == Broken("altered", first, "history_entry")


def test_rows_that_changed_places_are_found(town: Admissions) -> None:
    first, second = column(town, "SELECT id FROM audit ORDER BY id LIMIT 2 OFFSET 1")
    forge(
        town.database,
        f"UPDATE audit SET id = -1 WHERE id = {first}",
        f"UPDATE audit SET id = {first} WHERE id = {second}",
        f"UPDATE audit SET id = {second} WHERE id = -1",
    )
    assert looked_at(town.database).broken == Broken("altered", first, "audit")


@pytest.mark.parametrize("table", ["history_entry", "audit"])
def test_a_row_that_was_removed_or_put_in_is_named(town: Admissions, table: str) -> None:
    known = history_entry if table == "history_entry" else audit_table
    columns = ", ".join(name for name in known.columns.keys() if name != "id")  # noqa: SIM118
    forge(town.database, f"INSERT INTO {table} (id, {columns}) SELECT 1000000, {columns} FROM {table} LIMIT 1")
    assert looked_at(town.database).broken == Broken("unchained", 1_000_000, table)
    forge(town.database, f"DELETE FROM {table} WHERE id = 1000000")
    gone = column(town, f"SELECT id FROM {table} ORDER BY id LIMIT 1 OFFSET 2")[0]
    forge(town.database, f"DELETE FROM {table} WHERE id = {gone}")
    assert looked_at(town.database).broken == Broken("missing", gone, table)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE chain_link SET head = sha256('x') WHERE n = 3",
        "UPDATE chain_link SET at = now() WHERE n = 3",
        "DELETE FROM chain_link WHERE n = 3",
        "UPDATE chain_link SET n = n + 1 WHERE n >= 3",
        "UPDATE chain_link SET hashes = sha256('x') || substr(hashes, 33) WHERE n = 3",
    ],
)
def test_a_link_that_was_touched_is_named(town: Admissions, statement: str) -> None:
    if "n + 1" in statement:
        forge(town.database, "UPDATE chain_link SET n = n + 1000 WHERE n >= 3")
    else:
        forge(town.database, statement)
    assert looked_at(town.database).broken == Broken("link", 3)


def test_an_end_that_was_cut_off_is_found_by_a_head_that_was_kept(town: Admissions) -> None:
    kept = looked_at(town.database).head
    last = town.all("SELECT n, history::text AS history, audit::text AS audit FROM chain_link ORDER BY n DESC LIMIT 1")[
        0
    ]
    forge(
        town.database,
        f"DELETE FROM history_entry WHERE id <@ '{last.history}'::int8multirange",
        f"DELETE FROM audit WHERE id <@ '{last.audit}'::int8multirange",
        f"DELETE FROM chain_link WHERE n = {last.n}",
    )
    assert looked_at(town.database).broken is None  # nothing inside the database can tell
    assert looked_at(town.database, kept).broken == Broken("head", kept.n)
    town.file(town.family())
    assert looked_at(town.database, kept).broken == Broken("head", kept.n)


def test_a_transaction_that_is_undone_leaves_no_link(town: Admissions) -> None:
    before = looked_at(town.database)
    with town.database.engine.connect() as connection:
        audit.note(connection, town.now, "undone")
        connection.rollback()
    with town.database.engine.begin() as connection:
        audit.note(connection, town.now, "kept")
        inside = connection.begin_nested()
        audit.note(connection, town.now, "undone too")
        inside.rollback()
        audit.note(connection, town.now, "kept too")
    with town.database.engine.begin() as connection:
        inside = connection.begin_nested()
        audit.note(connection, town.now, "undone first")
        inside.rollback()
        audit.note(connection, town.now, "kept after all")
    after = looked_at(town.database, before.head)
    assert after.broken is None
    assert (after.rows, after.head.n) == (before.rows + 3, before.head.n + 2)


def test_those_who_write_at_once_make_one_chain(town: Admissions) -> None:
    before = looked_at(town.database)
    ready = threading.Barrier(6)

    def write(number: int) -> None:
        for turn in range(10):
            with town.database.engine.begin() as connection:
                audit.note(connection, town.now, "first", turn=turn)
                if turn == 0:
                    ready.wait()
                audit.note(connection, town.now, "second", number=number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = looked_at(town.database, before.head)
    assert (after.broken, after.rows, after.head.n) == (None, before.rows + 120, before.head.n + 60)


def test_erasing_empties_a_history_in_a_recorded_way(town: Admissions) -> None:
    family = town.file(town.family())
    number = town.row(family.application).number
    with town.database.change() as unit:
        count = erase_history(unit, town.tenant, number, "Decision 17 of the data protection officer", town.now)
    rows = town.all("SELECT actor_name, reason, detail, event FROM history_entry WHERE application_id = :id",
                    id=family.application)  # fmt: skip
    assert len(rows) == count > 0
    assert {(row.actor_name, row.reason, str(row.detail)) for row in rows} == {("", "", "{}")}
    assert all(row.event for row in rows)
    found = looked_at(town.database)
    assert (found.broken, found.erased) == (None, count)
    family.device.pull_all()
    entries = [row for key, (_index, row) in family.device.rows.items() if key[2] == "history_entry"]
    assert entries
    assert not any("Decision" in repr(row) for row in entries)
    with town.database.change() as unit:
        assert erase_history(unit, town.tenant, number, "Once more", town.now) == 0
    # A record does not make what is not empty right, and what was emptied is not filled again.
    row = town.scalar("SELECT max(id) FROM history_entry WHERE application_id = :id", id=family.application)
    forge(town.database, f"UPDATE history_entry SET reason = 'Invented' WHERE id = {row}")
    assert looked_at(town.database).broken == Broken("altered", row, "history_entry")


# The command


@pytest.fixture
def command(
    town: Admissions, database_url: URL, provider_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., int]:
    monkeypatch.setattr("provider.commands_audit.Database.open", lambda _settings: Database(database_url))
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")

    def run(*words: str) -> int:
        given = parser().parse_args(["audit", *words])
        status: int = given.run(given, provider_settings)
        return status

    return run


def lines(said: str) -> Sequence[str]:
    return said.strip().splitlines()


def test_the_command_prints_the_head_and_takes_it_back(
    town: Admissions, command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("verify") == 0
    said, kept = lines(capsys.readouterr().out)
    assert said.endswith("entries are as they were written.")
    assert command("head") == 0
    assert lines(capsys.readouterr().out) == [kept]
    town.file(town.family())
    assert command("verify", "--head", kept) == 0
    capsys.readouterr()
    n, _, _hash = kept.partition(":")
    assert command("verify", "--head", f"{n}:{'0' * 64}") == 1
    said = capsys.readouterr().err
    assert f"does not go through head {n}" in said
    row = town.scalar("SELECT max(id) FROM history_entry")
    forge(town.database, f"UPDATE history_entry SET actor_name = 'x' WHERE id = {row}")
    assert command("verify") == 1
    out, err = capsys.readouterr()
    assert (out, err.strip()) == ("", f"Row {row} of the history of applications is not as it was written.")


def test_what_is_no_head_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with using("en"), pytest.raises(SystemExit) as ended:
        parser().parse_args(["audit", "verify", "--head", "abc"])
    assert ended.value.code == 2
    assert "no head" in capsys.readouterr().err


def test_a_history_is_erased_by_its_number(
    town: Admissions, command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    family = town.file(town.family())
    number = town.row(family.application).number
    assert command("erase", number, "--department", "edu", "--because", "The law") == 0
    assert "emptied" in capsys.readouterr().out
    assert command("verify") == 0
    assert "which the audit table records" in capsys.readouterr().out
    text_ = text("SELECT detail->>'because' FROM audit WHERE action = 'history-erased' ORDER BY id DESC LIMIT 1")
    with town.database.read() as connection:
        assert connection.execute(text_).scalar() == "The law"


def test_a_number_that_nobody_has_is_refused(
    town: Admissions, database_url: URL, provider_settings: Settings, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr("provider.commands_audit.Database.open", lambda _settings: Database(database_url))
    words = [
        "--data-dir",
        str(provider_settings.data_dir),
        "audit",
        "erase",
        "X",
        "--department",
        "edu",
        "--because",
        "L",
    ]
    assert main(words) == 1
    assert capsys.readouterr().err
