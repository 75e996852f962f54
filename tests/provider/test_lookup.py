"""Look-ups without signing in: exact, uniform, nameless and slow on purpose."""

from __future__ import annotations

import msgspec
import pytest

from documents import breakdown
from models.contract.records import AccountView
from models.domain.period import Month
from models.domain.statements import breakdown as breakdown_rows
from provider.settings import Settings
from tests.fixtures.provider import ProviderServer
from tests.provider.people_world import IIN, PeopleWorld, make_people_world, people_settings


@pytest.fixture
def provider_settings(provider_settings: Settings) -> Settings:
    return people_settings(provider_settings)


@pytest.fixture
def world(provider_server: ProviderServer) -> PeopleWorld:
    return make_people_world(provider_server)


def place(world: PeopleWorld, **changes: object) -> dict[str, object]:
    account = world.kk.account
    return {
        "provider": world.kk.provider.code,
        "street": account.street,
        "house": account.house,
        "prefix": account.prefix,
        "flat": account.flat,
        "surname": account.holder.split()[0],
    } | changes


def test_providers_and_their_streets_are_lists_to_choose_from(world: PeopleWorld) -> None:
    providers = world.get("/lookup/providers").json()["providers"]
    assert {provider["code"] for provider in providers} == {world.kk.provider.code, world.uk.provider.code}
    streets = world.get(f"/lookup/streets?provider={world.kk.provider.code}").json()["streets"]
    assert streets == [world.kk.account.street]
    assert world.get("/lookup/streets?provider=nobody").status_code == 404


def test_an_exact_address_and_surname_give_the_account(world: PeopleWorld) -> None:
    assert world.post("/lookup/account", place(world)).json() == {"account": "123456"}


def test_the_surname_may_be_written_in_any_case(world: PeopleWorld) -> None:
    for surname in ("серікбаева", "СЕРІКБАЕВА", "  Серікбаева  ", "Cерiкбаева"):
        assert world.post("/lookup/account", place(world, surname=surname)).json() == {"account": "123456"}


def test_anything_wrong_gets_one_and_the_same_answer(world: PeopleWorld) -> None:
    wrong = [
        {"surname": "Ахметова"},
        {"surname": "Серік"},
        {"surname": "Айгүл"},
        {"surname": "%"},
        {"surname": ""},
        {"surname": "\u0007"},
        {"house": "13"},
        {"flat": "46"},
        {"flat": ""},
        {"prefix": ""},
        {"street": "Абай к-сі"},
        {"provider": "nobody"},
    ]
    answers = []
    for number, changes in enumerate(wrong):
        answer = world.post("/lookup/account", place(world, **changes), source=f"192.0.2.{number}")
        answers.append((answer.status_code, answer.json()["problem"], sorted(answer.headers)))
    assert answers[0][:2] == (404, {"code": "unknown-account", "field": "", "values": {}})
    assert all(answer == answers[0] for answer in answers)


def test_a_closed_account_is_not_found(world: PeopleWorld) -> None:
    with world.database.change() as unit:
        unit.connection.exec_driver_sql("UPDATE account SET status = 'closed' WHERE number = '123456'")
        unit.changes.live(1, f"account:{world.kk.account.id}", "account", world.kk.account.id)
    assert world.post("/lookup/account", place(world)).status_code == 404


def test_last_months_breakdown_has_no_name_no_code_and_no_other_month(world: PeopleWorld) -> None:
    answer = world.post("/lookup/breakdown", place(world))
    assert answer.status_code == 200
    assert "Серікбаева" not in answer.text
    assert IIN not in answer.text
    assert world.kk.account.code_masked not in answer.text
    view = msgspec.json.decode(answer.content, type=AccountView)
    month = Month(2024, 1)
    assert {entry.period for entry in view.entries} == {202312, 202401}
    assert all(entry.kind == "opening" for entry in view.entries if entry.period == 202312)

    services = [service.id for service in view.services]
    shown, whole = breakdown_rows(view.entries, month, services), breakdown_rows(world.kk.entries, month, services)
    assert shown.total == whole.total
    assert shown.services == whole.services
    paper = breakdown.build(view, month, "kk", world.clock.now, masked=True)
    assert paper.startswith(b"%PDF")


def test_another_month_is_given_on_request(world: PeopleWorld) -> None:
    view = msgspec.json.decode(world.post("/lookup/breakdown", place(world, period=202306)).content, type=AccountView)
    assert {entry.period for entry in view.entries if entry.kind != "opening"} == {202306}
    problems = {
        202413: "period-invalid",
        0: "period-invalid",
        202501: "period-in-future",
        201901: "no-data",
    }
    for period, code in problems.items():
        answer = world.post("/lookup/breakdown", place(world, period=period), source=f"192.0.2.{period % 200}")
        assert answer.json()["problem"]["code"] == code


def test_looking_up_is_slowed_alike_whether_or_not_the_place_exists(world: PeopleWorld) -> None:
    texts = []
    for number, house in enumerate((world.kk.account.house, "999")):
        answers = [
            world.post("/lookup/account", place(world, house=house), source=f"203.0.113.{number}") for _ in range(13)
        ]
        assert [answer.status_code == 429 for answer in answers] == [False] * 12 + [True]
        texts.append((answers[-1].json()["problem"], answers[-1].headers["Retry-After"]))
    assert texts[0] == texts[1]
    world.clock.move(minutes=5)
    assert world.post("/lookup/account", place(world), source="203.0.113.0").status_code == 200


def test_one_place_may_be_asked_about_twenty_times_a_day_from_wherever(world: PeopleWorld) -> None:
    codes = [
        world.post("/lookup/account", place(world, surname="Ахметова"), source=f"203.0.113.{number}").status_code
        for number in range(22)
    ]
    assert codes == [404] * 20 + [429] * 2
