"""Sessions: tokens that survive a lost reply, end when stolen, and never cost more than two hashes at once."""

from __future__ import annotations

import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from provider.services import passwords
from provider.services.refusals import Refusal
from provider.settings import Settings
from tests.fixtures.provider import ProviderServer
from tests.provider.people_world import PASSWORD, PeopleWorld, make_people_world, people_settings


@pytest.fixture
def provider_settings(provider_settings: Settings) -> Settings:
    return people_settings(provider_settings)


@pytest.fixture
def world(provider_server: ProviderServer) -> PeopleWorld:
    made = make_people_world(provider_server)
    made.user("123456")
    return made


def refresh(world: PeopleWorld, token: str) -> httpx.Response:
    return world.post("/sessions/refresh", {"refresh_token": token})


def works(world: PeopleWorld, access: str) -> bool:
    answer = world.post("/people/password", {"current": PASSWORD, "new": PASSWORD}, token=access)
    world.clock.move(minutes=1)
    return answer.status_code != 401


def test_an_access_token_lives_ten_minutes_and_a_refresh_token_gives_the_next(world: PeopleWorld) -> None:
    session = world.sign_in().json()
    assert session["expires_in"] == 600
    assert works(world, session["access_token"])
    world.clock.move(minutes=10)
    assert not works(world, session["access_token"])
    fresh = refresh(world, session["refresh_token"]).json()
    assert works(world, fresh["access_token"])


def test_a_reply_that_never_arrived_signs_nobody_out(world: PeopleWorld) -> None:
    first = world.sign_in().json()["refresh_token"]
    lost = refresh(world, first)
    assert lost.status_code == 200
    second = refresh(world, first)
    assert second.status_code == 200, "the same token again, as if nothing had come back"
    third = refresh(world, second.json()["refresh_token"])
    assert third.status_code == 200
    assert refresh(world, third.json()["refresh_token"]).status_code == 200


def test_a_token_whose_successor_was_used_ends_the_whole_session(world: PeopleWorld) -> None:
    first = world.sign_in().json()["refresh_token"]
    second = refresh(world, first).json()["refresh_token"]
    third = refresh(world, second).json()
    stolen = refresh(world, first)
    assert (stolen.status_code, stolen.json()["problem"]["code"]) == (401, "signed-out")
    assert refresh(world, third["refresh_token"]).status_code == 401
    assert not works(world, third["access_token"])
    assert world.scalar("SELECT count(*) FROM audit WHERE action = 'token-theft'") == 1


def test_signing_out_ends_this_session_only(world: PeopleWorld) -> None:
    one = world.sign_in().json()
    world.keys.pop("123456")
    other = world.sign_in().json()
    assert world.post("/sessions/sign-out", token=one["access_token"]).status_code == 204
    assert not works(world, one["access_token"])
    assert refresh(world, one["refresh_token"]).status_code == 401
    assert works(world, other["access_token"])


def test_a_session_ends_after_ninety_days_however_often_it_was_refreshed(world: PeopleWorld) -> None:
    token = world.sign_in().json()["refresh_token"]
    for _ in range(4):
        world.clock.move(days=22)
        answer = refresh(world, token)
        assert answer.status_code == 200
        token = answer.json()["refresh_token"]
    world.clock.move(days=3)
    assert refresh(world, token).status_code == 401


def test_the_same_device_returns_under_its_id_and_a_new_key_is_a_new_device(world: PeopleWorld) -> None:
    first, again = world.sign_in().json(), world.sign_in().json()
    assert first["device_id"] == again["device_id"]
    world.keys.pop("123456")
    assert world.sign_in().json()["device_id"] != first["device_id"]


def test_a_device_of_somebody_else_is_refused(world: PeopleWorld) -> None:
    world.user("654321")
    world.sign_in("123456")
    world.keys["654321"] = world.keys["123456"]
    answer = world.sign_in("654321")
    assert (answer.status_code, answer.json()["problem"]["code"]) == (409, "device-of-another")


def test_tokens_and_passwords_are_stored_only_as_hashes(world: PeopleWorld) -> None:
    session = world.sign_in().json()
    for table in ("access_token", "refresh_token", "user_session", "credential", "audit", "device"):
        stored = world.scalar(f"SELECT string_agg(t::text, ' ') FROM {table} t") or ""
        assert session["access_token"] not in stored
        assert session["refresh_token"] not in stored
        assert PASSWORD not in stored
    assert world.scalar("SELECT password_hash FROM credential").startswith("$argon2id$v=19$m=47104,t=1,p=1$")


def test_five_attempts_a_minute_then_a_wait_that_is_said_and_never_a_lock(world: PeopleWorld) -> None:
    for login in ("123456", "nobody"):
        answers = [world.sign_in(login, "wrong password") for _ in range(6)]
        assert [answer.status_code for answer in answers] == [401] * 5 + [429]
        assert answers[-1].headers["Retry-After"] == "12"
        assert answers[-1].json()["problem"] == {
            "code": "too-many-attempts",
            "field": "",
            "values": {"retry_after": 12},
        }
    assert world.sign_in("123456", source="203.0.113.9").status_code == 200, "the owner elsewhere is not locked out"
    world.clock.move(seconds=12)
    assert world.sign_in("123456").status_code == 200


def test_one_source_may_try_twenty_logins_a_minute(world: PeopleWorld) -> None:
    codes = [world.sign_in(f"login{n}", "wrong password", source="192.0.2.1").status_code for n in range(22)]
    assert codes == [401] * 20 + [429] * 2
    assert world.sign_in("123456", source="192.0.2.2").status_code == 200


def test_a_flood_of_hashes_is_held_to_a_short_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = passwords.hash_password(PASSWORD)
    at_once, most, guard = 0, 0, threading.Lock()
    real = type(passwords._HASHER).verify

    def counted(hasher: object, *values: str) -> bool:
        nonlocal at_once, most
        with guard:
            at_once += 1
            most = max(most, at_once)
        try:
            return bool(real(hasher, *values))  # type: ignore[arg-type]
        finally:
            with guard:
                at_once -= 1

    monkeypatch.setattr(type(passwords._HASHER), "verify", counted)

    def attempt(_number: int) -> str:
        try:
            return str(passwords.verify(stored, PASSWORD))
        except Refusal as refusal:
            return f"{refusal.problem.code} {refusal.status}"

    with ThreadPoolExecutor(60) as pool:
        results = list(pool.map(attempt, range(60)))
    assert most <= 2
    assert set(results) <= {"True", "too-busy 503"}
    assert results.count("True") >= 22


def test_an_unknown_login_costs_as_much_time_as_a_known_one() -> None:
    stored = passwords.hash_password(PASSWORD)
    passwords.verify(None, "warm")
    known, unknown = [], []
    for _ in range(15):
        for times, value in ((known, stored), (unknown, None)):
            begin = time.process_time()  # others may keep the machine busy
            assert passwords.verify(value, "wrong password") is False
            times.append(time.process_time() - begin)
    slow, fast = statistics.median(known), statistics.median(unknown)
    assert 0.5 < slow / fast < 2, (slow, fast)
