"""One-time codes: how long, how often and for what they work, and what is kept of them."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.provider.family_fixtures import provider_settings, world
from tests.provider.family_world import (
    MOTHER,
    OTHER_PHONE,
    PHONE,
    STRANGER,
    FamilyWorld,
    code_of,
    device_fields,
)

__all__ = ["provider_settings", "world"]


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
