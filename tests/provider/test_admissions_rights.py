"""Who sees an application and who may act on it; what each device holds, and loses."""

from __future__ import annotations

from sqlalchemy import text

from models.contract.admission_commands import AttachDocument
from models.domain.admissions.states import Event
from provider.services import one_time
from provider.services.admissions import clock
from provider.store.changes import child_scope
from provider.store.database import Database
from provider.store.grants import grant
from tests.provider.admissions_world import Admissions, Family, codes, make_admissions
from tests.provider.sync_world import Device, add_row


def held(device: Device, *prefixes: str) -> set[tuple[str, int]]:
    """Return the rows that a device keeps in scopes that begin so."""
    device.pull_all()
    return {(key[2], key[3]) for key in device.rows if key[1].startswith(prefixes)}


def test_nobody_acts_on_the_child_of_others_or_learns_that_it_exists(edu: Admissions) -> None:
    family, stranger = edu.file(edu.family()), edu.family()
    edu.issue(family)
    for event in (Event.CONFIRM_INTEREST, Event.REFUSE_VOUCHER, Event.LEAVE_QUEUE):
        assert codes(edu.step(stranger.device, family.application, event)) == ["not-found"]
    assert codes(edu.step(stranger.device, 10_000, Event.CONFIRM_INTEREST)) == ["not-found"]
    foreign = Family(stranger.device, stranger.user, family.child)
    assert codes(edu.send(stranger.device, edu.filing(foreign))) == ["not-found"]
    attach = AttachDocument(edu.tenant, family.application, "027", "0" * 64, "x", 1)
    assert codes(edu.send(stranger.device, attach)) == ["not-found"]
    assert edu.state(family) == "voucher-issued"
    ours, theirs = held(family.device, "child"), held(stranger.device, "child")
    assert ("application", family.application) in ours
    assert {table for table, _ in theirs} == {"child", "guardian"}


def test_somebody_without_any_right_in_the_department_is_turned_away(edu: Admissions) -> None:
    family = edu.file(edu.family())
    outsider = edu.world.device(edu.world.person("outsider"))
    assert codes(edu.step(outsider, family.application, Event.LEAVE_QUEUE)) == ["no-access"]
    other = add_row(edu.database, 2, "public", "provider", code="other", zone="Asia/Almaty", kind="department")
    lost = edu.filing(family, department_id=other)
    assert codes(edu.send(family.device, lost)) == ["no-access"]
    assert edu.scalar("SELECT count(*) FROM outcome WHERE tenant_id = 2") == 0


def test_who_may_only_look_may_not_act_and_ceases_to_with_the_end(edu: Admissions) -> None:
    family = edu.file(edu.family())
    edu.issue(family)
    aunt = edu.person("aunt", ["parent"])
    edu.guard(aunt, family.child, may_act=False, kind="entrusted")
    device = edu.world.device(aunt)
    assert codes(edu.step(device, family.application, Event.CONFIRM_INTEREST)) == ["not-allowed"]
    assert ("application", family.application) in held(device, "child")
    uncle = edu.person("uncle", ["parent"])
    guardian = edu.guard(uncle, family.child, kind="entrusted")
    with edu.database.change() as unit:
        unit.connection.execute(text("UPDATE guardian SET until = now() WHERE id = :id"), {"id": guardian})
        unit.changes.live(edu.tenant, child_scope(family.child), "guardian", guardian)
    late = edu.world.device(uncle)
    assert codes(edu.step(late, family.application, Event.CONFIRM_INTEREST)) == ["not-found"]


