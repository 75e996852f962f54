"""Getting a login, signing in, keeping it: over real HTTP, with real letters, on a real PostgreSQL."""

from __future__ import annotations

import pytest

from provider.settings import Settings
from tests.fixtures.provider import ProviderServer
from tests.provider.people_world import (
    IIN,
    OTHER_PASSWORD,
    PASSWORD,
    RNOKPP,
    PeopleWorld,
    body_of,
    make_people_world,
    people_settings,
)

FORM = {
    "kind": "individual",
    "provider_code": "",
    "account_number": "123456",
    "code": IIN,
    "email": "aigul@example.org",
    "password": PASSWORD,
    "surname": "Серікбаева",
    "language": "kk",
}


@pytest.fixture
def provider_settings(provider_settings: Settings) -> Settings:
    return people_settings(provider_settings)


@pytest.fixture
def world(provider_server: ProviderServer) -> PeopleWorld:
    return make_people_world(provider_server)


def form(world: PeopleWorld, **changes: str) -> dict[str, str]:
    return FORM | {"provider_code": world.kk.provider.code} | changes


def test_from_the_form_over_the_letter_to_the_first_sign_in(world: PeopleWorld) -> None:
    answer = world.post("/people/register", form(world))
    assert answer.status_code == 202
    early = world.sign_in("123456")
    assert early.status_code == 401

    (letter,) = world.letters("aigul@example.org")
    assert letter["Content-Language"] == "kk"
    assert "123456" in body_of(letter)
    assert world.sign_in("123456").json()["problem"]["code"] == "not-confirmed"

    link = world.link("aigul@example.org")
    assert link.startswith("https://kabinet.test/confirm/")
    page = world.open(link)
    assert page.status_code == 200
    assert world.sign_in("123456").json()["problem"]["code"] == "not-confirmed", "looking at the page confirms nothing"
    done = world.open(link, {})
    assert done.status_code == 200
    assert "123456" in done.text

    session = world.sign_in("123456").json()
    assert session["roles"] == ["resident"]
    scopes = {(scope["scope"]["tenant"], scope["scope"]["key"]) for scope in session["scopes"]}
    assert (world.kk.provider.id, f"account:{world.kk.account.id}") in scopes
    assert (0, f"user:{session['user_id']}") in scopes
    assert world.scalar("SELECT name FROM person") == world.kk.account.holder


def test_the_code_of_the_letter_can_be_typed_into_the_program_instead(world: PeopleWorld) -> None:
    world.post("/people/register", form(world))
    typed = world.code("aigul@example.org").lower().replace("-", " ")
    assert world.post("/people/confirm", {"token": typed}).json() == {"login": "123456"}
    assert world.sign_in().status_code == 200


def test_a_used_link_is_refused(world: PeopleWorld) -> None:
    world.post("/people/register", form(world))
    link = world.link("aigul@example.org")
    assert world.open(link, {}).status_code == 200
    again = world.open(link, {})
    assert again.status_code == 422
    token = link.rpartition("/")[2]
    assert world.post("/people/confirm", {"token": token}).json()["problem"]["code"] == "link-spent"


def test_a_link_ends_after_three_days(world: PeopleWorld) -> None:
    world.post("/people/register", form(world))
    link = world.link("aigul@example.org")
    world.clock.move(days=3, seconds=1)
    assert world.open(link, {}).status_code == 422
    assert world.scalar("SELECT count(*) FROM person") == 0


def test_a_legal_entity_registers_with_its_contract(world: PeopleWorld) -> None:
    with world.database.change() as unit:
        unit.connection.exec_driver_sql("UPDATE account SET kind = 'legal', contract = 'Д-77' WHERE number = '123456'")
        unit.changes.live(1, f"account:{world.kk.account.id}", "account", world.kk.account.id)
    body = form(world, kind="legal", account_number="", contract="Д-77")
    assert world.post("/people/register", body).status_code == 202
    world.open(world.link("aigul@example.org"), {})
    assert world.sign_in("Д-77").status_code == 200
    assert world.sign_in("д-77 ").status_code == 200


def test_the_answer_to_a_registration_is_the_same_whatever_the_registry_says(world: PeopleWorld) -> None:
    cases: list[dict[str, str]] = [
        {},
        {"account_number": "999999"},
        {"code": "991231504564"},
        {"account_number": "999999", "code": "991231504564"},
    ]
    answers = []
    for number, changes in enumerate(cases):
        answers.append(world.post("/people/register", form(world, email=f"a{number}@example.org", **changes)))
    assert {(answer.status_code, answer.content) for answer in answers} == {(202, b'{"accepted":true}')}
    assert len({tuple(sorted(answer.headers)) for answer in answers}) == 1
    for number, changes in enumerate(cases):
        (letter,) = world.letters(f"a{number}@example.org")  # somebody who mistyped is told by letter
        assert ("/confirm/" in body_of(letter)) is (changes == {})


