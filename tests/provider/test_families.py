"""Parents get and keep a login: over real HTTP, with real text messages, on a real PostgreSQL."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from provider.services.identity import create_user, note_person
from tests.provider.family_fixtures import provider_settings, world
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
    code_of,
)

__all__ = ["provider_settings", "world"]


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
