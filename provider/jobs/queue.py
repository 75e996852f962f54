"""The queue of jobs: procrastinate on the provider's own PostgreSQL, any number of workers on any number of machines.

A job that fails is tried again; each job's work is idempotent, so a worker that dies in the middle costs nothing.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import procrastinate
from procrastinate.schema import SchemaManager
from sqlalchemy import text

from models.domain.period import Month
from provider import imports
from provider.imports import ImportOptions
from provider.jobs import rounds
from provider.services import billing
from provider.services.mailings import run_mailing
from provider.settings import Settings
from provider.store.database import Database

log = logging.getLogger(__name__)

QUEUE: Final = "kabinet"
_ONE_AT_A_TIME: Final = 7_305_020_118  # advisory lock key: only one process installs the queue
_RETRY: Final = procrastinate.RetryStrategy(max_attempts=6, exponential_wait=4)


def install(database: Database) -> None:
    """Create the tables of the queue when the database has none."""
    with database.engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
        if connection.execute(text("SELECT to_regclass('procrastinate_jobs')")).scalar() is None:
            driver: Any = connection.connection.driver_connection
            driver.execute(SchemaManager.get_schema())


def worker_alive(database: Database) -> bool:
    """Return whether a worker has shown itself within the last two minutes."""
    with database.read() as connection:
        if connection.execute(text("SELECT to_regclass('procrastinate_workers')")).scalar() is None:
            return False
        alive = text("SELECT 1 FROM procrastinate_workers WHERE last_heartbeat > now() - interval '2 minutes' LIMIT 1")
        return connection.execute(alive).first() is not None


def make_app(database: Database, settings: Settings, *, waiting: bool = True) -> procrastinate.App:
    """Return the queue's application over a database whose queue is installed.

    ``waiting`` gives one for a worker (asynchronous connections); without it, one that only puts jobs into the queue.
    """
    address = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connector: Any
    if waiting:
        connector = procrastinate.PsycopgConnector(conninfo=address, min_size=1, max_size=4)
    else:
        connector = procrastinate.SyncPsycopgConnector(conninfo=address, min_size=1, max_size=2)
    app = procrastinate.App(connector=connector)
    _add_tasks(app, database, settings)
    return app


def _add_tasks(app: procrastinate.App, database: Database, settings: Settings) -> None:
    @app.periodic(cron="* * * * *")
    @app.task(name="send_mail", queueing_lock="send_mail", queue=QUEUE, retry=_RETRY)
    def send_mail(timestamp: int = 0) -> int:
        return rounds.letters_round(database, settings)

    @app.periodic(cron="* * * * *")
    @app.task(name="admission_clock", queueing_lock="admission_clock", lock="admission_clock", queue=QUEUE)
    def admission_clock(timestamp: int = 0) -> int:
        return rounds.clock_round(database, settings.clock())

    @app.periodic(cron="10 19 * * *")  # soon after midnight in Kazakhstan
    @app.task(
        name="admission_queue", queueing_lock="admission_queue", lock="admission_queue", queue=QUEUE, retry=_RETRY
    )
    def admission_queue(timestamp: int = 0) -> int:
        return rounds.queue_round(database, settings.clock())

    @app.periodic(cron="20 3 * * *")
    @app.task(name="mailings", queueing_lock="mailings", lock="mailings", queue=QUEUE, retry=_RETRY)
    def mailings(timestamp: int = 0) -> int:
        return sum(report.letters for report in rounds.mailing_round(database, settings.clock()))

    @app.periodic(cron="40 2 * * *")
    @app.task(name="housekeeping", queueing_lock="housekeeping", queue=QUEUE, retry=_RETRY)
    def housekeeping(timestamp: int = 0) -> int:
        return rounds.housekeeping(database, settings, settings.clock())

    @app.task(name="run_mailing", queue=QUEUE, retry=_RETRY)
    def run_one_mailing(tenant: int, period: int) -> int:
        return run_mailing(database, tenant, Month.from_number(period), settings.clock()).letters

    @app.task(name="bill", lock="bill", queue=QUEUE, retry=_RETRY)
    def bill(period: int, provider: str | None = None) -> None:
        billing.bill(database, Month.from_number(period), provider)

    @app.task(name="import_file", lock="import", queue=QUEUE, retry=_RETRY)
    def import_file(kind: str, tenant: int, path: str, dry_run: bool = False) -> None:
        options = ImportOptions(today=settings.clock().date())
        importer(kind)(database, tenant, Path(path), dry_run=dry_run, options=options)


def importer(kind: str) -> Callable[..., Any]:
    """Return the function that imports a kind of file; raises ``ValueError`` for an unknown kind."""
    function: Callable[..., Any] | None = getattr(imports, f"import_{kind}", None) if kind.isidentifier() else None
    if function is None:
        raise ValueError(f"no such import: {kind}")
    return function


def defer(database: Database, settings: Settings, task: str, **values: Any) -> int:
    """Put a job into the queue and return its number; raises ``KeyError`` for an unknown task."""
    install(database)
    with make_app(database, settings, waiting=False).open() as app:
        return int(app.tasks[task].defer(**values))


def run_worker(database: Database, settings: Settings, *, wait: bool = True, concurrency: int = 1) -> None:
    """Run jobs until a signal ends the process; with ``wait=False`` until the queue is empty."""
    install(database)
    app = make_app(database, settings)

    async def work() -> None:
        async with app.open_async():
            await app.run_worker_async(
                queues=[QUEUE],
                wait=wait,
                concurrency=concurrency,
                install_signal_handlers=wait,
                delete_jobs="successful",
            )

    log.info("worker started")
    if sys.platform == "win32":  # psycopg cannot use the default event loop there
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(work())
    else:
        asyncio.run(work())
