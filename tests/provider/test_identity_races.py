"""Two at once: limits count exactly, links work once, one person comes of two clicks."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from models.contract.commands import RequestDataCorrection
from provider.services import limits, requests
from provider.services.limits import Limit, take
from provider.services.refusals import Refusal
from provider.settings import Settings
from provider.store.database import Database
from tests.fixtures.provider import ProviderServer
from tests.provider.people_world import (
    IIN,
    OTHER_PASSWORD,
    PASSWORD,
    RNOKPP,
    PeopleWorld,
    make_people_world,
    people_settings,
)

NOW = datetime(2024, 2, 10, 6, 0, tzinfo=UTC)


@pytest.fixture
def provider_settings(provider_settings: Settings) -> Settings:
    return people_settings(provider_settings)


@pytest.fixture
def world(provider_server: ProviderServer) -> PeopleWorld:
    return make_people_world(provider_server)


def at_once(count: int, work: Callable[[int], str | int]) -> Counter[str | int]:
    with ThreadPoolExecutor(count) as pool:
        return Counter(pool.map(work, range(count)))


def test_a_limit_counts_exactly_however_many_try_at_once(database: Database) -> None:
    limit, other = Limit("test", 7, timedelta(minutes=1)), Limit("other", 100, timedelta(minutes=1))

    def attempt(number: int) -> str | int:
        try:
            pair = ((limit, "somebody"), (other, "all"))
            take(database, NOW, *(pair if number % 2 else reversed(pair)))
        except Refusal as refusal:
            return refusal.status
        return "go"

    assert at_once(12, attempt) == {"go": 7, 429: 5}


def test_a_refused_attempt_takes_nothing_from_the_other_buckets(database: Database) -> None:
    full, roomy = Limit("full", 1, timedelta(hours=1)), Limit("roomy", 2, timedelta(hours=1))
    take(database, NOW, (full, "a"), (roomy, "a"))
    for _ in range(5):
        with pytest.raises(Refusal):
            take(database, NOW, (full, "a"), (roomy, "a"))
    take(database, NOW, (roomy, "a"))


def test_the_table_of_limits_tells_nobodys_name(database: Database) -> None:
    take(database, NOW, (limits.RECOVER_SUBJECT, "aigul@example.org"))
    with database.read() as connection:
        stored = connection.execute(text("SELECT string_agg(r::text, ' ') FROM rate_limit r")).scalar_one()
    assert "aigul" not in stored


@settings(max_examples=40, deadline=None)
@given(burst=st.integers(1, 6), waits=st.lists(st.integers(0, 30), min_size=1, max_size=25))
def test_no_window_lets_more_through_than_its_burst_and_waiting_as_told_is_enough(
    burst: int, waits: list[int], bucket_database: Database
) -> None:
    limit = Limit(f"property-{burst}-{hash(tuple(waits))}", burst, timedelta(seconds=30))
    now, passed = NOW, list[datetime]()
    with bucket_database.engine.begin() as connection:
        connection.execute(text("DELETE FROM rate_limit"))
    for wait in waits:
        now += timedelta(seconds=wait)
        try:
            take(bucket_database, now, (limit, "x"))
        except Refusal as refusal:
            now += timedelta(seconds=refusal.retry_after or 0)
            take(bucket_database, now, (limit, "x"))
        passed.append(now)
    for start in passed:
        inside = [moment for moment in passed if start <= moment < start + limit.per]
        # A token bucket gives its burst at once and regains another burst over the window.
        assert len(inside) <= 2 * burst


@pytest.fixture(scope="module")
def bucket_database(cluster: object, template: str) -> Iterator[Database]:
    """One database for all examples of a property."""
    from sqlalchemy import create_engine, make_url
    from sqlalchemy.pool import NullPool

    url = make_url(cluster.url("postgres"))  # type: ignore[attr-defined]
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE kabinet_buckets TEMPLATE {template}")
    engine.dispose()
    opened = Database(url.set(database="kabinet_buckets"))
    yield opened
    opened.close()


def test_two_clicks_on_the_confirming_button_make_one_person(world: PeopleWorld) -> None:
    form = {
        "kind": "individual",
        "provider_code": world.kk.provider.code,
        "account_number": "123456",
        "code": IIN,
        "email": "aigul@example.org",
        "password": PASSWORD,
    }
    world.post("/people/register", form)
    link = world.link("aigul@example.org")
    assert at_once(6, lambda _n: world.open(link, {}).status_code) == {200: 1, 422: 5}
    assert world.scalar("SELECT count(*) FROM person") == 1


def confirmed_together(world: PeopleWorld, first: str, second: str) -> list[httpx.Response]:
    """Press two buttons so that the second comes while the first has made its person and is not committed."""
    with ThreadPoolExecutor(2) as pool, world.database.engine.connect() as holding:
        begun = holding.begin()
        # The first waits for the counter of people when it is about to commit.
        holding.execute(text("INSERT INTO sync_counter (tenant, value) VALUES (0, 0) ON CONFLICT DO NOTHING"))
        holding.execute(text("SELECT 1 FROM sync_counter WHERE tenant = 0 FOR UPDATE"))
        answers = [pool.submit(world.open, first, {})]
        waiting(world, 1)
        answers.append(pool.submit(world.open, second, {}))
        waiting(world, 2)
        begun.commit()
        return [answer.result() for answer in answers]


def waiting(world: PeopleWorld, count: int) -> None:
    """Return when so many transactions of this database wait for a lock."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    end = time.monotonic() + 30
    while world.scalar(asked) < count:
        assert time.monotonic() < end
        time.sleep(0.01)