def test_a_kindergarten_sees_and_decides_only_what_is_chosen_there(edu: Admissions) -> None:
    amina, balapan = edu.kindergarten("Amina"), edu.kindergarten("Balapan")
    family, other = edu.with_voucher(edu.family()), edu.with_voucher(edu.family())
    edu.documents(family, "027")
    assert held(amina, "organisation") == held(balapan, "organisation") == set()
    edu.act(family, Event.CHOOSE_PLACE, group_id=edu.groups["sun"])
    edu.act(other, Event.CHOOSE_PLACE, group_id=edu.groups["moon"])
    rows = held(amina, "organisation")
    assert {table for table, _ in rows} == {"application", "child", "attachment", "message"}
    assert ("application", other.application) not in rows
    assert codes(edu.step(balapan, family.application, Event.SEND_CONTRACT)) == ["not-found"]
    assert edu.step(amina, family.application, Event.SEND_CONTRACT).status == "applied"
    assert codes(edu.step(amina, family.application, Event.SIGN_PARENT)) == ["not-allowed"]
    edu.act(family, Event.CHANGE_CHOICE)
    assert {table for table, _ in held(amina, "organisation")} == {"message"}
    assert codes(edu.step(amina, family.application, Event.SEND_CONTRACT)) == ["not-found"]


def test_a_message_to_a_kindergarten_or_the_office_is_not_the_familys(edu: Admissions) -> None:
    amina, officer = edu.kindergarten("Amina"), edu.officer()
    family = edu.with_voucher(edu.family())
    edu.act(family, Event.CHOOSE_PLACE, group_id=edu.groups["sun"])
    edu.later(days=5)
    clock.run_due(edu.database, edu.now)
    ours = {row for row in held(family.device, "child") if row[0] == "message"}
    theirs = {row for row in held(amina, "organisation") if row[0] == "message"}
    office = {row for row in held(officer, "office") if row[0] == "message"}
    assert ours
    assert theirs
    assert not ours & theirs
    assert ours < office  # the office sees what families were told
    assert theirs < office  # and kindergartens
    assert len(office - ours - theirs) == 1  # its own: the kindergarten did not act
    with edu.database.read() as connection:
        named = connection.execute(
            text("SELECT organisation_id FROM message WHERE id = ANY(:ids)"), {"ids": [row[1] for row in theirs]}
        )
        assert set(named.scalars()) == {edu.organisations["Amina"]}
    assert officer.pull_all().pages[0].complete


def test_a_doctor_decides_only_about_documents(edu: Admissions) -> None:
    doctor, family = edu.doctor(), edu.file(edu.family())
    edu.issue(family)
    for event in (Event.DOC_CONFIRM, Event.REVOKE_VOUCHER, Event.LEAVE_QUEUE):
        assert codes(edu.step(doctor, family.application, event)) == ["not-found"]
    assert held(doctor, "doctor") == set()


def test_nobody_decides_about_their_own_child(edu: Admissions) -> None:
    user = edu.person("both", ["parent", "officer", "kindergarten"], "office", "organisation:1")
    family = edu.with_voucher(edu.family(user=user))
    edu.act(family, Event.CHOOSE_PLACE, group_id=edu.groups["sun"])
    assert codes(edu.step(family.device, family.application, Event.SEND_CONTRACT)) == ["own-child"]
    reasoned = edu.step(family.device, family.application, Event.REVOKE_VOUCHER, reason="because")
    assert codes(reasoned) == ["own-child"]


def test_a_role_without_its_grant_and_a_grant_without_its_role_are_nothing(edu: Admissions) -> None:
    family = edu.with_voucher(edu.family())
    edu.act(family, Event.CHOOSE_PLACE, group_id=edu.groups["sun"])
    for roles, keys in ((["officer", "kindergarten", "doctor"], []), (["parent"], ["office", "organisation:1"])):
        device = edu.world.device(edu.person(f"p{edu.number()}", roles, *keys))
        assert codes(edu.step(device, family.application, Event.SEND_CONTRACT)) == ["not-found"]


def test_steps_with_commands_of_their_own_are_not_taken_otherwise(edu: Admissions) -> None:
    officer, family = edu.officer(), edu.file(edu.family())
    for event in ("issue-voucher", "submit", "edit", "no-such-event"):
        from models.contract.admission_commands import TakeStep

        assert codes(edu.send(officer, TakeStep(edu.tenant, family.application, event))) == ["field-invalid"]
    for event in (Event.INTEREST_EXPIRES, Event.PLACE_FREED, Event.ANNUAL_REFRESH, Event.SCHOOL_YEAR_END):
        outcome = edu.step(officer, family.application, event, group_id=edu.groups["sun"])
        assert codes(outcome)[0] in ("not-allowed", "step-not-possible")
    assert edu.state(family) == "queued"