def test_a_login_that_exists_is_not_taken_over_by_registering_again(world: PeopleWorld) -> None:
    world.user("123456", email="owner@example.org")
    answer = world.post("/people/register", form(world, email="thief@example.org"))
    assert (answer.status_code, answer.json()) == (202, {"accepted": True})
    assert world.letters("thief@example.org") == []
    (letter,) = world.letters("owner@example.org")
    assert "/confirm/" not in body_of(letter)
    assert world.sign_in("123456", PASSWORD).status_code == 200


def test_nobody_takes_a_login_by_being_first_with_a_wrong_address(world: PeopleWorld) -> None:
    world.post("/people/register", form(world, email="thief@example.org", password=OTHER_PASSWORD))
    world.post("/people/register", form(world, email="aigul@example.org"))
    thief = world.link("thief@example.org")
    assert world.open(world.link("aigul@example.org"), {}).status_code == 200
    assert world.open(thief, {}).status_code == 422
    assert world.sign_in("123456", PASSWORD).status_code == 200
    assert world.sign_in("123456", OTHER_PASSWORD).status_code == 401


def test_without_a_code_in_the_registry_the_surname_must_match(world: PeopleWorld) -> None:
    with world.database.change() as unit:
        unit.connection.exec_driver_sql("UPDATE account SET code = '' WHERE number = '123456'")
        unit.changes.live(1, f"account:{world.kk.account.id}", "account", world.kk.account.id)
    world.post("/people/register", form(world, surname="Ахметова", email="a@example.org"))
    world.post("/people/register", form(world, surname="СЕРІКБАЕВА", email="b@example.org"))
    assert "/confirm/" not in body_of(world.letters("a@example.org")[0])
    assert "/confirm/" in body_of(world.letters("b@example.org")[0])


def test_an_account_number_taken_at_another_provider_gets_a_longer_login(world: PeopleWorld) -> None:
    world.user("123456", accounts=[world.uk.account.id], code=RNOKPP)
    world.post("/people/register", form(world))
    world.open(world.link("aigul@example.org"), {})
    assert world.sign_in(f"{world.kk.provider.code}-123456").status_code == 200


def test_two_letters_with_the_same_login_make_two_people_with_two_logins(world: PeopleWorld) -> None:
    with world.database.change() as unit:
        unit.connection.exec_driver_sql("UPDATE account SET number = '123456' WHERE number = '101'")
        unit.changes.live(2, f"account:{world.uk.account.id}", "account", world.uk.account.id)
    other = {"provider_code": world.uk.provider.code, "code": RNOKPP, "email": "seb@example.org"}
    world.post("/people/register", form(world))
    world.post("/people/register", form(world, **other))
    first, second = world.link("aigul@example.org"), world.link("seb@example.org")
    assert world.open(first, {}).status_code == 200
    longer = f"{world.uk.provider.code}-123456"
    assert longer in world.open(second, {}).text
    assert world.sign_in("123456").status_code == world.sign_in(longer).status_code == 200


def test_a_form_is_refused_for_what_anybody_can_see_in_it(world: PeopleWorld) -> None:
    refused = [
        ("account_number", "", "field-required"),
        ("email", "no address", "email-invalid"),
        ("email", "a@b.example\r\nBcc: x@example.org", "text-not-allowed"),
        ("code", "850101300125", "iin-invalid"),
        ("code", "", "field-required"),
        ("password", "short", "password-too-short"),
        ("password", "x" * 65, "password-too-long"),
        ("password", "Password123!", "password-common"),
        ("password", "aaaaaaaaaa", "password-common"),
        ("password", "құпиясөз2024", "password-common"),
        ("kind", "alien", "field-invalid"),
        ("provider_code", "nobody", "field-invalid"),
        ("language", "fr", "language-unknown"),
        ("surname", "А" * 10_000, "too-large"),
        ("account_number", "\u202e654321", "text-not-allowed"),
    ]
    for field, value, code in refused:
        answer = world.post("/people/register", form(world) | {field: value})
        assert answer.status_code in (413, 422)
        assert answer.json()["problem"]["code"] == code, (field, value)
    assert world.scalar("SELECT count(*) FROM inquiry") == 0


def test_composed_and_decomposed_letters_are_the_same_password(world: PeopleWorld) -> None:
    composed, decomposed = "й" * 2 + "құпияжол", "и\u0306" * 2 + "құпияжол"
    world.user("123456", password=composed)
    assert world.sign_in("123456", decomposed).status_code == 200


def test_an_unknown_login_and_a_wrong_password_get_the_same_answer(world: PeopleWorld) -> None:
    world.user("123456")
    wrong, unknown = world.sign_in("123456", "not this one"), world.sign_in("654321", "not this one")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json()["problem"] == unknown.json()["problem"]
    assert set(wrong.headers) == set(unknown.headers)


