"""The provider: a registry of 100,000 accounts imported from csv, a month charged, signed commands answered."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import make_url, text

from models.contract.codec import encode, sha256, uuid7
from models.contract.commands import Command, RequestDataCorrection, Signed
from models.contract.messages import PushAnswer, PushRequest, Session, SignInRequest
from models.contract.signatures import sign
from models.domain.period import Month
from provider.demo.organisations import create_oskemen
from provider.demo.synthetic import write_registry
from provider.imports.runs import ImportOptions
from provider.imports.subscribers import import_subscribers
from provider.imports.tariffs import import_tariffs
from provider.services.billing import bill
from provider.settings import Settings
from provider.store.cluster import Cluster
from provider.store.database import Database, ensure_database
from provider.store.migrate import upgrade
from tests.benchmarks.rows import Row
from tests.sync.world import PASSWORD, build_world

JANUARY = Month(2024, 1)
DATA = Path(__file__).parents[2] / "provider" / "demo" / "data"


@contextmanager
def fresh_database(folder: Path, name: str) -> Iterator[Database]:
    """A durable PostgreSQL with an empty provider in it."""
    cluster = Cluster(folder / "cluster", durable=True)
    url = make_url(cluster.url(name))
    ensure_database(url)
    database = Database(url, pool_size=12)
    upgrade(database, folder)
    try:
        yield database
    finally:
        database.close()
        cluster.release()


def measure(accounts: int = 100_000) -> Iterator[Row]:
    """Import, charge, charge again; then commands."""
    with tempfile.TemporaryDirectory(prefix="kabinet-bench-") as name, fresh_database(Path(name), "bench") as database:
        yield from _registry(database, Path(name), accounts)
    with tempfile.TemporaryDirectory(prefix="kabinet-bench-") as name, fresh_database(Path(name), "push") as database:
        yield _commands(database, Path(name))


def _registry(database: Database, folder: Path, accounts: int) -> Iterator[Row]:
    with database.change() as unit:
        tenant = create_oskemen(unit)
    import_tariffs(database, tenant, DATA / "tarify.csv")
    registry = folder / "registry.csv"
    write_registry(registry, accounts)
    begin = time.perf_counter()
    report = import_subscribers(database, tenant, registry, options=ImportOptions(as_of=date(2024, 1, 1)))
    seconds = time.perf_counter() - begin
    copy = _bare_copy(database, accounts)
    yield Row(
        f"import of {accounts:,} subscribers from csv",
        accounts / seconds,
        "rows/s",
        "≥ 5,000 rows/s",
        accounts / seconds >= 5_000 and report.added == accounts,
        f"bare COPY of one table {accounts / copy:,.0f} rows/s",
    )
    begin = time.perf_counter()
    first = bill(database, JANUARY, "oskemen")[0]
    seconds = time.perf_counter() - begin
    yield Row(
        f"charging {accounts:,} accounts for a month",
        accounts / seconds,
        "accounts/s",
        "≥ 3,000 accounts/s",
        accounts / seconds >= 3_000,
        f"{first.entries:,} entries",
    )
    total, entries = _totals(database)
    begin = time.perf_counter()
    bill(database, JANUARY, "oskemen")
    seconds = time.perf_counter() - begin
    unchanged = _totals(database) == (total, entries)
    yield Row("… ledger total", float(total), "minor units", "= 0", total == 0)
    yield Row("… second run, which changes nothing", accounts / seconds, "accounts/s", "0 new entries", unchanged)


def _totals(database: Database) -> tuple[int, int]:
    with database.read() as connection:
        total = connection.execute(text("SELECT coalesce(sum(amount), 0) FROM posting")).scalar_one()
        return int(total), int(connection.execute(text("SELECT count(*) FROM entry")).scalar_one())


def _bare_copy(database: Database, rows: int) -> float:
    """Seconds for PostgreSQL to take as many rows of 14 columns with a key, and nothing else."""
    connection = database.engine.raw_connection()
    try:
        cursor: Any = connection.cursor()
        columns = ", ".join(f"c{number} text" for number in range(13))
        cursor.execute(f"CREATE TABLE bare (id bigint PRIMARY KEY, {columns})")
        begin = time.perf_counter()
        with cursor.copy("COPY bare FROM STDIN") as copy:
            for number in range(rows):
                copy.write_row((number, *(f"тұтынушы {number}" for _ in range(13))))
        connection.commit()
        return time.perf_counter() - begin
    finally:
        connection.close()


def _commands(database: Database, folder: Path, count: int = 3_000) -> Row:
    """Signed commands in batches of 100 over HTTP, each with its own effects, outcome and change records."""
    import requests
    import uvicorn

    from provider.app import create_app

    world = build_world(database)
    settings = Settings(data_dir=folder / "provider", database_url=str(database.engine.url), port=18_874)
    server = uvicorn.Server(uvicorn.Config(create_app(database, settings), port=18_874, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    address = "http://127.0.0.1:18874/api/v1"
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw().hex()
    http = requests.Session()
    answer = http.post(f"{address}/devices/sign-in", data=encode(SignInRequest(world.clerk, PASSWORD, public, "bench")))
    session = msgspec.json.decode(answer.content, type=Session)
    http.headers["Authorization"] = f"Bearer {session.access_token}"
    batches = []
    previous = ""
    for start in range(0, count, 100):
        batch = []
        for n in range(start + 1, start + 101):
            payload = RequestDataCorrection(world.account, "residents", "4", f"number {n}")
            command = Command(
                id=uuid7(),
                device=session.device_id,
                n=n,
                kind=payload.KIND,
                version=1,
                actor=session.user_id,
                payload=msgspec.Raw(encode(payload)),
                occurred_at=datetime.now(UTC),
                previous=previous,
            )
            body = encode(command)
            previous = sha256(body)
            batch.append(Signed(msgspec.Raw(body), sign(key, body)))
        batches.append(encode(PushRequest(session.epoch, session.device_id, batch)))
    begin = time.perf_counter()
    statuses: dict[str, int] = {}
    for body in batches:
        answer = http.post(f"{address}/sync/commands", data=body)
        for outcome in msgspec.json.decode(answer.content, type=PushAnswer).outcomes:
            statuses[outcome.status] = statuses.get(outcome.status, 0) + 1
    seconds = time.perf_counter() - begin
    bare = _bare_inserts(database)
    server.should_exit = True
    thread.join(10)
    return Row(
        "signed commands in batches of 100",
        count / seconds,
        "commands/s",
        "≥ 800 commands/s",
        count / seconds >= 800 and statuses == {"applied": count},
        f"bare psycopg insert and commit {bare:,.0f}/s",
    )


def _bare_inserts(database: Database, count: int = 500) -> float:
    """Durable one-row transactions a second by psycopg alone."""
    connection = database.engine.raw_connection()
    try:
        cursor: Any = connection.cursor()
        cursor.execute("CREATE TABLE bare_insert (id bigint PRIMARY KEY, body text)")
        connection.commit()
        begin = time.perf_counter()
        for number in range(count):
            cursor.execute("INSERT INTO bare_insert VALUES (%s, %s)", (number, "x" * 400))
            connection.commit()
        return count / (time.perf_counter() - begin)
    finally:
        connection.close()
