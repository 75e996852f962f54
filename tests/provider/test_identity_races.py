"""Two at once: limits count exactly, links work once, one person comes of two clicks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

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
from tests.provider.people_world import IIN, OTHER_PASSWORD, PASSWORD, PeopleWorld, make_people_world, people_settings

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
