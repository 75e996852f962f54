"""A code or ticket that was used serves the same wish again when its answer was lost on the line, and no other."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from desktop.cabinet import Cabinet
from desktop.paths import Folders
from desktop.settings import Settings as OwnSettings
from provider.services.identity import create_user
from provider.settings import Settings
from sync import wishes
from sync.client import SyncClient
from sync.families import Families
from sync.transport import Refused, TransportError
from tests.fixtures.provider import ProviderServer
from tests.journeys.surroundings import Keyring
from tests.provider.family_world import (
    FATHER,
    MOTHER,
    OTHER_PHONE,
    PASSWORD,
    PHONE,
    FamilyWorld,
    device_fields,
    make_family_world,
)
from tests.provider.people_world import Clock
from tests.sync.wire import Wire

NEW = "тау етегіндегі ауыл"


@pytest.fixture
def provider_settings(provider_settings: Settings) -> Settings:
    return replace(provider_settings, clock=Clock(datetime.now(UTC)))


@pytest.fixture
def office(provider_server: ProviderServer) -> FamilyWorld:
    return make_family_world(provider_server)


@pytest.fixture
def families(office: FamilyWorld, make_client: Callable[..., SyncClient]) -> Families:
    client = make_client()
    return Families(client.transport, client.link)


@pytest.fixture
def lose(wire: Wire) -> Callable[..., None]:
    """Return a function that does something whose answer is lost."""

    def make(wish: Callable[[], object]) -> None:
        wire.break_("lost", count=1)
        with pytest.raises(TransportError) as lost:
            wish()
        assert not isinstance(lost.value, Refused)
        wire.heal()

    return make


def code_of(answer: object) -> str:
    return str(answer.json()["problem"]["code"])  # type: ignore[attr-defined]


def test_a_registration_goes_on_although_every_answer_of_it_was_lost(
    office: FamilyWorld, families: Families, lose: Callable[..., None]
) -> None:
    families.ask_code("register", PHONE, consent=True)
    typed = office.code()
    lose(lambda: families.verify_code("register", PHONE, typed))
    ticket = families.verify_code("register", PHONE, typed).ticket
    assert families.verify_code("register", PHONE, typed).ticket == ticket, "whoever presses twice is where they were"
    assert families.show_person(ticket, PHONE, MOTHER).surname == "Серікова"

    def register(password: str = PASSWORD) -> str:
        department = str(office.tenant)
        return families.register(ticket=ticket, phone=PHONE, code=MOTHER, password=password, department=department)

    lose(register)
    login = register()
    assert office.sign_in(login).status_code == 200
    assert office.scalar("SELECT count(*) FROM person_code") == 1
    with pytest.raises(Refused) as other:
        register(NEW)
    assert other.value.problem.code == "already-registered", "another password is another wish: it is not set"
    assert office.sign_in(login, NEW).status_code == 401


def test_a_repeated_wish_is_served_no_longer_than_its_code_works(office: FamilyWorld, families: Families) -> None:
    families.ask_code("register", PHONE, consent=True)
    typed = office.code()
    ticket = families.verify_code("register", PHONE, typed).ticket
    office.clock.move(seconds=81)
    with pytest.raises(Refused) as late:
        families.verify_code("register", PHONE, typed)
    assert late.value.problem.code == "code-spent"
    fields = {"ticket": ticket, "phone": PHONE, "code": MOTHER, "password": PASSWORD, "department": ""}
    families.register(**fields)
    office.clock.move(minutes=20)
    with pytest.raises(Refused) as over:
        families.register(**fields)
    assert over.value.problem.code == "code-spent"


def test_a_new_password_is_set_once_and_its_lost_answer_is_said_again(
    office: FamilyWorld, families: Families, lose: Callable[..., None]
) -> None:
    login = office.register()
    office.clock.move(hours=1)
    families.ask_code("recover", PHONE, MOTHER, consent=True)
    typed = office.code()
    lose(lambda: families.verify_code("recover", PHONE, typed, MOTHER))
    ticket = families.verify_code("recover", PHONE, typed, MOTHER).ticket
    fields = {"ticket": ticket, "phone": PHONE, "code": MOTHER, "password": NEW}
    lose(lambda: families.recover(**fields))
    told = len(office.messages(PHONE))
    families.recover(**fields)
    assert len(office.messages(PHONE)) == told, "the person is told of one change"
    assert office.sign_in(login, NEW).status_code == 200
    with pytest.raises(Refused) as other:
        families.recover(**fields | {"password": PASSWORD})
    assert other.value.problem.code == "code-spent"


def test_a_session_by_code_comes_although_its_answer_was_lost(
    office: FamilyWorld, wire: Wire, tmp_path: Path, lose: Callable[..., None]
) -> None:
    office.register()
    office.clock.move(seconds=90)
    settings = OwnSettings(tmp_path / "settings.json")
    settings.set("provider_url", wire.url)
    cabinet = Cabinet(Folders(tmp_path), settings, keyring=Keyring(), clock=office.clock)
    cabinet.families().ask_code("sign-in", PHONE, MOTHER)
    typed = office.code()
    lose(lambda: cabinet.sign_in_by_code(PHONE, MOTHER, typed, "laptop"))
    inside = cabinet.sign_in_by_code(PHONE, MOTHER, typed, "laptop")
    assert "parent" in inside.roles
    assert inside.client.sync().problem is None
    cabinet.close()


def test_a_cabinet_gets_kindergarten_and_another_telephone_although_the_answers_were_lost(
    office: FamilyWorld, make_client: Callable[..., SyncClient], lose: Callable[..., None]
) -> None:
    with office.database.change() as unit:
        create_user(unit, "123456", PASSWORD, now=office.clock.now)
    client = make_client()
    client.sign_in("123456", PASSWORD, "test")
    families = Families(client.transport, client.link)
    families.ask_code("register", PHONE, consent=True)
    ticket = families.verify_code("register", PHONE, office.code()).ticket
    joining = {"ticket": ticket, "phone": PHONE, "code": MOTHER, "department": str(office.tenant)}
    lose(lambda: families.join(**joining))
    families.join(**joining)
    office.clock.move(seconds=81)
    families.ask_code("register", OTHER_PHONE, consent=True)
    ticket = families.verify_code("register", OTHER_PHONE, office.code(OTHER_PHONE)).ticket
    moving = {"ticket": ticket, "phone": OTHER_PHONE, "password": PASSWORD}
    lose(lambda: families.change_phone(**moving))
    told = len(office.messages(PHONE))
    families.change_phone(**moving)
    assert len(office.messages(PHONE)) == told
    assert office.scalar("SELECT phone_key FROM person_code") == "77020001122"


def test_without_the_key_of_the_wish_a_used_code_is_spent_for_everybody(office: FamilyWorld) -> None:
    office.ask("register")
    typed = office.code()
    body = {"purpose": "register", "phone": PHONE, "one_time": typed}
    key, another = "k" * 43, "l" * 43
    assert office.post("/families/codes/verify", body | {"request": key}).status_code == 200
    assert code_of(office.post("/families/codes/verify", body)) == "code-spent"
    assert code_of(office.post("/families/codes/verify", body | {"request": another})) == "code-spent"
    wrong = body | {"one_time": f"{(int(typed) + 1) % 10**6:06}", "request": key}
    assert code_of(office.post("/families/codes/verify", wrong)) == "code-spent", "nothing tells how near a guess is"
    assert code_of(office.post("/families/codes/verify", body | {"phone": OTHER_PHONE, "request": key})) == "code-spent"
    assert office.post("/families/codes/verify", body | {"request": key}).status_code == 200


@pytest.mark.parametrize("key", ["short", "z" * 101, "with spaces in it, long enough", "ә" * 30])
def test_a_key_that_could_be_guessed_is_not_taken(office: FamilyWorld, key: str) -> None:
    office.ask("register")
    body = {"purpose": "register", "phone": PHONE, "one_time": office.code(), "request": key}
    assert code_of(office.post("/families/codes/verify", body)) == "field-invalid"
    assert office.post("/families/codes/verify", body | {"request": ""}).status_code == 200, "the code was not used"


def test_repeating_counts_against_the_same_limits(office: FamilyWorld) -> None:
    office.ask("register")
    body = {"purpose": "register", "phone": PHONE, "one_time": office.code(), "request": "k" * 43}
    answers = [office.post("/families/codes/verify", body, source=f"203.0.113.{n}") for n in range(60)]
    assert answers[0].status_code == 200
    assert {answer.json().get("ticket") for answer in answers if answer.status_code == 200} == {
        answers[0].json()["ticket"]
    }
    assert answers[-1].status_code == 429


def test_five_wrong_tries_end_a_code_with_a_key_as_without(office: FamilyWorld) -> None:
    office.ask("register")
    typed = office.code()
    wrong = f"{(int(typed) + 1) % 10**6:06}"
    body = {"purpose": "register", "phone": PHONE, "request": "k" * 43}
    said = [code_of(office.post("/families/codes/verify", body | {"one_time": wrong})) for _ in range(5)]
    assert said == ["code-wrong"] * 4 + ["code-spent"]
    assert code_of(office.post("/families/codes/verify", body | {"one_time": typed})) == "code-spent"


def test_the_same_wish_at_the_same_time_is_one_registration(office: FamilyWorld) -> None:
    ticket = office.ticket()
    body = {"ticket": ticket, "phone": PHONE, "code": MOTHER, "password": PASSWORD, "request": "k" * 43}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _n: office.post("/families/register", body), range(4)))
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.json()["login"] for answer in answers}) == 1
    assert code_of(office.post("/families/register", body | {"code": FATHER})) == "code-spent"


def test_a_session_asked_for_many_times_at_once_with_one_key_is_one_person_s(office: FamilyWorld) -> None:
    office.register()
    office.clock.move(hours=1)
    office.ask("sign-in", code=MOTHER)
    key = device_fields(Ed25519PrivateKey.generate())
    body = {"phone": PHONE, "code": MOTHER, "one_time": office.code(), "request": "k" * 43} | key
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _n: office.post("/families/sign-in", body), range(4)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({(answer.json()["user_id"], answer.json()["device_id"]) for answer in answers}) == 1


def test_other_words_are_another_wish() -> None:
    one = wishes.key("/families/register", {"ticket": "t", "password": "a"})
    assert one == wishes.key("/families/register", {"password": "a", "ticket": "t"})
    assert one != wishes.key("/families/register", {"ticket": "t", "password": "b"})
    assert one != wishes.key("/families/recover", {"ticket": "t", "password": "a"})
    assert len(one) == 43
