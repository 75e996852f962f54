"""Admissions: a round of vouchers, a number of the queue, the nightly clock, a race for one place, an import.

One region with an invented queue in a durable PostgreSQL; each figure beside what the database alone needs for as many
rows, in the same run.
"""

from __future__ import annotations

import os
import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from models.contract.admission_commands import IssueIteration, PlanIteration
from models.domain.admissions.case import Act
from models.domain.admissions.states import Actor, Event, State
from provider.demo.organisations import texts
from provider.demo.synthetic_queue import Stage, add_group, fill_queue
from provider.imports import import_queue
from provider.services.admissions import clock, interest, iterations, public_queue, steps
from provider.services.admissions.department import Department, department
from provider.services.admissions.outside import ActorInfo
from provider.services.admissions.positions import position, refresh_positions
from provider.services.admissions.rights import rights
from provider.services.departments import NewLocality, create_department, department_provider
from provider.services.identity import make_person
from provider.services.refusals import Refusal
from provider.store.database import Database
from provider.store.tables_admissions import locality
from tests.benchmarks.provider import DATA, fresh_database
from tests.benchmarks.rows import Row, percentile, repeated, timed

NOW = datetime(2026, 9, 9, 6, 0, tzinfo=UTC)
"""A Wednesday, 11:00 in Almaty."""
RIVALS = 64
HOUSES = 200


def measure(queue: int = 200_000, vouchers: int = 5_000, due: int = 50_000, rivals: int = RIVALS) -> Iterator[Row]:
    """Take the figures and hold them against the bars."""
    with tempfile.TemporaryDirectory(prefix="kabinet-bench-") as name, fresh_database(Path(name), "region") as database:
        tenant = _region(database)
        seconds = timed(lambda: fill_queue(database, tenant, queue, NOW))
        yield Row(
            f"invented queue of {queue:,} children", queue / seconds, "children/s", "", None,
            f"load {os.getloadavg()[0]:.1f}",
        )  # fmt: skip
        _vacuum(database)
        numbered = timed(lambda: refresh_positions(database, tenant, NOW))
        yield Row(f"… all {queue:,} numbers counted and kept, as every night", numbered, "s", "", None)
        yield _positions(database, tenant, queue)
        yield from _public(database, tenant, queue)
        yield from _round(database, tenant, vouchers)
        yield _race(database, tenant, queue, rivals)
        yield from _clock(database, tenant, queue, due)
    with tempfile.TemporaryDirectory(prefix="kabinet-bench-") as name, fresh_database(Path(name), "import") as database:
        yield _import(database)


def _region(database: Database, code: str = "region") -> int:
    with database.change() as unit:
        new = department_provider(code, "Синтетикалық өңір білім басқармасы", settlement="Қала")
        names = texts("Қала", "Город", "Місто", "City")
        return create_department(unit, new, [NewLocality("1", "city", names)])


def _vacuum(database: Database) -> None:
    """Do at once what autovacuum does within minutes of a large import."""
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql("VACUUM ANALYZE application, child")


def _positions(database: Database, tenant: int, queue: int) -> Row:
    """The number of one child, asked in a transaction of its own as a parent's question is."""
    with database.read() as connection:
        known = department(connection, tenant)
        ids = list(
            connection.execute(
                text("SELECT id FROM application WHERE tenant_id = :tenant AND state = 'queued'"), {"tenant": tenant}
            ).scalars()
        )
    chosen = iter(random.Random(1).choices(ids, k=420))

    def ask() -> None:
        with database.read() as connection:
            assert position(connection, next(chosen), known, NOW) is not None

    def count() -> None:
        with database.read() as connection:
            connection.execute(
                text("SELECT count(*) FROM application WHERE tenant_id = :tenant AND state = 'queued'"),
                {"tenant": tenant},
            ).scalar_one()

    repeated(ask, 20)
    found = repeated(ask, 400)
    bare = repeated(count, 20)
    p95 = percentile(found, 95)
    return Row(
        f"queue number of one child among {queue:,}, p95 (p50 {percentile(found, 50):.1f} ms)", p95, "ms", "≤ 20 ms",
        p95 <= 20, f"bare count of the queue p50 {percentile(bare, 50):.1f} ms",
    )  # fmt: skip


