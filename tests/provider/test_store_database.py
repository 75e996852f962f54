"""A provider's database: started, shared, migrated, and noticed when somebody puts an old copy back."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, create_engine, text

from provider.services.refusals import Refusal
from provider.settings import Settings
from provider.store import schema
from provider.store.backup import BackupError, backup, restore
from provider.store.cluster import Cluster
from provider.store.database import Database, ensure_database
from provider.store.epoch import check_epoch, epoch, renew_epoch
from provider.store.migrate import NewerDatabase, current, head, upgrade
from tests.fixtures.provider import fast_folder
from tests.provider.sync_world import add_row, make_world


@pytest.fixture
def empty(cluster: Cluster, database_url: URL) -> URL:
    """A database without tables."""
    url = database_url.set(database=f"{database_url.database}_empty")
    ensure_database(url)
    return url


def test_the_migrations_make_exactly_the_tables_of_the_code(empty: URL, tmp_path: Path) -> None:
    database = Database(empty)
    upgrade(database, tmp_path)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, schema.metadata) == [], (
            'Write a revision: .venv/bin/python -m provider.store.migrations.revise "What changes"'
        )
        assert current(connection) == head()
    upgrade(database, tmp_path)  # again changes nothing
    database.close()


def test_a_database_of_a_newer_program_is_left_alone(empty: URL, tmp_path: Path) -> None:
    database = Database(empty)
    upgrade(database, tmp_path)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerDatabase, match="newer version"):
        upgrade(database, tmp_path)
    database.close()


def test_a_new_epoch_is_taken_over_by_every_machine_of_the_installation(database: Database, tmp_path: Path) -> None:
    machines = [tmp_path / "one", tmp_path / "two", tmp_path / "three"]
    first = {check_epoch(database, machine) for machine in machines}
    later = renew_epoch(database, machines[0])
    assert {check_epoch(database, machine) for machine in machines} == {later}
    assert first != {later}
    with database.engine.begin() as connection:  # now an older copy of the database is put back
        connection.execute(text("DELETE FROM installation WHERE name LIKE 'epoch-before:%'"))
        connection.execute(text("UPDATE installation SET value = :e WHERE name = 'epoch'"), {"e": first.pop()})
    restored = [check_epoch(database, machine) for machine in machines * 2]
    assert len(set(restored)) == 1
    assert restored[0] != later


def test_a_database_put_back_from_a_backup_gets_a_new_epoch(database: Database, tmp_path: Path) -> None:
    first = check_epoch(database, tmp_path)
    assert check_epoch(database, tmp_path) == first
    later = renew_epoch(database, tmp_path)
    assert later != first
    with database.engine.begin() as connection:  # the old copy is back, and so is its epoch
        connection.execute(text("UPDATE installation SET value = :e WHERE name = 'epoch'"), {"e": first})
    third = check_epoch(database, tmp_path)
    assert third not in (first, later)
    with database.read() as connection:
        assert epoch(connection) == third


@pytest.fixture
def own_folder() -> Iterator[Path]:
    """A folder for a PostgreSQL of the test's own, whose user must get there: pytest's is closed by the next run."""
    with TemporaryDirectory(prefix="kabinet-own-", dir=fast_folder(), ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def test_a_provider_starts_its_own_postgresql_and_finds_it_again(own_folder: Path) -> None:
    settings = Settings(data_dir=own_folder / "provider", durable=False)
    first = Database.open(settings)
    second = Database.open(settings)  # another process of the same installation
    with first.engine.begin() as connection:
        connection.execute(text("INSERT INTO installation VALUES ('test', 'kept')"))
    first.close()
    with second.read() as connection:  # still in use, so still running
        assert connection.execute(text("SELECT value FROM installation WHERE name = 'test'")).scalar_one() == "kept"
        before = epoch(connection)
    second.close()
    third = Database.open(settings)
    with third.read() as connection:
        assert connection.execute(text("SELECT value FROM installation WHERE name = 'test'")).scalar_one() == "kept"
        assert epoch(connection) == before
    third.close()
    assert not (own_folder / "provider" / "postgres" / "data" / "postmaster.pid").exists()


def test_the_server_survives_a_killed_user_and_is_stopped_by_the_next(own_folder: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from provider.store.cluster import Cluster; "
        "Cluster(Path(sys.argv[1]), durable=False); os.kill(os.getpid(), signal.SIGKILL)"
    )
    folder = own_folder / "cluster"
    subprocess.run([sys.executable, "-c", code, str(folder)], check=False, timeout=60)
    running = folder / "data" / "postmaster.pid"
    assert running.exists()
    joined = Cluster(folder, durable=False)
    engine = create_engine(joined.url("postgres"))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
    engine.dispose()
    joined.release()
    assert not running.exists()


def test_the_database_is_not_readable_by_others(own_folder: Path) -> None:
    joined = Cluster(own_folder / "cluster", durable=False)
    mode = (own_folder / "cluster" / "data").stat().st_mode
    joined.release()
    assert mode & 0o077 == 0


def test_reads_are_one_instant_and_cannot_write(database: Database) -> None:
    with database.read() as before:
        assert before.execute(text("SELECT count(*) FROM alarm")).scalar_one() == 0
        with database.engine.begin() as connection:
            connection.execute(text("INSERT INTO alarm (at, kind) VALUES (now(), 'x')"))
        assert before.execute(text("SELECT count(*) FROM alarm")).scalar_one() == 0
    with pytest.raises(Exception, match="read-only"), database.read() as connection:
        connection.execute(text("DELETE FROM alarm"))


def test_a_backup_put_back_has_everything_of_its_instant_and_another_epoch(own_folder: Path) -> None:
    database = Database.open(Settings(data_dir=own_folder / "provider", durable=False))
    world = make_world(database)
    device = world.resident()
    device.pull_all()
    backup(database, own_folder / "copy")
    add_row(database, 1, f"account:{world.accounts[0]}", "meter", account_id=world.accounts[0], number="late")
    device.pull_all()
    restore(database, own_folder / "copy", own_folder / "provider")
    assert world.scalar("SELECT count(*) FROM account") == 3
    assert world.scalar("SELECT count(*) FROM meter") == 0
    with pytest.raises(Refusal, match="server-restored"):  # by its epoch
        device.pull()
    device.epoch = str(world.scalar("SELECT value FROM installation WHERE name = 'epoch'"))
    with pytest.raises(Refusal, match="server-restored"):  # and by its cursor, should the epoch be missed
        device.pull()
    with pytest.raises(BackupError, match="no file"):
        restore(database, own_folder / "absent", own_folder / "provider")
    database.close()