def test_an_officers_exceptions_need_a_reason_and_a_document(edu: Admissions) -> None:
    officer, family = edu.officer(), edu.with_voucher(edu.family())
    assert codes(edu.step(officer, family.application, Event.REVOKE_VOUCHER)) == ["reason-missing"]
    bare = edu.step(officer, family.application, Event.REVOKE_VOUCHER, reason="Absent", ticked=["other"])
    assert codes(bare) == ["documents-missing"]
    foreign = f"other:{edu.upload(family, 'x')}:x.pdf"  # uploaded by the parent, not by the officer
    stolen = edu.step(officer, family.application, Event.REVOKE_VOUCHER, reason="Absent", blobs=[foreign])
    assert (stolen.status, codes(stolen)) == ("held", ["blob-missing"])
    own = Family(officer, officer.user, family.child)
    blob = f"other:{edu.upload(own, 'order')}:order.pdf"
    assert (
        edu.step(officer, family.application, Event.REVOKE_VOUCHER, reason="Absent", blobs=[blob]).status == "applied"
    )
    assert edu.row(family.application).archive == "voucher-revoked"
    edu.later(hours=1)
    again = f"other:{edu.upload(own, 'order')}:order.pdf"
    back = edu.step(officer, family.application, Event.REINSTATE, reason="A mistake", blobs=[again])
    assert back.status == "applied"
    row = edu.row(family.application)
    assert (row.state, row.rank_date) == ("queued", row.submitted_at)
    with edu.database.read() as connection:
        papers = connection.execute(text("SELECT state, checked_by_id FROM attachment")).all()
    assert {tuple(one) for one in papers} == {("accepted", officer.user)}, "nobody is asked to check their own paper"


def test_a_new_guardian_sees_everything_and_a_revoked_one_nothing(edu: Admissions) -> None:
    family = edu.with_voucher(edu.family())
    father = edu.person("father", ["parent"])
    device = edu.world.device(father)
    assert held(device, "child") == set()
    with edu.database.change() as unit:
        grant(unit, father, edu.tenant, child_scope(family.child))
    assert {table for table, _ in held(device, "child")} >= {"child", "application", "history_entry", "message"}
    assert held(device, "child") == held(family.device, "child")


def test_a_code_from_the_phone_signs_one_application_once(database: Database) -> None:
    edu = make_admissions(database, general={"signature_interest": "code", "signature_contract": "click"})
    family = edu.file(edu.family())
    edu.issue(family)
    with database.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO person_code (user_id, code_key, phone_key, consent_at) "
                "VALUES (:user, 'x', '77011234567', now())"
            ),
            {"user": family.user},
        )
    confirm = Event.CONFIRM_INTEREST
    assert codes(edu.step(family.device, family.application, confirm)) == ["signature-code"]
    assert codes(edu.step(family.device, family.application, confirm, signature="eds")) == ["signature-not-offered"]
    unasked = edu.step(family.device, family.application, confirm, signature="code", code="123456")
    assert codes(unasked) == ["code-spent"]
    one_time.issue_signing(database, family.user, f"application:{family.application}", "test", edu.now)
    digits = edu.scalar("SELECT substring(body FROM '[0-9]{6}') FROM phone_message ORDER BY id DESC LIMIT 1")
    wrong = f"{(int(digits) + 1) % 10**6:06}"
    refused = edu.step(family.device, family.application, confirm, signature="code", code=wrong)
    assert codes(refused) == ["code-wrong"]
    assert edu.scalar("SELECT max(tries) FROM one_time_code") == 1  # counted although the command was undone
    assert edu.step(family.device, family.application, confirm, signature="code", code=digits).status == "applied"
    again = edu.step(family.device, family.application, Event.EXTEND, signature="code", code=digits)
    assert codes(again) == ["code-spent"]