def _public(database: Database, tenant: int, queue: int) -> Iterator[Row]:
    """What everybody may ask without a name: a page of the queue by birth year, and which kindergartens are wanted."""
    with database.read() as connection:
        known = department(connection, tenant)
    _let_many_wait(database, tenant)
    counting = timed(lambda: interest.refresh(database, tenant, NOW))
    pages = iter(random.Random(2).choices(range(1, 200), k=60))

    def by_year() -> None:
        with database.read() as connection:
            asked = public_queue.Asked(birth_year=2022, page=next(pages))
            assert public_queue.page(connection, known, asked, NOW).total

    def wanted() -> None:
        with database.read() as connection:
            assert len(interest.interest(connection, tenant)) == HOUSES

    for name, ask in (("public queue by birth year", by_year), ("wanted kindergartens, counted every hour", wanted)):
        repeated(ask, 5)
        begin = time.process_time()
        found = repeated(ask, 40)
        p50 = percentile(found, 50)
        yield Row(
            f"{name} among {queue:,}, p50 (p95 {percentile(found, 95):.0f} ms)", p50, "ms", "≤ 100 ms", p50 <= 100,
            f"own processor time {1000 * (time.process_time() - begin) / 40:.1f} ms; load {os.getloadavg()[0]:.1f}",
        )  # fmt: skip
    yield Row("… to count them anew, every hour", 1000 * counting, "ms", "", None)


def _let_many_wait(database: Database, tenant: int) -> None:
    """Let every third child wait for three kindergartens; written past the change index, as nobody synchronises."""
    with database.change() as unit:
        city = int(
            unit.connection.execute(select(locality.c.id).where(locality.c.tenant_id == tenant).limit(1)).scalar_one()
        )
        groups = [add_group(unit, tenant, city, 1, NOW.date()) for _number in range(HOUSES)]
    with database.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.execute(
            text(
                "INSERT INTO waiting_entry (tenant_id, application_id, group_id, state, joined_at, position) "
                "SELECT :tenant, a.id, (CAST(:groups AS bigint[]))[1 + mod(a.id * 7 + k * 31, :count)], 'waiting', "
                "now(), 0 FROM application a, generate_series(1, 3) k WHERE a.tenant_id = :tenant AND mod(a.id, 3) = 0"
            ),
            {"tenant": tenant, "groups": groups, "count": HOUSES},
        )
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql("VACUUM ANALYZE waiting_entry")


def _round(database: Database, tenant: int, vouchers: int) -> Iterator[Row]:
    """A round planned by one officer (the dry run) and issued by another, who computes it again."""
    officers = []
    for login in ("officer", "officer2"):
        with database.change() as unit:
            officers.append(
                make_person(
                    unit, login=login, password_hash="", roles=["officer"], accounts=[], offices=[tenant], email="",
                    confirmed=True, language="kk", name=login, code="", now=NOW,
                )
            )  # fmt: skip
    wanted = PlanIteration(tenant, "general", vouchers)

    def plan() -> Any:
        with database.change() as unit:
            own = rights(unit.connection, officers[0], tenant)
            return iterations.plan(unit, department(unit.connection, tenant), wanted, own, NOW)

    def issue(number: int) -> Any:
        with database.change() as unit:
            own = rights(unit.connection, officers[1], tenant)
            known = department(unit.connection, tenant)
            return iterations.issue(unit, known, IssueIteration(tenant, number), own, NOW)

    begin, cpu = time.perf_counter(), time.process_time()
    planned = plan()
    dry = time.perf_counter() - begin
    issued = issue(planned.id)
    seconds = time.perf_counter() - begin
    bare = _bare_update(database, tenant, "voucher-issued", vouchers)
    yield Row(
        f"round of {vouchers:,} vouchers with its dry run",
        seconds,
        "s",
        "≤ 10 s",
        seconds <= 10 and issued.vouchers == vouchers,
        f"bare UPDATE of as many {bare:.2f} s; own processor time {time.process_time() - cpu:.1f} s",
    )
    yield Row("… the dry run alone", dry, "s", "", None)


def _bare_update(database: Database, tenant: int, state: str, rows: int) -> float:
    """Seconds for PostgreSQL to change as many applications, and nothing else; undone afterwards."""
    connection = database.engine.raw_connection()
    try:
        cursor: Any = connection.cursor()
        begin = time.perf_counter()
        cursor.execute(
            "UPDATE application SET version = version + 1, state_since = now() WHERE id IN ("
            "SELECT id FROM application WHERE tenant_id = %s AND state = %s LIMIT %s)",
            (tenant, state, rows),
        )
        seconds = time.perf_counter() - begin
        connection.rollback()  # the guard would refuse the commit
        return seconds
    finally:
        connection.close()


