"""Jobs on the provider's own PostgreSQL: put in, carried out by any worker, once."""

from __future__ import annotations

import threading
import time
from contextlib import AbstractContextManager
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from models.contract.commands import SetMailing
from provider.jobs import queue, rounds
from provider.jobs.inline import InlineJobs
from provider.services import inquiries, mailings
from provider.settings import Settings
from provider.store.database import Unit
from tests.fixtures.provider import ProviderServer
from tests.provider.people_world import PeopleWorld, make_people_world, people_settings


@pytest.fixture
def provider_settings(provider_settings: Settings) -> Settings:
    return people_settings(provider_settings)


@pytest.fixture
def world(provider_server: ProviderServer) -> PeopleWorld:
    return make_people_world(provider_server)


def test_the_queue_installs_once_however_often_asked(world: PeopleWorld) -> None:
    threads = [threading.Thread(target=queue.install, args=(world.database,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert world.scalar("SELECT count(*) FROM procrastinate_jobs") == 0


def test_a_worker_sends_letters_that_wait(world: PeopleWorld) -> None:
    world.user(email="aigul@example.org")
    world.post("/people/recover", {"login_or_email": "123456"})
    queue.defer(world.database, world.settings, "send_mail")
    queue.run_worker(world.database, world.settings, wait=False)
    assert [path.name for path in world.settings.letters.glob("*.eml")] == ["00000001.eml"]


def test_a_worker_runs_a_mailing_once_though_asked_twice(world: PeopleWorld) -> None:
    user = world.user(email="aigul@example.org")
    with world.database.change() as unit:
        mailings.set_mailing(unit, user, SetMailing(world.kk.account.id, True, "kk"))
    for _ in range(2):
        queue.defer(world.database, world.settings, "run_mailing", tenant=1, period=202401)
    queue.run_worker(world.database, world.settings, wait=False)
    world.work()
    assert len(world.letters()) == 1


def test_a_job_that_fails_is_kept_for_another_try(world: PeopleWorld) -> None:
    number = queue.defer(world.database, world.settings, "run_mailing", tenant=1, period=202413)
    queue.run_worker(world.database, world.settings, wait=False)
    row = "SELECT status::text || ' ' || attempts FROM procrastinate_jobs WHERE id = :id"
    assert world.scalar(row, id=number) == "todo 1"


def test_an_unknown_job_is_refused_at_once(world: PeopleWorld) -> None:
    with pytest.raises(KeyError):
        queue.defer(world.database, world.settings, "make_coffee")
    with pytest.raises(ValueError, match="no such import"):
        queue.importer("os")


def test_without_a_worker_the_serving_process_sends_letters_itself(world: PeopleWorld) -> None:
    world.user(email="aigul@example.org")
    jobs = InlineJobs(world.database, world.settings)
    jobs.start()
    try:
        world.post("/people/recover", {"login_or_email": "123456"})
        deadline = time.monotonic() + 30
        while not list(world.settings.letters.glob("*.eml")):
            assert time.monotonic() < deadline, "no letter came"
            threading.Event().wait(0.05)
    finally:
        jobs.stop()


def test_without_a_worker_mailings_that_are_due_go_out_within_the_hour(world: PeopleWorld) -> None:
    user = world.user(email="aigul@example.org")
    with world.database.change() as unit:
        mailings.set_mailing(unit, user, SetMailing(world.kk.account.id, True, "kk"))
    with world.database.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO period (tenant_id, period, state) VALUES (1, 202401, 'charged')")
    jobs = InlineJobs(world.database, world.settings)
    queue.install(world.database)
    with world.database.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    jobs.hourly()
    assert world.letters() == [], "a worker that lives does it"
    with world.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    jobs.hourly()
    jobs.hourly()
    assert len(world.letters()) == 1


def test_what_cannot_be_settled_does_not_hold_up_the_rest(world: PeopleWorld, caplog: pytest.LogCaptureFixture) -> None:
    world.user(email="aigul@example.org")
    with world.database.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO inquiry (kind, payload, created_at) VALUES ('register', '{}', '2024-02-10T05:00:00Z')"
        )
    world.post("/people/recover", {"login_or_email": "123456"})
    assert len(world.letters("aigul@example.org")) == 1
    assert world.scalar("SELECT count(*) FROM inquiry") == 1
    assert "inquiry 1 was not settled" in caplog.text
    world.clock.move(hours=7)
    world.work()
    assert world.scalar("SELECT count(*) FROM inquiry") == 0


def test_a_lost_connection_ends_the_round_and_the_next_one_settles_the_rest(
    world: PeopleWorld, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world.user(email="aigul@example.org")
    for _asked in range(3):
        world.post("/people/recover", {"login_or_email": "123456"})
    settled: list[str] = []

    def cut_at_the_second(unit: Unit, *_rest: Any) -> None:
        settled.append("")
        if len(settled) == 2:
            unit.connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setitem(inquiries._SETTLE, "recover", cut_at_the_second)
    now = world.clock.now
    with pytest.raises(OperationalError):
        inquiries.settle_due(world.database, world.settings, now)
    assert world.scalar("SELECT count(*) FROM inquiry") == 2
    assert "was not settled" not in caplog.text, "no inquiry is at fault"
    assert inquiries.settle_due(world.database, world.settings, now) == 2


def test_a_database_that_is_gone_between_two_inquiries_ends_the_round(
    world: PeopleWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.user(email="aigul@example.org")
    world.post("/people/recover", {"login_or_email": "123456"})
    whole, asked = world.database.change, iter((True, False))

    def gone_at_the_second(changed_by: str = "") -> AbstractContextManager[Unit]:
        if next(asked):
            return whole(changed_by)
        raise OperationalError("connect", {}, ConnectionRefusedError())

    monkeypatch.setattr(world.database, "change", gone_at_the_second)
    with pytest.raises(OperationalError):
        inquiries.settle_due(world.database, world.settings, world.clock.now)
    assert world.scalar("SELECT count(*) FROM inquiry") == 0


def test_housekeeping_deletes_what_is_over_and_nothing_else(world: PeopleWorld) -> None:
    world.user(email="aigul@example.org")
    world.sign_in()
    world.post("/people/recover", {"login_or_email": "123456"})
    world.work()
    rounds.housekeeping(world.database, world.settings, world.clock.now)
    assert world.scalar("SELECT count(*) FROM access_token") == 1
    assert world.scalar("SELECT count(*) FROM link") == 1
    assert world.scalar("SELECT count(*) FROM rate_limit") > 0
    world.clock.move(days=200)
    rounds.housekeeping(world.database, world.settings, world.clock.now)
    for table in ("access_token", "refresh_token", "user_session", "link", "rate_limit", "mail"):
        assert world.scalar(f"SELECT count(*) FROM {table}") == 0, table
    assert world.scalar("SELECT count(*) FROM person") == 1