def test_recovery_ends_with_a_new_password_and_every_device_signed_out(world: PeopleWorld) -> None:
    world.user("123456", email="aigul@example.org")
    token = world.token()
    assert world.post("/people/recover", {"login_or_email": "AIGUL@example.org"}).status_code == 202
    link = world.link("aigul@example.org")
    fields = {"code": IIN, "account": "123456", "new_password": OTHER_PASSWORD, "again": OTHER_PASSWORD}

    assert world.open(link).status_code == 200
    wrong = world.open(link, fields | {"code": "991231504564"})
    assert wrong.status_code == 422
    assert OTHER_PASSWORD not in wrong.text
    differ = world.open(link, fields | {"again": "something else"})
    assert differ.status_code == 422
    assert world.open(link, fields).status_code == 200

    assert world.sign_in("123456", PASSWORD).status_code == 401
    assert world.sign_in("123456", OTHER_PASSWORD).status_code == 200
    assert world.post("/people/password", {"current": "x", "new": "y"}, token=token).status_code == 401
    assert world.open(link, fields).status_code == 422, "the link worked once"
    assert len(world.letters("aigul@example.org")) == 2, "the change itself is told too"


def test_recovery_by_a_typed_code_through_the_program(world: PeopleWorld) -> None:
    world.user("123456", email="aigul@example.org")
    world.post("/people/recover", {"login_or_email": "123456"})
    body = {"token": world.code("aigul@example.org"), "code": IIN, "account": "123456", "new_password": OTHER_PASSWORD}
    assert world.post("/people/recover/finish", body).status_code == 200
    assert world.sign_in("123456", OTHER_PASSWORD).status_code == 200


def test_recovery_answers_everybody_alike_and_writes_only_to_whom_it_concerns(world: PeopleWorld) -> None:
    world.user("123456", email="aigul@example.org")
    known = world.post("/people/recover", {"login_or_email": "123456"})
    unknown = world.post("/people/recover", {"login_or_email": "nobody@example.org"})
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert [letter["To"] for letter in world.letters()] == ["aigul@example.org"]


def test_a_recovery_link_works_for_thirty_minutes_and_five_tries(world: PeopleWorld) -> None:
    world.user("123456", email="aigul@example.org")
    world.post("/people/recover", {"login_or_email": "123456"})
    right = {"code": IIN, "account": "123456", "new_password": OTHER_PASSWORD}
    first = world.link("aigul@example.org").rpartition("/")[2]
    for _ in range(5):
        answer = world.post("/people/recover/finish", right | {"token": first, "account": "111111"})
        assert answer.json()["problem"]["code"] == "details-differ"
    answer = world.post("/people/recover/finish", right | {"token": first})
    assert answer.json()["problem"]["code"] == "link-spent"

    world.post("/people/recover", {"login_or_email": "123456"})
    second = world.link("aigul@example.org").rpartition("/")[2]
    world.clock.move(minutes=31)
    answer = world.post("/people/recover/finish", right | {"token": second})
    assert answer.json()["problem"]["code"] == "link-spent"
    assert world.sign_in("123456", PASSWORD).status_code == 200


def test_a_new_address_confirms_itself_and_the_old_one_is_told(world: PeopleWorld) -> None:
    user = world.user("123456", email="old@example.org")
    token = world.token()
    body = {"new_email": "new@example.org", "password": PASSWORD}
    assert world.post("/people/email", body, token=token).status_code == 202
    assert world.scalar("SELECT email FROM person WHERE id = :id", id=user) == "old@example.org"
    assert "new@example.org" not in body_of(world.letters("old@example.org")[0])
    assert world.open(world.link("new@example.org"), {}).status_code == 200
    assert world.scalar("SELECT email FROM person WHERE id = :id", id=user) == "new@example.org"
    assert world.scalar("SELECT pending_email FROM person WHERE id = :id", id=user) == ""
    assert len(world.letters("old@example.org")) == 2
    assert world.scalar("SELECT live FROM sync_index WHERE tenant = 0 AND scope = :scope", scope=f"user:{user}"), (
        "devices learn the new address"
    )


def test_a_new_address_needs_the_password(world: PeopleWorld) -> None:
    world.user("123456", email="old@example.org")
    token = world.token()
    answer = world.post("/people/email", {"new_email": "new@example.org", "password": "guess"}, token=token)
    assert answer.json()["problem"]["code"] == "current-password-wrong"
    same = world.post("/people/email", {"new_email": "OLD@example.org", "password": PASSWORD}, token=token)
    assert same.json()["problem"]["code"] == "email-same"
    assert world.letters() == []


def test_changing_the_password_signs_other_devices_out_but_not_this_one(world: PeopleWorld) -> None:
    world.user("123456")
    mine = world.token()
    world.keys.pop("123456")
    other = world.token()
    body = {"current": PASSWORD, "new": OTHER_PASSWORD}
    assert world.post("/people/password", body | {"current": "wrong"}, token=mine).status_code == 422
    assert world.post("/people/password", body | {"new": "123456"}, token=mine).status_code == 422
    same = world.post("/people/password", {"current": PASSWORD, "new": PASSWORD}, token=mine)
    assert same.json()["problem"]["code"] == "password-same"
    assert world.post("/people/password", body, token=mine).status_code == 200
    assert world.post("/people/password", body, token=other).status_code == 401
    assert world.post("/people/password", body | {"current": "wrong"}, token=mine).status_code == 422
    assert world.sign_in("123456", OTHER_PASSWORD).status_code == 200