def _race(database: Database, tenant: int, queue: int, rivals: int) -> Row:
    """So many parents choose the last place of a group at the same instant."""
    with database.change() as unit:
        city = unit.connection.execute(select(locality.c.id).where(locality.c.tenant_id == tenant)).scalar_one()
        group = add_group(unit, tenant, city, 1, NOW.date(), "kk")
    active = Stage(State.VOUCHER_ACTIVE, NOW - timedelta(days=1))
    first, last = fill_queue(database, tenant, rivals * 3, NOW, active, first=queue + 1)
    with database.read() as connection:
        ids = list(
            connection.execute(
                text("SELECT id FROM application WHERE id BETWEEN :first AND :last AND languages ? 'kk' LIMIT :count"),
                {"first": first, "last": last, "count": rivals},
            ).scalars()
        )
        known = department(connection, tenant)
    seconds, won = _at_once([_chooser(database, known, row_id, group) for row_id in ids])
    with database.read() as connection:
        counted = connection.execute(
            text("SELECT held + occupied FROM place WHERE group_id = :group"), {"group": group}
        ).scalar_one()
        held = connection.execute(
            text("SELECT count(*) FROM application WHERE group_id = :group AND state = 'contract-org'"),
            {"group": group},
        ).scalar_one()
    bare = _bare_race(database, len(ids))
    return Row(
        f"{len(ids)} parallel acceptances of one place: {sum(won)} admitted",
        seconds * 1000,
        "ms",
        "exactly one",
        len(ids) == rivals and sum(won) == counted == held == 1,
        f"bare conditional UPDATE of one row, as many at once {bare * 1000:.0f} ms",
    )


def _chooser(database: Database, known: Department, row_id: int, group: int) -> Callable[[], bool]:
    act = Act(Event.CHOOSE_PLACE, Actor.PARENT, group_id=group, confirmed=True)

    def choose() -> bool:
        try:
            with database.change() as unit:
                steps.take_step(unit, known, row_id, act, ActorInfo(None, "", "parent"), NOW)
        except Refusal as refusal:
            if refusal.problem.code != "no-free-place":
                raise
            return False
        return True

    return choose


def _at_once(acts: list[Callable[[], bool]]) -> tuple[float, list[bool]]:
    """Return how long acts that begin together took, and what they returned. Raises what any of them raised."""
    barrier = threading.Barrier(len(acts) + 1)

    def run(act: Callable[[], bool]) -> bool:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        pending = [threads.submit(run, act) for act in acts]
        barrier.wait()
        begin = time.perf_counter()
        won = [one.result() for one in pending]
        return time.perf_counter() - begin, won


def _bare_race(database: Database, rivals: int) -> float:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE bare_place (id integer PRIMARY KEY, taken integer NOT NULL)")
        connection.exec_driver_sql("INSERT INTO bare_place VALUES (1, 0)")

    def take() -> bool:
        with database.engine.begin() as connection:
            return bool(connection.exec_driver_sql("UPDATE bare_place SET taken = 1 WHERE taken < 1").rowcount)

    seconds, won = _at_once([take] * rivals)
    assert sum(won) == 1
    return seconds


def _clock(database: Database, tenant: int, queue: int, due: int) -> Iterator[Row]:
    """One night on which very many families have not confirmed their interest in time."""
    issued = Stage(State.VOUCHER_ISSUED, NOW - timedelta(days=7))
    fill_queue(database, tenant, due, NOW, issued, first=queue + 10_001)
    bare = _bare_update(database, tenant, "voucher-issued", due)
    begin, cpu = time.perf_counter(), time.process_time()
    report = clock.run_due(database, NOW)
    seconds = time.perf_counter() - begin
    yield Row(
        f"nightly clock: {due:,} applications whose term has ended",
        seconds,
        "s",
        "≤ 60 s",
        seconds <= 60 and report.steps == due and not report.stuck,
        f"bare UPDATE of as many {bare:.1f} s; own processor time {time.process_time() - cpu:.1f} s",
    )
    again = timed(lambda: clock.run_due(database, NOW))
    yield Row("… a second run, which has nothing to do", again * 1000, "ms", "", None)


def _import(database: Database) -> Row:
    """The department's own registry, with its row-by-row report."""
    tenant = _region(database)
    begin, cpu = time.perf_counter(), time.process_time()
    report = import_queue(database, tenant, DATA / "kezek.csv")
    seconds = time.perf_counter() - begin
    own = time.process_time() - cpu
    bare = _bare_copy(database, report.rows)
    return Row(
        f"import of a queue of {report.rows:,} rows, with all its numbers",
        report.rows / seconds,
        "rows/s",
        "≥ 3,000 rows/s",
        report.rows / seconds >= 3_000 and report.rejected == 2,
        f"bare COPY of one table {report.rows / bare:,.0f} rows/s; own processor time {own:.1f} s",
    )


def _bare_copy(database: Database, rows: int) -> float:
    """Seconds for PostgreSQL to take as many rows of 38 columns with a key, and nothing else."""
    connection = database.engine.raw_connection()
    try:
        cursor: Any = connection.cursor()
        columns = ", ".join(f"c{number} text" for number in range(37))
        cursor.execute(f"CREATE TABLE bare (id bigint PRIMARY KEY, {columns})")
        begin = time.perf_counter()
        with cursor.copy("COPY bare FROM STDIN") as copy:
            for number in range(rows):
                copy.write_row((number, *(f"{number}" for _ in range(37))))
        connection.commit()
        return time.perf_counter() - begin
    finally:
        connection.close()