def test_two_people_of_two_providers_confirm_one_number_at_once(world: PeopleWorld) -> None:
    with world.database.change() as unit:
        unit.connection.exec_driver_sql("UPDATE account SET number = '123456' WHERE number = '101'")
        unit.changes.live(2, f"account:{world.uk.account.id}", "account", world.uk.account.id)
    form = {"kind": "individual", "account_number": "123456", "password": PASSWORD}
    for view, code, address in ((world.kk, IIN, "aigul@example.org"), (world.uk, RNOKPP, "seb@example.org")):
        world.post("/people/register", form | {"provider_code": view.provider.code, "code": code, "email": address})
    answers = confirmed_together(world, world.link("aigul@example.org"), world.link("seb@example.org"))
    assert [answer.status_code for answer in answers] == [200, 200]
    longer = f"{world.uk.provider.code}-123456"
    assert longer in answers[1].text
    assert world.sign_in("123456").status_code == world.sign_in(longer).status_code == 200


def test_of_two_letters_for_one_account_confirmed_at_once_the_second_is_told_that_its_link_was_used(
    world: PeopleWorld,
) -> None:
    form = {"kind": "individual", "account_number": "123456", "password": PASSWORD, "code": IIN}
    for address in ("aigul@example.org", "other@example.org"):
        world.post("/people/register", form | {"provider_code": world.kk.provider.code, "email": address})
    answers = confirmed_together(world, world.link("aigul@example.org"), world.link("other@example.org"))
    assert [answer.status_code for answer in answers] == [200, 422]
    assert world.scalar("SELECT count(*) FROM person") == 1


def test_a_recovery_link_sets_one_password_though_two_use_it(world: PeopleWorld) -> None:
    world.user(email="aigul@example.org")
    world.post("/people/recover", {"login_or_email": "123456"})
    token = world.link("aigul@example.org").rpartition("/")[2]

    def finish(number: int) -> int:
        body = {"token": token, "code": IIN, "account": "123456", "new_password": f"{OTHER_PASSWORD} {number}"}
        return world.post("/people/recover/finish", body).status_code

    assert at_once(4, finish) == {200: 1, 422: 3}


def test_a_refresh_token_used_by_two_threads_ends_nothing(world: PeopleWorld) -> None:
    world.user()
    token = world.sign_in().json()["refresh_token"]
    answers = at_once(4, lambda _n: world.post("/sessions/refresh", {"refresh_token": token}).status_code)
    assert answers == {200: 4}
    assert world.scalar("SELECT count(*) FROM user_session WHERE revoked_at IS NULL") == 1


def test_requests_made_at_once_get_consecutive_numbers(world: PeopleWorld) -> None:
    user = world.user()
    payload = RequestDataCorrection(world.kk.account.id, "residents", "2", "")

    def create(number: int) -> str:
        with world.database.change() as unit:
            return requests.create(unit, user, payload, f"command-{number}", world.clock.now).number

    assert at_once(6, create) == {f"2024-{number:05d}": 1 for number in range(1, 7)}
