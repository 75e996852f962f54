"""Children enter their parent's cabinet after a look into the register, and are entrusted to others."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from threading import Thread

import pytest
from sqlalchemy import text

from models.contract.admission_commands import EndEntrusting, EntrustChild, RemoveChild, SetChildPhoto, UpdateProfile
from models.contract.commands import UpdateContact
from models.contract.conflicts import conflict_of
from models.contract.outcomes import CommandOutcome
from provider.services import blobs, children, entrusting
from provider.services.register import FILE, open_register
from tests.provider.documents_made import jpeg, pdf
from tests.provider.family_fixtures import mother, provider_settings, world
from tests.provider.family_world import (
    CHILD,
    FATHER,
    GROWN,
    OTHER_CHILD,
    OTHER_PHONE,
    PASSWORD,
    PERSONS,
    STRANGER,
    FamilyWorld,
    Parent,
)
from tests.provider.sync_world import add_row

__all__ = ["mother", "provider_settings", "world"]


def father_of(world: FamilyWorld) -> Parent:
    return world.parent(FATHER, OTHER_PHONE)


def told_of_taking_back(parent: Parent) -> bool:
    parent.device.pull()
    told = [str(row) for key, row in parent.device.rows.items() if key[2] == "message"]
    return any("Айгүл С. took back what was entrusted to you: АЛЫБАЙ СМАР." in text for text in told)


def test_the_register_fills_the_form_and_decides_what_is_kept(world: FamilyWorld, mother: Parent) -> None:
    shown = mother.check()
    assert shown.json() == {
        "iin": CHILD,
        "surname": "АЛЫБАЙ",
        "given_name": "СМАР",
        "patronymic": "ҚУАНДЫҚҰЛЫ",
        "born": "2021-02-20",
        "sex": "male",
        "ethnicity": "Қазақ",
        "child_id": None,
    }
    outcome = mother.add(surname="Другая", born=date(2020, 1, 1), sex="female")
    child_id = outcome.result["child_id"]
    row = world.scalar("SELECT surname || born || sex || version FROM child WHERE id = :id", id=child_id)
    assert row == "АЛЫБАЙ2021-02-20male1"
    for _ in range(2):  # a new scope is granted by the first answer and read by the second
        mother.device.pull()
    held = {(key[1], key[2]) for key in mother.device.rows}
    assert (f"child:{child_id}", "child") in held
    assert (f"child:{child_id}", "guardian") in held
    assert mother.add().result == {"child_id": child_id}, "entering a child twice changes nothing"
    assert mother.check().json()["child_id"] == child_id


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("210220550812", "iin-check-digit"),
        ("210220750814", "iin-century"),
        ("210230550816", "iin-date"),
        ("2102205508110", "iin-invalid"),
        ("٢١٠٢٢٠٥٥٠٨١١", "iin-invalid"),
        ("210220550821", "child-not-found"),
        (OTHER_CHILD, "child-of-another"),
        (GROWN, "not-a-child"),
    ],
)
def test_a_number_that_is_none_or_nobody_of_mine_shows_nothing(mother: Parent, number: str, code: str) -> None:
    answer = mother.check(number)
    assert answer.status_code == 422
    assert answer.json()["problem"]["code"] == code
    assert "Омарова" not in answer.text
    assert mother.add(number).problems[0].code in (code, "child-not-checked")


def test_a_child_that_was_not_checked_is_not_entered(world: FamilyWorld, mother: Parent) -> None:
    assert mother.add().problems[0].code == "child-not-checked"
    mother.check()
    world.clock.move(days=31)
    assert mother.add().problems[0].code == "child-not-checked"


def test_the_register_is_asked_ten_times_a_day(mother: Parent) -> None:
    answers = [mother.check(OTHER_CHILD).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_who_is_no_parent_checks_nobody(world: FamilyWorld) -> None:
    from provider.services.identity import create_user

    with world.database.change() as unit:
        create_user(unit, "123456", "көл жағасындағы үй", now=world.clock.now)
    token = world.sign_in("123456").json()["access_token"]
    answer = world.post("/children/check", {"iin": CHILD, "department_id": world.tenant}, token=token)
    assert answer.status_code == 403
    assert world.post("/children/check", {"iin": CHILD, "department_id": world.tenant}).status_code == 401


def test_the_second_parent_learns_who_entered_the_child_without_the_whole_name(
    world: FamilyWorld, mother: Parent
) -> None:
    mother.child()
    father = father_of(world)
    answer = father.check()
    assert answer.json()["problem"] == {
        "code": "child-entered-already",
        "field": "iin",
        "values": {"by": "Айгүл С."},
    }
    assert father.add().problems[0].code == "child-entered-already"
    assert not any(key.startswith("child:") for key in father.codes())


def test_an_entrusted_person_sees_the_child_until_it_is_taken_back(world: FamilyWorld, mother: Parent) -> None:
    child_id = mother.child()
    father = father_of(world)
    outcome = mother.command(EntrustChild(world.tenant, child_id, FATHER, may_act=True))
    guardian_id = outcome.result["guardian_id"]
    assert f"child:{child_id}" in father.codes()
    assert "Айгүл С." in world.messages(OTHER_PHONE)[-1]
    for _ in range(2):
        father.device.pull()
    assert any(key[2] == "child" for key in father.device.rows)
    assert father.command(SetChildPhoto(world.tenant, child_id, "")).problems[0].code == "not-found"
    assert father.command(EntrustChild(world.tenant, child_id, STRANGER)).problems[0].code == "not-found"

    assert mother.command(EndEntrusting(world.tenant, guardian_id)).status == "applied"
    father.device.pull()
    assert not any(key[2] == "child" for key in father.device.rows), "their device forgets it"
    assert told_of_taking_back(father), "and says why it does"
    assert not told_of_taking_back(mother)
    assert mother.command(EndEntrusting(world.tenant, guardian_id)).problems[0].code == "not-found"
    again = mother.command(EntrustChild(world.tenant, child_id, FATHER))
    assert again.status == "applied"
    assert father.command(EndEntrusting(world.tenant, again.result["guardian_id"])).status == "applied"
    assert world.scalar("SELECT count(*) FROM message") == 1, "who gives it up knows"


def test_what_is_entrusted_anew_while_it_is_given_up_is_entrusted(world: FamilyWorld, mother: Parent) -> None:
    child_id, father = mother.child(), father_of(world)
    first = mother.command(EntrustChild(world.tenant, child_id, FATHER)).result["guardian_id"]
    told: list[CommandOutcome] = []
    anew = Thread(
        target=lambda: told.append(mother.command(EntrustChild(world.tenant, child_id, FATHER, may_act=True)))
    )
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with world.database.change() as unit:
        entrusting.end(unit, father.user, EndEntrusting(world.tenant, first), world.clock.now)
        anew.start()
        while anew.is_alive() and not world.scalar(waiting):
            pass
    anew.join()
    assert told[0].result["guardian_id"] != first
    assert world.scalar("SELECT count(*) FROM guardian WHERE kind = 'entrusted' AND until IS NULL AND may_act") == 1
    assert f"child:{child_id}" in father.codes()


def test_a_child_without_a_live_application_leaves_the_cabinet_and_may_come_back(
    world: FamilyWorld, mother: Parent
) -> None:
    child_id = mother.child()
    father = father_of(world)
    mother.command(EntrustChild(world.tenant, child_id, FATHER, may_act=True))
    assert father.command(RemoveChild(world.tenant, child_id)).problems[0].code == "not-found"
    with world.database.change() as unit:
        unit.connection.execute(text("DELETE FROM register_answer"))
    assert mother.command(RemoveChild(world.tenant, child_id)).status == "applied"
    for parent in (mother, father):
        assert not any(key.startswith("child:") for key in parent.codes())
        parent.device.pull()
        assert not any(key[2] == "child" for key in parent.device.rows), "their devices forget it"
    assert told_of_taking_back(father)
    assert world.scalar("SELECT count(*) FROM child") == 1, "nothing is deleted"
    assert mother.command(RemoveChild(world.tenant, child_id)).problems[0].code == "not-found"
    assert mother.child() == child_id


@pytest.mark.parametrize(("state", "temp", "stays"), [
    ("queued", "none", True), ("archived", "attending", True), ("archived", "none", False),
])  # fmt: skip
def test_a_child_that_waits_or_has_a_place_stays(
    world: FamilyWorld, mother: Parent, state: str, temp: str, stays: bool
) -> None:
    child_id = mother.child()
    add_row(
        world.database, world.tenant, f"child:{child_id}", "application",
        department_id=world.tenant, child_id=child_id, programme="general", number="17", state=state, temp=temp,
    )  # fmt: skip
    outcome = mother.command(RemoveChild(world.tenant, child_id))
    assert [problem.code for problem in outcome.problems] == (["child-has-application"] if stays else [])


def test_what_is_entrusted_until_a_day_ends_with_that_day_where_the_department_is(
    world: FamilyWorld, mother: Parent
) -> None:
    child_id = mother.child()
    father = father_of(world)
    today = world.clock.now.date()
    yesterday = today.replace(day=today.day - 1)
    refused = mother.command(EntrustChild(world.tenant, child_id, FATHER, until=yesterday))
    assert refused.problems[0].code == "until-passed"
    assert mother.command(EntrustChild(world.tenant, child_id, FATHER, until=today)).status == "applied"
    world.clock.now = world.clock.now.replace(hour=18, minute=59)  # 23:59 in Almaty
    world.work()
    assert f"child:{child_id}" in father.codes()
    world.clock.move(minutes=1)
    world.work()
    assert f"child:{child_id}" not in father.codes()


@pytest.mark.parametrize(
    ("number", "code"),
    [("", "field-required"), (STRANGER, "person-not-registered"), ("210220550812", "iin-check-digit")],
)
def test_a_child_is_entrusted_to_nobody_unknown(mother: Parent, world: FamilyWorld, number: str, code: str) -> None:
    child_id = mother.child()
    assert mother.command(EntrustChild(world.tenant, child_id, number)).problems[0].code == code


def test_one_does_not_entrust_ones_child_to_oneself_or_a_strangers_child_to_anybody(
    world: FamilyWorld, mother: Parent
) -> None:
    from tests.provider.family_world import MOTHER

    child_id = mother.child()
    father = father_of(world)
    assert mother.command(EntrustChild(world.tenant, child_id, MOTHER)).problems[0].code == "entrusted-to-self"
    assert father.command(EntrustChild(world.tenant, child_id, FATHER)).problems[0].code == "not-found"
    assert father.command(EntrustChild(world.tenant, 10**9, FATHER)).problems[0].code == "not-found"


def test_the_register_is_not_entered_twice_by_two_parents_at_once(world: FamilyWorld, mother: Parent) -> None:
    father = father_of(world)
    assert mother.check().status_code == 200
    assert father.check().status_code == 200
    assert [mother.add().status, father.add().status] == ["applied", "refused"]
    assert world.scalar("SELECT count(*) FROM child") == 1
    assert world.scalar("SELECT count(*) FROM guardian") == 1


def test_a_picture_waits_for_its_upload_and_is_never_a_paper(world: FamilyWorld, mother: Parent) -> None:
    child_id = mother.child()
    content = jpeg()
    digest = sha256(content).hexdigest()
    held = mother.command(SetChildPhoto(world.tenant, child_id, digest))
    assert (held.status, held.problems[0].code) == ("held", "blob-missing")
    assert mother.upload(content).json()["complete"]
    assert world.scalar("SELECT photo FROM child WHERE id = :id", id=child_id) == digest, "the upload lets it go on"
    paper = pdf()
    mother.upload(paper)
    outcome = mother.command(SetChildPhoto(world.tenant, child_id, sha256(paper).hexdigest()))
    assert (outcome.status, outcome.problems[0].code) == ("refused", "photo-kind")


def test_a_picture_without_room_answers_what_waits_for_it_and_may_be_sent_again(
    world: FamilyWorld, mother: Parent, monkeypatch: pytest.MonkeyPatch
) -> None:
    child_id = mother.child()
    content = jpeg()
    photo = SetChildPhoto(world.tenant, child_id, sha256(content).hexdigest())
    assert mother.command(photo).status == "held"
    with monkeypatch.context() as full:
        full.setattr(blobs, "MAX_USER", len(content) - 1)
        assert mother.upload(content).json()["problem"]["code"] == "uploads-full"
        waited = "SELECT problems->0->>'code' FROM command WHERE kind = 'set-child-photo' AND status = 'refused'"
        assert world.scalar(waited) == "uploads-full", "it does not wait for ever"
        again = mother.command(photo)
        assert (again.status, again.problems[0].code) == ("refused", "uploads-full")
    assert mother.upload(content).json()["complete"]
    assert mother.command(photo).status == "applied"
    assert world.scalar("SELECT count(*) FROM blob_no_room") == 0


def test_a_profile_is_changed_by_its_owner_and_two_changes_meet_openly(world: FamilyWorld, mother: Parent) -> None:
    father = father_of(world)
    payload = UpdateProfile(mother.user, extra_phone="+7 705 111 22 33", address="Абай к-сі, 5")
    version = world.scalar("SELECT version FROM person WHERE id = :id", id=mother.user)
    outcome = mother.command(payload, base={"extra_phone": "", "address": ""})
    assert outcome.result["version"] == version + 1
    late = mother.command(UpdateProfile(mother.user, address="Басқа"), base={"address": ""})
    assert late.status == "conflict"
    met = conflict_of(late.result)
    assert met is not None
    (clash,) = met.clashes
    assert (clash.field, clash.mine, clash.theirs, clash.seen) == ("address", "Басқа", "Абай к-сі, 5", "")
    assert (clash.actor, bool(clash.by), clash.at is not None) == ("self", True, True)
    both = mother.command(UpdateProfile(mother.user, address="Басқа"), base={"address": "Абай к-сі, 5"})
    assert both.status == "applied"
    assert father.command(payload).problems[0].code == "not-allowed"
    long = mother.command(UpdateProfile(mother.user, address="я" * 301))
    assert long.problems[0].code == "text-too-long"


def test_a_photo_that_was_changed_meanwhile_is_not_replaced_unseen(world: FamilyWorld, mother: Parent) -> None:
    child_id = mother.child()
    first, second = jpeg(300, 200), jpeg(200, 300)
    for content in (first, second):
        assert mother.upload(content).json()["complete"]
    one, other = (sha256(content).hexdigest() for content in (first, second))
    assert mother.command(SetChildPhoto(world.tenant, child_id, one), base={"photo": ""}).status == "applied"
    late = mother.command(SetChildPhoto(world.tenant, child_id, other), base={"photo": ""})
    met = conflict_of(late.result)
    assert late.status == "conflict"
    assert met is not None
    assert [(clash.mine, clash.theirs, clash.actor) for clash in met.clashes] == [(other, one, "self")]
    assert world.scalar("SELECT photo FROM child WHERE id = :id", id=child_id) == one
    assert mother.command(SetChildPhoto(world.tenant, child_id, other), base={"photo": one}).status == "applied"


def test_a_parents_telephone_is_not_changed_without_a_code(mother: Parent) -> None:
    refused = mother.command(UpdateContact(mother.user, phone="+7 777 000 00 00"))
    assert refused.problems[0].code == "phone-needs-code"
    assert mother.command(UpdateContact(mother.user, phone="8 701 234 56 78")).status == "applied"


def test_a_changed_telephone_is_the_one_of_the_person_who_has_the_child(world: FamilyWorld, mother: Parent) -> None:
    mother.check()
    child_id = mother.add().result["child_id"]
    ticket = world.ticket(phone=OTHER_PHONE)
    form = {"ticket": ticket, "phone": OTHER_PHONE, "password": PASSWORD}
    assert world.post("/families/phone", form, token=mother.token).status_code == 200
    kept = world.scalar("SELECT phone FROM guardian WHERE child_id = :id", id=child_id)
    assert "".join(filter(str.isdigit, kept)) == "".join(filter(str.isdigit, OTHER_PHONE))


def test_a_register_that_does_not_answer_is_said_to_be_away(world: FamilyWorld, mother: Parent) -> None:
    (world.settings.data_dir / FILE).write_text("{", "utf-8")
    answer = mother.check()
    assert (answer.status_code, answer.json()["problem"]["code"]) == (503, "register-unavailable")
    assert answer.headers["Retry-After"] == "60"
    (world.settings.data_dir / FILE).unlink()
    assert mother.check().json()["problem"]["code"] == "child-not-found"


def test_the_register_in_a_file_is_read_again_when_it_changes(world: FamilyWorld) -> None:
    from provider.services.register import write_register

    register = open_register(world.settings)
    assert register.find(f" {CHILD} ") is not None
    write_register(world.settings, PERSONS[:2])
    assert register.find(CHILD) is None


def test_answers_of_the_register_are_forgotten(world: FamilyWorld, mother: Parent) -> None:
    mother.check()
    world.clock.move(days=31)
    assert children.forget_answers(world.database, world.clock.now) == 1
    with world.database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM register_answer")).scalar() == 0
