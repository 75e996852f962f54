"""Parents get and keep a login: over real HTTP, with real text messages, on a real PostgreSQL."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from provider.services.identity import create_user, note_person
from provider.settings import Settings
from tests.fixtures.provider import ProviderServer
from tests.provider.family_world import (
    DOCUMENT,
    FATHER,
    MOTHER,
    OTHER_CHILD,
    OTHER_PHONE,
    PASSWORD,
    PHONE,
    STRANGER,
    FamilyWorld,
    device_fields,
    family_settings,
    make_family_world,
)


@pytest.fixture
def provider_settings(provider_settings: Settings) -> Settings:
    return family_settings(provider_settings)


@pytest.fixture
def world(provider_server: ProviderServer) -> FamilyWorld:
    return make_family_world(provider_server)


def code_of(answer: object) -> str:
    return str(answer.json()["problem"]["code"])  # type: ignore[attr-defined]


def test_from_the_telephone_over_the_register_to_every_way_of_signing_in(world: FamilyWorld) -> None:
    answer = world.ask("register", code=MOTHER)
    assert (answer.status_code, answer.json()) == (202, {"seconds": 80})
    told = world.messages(PHONE)[-1]
    assert "80 секунд" in told

    body = {"purpose": "register", "phone": PHONE, "one_time": world.code(), "code": MOTHER}
    ticket = world.post("/families/codes/verify", body).json()["ticket"]
    shown = world.post("/families/person", {"ticket": ticket, "phone": PHONE, "code": MOTHER}).json()
    assert shown == {
        "surname": "Серікова",
        "given_name": "Айгүл",
        "patronymic": "Маратқызы",
        "born": "1990-03-12",
        "sex": "female",
        "full": True,
    }
    form = {"ticket": ticket, "phone": PHONE, "code": MOTHER, "password": PASSWORD, "department": str(world.tenant)}
    login = world.post("/families/register", form).json()["login"]

    for name in (login, MOTHER, f"{MOTHER[:6]} {MOTHER[6:]}", PHONE, "8 701 234 56 78", "77012345678"):
        answer = world.sign_in(name)
        assert answer.status_code == 200, name
        world.clock.move(minutes=2)
    assert answer.json()["roles"] == ["parent"]
    keys = {(scope["scope"]["tenant"], scope["scope"]["key"]) for scope in answer.json()["scopes"]}
    assert (world.tenant, "public") in keys, "who registered sees the kindergartens of their region"
    row = world.scalar(
        "SELECT name || '|' || code || '|' || born || '|' || sex || '|' || phone FROM person WHERE login = :l", l=login
    )
    assert row == f"Серікова Айгүл Маратқызы|{MOTHER}|1990-03-12|female|+77012345678"


def test_the_order_with_the_iin_after_the_password_is_the_same_wizard(world: FamilyWorld) -> None:
    ticket = world.ticket()
    form = {"ticket": ticket, "phone": PHONE, "code": DOCUMENT, "password": PASSWORD}
    shown = world.post("/families/person", {"ticket": ticket, "phone": PHONE, "code": DOCUMENT}).json()
    assert shown["full"] is False
    assert shown["surname"] == "Ш***"
    assert shown["born"] is None
    assert world.post("/families/register", form).status_code == 200
    assert world.sign_in(DOCUMENT).status_code == 200, "a document number stands for an IIN"
    assert code_of(world.post("/families/register", form)) == "already-registered", "a ticket makes one login"


def test_an_email_address_signs_in_too(world: FamilyWorld) -> None:
    with world.database.change() as unit:
        create_user(unit, "123456", PASSWORD, email="aigul@example.org", now=world.clock.now)
    assert world.sign_in("Aigul@Example.org").status_code == 200


def test_a_telephone_that_two_share_signs_in_nobody(world: FamilyWorld) -> None:
    world.register(STRANGER)
    world.clock.move(hours=1)
    world.register(DOCUMENT)
    assert code_of(world.sign_in(PHONE)) == "wrong-password"
    assert world.sign_in(STRANGER).status_code == 200


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"consent": False}, "consent-required"),
        ({"phone": "12345"}, "phone-invalid"),
        ({"code": "210220550812"}, "iin-check-digit"),
        ({"code": "210220750814"}, "iin-century"),
        ({"code": "210230550816"}, "iin-date"),
        ({"code": "../../etc"}, "field-invalid"),
        ({"code": "x" * 500}, "text-too-long"),
        ({"purpose": "sign"}, "field-invalid"),
        ({"language": "fr"}, "language-unknown"),
    ],
)
def test_no_code_is_sent_for_what_cannot_be(world: FamilyWorld, form: dict[str, object], code: str) -> None:
    answer = world.ask("register", body=form)
    assert (answer.status_code, code_of(answer)) == (422, code)
    assert not world.messages()


def test_the_register_decides_whose_number_it_is(world: FamilyWorld) -> None:
    ticket = world.ticket(phone=OTHER_PHONE)
    form = {"ticket": ticket, "phone": OTHER_PHONE, "password": PASSWORD}
    for number in (MOTHER, "940225301801"):
        answer = world.post("/families/register", form | {"code": number})
        assert code_of(answer) == "person-not-matched", "another's telephone and nobody's number are told alike"
    assert world.post("/families/register", form | {"code": FATHER}).status_code == 200


def test_a_child_gets_no_login_of_its_own(world: FamilyWorld) -> None:
    ticket = world.ticket(phone=OTHER_PHONE)
    form = {"ticket": ticket, "phone": OTHER_PHONE}
    for path, more in (("person", {}), ("register", {"password": PASSWORD})):
        answer = world.post(f"/families/{path}", form | more | {"code": OTHER_CHILD})
        assert code_of(answer) == "too-young-to-register", "nothing of the child is shown or made"
    answer = world.post("/families/register", form | {"code": FATHER, "password": PASSWORD})
    assert answer.status_code == 200, "who typed the child's number corrects it and goes on"


def test_nobody_registers_twice(world: FamilyWorld) -> None:
    world.register()
    world.clock.move(hours=1)
    ticket = world.ticket()
    answer = world.post("/families/person", {"ticket": ticket, "phone": PHONE, "code": MOTHER})
    assert code_of(answer) == "already-registered"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("қысқа", "password-too-short"),
        ("ә" * 20 + "b" * 21, "password-too-long"),
        ("77012345678", "password-is-login"),
        (MOTHER, "password-is-login"),
        ("12345678", "password-common"),
    ],
)
def test_a_password_has_eight_to_forty_characters(world: FamilyWorld, password: str, code: str) -> None:
    form = {"ticket": world.ticket(), "phone": PHONE, "code": MOTHER, "password": password}
    assert code_of(world.post("/families/register", form)) == code
    good = world.post("/families/register", form | {"password": "ұзын сөз " + "я" * 31})
    assert good.status_code == 200, "the ticket outlives a password that was refused"


def test_a_code_is_over_after_80_seconds(world: FamilyWorld) -> None:
    world.ask("register")
    code = world.code()
    world.clock.move(seconds=80)
    body = {"purpose": "register", "phone": PHONE, "one_time": code}
    assert code_of(world.post("/families/codes/verify", body)) == "code-spent"


def test_another_code_is_sent_only_when_the_first_is_over_and_ends_it(world: FamilyWorld) -> None:
    world.ask("register")
    first = world.code()
    world.clock.move(seconds=30)
    again = world.ask("register")
    assert (again.status_code, code_of(again)) == (429, "code-wait")
    assert int(again.headers["Retry-After"]) == 50
    world.clock.move(seconds=50)
    assert world.ask("register").status_code == 202
    second = world.code()
    body = {"purpose": "register", "phone": PHONE}
    if first != second:
        assert code_of(world.post("/families/codes/verify", body | {"one_time": first})) == "code-wrong"
    assert world.post("/families/codes/verify", body | {"one_time": second}).status_code == 200


def test_five_wrong_codes_end_it_even_for_the_right_one(world: FamilyWorld) -> None:
    world.ask("register")
    code = world.code()
    wrong = f"{(int(code) + 1) % 10**6:06}"
    body = {"purpose": "register", "phone": PHONE}
    answers = [world.post("/families/codes/verify", body | {"one_time": wrong}) for _ in range(5)]
    assert [answer.json()["problem"]["values"].get("left") for answer in answers] == [4, 3, 2, 1, None]
    assert code_of(world.post("/families/codes/verify", body | {"one_time": code})) == "code-spent"


def test_many_guesses_at_once_are_five_tries_all_the_same(world: FamilyWorld) -> None:
    world.ask("register")
    code = world.code()
    wrong = f"{(int(code) + 1) % 10**6:06}"
    body = {"purpose": "register", "phone": PHONE, "one_time": wrong}

    def guess(number: int) -> str:
        return code_of(world.post("/families/codes/verify", body, source=f"203.0.113.{number}"))

    with ThreadPoolExecutor(16) as pool:
        said = list(pool.map(guess, range(16)))
    assert said.count("code-wrong") == 4
    assert said.count("code-spent") == 12
    assert world.scalar("SELECT tries FROM one_time_code") == 5


def test_a_right_code_sent_many_times_at_once_gives_one_session(world: FamilyWorld) -> None:
    world.register()
    world.clock.move(hours=1)
    world.ask("sign-in", code=MOTHER)
    body = {"phone": PHONE, "code": MOTHER, "one_time": world.code()}

    def enter(_number: int) -> int:
        key = Ed25519PrivateKey.generate()
        return world.post("/families/sign-in", body | device_fields(key)).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(enter, range(8)))
    assert answers[0] == 200
    assert set(answers[1:]) <= {422, 503}, "503: one waited too long for the one that was let in"


def test_a_code_works_once_and_for_its_purpose_only(world: FamilyWorld) -> None:
    world.register()
    world.clock.move(hours=1)
    world.ask("sign-in", code=MOTHER)
    code = world.code()
    form = {"phone": PHONE, "code": MOTHER, "one_time": code} | device_fields(Ed25519PrivateKey.generate())
    as_recovery = {"purpose": "recover", "phone": PHONE, "code": MOTHER, "one_time": code}
    assert code_of(world.post("/families/codes/verify", as_recovery)) == "code-spent"
    session = world.post("/families/sign-in", form)
    assert session.status_code == 200
    assert session.json()["roles"] == ["parent"]
    assert code_of(world.post("/families/sign-in", form)) == "code-spent"


def test_a_code_for_somebody_who_is_not_there_is_answered_like_any_other_and_never_sent(world: FamilyWorld) -> None:
    world.register()
    world.clock.move(hours=1)
    sent = len(world.messages())
    said = []
    for phone, code in ((OTHER_PHONE, MOTHER), ("+77770000000", STRANGER)):
        for purpose in ("sign-in", "recover"):
            answer = world.ask(purpose, phone, code)
            world.work()
            wrong = {"purpose": "recover", "phone": phone, "code": code, "one_time": "123456"}
            device = device_fields(Ed25519PrivateKey.generate())
            path, body = (
                ("/families/sign-in", {"phone": phone, "code": code, "one_time": "123456"} | device)
                if purpose == "sign-in"
                else ("/families/codes/verify", wrong)
            )
            said.append((answer.status_code, answer.json(), code_of(world.post(path, body))))
            world.clock.move(minutes=10)
    assert set(map(str, said)) == {str((202, {"seconds": 80}, "code-wrong"))}
    assert len(world.messages()) == sent


def test_many_guesses_are_slowed_whatever_their_source(world: FamilyWorld) -> None:
    world.ask("register")
    world.work()
    body = {"purpose": "register", "phone": PHONE, "one_time": "000000"}
    answers = [world.post("/families/codes/verify", body, source=f"203.0.113.{n}") for n in range(25)]
    assert answers[-1].status_code == 429


def test_few_messages_go_to_one_telephone(world: FamilyWorld) -> None:
    answers: list[int] = []
    for _ in range(5):
        answers.append(world.ask("register", source=f"203.0.113.{len(answers)}").status_code)
        world.clock.move(seconds=81)
    assert answers == [202, 202, 202, 429, 202], "three at once, and one more every five minutes"


def test_a_forgotten_password_is_set_with_a_code_and_ends_every_session(world: FamilyWorld) -> None:
    parent = world.parent()
    old = parent.token
    ticket = world.ticket("recover", PHONE, MOTHER)
    form = {"ticket": ticket, "phone": PHONE, "code": MOTHER, "password": "жаңа құпия сөз 7"}
    assert code_of(world.post("/families/recover", form | {"phone": OTHER_PHONE})) == "code-spent"
    assert world.post("/families/recover", form).status_code == 200
    assert code_of(world.post("/families/recover", form)) == "code-spent"
    assert world.post("/sessions/sign-out", token=old).status_code == 401
    assert code_of(world.sign_in(MOTHER)) == "wrong-password"
    assert world.sign_in(MOTHER, "жаңа құпия сөз 7").status_code == 200
    assert "өзгертілді" in world.messages(PHONE)[-1]


def test_a_consumer_of_a_utility_becomes_a_parent_too(world: FamilyWorld) -> None:
    with world.database.change() as unit:
        create_user(unit, "123456", PASSWORD, code=MOTHER, now=world.clock.now)
    token = world.sign_in("123456").json()["access_token"]
    form = {"ticket": world.ticket(), "phone": PHONE, "code": MOTHER, "department": str(world.tenant)}
    other = world.post("/families/join", form | {"code": STRANGER}, token=token)
    assert code_of(other) == "details-differ", "the provider knows them by another IIN"
    assert world.post("/families/join", form, token=token).status_code == 200
    answer = world.sign_in(MOTHER)
    assert answer.json()["roles"] == ["resident", "parent"]


def test_a_text_message_alone_opens_no_office(world: FamilyWorld) -> None:
    parent = world.parent()
    with world.database.change() as unit:
        roles = text('UPDATE person SET roles = \'["parent", "officer"]\' WHERE id = :id')
        unit.connection.execute(roles, {"id": parent.user})
        note_person(unit, parent.user)
    sent = len(world.messages())
    for purpose in ("sign-in", "recover"):
        assert world.ask(purpose, code=MOTHER).status_code == 202
        world.clock.move(minutes=10)
    assert len(world.messages()) == sent
    assert world.sign_in(MOTHER).status_code == 200, "with the password they come in"


def test_a_telephone_is_changed_by_proving_the_new_one(world: FamilyWorld) -> None:
    parent = world.parent()
    ticket = world.ticket(phone=OTHER_PHONE)
    form = {"ticket": ticket, "phone": OTHER_PHONE, "password": "wrong password"}
    assert code_of(world.post("/families/phone", form, token=parent.token)) == "current-password-wrong"
    assert world.post("/families/phone", form | {"password": PASSWORD}, token=parent.token).status_code == 200
    assert "телефон" in world.messages(PHONE)[-1].casefold(), "the old telephone is told"
    assert world.sign_in(OTHER_PHONE).status_code == 200
    assert code_of(world.sign_in(PHONE)) == "wrong-password"


def test_who_signs_at_an_office_proves_a_first_telephone_and_nobody_else_without_one(world: FamilyWorld) -> None:
    ticket = world.ticket(phone=OTHER_PHONE)
    form = {"ticket": ticket, "phone": OTHER_PHONE, "password": PASSWORD}
    about = {"about": "application:17"}
    with world.database.change() as unit:
        for login, role in (("sadyq", "kindergarten"), ("turgyn", "resident")):
            create_user(unit, login, PASSWORD, roles=[role], accounts=[], email="", now=world.clock.now)
    resident, staff = (world.sign_in(login).json()["access_token"] for login in ("turgyn", "sadyq"))
    assert code_of(world.post("/families/phone", form, token=resident)) == "not-allowed"
    assert code_of(world.post("/families/codes/signing", about, token=staff)) == "phone-missing"
    assert world.post("/families/phone", form, token=staff).status_code == 200
    world.clock.move(minutes=2)
    assert world.post("/families/codes/signing", about, token=staff).status_code == 202
    assert world.code(OTHER_PHONE)
    assert code_of(world.sign_in("staff:1")) == "wrong-password"


def test_a_signing_code_goes_to_the_proved_telephone_and_signs_one_thing(world: FamilyWorld) -> None:
    from provider.services import one_time
    from provider.services.refusals import Refusal

    parent = world.parent()
    answer = world.post("/families/codes/signing", {"about": "application:17"}, token=parent.token)
    assert answer.status_code == 202
    code = world.code()

    def sign(about: str) -> str:
        try:
            with world.database.change() as unit:
                one_time.verify_signing(unit.connection, parent.user, about, code, world.clock.now)
        except Refusal as refusal:
            return refusal.problem.code
        return "signed"

    assert sign("application:18") == "code-spent"
    assert sign("application:17") == "signed"
    assert sign("application:17") == "code-spent"


def test_an_undone_transaction_gives_a_right_code_back_and_keeps_wrong_tries(world: FamilyWorld) -> None:
    from provider.services import one_time
    from provider.services.refusals import Refusal

    parent = world.parent()
    world.post("/families/codes/signing", {"about": "application:1"}, token=parent.token)
    code = world.code()

    def use(typed: str, *, undo: bool) -> None:
        with world.database.change() as unit:
            one_time.verify_signing(unit.connection, parent.user, "application:1", typed, world.clock.now)
            if undo:
                raise KeyError("undone")

    for _ in range(2):
        with pytest.raises(KeyError):
            use(code, undo=True)
    with pytest.raises(Refusal, match="code-wrong"):
        use("x", undo=False)
    assert world.scalar("SELECT tries FROM one_time_code ORDER BY id DESC LIMIT 1") == 3
    use(code, undo=False)


def test_no_code_and_no_number_stays_in_clear(world: FamilyWorld) -> None:
    world.ask("sign-in", code=MOTHER)
    stored = str(world.scalar("SELECT payload::text FROM inquiry"))
    assert MOTHER not in stored
    world.clock.move(hours=1)
    world.register()
    texts = world.scalar("SELECT string_agg(body, '') FROM phone_message")
    assert not texts, "what was sent leaves nothing behind"
    assert not re.search(r"\b\d{6}\b", str(world.scalar("SELECT string_agg(code_hash, ' ') FROM one_time_code")))
    assert MOTHER not in str(world.scalar("SELECT string_agg(code_key, ' ') FROM person_code"))
